//! How much of the memory that is no longer needed goes back to the machine.
use std::os::unix::process::CommandExt;
use std::process::Command;

// Left to itself, the C library keeps up to eight heaps a core, and after the first large block was given back, twice as much at the end of each: hashing one
// password leaves nineteen megabytes behind in every thread that ever hashed one. Large blocks go back at once with this, and heaps end with what is used.
// It reads such settings only as a program begins.
const LARGE_BLOCK: &str = "4194304";
const LEFT_AT_THE_END: &str = "8388608";
const HEAPS: &str = "MALLOC_ARENA_MAX";

/// Begins this program anew with settings for its memory, where nobody made any. It keeps its process, arguments and files, and goes on as it is where that fails.
pub fn begin_with_less() {
    if !cfg!(target_os = "linux") || std::env::var_os(HEAPS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let cores = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let mut arguments = std::env::args_os();
    let mut again = Command::new(&program);
    again.arg0(arguments.next().unwrap_or_else(|| program.into())).args(arguments);
    again.env(HEAPS, cores.to_string()).env("MALLOC_MMAP_THRESHOLD_", LARGE_BLOCK).env("MALLOC_TRIM_THRESHOLD_", LEFT_AT_THE_END);
    // Answers only where it failed.
    drop(again.exec());
}
