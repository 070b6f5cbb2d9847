//! The address under which a calendar program fetches one's meetings: "Appointment" and the time, and nothing that anybody could add (S13).
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use http::header;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids;
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::{Page, Routes};

// A calendar program asks for the last month and the coming half year.
const BEFORE: TimeDelta = TimeDelta::days(31);
const AFTER: TimeDelta = TimeDelta::days(183);

/// The address itself, and making and ending it.
pub(super) fn routes() -> Routes {
    Routes::new().page("POST", "/calendar/feed", make).page("POST", "/calendar/feed/end", end).open(
        "GET",
        "/calendar/feed/{secret}",
        serve,
    )
}

/// What the calendar's page says of the feed.
pub(super) struct Shown {
    /// There is one.
    pub made: bool,
    /// Since when, and when it was last read.
    pub since: String,
}

/// What there is.
pub(super) async fn shown(work: &mut Work, p: &Page) -> Result<Shown, Error> {
    let made =
        sqlx::query_scalar!("select made_at from calendar_feeds where user_id = access.me()").fetch_optional(work.db()).await?;
    let since = made.map(|at| p.ta("feed-since", "when", p.moment(&at))).unwrap_or_default();
    Ok(Shown { made: made.is_some(), since })
}

#[derive(askama::Template)]
#[template(path = "meetings/html/feed.html")]
struct Made {
    p: Page,
    address: String,
}

/// POST /calendar/feed: makes the address, anew where there is one; it is shown this once.
async fn make(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let secret = ids::secret();
    let (me, now, hash) = (work.me()?, work.now(), ids::hash(&secret));
    sqlx::query!(
        "insert into calendar_feeds (user_id, secret_hash, made_at) values ($1, $2, $3)
         on conflict (user_id) do update set secret_hash = excluded.secret_hash, made_at = excluded.made_at",
        me.0,
        hash,
        now
    )
    .execute(work.db())
    .await?;
    work.record(Fact::CalendarFeedMade, About::subjects([me.0])).await?;
    let p = Page::titled(&mut work, "feed-title").await?;
    let address = work.ground().base_url.join(&format!("calendar/feed/{secret}")).map_err(anyhow::Error::from)?.to_string();
    work.show_plain(Made { p, address }).await
}

/// POST /calendar/feed/end
async fn end(mut work: Work) -> Result<Response, Error> {
    let me = work.me()?;
    sqlx::query!("delete from calendar_feeds where user_id = $1", me.0).execute(work.db()).await?;
    work.record(Fact::CalendarFeedEnded, About::subjects([me.0])).await?;
    work.then("/calendar", "feed-ended").await
}

struct Event {
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    lang: String,
}

/// GET /calendar/feed/{secret}: for calendar programs. An address that opens nothing is not there.
async fn serve(State(ground): State<Arc<Ground>>, Path(secret): Path<String>) -> Result<Response, Error> {
    let mut work = Work::open(&ground, Actor::Nobody).await?;
    let hash = ids::hash(&secret);
    let known = sqlx::query_scalar!(r#"select access.has_calendar_feed($1) as "known!""#, hash).fetch_one(work.db()).await?;
    if !known {
        return Err(Error::NotFound);
    }
    let now = work.now();
    let events = sqlx::query_as!(
        Event,
        r#"select id as "id!", starts_at as "starts_at!", ends_at as "ends_at!", lang as "lang!" from access.calendar_feed($1, $2, $3)"#,
        hash,
        now - BEFORE,
        now + AFTER
    )
    .fetch_all(work.db())
    .await?;
    work.commit().await?;
    let headers = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, written(&events, now)).into_response())
}

// RFC 5545: lines end in CR LF; all of ours are shorter than the 75 octets at which they would be folded, but a summary may not be.
fn written(events: &[Event], now: DateTime<Utc>) -> String {
    let stamp = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Throughcare//Calendar//EN\r\nCALSCALE:GREGORIAN\r\n");
    for event in events {
        let lang = event.lang.parse().unwrap_or(Lang::En);
        let summary = text(lang, "feed-appointment");
        let (id, now, from, to) = (event.id, stamp(now), stamp(event.starts_at), stamp(event.ends_at));
        let summary = folded(&format!("SUMMARY:{}", escaped(&summary)));
        let _ = write!(
            out,
            "BEGIN:VEVENT\r\nUID:{id}@throughcare\r\nDTSTAMP:{now}\r\nDTSTART:{from}\r\nDTEND:{to}\r\n{summary}\r\nEND:VEVENT\r\n"
        );
    }
    out + "END:VCALENDAR\r\n"
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut octets = 0;
    for sign in line.chars() {
        if octets + sign.len_utf8() > 74 {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(sign);
        octets += sign.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_by_octets_and_unfolds_to_itself() {
        let line = format!("SUMMARY:{}", "زيارة منزلية ".repeat(12));
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|part| part.len() <= 75));
        assert_eq!(folded.replace("\r\n ", ""), line);
    }
}
