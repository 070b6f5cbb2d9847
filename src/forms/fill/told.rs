//! What a complete copy says, for a room that passes it on: as its sheet shows it, without what the case withholds, without its files.
use super::at::At;
use super::{files, sheet};
use crate::cases::Case;
use crate::error::Error;
use crate::forms::{Submission, plans};
use crate::platform::db::Work;
use crate::web::Page;

/// A question that was asked, with its answer.
#[derive(Debug, Clone)]
pub struct Told {
    /// The name of the question in its form.
    pub name: String,
    /// The question, in the reader's language where the form has it.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// What was chosen, counted or dated, as it is kept; empty for words.
    pub chosen: String,
    /// It was typed freely, says where something is, or tells of several: it may speak of others.
    pub is_free: bool,
}

/// What was asked and answered in a copy, in the order of the form.
pub async fn told(work: &mut Work, p: &Page, case: &Case, copy: &Submission) -> Result<Vec<Told>, Error> {
    let plan = plans::plan(work, copy.edition_id).await?;
    let language = plans::language(&plan, p.reader.lang);
    let at = At::of(work, case.clone(), copy.clone(), &language).await?;
    let files = files::of(work, copy.id).await?;
    let mut all = Vec::new();
    for section in sheet::sections(p, &at, &files) {
        let heading = section.heading;
        // Documents go by themselves.
        let rows = section.rows.into_iter().filter(|said| !said.is_file && !said.text.is_empty());
        all.extend(rows.map(|said| Told {
            name: said.name,
            question: if heading.is_empty() { said.term } else { format!("{heading} · {}", said.term) },
            answer: said.text,
            chosen: said.code,
            is_free: !said.is_coded,
        }));
        let rounds = section.table.map(|table| table.rows).unwrap_or_default();
        for (nth, round) in (1_i64..).zip(rounds) {
            let question = |head: String| format!("{heading} {} · {head}", p.number(nth));
            let cells = round.into_iter().filter(|(_, text)| !text.is_empty());
            let cell = |(head, answer)| Told {
                name: String::new(),
                question: question(head),
                answer,
                chosen: String::new(),
                is_free: true,
            };
            all.extend(cells.map(cell));
        }
    }
    Ok(all)
}
