//! Room on the disk. When it runs short, writes are refused early and in plain words, while the little that is left lets reading go on;
//! a database that meets a full disk on its own stops for everybody.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// Below this, nothing new is written. The database itself needs less to start, so that it always comes back.
pub const LEAST_MEGABYTES: u64 = 256;

/// The disk on which files and, where it is ours, the database lie.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    nearly_full: AtomicBool,
}

impl Disk {
    /// The disk of this folder; it counts as roomy until it was looked at.
    pub fn of(folder: PathBuf) -> Self {
        Self { folder, nearly_full: AtomicBool::new(false) }
    }

    /// Nothing new should be written.
    pub fn is_nearly_full(&self) -> bool {
        self.nearly_full.load(Ordering::Relaxed)
    }

    /// Looks at the disk again.
    pub fn look(&self) {
        self.note(free_megabytes(&self.folder));
    }

    /// Notes how much is free; a disk that does not tell counts as roomy.
    pub fn note(&self, free: Option<u64>) {
        let now = free.is_some_and(|free| free < LEAST_MEGABYTES);
        let before = self.nearly_full.swap(now, Ordering::Relaxed);
        if now && !before {
            tracing::error!(free, least = LEAST_MEGABYTES, "The disk is nearly full: writes are refused until there is room.");
        } else if before && !now {
            tracing::info!(free, "There is room on the disk again: writes go on.");
        }
    }
}

/// What is free on the disk of this folder; none when it cannot be told.
pub fn free_megabytes(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|folder| folder.exists())?;
    let answer = Command::new("df").args(["-P", "-k"]).arg(existing).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let kilobytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_stop_below_the_limit_and_go_on_above_it() {
        let disk = Disk::of(PathBuf::from("/"));
        assert!(!disk.is_nearly_full());
        disk.note(Some(LEAST_MEGABYTES - 1));
        assert!(disk.is_nearly_full());
        disk.note(None);
        assert!(!disk.is_nearly_full());
        assert!(free_megabytes(Path::new("/no/such/folder")).is_some());
    }
}
