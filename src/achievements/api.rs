//! REST calls of achievements: every action of the pages.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::Standing;
use super::actions::{self, LONGEST, Setting};
use super::figure::{Counts, Missing, Poor};
use super::line::{Judged, Source, Stood};
use super::progress::Point;
use super::store::{self, Said};
use crate::api::{Asked, IfMatch};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, PersonId};
use crate::platform::typed;
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/achievements", index)
        .api("POST", "/api/v1/cases/{id}/achievements", set)
        .api("GET", "/api/v1/cases/{id}/achievements/history", history)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, set, history))]
struct Described;

/// How a line stands for the household, or for one member.
#[derive(Debug, Serialize, ToSchema)]
struct StandWire {
    /// Whose, of a line that each member has.
    person: Option<PersonId>,
    /// `achieved`, `to_achieve`, `does_not_apply` or `unknown`.
    state: String,
    /// From what: `hand`, `registry`, `answer`, `rule`, `not_theirs` (age or sex), `no_age` or `nothing`.
    from: String,
    /// Since when it is known to be so.
    seen_on: Option<NaiveDate>,
    /// For the next `If-Match`: how often it was set.
    version: i32,
}

impl From<&Judged<'_>> for StandWire {
    fn from(judged: &Judged<'_>) -> Self {
        let (from, seen_on) = match judged.from {
            Source::Hand(mark) => ("hand", Some(mark.seen_on)),
            Source::Registry(since) => ("registry", since.map(|at| at.date_naive())),
            Source::Answer(told) => ("answer", Some(told.on)),
            Source::Rule(ruled) => ("rule", ruled.filled.as_ref().map(|filled| filled.on)),
            Source::NotTheirs => ("not_theirs", None),
            Source::NoAge => ("no_age", None),
            Source::Nothing => ("nothing", None),
        };
        Self {
            person: judged.person.map(|person| person.id),
            state: judged.state.as_str().to_owned(),
            from: from.to_owned(),
            seen_on,
            version: judged.version(),
        }
    }
}

/// A line of the list.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementWire {
    /// A code of the pack.
    line: String,
    dimension: String,
    /// `by_hand`, `identity_document`, `answer` or `rule`; only the first is set.
    known: String,
    /// In all.
    state: String,
    /// Its share in the weights of the whole list, from 0 to 1.
    share: f64,
    /// For the household, or for each member.
    stands: Vec<StandWire>,
}

/// How many lines stand how.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementCountsWire {
    achieved: i64,
    to_achieve: i64,
    does_not_apply: i64,
    unknown: i64,
}

impl From<Counts> for AchievementCountsWire {
    fn from(counts: Counts) -> Self {
        let Counts { achieved, to_achieve, does_not_apply, unknown } = counts;
        Self { achieved, to_achieve, does_not_apply, unknown }
    }
}

/// The weighted share of conditions that are missing among those that apply, from 0 to 1.
#[derive(Debug, Serialize, ToSchema)]
struct MissingWire {
    /// If whatever is not known were achieved.
    least: f64,
    /// If none of it were.
    most: f64,
}

impl From<Missing> for MissingWire {
    fn from(missing: Missing) -> Self {
        Self { least: missing.least, most: missing.most }
    }
}

/// How the list stood on a day.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementPointWire {
    on: NaiveDate,
    counts: AchievementCountsWire,
    missing: Option<MissingWire>,
}

impl From<Point> for AchievementPointWire {
    fn from(point: Point) -> Self {
        Self { on: point.on, counts: point.counts.into(), missing: point.missing.map(Into::into) }
    }
}

/// The achievements of a household.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementsWire {
    lines: Vec<AchievementWire>,
    counts: AchievementCountsWire,
    /// Absent where no line applies.
    missing: Option<MissingWire>,
    /// Poor in several dimensions; absent where the pack names no limit, or what is not known decides.
    poor: Option<bool>,
    /// The ends of the last months, and today.
    progress: Vec<AchievementPointWire>,
}

