//! Who looked at a case or a person, and what was done: read back from the facts, newest first, in plain words.
//!
//! A definer function says what exists of it for this reader (`access.who_looked`): the owning organisation's own log, and nothing of cases
//! that the reader does not see.
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Fact;
use super::words::in_words;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::parts::{Pager, Tab};
use crate::web::{Form, Page};

/// So many lines stand on one page.
pub const PAGE: usize = 50;

/// Whom or what was looked at.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// A case, with its referrals.
    Case(Uuid),
    /// A person.
    Person(Uuid),
}

/// Where a page of a long log begins: older than a line, newer than one, or at the newest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turn {
    /// Only what is older than this line.
    pub before: Option<Uuid>,
    /// Only what is newer than this line.
    pub after: Option<Uuid>,
}

impl Turn {
    /// As the address says.
    pub fn of(query: &Form) -> Self {
        let id = |name| query.value(name).parse().ok();
        Self { before: id("before"), after: id("after").filter(|_| !query.filled("before")) }
    }

    /// Cuts the rows, newest first, of which one more than a page was read, and says where the pages around are; `href` makes the address
    /// of a page from the name and value that it begins with.
    pub fn pager<T>(self, rows: &mut Vec<T>, id: impl Fn(&T) -> Uuid, href: impl Fn(&str, &str) -> String) -> Pager {
        let more = rows.len() > PAGE;
        if more && self.after.is_some() {
            rows.remove(0);
        }
        rows.truncate(PAGE);
        let (newer, older) = match (self.before, self.after) {
            (Some(_), _) => (true, more),
            (None, Some(_)) => (more, true),
            (None, None) => (false, more),
        };
        let to = |name, row: Option<&T>, there| row.filter(|_| there).map(|row| href(name, &id(row).to_string()));
        Pager {
            prev: to("after", rows.first(), newer).unwrap_or_default(),
            next: to("before", rows.last(), older).unwrap_or_default(),
            ..Pager::default()
        }
    }
}

/// What stands around the log on its page.
pub struct Around {
    /// The title: a code, never a name (S13).
    pub title: String,
    /// Where the subject itself is.
    pub back: String,
    /// Tabs, where the subject's page has them.
    pub tabs: Vec<Tab>,
}

/// The page of a log, below the address of its subject.
#[derive(Template)]
#[template(path = "audit/html/looked.html")]
pub struct Looked {
    p: Page,
    around: Around,
    heads: [String; 3],
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    cells: [String; 3],
    // Where the reason stands that was given for it.
    href: Option<String>,
}

struct Line {
    id: Uuid,
    at: DateTime<Utc>,
    kind: String,
    page: Option<String>,
    name: Option<String>,
    org_name: Option<String>,
}

/// One page of who looked; [`Error::NotFound`] for what the reader does not see or whose log is not theirs to read.
pub async fn page(work: &mut Work, of: Of, query: &Form, around: Around) -> Result<Looked, Error> {
    let turn = Turn::of(query);
    let mut lines = lines(work, of, turn).await?;
    let path = format!("{}/log", around.back);
    let pager = turn.pager(&mut lines, |line| line.id, |name, value| format!("{path}?{name}={value}"));
    let p = Page::of(work, around.title.clone()).await?;
    let rows = lines.into_iter().map(|line| {
        let who: Vec<String> = [line.name, line.org_name].into_iter().flatten().collect();
        let who = if who.is_empty() { p.t("looked-by-the-system") } else { p.list(who) };
        let cells = [p.moment(&line.at), who, in_words(&p, &line.kind, line.page.as_deref())];
        Row { cells, href: line.page.filter(|_| line.kind == Fact::GuardOverridden.code()) }
    });
    let rows = rows.collect();
    let heads = ["when", "who", "what"].map(|head| p.t(&format!("looked-head-{head}")));
    Ok(Looked { p, around, heads, rows, pager })
}

async fn lines(work: &mut Work, of: Of, turn: Turn) -> Result<Vec<Line>, Error> {
    let (case, person) = match of {
        Of::Case(id) => (Some(id), None),
        Of::Person(id) => (None, Some(id)),
    };
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Line,
        r#"select id as "id!", at as "at!", kind as "kind!", page, name, org_name from access.who_looked($1, $2, $3, $4, $5, $6)"#,
        case,
        person,
        turn.before,
        turn.after,
        i32::try_from(PAGE).unwrap_or(i32::MAX) + 1,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(turn: Turn, count: u128) -> (usize, Pager) {
        let mut rows: Vec<Uuid> = (0..count).rev().map(Uuid::from_u128).collect();
        let pager = turn.pager(&mut rows, |row| *row, |name, value| format!("{name}={value}"));
        (rows.len(), pager)
    }

    #[test]
    fn a_log_is_turned_back_and_forth_without_a_gap() {
        let (count, pager) = turned(Turn::default(), 51);
        assert_eq!((count, pager.prev.as_str()), (PAGE, ""));
        assert_eq!(pager.next, format!("before={}", Uuid::from_u128(1)));
        let (_, pager) = turned(Turn { before: Some(Uuid::max()), after: None }, 50);
        assert!(!pager.prev.is_empty() && pager.next.is_empty());
        let (count, pager) = turned(Turn { before: None, after: Some(Uuid::nil()) }, 51);
        assert_eq!((count, pager.prev), (PAGE, format!("after={}", Uuid::from_u128(49))));
        assert!(!pager.next.is_empty());
    }
}
