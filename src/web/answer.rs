//! How a handler answers: a page with its view fact, a redirect with a word for the next page, or an error turned into a page.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use uuid::Uuid;

use crate::audit::{About, Fact};
use crate::error::{Carried, Clash, Error};
use crate::platform::db::{Ground, Work};
use crate::platform::lang::Lang;
use crate::web::lost::{self, Lost};
use crate::web::{Form, Page, gate, holder, once, summary};

impl Work {
    /// Answers with a page about these subjects: the view is a fact, committed before the first byte leaves.
    pub async fn show(mut self, about: About, page: impl Template) -> Result<Response, Error> {
        let html = page.render().map_err(anyhow::Error::from)?;
        self.record(Fact::Viewed, About { note: serde_json::json!({ "page": path_without_ids(&self.standing.path) }), ..about })
            .await?;
        self.commit().await?;
        Ok(Html(html).into_response())
    }

    /// Answers with a page that names no person and no case.
    pub async fn show_plain(self, page: impl Template) -> Result<Response, Error> {
        let html = page.render().map_err(anyhow::Error::from)?;
        self.commit().await?;
        Ok(Html(html).into_response())
    }

    /// Shows a form again with its errors. What the verb wrote is rolled back before.
    pub fn show_again(self, page: &impl Template) -> Result<Response, Error> {
        let html = summary::named(&page.render().map_err(anyhow::Error::from)?);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
    }

    /// Makes everything so far lasting, and goes on as the same actor.
    pub async fn committed(self) -> Result<Self, Error> {
        let (ground, actor, standing) = (self.ground().clone(), self.actor.clone(), self.standing.clone());
        self.commit().await?;
        let mut work = Self::open(&ground, actor).await?;
        work.standing = standing;
        Ok(work)
    }

    /// Commits and sends the browser on; the next page says the text under this key (`warning:` or `danger:` before it for other than good news).
    pub async fn then(mut self, to: &str, say: &str) -> Result<Response, Error> {
        once::keep(&mut self, to, say).await?;
        let ground = self.ground().clone();
        self.commit().await?;
        Ok(redirect(&ground, to, say))
    }
}

/// Sends the browser on, with a word for the next page.
pub(super) fn redirect(ground: &Ground, to: &str, say: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    gate::append_cookie(response.headers_mut(), &gate::flash_cookie(ground, say));
    response
}

