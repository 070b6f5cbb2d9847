//! Going on with a screening by one slice: read, judge, keep. While one chunk is judged the next is read.
use std::sync::Arc;

use serde_json::json;

use super::course::{Screening, State};
use super::judging::{Chunk, Prepared, judge};
use super::reading::{self, Extent};
use super::store;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::ScreeningId;

/// The name under which cases are read for a screening: the row policies show it standard types alone.
const READER: &str = "screening";
/// So many cases are judged at once: enough to be quick, little enough to be small.
const CHUNK: i64 = 4000;

/// What is left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There are more cases.
    More,
    /// Somebody else goes on with it at this moment.
    Elsewhere,
    /// There is nothing to go on with: it ended or was stopped.
    Over,
}

/// Goes on by one slice in the caller's transaction: what was found and how far it came commit together, so that after a crash it goes on
/// where it was, and no case is counted twice.
pub async fn advance(work: &mut Work, id: ScreeningId) -> Result<Step, Error> {
    let Some(mut screening) = store::take(work, id).await? else { return Ok(Step::Elsewhere) };
    if !screening.state.is_under_way() {
        return Ok(Step::Over);
    }
    let mut reader = Work::open(work.ground(), Actor::System { job: READER, org: Some(screening.org) }).await?;
    let extent = reading::extent(&mut reader, &screening).await?;
    if screening.state == State::Waiting && screening.total.is_none() {
        screening.total = Some(reading::count(&mut reader, &extent).await?);
    }
    screening.state = State::Running;
    let over = go_through(work, &mut reader, &extent, &mut screening).await?;
    if over {
        screening.state = State::Done;
        // Cases that were opened or closed meanwhile.
        screening.total = Some(screening.done);
        screening.ended_at = Some(work.now());
        let note = json!({ "services": screening.lines.len(), "cases": screening.done });
        work.record(Fact::ScreeningDone, About::subjects([id.0]).note(note)).await?;
    }
    store::save_progress(work, &screening).await?;
    Ok(if over { Step::Over } else { Step::More })
}

// Answers whether the last case was reached.
async fn go_through(work: &mut Work, reader: &mut Work, extent: &Extent, screening: &mut Screening) -> Result<bool, Error> {
    let prepared = Arc::new(Prepared::of(work, screening).await?);
    let mut left = i64::from(screening.slice);
    let mut asked = CHUNK.min(left);
    let mut chunk = reading::read(reader, extent, screening.at, asked).await?;
    loop {
        let Some(&last) = chunk.cases.last() else { return Ok(true) };
        let read = i64::try_from(chunk.cases.len()).unwrap_or(i64::MAX);
        let ends = read < asked;
        left -= read;
        asked = if ends { 0 } else { CHUNK.min(left) };
        let next =
            async { if asked == 0 { Ok(Chunk::default()) } else { reading::read(reader, extent, Some(last), asked).await } };
        let kept = async {
            let prepared = prepared.clone();
            let judged = tokio::task::spawn_blocking(move || judge(&prepared, &chunk)).await.map_err(anyhow::Error::from)??;
            reading::keep(work, screening, &judged).await?;
            Ok::<_, Error>(judged.counts)
        };
        let (following, counts) = tokio::try_join!(next, kept)?;
        for (all, part) in screening.counts.iter_mut().zip(&counts) {
            all.add(part);
        }
        screening.done += read;
        screening.at = Some(last);
        if ends {
            return Ok(true);
        }
        if left == 0 {
            return Ok(false);
        }
        chunk = following;
    }
}
