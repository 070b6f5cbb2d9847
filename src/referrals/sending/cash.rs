//! What a referral for cash or vouchers discloses, whatever else was ticked: a code, the payee whom the person chose, the means, a band and the size
//! of the household; no type of case and no reason (S26). Whether receiving it could put the person at risk is asked, and stays with the sender.
//! An emergency goes by its own four fields, which nothing here stops (S2).
use chrono::NaiveDate;

use super::draft::CaseBrief;
use super::packet::Line;
use crate::error::{Error, FieldErrors};
use crate::packs::{Handling, Pack};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::referrals::action::Outcome;
use crate::referrals::words::Priority;
use crate::web::Form;

/// How it reaches the payee.
pub const MEANS: &[&str] = &["in_hand", "bank", "mobile_money", "card", "voucher"];
/// How much, in steps.
pub const BANDS: &[&str] = &["up_to_50", "up_to_150", "up_to_300", "more"];
/// The field in which the size of a household is said that nobody registered.
pub const SIZE: &str = "cash_size";
// More live under one roof only by mistake.
const LARGEST: u8 = 60;
/// The sections that go, and no other.
pub const SECTIONS: &[&str] = &["need", "payment"];

/// This need is met in cash or vouchers.
pub fn is(pack: &Pack, need: &str) -> bool {
    pack.need(need).is_some_and(|known| known.handling == Handling::Cash)
}

/// The need that a form names, or the one that the draft began with.
fn is_asked(pack: &Pack, need: &str, form: &Form) -> bool {
    let need = if form.filled("need") { form.value("need") } else { need };
    is(pack, need) && form.value("priority") != Priority::Emergency.code()
}

/// The form as it counts: for cash with those sections alone and without a reason; any other as it is.
pub fn narrowed(pack: &Pack, need: &str, form: &Form) -> Form {
    let mut form = form.clone();
    form.set("cash", "");
    if is_asked(pack, need, &form) {
        form.set_all(
            "sections",
            SECTIONS.iter().filter(|code| pack.section(code).is_some()).map(|code| (*code).to_owned()).collect(),
        );
        form.set("reason", "");
        form.set("cash", "true");
    }
    form
}

/// The payment, as the packet says it; `None` for what is not cash.
pub async fn lines(work: &mut Work, case: &CaseBrief, person: &Person, form: &Form) -> Result<Option<Vec<Line>>, Error> {
    if !form.ticked("cash") {
        return Ok(None);
    }
    let line = |key: &str, value: &str| (key.to_owned(), value.trim().to_owned());
    let mut lines = vec![
        line("cash_code", &case.code),
        line("cash_payee", form.value("cash_payee")),
        line("cash_means", form.value("cash_means")),
        line("cash_band", form.value("cash_band")),
    ];
    if !person.household_confidential {
        let homes = people::store::homes(work, &[person.id]).await?;
        let size = homes.get(&person.id).map_or_else(|| form.value(SIZE).to_owned(), ToString::to_string);
        lines.push(line("household_size", &size));
    }
    Ok(Some(lines))
}

/// How many of these are registered with no household, so that its size is asked; who keeps theirs to themselves is not asked either (S12).
pub async fn without_home(work: &mut Work, persons: &[PersonId]) -> Result<usize, Error> {
    let homes = people::store::homes(work, persons).await?;
    let known = people::store::several(work, persons).await?;
    Ok(known.iter().filter(|person| !person.household_confidential && !homes.contains_key(&person.id)).count())
}

/// What is wrong with the size of a household that nobody registered: one number is one household's, and two persons may live in two.
pub async fn owes_size(work: &mut Work, persons: &[PersonId], form: &Form) -> Result<Option<&'static str>, Error> {
    Ok(match without_home(work, persons).await? {
        0 => None,
        1 => (!form.filled(SIZE)).then_some("required"),
        _ => Some("one_size_for_several"),
    })
}

/// What can't be kept as it is typed.
pub fn faults(form: &Form, errors: &mut FieldErrors) {
    let choices: [(&str, &[&str]); 3] = [("cash_means", MEANS), ("cash_band", BANDS), ("cash_risk", &["yes", "no"])];
    for (field, known) in choices {
        if form.filled(field) && !known.contains(&form.value(field)) {
            errors.add(field, "not_a_choice");
        }
    }
    if form.filled(SIZE) && !form.value(SIZE).trim().parse::<u8>().is_ok_and(|size| (1..=LARGEST).contains(&size)) {
        errors.add(SIZE, "household_size");
    }
}

/// What is missing before it can be sent: the payment, the question on risk, and what is done where there is one.
pub fn owed(pack: &Pack, need: &str, form: &Form) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if !is_asked(pack, need, form) {
        return errors;
    }
    for field in ["cash_payee", "cash_means", "cash_band", "cash_risk"] {
        if form.value(field).trim().is_empty() {
            errors.add(field, "required");
        }
    }
    if form.value("cash_risk") == "yes" && form.value("precaution").trim().is_empty() {
        errors.add("precaution", "precaution_needed");
    }
    errors
}

/// Of cash it is said how much was paid, when, no sooner than it was asked for, and whether the payee confirmed it (S26).
pub fn owes_the_payment(outcome: &Outcome, (sent_on, today): (Option<NaiveDate>, NaiveDate)) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    match outcome.how_much.as_deref() {
        None => errors.add("how_much", "required"),
        Some(amount) if !amount.contains(is_digit) => errors.add("how_much", "amount_needed"),
        Some(_) => {}
    }
    match outcome.paid_on {
        None => errors.add("paid_on", "required"),
        Some(day) if day > today => errors.add("paid_on", "in_future"),
        Some(day) if sent_on.is_some_and(|sent| day < sent) => errors.add("paid_on", "before_previous_step"),
        Some(_) => {}
    }
    if outcome.paid_confirmed.is_none() {
        errors.add("paid_confirmed", "required");
    }
    errors.or_ok()
}

// Of the scripts of the program.
fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit() || matches!(sign, '٠'..='٩' | '۰'..='۹')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::samples::protection;

    #[test]
    fn s26_only_the_payment_goes_and_no_emergency_is_stopped() {
        let pack = protection();
        let form = Form::blank([("need", "cash".to_owned()), ("reason", "Beaten".to_owned()), ("priority", "normal".to_owned())]);
        let narrow = narrowed(&pack, "health", &form);
        assert_eq!((narrow.all("sections"), narrow.value("reason")), (&["need".to_owned(), "payment".to_owned()][..], ""));
        assert_eq!(owed(&pack, "cash", &form).0.len(), 4);
        let emergency = Form::blank([("need", "cash".to_owned()), ("priority", "emergency".to_owned())]);
        assert!(owed(&pack, "cash", &emergency).0.is_empty() && !narrowed(&pack, "cash", &emergency).ticked("cash"));
        let other = Form::blank([("need", "health".to_owned()), ("reason", "x".to_owned())]);
        assert_eq!((narrowed(&pack, "cash", &other).value("reason"), owed(&pack, "cash", &other).0.len()), ("x", 0));
    }
}
