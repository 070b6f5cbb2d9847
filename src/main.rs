//! The `throughcare` program.
use std::process::ExitCode;

fn main() -> ExitCode {
    throughcare::cli::run()
}
