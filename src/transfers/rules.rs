//! Which act which side may do in which state of a transfer. Pure: no database, no clock.
use serde::{Deserialize, Serialize};

use crate::packs::{Word, vocabulary};

vocabulary! {
    /// Where a transfer stands; proGres' words in brackets.
    State {
        /// Being written (Pending Submission).
        Draft = "draft",
        /// The receiving side is asked (Pending Decision).
        Submitted = "submitted",
        /// Agreed, its records are being moved one by one (Pending Transfer).
        Approved = "approved",
        /// Over; at least one record has moved.
        Transferred = "transferred",
        /// Over; the receiving side declined (Request Rejected).
        Rejected = "rejected",
        /// Over; nothing has moved (Transfer failed).
        Failed = "failed",
    }

    /// What may be done with a transfer.
    Action {
        Edit = "edit",
        Discard = "discard",
        Submit = "submit",
        TakeBack = "take_back",
        /// Declines one of several records; the rest stays to be decided.
        LeaveOut = "leave_out",
        Approve = "approve",
        Reject = "reject",
        /// Starts at once: the mover may act on both sides, or the receiving side completes after a notice.
        Begin = "begin",
        /// Every record has moved or said why not, and at least one has moved.
        Finish = "finish",
        /// Every record has said why not.
        Fail = "fail",
        /// Logs that both workers met with the person.
        Introduce = "introduce",
    }

    /// For whom somebody acts.
    Side {
        Sender = "sender",
        Receiver = "receiver",
        System = "system",
    }

    /// Why an act is refused.
    Why {
        NotYourSide = "transfer_other_side",
        NotSubmitted = "transfer_not_submitted",
        AlreadySubmitted = "transfer_submitted_already",
        AlreadyDecided = "transfer_decided_already",
        AlreadyEnded = "transfer_ended_already",
        NotDecided = "transfer_not_decided",
    }
}

impl State {
    /// Nothing happens to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Transferred | Self::Rejected | Self::Failed)
    }
}

/// The state after an act, or why it is refused.
pub fn step(state: State, action: Action, by: Side) -> Result<State, Why> {
    if !belongs(action, by) {
        return Err(Why::NotYourSide);
    }
    match (state, action) {
        (State::Draft, Action::Edit | Action::Discard) => Ok(State::Draft),
        (State::Draft, Action::Submit) => Ok(State::Submitted),
        (State::Draft, Action::Begin) => Ok(State::Approved),
        (State::Submitted, Action::TakeBack) => Ok(State::Draft),
        (State::Submitted, Action::LeaveOut) => Ok(State::Submitted),
        (State::Submitted, Action::Approve) => Ok(State::Approved),
        (State::Submitted, Action::Reject) => Ok(State::Rejected),
        // Another transfer took every record along before this one was decided.
        (State::Submitted, Action::Fail) => Ok(State::Failed),
        (State::Approved, Action::Finish) => Ok(State::Transferred),
        (State::Approved, Action::Fail) => Ok(State::Failed),
        (State::Approved | State::Transferred, Action::Introduce) => Ok(state),
        _ => Err(explain(state, action)),
    }
}

/// What a side may do in a state, for pages and programs.
pub fn offered(state: State, by: Side) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|action| step(state, *action, by).is_ok()).collect()
}

fn belongs(action: Action, by: Side) -> bool {
    match action {
        Action::Edit | Action::Discard | Action::Submit | Action::TakeBack => by == Side::Sender,
        Action::LeaveOut | Action::Approve | Action::Reject => by == Side::Receiver,
        Action::Begin | Action::Introduce => by != Side::System,
        Action::Finish | Action::Fail => by == Side::System,
    }
}

fn explain(state: State, action: Action) -> Why {
    match (state, action) {
        (State::Transferred | State::Rejected | State::Failed, _) => Why::AlreadyEnded,
        (State::Draft, Action::Introduce | Action::Finish | Action::Fail) => Why::NotDecided,
        (State::Draft, _) => Why::NotSubmitted,
        (State::Submitted, Action::Introduce | Action::Finish) => Why::NotDecided,
        (State::Submitted, _) => Why::AlreadySubmitted,
        (State::Approved, _) => Why::AlreadyDecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // One row a state; in a cell what becomes of it, or why not: s(ender), r(eceiver) and the sy(stem) in turn.
    const TABLE: &str = "
        draft       edit:draft/-/- discard:draft/-/- submit:submitted/-/- take_back:n/-/- leave_out:-/n/- approve:-/n/- reject:-/n/- begin:approved/approved/- finish:-/-/u fail:-/-/u introduce:u/u/-
        submitted   edit:s/-/- discard:s/-/- submit:s/-/- take_back:draft/-/- leave_out:-/submitted/- approve:-/approved/- reject:-/rejected/- begin:s/s/- finish:-/-/u fail:-/-/failed introduce:u/u/-
        approved    edit:d/-/- discard:d/-/- submit:d/-/- take_back:d/-/- leave_out:-/d/- approve:-/d/- reject:-/d/- begin:d/d/- finish:-/-/transferred fail:-/-/failed introduce:approved/approved/-
        transferred edit:e/-/- discard:e/-/- submit:e/-/- take_back:e/-/- leave_out:-/e/- approve:-/e/- reject:-/e/- begin:e/e/- finish:-/-/e fail:-/-/e introduce:transferred/transferred/-
        rejected    edit:e/-/- discard:e/-/- submit:e/-/- take_back:e/-/- leave_out:-/e/- approve:-/e/- reject:-/e/- begin:e/e/- finish:-/-/e fail:-/-/e introduce:e/e/-
        failed      edit:e/-/- discard:e/-/- submit:e/-/- take_back:e/-/- leave_out:-/e/- approve:-/e/- reject:-/e/- begin:e/e/- finish:-/-/e fail:-/-/e introduce:e/e/-";

    fn expected(code: &str) -> Result<State, Why> {
        match code {
            "-" => Err(Why::NotYourSide),
            "n" => Err(Why::NotSubmitted),
            "s" => Err(Why::AlreadySubmitted),
            "d" => Err(Why::AlreadyDecided),
            "e" => Err(Why::AlreadyEnded),
            "u" => Err(Why::NotDecided),
            state => Ok(State::parse(state).expect(state)),
        }
    }

    #[test]
    fn every_act_of_every_side_in_every_state_is_as_the_table_says() {
        let mut tried = 0;
        for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let mut cells = line.split_whitespace();
            let state = State::parse(cells.next().expect("a state")).expect("a known state");
            for cell in cells {
                let (action, outcomes) = cell.split_once(':').expect("an act with its outcomes");
                let action = Action::parse(action).expect(action);
                for (side, outcome) in Side::ALL.iter().zip(outcomes.split('/')) {
                    assert_eq!(step(state, action, *side), expected(outcome), "{state:?} {action:?} {side:?}");
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, State::ALL.len() * Action::ALL.len() * Side::ALL.len(), "the table is whole");
    }

    #[test]
    fn what_is_over_can_only_be_followed_by_an_introduction() {
        for state in State::ALL.iter().filter(|state| state.is_over()) {
            for side in Side::ALL {
                assert!(offered(*state, *side).iter().all(|action| *action == Action::Introduce));
            }
        }
    }
}
