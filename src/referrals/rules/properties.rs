//! Properties over every state, act and actor, checked against a plain restatement of DOMAIN section 3.

use chrono::TimeDelta;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::TestCaseError;

use super::action::Action;
use super::loop_state::Receipt;
use super::moves::{offered, step};
use super::referral::{Actor, Closing, LateEntry, Move, State, Terms, Times, When};
use super::restated::{fits_the_table, leads, may_verify};
use super::scene::{actions, actors, now, receipts};
use super::words::{
    Act, Approval, Confirmer, DisputeSharing, FollowUp, Kind, LaterReview, Loop, Pace, Priority, Sequel, Served, Sharing, Side,
    Status, Step,
};
use crate::packs::{Sensitivity, Word};

fn any_terms() -> impl Strategy<Value = Terms> {
    let fixed = (select(Kind::ALL), select(Sensitivity::ALL), select(Approval::ALL), select(Served::ALL));
    let agreed =
        (select(Priority::ALL), select(Pace::ALL), proptest::option::of(select(FollowUp::ALL)), select(DisputeSharing::ALL));
    (fixed, agreed).prop_map(|((kind, sensitivity, approval, served), (priority, pace, follow_up, dispute_sharing))| Terms {
        priority,
        pace,
        follow_up,
        dispute_sharing,
        ..Terms::new(kind, sensitivity, approval, served)
    })
}

// Not only states that can be reached: a row changed by hand, or by a later version, must not break a page either.
fn any_state() -> impl Strategy<Value = State> {
    let place = (select(Status::ALL), select(Step::ALL), select(Loop::ALL), 0..5u8);
    let rest = (select(Sharing::ALL), select(LaterReview::ALL), select(Sequel::ALL), proptest::option::of(-9_000i64..9_000));
    (any_terms(), place, rest).prop_map(|(terms, (status, step, known, tries), (sharing, later_review, sequel, minutes))| {
        let at = minutes.map(|minutes| now() + TimeDelta::minutes(minutes));
        State {
            terms,
            status,
            step,
            closing: Closing { state: known, tries, changed_at: at },
            sharing,
            later_review,
            sequel,
            appointment_at: at,
            times: Times { sent: at, last: at, ..Times::default() },
        }
    })
}

fn any_when() -> impl Strategy<Value = When> {
    (-3_000i64..3_000, select(vec![LateEntry::Explained, LateEntry::Unexplained])).prop_map(|(minutes, lateness)| {
        let now = now();
        When::at(now + TimeDelta::minutes(minutes), now, lateness)
    })
}

fn verified_by_the_person(state: &State, action: &Action, by: &Actor, made: &[Move]) -> Result<(), TestCaseError> {
    let end = made.last().map_or(*state, |last| last.state);
    if end.closing.state != Loop::Verified || state.closing.state == Loop::Verified {
        return Ok(());
    }
    let Action::ConfirmReceipt(Receipt::Received(who)) = action else {
        return Err(TestCaseError::fail(format!("verified by {}", action.act())));
    };
    let relayed = matches!(who, Confirmer::Caregiver | Confirmer::HeadOfHousehold);
    prop_assert!(by.side != Side::To);
    prop_assert!(!relayed || state.terms.sensitivity == Sensitivity::Standard);
    Ok(())
}

proptest! {
    #[test]
    fn every_act_in_every_state_is_decided_by_the_table(
        (state, action) in any_state().prop_flat_map(|state| (Just(state), select(actions(&state.terms)))),
        by in select(actors()),
        when in any_when(),
    ) {
        match step(&state, &action, &by, &when) {
            Ok(made) => {
                fits_the_table(&state, &action, &by, &made)?;
                verified_by_the_person(&state, &action, &by, &made)?;
                prop_assert!(offered(&state, &by).contains(&action.act()) || action.act() == Act::Submit);
            }
            Err(refused) => {
                prop_assert_eq!((refused.status, refused.step, refused.act), (state.status, state.step, action.act()));
                prop_assert!(refused.to_string().contains(state.status.code()));
            }
        }
    }
}

proptest! {
    // Each case tries every act of every actor at each of its steps.
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_done_the_log_only_grows_and_the_rules_hold(
        terms in any_terms(),
        choices in proptest::collection::vec((any::<u16>(), 0..600i64), 1..40),
    ) {
        let mut state = State::draft(Terms { priority: Priority::Normal, ..terms });
        let (mut log, mut later): (Vec<Move>, _) = (Vec::new(), now());
        for (choice, minutes) in choices {
            later += TimeDelta::minutes(minutes);
            let tried: Vec<Vec<Move>> = actions(&state.terms)
                .iter()
                .flat_map(|action| actors().into_iter().map(move |by| (action.clone(), by)))
                .filter_map(|(action, by)| step(&state, &action, &by, &When::now(later)).ok())
                .filter(|made| !made.is_empty() && (choice % 16 == 0 || !is_dead_end(made)))
                .collect();
            let Some(made) = tried.get(usize::from(choice) % tried.len().max(1)) else { break };
            log.extend(made.iter().cloned());
            state = made.last().map_or(state, |last| last.state);
            keeps_its_promises(&state, &log)?;
        }
    }
}

// A life that ends at its first step teaches nothing.
fn is_dead_end(made: &[Move]) -> bool {
    made.iter().any(|one| matches!(one.act, Act::Discard | Act::MarkError))
}

