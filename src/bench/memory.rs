//! How much memory a process took at most.

/// What it took before does not count: the making of a world is not the program's everyday work.
pub fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

/// What this process took at most since then, in megabytes.
pub fn peak() -> Option<f64> {
    peak_of(std::process::id())
}

/// What this process took at most, in megabytes.
pub fn peak_of(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1000.0)
}
