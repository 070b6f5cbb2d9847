//! Words between the two sides of a referral: sealed, kept, read by both as long as sharing stands.
//!
//! What would tell their reader too much (`telling`) goes only from the sender's side, and only with a right and a reason (DOMAIN 5).
use serde_json::json;
use uuid::Uuid;

use super::action::Action;
use super::actions::{self, Said};
use super::row::Referral;
use super::sides;
use super::telling;
use super::words::{Act, Sharing, Side};
use crate::access::Act as Right;
use crate::audit::Fact;
use crate::error::{Error, invalid};
use crate::people::guard::{self, Hit};
use crate::platform::db::{Actor, Work};
use crate::web::{Form, Page};

/// The longest reason for words that the guard would stop.
pub const MOST_OF_A_REASON: usize = 400;

/// What is to be said.
pub struct Words {
    /// What the other side reads.
    pub text: String,
    /// The part of it that somebody typed.
    pub typed: String,
    /// The field it was typed in.
    pub field: &'static str,
    /// Why it goes although it tells who is meant.
    pub why: String,
}

impl Words {
    /// As a form has them. What is missing is added to its errors.
    pub fn typed(form: &mut Form) -> Self {
        let text = form.text("text", 4000);
        Self { typed: text.clone(), text, field: "text", why: form.text_maybe("guard_reason", MOST_OF_A_REASON) }
    }
}

/// Says something to the other side.
pub async fn say(work: &mut Work, referral: &Referral, words: &Words) -> Result<Referral, Error> {
    let rights = sides::rights(work, referral).await?;
    let side = sides::side_for(work, referral, rights, Act::Message, None);
    let found = telling::found(work, referral, side, &words.typed).await?;
    let mut said = Said { side: Some(side), ..Said::default() };
    if !found.hits.is_empty() {
        if side != Side::From || words.why.is_empty() || !work.holds(Right::LetterOverrideGuard) {
            return Err(invalid(words.field, found.code));
        }
        // The reason stands sealed in the log, for the sender's own side.
        said = Said { remark: words.why.clone(), own_side_only: true, ..said };
    }
    let after = actions::act(work, referral, Action::Message, said).await?;
    overridden(work, referral, &found.hits).await?;
    let body = actions::seal(work, referral, "referral_messages.body", &words.text).await?;
    let shown = sides::shown(work, referral, side).await?;
    let (author, link) = match work.actor {
        Actor::Link(link) => (None, Some(link)),
        _ => (Some(work.me()?), None),
    };
    sqlx::query!(
        "insert into referral_messages (id, referral_id, side, body, author, link_id, shown_name, org) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        referral.id.0,
        side.code(),
        body,
        author.map(|user| user.0),
        link.map(|link| link.0),
        shown.name,
        shown.org
    )
    .execute(work.db())
    .await?;
    Ok(after)
}

async fn overridden(work: &mut Work, referral: &Referral, found: &[Hit]) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    work.may_in(Right::LetterOverrideGuard, referral.from.unit, referral.case_id).await?;
    let about = referral.about_for_sender();
    let page = format!("/referrals/{}", referral.id);
    work.record(Fact::GuardOverridden, about.note(json!({ "found": guard::kinds(found), "page": page }))).await
}

/// Whether a side still reads the words about the person. After a withdrawal the receiver reads none of them, not even its own: a name
/// in a message is as much a disclosure as the packet (S4).
pub(super) fn words_are_open(referral: &Referral, side: Side) -> bool {
    side != Side::To || referral.state.sharing == Sharing::Open
}

/// A word between the two sides.
pub(super) struct Message {
    pub by: String,
    pub when: String,
    pub exact: String,
    pub text: String,
}

/// The words between the two sides, as far as the reader still reads them.
pub(super) async fn messages(work: &mut Work, p: &Page, referral: &Referral) -> Result<Vec<Message>, Error> {
    let side = sides::rights(work, referral).await?.reading_side();
    if !words_are_open(referral, side) {
        return Ok(Vec::new());
    }
    let lang = work.lang().code();
    let rows = sqlx::query!(
        "select m.body, m.shown_name, m.recorded_at, coalesce(access.named(o.names, o.name, $2), '') as \"org_name!\" from referral_messages m
         left join organisations o on o.id = m.org where m.referral_id = $1 order by m.recorded_at limit 500",
        referral.id.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    let mut messages = Vec::new();
    for row in rows {
        let text = work.referral_key(referral.id.0).await?.open_text("referral_messages.body", &row.body)?;
        let by = p.list([row.shown_name, row.org_name]);
        messages.push(Message { by, when: p.when(&row.recorded_at), exact: p.moment(&row.recorded_at), text });
    }
    Ok(messages)
}
