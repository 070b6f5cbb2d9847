//! Every SQL statement about rules, and about what people say of services. What the reader may not see of a service, they do not see of its rule: the row policies ask.
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::rule::{Rule, Test, labels};
use crate::error::{Clash, Error, OnConstraint, changed};
use crate::packs::Labels;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, RowId, ServiceId};

// More versions than this no rule has; the oldest are not listed.
const MOST_VERSIONS: i64 = 100;
// More services with rules than this are not judged for one case.
const MOST_RULES: i64 = 1000;
// More services than this nobody speaks of.
const MOST_SPOKEN_OF: i64 = 500;

struct Row {
    id: RowId,
    service_id: ServiceId,
    number: i32,
    state: String,
    text: String,
    compiled: Value,
    labels: Value,
    tests: Value,
    written_by_name: String,
    recorded_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    pack: Option<String>,
    version: i32,
    speaks_of: Option<String>,
}

impl Row {
    fn rule(self) -> Result<Rule, Error> {
        let called: BTreeMap<String, String> = serde_json::from_value(self.labels).map_err(anyhow::Error::from)?;
        let tests: Vec<Test> = serde_json::from_value(self.tests).map_err(anyhow::Error::from)?;
        Ok(Rule {
            id: self.id,
            service: self.service_id,
            number: self.number,
            state: self.state,
            text: self.text,
            compiled: self.compiled,
            labels: labels(&called),
            tests,
            written_by: self.written_by_name,
            recorded_at: self.recorded_at,
            activated_at: self.activated_at,
            pack: self.pack,
            speaks_of: self.speaks_of,
            version: self.version,
        })
    }
}

/// The versions of a service's rule, the newest first.
pub async fn versions(work: &mut Work, service: ServiceId) -> Result<Vec<Rule>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: RowId", service_id as "service_id: ServiceId", number, state, text, compiled, labels, tests, written_by_name, recorded_at,
             activated_at, pack, version,
             coalesce(pack, fields_of, (select b.pack from eligibility_rules b where b.service_id = eligibility_rules.service_id and b.pack is not null
               order by b.number desc limit 1)) as "speaks_of?"
           from eligibility_rules where service_id = $1 order by number desc limit $2"#,
        service.0,
        MOST_VERSIONS
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter().map(Row::rule).collect()
}

/// The rules in force of every service that the reader sees.
pub async fn active(work: &mut Work) -> Result<HashMap<ServiceId, Rule>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: RowId", service_id as "service_id: ServiceId", number, state, text, compiled, labels, tests, written_by_name, recorded_at,
             activated_at, pack, version,
             coalesce(pack, fields_of, (select b.pack from eligibility_rules b where b.service_id = eligibility_rules.service_id and b.pack is not null
               order by b.number desc limit 1)) as "speaks_of?"
           from eligibility_rules where state = 'active' order by service_id limit $1"#,
        MOST_RULES
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter().map(|row| Ok((row.service_id, row.rule()?))).collect()
}

/// Of these services those that are shown to everybody: what each is called, and who gives it.
pub(super) async fn public_names(work: &mut Work, services: &[ServiceId]) -> Result<Vec<(ServiceId, String, String)>, Error> {
    let ids: Vec<Uuid> = services.iter().map(|id| id.0).collect();
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select s.id as "id: ServiceId", access.named(s.names, s.name, $2) as "name!", access.named(o.names, o.name, $2) as "provider!"
           from services s join organisations o on o.id = s.org
           where s.id = any ($1) and s.visibility = 'public' and s.status = 'active' order by 2, s.id limit 200"#,
        &ids,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.provider)).collect())
}

/// What a version is to say.
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    pub(super) compiled: Value,
    pub(super) labels: &'a Labels,
    pub(super) tests: &'a [Test],
    pub(super) pack: Option<&'a str>,
    /// As whose fields its names were read, where it was written here.
    pub(super) fields_of: Option<&'a str>,
}

fn wire(labels: &Labels) -> Value {
    serde_json::json!({ "en": labels.en, "ar": labels.ar, "fr": labels.fr, "es": labels.es })
}

