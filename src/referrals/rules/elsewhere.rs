//! What other systems call the same thing: FHIR, proGres, LaMPSS and Costa Rica's register.

use super::codes::coded;
use super::words::{Status, Step};
use crate::packs::StateWord;

coded! {
    /// How far the letter that goes with a referral has come.
    Letter {
        None = "none",
        Queued = "queued",
        Sent = "sent",
    }
}

/// The words of other systems for a state; absent where they have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// FHIR R4 `Task.status`.
    pub fhir: &'static str,
    /// proGres v4; two words where approval may stand on either side.
    pub progres: &'static [&'static str],
    /// LaMPSS.
    pub lampss: Option<&'static str>,
    /// Costa Rica's referral record.
    pub costa_rica: Option<&'static str>,
}

/// What the others call a state.
pub fn words(status: Status, step: Step, letter: Letter) -> Words {
    Words {
        fhir: fhir(status),
        progres: progres(status, step),
        lampss: lampss(status, letter),
        costa_rica: costa_rica(status, step),
    }
}

/// What a pack may have a word of its own for, in the order in which it is asked: the finer state first.
pub fn state_words(status: Status, step: Step, letter: Letter) -> Vec<StateWord> {
    match (status, step) {
        (Status::Draft, Step::InReview) => vec![StateWord::InReview, StateWord::Draft],
        (Status::Draft, Step::Returned) => vec![StateWord::Returned, StateWord::Draft],
        (Status::Draft, Step::Approved) => vec![StateWord::Approved, StateWord::Draft],
        (Status::Draft, _) => vec![StateWord::Draft],
        (Status::Requested, Step::Acknowledged) => vec![StateWord::Acknowledged],
        (Status::Requested, _) => match letter {
            Letter::Queued => vec![StateWord::LetterQueued, StateWord::Sent],
            Letter::Sent => vec![StateWord::LetterSent, StateWord::Sent],
            Letter::None => vec![StateWord::Sent],
        },
        (Status::Accepted, _) => vec![StateWord::Accepted],
        (Status::InProgress, _) => vec![StateWord::InProgress],
        (Status::OnHold, _) => vec![StateWord::OnHold],
        (Status::Rejected, _) => vec![StateWord::Rejected],
        (Status::Completed, _) => vec![StateWord::Completed],
        (Status::Failed, _) => vec![StateWord::Failed],
        (Status::Cancelled, _) => vec![StateWord::Cancelled],
        (Status::EnteredInError, _) => Vec::new(),
    }
}

/// A row of the table: a state that some other system has a word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Our status.
    pub status: Status,
    /// Our step, where only that one has the word.
    pub step: Option<Step>,
    /// How far the letter has come, where that makes the difference.
    pub letter: Option<Letter>,
    /// What the others call it.
    pub words: Words,
}

/// The whole table, as the API and the documentation give it.
pub fn table() -> Vec<TableRow> {
    let row = |status, step: Option<Step>, letter: Option<Letter>| TableRow {
        status,
        step,
        letter,
        words: words(status, step.unwrap_or(Step::Ended), letter.unwrap_or(Letter::None)),
    };
    vec![
        row(Status::Draft, None, None),
        row(Status::Draft, Some(Step::InReview), None),
        row(Status::Requested, Some(Step::Sent), None),
        row(Status::Requested, Some(Step::Sent), Some(Letter::Queued)),
        row(Status::Requested, Some(Step::Sent), Some(Letter::Sent)),
        row(Status::Requested, Some(Step::Acknowledged), None),
        row(Status::Accepted, None, None),
        row(Status::InProgress, None, None),
        row(Status::OnHold, None, None),
        row(Status::Rejected, None, None),
        row(Status::Completed, None, None),
        row(Status::Failed, None, None),
        row(Status::Cancelled, None, None),
        row(Status::EnteredInError, None, None),
    ]
}

/// The FHIR R4 `Task.status`; our step is the task's business status.
pub fn fhir(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Requested => "requested",
        Status::Accepted => "accepted",
        Status::InProgress => "in-progress",
        Status::OnHold => "on-hold",
        Status::Rejected => "rejected",
        Status::Completed => "completed",
        Status::Failed => "failed",
        Status::Cancelled => "cancelled",
        Status::EnteredInError => "entered-in-error",
    }
}

/// The status that a FHIR `Task.status` asks for; FHIR's `received` is our acknowledged request.
pub fn from_fhir(text: &str) -> Option<(Status, Option<Step>)> {
    match text {
        "received" => Some((Status::Requested, Some(Step::Acknowledged))),
        _ => Status::ALL.iter().copied().find(|status| fhir(*status) == text).map(|status| (status, None)),
    }
}

fn progres(status: Status, step: Step) -> &'static [&'static str] {
    match (status, step) {
        (Status::Draft, Step::InReview) => &["Pending Review", "Pending Recommendation"],
        (Status::Requested, Step::Sent) => &["Pending Action", "Pending Acknowledgement"],
        _ => &[],
    }
}

fn lampss(status: Status, letter: Letter) -> Option<&'static str> {
    match (status, letter) {
        (Status::Draft, _) => Some("Draft"),
        (Status::Requested, Letter::Queued) => Some("Submitted"),
        (Status::Requested, Letter::Sent) => Some("Emailed"),
        _ => None,
    }
}

fn costa_rica(status: Status, step: Step) -> Option<&'static str> {
    match (status, step) {
        (Status::Requested, Step::Acknowledged) => Some("EN TRAMITE"),
        (Status::Requested, _) => Some("ENVIADA"),
        (Status::Accepted | Status::InProgress, _) => Some("EN TRAMITE"),
        (Status::Completed, _) => Some("APROBADA"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_sources_holds() {
        let said = |status, step, letter| {
            let words = words(status, step, letter);
            (words.progres.first().copied(), words.lampss, words.costa_rica)
        };
        assert_eq!(said(Status::Draft, Step::InReview, Letter::None), (Some("Pending Review"), Some("Draft"), None));
        assert_eq!(
            said(Status::Requested, Step::Sent, Letter::Queued),
            (Some("Pending Action"), Some("Submitted"), Some("ENVIADA"))
        );
        assert_eq!(said(Status::Requested, Step::Acknowledged, Letter::Sent), (None, Some("Emailed"), Some("EN TRAMITE")));
        assert_eq!(said(Status::Accepted, Step::Scheduled, Letter::Sent), (None, None, Some("EN TRAMITE")));
        assert_eq!(said(Status::Completed, Step::Ended, Letter::Sent), (None, None, Some("APROBADA")));
    }

    #[test]
    fn every_status_stands_in_the_table_and_a_pack_is_asked_for_the_finer_word_first() {
        let table = table();
        assert!(Status::ALL.iter().all(|status| table.iter().any(|row| row.status == *status)));
        let asked = state_words(Status::Requested, Step::Sent, Letter::Queued);
        assert_eq!(asked, [StateWord::LetterQueued, StateWord::Sent]);
        assert_eq!(state_words(Status::Draft, Step::InReview, Letter::None)[0], StateWord::InReview);
    }

    #[test]
    fn fhir_reads_back() {
        for status in Status::ALL {
            assert_eq!(from_fhir(fhir(*status)), Some((*status, None)));
        }
        assert_eq!(from_fhir("received"), Some((Status::Requested, Some(Step::Acknowledged))));
        assert_eq!(from_fhir("ready"), None);
    }
}
