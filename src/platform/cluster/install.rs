//! Finds the PostgreSQL programs on this machine.
//!
//! Debian and Ubuntu keep each major version in a folder of its own; other systems put one on the path.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

/// The oldest major version whose row security and collations Throughcare relies on.
pub const OLDEST: u32 = 15;

const DEBIAN: &str = "/usr/lib/postgresql";

/// One installed PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The major version, such as 15.
    pub major: u32,
    bin: PathBuf,
}

impl Installation {
    /// The newest installed version that Throughcare can use, for a cluster that is yet to be made.
    pub fn newest() -> Result<Self> {
        let all = installed();
        if let Some(best) = all.iter().filter(|found| found.major >= OLDEST).max_by_key(|found| found.major) {
            return Ok(best.clone());
        }
        match all.iter().map(|found| found.major).max() {
            Some(old) => bail!(
                "PostgreSQL {old} is installed, but Throughcare needs {OLDEST} or later. \
                 Install a newer one (apt-get install postgresql), or set DATABASE_URL to a server elsewhere."
            ),
            None => bail!(
                "PostgreSQL is not installed. Install version {OLDEST} or later (apt-get install postgresql), \
                 or set DATABASE_URL to a server elsewhere."
            ),
        }
    }

    /// The installed version that can open a cluster made by the given major version.
    pub fn of_major(major: u32, cluster: &Path) -> Result<Self> {
        let all = installed();
        if let Some(found) = all.iter().find(|found| found.major == major) {
            return Ok(found.clone());
        }
        let present = match all.as_slice() {
            [] => "none is installed".to_owned(),
            some => format!("this machine has {}", majors(some)),
        };
        bail!(
            "The database in {} was made by PostgreSQL {major}, and only that major version can open it; {present}. \
             Install it (apt-get install postgresql-{major}), or bring the database to the new version with \
             pg_upgrade, or start with an empty folder by setting THROUGHCARE_DATA. Nothing was changed.",
            cluster.display()
        );
    }

    /// The path of one of the installation's programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

fn installed() -> Vec<Installation> {
    let mut folders: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.extend(folder_on_path());
    let mut found: Vec<Installation> = Vec::new();
    for folder in folders {
        let Some(installation) = look_into(&folder) else {
            continue;
        };
        if !found.iter().any(|known| known.major == installation.major) {
            found.push(installation);
        }
    }
    found
}

/// The shell knows the search path, which only `config` may read.
fn folder_on_path() -> Option<PathBuf> {
    let answer = Command::new("sh").args(["-c", "command -v postgres"]).output().ok()?;
    let path = String::from_utf8(answer.stdout).ok()?;
    Some(Path::new(path.trim()).parent()?.to_owned())
}

/// A folder counts only with all three programs that are needed to make, run and stop a cluster.
fn look_into(folder: &Path) -> Option<Installation> {
    // On the path there may be links to one program of a version; its neighbours lie beside the target.
    let server = fs::canonicalize(folder.join("postgres")).ok()?;
    let bin = server.parent()?.to_owned();
    if !["initdb", "pg_ctl"].iter().all(|name| bin.join(name).is_file()) {
        return None;
    }
    let answer = Command::new(&server).arg("--version").output().ok()?;
    let major = major_in(&String::from_utf8_lossy(&answer.stdout))?;
    Some(Installation { major, bin })
}

/// Reads the major version from a line such as `postgres (PostgreSQL) 15.18 (Debian 15.18-1)`.
fn major_in(line: &str) -> Option<u32> {
    let version = line.split(')').nth(1)?.trim_start();
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn majors(all: &[Installation]) -> String {
    let names: Vec<String> = all.iter().map(|found| format!("PostgreSQL {}", found.major)).collect();
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::major_in;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(major_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_in("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(major_in("something else"), None);
    }
}
