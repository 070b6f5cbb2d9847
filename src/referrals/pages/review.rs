//! A draft as whoever reviews it reads it: who and why, what was answered, and exactly what the receiver would see.

use super::edit::{self, Gap, Preview};
use crate::error::Error;
use crate::packs::{Pack, ReasonKind, Sensitivity};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::referrals::row::Referral;
use crate::referrals::sending::draft;
use crate::referrals::sending::send::{self, Prepared};
use crate::referrals::words::{Act, Status};
use crate::web::parts::Entry;
use crate::web::{Form, Page};

/// What stands above the answers to a review; its template is `referrals/html/review.html`.
pub(super) struct Review {
    pub(super) facts: Vec<Entry>,
    pub(super) covers: String,
    pub(super) gaps: Vec<Gap>,
    pub(super) previews: Vec<Preview>,
}

/// The draft, for somebody who may approve it now; nothing for everybody else.
pub(super) async fn review(
    work: &mut Work,
    p: &Page,
    pack: &Pack,
    referral: &Referral,
    acts: &[Act],
) -> Result<Option<Review>, Error> {
    if referral.state.status != Status::Draft || !acts.contains(&Act::Approve) {
        return Ok(None);
    }
    let form = draft::form(work, referral).await?;
    let prepared = send::prepare(work, referral, &form, pack).await?;
    let known = people::store::several(work, &prepared.persons).await?;
    Ok(Some(Review {
        facts: facts(p, pack, referral, (&form, &prepared), &known),
        covers: edit::covers(p, &prepared),
        gaps: edit::gaps(p, pack, &prepared, &known),
        previews: edit::previews(p, pack, referral, &prepared),
    }))
}

// In the order of the form; a question that nobody answered stands there as such. A name stands where one may outside the case (S13).
fn facts(p: &Page, pack: &Pack, referral: &Referral, (form, prepared): (&Form, &Prepared), known: &[Person]) -> Vec<Entry> {
    let lang = p.reader.lang;
    let named = referral.state.terms.sensitivity == Sensitivity::Standard;
    let who = known.iter().map(|person| if named { person.full_name() } else { person.code.clone() });
    let who = p.list(who);
    let priority = pack.priority(form.value("priority")).map(|known| known.labels.get(lang).to_owned());
    let due = prepared.submission.due_at.map(|due| p.when(&due)).unwrap_or_default();
    let together = form.ticked("dont_go_alone") || known.iter().any(|person| person.dont_go_alone);
    let alone = pack.reason(ReasonKind::Unaccompanied, form.value("accompaniment_reason"));
    let coded = |family: &str, field: &str| if form.filled(field) { p.tc(family, form.value(field)) } else { String::new() };
    let answer = |field: &str| Entry::new(p.tc("refer", field), coded("follow-up", field));
    let mut facts = vec![
        Entry::new(p.t("refer-person"), who),
        Entry::new(p.t("refer-reason"), form.value("reason")),
        Entry::new(p.t("refer-priority"), priority.unwrap_or_default()),
        Entry::new(p.t("refer-due"), due),
    ];
    let questions = ["already_receives", "without_help", "available_here", "safe_for_person", "safe_for_worker"];
    // Of cash that is asked too, and stays on this side (S26).
    let asked = questions.into_iter().chain(prepared.cash.then_some("cash_risk"));
    facts.extend(asked.map(answer));
    let more = [
        Entry::new(p.t("refer-precaution"), form.value("precaution")),
        Entry::new(p.t("link-safety"), if together { p.t("referral-dont-go-alone") } else { String::new() }),
        Entry::new(p.t("refer-accompaniment"), coded("refer-accompaniment", "accompaniment")),
        Entry::new(p.t("refer-accompaniment-reason"), alone.map(|known| known.labels.get(lang).to_owned()).unwrap_or_default()),
        Entry::new(p.t("refer-follow-up"), coded("follow-up-way", "follow_up")),
        Entry::new(p.t("refer-dispute-sharing"), p.tc("follow-up", if form.ticked("dispute_sharing") { "yes" } else { "no" })),
    ];
    facts.extend(more.into_iter().filter(|fact| !fact.text.is_empty()));
    facts
}