/// How a line is set.
#[derive(Debug, Deserialize, ToSchema)]
struct SettingWire {
    /// A code of the pack.
    #[serde(default)]
    line: String,
    /// Whose, of a line that each member has.
    person: Option<PersonId>,
    /// `achieved`, `to_achieve`, `does_not_apply` or `unknown`.
    #[serde(default)]
    state: String,
    /// Since when that is known; needed for `achieved` and `to_achieve`.
    seen_on: Option<NaiveDate>,
    /// A document of the case that shows it.
    document: Option<DocumentId>,
    /// What was seen; the reason of `does_not_apply` and `unknown`.
    #[serde(default)]
    words: String,
}

/// One time that a line was set.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementMarkWire {
    state: String,
    seen_on: NaiveDate,
    document: Option<DocumentId>,
    words: String,
    author: String,
    recorded_at: DateTime<Utc>,
    version: i32,
}

impl From<Said> for AchievementMarkWire {
    fn from(Said { mark, words }: Said) -> Self {
        Self {
            state: mark.state,
            seen_on: mark.seen_on,
            document: mark.document_id,
            words,
            author: mark.author_name,
            recorded_at: mark.recorded_at,
            version: mark.nth,
        }
    }
}

/// The achievements of a household: every line, what is missing in all, and progress over time. 404 where cases of this kind have no list.
#[utoipa::path(get, path = "/api/v1/cases/{id}/achievements", tag = "achievements", params(("id" = CaseId, Path)), responses((status = 200, body = AchievementsWire)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let (case, standing) = Standing::find(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let list = standing.list();
    let line = |stood: &Stood<'_>| AchievementWire {
        line: stood.line.code.clone(),
        dimension: stood.dimension.code.clone(),
        known: stood.line.known.as_str().to_owned(),
        state: stood.state.as_str().to_owned(),
        share: list.share(stood.dimension, stood.line),
        stands: stood.judged.iter().map(StandWire::from).collect(),
    };
    let poor = standing.missing().zip(list.poor_from).and_then(|(missing, from)| match missing.is_poor(from) {
        Poor::Yes => Some(true),
        Poor::No => Some(false),
        Poor::Open => None,
    });
    let wire = AchievementsWire {
        lines: standing.stood().iter().map(line).collect(),
        counts: standing.counts().into(),
        missing: standing.missing().map(Into::into),
        poor,
        progress: standing.points().into_iter().map(AchievementPointWire::from).collect(),
    };
    Ok(axum::Json(wire).into_response())
}

/// Sets a line, over the version that `If-Match` names: `"0"` for one that was never set. What was set before is kept.
#[utoipa::path(post, path = "/api/v1/cases/{id}/achievements", tag = "achievements", params(("id" = CaseId, Path)), request_body = SettingWire, responses((status = 200, body = StandWire)))]
async fn set(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<SettingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, _) = Standing::find(&mut work, id).await?;
    let SettingWire { line, person, state, seen_on, document, words } = &asked.body;
    let words = typed::cleaned(words);
    if words.chars().count() > LONGEST {
        return Err(invalid("words", "too_long"));
    }
    let setting = Setting {
        version: version.0,
        line: line.clone(),
        person: *person,
        state: state.clone(),
        seen_on: *seen_on,
        document: *document,
        words,
    };
    actions::set(&mut work, &case, &setting).await?;
    let (_, standing) = Standing::find(&mut work, id).await?;
    let line = standing.list().line(line).ok_or(Error::NotFound)?;
    let stands = StandWire::from(&actions::whose(&standing, line, *person)?);
    asked.answer(work, StatusCode::OK, None, &stands).await
}

/// Every time that a line, `line` in the query, was set, the newest first; `person` in the query for one that each member has.
#[utoipa::path(get, path = "/api/v1/cases/{id}/achievements/history", tag = "achievements", params(("id" = CaseId, Path), ("line" = String, Query), ("person" = Option<PersonId>, Query)), responses((status = 200, body = Vec<AchievementMarkWire>)))]
async fn history(mut work: Work, Path(id): Path<CaseId>, Query(mut query): Query) -> Result<Response, Error> {
    let (case, _) = Standing::find(&mut work, id).await?;
    let person = query.parsed_maybe("person");
    let said = store::history(&mut work, id, query.value("line"), person).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    Ok(axum::Json(said.into_iter().map(AchievementMarkWire::from).collect::<Vec<_>>()).into_response())
}