fn keeps_its_promises(state: &State, log: &[Move]) -> Result<(), TestCaseError> {
    for pair in log.windows(2) {
        prop_assert_eq!(pair[0].to(), pair[1].from);
        prop_assert!(pair[1].from.status != Status::EnteredInError || pair[1].act == Act::ConfirmDeletion);
        let went_back = pair[0].from.status.is_answered() && !pair[1].from.status.is_answered();
        prop_assert!(!went_back || pair[1].from.status == Status::EnteredInError);
        if pair[1].from.status != Status::Draft {
            prop_assert_eq!(pair[0].state.terms, pair[1].state.terms);
        }
    }
    let lasts: Vec<_> = log.iter().filter_map(|one| one.state.times.last).collect();
    prop_assert!(lasts.is_sorted(), "no step happened before the one it follows");
    let reopened = log.iter().any(|one| one.act == Act::ReopenLoop);
    let unserved = matches!(state.status, Status::Rejected | Status::Failed | Status::Cancelled);
    prop_assert!(!unserved || reopened || state.closing.state == Loop::NotServed);
    prop_assert!(state.closing.tries <= state.terms.tries_allowed);
    prop_assert!(state.status.is_answered() || state.status == Status::EnteredInError || state.closing.state == Loop::Open);
    let told = log.iter().filter_map(|one| one.seen_by(Side::To)).any(|(act, _)| act == Act::PersonNoLongerWants);
    prop_assert!(!told, "the receiver never learns that the person changed their mind");
    Ok(())
}

// Chance finds too few of so many combinations, so those that decide about a move are gone through one by one.
fn places(kind: Kind) -> impl Iterator<Item = State> {
    let places = Status::ALL.iter().flat_map(|status| Step::ALL.iter().map(move |step| (*status, *step)));
    let known = [Loop::Open, Loop::NotServed];
    let shared = [Sharing::Open, Sharing::DeletionAsked];
    let reviews = [(Priority::Normal, LaterReview::NotOwed), (Priority::Emergency, LaterReview::Owed)];
    let aside = known.into_iter().flat_map(move |known| shared.map(|sharing| (known, sharing)));
    let aside: Vec<_> = aside.flat_map(|(known, sharing)| reviews.map(|review| (known, sharing, review))).collect();
    places.flat_map(move |(status, step)| {
        let at = |(known, sharing, (priority, later_review))| {
            let terms = Terms::new(kind, Sensitivity::Standard, Approval::NotNeeded, Served::Persons);
            let closing = Closing { state: known, tries: 0, changed_at: None };
            let draft = State::draft(Terms { priority, ..terms });
            let sequel = if later_review == LaterReview::Owed { Sequel::Owed } else { Sequel::NotOwed };
            State { status, step, closing, sharing, later_review, sequel, ..draft }
        };
        aside.iter().copied().map(at).collect::<Vec<_>>()
    })
}

#[test]
fn no_place_lets_an_act_through_that_domain_does_not_name_and_each_it_names_is_possible() {
    let when = When::now(now());
    for kind in Kind::ALL {
        let mut used = std::collections::BTreeSet::new();
        let all = actions(&Terms::new(*kind, Sensitivity::Standard, Approval::NotNeeded, Served::Persons));
        for state in places(*kind) {
            for (action, by) in all.iter().flat_map(|action| actors().into_iter().map(move |by| (action, by))) {
                let Ok(made) = step(&state, action, &by, &when) else {
                    continue;
                };
                fits_the_table(&state, action, &by, &made).expect("what DOMAIN says");
                used.extend(made.last().map(|last| (action.act(), state.status, last.state.status)));
            }
        }
        let expected = Act::ALL.iter().flat_map(|act| leads(*act, *kind).into_iter().map(|(from, to)| (*act, from, to)));
        let missing: Vec<_> = expected.filter(|row| *kind == Kind::Partner && !used.contains(row)).collect();
        assert!(missing.is_empty(), "in DOMAIN, and can't be done: {missing:?}");
    }
}

#[test]
fn s07_every_way_to_close_a_loop_keeps_to_whose_word_it_is() {
    let when = When::now(now());
    let ways: Vec<_> = FollowUp::ALL.iter().copied().map(Some).chain([None]).collect();
    let guarded = Sensitivity::ALL.iter().flat_map(|how| Served::ALL.iter().map(move |served| (*how, *served)));
    let agreed = guarded.flat_map(|pair| ways.iter().map(move |way| (pair, *way)));
    for (((sensitivity, served), follow_up), tries) in agreed.flat_map(|agreed| (0..5).map(move |tries| (agreed, tries))) {
        let terms = Terms { follow_up, ..Terms::new(Kind::Partner, sensitivity, Approval::NotNeeded, served) };
        let closing = Closing { state: Loop::Open, tries, changed_at: None };
        for status in [Status::Completed, Status::Failed] {
            let state = State { status, step: Step::Ended, closing, ..State::draft(terms) };
            let asked = receipts().into_iter().flat_map(|receipt| actors().into_iter().map(move |by| (receipt.clone(), by)));
            for (receipt, by) in asked {
                let action = Action::ConfirmReceipt(receipt.clone());
                let Ok(made) = step(&state, &action, &by, &when) else {
                    continue;
                };
                let end = made.last().map_or(state, |last| last.state).closing;
                let allowed = matches!(receipt, Receipt::Received(who) if may_verify(who, sensitivity, served));
                assert_eq!(end.state == Loop::Verified, allowed, "{receipt:?} {terms:?}");
                assert!(by.side != Side::To && end.tries <= 3.max(tries));
                let automatic =
                    matches!(follow_up, Some(FollowUp::Sms | FollowUp::Portal)) && sensitivity != Sensitivity::Restricted;
                assert!(by.side == Side::From || automatic, "S6: {terms:?}");
            }
        }
    }
}
