//! The pages before proof: what a link opens, a short code typed from paper, the one-time code.
//!
//! Their GETs read and change nothing. They say which organisation asks, and nothing of what or of whom.
use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use http::StatusCode;

use super::door::{self, Among, Peer, Sender};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids;
use crate::platform::lang::Lang;
use crate::web::form::{Path, Query, digits};
use crate::web::gate;
use crate::web::{Form, Page, Routes};

/// The way in.
pub(super) fn routes() -> Routes {
    Routes::new()
        .open("GET", "/r", super::pages::show)
        .open("POST", "/r", type_code)
        .open("POST", "/r/pin", prove)
        .open("GET", "/r/pin", back_to_start)
        .open("GET", "/r/start", start)
        .open("GET", "/r/done", done)
        .open("POST", "/r/leave", leave)
        .open("GET", "/r/{token}", show)
        .open("POST", "/r/{token}", ask)
}

/// What a page at the door is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// A link that works.
    Link,
    /// A link whose time is past.
    Expired,
    /// A link that opens nothing.
    Gone,
    /// Somebody types a short code.
    Code,
    /// Somebody types a one-time code.
    Pin,
    /// Their time has run out, or the request is over.
    Out,
    /// The answer ended the request.
    Done,
    /// Too many tries.
    Slow,
}

impl At {
    fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Expired => "expired",
            Self::Gone => "gone",
            Self::Code => "code",
            Self::Pin => "pin",
            Self::Out => "out",
            Self::Done => "done",
            Self::Slow => "slow",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Expired => StatusCode::GONE,
            Self::Gone => StatusCode::NOT_FOUND,
            Self::Out => StatusCode::UNAUTHORIZED,
            Self::Slow => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::OK,
        }
    }
}

/// A page at the door; `here` is where its language is changed, empty for the page's own address.
#[derive(Template)]
#[template(path = "referrals/links/html/door.html")]
pub(super) struct Door {
    p: Page,
    at: At,
    form: Form,
    here: &'static str,
    heading: String,
    words: String,
    desk: String,
    typed: Vec<String>,
}

impl Door {
    fn is(&self, code: &str) -> bool {
        self.at.code() == code
    }

    // Where the short code can be typed instead.
    fn offers_code(&self) -> bool {
        matches!(self.at, At::Expired | At::Gone | At::Out)
    }
}

/// The page context of everybody without account: language and time, and nothing of the program around.
pub(super) fn page(work: &Work, title: String) -> Page {
    let mut p = Page::plain(work.lang(), title, work.now());
    p.csrf.clone_from(&work.standing.csrf);
    p.org_name.clone_from(&work.standing.org_name);
    p.user_name.clone_from(&work.standing.name);
    p.reader.zone = work.zone();
    p
}

/// A page at the door, about nobody yet.
pub(super) fn door(work: &Work, at: At, form: Form) -> Door {
    let p = page(work, crate::platform::text::text(work.lang(), "link-title"));
    let key = |part: &str| format!("link-{}-{part}", at.code());
    Door {
        heading: p.t(&key("heading")),
        words: p.t(&key("words")),
        at,
        form,
        here: "/r",
        desk: String::new(),
        typed: Vec::new(),
        p,
    }
}

impl Door {
    fn from(mut self, sender: &Sender) -> Self {
        self.heading = self.p.ta(&format!("link-{}-heading", self.at.code()), "org", sender.org.clone());
        self.desk.clone_from(&sender.desk);
        self.here = "";
        self
    }

    /// With the words that were typed when their time ran out, so that they are not lost.
    pub(super) fn with_typed(mut self, form: &Form) -> Self {
        let worded = form.entries().filter(|(name, _)| !name.starts_with('_'));
        self.typed = worded.flat_map(|(_, values)| values).filter(|value| value.contains(char::is_whitespace)).cloned().collect();
        self
    }

    fn after(mut self, seconds: u64) -> Self {
        self.words = self.p.ta("error-page-slow-words", "seconds", seconds);
        self
    }
}

/// Answers with a page at the door.
pub(super) async fn answer(work: Work, page: Door) -> Result<Response, Error> {
    let html = page.render().map_err(anyhow::Error::from)?;
    work.commit().await?;
    let status = if page.form.errors.is_empty() { page.at.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(html)).into_response())
}

/// The language asked for by `?lang=`, which is kept for the next page.
pub(super) fn choose(work: &mut Work, query: &Query) -> Option<Lang> {
    let chosen: Lang = query.0.value("lang").parse().ok()?;
    work.standing.lang = chosen;
    Some(chosen)
}

/// Keeps a chosen language in the browser.
pub(super) fn keep(ground: &crate::platform::db::Ground, mut response: Response, chosen: Option<Lang>) -> Response {
    if let Some(lang) = chosen {
        gate::append_cookie(response.headers_mut(), &gate::cookie(ground, gate::LANG_COOKIE, lang.code().to_owned()));
    }
    response
}

// A token of another shape is none of ours, and is looked for all the same.
async fn found(work: &mut Work, token: &str) -> Result<Option<Sender>, Error> {
    door::sender(work, &token.chars().take(100).collect::<String>()).await
}

