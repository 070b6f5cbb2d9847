//! What looks through documents for viruses: a clamd, on a socket of this machine or at an address.
use std::path::PathBuf;

use super::{Lookup, Mistake, mistake};

const CLAMD: &str = "THROUGHCARE_CLAMD";

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    /// On a socket of this machine.
    Unix(PathBuf),
    /// At a host and port.
    Tcp(String),
}

impl Clamd {
    pub(super) fn read(get: Lookup) -> Result<Option<Self>, Mistake> {
        let Some(text) = get(CLAMD) else { return Ok(None) };
        if text.starts_with('/') {
            return Ok(Some(Self::Unix(text.into())));
        }
        let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).and_then(|(_, port)| port.parse::<u16>().ok());
        if port.is_none() || text.contains('/') {
            return Err(mistake(
                CLAMD,
                "it is neither a socket nor an address. Write the path of clamd's socket, such as /run/clamav/clamd.ctl, or host and port, such as 127.0.0.1:3310.",
            ));
        }
        Ok(Some(Self::Tcp(text)))
    }
}