// `/cases/018f…/notes` is `/cases/{}/notes` in the audit; the ids stand beside it.
fn path_without_ids(path: &str) -> String {
    path.split('/').map(|part| if part.parse::<Uuid>().is_ok() { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

#[derive(Template)]
#[template(path = "web/html/error.html")]
struct ErrorPage {
    p: Page,
    said: Said,
}

// For whoever is signed in, with the navigation that every page has.
#[derive(Template)]
#[template(path = "web/html/error_inside.html")]
struct ErrorInside {
    p: Page,
    said: Said,
}

// What an error page says.
struct Said {
    heading: String,
    words: String,
    reference: Option<String>,
    typed: Vec<String>,
    // The page of the record that this was about, where it is the state of that record which refuses.
    back: String,
    way_on: &'static str,
    way_on_text: String,
}

/// Texts of a form that could not be saved: shown on the error page, so that nothing typed is lost.
#[derive(Clone)]
pub struct Typed(Vec<String>);

impl Typed {
    /// What was typed into the form that this answer refuses for reasons that lie outside it.
    pub fn of(sent: &Form, response: &Response) -> Option<Self> {
        let Carried(error) = response.extensions().get::<Carried>()?;
        // What can't be seen any more may have been seen when the writing began; whether it is there at all makes no difference here.
        let lies_outside = matches!(
            **error,
            Error::NotFound | Error::Forbidden(_) | Error::Conflict(_) | Error::Broken(_) | Error::Full | Error::Invalid(_)
        );
        if !lies_outside {
            return None;
        }
        // Words of people, not the codes of choices; and never a password.
        let worded = |name: &str, value: &str| lost::is_worded(value) && !name.starts_with('_') && !lost::SECRETS.contains(&name);
        let typed = sent.entries().flat_map(|(name, values)| {
            values.iter().filter(move |value| worded(name, value)).map(move |value| in_language(name, value))
        });
        Some(Self(typed.collect()))
    }
}

// A name is asked in each language: which one this is stands in the name of its field.
fn in_language(name: &str, value: &str) -> String {
    let lang = Lang::ALL.into_iter().find(|lang| name.strip_suffix(lang.code()).is_some_and(|rest| rest.ends_with('_')));
    lang.map_or_else(|| value.to_owned(), |lang| format!("{} · {value}", lang.own_name()))
}

/// Turns an error that a handler answered with into a page, or into the sign-in page.
pub async fn as_page(State(ground): State<Arc<Ground>>, request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let lang = request.extensions().get::<Lang>().copied().unwrap_or_else(|| gate::chosen_lang(&jar, request.headers()));
    let by_link = gate::is_answer_link(request.uri().path());
    // Whoever sent a form goes back to it, whoever followed a link to the record that refused.
    let before = lost::page_before(request.headers());
    let record = match *request.method() {
        http::Method::GET => record_of(request.uri().path()).or(before),
        _ => before.or_else(|| record_of(request.uri().path())),
    };
    let wanted =
        if request.method() == http::Method::GET { request.uri().path_and_query().map(ToString::to_string) } else { None };
    let response = next.run(request).await;
    let Some(Carried(error)) = response.extensions().get::<Carried>().cloned() else { return response };
    if matches!(*error, Error::SignIn) {
        let lost = response.extensions().get::<Lost>().cloned().unwrap_or_default();
        return lost::page(&ground, lang, &lost).unwrap_or_else(|| sign_in(wanted.or(lost.next)));
    }
    let (family, reference) = explain(&error);
    let heading = format!("error-page-{family}-heading");
    let inside = if by_link || !goes_on_inside(&error) { None } else { inside(&ground, &jar, &heading).await };
    let p = inside.unwrap_or_else(|| Page::plain(lang, crate::platform::text::text(lang, &heading), ground.clock.now()));
    let typed = response.extensions().get::<Typed>().cloned().map(|typed| typed.0).unwrap_or_default();
    let refused = matches!(*error, Error::Conflict(_) | Error::VersionMissing);
    let said = Said {
        typed,
        back: record.filter(|_| refused && !by_link).unwrap_or_default(),
        heading: p.title.clone(),
        words: words(&p, &error, family),
        reference,
        way_on: if by_link { "/r" } else { "/" },
        way_on_text: p.t(if by_link { "link-back" } else { "error-page-way-on" }),
    };
    let status = error.status();
    let page = if p.signed_in { ErrorInside { p, said }.render() } else { ErrorPage { p, said }.render() };
    match page {
        Ok(html) => (status, [(http::header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(?error, "The error page does not render.");
            status.into_response()
        }
    }
}

// Whether whoever is signed in can go on from here as from any page; a forged form and trouble of the program's own show as little as can be.
fn goes_on_inside(error: &Error) -> bool {
    match error {
        Error::Forbidden(act) => *act != "csrf",
        Error::NotFound | Error::Conflict(_) | Error::VersionMissing | Error::Invalid(_) => true,
        _ => false,
    }
}

// The page of whoever is signed in: theirs alone, and the same whatever was asked for, so that what is hidden answers as what is not there.
async fn inside(ground: &Arc<Ground>, jar: &CookieJar, heading: &str) -> Option<Page> {
    let token = jar.get(gate::session_cookie(ground))?.value().to_owned();
    let mut work = holder::open_session(ground, &token).await.ok()?;
    if work.standing.must_change_password {
        return None;
    }
    work.standing.lang = gate::kept_lang(jar).unwrap_or(work.standing.lang);
    let mut page = Page::titled(&mut work, heading).await.ok()?;
    page.once.clear();
    "/".clone_into(&mut page.path);
    page.nav.iter_mut().for_each(|item| item.current = false);
    Some(page)
}

// `/referrals/018f…/no-show` is about `/referrals/018f…`, where it says how things stand now.
fn record_of(path: &str) -> Option<String> {
    const ROOMS: &[&str] = &["cases", "consents", "households", "people", "referrals", "services", "transfers"];
    let mut parts = path.trim_start_matches('/').split('/');
    let (room, id) = (parts.next()?, parts.next()?);
    (ROOMS.contains(&room) && id.parse::<Uuid>().is_ok()).then(|| format!("/{room}/{id}"))
}

fn words(p: &Page, error: &Error, family: &str) -> String {
    match error {
        Error::Conflict(Clash::State { state, code }) => refusal(p, state, code),
        Error::SlowDown(seconds) => p.ta("error-page-slow-words", "seconds", *seconds),
        _ => p.t(&format!("error-page-{family}-words")),
    }
}

// Why, and the state that is in the way, where that state has a word for people.
fn refusal(p: &Page, state: &str, code: &str) -> String {
    let key = format!("state-{}", state.replace('_', "-"));
    let why = p.tc("refused", code);
    if crate::platform::text::has(p.reader.lang, &key) {
        format!("{why} {}", p.ta("refused-state", "state", p.t(&key)))
    } else {
        why
    }
}

// The text family, and for defects a reference that stands in the log beside the cause.
fn explain(error: &Error) -> (&'static str, Option<String>) {
    match error {
        Error::NotFound => ("not-found", None),
        Error::SignIn => ("sign-in", None),
        Error::Forbidden("csrf") => ("forged", None),
        Error::Forbidden("in_for_task") => ("in-for-task", None),
        Error::Forbidden(_) => ("forbidden", None),
        Error::Invalid(errors) if errors.0.get("").is_some_and(|code| *code == "too_large") => ("too-large", None),
        Error::Invalid(_) | Error::Unread(..) => ("invalid", None),
        Error::Conflict(Clash::Stale) | Error::VersionMissing => ("stale", None),
        Error::Conflict(_) => ("state", None),
        Error::SlowDown(_) => ("slow", None),
        Error::Full => ("full", None),
        Error::Broken(cause) => {
            let reference = crate::platform::ids::code('E');
            tracing::error!(reference, error = ?cause, "A request failed.");
            ("broken", Some(reference))
        }
    }
}

fn sign_in(wanted: Option<String>) -> Response {
    let next = wanted.filter(|path| path != "/" && !path.starts_with("//"));
    let query = next.map(|path| url::form_urlencoded::Serializer::new("?".to_owned()).append_pair("next", &path).finish());
    Redirect::to(&format!("/sign-in{}", query.unwrap_or_default().replace("?&", "?"))).into_response()
}