/// Begins a draft, the next version. While another one stands, [`Clash::Stale`].
pub(super) async fn begin(work: &mut Work, service: ServiceId, written: Written<'_>) -> Result<RowId, Error> {
    let (id, now) = (RowId::new(), work.now());
    let (me, name) = match written.pack {
        Some(pack) => (None, pack.to_owned()),
        None => (Some(work.me()?.0), work.standing.name.clone()),
    };
    let tests = serde_json::to_value(written.tests).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into eligibility_rules (id, service_id, number, text, compiled, labels, tests, written_by, written_by_name, recorded_at, pack, fields_of)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from eligibility_rules where service_id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.0,
        service.0,
        written.text,
        written.compiled,
        wire(written.labels),
        tests,
        me,
        name,
        now,
        written.pack,
        written.fields_of
    )
    .execute(work.db())
    .await
    .on_constraint("eligibility_rules_draft_key", || Error::Conflict(Clash::Stale))?;
    Ok(id)
}

/// Writes over a draft of the version that was read.
pub(super) async fn save(work: &mut Work, draft: &Rule, version: i32, written: Written<'_>) -> Result<(), Error> {
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    let tests = serde_json::to_value(written.tests).map_err(anyhow::Error::from)?;
    let done = sqlx::query!(
        "update eligibility_rules set text = $3, compiled = $4, labels = $5, tests = $6, written_by = $7, written_by_name = $8, recorded_at = $9, fields_of = $10, version = version + 1
         where id = $1 and version = $2 and state = 'draft'",
        draft.id.0,
        version,
        written.text,
        written.compiled,
        wire(written.labels),
        tests,
        me.0,
        name,
        now,
        written.fields_of
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Puts a version into force; the one before is retired.
pub(super) async fn activate(work: &mut Work, rule: &Rule, version: i32) -> Result<(), Error> {
    retire(work, rule.service).await?;
    let now = work.now();
    let done = sqlx::query!(
        "update eligibility_rules set state = 'active', activated_at = $3, retired_at = null, version = version + 1
         where id = $1 and version = $2 and state <> 'active'",
        rule.id.0,
        version,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("eligibility_rules_active_key", || Error::Conflict(Clash::Stale))?;
    changed(done.rows_affected())
}

/// Ends the rule in force; says whether there was one.
pub(super) async fn retire(work: &mut Work, service: ServiceId) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update eligibility_rules set state = 'retired', retired_at = $2, version = version + 1 where service_id = $1 and state = 'active'",
        service.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The service that an import knows under this id of its own; a pack names services so.
pub(super) async fn by_external_id(work: &mut Work, external: &str) -> Result<Option<ServiceId>, Error> {
    let id =
        sqlx::query_scalar!(r#"select id as "id: ServiceId" from services where external_id = $1 order by id limit 1"#, external)
            .fetch_optional(work.db())
            .await?;
    Ok(id)
}

/// The actor keeps the rules of this organisation's services.
pub(super) async fn keeps(work: &mut Work, org: OrgId) -> Result<bool, Error> {
    let keeps = sqlx::query_scalar!(r#"select $1 = any (access.my_orgs_for('rule.manage')) as "keeps!""#, org);
    Ok(keeps.fetch_one(work.db()).await?)
}

/// What the person says of a service, as it lies.
pub(super) struct Said {
    pub(super) service: ServiceId,
    pub(super) wish: String,
    /// Why, sealed.
    pub(super) words: Option<Vec<u8>>,
}

/// Keeps what the person says, as the newest. While somebody else does the same, [`Clash::Stale`].
pub(super) async fn insert_preference(work: &mut Work, case: CaseId, said: &Said) -> Result<(), Error> {
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    sqlx::query!(
        "insert into service_preferences (id, case_id, service_id, nth, wish, words, author, author_name, recorded_at)
         values ($1, $2, $3, (select coalesce(max(nth), 0) + 1 from service_preferences where case_id = $2 and service_id = $3), $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        case.0,
        said.service.0,
        said.wish,
        said.words,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("service_preferences_nth_key", || Error::Conflict(Clash::Stale))?;
    Ok(())
}

/// What the person says now, the newest of each service.
pub(super) async fn preferences(work: &mut Work, case: CaseId) -> Result<Vec<Said>, Error> {
    let rows = sqlx::query!(
        r#"select distinct on (service_id) service_id as "service_id: ServiceId", wish, words from service_preferences
           where case_id = $1 order by service_id, nth desc limit $2"#,
        case.0,
        MOST_SPOKEN_OF
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| Said { service: row.service_id, wish: row.wish, words: row.words }).collect())
}
