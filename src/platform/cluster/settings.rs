//! PostgreSQL's settings for a machine it shares with the program and with other work.
//!
//! They are given on the command line, so that no file in the cluster can weaken durability or open a port.
//! Whatever is not named here an operator may set in the cluster's `postgresql.conf`.

use std::fs;
use std::path::Path;

use super::server::PORT;

/// The arguments that follow `postgres -D FOLDER`.
pub fn arguments(socket: &Path) -> Vec<String> {
    let memory = machine_megabytes();
    let fixed = [
        // Nobody reaches the database but through the socket's folder.
        "listen_addresses=",
        "unix_socket_permissions=0700",
        // What was acknowledged survives the loss of power.
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "max_connections=60",
        "timezone=UTC",
        "log_timezone=UTC",
        // A week of logs, written over; errors are logged by the program, since PostgreSQL's texts can quote data.
        "logging_collector=on",
        "log_directory=log",
        "log_filename=postgresql-%a.log",
        "log_truncate_on_rotation=on",
        "log_rotation_age=1d",
        "log_min_messages=log",
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        "log_checkpoints=off",
        // Short queries under row security lose more to compiling and to helpers than they gain.
        "jit=off",
        "max_parallel_workers_per_gather=0",
        "random_page_cost=1.1",
        "work_mem=16MB",
        "wal_compression=on",
        "checkpoint_timeout=15min",
    ];
    let sized = [
        format!("port={PORT}"),
        format!("unix_socket_directories={}", socket.display()),
        format!("shared_buffers={}MB", (memory / 8).clamp(64, 1024)),
        format!("effective_cache_size={}MB", (memory / 2).max(256)),
        format!("maintenance_work_mem={}MB", (memory / 32).clamp(32, 256)),
    ];
    fixed.map(str::to_owned).into_iter().chain(sized).flat_map(|setting| ["-c".to_owned(), setting]).collect()
}

/// The machine's memory; a small figure when it cannot be told.
fn machine_megabytes() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find(|line| line.starts_with("MemTotal:"));
    let kilobytes = total.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.map_or(1024, |kilobytes| kilobytes / 1024)
}
