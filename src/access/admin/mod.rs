//! Administration: an organisation's particulars, its units, users, memberships, focal points and roles.
//!
//! An administrator arranges who works where and as what, and thereby sees no case: no page here counts, lists or refuses by what a case
//! says (S11). Nobody arranges their own rights: memberships and password of oneself are another administrator's to change.
//! What deliberately is not here: packs, which an operator loads; bars and grants, which protection officers keep.
pub mod focal_points;
pub mod memberships;
pub mod organisation;
pub mod roles;
pub mod units;
pub mod users;
pub mod users_pages;

use askama::Template;
use axum::response::Response;

use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::platform::text::text;
use crate::web::parts::Choice;
use crate::web::{Page, Routes};

/// The administrator's pages.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin", index)
        .and(organisation::routes())
        .and(units::routes())
        .and(users_pages::routes())
        .and(memberships::routes())
        .and(focal_points::routes())
        .and(roles::routes())
}

#[derive(Template)]
#[template(path = "access/html/admin/index.html")]
struct Index {
    p: Page,
    rooms: Vec<(String, String, String)>,
    scan: Option<Scan>,
}

// How documents are looked through for viruses.
struct Scan {
    set: bool,
    waiting: String,
    infected: String,
}

const ARRANGES: &[Act] = &[Act::AdminUsers, Act::AdminUnits];

// What is here, and the rights that open it, any of them.
const ROOMS: [(&str, &[Act]); 9] = [
    ("organisation", &[Act::AdminUnits]),
    ("units", ARRANGES),
    ("users", ARRANGES),
    ("focal-points", ARRANGES),
    ("roles", ARRANGES),
    ("letters", &[Act::LetterTemplate]),
    ("forms", &[Act::FormManage]),
    ("mail", &[Act::AdminMail]),
    ("lockdown", &[Act::AdminUsers]),
];

/// GET /admin: what of it the reader may open, and whom each affects.
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let p = page(&mut work, "admin-title").await?;
    // Forms are looked at by more than administrators, and live at an address of their own.
    let href = |room: &str| if room == "forms" { "/forms".to_owned() } else { format!("/admin/{room}") };
    let described = |room: &str| (href(room), p.t(&format!("admin-{room}")), p.t(&format!("admin-{room}-affects")));
    let rooms = ROOMS.into_iter().filter(|(_, opens)| opens.iter().any(|act| work.holds(*act)));
    let rooms = rooms.map(|(room, _)| described(room)).collect();
    let scan = if work.holds(Act::AdminUnits) { Some(scan(&mut work, &p).await?) } else { None };
    work.show_plain(Index { p, rooms, scan }).await
}

async fn scan(work: &mut Work, p: &Page) -> Result<Scan, Error> {
    let set = work.ground().clamd.is_some();
    let counted = sqlx::query!(r#"select waiting as "waiting!", infected as "infected!" from access.documents_looked_through()"#)
        .fetch_one(work.db())
        .await?;
    Ok(Scan { set, waiting: p.number(counted.waiting), infected: p.number(counted.infected) })
}

// Either of the two rights of administration opens the pages; each verb asks for its own.
fn may_look(work: &Work) -> Result<(), Error> {
    work.may(Act::AdminUsers).or_else(|_| work.may(Act::AdminUnits))
}

async fn page(work: &mut Work, key: &str) -> Result<Page, Error> {
    let title = text(work.lang(), key);
    Page::of(work, title).await
}

// The active units of the actor's organisation, in the order of the tree.
async fn unit_choices(work: &mut Work) -> Result<Vec<Choice>, Error> {
    let org = work.standing.org;
    let units =
        sqlx::query!("select id, name from units where org = $1 and active order by path", org).fetch_all(work.db()).await?;
    Ok(units.into_iter().map(|unit| Choice::new(unit.id.to_string(), unit.name)).collect())
}

// The active users of the actor's organisation, without this one.
async fn colleague_choices(work: &mut Work, without: UserId) -> Result<Vec<Choice>, Error> {
    let org = work.standing.org;
    let users = sqlx::query!(
        "select id, name, login from users where org = $1 and active and not is_program and id <> $2 order by name, login",
        org,
        without.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(users.into_iter().map(|user| Choice::new(user.id.to_string(), format!("{} ({})", user.name, user.login))).collect())
}

// What a label says in the reader's language, else in English.
fn label(labels: &serde_json::Value, lang: &str, code: &str) -> String {
    let said = |lang: &str| labels.get(lang).and_then(|label| label.as_str()).filter(|label| !label.is_empty());
    said(lang).or_else(|| said("en")).unwrap_or(code).to_owned()
}
