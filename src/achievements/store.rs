//! Every SQL statement of this room. What was seen, and why a line does not apply, is sealed with the case's key.
use chrono::NaiveDate;

use super::line::{Grounds, Mark, Person, Told};
use super::ruling;
use crate::assessments::{self, Round};
use crate::cases::Case;
use crate::error::{Clash, Error, OnConstraint};
use crate::packs::{Achievements, Known, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, PersonId, RowId};

/// Where sealed words lie.
pub const WORDS: &str = "achievement_marks.words";
// More than anybody sets on one case; the newest come first, so that those which count are never left out.
const MOST: i64 = 5_000;

/// What the lines of a list are judged by.
pub(super) async fn grounds(work: &mut Work, case: &Case, (pack, list): (&Pack, &Achievements)) -> Result<Grounds, Error> {
    let asked = list.lines().any(|(_, line)| line.known == Known::Answer);
    let people = people(work, case.id).await?;
    Ok(Grounds {
        ruled: Box::pin(ruling::ruled(work, case, (pack, list), &people)).await?,
        marks: marks(work, case.id).await?,
        told: if asked { told(work, case.id).await? } else { Vec::new() },
        people,
    })
}

// The household: caregivers and adults whom a child chose need not belong to it.
async fn people(work: &mut Work, case: CaseId) -> Result<Vec<Person>, Error> {
    let people = sqlx::query_as!(
        Person,
        r#"select p.id as "id: PersonId", p.name, p.code, p.born_on, p.born_estimated, p.sex, cp.not_safe_to_involve,
             (select min(d.recorded_at) from person_documents d where d.person_id = p.id) as "documented_at?"
           from case_people cp join persons p on p.id = cp.person_id
           where cp.case_id = $1 and cp.part in ('subject', 'member')
           order by array_position(array['subject', 'member'], cp.part), p.born_on, p.id limit 200"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(people)
}

async fn marks(work: &mut Work, case: CaseId) -> Result<Vec<Mark>, Error> {
    let marks = sqlx::query_as!(
        Mark,
        r#"select id as "id: RowId", line, person_id as "person_id: PersonId", nth, state, seen_on, document_id as "document_id: DocumentId", author_name,
             recorded_at
           from achievement_marks where case_id = $1 order by recorded_at desc, id desc limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(marks)
}

async fn told(work: &mut Work, case: CaseId) -> Result<Vec<Told>, Error> {
    let mut rounds: Vec<Round> = assessments::store::list(work, case).await?;
    rounds.retain(Round::is_settled);
    let said = assessments::store::said(work, case, &rounds).await?;
    let zone = work.zone();
    let told = rounds.into_iter().zip(said).map(|(round, said)| Told {
        on: round.happened_at.or(round.finalised_at).unwrap_or(round.recorded_at).with_timezone(&zone).date_naive(),
        tool: round.tool,
        answers: said.answers,
    });
    Ok(told.collect())
}

/// A time of setting with its words opened.
#[derive(Debug, Clone)]
pub struct Said {
    /// The setting.
    pub mark: Mark,
    /// What was seen, or why.
    pub words: String,
}

/// Every time that a line was set, for the household or for this member, the newest first.
pub(super) async fn history(work: &mut Work, case: CaseId, line: &str, person: Option<PersonId>) -> Result<Vec<Said>, Error> {
    let person = person.map(|person| person.0);
    let rows = sqlx::query!(
        r#"select id as "id: RowId", line, person_id as "person_id: PersonId", nth, state, seen_on, document_id as "document_id: DocumentId", author_name,
             recorded_at, words
           from achievement_marks where case_id = $1 and line = $2 and person_id is not distinct from $3 order by nth desc limit 200"#,
        case.0,
        line,
        person
    )
    .fetch_all(work.db())
    .await?;
    let key = if rows.iter().any(|row| row.words.is_some()) { Some(work.case_key(case.0).await?) } else { None };
    rows.into_iter()
        .map(|row| {
            let words = row.words.as_deref().zip(key.as_ref()).map(|(sealed, key)| key.open_text(WORDS, sealed)).transpose()?;
            let mark = Mark {
                id: row.id,
                line: row.line,
                person_id: row.person_id,
                nth: row.nth,
                state: row.state,
                seen_on: row.seen_on,
                document_id: row.document_id,
                author_name: row.author_name,
                recorded_at: row.recorded_at,
            };
            Ok(Said { mark, words: words.unwrap_or_default() })
        })
        .collect()
}

/// What is kept of a setting.
pub(super) struct NewMark<'a> {
    pub(super) line: &'a str,
    pub(super) person: Option<PersonId>,
    pub(super) nth: i32,
    pub(super) state: &'a str,
    pub(super) seen_on: NaiveDate,
    pub(super) document: Option<DocumentId>,
    pub(super) words: &'a str,
}

/// Keeps a setting. Whoever was first with this number wins: [`Clash::Stale`] for the other.
pub(super) async fn insert(work: &mut Work, case: &Case, new: NewMark<'_>) -> Result<RowId, Error> {
    let (id, me, name, now) = (RowId::new(), work.me()?, work.standing.name.clone(), work.now());
    let words = if new.words.is_empty() { None } else { Some(work.case_key(case.id.0).await?.seal(WORDS, new.words.as_bytes())) };
    sqlx::query!(
        "insert into achievement_marks (id, case_id, line, person_id, nth, state, seen_on, document_id, words, author, author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id.0,
        case.id.0,
        new.line,
        new.person.map(|person| person.0),
        new.nth,
        new.state,
        new.seen_on,
        new.document.map(|document| document.0),
        words,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("achievement_marks_nth_key", || Error::Conflict(Clash::Stale))?;
    Ok(id)
}
