//! Who took part in a conference, and what is decided of it: tasks for oneself and colleagues, and what the person and other organisations agreed to do,
//! by a day.
use std::collections::HashSet;

use chrono::{Days, NaiveDate, TimeDelta};

use super::conference::Party;
use super::meeting::Meeting;
use super::outcome::{Attended, Decided, Doer, NewDecision, Outcome};
use super::store;
use crate::cases::Case;
use crate::cases::actions::{Chore, add_agreed, doers, name_nobody};
use crate::cases::store::Colleague;
use crate::error::{Error, FieldErrors, invalid};
use crate::people::guard;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::tasks;
use crate::tasks::task::FURTHEST;

// Where nobody said by when.
const USUALLY: Days = Days::new(7);

/// Who took part, with what each was called; each of them once.
pub fn attended(asked: &[Party], said: &[Attended]) -> Result<Vec<Attended>, Error> {
    let mut seen = HashSet::new();
    if let Some(twice) = said.iter().find(|one| !seen.insert(one.party)) {
        return Err(invalid(&format!("att_{}", twice.key()), "not_a_choice"));
    }
    let name = |one: &Attended| match one.party {
        None => Ok(String::new()),
        Some(id) => match asked.iter().find(|party| party.id.0 == id) {
            Some(party) => Ok(party.org_name.clone()),
            None => Err(invalid(&format!("att_{id}"), "not_a_choice")),
        },
    };
    said.iter().map(|one| Ok(Attended { name: name(one)?, role: one.role.trim().to_owned(), ..one.clone() })).collect()
}

/// The organisations that heard what was said at a conference and had not agreed before to keep it to themselves (S27).
pub fn unbound<'a>(asked: &'a [Party], said: &[Attended]) -> Vec<&'a Party> {
    let heard =
        |party: &Party| said.iter().any(|one| one.party == Some(party.id.0) && ["came", "sent"].contains(&one.how.as_str()));
    asked.iter().filter(|party| party.agreed_how.is_none() && heard(party)).collect()
}

/// Of a conference that took place is said of everybody who was asked how they took part, and of each organisation that was there that it agreed to keep
/// it to itself; beside each.
pub fn check_all_said(asked: &[Party], asks_person: bool, outcome: &Outcome) -> Result<(), Error> {
    let said = &outcome.attended;
    let person = asks_person.then_some(None);
    let mut errors = FieldErrors::default();
    for party in person.into_iter().chain(asked.iter().map(|party| Some(party.id.0))) {
        if !said.iter().any(|one| one.party == party) {
            errors.add(&format!("att_{}", Attended { party, ..Attended::default() }.key()), "required");
        }
    }
    for party in unbound(asked, said).into_iter().filter(|party| !outcome.agreed.contains(&party.id.0)) {
        errors.add(&format!("agreed_{}", party.id), "party_must_agree");
    }
    errors.or_ok()
}

/// Makes tasks of what colleagues do, and keeps what everybody does. Only who sits together agrees on what others do: after any other meeting whoever writes
/// it down decides for themselves alone, and gives colleagues tasks as anybody does who may give out tasks.
pub async fn decide(
    work: &mut Work,
    case: &Case,
    (meeting, asked): (&Meeting, &[Party]),
    decisions: &[NewDecision],
) -> Result<Vec<Decided>, Error> {
    let together = meeting.kind == "conference";
    let asks_colleagues = together && decisions.iter().any(|one| matches!(one.doer, Some(Doer::Colleague(_))));
    let room = if asks_colleagues { doers(work, case).await? } else { Vec::new() };
    let (mut decided, mut errors) = (Vec::new(), FieldErrors::default());
    for one in decisions.iter().filter(|one| !one.what.trim().is_empty()) {
        let done = match one.doer {
            None => Err(invalid("decisions", "required")),
            Some(Doer::Person | Doer::Colleague(_)) if !together => Err(invalid("decisions", "not_a_choice")),
            Some(Doer::Person) => promised(work, case, one).await,
            Some(Doer::Party(party)) => match asked.iter().find(|known| known.id.0 == party) {
                Some(party) => agreed(work, case, party, one).await,
                None => Err(invalid("decisions", "not_a_choice")),
            },
            Some(Doer::Me) => given(work, case, (None, &room), one).await,
            Some(Doer::Colleague(colleague)) => given(work, case, (Some(colleague), &room), one).await,
        };
        match done {
            Ok(done) => decided.push(done),
            // Whatever is wrong with it stands beside that decision.
            Err(Error::Invalid(wrong)) => errors.add(&one.field, wrong.0.values().next().copied().unwrap_or("required")),
            Err(error) => return Err(error),
        }
    }
    errors.or_ok()?;
    Ok(decided)
}

// What another organisation agreed to do. It is nobody's task here. It leaves with its packet, whatever sections that holds, and tells who is meant only
// as far as that is shared with it (S27).
async fn agreed(work: &mut Work, case: &Case, party: &Party, one: &NewDecision) -> Result<Decided, Error> {
    let (what, day) = (one.what.trim(), day_of(work, one)?);
    name_nobody(work, case, what, "decisions").await?;
    if party.is_told_too_much(what, &guard::known(work, case.id).await?) {
        return Err(invalid("decisions", "tells_too_much"));
    }
    let (what, by) = (what.to_owned(), party.org_name.clone());
    Ok(Decided { what, by, party: Some(party.id.0), due_on: Some(day), ..Decided::default() })
}

// What the person said that they would do; nobody's task.
async fn promised(work: &mut Work, case: &Case, one: &NewDecision) -> Result<Decided, Error> {
    let (what, day) = (one.what.trim(), day_of(work, one)?);
    name_nobody(work, case, what, "decisions").await?;
    Ok(Decided { what: what.to_owned(), person: true, due_on: Some(day), ..Decided::default() })
}

// By when, where nobody has a task that says so.
fn day_of(work: &Work, one: &NewDecision) -> Result<NaiveDate, Error> {
    let today = work.today();
    match one.due_on {
        None => Err(invalid("decisions", "required")),
        Some(day) if day < today => Err(invalid("decisions", "in_the_past")),
        Some(day) if day > today + FURTHEST => Err(invalid("decisions", "too_far")),
        Some(day) => Ok(day),
    }
}

// A task of a colleague's, or of whoever writes it down; of a case that is closed it is written down alone.
async fn given(
    work: &mut Work,
    case: &Case,
    (colleague, room): (Option<UserId>, &[Colleague]),
    one: &NewDecision,
) -> Result<Decided, Error> {
    let by = match colleague {
        Some(id) => store::colleague(work, id).await?.ok_or_else(|| invalid("decisions", "not_a_choice"))?,
        None => work.standing.name.clone(),
    };
    let day = one.due_on.unwrap_or(work.today() + USUALLY);
    let due_at = match one.due_on {
        Some(day) => tasks::store::calendar(work, case.unit).await?.end_of(day),
        None => work.now() + TimeDelta::days(7),
    };
    let chore = Chore { title: one.what.clone(), due_at, assignee: colleague, repeat: None };
    let task = if case.is_open() { Some(add_agreed(work, case, room, &chore).await?.0) } else { None };
    Ok(Decided { what: one.what.trim().to_owned(), by, due_on: Some(day), task, ..Decided::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_takes_part_once() {
        let person = Attended { how: "came".to_owned(), ..Attended::default() };
        assert_eq!(attended(&[], std::slice::from_ref(&person)).map(|all| all.len()).ok(), Some(1));
        assert!(attended(&[], &[person.clone(), person]).is_err());
    }
}