/// GET /r/{token}: who asks, and a button. Nothing else happens, whoever opens it how often.
async fn show(mut work: Work, Path(token): Path<String>, query: Query) -> Result<Response, Error> {
    let chosen = choose(&mut work, &query);
    let ground = work.ground().clone();
    let page = match found(&mut work, &token).await? {
        Some(sender) => door(&work, if sender.is_live { At::Link } else { At::Expired }, Form::default()).from(&sender),
        None => door(&work, At::Gone, Form::default()),
    };
    answer(work, page).await.map(|response| keep(&ground, response, chosen))
}

/// POST /r/{token}: sends a one-time code to the registered contact.
async fn ask(mut work: Work, peer: Peer, jar: CookieJar, Path(token): Path<String>) -> Result<Response, Error> {
    let Some(sender) = found(&mut work, &token).await? else {
        let page = door(&work, At::Gone, Form::default());
        return answer(work, page).await;
    };
    if !sender.is_live {
        let page = door(&work, At::Expired, Form::default()).from(&sender);
        return answer(work, page).await;
    }
    if let Some(seconds) = door::count_try(&mut work, &[door::by_address_at(&peer, &sender.link.to_string())], Among::Own).await?
    {
        let page = door(&work, At::Slow, Form::default()).after(seconds);
        return answer(work, page).await;
    }
    let secret = door::ask(&mut work, Some(sender.link), gate::kept_lang(&jar)).await?;
    on_to_pin(work, secret).await
}

async fn on_to_pin(work: Work, secret: String) -> Result<Response, Error> {
    let ground = work.ground().clone();
    work.commit().await?;
    let mut response = Redirect::to("/r").into_response();
    door::set_asked(&ground, &mut response, secret);
    Ok(response)
}

/// POST /r: a short code from paper. Whether it is one is never said: the next page asks for the one-time code in any case.
async fn type_code(mut work: Work, peer: Peer, jar: CookieJar, form: Form) -> Result<Response, Error> {
    let Some(code) = ids::read_short_code(form.value("code")) else {
        let mut form = form;
        form.errors.add("code", if form.filled("code") { "not_a_short_code" } else { "required" });
        let page = door(&work, At::Code, form);
        return answer(work, page).await;
    };
    if let Some(seconds) = door::count_try(&mut work, &[door::by_address(&peer)], Among::All).await? {
        let page = door(&work, At::Slow, form).after(seconds);
        return answer(work, page).await;
    }
    let link = door::link_of_code(&mut work, &code).await?;
    let secret = door::ask(&mut work, link, gate::kept_lang(&jar)).await?;
    on_to_pin(work, secret).await
}

/// POST /r/pin: the one-time code.
async fn prove(mut work: Work, peer: Peer, jar: CookieJar, mut form: Form) -> Result<Response, Error> {
    let ground = work.ground().clone();
    let Some(asked) = door::asked(&ground, &jar) else {
        let page = door(&work, At::Out, Form::default());
        return answer(work, page).await;
    };
    let typed: String = digits(form.value("pin")).chars().filter(char::is_ascii_digit).collect();
    form.set("pin", "");
    if typed.is_empty() {
        form.errors.add("pin", "required");
        let page = door(&work, At::Pin, form);
        return answer(work, page).await;
    }
    let here = door::by_address_at(&peer, &asked);
    if let Some(seconds) = door::count_try(&mut work, std::slice::from_ref(&here), Among::Own).await? {
        let page = door(&work, At::Slow, form).after(seconds);
        return answer(work, page).await;
    }
    let Some((link, secret)) = door::prove(&mut work, &asked, &typed).await? else {
        form.errors.add("pin", "pin_wrong");
        let page = door(&work, At::Pin, form);
        return answer(work, page).await;
    };
    // A right code forgets what was tried on the way to it, also that its link was asked for a code.
    let asking = door::by_address_at(&peer, &link.to_string());
    door::forget_tries(&mut work, &[door::by_address(&peer), here, asking]).await?;
    work.commit().await?;
    let mut response = Redirect::to("/r").into_response();
    door::set_proved(&ground, &mut response, secret);
    Ok(response)
}

/// GET /r/pin: the address of the form, when it is opened by itself.
async fn back_to_start() -> Redirect {
    Redirect::to("/r")
}

/// GET /r/start: begins anew, with another code.
async fn start(work: Work) -> Result<Response, Error> {
    let ground = work.ground().clone();
    work.commit().await?;
    let mut response = Redirect::to("/r").into_response();
    door::forget(&ground, &mut response);
    Ok(response)
}

/// GET /r/done: the answer ended the request, so nothing of it is shown any more.
async fn done(mut work: Work, query: Query) -> Result<Response, Error> {
    let chosen = choose(&mut work, &query);
    let ground = work.ground().clone();
    let mut page = door(&work, At::Done, Form::default());
    page.here = "/r/done";
    answer(work, page).await.map(|response| keep(&ground, response, chosen))
}

/// POST /r/leave: this browser is out.
async fn leave(mut work: Work, jar: CookieJar) -> Result<Response, Error> {
    let ground = work.ground().clone();
    door::leave(&mut work, &jar).await?;
    work.commit().await?;
    let mut response = Redirect::to("/r").into_response();
    door::forget(&ground, &mut response);
    response.headers_mut().insert("clear-site-data", http::HeaderValue::from_static("\"cache\""));
    Ok(response)
}
