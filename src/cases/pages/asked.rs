//! What some changes to a case ask for: the level of risk, the people on it, the safety review of somebody whom nobody reaches.
use chrono::Days;

use super::fields::{Ask, Field};
use super::reasons;
use crate::cases::Case;
use crate::cases::actions::{self, DECISIONS, SafetyReview};
use crate::cases::store;
use crate::eligibility::proposal::proposals;
use crate::error::Error;
use crate::packs::{Pack, ReasonKind};
use crate::platform::db::Work;
use crate::web::Form;
use crate::web::parts::Choice;

/// What a score proposes stands beside that level, with why; a person decides.
pub(super) async fn risk(work: &mut Work, case: &Case, pack: &Pack, page: Ask) -> Result<Ask, Error> {
    let proposed = proposals(work, page.page(), case).await?;
    let (p, lang) = (page.page(), work.lang());
    let why = |level: &str| {
        let all = proposed.iter().filter(|one| one.level == level);
        all.flat_map(|one| std::iter::once(&one.words).chain(&one.grounds)).map(String::as_str).collect::<Vec<_>>().join("; ")
    };
    let levels =
        pack.risk_levels.iter().map(|level| Choice::new(&level.code, level.labels.get(lang)).with_hint(why(&level.code)));
    let fields = vec![
        Field::new(p, "radios", "risk").of(levels.collect()).required(),
        Field {
            label: p.t("case-field-lowering"),
            ..Field::new(p, "select", "reason").of(reasons(pack, ReasonKind::LoweringRisk, lang))
        },
    ];
    Ok(page.with(fields))
}

/// Whoever is near the case is chosen with one tap; anybody else by their code.
pub(super) async fn people(work: &mut Work, case: &Case, page: Ask) -> Result<Ask, Error> {
    let near = store::near(work, case).await?;
    let p = page.page();
    let choice = |one: &store::Near| {
        // A guarded person goes by the code outside their own case (S13).
        let name = if one.restricted_only && one.part.is_none() { "" } else { one.name.as_str() };
        let part = one.part.as_ref().map(|part| p.tc("case-part", part)).unwrap_or_default();
        let words = [name, &one.code, &part].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
        Choice::new(&one.code, words).with_hint(if one.not_safe { p.t("case-not-safe-to-involve") } else { String::new() })
    };
    let parts = ["caregiver", "chosen_adult", "member", "removed"].map(|code| Choice::new(code, p.tc("case-part", code)));
    let mut fields = Vec::new();
    if near.is_empty() {
        fields.push(Field::new(p, "text", "person").required());
    } else {
        fields.push(Field::new(p, "radios", "near").of(near.iter().map(choice).collect()));
        fields.push(Field::new(p, "text", "person"));
    }
    fields.push(Field::new(p, "radios", "part").of(parts.to_vec()).required());
    fields.push(Field::new(p, "check", "not_safe_to_involve"));
    // A mark is lifted on purpose only, never by saving something else.
    if near.iter().any(|one| one.not_safe) {
        fields.push(Field::new(p, "check", "safe_again"));
    }
    Ok(page.with(fields))
}

/// The supervisor's review (S23); nobody else has this form.
pub(super) async fn safety_review(work: &mut Work, case: &Case, page: Ask) -> Result<Ask, Error> {
    actions::may_review(work, case).await?;
    let p = page.page();
    let decisions = DECISIONS.iter().map(|code| Choice::new(*code, p.tc("case-safety-decision", code))).collect();
    let fields = vec![
        Field::new(p, "textarea", "looked_at").required(),
        Field::new(p, "radios", "decision").of(decisions).required(),
        Field::new(p, "date", "next_on").required(),
    ];
    Ok(page.with(fields))
}

/// Looks again in a week, if nobody says another day.
pub(super) fn prefill_review(work: &Work, form: &mut Form) {
    let week = work.today().checked_add_days(Days::new(7));
    form.set("next_on", week.map(|day| day.to_string()).unwrap_or_default());
}

/// Keeps the review.
pub(super) async fn review_safety(work: &mut Work, case: Case, form: &mut Form) -> Result<(), Error> {
    let review = SafetyReview {
        looked_at: form.text("looked_at", 4000),
        decision: form.value("decision").to_owned(),
        next_on: form.date("next_on"),
        version: form.parsed_maybe("version").unwrap_or(0),
    };
    form.check()?;
    actions::review_safety(work, case, &review).await
}
