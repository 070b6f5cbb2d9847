//! Files that a device sent with a copy, as documents of its case. What each was called there may name somebody, or where they live, and
//! stands nowhere but in the answers: on the case it is called as the question that it answers (S13, S18).
use std::collections::HashMap;

use xforms::form::QuestionKind;
use xforms::instance::Instance;

use super::actions::keeps_places;
use super::admin::say::Sayer;
use super::{Submission, plans, store, withheld};
use crate::cases::Case;
use crate::documents::{self, actions::NewDocument};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::SubmissionId;

// As documents have it.
const LONGEST_TITLE: usize = 200;

/// Puts files of a copy on its case, each once; pictures on no guarded one.
pub async fn attach(work: &mut Work, case: &Case, copy: SubmissionId, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    // Whoever brings the same files at the same time waits here, and then finds them.
    store::hold(work, copy).await?;
    let here = store::files(work, copy).await?;
    let copy = store::submission(work, case.id, copy).await?;
    let xml = store::answers(work, &copy).await?;
    let kept = if keeps_places(case) {
        files.iter().collect()
    } else {
        withheld::kept_files(work, copy.edition_id, &xml, (files, copy.origin.as_str())).await?
    };
    let titles = titles(work, &copy, &xml).await?;
    for (name, bytes) in kept.into_iter().filter(|(name, _)| here.iter().all(|(known, _)| known != name)) {
        let title = titles.get(name).unwrap_or(&copy.title).chars().take(LONGEST_TITLE).collect();
        let document = NewDocument { kind: "other".to_owned(), title, expires_on: None, bytes: bytes.clone(), record: None };
        let document = documents::actions::add(work, case.id, document).await?;
        store::put_file(work, copy.id, case.id, name, document).await?;
    }
    Ok(())
}

// What each file of a copy is called: the words of the question that it answers.
async fn titles(work: &mut Work, copy: &Submission, xml: &str) -> Result<HashMap<String, String>, Error> {
    let tree = Instance::read(xml).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let plan = plans::plan(work, copy.edition_id).await?;
    let (form, spoken) = (plan.form(), plans::language(&plan, work.lang()));
    let language = form.languages.iter().position(|one| one.name == spoken).unwrap_or(form.default_language);
    let sayer = Sayer::new(form, work.lang(), language);
    let mut questions = HashMap::new();
    form.walk(&mut |node| {
        if node.question().is_some_and(|question| matches!(question.kind, QuestionKind::File(_))) {
            questions.insert(node.path.as_str(), sayer.called(node));
        }
    });
    let (mut open, mut titles) = (vec![tree.root()], HashMap::new());
    while let Some(at) = open.pop() {
        open.extend(tree.children(at));
        if let Some(words) = questions.get(tree.path(at).as_str()).filter(|_| !tree.text(at).is_empty()) {
            titles.insert(tree.text(at).to_owned(), words.clone());
        }
    }
    Ok(titles)
}
