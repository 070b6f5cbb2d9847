//! The movement log as one side reads it: on the page, by link and over REST.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::referrals::conversation::words_are_open;
use crate::referrals::inbox::pages::state;
use crate::referrals::row::Referral;
use crate::referrals::store::{self, Logged};
use crate::referrals::words::{Act, Kind, Side, Status, Step as At};
use crate::web::Page;

/// A line of the movement log, as one side reads it.
pub(in crate::referrals) struct LogLine {
    pub title: String,
    pub by: String,
    pub when: String,
    pub exact: String,
    pub words: String,
}

/// The movement log as this side reads it, the latest first.
pub(in crate::referrals) async fn lines(
    work: &mut Work,
    p: &Page,
    pack: &Pack,
    referral: &Referral,
    log: &[Logged],
    side: Side,
) -> Result<Vec<LogLine>, Error> {
    let mut lines = Vec::new();
    let lost = if side == Side::From { store::came_back(work, referral.id).await? } else { Vec::new() };
    let mut lost = lost.into_iter().peekable();
    for Told { act, reason, words, late_reason, line } in told(work, referral, log, side).await? {
        while let Some(at) = lost.next_if(|at| *at > line.made.happened_at) {
            lines.push(came_back(p, at));
        }
        let reason = reason
            .and_then(|code| pack.reasons.iter().find(|known| known.code == code))
            .map(|known| known.labels.get(p.reader.lang).to_owned());
        lines.push(LogLine {
            title: title(p, referral.state.terms.kind, act, line, side),
            by: p.list_apart(signers(p, line)),
            when: p.moment(&line.made.happened_at),
            exact: p.reader.relative(line.made.happened_at),
            words: [heard(p, line), reason.unwrap_or_default(), words, late(p, &late_reason)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
        });
        lines.extend(receipt(p, log, line));
    }
    lines.extend(lost.map(|at| came_back(p, at)));
    Ok(lines)
}

// No move of anybody's: the mail told it.
fn came_back(p: &Page, at: DateTime<Utc>) -> LogLine {
    LogLine {
        title: p.t("referral-log-copy-lost"),
        by: String::new(),
        when: p.moment(&at),
        exact: p.reader.relative(at),
        words: String::new(),
    }
}

/// A move as one side is told of it.
pub(in crate::referrals) struct Told<'a> {
    pub act: Act,
    /// The code of a reason.
    pub reason: Option<&'a str>,
    pub words: String,
    /// Why it was typed in late.
    pub late_reason: String,
    pub line: &'a Logged,
}

/// The moves of which this side is told, the latest first, each with as much of its reason and words as this side reads.
pub(in crate::referrals) async fn told<'a>(
    work: &mut Work,
    referral: &Referral,
    log: &'a [Logged],
    side: Side,
) -> Result<Vec<Told<'a>>, Error> {
    let mut all = Vec::new();
    for line in log.iter().rev() {
        let Some((act, reason)) = line.made.seen_by(side) else { continue };
        let hidden = line.own_side_only && line.made.side != side
            || !words_are_open(referral, side)
            || side == Side::To && line.made.side == Side::From && act == Act::Cancel;
        let remark = line.remark.as_ref().filter(|_| !hidden);
        let words = opened(work, referral, "referral_moves.remark", remark).await?;
        let late = opened(work, referral, "referral_moves.late_words", line.late_words.as_ref().filter(|_| !hidden)).await?;
        let before = line.late_reason.clone().filter(|_| late.is_empty() && !hidden);
        all.push(Told { act, reason, words, late_reason: before.unwrap_or(late), line });
    }
    Ok(all)
}

async fn opened(work: &mut Work, referral: &Referral, place: &str, sealed: Option<&Vec<u8>>) -> Result<String, Error> {
    match sealed {
        Some(sealed) => Ok(work.referral_key(referral.id.0).await?.open_text(place, sealed)?),
        None => Ok(String::new()),
    }
}

fn late(p: &Page, reason: &str) -> String {
    if reason.is_empty() { String::new() } else { p.detailed(&p.t("referral-log-late"), reason) }
}

// An answer that came without a receipt is the receipt too, as the line of steps has it.
fn receipt(p: &Page, log: &[Logged], answer: &Logged) -> Option<LogLine> {
    let received = log.iter().any(|line| line.made.act == Act::Acknowledge);
    let first =
        matches!(answer.made.act, Act::Accept | Act::Decline | Act::Waitlist) && answer.made.from.status == Status::Requested;
    (first && !received).then(|| LogLine {
        title: state(p, Status::Requested.code(), At::Acknowledged.code()).word,
        by: signature(p, answer),
        when: p.moment(&answer.made.happened_at),
        exact: p.reader.relative(answer.made.happened_at),
        words: String::new(),
    })
}

// An answer that the sender wrote down for an organisation without account says how it was heard.
fn heard(p: &Page, line: &Logged) -> String {
    line.made.on_behalf.map(|source| p.tc("answer-source", source.code())).unwrap_or_default()
}

/// What happened, in the words of this side.
// Beside the steps an act has a name of its own; else the step it led to says what happened.
// The sender's side may be told more than the other: that consent was withdrawn, where the receiver reads that sharing was stopped.
pub(in crate::referrals) fn title(p: &Page, kind: Kind, act: Act, line: &Logged, side: Side) -> String {
    if line.made.reached_nobody() {
        return p.t("referral-log-nobody-reached");
    }
    // A notice is taken over; no service is given by it.
    let notice = kind == Kind::TransferNotice && matches!(act, Act::Accept | Act::Complete);
    let family = format!("referral-log-{}{}", act.code().replace('_', "-"), if notice { "-notice" } else { "" });
    let own = (side == Side::From).then(|| format!("{family}-own"));
    if let Some(key) = own.into_iter().chain([family]).find(|key| crate::platform::text::has(p.reader.lang, key)) {
        return p.t(&key);
    }
    state(p, line.made.state.status.code(), line.made.state.step.code()).word
}

fn roles(p: &Page, code: &str) -> String {
    let key = format!("referral-role-{}", code.replace('_', "-"));
    if crate::platform::text::has(p.reader.lang, &key) { p.t(&key) } else { String::new() }
}

/// Who did it, as the log shows them.
pub(in crate::referrals) fn signature(p: &Page, line: &Logged) -> String {
    p.list(signers(p, line))
}

fn signers(p: &Page, line: &Logged) -> [String; 2] {
    [if line.name.is_empty() { roles(p, &line.role) } else { line.name.clone() }, line.org_name.clone()]
}
