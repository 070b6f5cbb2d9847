//! Pages: what waits in the outbox, what did not get through, and sending it again. Only where a message stands; never what it says, or to whom.
use askama::Template;
use axum::response::Response;

use super::store::{self, Row, Try};
use super::{PROBLEMS, actions, words};
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::MessageId;
use crate::platform::outbox::State;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Entry, Tab};
use crate::web::{Form, Page, Routes};

const MOST: i64 = 100;

/// The pages of this room.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/mail", index)
        .page("POST", "/admin/mail/resending", resend_all)
        .page("POST", "/admin/mail/trial", try_out)
        .page("GET", "/admin/mail/{id}", show)
        .page("POST", "/admin/mail/{id}/resending", resend)
}

#[derive(Template)]
#[template(path = "mail/html/index.html")]
struct Index {
    p: Page,
    channel: &'static str,
    channel_words: String,
    texts: &'static str,
    texts_words: String,
    waiting: String,
    oldest: String,
    dead: String,
    dead_tone: &'static str,
    bounced: String,
    bounced_tone: &'static str,
    last_failure: String,
    filters: Vec<Tab>,
    problems: bool,
    any_again: bool,
    heads: Vec<String>,
    rows: Vec<Line>,
}

struct Line {
    id: MessageId,
    version: i32,
    kind: String,
    org: String,
    state: Badge,
    tries: String,
    posted: String,
    result: String,
    again: bool,
}

// The lists that the page offers, by their code.
const LISTS: [(&str, &[&str]); 4] =
    [("problems", PROBLEMS), ("waiting", &["queued", "sending"]), ("sent", &["sent", "delivered"]), ("dropped", &["dropped"])];

/// GET /admin/mail
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::AdminMail)?;
    let p = Page::titled(&mut work, "mail-title").await?;
    let depth = store::depth(&mut work).await?;
    let (list, states) = LISTS.into_iter().find(|(code, _)| *code == query.value("show")).unwrap_or(LISTS[0]);
    let found = store::list(&mut work, states, None, MOST).await?;
    let (channel, place) = work.ground().mail.channel.described();
    let (texts, texts_place) = work.ground().sms.channel.described();
    let tab = |code: &str| Tab::new(format!("/admin/mail?show={code}"), p.tc("mail-list", code)).on_when(list, code);
    let reply = depth.last_reply.map(|reply| reply.to_string());
    let failure = words::result(&p, depth.last_failure.as_deref(), reply.as_deref());
    let when = depth.failed_at.map(|at| p.moment(&at)).unwrap_or_default();
    let heads = ["kind", "organisation", "state", "tries", "posted", "result"];
    let page = Index {
        channel,
        channel_words: p.ta(&format!("mail-channel-{channel}"), "place", place),
        texts,
        texts_words: p.ta(&format!("texting-channel-{texts}"), "place", texts_place),
        waiting: p.number(depth.waiting),
        oldest: depth.oldest.map(|at| p.when(&at)).unwrap_or_default(),
        dead: p.number(depth.dead),
        dead_tone: alarm(depth.dead),
        bounced: p.number(depth.bounced),
        bounced_tone: alarm(depth.bounced),
        last_failure: if failure.is_empty() { String::new() } else { format!("{failure} · {when}") },
        filters: LISTS.iter().map(|(code, _)| tab(code)).collect(),
        problems: list == "problems",
        any_again: found.iter().any(may_go_again),
        heads: heads.iter().map(|head| p.tc("mail-head", head)).collect(),
        rows: found.into_iter().map(|row| line(&p, row)).collect(),
        p,
    };
    work.show_plain(page).await
}

// A figure alarms only when there is something.
fn alarm(count: i64) -> &'static str {
    if count > 0 { "danger" } else { "neutral" }
}

fn may_go_again(row: &Row) -> bool {
    matches!(State::of(&row.state), State::Dead | State::Bounced | State::Dropped) && !row.forgotten
}

fn line(p: &Page, row: Row) -> Line {
    Line {
        id: row.id,
        version: row.version,
        kind: words::kind(p, &row.kind),
        again: may_go_again(&row),
        org: row.org_name,
        state: words::state(p, State::of(&row.state)),
        tries: p.number(row.tries),
        posted: p.moment(&row.posted_at),
        result: words::result(p, row.result.as_deref(), row.detail.as_deref()),
    }
}

#[derive(Template)]
#[template(path = "mail/html/show.html")]
struct Show {
    p: Page,
    id: MessageId,
    version: i32,
    again: bool,
    forgotten: bool,
    state: Badge,
    entries: Vec<Entry>,
    heads: Vec<String>,
    tries: Vec<(String, String, String)>,
}

/// GET /admin/mail/{id}
async fn show(mut work: Work, Path(id): Path<MessageId>) -> Result<Response, Error> {
    work.may(Act::AdminMail)?;
    let row = store::find(&mut work, id).await?;
    let tries = store::tries(&mut work, id).await?;
    let title = crate::platform::text::text(work.lang(), "mail-message");
    let p = Page::of(&mut work, title).await?;
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| p.moment(&at)).unwrap_or_default();
    let waits = matches!(State::of(&row.state), State::Queued);
    let entries = vec![
        Entry::new(p.t("mail-head-kind"), words::kind(&p, &row.kind)),
        Entry::new(p.t("mail-head-organisation"), row.org_name.clone()),
        Entry::new(p.t("mail-head-posted"), p.moment(&row.posted_at)),
        Entry::new(p.t("mail-head-next"), if waits { p.moment(&row.due_at) } else { "–".to_owned() }),
        Entry::new(p.t("mail-head-sent"), if row.sent_at.is_some() { moment(row.sent_at) } else { "–".to_owned() }),
        Entry::new(p.t("mail-head-result"), words::result(&p, row.result.as_deref(), row.detail.as_deref())),
    ];
    let page = Show {
        id,
        version: row.version,
        again: may_go_again(&row),
        forgotten: row.forgotten,
        state: words::state(&p, State::of(&row.state)),
        entries,
        heads: ["number", "began", "result"].iter().map(|head| p.tc("mail-head", head)).collect(),
        tries: tries.iter().map(|one| tried(&p, one)).collect(),
        p,
    };
    work.show_plain(page).await
}

fn tried(p: &Page, one: &Try) -> (String, String, String) {
    let reply = one.reply.map(|reply| reply.to_string());
    let result = words::result(p, Some(one.result.as_deref().unwrap_or("running")), reply.as_deref());
    (p.number(one.number), p.moment(&one.began_at), result)
}

/// POST /admin/mail/{id}/resending
async fn resend(mut work: Work, Path(id): Path<MessageId>, mut form: Form) -> Result<Response, Error> {
    let version = form.parsed("version").unwrap_or_default();
    actions::resend(&mut work, id, version).await?;
    work.then(&format!("/admin/mail/{id}"), "mail-resent").await
}

/// POST /admin/mail/resending
async fn resend_all(mut work: Work) -> Result<Response, Error> {
    let count = actions::resend_all(&mut work).await?;
    work.then("/admin/mail?show=waiting", if count > 0 { "mail-resent-all" } else { "warning:mail-nothing-to-resend" }).await
}

/// POST /admin/mail/trial
async fn try_out(mut work: Work) -> Result<Response, Error> {
    let posted = actions::try_out(&mut work).await?;
    work.then("/admin/mail?show=waiting", if posted { "mail-trial-posted" } else { "warning:mail-trial-no-address" }).await
}
