//! A client of clamd: bytes go over in pieces, a word comes back (INSTREAM in clamd(8)).
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::config::Clamd;

// Five of them fit into the time for which a job is held.
const PATIENCE: Duration = Duration::from_secs(20);
const PIECE: usize = 64 * 1024;
const LONGEST_ANSWER: u64 = 4096;

/// What clamd says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was, by this name.
    Infected(String),
}

/// Has these bytes looked through.
pub async fn scan(clamd: &Clamd, bytes: &[u8]) -> anyhow::Result<Verdict> {
    let answer = async {
        match clamd {
            Clamd::Unix(path) => ask(UnixStream::connect(path).await?, bytes).await,
            Clamd::Tcp(address) => ask(TcpStream::connect(address).await?, bytes).await,
        }
    };
    let answer =
        tokio::time::timeout(PATIENCE, answer).await.context("clamd does not answer")?.context("clamd can't be asked")?;
    read(&answer)
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> std::io::Result<String> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(PIECE) {
        stream.write_all(&u32::try_from(piece.len()).unwrap_or_default().to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&0u32.to_be_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).trim_matches(['\0', '\n', ' ']).to_owned())
}

// Anything but one of the two words is no verdict: a limit that was exceeded, a scanner that is being loaded.
fn read(answer: &str) -> anyhow::Result<Verdict> {
    let word = answer.strip_prefix("stream: ").unwrap_or(answer);
    if word == "OK" {
        return Ok(Verdict::Clean);
    }
    match word.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None => bail!("clamd gave no verdict: {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_verdict_is_none() {
        assert_eq!(read("stream: OK").unwrap(), Verdict::Clean);
        assert_eq!(read("stream: Eicar-Test-Signature FOUND").unwrap(), Verdict::Infected("Eicar-Test-Signature".to_owned()));
        for answer in ["", "INSTREAM size limit exceeded. ERROR", "stream: ", "OK then"] {
            assert!(read(answer).is_err(), "{answer}");
        }
    }
}
