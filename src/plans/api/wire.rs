//! What plans look like on the wire.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, FieldErrors};
use crate::plans::line::{LONGEST, Line, Typed};
use crate::plans::plan::{Plan, Review, Said};
use crate::plans::store::Started;
use crate::plans::{Agreement, agreement};
use crate::platform::ids::{DocumentId, PersonId, PlanId, PlanLineId, ReferralId, ServiceId, UserId};
use crate::platform::typed;

/// A version of a plan without its words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanWire {
    id: PlanId,
    nth: i32,
    /// The version that it began as a copy of.
    follows: Option<PlanId>,
    /// `draft`, `proposed`, `agreed`, `ended` or `replaced`.
    state: String,
    /// Somebody who wrote none of it must approve it before it is agreed.
    needs_approval: bool,
    approved_at: Option<DateTime<Utc>>,
    agreed_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    recorded_at: DateTime<Utc>,
    /// When progress is looked at next.
    review_on: Option<NaiveDate>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Plan> for PlanWire {
    fn from(plan: &Plan) -> Self {
        Self {
            id: plan.id,
            nth: plan.nth,
            follows: plan.follows,
            state: plan.state.clone(),
            needs_approval: plan.needs_approval,
            approved_at: plan.approved_at,
            agreed_at: plan.agreed_at,
            ended_at: plan.ended_at,
            recorded_at: plan.recorded_at,
            review_on: plan.review_on,
            version: plan.version,
        }
    }
}

/// What stands above the goals.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(super) struct SaidWire {
    /// What the person wants.
    #[serde(default)]
    pub(super) wants: String,
    /// What limits them.
    #[serde(default)]
    pub(super) limits: String,
    /// What was tried before.
    #[serde(default)]
    pub(super) tried: String,
}

/// What stands above the goals, and when progress is looked at.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WordsWire {
    #[serde(flatten)]
    pub(super) said: SaidWire,
    /// Today or later.
    pub(super) review_on: Option<NaiveDate>,
}

/// A line to write.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct LineWire {
    /// `goal`, `result`, `commitment`, `support`, `accompaniment` or `safety`; that of a line never changes.
    #[serde(default)]
    pub(super) kind: String,
    /// A result stands under a goal, an action under a result, a goal and a safety action under nothing.
    pub(super) under: Option<PlanLineId>,
    #[serde(default)]
    words: String,
    /// Who of the case's people does it; a commitment names somebody.
    person: Option<PersonId>,
    /// The colleague who does it or sees to it; an accompaniment names somebody.
    worker: Option<UserId>,
    /// One of one's own organisation's services.
    service: Option<ServiceId>,
    /// What a referral is to bring: a need of the pack.
    #[serde(default)]
    need: String,
    starts_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
}

impl LineWire {
    /// What was typed, cleaned as a form's field is.
    pub(super) fn typed(&self) -> Result<Typed, Error> {
        let mut errors = FieldErrors::default();
        bounded(&mut errors, &[("words", &self.words, LONGEST), ("need", &self.need, 40)]);
        errors.or_ok()?;
        Ok(Typed {
            words: typed::cleaned(&self.words),
            person_id: self.person,
            worker: self.worker,
            service_id: self.service,
            need: Some(self.need.clone()).filter(|need| !need.is_empty()),
            starts_on: self.starts_on,
            due_on: self.due_on,
        })
    }
}

/// How an action went.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MarkWire {
    /// `done`, `not_done` or `open`.
    #[serde(default)]
    pub(super) state: String,
}

/// A word to whoever wrote it.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RemarkWire {
    /// Needed to give it back.
    #[serde(default)]
    pub(super) remark: String,
}

/// How one side agrees.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AgreeingWire {
    /// `person` or `organisation`.
    #[serde(default)]
    pub(super) side: String,
    /// Who of the case's people; for the side `person` only.
    pub(super) person: Option<PersonId>,
    /// `said`, `drawn`, `paper`, `thumb`, `code`, for a small child for whom no adult can safely speak `best_interests`; for the organisation `signed_in`, `drawn`, `paper`.
    #[serde(default)]
    pub(super) way: String,
    /// The six digits that the person was sent; needed for `code`.
    #[serde(default)]
    pub(super) code: String,
    /// The paper: a document of the case.
    pub(super) document: Option<DocumentId>,
    /// Needed for `said` and `thumb`.
    #[serde(default)]
    pub(super) witness: String,
    #[serde(default)]
    pub(super) interpreter: String,
    /// The interpreter is no relative and no child, and keeps what was said to themselves.
    #[serde(default)]
    pub(super) interpreter_bound: bool,
    /// Points in a box of 600 by 200, `x,y x,y`, strokes parted by semicolons; needed for `drawn`.
    #[serde(default)]
    pub(super) strokes: String,
    /// Why it is best for the child; needed for `best_interests`.
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) language: String,
    /// Now when absent.
    pub(super) happened_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    pub(super) late_reason: String,
}

impl AgreeingWire {
    /// Nothing is longer than a form would take.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut errors = FieldErrors::default();
        let texts = [
            ("code", &self.code, 20),
            ("witness", &self.witness, 200),
            ("interpreter", &self.interpreter, 200),
            ("reason", &self.reason, LONGEST),
            ("language", &self.language, 60),
            ("late_reason", &self.late_reason, 200),
        ];
        bounded(&mut errors, &texts);
        errors.or_ok()
    }
}

/// To whom a code is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CodeToWire {
    /// Who of the case's people.
    #[serde(default)]
    pub(super) person: Option<PersonId>,
    /// They are with whoever sends it and have the telephone in their hand; needed at hours that are not known to be safe.
    #[serde(default)]
    pub(super) in_hand: bool,
}

