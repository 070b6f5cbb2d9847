//! Team grants: a case opened to a colleague or unit until a day, beside what scope shows them. The page holds bars too.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::bars::{self, Bar, Principal, about};
use super::subject::{self, Subject};
use super::table::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The page of a case's bars and grants.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/cases/{id}/access", index).page("POST", "/cases/{id}/access", update)
}

// Whoever still needs the case then is asked again.
const LONGEST: chrono::TimeDelta = chrono::TimeDelta::days(366);

/// A grant that stands.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// The user's or unit's name.
    pub name: String,
    /// `team`, `transfer_view` or `break_glass`.
    pub basis: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Opens a case to a colleague or unit until a moment.
pub async fn give(work: &mut Work, subject: &Subject, who: Principal, until: DateTime<Utc>) -> Result<(), Error> {
    work.may_in(Act::CaseAssign, subject.unit, Some(subject.id)).await?;
    let me = work.me()?;
    if until > work.now() + LONGEST {
        return Err(invalid("until", "too_far"));
    }
    if !may_receive(work, subject, who).await? {
        return Err(invalid("who", "not_a_choice"));
    }
    sqlx::query!(
        "insert into grants (id, case_id, user_id, unit, basis, until, granted_by, org) values ($1, $2, $3, $4, 'team', $5, $6, $7)",
        Uuid::now_v7(),
        subject.id.0,
        who.user(),
        who.unit(),
        until,
        me.0,
        subject.org
    )
    .execute(work.db())
    .await?;
    work.record(Fact::GrantGiven, about(subject.id, who)).await
}

// A team is made of one's own people, who are cleared for such cases and not barred from this one; a restricted case is opened to persons
// by name and never to a unit (S9).
async fn may_receive(work: &mut Work, subject: &Subject, who: Principal) -> Result<bool, Error> {
    let Principal::User(user) = who else {
        let own = sqlx::query_scalar!(
            r#"select exists (select from units n join case_types t on t.id = $3
                 where n.id = $1 and n.org = $2 and n.active and t.sensitivity <> 'restricted') as "own!""#,
            who.unit(),
            subject.org,
            subject.case_type
        );
        return Ok(own.fetch_one(work.db()).await?);
    };
    let fit = sqlx::query_scalar!(
        r#"select exists (select from users where id = $1 and org = $2) and access.fit_for($1, $3, $4) as "fit!""#,
        user.0,
        subject.org,
        subject.id.0,
        subject.case_type
    );
    Ok(fit.fetch_one(work.db()).await?)
}

/// Ends a grant at once.
pub async fn revoke(work: &mut Work, subject: &Subject, grant: RowId) -> Result<(), Error> {
    work.may_in(Act::CaseAssign, subject.unit, Some(subject.id)).await?;
    let now = work.now();
    sqlx::query!("select access.revoke_grant($1, $2, $3)", grant.0, subject.id.0, now).fetch_one(work.db()).await?;
    work.record(Fact::GrantRevoked, About::case(subject.id).with(grant)).await
}

/// The grants that stand on a case.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Grant>, Error> {
    let now = work.now();
    let grants = sqlx::query_as!(
        Grant,
        "select g.id, coalesce(u.name, n.name, '') as \"name!\", g.basis, g.until
         from grants g left join users u on u.id = g.user_id left join units n on n.id = g.unit
         where g.case_id = $1 and g.revoked_at is null and g.until > $2 order by g.until",
        case.0,
        now
    )
    .fetch_all(work.db())
    .await?;
    Ok(grants)
}

#[derive(Template)]
#[template(path = "access/html/case_access.html")]
struct Index {
    p: Page,
    form: Form,
    subject: Subject,
    bars: Vec<Bar>,
    grants: Vec<Grant>,
    may_bar: bool,
    may_grant: bool,
    colleagues: Vec<Choice>,
    anybody: Vec<Choice>,
}

/// GET /cases/{id}/access
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::default()).await?;
    work.show(About::case(id), page).await
}

async fn page(work: &mut Work, id: CaseId, form: Form) -> Result<Index, Error> {
    let subject = subject::find(work, id).await?;
    let (may_bar, may_grant) = (work.holds(Act::BarSet), work.holds(Act::CaseAssign));
    if !may_bar && !may_grant {
        return Err(Error::Forbidden(Act::BarSet.code()));
    }
    let (bars, grants) = (bars::list(work, id).await?, list(work, id).await?);
    let users = sqlx::query!("select id, name from users where org = $1 and active order by name limit 500", work.standing.org)
        .fetch_all(work.db())
        .await?;
    let units = sqlx::query!(
        "select id, name, org from units where active and id <> all (access.my_hidden_units()) order by name limit 500"
    )
    .fetch_all(work.db())
    .await?;
    let own = work.standing.org;
    let users: Vec<_> = users.into_iter().map(|user| Choice::new(format!("user:{}", user.id), user.name)).collect();
    let of = |own_only: bool| {
        let some = units.iter().filter(move |unit| !own_only || unit.org == own);
        some.map(|unit| Choice::new(format!("unit:{}", unit.id), &unit.name))
    };
    let (colleagues, anybody) =
        (users.iter().cloned().chain(of(true)).collect(), users.iter().cloned().chain(of(false)).collect());
    let title = text(work.lang(), "protection-case-access");
    let p = Page::of(work, title).await?;
    let bars = bars.into_iter().map(|bar| Bar { reason: bars::reason_in_words(&p, bar.reason), ..bar }).collect();
    Ok(Index { p, form, subject, bars, grants, may_bar, may_grant, colleagues, anybody })
}

/// POST /cases/{id}/access
async fn update(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let subject = subject::find(&mut work, id).await?;
    match change(&mut work, &subject, &mut form).await {
        Ok(said) => work.then(&subject.under("access"), said).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, id, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn change(work: &mut Work, subject: &Subject, form: &mut Form) -> Result<&'static str, Error> {
    // Nothing about what else is wrong before it is clear that the actor may change anything here.
    work.may(if form.value("act").ends_with("bar") || form.value("act") == "lift" { Act::BarSet } else { Act::CaseAssign })?;
    match form.one_of("act", ["bar", "lift", "grant", "revoke"]).as_str() {
        act @ ("lift" | "revoke") => {
            let row = form.parsed::<RowId>("row");
            form.check()?;
            let row = row.ok_or(Error::NotFound)?;
            if act == "lift" {
                bars::lift(work, subject, row).await?
            } else {
                revoke(work, subject, row).await?
            }
            Ok("protection-access-ended")
        }
        act => {
            let who = Principal::parse(form.value("who"));
            if who.is_none() {
                form.errors.add("who", "not_a_choice");
            }
            let reason = if act == "bar" { form.text("reason", 200) } else { String::new() };
            let until = if act == "grant" { form.date("until") } else { None };
            form.check()?;
            let who = who.ok_or(Error::NotFound)?;
            if act == "bar" {
                bars::set(work, subject, who, &reason).await?;
                return Ok("protection-barred");
            }
            let until = until.and_then(|day| day.and_hms_opt(23, 59, 59)).ok_or(Error::NotFound)?.and_utc();
            give(work, subject, who, until).await?;
            Ok("protection-granted")
        }
    }
}
