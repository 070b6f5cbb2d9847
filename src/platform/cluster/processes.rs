//! Which processes work in a cluster, told from their working folder: a number in a file may be a stranger's by now.

use std::fs;

use super::place::Place;

/// How far a server has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not yet, or no longer, open for connections.
    Busy,
    /// Open for connections.
    Ready,
}

impl Place {
    /// What the server's own file says: its process and phase. The process may be long gone.
    pub fn postmaster(&self) -> Option<(u32, Phase)> {
        let text = fs::read_to_string(self.cluster.join("postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        let ready = text.lines().nth(7).is_some_and(|status| status.trim() == "ready");
        Some((pid, if ready { Phase::Ready } else { Phase::Busy }))
    }

    /// Every process that works inside the cluster's folder: the server and its servants.
    pub fn processes(&self) -> Vec<u32> {
        let Ok(all) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        all.flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
            .filter(|&pid| self.is_home_of(pid) && is_running(pid))
            .collect()
    }

    fn is_home_of(&self, pid: u32) -> bool {
        let Ok(folder) = fs::read_link(format!("/proc/{pid}/cwd")) else {
            return false;
        };
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        // An operator's shell may stand in the folder as well.
        folder == self.cluster && matches!(name.trim(), "postgres" | "postmaster")
    }
}

/// Whether a process exists and is more than a name waiting to be collected by its parent.
pub fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| !"ZX".contains(state))
}