/// What is said at a review.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ReviewingWire {
    /// Each result with how far it has come: `achieved`, `partly` or `not`.
    #[serde(default)]
    pub(super) progress: BTreeMap<PlanLineId, String>,
    /// What was said of a result.
    #[serde(default)]
    pub(super) words_of_results: BTreeMap<PlanLineId, String>,
    #[serde(default)]
    pub(super) words: String,
    /// `1` to `5`, `unsaid` where the person did not want to say, `unasked` where nobody asked, and why.
    #[serde(default)]
    pub(super) satisfaction: String,
    #[serde(default)]
    pub(super) unasked: String,
    pub(super) happened_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    pub(super) late_reason: String,
    /// When progress is looked at next; nothing at the end.
    pub(super) next_on: Option<NaiveDate>,
}

impl ReviewingWire {
    /// Nothing is longer than a form would take.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut errors = FieldErrors::default();
        bounded(&mut errors, &[("words", &self.words, LONGEST), ("late_reason", &self.late_reason, 200)]);
        bounded(&mut errors, &[("unasked", &self.unasked, 200)]);
        self.words_of_results.values().for_each(|words| bounded(&mut errors, &[("words_of_results", words, LONGEST)]));
        errors.or_ok()
    }
}

fn bounded(errors: &mut FieldErrors, texts: &[(&str, &String, usize)]) {
    for (name, text, most) in texts {
        if text.chars().count() > *most {
            errors.add(name, "too_long");
        }
    }
}

/// A plan that was begun or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanMade {
    id: PlanId,
    state: String,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Plan> for PlanMade {
    fn from(plan: &Plan) -> Self {
        Self { id: plan.id, state: plan.state.clone(), version: plan.version }
    }
}

/// A line that was written or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineMade {
    pub(super) id: PlanLineId,
    /// For the next `If-Match`.
    pub(super) version: i32,
}

/// A line as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineShown {
    id: PlanLineId,
    kind: String,
    under: Option<PlanLineId>,
    words: String,
    person: Option<PersonId>,
    worker: Option<UserId>,
    service: Option<ServiceId>,
    need: Option<String>,
    starts_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    /// `open`, `done` or `not_done`; of actions only.
    state: String,
    /// Referrals that were started from it.
    referrals: Vec<ReferralId>,
    /// The line of the former version that it is a copy of.
    was: Option<PlanLineId>,
    version: i32,
}

/// Who agreed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgreementShown {
    side: String,
    person: Option<PersonId>,
    way: String,
    document: Option<DocumentId>,
    witness: String,
    interpreter: String,
    reason: String,
    language: String,
    happened_at: DateTime<Utc>,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReviewShown {
    /// `review` or `end`.
    kind: String,
    progress: BTreeMap<PlanLineId, String>,
    words_of_results: BTreeMap<PlanLineId, String>,
    words: String,
    /// From 1 to 5.
    satisfaction: Option<i16>,
    /// Asked how satisfied they are, the person did not want to say.
    unsaid: bool,
    /// Why nobody asked.
    unasked: String,
    happened_at: DateTime<Utc>,
}

/// A version with all that it says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WholeWire {
    #[serde(flatten)]
    plan: PlanWire,
    #[serde(flatten)]
    said: SaidWire,
    /// What whoever approved it or gave it back says.
    remark: String,
    lines: Vec<LineShown>,
    /// Those given to it as it was put forward last.
    agreements: Vec<AgreementShown>,
    reviews: Vec<ReviewShown>,
}

impl WholeWire {
    /// All of it.
    pub(super) fn of(
        plan: &Plan,
        (said, remark): (Said, String),
        (lines, referrals): (&[Line], &[Started]),
        (agreements, reviews): (&[Agreement], &[Review]),
    ) -> Self {
        let current = agreements.iter().filter(|one| one.round == plan.round && !plan.is_draft());
        Self {
            plan: PlanWire::from(plan),
            said: SaidWire { wants: said.wants, limits: said.limits, tried: said.tried },
            remark,
            lines: lines.iter().map(|line| shown(line, referrals)).collect(),
            agreements: current.map(agreed).collect(),
            reviews: reviews.iter().map(reviewed).collect(),
        }
    }
}

fn shown(line: &Line, referrals: &[Started]) -> LineShown {
    LineShown {
        id: line.id,
        kind: line.kind.clone(),
        under: line.parent,
        words: line.words.clone(),
        person: line.person_id,
        worker: line.worker,
        service: line.service_id,
        need: line.need.clone(),
        starts_on: line.starts_on,
        due_on: line.due_on,
        state: line.state.clone(),
        referrals: referrals.iter().filter(|one| one.line == line.id).map(|one| one.referral).collect(),
        was: line.was,
        version: line.version,
    }
}

fn agreed(one: &agreement::Agreement) -> AgreementShown {
    AgreementShown {
        side: one.side.clone(),
        person: one.person_id,
        way: one.way.clone(),
        document: one.document_id,
        witness: one.sealed.witness.clone(),
        interpreter: one.sealed.interpreter.clone(),
        reason: one.sealed.reason.clone(),
        language: one.language.clone(),
        happened_at: one.happened_at,
    }
}

fn reviewed(review: &Review) -> ReviewShown {
    ReviewShown {
        kind: review.kind.clone(),
        progress: review.progress.clone(),
        words_of_results: review.said.of_results.clone(),
        words: review.said.words.clone(),
        satisfaction: review.satisfaction,
        unsaid: review.unsaid,
        unasked: review.said.unasked.clone(),
        happened_at: review.happened_at,
    }
}
