//! The protection officer's page: who looked at what, break-glass and other bases waiting for review, withdrawals, the state of the seals; and what is due for
//! erasure (`retention`).
//!
//! It reads the tables of other rooms by SQL alone, as an officer may: row security decides what of them exists for this reader.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::basis_review::{self, Reviewed};
use super::break_glass::FINDINGS;
use super::retention::pages as retention;
use super::table::Act;
use crate::audit::looked::Turn;
use crate::audit::words::in_words;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::ids::read_code;
use crate::platform::text::text;
use crate::web::form::Query;
use crate::web::parts::{Choice, Pager, Tab};
use crate::web::{Form, Page, Routes};

/// The page of the protection officer.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/protection", index)
}

const VIEWS: [&str; 5] = ["log", "glass", "bases", "withdrawals", retention::VIEW];

/// The views, as tabs.
pub(super) fn tabs(p: &Page, view: &str) -> Vec<Tab> {
    let tab = |code: &str| Tab::new(format!("/protection?view={code}"), p.tc("protection-view", code)).on_when(view, code);
    VIEWS.into_iter().map(tab).collect()
}

#[derive(Template)]
#[template(path = "access/html/protection.html")]
struct Protection {
    p: Page,
    view: String,
    tabs: Vec<Tab>,
    form: Form,
    users: Vec<Choice>,
    log: Vec<Line>,
    glass: Vec<Glass>,
    rows: Vec<Basis>,
    findings: Vec<Choice>,
    pager: Pager,
    seal: String,
}

/// One line of the access log.
struct Line {
    at: DateTime<Utc>,
    id: Uuid,
    who: String,
    kind: String,
    page: Option<String>,
    case_id: Option<Uuid>,
    case_code: Option<String>,
    // How many records it was about, and how often it happened in a row.
    subjects: i32,
    times: i32,
}

impl Line {
    fn what(&self, p: &Page) -> String {
        let words = in_words(p, &self.kind, self.page.as_deref());
        if self.times > 1 { format!("{words} × {}", p.number(self.times)) } else { words }
    }

    // Looking through lists one after the other is one thing to read.
    fn goes_on(&self, next: &Line) -> bool {
        self.case_id.is_none()
            && next.case_id.is_none()
            && (&self.who, &self.kind, &self.page) == (&next.who, &next.kind, &next.page)
    }
}

fn folded(lines: Vec<Line>) -> Vec<Line> {
    let mut folded: Vec<Line> = Vec::new();
    for line in lines {
        match folded.last_mut().filter(|last| last.kind == "viewed" && last.goes_on(&line)) {
            Some(last) => {
                last.times += 1;
                last.subjects = last.subjects.max(line.subjects);
            }
            None => folded.push(line),
        }
    }
    folded
}

/// One use of break-glass.
struct Glass {
    id: Uuid,
    case_code: Option<String>,
    who: String,
    reason: String,
    at: DateTime<Utc>,
    finding: Option<String>,
}

/// One other basis, or one withdrawal.
struct Basis {
    href: String,
    case_code: String,
    basis: String,
    at: DateTime<Utc>,
    waits: bool,
}

