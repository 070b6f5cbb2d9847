//! How much of the memory that is no longer needed goes back to the machine.
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::config;

// Left to itself, the C library keeps up to eight heaps a core, and after the first large block was given back, twice as much at the end of each: hashing one
// password leaves nineteen megabytes behind in every thread that ever hashed one. Large blocks go back at once with this, and heaps end with what is used.
// It reads such settings only as a program begins.
const LARGE_BLOCK: &str = "4194304";
const LEFT_AT_THE_END: &str = "8388608";

/// Begins this program anew with settings for its memory, where the operator made none. It keeps its process, arguments and files, and goes on as it is where that
/// fails.
pub fn begin_with_less() {
    if !cfg!(target_os = "linux") || config::says_how_memory_is_kept() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let cores = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let mut arguments = std::env::args_os();
    let mut again = Command::new(&program);
    again.arg0(arguments.next().unwrap_or_else(|| program.into())).args(arguments);
    again.envs(config::MEMORY.into_iter().zip([cores.to_string(), LARGE_BLOCK.to_owned(), LEFT_AT_THE_END.to_owned()]));
    // Answers only where it failed.
    drop(again.exec());
}
