//! Where a private cluster lives: its folders, their owner, the lock and the socket.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// A socket's path may take 107 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock` to the folder's.
const LONGEST_SOCKET_FOLDER: usize = 107 - 19;

/// Below this many megabytes the cluster is not started, since PostgreSQL stops at once when it cannot write.
pub const LEAST_FREE_MEGABYTES: u64 = 200;

/// The user who runs PostgreSQL, which refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The user's number.
    pub uid: u32,
    /// The number of the user's group.
    pub gid: u32,
}

/// The folders of one cluster.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data folder, as an absolute path without links.
    pub data: PathBuf,
    /// PostgreSQL's own folder inside it.
    pub cluster: PathBuf,
    /// The folder of the socket, closed to everybody but its owner.
    pub socket: PathBuf,
}

impl Place {
    /// Names the folders below a data folder without making any of them.
    pub fn of(data: &Path) -> Result<Self> {
        let data = fs::canonicalize(data).or_else(|_| std::path::absolute(data))?;
        let Some(text) = data.to_str() else {
            bail!("The name of the data folder {} is not UTF-8. Choose another with THROUGHCARE_DATA.", data.display());
        };
        let inside = data.join("socket");
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
        let socket = if plain && inside.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            inside
        } else {
            // The folder's name is a digest, so that every start on the same data finds the same socket.
            let digest = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
            Path::new(if our_uid() == 0 { "/run" } else { "/tmp" }).join(format!("throughcare-{digest}"))
        };
        Ok(Self { cluster: data.join("postgres"), socket, data })
    }

    /// Makes the data folder if it is absent and takes its lock, which is held as long as the file is open.
    pub fn lock(&self) -> Result<File> {
        // As root the folder must let PostgreSQL's user pass to its own folder; what else lies here is closed itself.
        let mode = if our_uid() == 0 { 0o711 } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(&self.data).with_context(|| self.cannot_write())?;
        let path = self.data.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .with_context(|| self.cannot_write())?;
        // A doctor who looks whether the lock is taken holds it for an instant.
        let mut answer = file.try_lock();
        for _ in 0..3 {
            if answer.is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
            answer = file.try_lock();
        }
        match answer {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "Throughcare is already running on the data folder {}{}. Stop it first, or give this one a folder \
                 of its own with THROUGHCARE_DATA.",
                self.data.display(),
                holder(&mut file)
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("The file {} cannot be locked", path.display()));
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(file)
    }

    /// Whether a running program holds the lock of this data folder.
    pub fn is_locked(&self) -> bool {
        match File::open(self.data.join("lock")) {
            Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }

    /// The user PostgreSQL runs as: whoever owns an existing cluster, else a system user when we are root, else us.
    pub fn owner(&self) -> Result<Owner> {
        let us = our_uid();
        if let Ok(existing) = fs::metadata(&self.cluster) {
            if us != 0 && us != existing.uid() {
                bail!(
                    "The database in {} belongs to user number {}, and this is user number {us}. Start Throughcare as \
                     that user or as root, or choose another folder with THROUGHCARE_DATA.",
                    self.cluster.display(),
                    existing.uid()
                );
            }
            if existing.uid() == 0 {
                bail!(
                    "The folder {} belongs to root, which PostgreSQL refuses. Give it to a user without privileges \
                     (chown -R postgres), or choose another folder with THROUGHCARE_DATA.",
                    self.cluster.display()
                );
            }
            return Ok(Owner { uid: existing.uid(), gid: existing.gid() });
        }
        if us != 0 { Ok(Owner { uid: us, gid: our_gid() }) } else { system_user() }
    }

    /// Makes the socket's folder, or checks that an existing one is the owner's alone.
    pub fn prepare_socket(&self, owner: Owner) -> Result<()> {
        if fs::symlink_metadata(&self.socket).is_err() {
            make_private(&self.socket, owner)?;
        }
        let found = fs::symlink_metadata(&self.socket)?;
        // In /tmp somebody else may have made the folder first, to listen in.
        if !found.is_dir() || found.uid() != owner.uid {
            bail!(
                "The folder {} is needed for the database's socket, but it belongs to somebody else (user number {}). \
                 Remove it, or choose another data folder with THROUGHCARE_DATA.",
                self.socket.display(),
                found.uid()
            );
        }
        fs::set_permissions(&self.socket, Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// Refuses a place that PostgreSQL's user cannot walk to, such as a folder below root's home.
    pub fn check_reachable(&self, owner: Owner) -> Result<()> {
        for folder in self.data.ancestors() {
            // What is not there yet will be made so that it can be entered.
            let Ok(found) = fs::metadata(folder) else {
                continue;
            };
            let mode = found.mode();
            let open = if found.uid() == owner.uid {
                mode & 0o100
            } else if found.gid() == owner.gid {
                mode & 0o010
            } else {
                mode & 0o001
            };
            if open == 0 {
                bail!(
                    "PostgreSQL runs as user number {}, who may not enter {}. Choose another data folder with \
                     THROUGHCARE_DATA (as root the default is /var/lib/throughcare), or open it (chmod o+x {}).",
                    owner.uid,
                    folder.display(),
                    folder.display()
                );
            }
        }
        Ok(())
    }

    /// Refuses to start on a disk that is nearly full.
    pub fn check_disk(&self) -> Result<()> {
        match self.free_megabytes() {
            Some(free) if free < LEAST_FREE_MEGABYTES => bail!(
                "Only {free} MB are free on the disk of {}, and the database needs at least {LEAST_FREE_MEGABYTES} MB \
                 to start safely. Make room, or move the data to a larger disk and set THROUGHCARE_DATA.",
                self.data.display()
            ),
            _ => Ok(()),
        }
    }

    /// What is free on the disk of the data folder; none when it cannot be told.
    pub fn free_megabytes(&self) -> Option<u64> {
        crate::platform::disk::free_megabytes(&self.data)
    }

    /// The major version that made the cluster; none when there is no cluster yet.
    pub fn major(&self) -> Result<Option<u32>> {
        if !self.cluster.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(self.cluster.join("PG_VERSION")).unwrap_or_default();
        match text.trim().parse() {
            Ok(major) => Ok(Some(major)),
            Err(_) => bail!(
                "The folder {} exists, but it is not a PostgreSQL database that can be opened: its file PG_VERSION is \
                 missing, unreadable or damaged. Restore the folder from a backup, or move it away to start with an \
                 empty database. Nothing was changed.",
                self.cluster.display()
            ),
        }
    }

    fn cannot_write(&self) -> String {
        format!(
            "The data folder {} cannot be made or written by this user. Choose another with THROUGHCARE_DATA",
            self.data.display()
        )
    }
}

/// Makes a folder that only its owner may enter.
pub fn make_private(path: &Path, owner: Owner) -> Result<()> {
    DirBuilder::new().mode(0o700).create(path).with_context(|| format!("The folder {} cannot be made", path.display()))?;
    if our_uid() != owner.uid {
        chown(path, Some(owner.uid), Some(owner.gid))
            .with_context(|| format!("The folder {} cannot be given to PostgreSQL's user", path.display()))?;
    }
    Ok(())
}

/// The user this program runs as.
pub fn our_uid() -> u32 {
    fs::metadata("/proc/self").map_or(u32::MAX, |own| own.uid())
}

fn our_gid() -> u32 {
    fs::metadata("/proc/self").map_or(u32::MAX, |own| own.gid())
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => format!(" (process {})", text.trim()),
        _ => String::new(),
    }
}

/// A user of its own keeps Throughcare's data apart from other databases; Debian's `postgres` is there by default.
fn system_user() -> Result<Owner> {
    for name in ["throughcare", "postgres"] {
        if let Some(owner) = account(name) {
            return Ok(owner);
        }
    }
    let made = Command::new("useradd")
        .args(["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "throughcare"])
        .output();
    if made.is_ok_and(|answer| answer.status.success())
        && let Some(owner) = account("throughcare")
    {
        return Ok(owner);
    }
    bail!(
        "PostgreSQL refuses to run as root, and there is no user for it. Make one \
         (useradd --system --user-group throughcare), or start Throughcare as an ordinary user."
    );
}

fn account(name: &str) -> Option<Owner> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Owner { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}