/// GET /protection
async fn index(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    if form.value("view") == retention::VIEW {
        return retention::index(work, form).await;
    }
    work.may(Act::AuditRead)?;
    let view = VIEWS.into_iter().find(|view| *view == form.value("view")).unwrap_or("log");
    let (mut lines, mut glass, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    match view {
        "glass" => glass = glasses(&mut work).await?,
        "bases" => rows = bases(&mut work).await?,
        "withdrawals" => rows = withdrawals(&mut work).await?,
        _ => lines = log(&mut work, &mut form).await?,
    }
    let pager = Turn::of(&form).pager(&mut lines, |line| line.id, |name, value| href(&form, name, value));
    let users = sqlx::query!("select id, name from users where org = $1 order by name limit 1000", work.standing.org)
        .fetch_all(work.db())
        .await?;
    let sealed =
        sqlx::query!("select sealed_at, facts_total from seals order by number desc limit 1").fetch_optional(work.db()).await?;
    let title = text(work.lang(), "nav-protection");
    let p = Page::of(&mut work, title).await?;
    let page = Protection {
        tabs: tabs(&p, view),
        users: users.into_iter().map(|user| Choice::new(user.id.to_string(), user.name)).collect(),
        findings: FINDINGS.iter().map(|code| Choice::new(*code, p.tc("protection-finding", code))).collect(),
        seal: sealed
            .map_or_else(|| p.t("protection-unsealed"), |seal| p.ta("protection-sealed", "at", p.moment(&seal.sealed_at))),
        view: view.to_owned(),
        log: folded(lines),
        glass,
        rows,
        pager,
        form,
        p,
    };
    work.record(Fact::Viewed, About::default().note(serde_json::json!({ "page": "/protection", "view": view }))).await?;
    work.show_plain(page).await
}

// What was done in a case that the reader does not see is not in the list: a line without a code would tell that there is one (S11).
async fn log(work: &mut Work, form: &mut Form) -> Result<Vec<Line>, Error> {
    // A filter that names nothing visible finds nothing, rather than everything.
    let case = match read_code('C', form.value("case")) {
        Some(code) => Some(
            sqlx::query_scalar!("select id from cases where code = $1", code)
                .fetch_optional(work.db())
                .await?
                .unwrap_or_default(),
        ),
        None => form.filled("case").then(Uuid::nil),
    };
    let person = match read_code('P', form.value("person")) {
        Some(code) => Some(
            sqlx::query_scalar!("select id from persons where code = $1", code)
                .fetch_optional(work.db())
                .await?
                .unwrap_or_default(),
        ),
        None => form.filled("person").then(Uuid::nil),
    };
    let actor = form.value("user").parse::<Uuid>().ok().map(|id| format!("user:{id}"));
    let day = form.date_maybe("day");
    let from = day.map(|day| midnight(day, work.zone()));
    let before = day.map(|day| midnight(day.checked_add_days(Days::new(1)).unwrap_or(day), work.zone()));
    let turn = Turn::of(form);
    // Pages turn at a moment; lines of one moment at their id.
    let mark = match turn.before.or(turn.after) {
        Some(line) => sqlx::query_scalar!("select at from facts where id = $1", line).fetch_optional(work.db()).await?,
        None => None,
    };
    let lines = sqlx::query_as!(
        Line,
        "select f.at, f.id, coalesce(u.name, split_part(f.actor, ':', 1)) as \"who!\", f.kind, f.page, c.id as \"case_id?\", c.code as \"case_code?\",
           f.subjects as \"subjects!\", 1 as \"times!\"
         from (select at, id, actor, kind, case_id, note ->> 'page' as page, coalesce(cardinality(subjects), 0) as subjects from facts
               where org = $1 and (case_id is null or exists (select from cases seen where seen.id = facts.case_id)) and ($2::uuid is null or case_id = $2) and ($3::uuid is null or $3 = any (subjects)) and ($4::text is null or actor = $4)
                 and ($5::uuid is null or (at, id) < ($9, $5)) and ($6::uuid is null or (at, id) > ($9, $6)) and ($7::timestamptz is null or (at >= $7 and at < $8))
               order by case when $6::uuid is null then at end desc, case when $6::uuid is null then id end desc,
                 case when $6::uuid is not null then at end, case when $6::uuid is not null then id end limit 51) f
         left join users u on f.actor = 'user:' || u.id left join cases c on c.id = f.case_id order by f.at desc, f.id desc",
        work.standing.org,
        case,
        person,
        actor,
        turn.before,
        turn.after,
        from,
        before,
        mark
    )
    .fetch_all(work.db())
    .await?;
    Ok(lines)
}

// The same filter on the pages before and after.
fn href(form: &Form, name: &str, value: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new("/protection?".to_owned());
    for name in ["case", "person", "user", "day"] {
        query.append_pair(name, form.value(name));
    }
    query.append_pair(name, value).finish()
}

async fn glasses(work: &mut Work) -> Result<Vec<Glass>, Error> {
    let rows = sqlx::query_as!(
        Glass,
        "select g.id, c.code as \"case_code?\", coalesce(u.name, '') as \"who!\", g.reason, g.granted_at as at, g.review_finding as finding
         from grants g left join cases c on c.id = g.case_id left join users u on u.id = g.user_id
         where g.basis = 'break_glass' and g.org = $1 order by g.reviewed_at is not null, g.granted_at desc limit 200",
        work.standing.org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

// Through the definer function: a basis is reviewed also where its case is hidden from the officer (S1, S9).
async fn bases(work: &mut Work) -> Result<Vec<Basis>, Error> {
    let rows = basis_review::list(work).await?;
    let row = |basis: Reviewed| Basis {
        href: format!("/protection/bases/{}", basis.id),
        case_code: basis.case_code,
        basis: basis.basis,
        at: basis.recorded_at,
        waits: basis.finding.is_none(),
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn withdrawals(work: &mut Work) -> Result<Vec<Basis>, Error> {
    let rows = sqlx::query_as!(
        Basis,
        "select '/consents/' || n.id as \"href!\", c.code as case_code, n.basis, n.withdrawn_at as \"at!\", false as \"waits!\"
         from consents n join cases c on c.id = n.case_id where n.withdrawn_at is not null and n.child_assent_of is null and n.org = $1
         order by n.withdrawn_at desc limit 200",
        work.standing.org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}
