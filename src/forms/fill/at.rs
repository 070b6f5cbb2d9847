//! A copy with its case and its form at work: what every page of filling in begins with.
use std::sync::Arc;

use url::form_urlencoded;
use xforms::instance::Instance;
use xforms::session::{Plan, Session};

use crate::access::Act;
use crate::audit::About;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::forms::{Submission, plans, store, withheld};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, SubmissionId};
use crate::web::Page;

/// The ids in the address of a copy.
pub(super) type Ids = (CaseId, SubmissionId);

/// A copy at work.
pub(super) struct At {
    pub case: Case,
    pub copy: Submission,
    pub session: Session,
    // The language that was chosen for this copy, where it is not the worker's own.
    pub chosen: String,
}

impl At {
    /// The copy, its form shown in the language of this name, or in the worker's where it names none.
    pub async fn find(work: &mut Work, (case, id): Ids, language: &str) -> Result<Self, Error> {
        let case = case_of(work, case).await?;
        let copy = store::submission(work, case.id, id).await?;
        Self::of(work, case, copy, language).await
    }

    /// The same, of a copy that was found before.
    pub async fn of(work: &mut Work, case: Case, copy: Submission, language: &str) -> Result<Self, Error> {
        let plan = plans::plan(work, copy.edition_id).await?;
        let mut session = opened(work, &case, &copy, plan).await?;
        if copy.is_draft() {
            withheld::clear(&case, &mut session);
        }
        let chosen = if session.set_language(language) { language.to_owned() } else { String::new() };
        Ok(Self { case, copy, session, chosen })
    }

    /// Whether this actor may write into it now.
    pub async fn may_write(&self, work: &mut Work) -> bool {
        self.case.is_open() && work.may_in(Act::CaseEdit, self.case.unit, Some(self.case.id)).await.is_ok()
    }

    /// The address of one of its pages; empty for where it was left off.
    pub fn href(&self, page: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !page.is_empty() {
            query.append_pair("at", page);
        }
        if !self.chosen.is_empty() {
            query.append_pair("language", &self.chosen);
        }
        let query = query.finish();
        if query.is_empty() { self.copy.path() } else { format!("{}?{query}", self.copy.path()) }
    }

    /// Whom a look at it concerns.
    pub fn about(&self) -> About {
        About::case(self.case.id).with(self.case.person_id).with(self.copy.id)
    }
}

// What is complete is worked out as of then: an age in it must not grow from one look to the next.
async fn opened(work: &mut Work, case: &Case, copy: &Submission, plan: Arc<Plan>) -> Result<Session, Error> {
    let kept = store::answers(work, copy).await?;
    let tree = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let mut surroundings = plans::on_case(work, &plan, case, rand::random());
    if let Some(then) = copy.completed_at {
        surroundings.now = plans::moment(then, work.zone());
    }
    Ok(Session::resume(plan, tree, surroundings))
}

/// The case, for whoever may read it.
pub(super) async fn case_of(work: &mut Work, id: CaseId) -> Result<Case, Error> {
    let case = cases::store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    Ok(case)
}

// The title stands in the browser's history: the code, never the name (S13).
pub(super) async fn titled(work: &mut Work, case: &Case) -> Result<Page, Error> {
    let page = Page::titled(work, "fill-title").await?;
    let title = format!("{} · {}", page.title, case.code);
    Ok(Page { title, ..page })
}
