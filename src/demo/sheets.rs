//! Forms of a pack, filled in for the demo as a worker would: the form itself refuses what would not pass.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;
use xforms::instance::Extent;
use xforms::session::{Plan, Session, Surroundings};

use super::casework::CaseFile;
use super::cast::{member_of, user};
use super::tables::{Tables, bytes};
use crate::cases;
use crate::error::Error;
use crate::forms::{self, plans, profile, store};
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, EditionId, FormId};

/// A pack, as it is shipped, with the forms and rules of its folder.
pub fn pack(name: &str, text: &str, beside: &[(&str, &[u8])]) -> Result<Pack, Error> {
    let pack = super::shipped(name, text)?;
    let dir = Path::new("packs").join(name);
    let files: Vec<(PathBuf, Vec<u8>)> = beside.iter().map(|(file, bytes)| (dir.join(file), bytes.to_vec())).collect();
    Ok(packs::beside::complete(&dir, pack, &files)
        .map_err(|mistakes| anyhow::anyhow!("the shipped pack {name} has a mistake: {mistakes:?}"))?)
}

/// A questionnaire of a pack, ready to be filled in.
pub struct Asked {
    code: &'static str,
    form: FormId,
    edition: EditionId,
    plan: Arc<Plan>,
}

/// Publishes a pack's forms; answers with the one of this id.
pub async fn publish(work: &mut Work, pack: &Pack, code: &'static str) -> Result<Asked, Error> {
    forms::packed::load(work, pack).await?;
    let form = store::packed(work, code).await?.ok_or_else(|| anyhow::anyhow!("the pack brings {code}"))?;
    let editions = store::published(work, &[form.id]).await?;
    let edition = editions.first().ok_or_else(|| anyhow::anyhow!("{code} is published"))?.id;
    Ok(Asked { code, form: form.id, edition, plan: plans::plan(work, edition).await? })
}

/// What rules may know of these cases.
pub async fn project(work: &mut Work, cases: &[Uuid]) -> Result<(), Error> {
    for id in cases {
        let case = cases::store::find(work, CaseId(*id)).await?;
        profile::project(work, &case).await?;
    }
    Ok(())
}

/// A copy that is being filled in.
pub struct Sheet<'a> {
    asked: &'a Asked,
    session: Session,
    at: DateTime<Utc>,
}

impl<'a> Sheet<'a> {
    /// Begins one on this case, half way to its consent.
    pub fn begin(asked: &'a Asked, file: &CaseFile, language: &str, seed: u64) -> Self {
        let at = file.opened_at + (file.consented_at - file.opened_at) / 2;
        let moment = plans::moment(at, chrono_tz::Asia::Amman);
        let chance = seed ^ file.id.as_u64_pair().1;
        let surroundings = Surroundings { language: language.to_owned(), ..Surroundings::new(moment, chance) };
        Self { asked, session: Session::open(asked.plan.clone(), surroundings), at }
    }

    /// When it is filled in.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// As many rounds of a repeat in this group, the first of which is there.
    pub fn rounds(&mut self, group: &str, repeat: &str, count: usize) -> anyhow::Result<()> {
        let code = self.asked.code;
        let found = self.session.find(group).zip(self.session.find(&format!("{group}/{repeat}[1]")));
        let (group, first) = found.ok_or_else(|| anyhow::anyhow!("{code} has no {repeat}"))?;
        let repeat = self.session.place(first).ok_or_else(|| anyhow::anyhow!("{code} does not repeat {repeat}"))?;
        for _ in 1..count {
            self.session.add_round(group, repeat).map_err(|refusal| anyhow::anyhow!("{code} takes no more: {refusal:?}"))?;
        }
        Ok(())
    }

    /// Answers a question. What is not asked of somebody, such as work of a child, is left out.
    pub fn say(&mut self, path: &str, answer: &str) -> anyhow::Result<()> {
        let code = self.asked.code;
        let element = self.session.find(path).ok_or_else(|| anyhow::anyhow!("{code} has no {path}"))?;
        if self.session.is_relevant(element) {
            self.session.answer(element, answer).map_err(|refusal| anyhow::anyhow!("{code} refuses {path}: {refusal:?}"))?;
        }
        Ok(())
    }

    /// Completes it and keeps it on the case.
    pub fn keep(mut self, tables: &mut Tables, file: &CaseFile) -> anyhow::Result<()> {
        let (code, at, who) = (self.asked.code, self.at, file.worker());
        let wrong = self.session.findings();
        anyhow::ensure!(wrong.is_empty(), "the demo's answers to {code} have mistakes: {wrong:?}");
        self.session.finish();
        let progress = self.session.progress();
        let xml = self.session.instance().to_xml(Extent::Submission);
        tables.add(
            "submissions",
            json!({ "id": Uuid::new_v5(&file.id, code.as_bytes()), "case_id": file.id, "form_id": self.asked.form, "edition_id": self.asked.edition,
                "instance_id": self.session.instance().instance_id().unwrap_or_default(), "state": "complete",
                "answers": bytes(&file.key.seal(store::ANSWERS, xml.as_bytes())), "at_page": "", "answered": progress.answered, "asked": progress.asked,
                "origin": "browser", "author": user(who), "author_name": member_of(who).name, "started_at": at, "completed_at": at, "recorded_at": at,
                "names_other": false, "version": 1 }),
        );
        Ok(())
    }
}
