//! The sealer: closes blocks over facts, so that later changes show.
//!
//! Facts are appended without any lock; each carries the id of its transaction. A block takes all facts of transactions that are surely
//! over (below the oldest one still running). It holds a Merkle root, the running count, and a hash over the block before; it is signed
//! with a key outside the database and written to a file outside it. Facts after the last block are unprotected until the next.
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::merkle::{self, Hash};
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};

// Bounds the memory of one block; more facts make more blocks.
const MOST_FACTS: i64 = 20_000;

/// One closed block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// 1, 2, 3 …
    pub number: i64,
    /// Transactions from here …
    pub from_xid: String,
    /// … to before here.
    pub upto_xid: String,
    /// Facts in this block.
    pub facts_count: i64,
    /// Facts in all blocks so far.
    pub facts_total: i64,
    /// The Merkle root, as hex.
    pub root: String,
    /// The hash over the block before and this one, as hex.
    pub chain: String,
    /// The signature over the chain hash, as hex.
    pub signature: String,
}

impl Seal {
    /// What `chain` must be after `previous`.
    pub fn chained(&self, previous: Option<&Self>) -> String {
        let before = previous.map_or("", |seal| seal.chain.as_str());
        let text = format!(
            "{before}|{}|{}|{}|{}|{}|{}",
            self.number, self.from_xid, self.upto_xid, self.facts_count, self.facts_total, self.root
        );
        hex::encode(Sha256::digest(text))
    }
}

/// Closes the next block, if there is anything to close. One sealer at a time works; the others answer `None`.
pub async fn seal_next(ground: &Arc<Ground>) -> Result<Option<Seal>, Error> {
    let mut work = Work::open(ground, Actor::System { job: "seal", org: None }).await?;
    let mine = sqlx::query_scalar!("select pg_try_advisory_xact_lock(7420198) as \"mine!\"").fetch_one(work.db()).await?;
    if !mine {
        return Ok(None);
    }
    let last = last(&mut work).await?;
    let from = last.as_ref().map_or("0".to_owned(), |seal| seal.upto_xid.clone());
    let upto = boundary(&mut work, &from).await?;
    let leaves = leaves(&mut work, &from, &upto).await?;
    if leaves.is_empty() {
        return Ok(None);
    }
    let count = i64::try_from(leaves.len()).map_err(anyhow::Error::from)?;
    let mut seal = Seal {
        number: last.as_ref().map_or(0, |seal| seal.number) + 1,
        from_xid: from,
        upto_xid: upto,
        facts_count: count,
        facts_total: last.as_ref().map_or(0, |seal| seal.facts_total) + count,
        root: hex::encode(merkle::root(&leaves)),
        chain: String::new(),
        signature: String::new(),
    };
    seal.chain = seal.chained(last.as_ref());
    seal.signature = hex::encode(ground.keyring.sign(seal.chain.as_bytes()));
    insert(&mut work, &seal).await?;
    let now = list_after(&mut work, last_in_file(ground)?.map_or(0, |seal| seal.number)).await?;
    work.commit().await?;
    append(ground, &now)?;
    Ok(Some(seal))
}

// Facts below the oldest running transaction are complete; at most so many at once, cut between transactions.
async fn boundary(work: &mut Work, from: &str) -> Result<String, Error> {
    let upto = sqlx::query_scalar!(
        "with done as (select pg_snapshot_xmin(pg_current_snapshot()) as horizon),
         cut as (select xid from facts, done where xid >= $1::text::xid8 and xid < horizon order by xid, id offset $2 limit 1)
         select coalesce((select xid from cut), (select horizon from done))::text as \"upto!\"",
        from,
        MOST_FACTS
    )
    .fetch_one(work.db())
    .await?;
    Ok(upto)
}

/// The hashes of all facts of these transactions, in the order of their block.
pub async fn leaves(work: &mut Work, from: &str, upto: &str) -> Result<Vec<Hash>, Error> {
    let rows = sqlx::query!(
        "select id, xid::text as \"xid!\", extract(epoch from at)::numeric::text as \"at!\", actor, coalesce(org, 0) as \"org!\", kind, case_id, referral_id,
           subjects, fields, note::text as \"note!\"
         from facts where xid >= $1::text::xid8 and xid < $2::text::xid8 order by xid, id",
        from,
        upto
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows
        .iter()
        .map(|r| {
            let text = serde_json::json!([
                r.id,
                r.xid,
                r.at,
                r.actor,
                r.org,
                r.kind,
                r.case_id,
                r.referral_id,
                r.subjects,
                r.fields,
                r.note
            ]);
            merkle::leaf(&text.to_string())
        })
        .collect())
}

async fn last(work: &mut Work) -> Result<Option<Seal>, Error> {
    let number = sqlx::query_scalar!("select coalesce(max(number), 0) as \"number!\" from seals").fetch_one(work.db()).await?;
    Ok(list_after(work, number - 1).await?.pop())
}

/// Every seal with a higher number, in order.
pub async fn list_after(work: &mut Work, number: i64) -> Result<Vec<Seal>, Error> {
    let seals = sqlx::query_as!(
        Seal,
        "select number, from_xid::text as \"from_xid!\", upto_xid::text as \"upto_xid!\", facts_count, facts_total,
           encode(root, 'hex') as \"root!\", encode(chain, 'hex') as \"chain!\", encode(signature, 'hex') as \"signature!\"
         from seals where number > $1 order by number",
        number
    )
    .fetch_all(work.db())
    .await?;
    Ok(seals)
}

async fn insert(work: &mut Work, seal: &Seal) -> Result<(), Error> {
    sqlx::query!(
        "insert into seals (number, from_xid, upto_xid, facts_count, facts_total, root, chain, signature)
         values ($1, $2::text::xid8, $3::text::xid8, $4, $5, decode($6, 'hex'), decode($7, 'hex'), decode($8, 'hex'))",
        seal.number,
        seal.from_xid,
        seal.upto_xid,
        seal.facts_count,
        seal.facts_total,
        seal.root,
        seal.chain,
        seal.signature
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The file outside the database that keeps every seal, one a line.
pub fn file(ground: &Ground) -> PathBuf {
    ground.files.join("audit-seals.jsonl")
}

/// Every seal in the file, in order; none when there is no file yet.
pub fn in_file(ground: &Ground) -> Result<Vec<Seal>, Error> {
    match std::fs::read_to_string(file(ground)) {
        Ok(text) => Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>().map_err(anyhow::Error::from)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}

fn last_in_file(ground: &Ground) -> Result<Option<Seal>, Error> {
    Ok(in_file(ground)?.pop())
}

// After the commit: a crash between leaves the line to the next block, which writes every seal the file lacks.
fn append(ground: &Ground, seals: &[Seal]) -> Result<(), Error> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file(ground)).map_err(anyhow::Error::from)?;
    for seal in seals {
        let line = serde_json::to_string(seal).map_err(anyhow::Error::from)?;
        writeln!(file, "{line}").map_err(anyhow::Error::from)?;
    }
    file.sync_data().map_err(|error| anyhow::Error::from(error).into())
}
