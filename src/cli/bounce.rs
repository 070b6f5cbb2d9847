//! `throughcare bounce`: a returned message from a pipe. Whatever is wrong with the message, the mail server may forget it; only when the
//! database can't be reached does the command fail, and a mail server keeps the message and tries again.
use std::io::Read;
use std::process::ExitCode;

use crate::cli::set_up;
use crate::config::Config;
use crate::mail::bounces::{self, MOST_BYTES, Taken};

// EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again.
const LATER: u8 = 75;

/// Takes in what stands on standard input; answers with what the mail server reads.
pub async fn run(to: Option<&str>) -> ExitCode {
    match take(to).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("throughcare: {error:#}");
            ExitCode::from(LATER)
        }
    }
}

async fn take(to: Option<&str>) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST_BYTES as u64).read_to_end(&mut bytes)?;
    // Whoever pipes waits for the pipe to be emptied, however long the message is.
    std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())?;
    let opened = set_up::open_beside(&Config::from_env()?).await?;
    let taken = bounces::take(&opened.ground, &bytes, to).await.map_err(set_up::plainly);
    opened.close().await?;
    match taken? {
        Taken::Known => eprintln!("Taken in."),
        Taken::Nothing => eprintln!("It says nothing final; nothing was changed."),
        Taken::Unknown => eprintln!("It is about no message of this installation; nothing was changed."),
    }
    Ok(())
}
