//! Verification: reads every block again and says what does not fit. Finds a changed, removed, added or re-ordered fact; somebody who
//! rewrote facts and all roots (they lack the signing key, and the file outside remembers); and a cut tail.
use std::sync::Arc;

use super::merkle;
use super::seal::{self, Seal};
use crate::error::Error;
use crate::platform::db::{Ground, Work};

/// What a verification found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Blocks read.
    pub blocks: usize,
    /// Facts under a seal.
    pub sealed: i64,
    /// Facts after the last block: not yet protected.
    pub unprotected: i64,
    /// What does not fit, in plain words.
    pub problems: Vec<String>,
}

/// Verifies the whole chain. The work's actor must see all facts: the operator does.
pub async fn verify(ground: &Arc<Ground>, work: &mut Work) -> Result<Report, Error> {
    let seals = seal::list_after(work, 0).await?;
    let outside = seal::in_file(ground)?;
    let mut report = Report { blocks: seals.len(), ..Report::default() };
    let mut previous: Option<&Seal> = None;
    for current in &seals {
        check_chain(ground, current, previous, &mut report.problems);
        let leaves = seal::leaves(work, &current.from_xid, &current.upto_xid).await?;
        if hex::encode(merkle::root(&leaves)) != current.root {
            report.problems.push(format!(
                "Block {}: its facts are not those that were sealed ({} then, {} now): one was changed, removed, added or moved.",
                current.number,
                current.facts_count,
                leaves.len()
            ));
        }
        report.sealed += current.facts_count;
        previous = Some(current);
    }
    check_outside(&seals, &outside, &mut report.problems);
    let upto = previous.map_or("0", |seal| seal.upto_xid.as_str());
    report.unprotected = sqlx::query_scalar!("select count(*) as \"count!\" from facts where xid >= $1::text::xid8", upto)
        .fetch_one(work.db())
        .await?;
    Ok(report)
}

fn check_chain(ground: &Ground, current: &Seal, previous: Option<&Seal>, problems: &mut Vec<String>) {
    let number = current.number;
    let expected = previous.map_or(1, |seal| seal.number + 1);
    if number != expected {
        problems.push(format!("Block {expected} is missing."));
    }
    if previous.map_or("0", |seal| seal.upto_xid.as_str()) != current.from_xid {
        problems.push(format!("Block {number} does not start where the block before ended."));
    }
    if current.chained(previous) != current.chain {
        problems.push(format!("Block {number}: its hash does not follow from the block before."));
    }
    let signature = hex::decode(&current.signature).unwrap_or_default();
    if !ground.keyring.verifies(current.chain.as_bytes(), &signature) {
        problems.push(format!("Block {number} was not signed with this installation's key."));
    }
}

// The file may lag by the blocks of the last crash, never lead, and never differ.
fn check_outside(seals: &[Seal], outside: &[Seal], problems: &mut Vec<String>) {
    if let Some(last) = outside.last()
        && last.number > seals.last().map_or(0, |seal| seal.number)
    {
        problems.push(format!("The file outside knows block {}, the database does not: the end was cut off.", last.number));
    }
    for (inside, outside) in seals.iter().zip(outside) {
        if inside != outside {
            problems.push(format!("Block {} differs from what the file outside remembers.", inside.number));
        }
    }
}
