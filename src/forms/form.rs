//! A form, its editions, its filled copies, and the rules that need no database.
use chrono::{DateTime, Utc};

use crate::cases::Case;
use crate::error::{Clash, Error};
use crate::packs::Sensitivity;
use crate::platform::ids::{ArrivalId, CaseId, EditionId, FormId, OrgId, SubmissionId, UnitId, UserId};

/// A questionnaire through all its editions.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its id.
    pub id: FormId,
    /// Whose it is; nobody's where a pack brings it to every organisation.
    pub org: Option<OrgId>,
    /// The pack that brings it.
    pub pack: Option<String>,
    /// Its id in the form itself.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// The numbers of the case types that it is for; none for all but restricted ones.
    pub case_types: Vec<i16>,
    /// `household` or `person`.
    pub subject: String,
    /// It may come from a device before there is a case.
    pub intake: bool,
    /// It may be filled in without a network.
    pub offline: bool,
    /// Counts its changes.
    pub version: i32,
}

impl Form {
    /// It is for cases such as this: of its types, and about a household or one person as it asks (S12).
    pub fn is_for(&self, case: &Case) -> bool {
        let of_type = self.case_types.contains(&case.case_type)
            || (self.case_types.is_empty() && case.sensitivity() != Sensitivity::Restricted);
        of_type && self.asks_about(case)
    }

    /// It is about a household or one person as this case is (S12). A copy that was taken along for the case asks no more: of which type the
    /// case was then is over, and what was filled in for it belongs nowhere else (S9).
    pub fn asks_about(&self, case: &Case) -> bool {
        let about = if case.household_id.is_some() { "household" } else { "person" };
        self.subject == about
    }
}

/// One definition of a form, without its text.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// The form.
    pub form_id: FormId,
    /// Counts the form's editions from 1.
    pub number: i32,
    /// `draft`, `published` or `retired`.
    pub state: String,
    /// The version as the author wrote it.
    pub form_version: String,
    /// The name of the file it came as.
    pub source_name: String,
    /// The MD5 digest of its XForm, in hexadecimal.
    pub hash: String,
    /// The languages it is written in, as the author names them.
    pub languages: Vec<String>,
    /// How many questions it has.
    pub questions: i32,
    /// Who uploaded it.
    pub uploaded_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Since when it is filled in.
    pub published_at: Option<DateTime<Utc>>,
    /// Until when it was.
    pub retired_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i32,
}

/// A file beside an edition: a picture, a sound, a list of choices.
#[derive(Debug, Clone)]
pub struct Media {
    /// The name that the form calls it by.
    pub name: String,
    /// Its type.
    pub media_type: String,
    /// The MD5 digest of its bytes, in hexadecimal.
    pub hash: String,
}

/// Where a copy was filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// On our pages.
    Page,
    /// In the browser, perhaps without a network.
    Browser,
    /// With a field client.
    Collect,
    /// By a program.
    Api,
}

impl Origin {
    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Browser => "browser",
            Self::Collect => "collect",
            Self::Api => "api",
        }
    }
}

/// One filled copy on a case, without its answers.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The case.
    pub case_id: CaseId,
    /// The form.
    pub form_id: FormId,
    /// The form's title.
    pub title: String,
    /// The form's id in itself.
    pub code: String,
    /// The edition that it keeps.
    pub edition_id: EditionId,
    /// Its id as devices know it.
    pub instance_id: String,
    /// The copy whose place it takes.
    pub replaces: Option<SubmissionId>,
    /// `draft`, `complete` or `replaced`; `moved` for the stub of one that went to another case.
    pub state: String,
    /// Where whoever fills it in left off.
    pub at_page: String,
    /// How many questions are answered.
    pub answered: i32,
    /// Of how many that are asked.
    pub asked: i32,
    /// Where it was filled in.
    pub origin: String,
    /// Who began it.
    pub author_name: String,
    /// When.
    pub started_at: DateTime<Utc>,
    /// When it was completed.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it came here.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// It names somebody else than its case, and nobody settled that yet.
    pub names_other: bool,
}

impl Submission {
    /// It may still be written in.
    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}/forms/{}", self.case_id, self.id)
    }

    /// Refuses what is complete, and what changed since it was read.
    pub fn must_be_draft(&self, version: i32) -> Result<(), Error> {
        if !self.is_draft() {
            return Err(Error::Conflict(Clash::State { state: self.state.clone(), code: "form_complete" }));
        }
        if self.version == version { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
    }
}

/// A filled copy from a device that names no case, without its answers.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Its id.
    pub id: ArrivalId,
    /// The organisation it came to.
    pub org: OrgId,
    /// The unit whose inbox it waits in.
    pub unit: UnitId,
    /// The type of case that it would open.
    pub case_type: i16,
    /// The form.
    pub form_id: FormId,
    /// The form's title.
    pub title: String,
    /// The edition.
    pub edition_id: EditionId,
    /// Its id as devices know it.
    pub instance_id: String,
    /// Where it was filled in.
    pub origin: String,
    /// Who sent it.
    pub author: UserId,
    /// Their name.
    pub author_name: String,
    /// When it came.
    pub recorded_at: DateTime<Utc>,
    /// `waiting`, `placed` or `discarded`.
    pub state: String,
    /// Why it was discarded.
    pub reason: Option<String>,
    /// Where it was placed.
    pub case_id: Option<CaseId>,
    /// Counts its changes.
    pub version: i32,
}
