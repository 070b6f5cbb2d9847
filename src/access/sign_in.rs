//! Pages: sign in, sign out, the account with its password, language, sessions.
use std::net::SocketAddr;

use askama::Template;
use axum::extract::ConnectInfo;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, StatusCode, header};

use crate::access::{Act, sessions};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::form::Query;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes, gate, lost};

/// Sign-in, account and session routes.
pub fn routes() -> Routes {
    Routes::new()
        .open("GET", "/sign-in", new)
        .open("POST", "/sign-in", create)
        .open("POST", "/language", choose_language)
        .page("POST", "/sign-out", destroy)
        .page("GET", "/account", show)
        .page("POST", "/account", update)
        .page("GET", "/account/password", edit_password)
        .page("POST", "/account/password", update_password)
        .page("POST", "/account/sessions/end", end_sessions)
}

#[derive(Template)]
#[template(path = "access/html/sign_in.html")]
struct SignIn {
    p: Page,
    form: Form,
    // How long to wait before the next try; empty while one may be made.
    wait: String,
}

fn sign_in_page(work: &Work, form: Form) -> SignIn {
    let p = Page::plain(work.lang(), crate::platform::text::text(work.lang(), "sign-in-title"), work.now());
    SignIn { p, form, wait: String::new() }
}

/// GET /sign-in
async fn new(work: Work, Query(query): Query) -> Result<Response, Error> {
    let page = sign_in_page(&work, Form::blank([("next", query.value("next").to_owned())]));
    work.show_plain(page).await
}

/// POST /sign-in
async fn create(
    mut work: Work,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Error> {
    let address = peer.map(|peer| peer.0.0.ip().to_string()).unwrap_or_default();
    let device = device(&headers);
    match sessions::start(&mut work, form.value("login"), form.value("password").to_owned(), &address, &device).await {
        Ok(secret) => {
            let ground = work.ground().clone();
            work.commit().await?;
            let back = lost::go_on(&ground, &secret, form.value("kept")).await?;
            let mut response = back.unwrap_or_else(|| Redirect::to(inside(form.value("next"))).into_response());
            gate::append_cookie(response.headers_mut(), &gate::cookie(&ground, gate::session_cookie(&ground), secret));
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            let mut form = form.with_errors(errors);
            form.set("password", "");
            let page = sign_in_page(&work, form);
            // The failure must stay, so that the next try waits.
            let again = work.ground().clone();
            work.commit().await?;
            Work::open(&again, crate::platform::db::Actor::Nobody).await?.show_again(&page)
        }
        // Whoever waits keeps the form: the name stands in it, and how long the wait is.
        Err(Error::SlowDown(seconds)) => {
            let mut form = form;
            form.set("password", "");
            let mut page = sign_in_page(&work, form);
            page.wait = page.p.ta("error-page-slow-words", "seconds", seconds);
            let html = page.render().map_err(anyhow::Error::from)?;
            Ok((StatusCode::TOO_MANY_REQUESTS, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
        }
        Err(error) => Err(error),
    }
}

// Only a path of our own: `//elsewhere` and `/\elsewhere` are other hosts.
fn inside(next: &str) -> &str {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') { next } else { "/" }
}

fn device(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().chars().take(200).collect()
}

/// POST /language
async fn choose_language(work: Work, form: Form) -> Result<Response, Error> {
    let lang: Lang = form.value("lang").parse().unwrap_or_default();
    let next = form.value("back").to_owned();
    let mut response = Redirect::to(inside(&next)).into_response();
    gate::append_cookie(response.headers_mut(), &gate::cookie(work.ground(), gate::LANG_COOKIE, lang.code().to_owned()));
    Ok(response)
}

/// POST /sign-out
async fn destroy(mut work: Work, jar: CookieJar) -> Result<Response, Error> {
    let ground = work.ground().clone();
    if let Some(cookie) = jar.get(gate::session_cookie(&ground)) {
        sessions::end(&mut work, cookie.value()).await?;
    }
    work.commit().await?;
    let mut gone = gate::cookie(&ground, gate::session_cookie(&ground), String::new());
    gone.make_removal();
    let mut response = Redirect::to("/sign-in?out=1").into_response();
    gate::append_cookie(response.headers_mut(), &gone);
    // The browser forgets pages it kept, so that the back button shows nothing; what the tab kept is dropped by the page that comes next.
    // What waits sealed on a device to be sent stays: it opens with its worker's PIN alone (S20).
    response.headers_mut().insert("clear-site-data", http::HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[derive(Template)]
#[template(path = "access/html/account.html")]
struct Account {
    p: Page,
    form: Form,
    langs: Vec<Choice>,
    digits: Vec<Choice>,
    heads: [String; 3],
    sessions: Vec<(String, String, String)>,
    // They may have a phone of their own, or look after those of others.
    phones: bool,
    // They keep cases, which somebody takes over while they are away.
    covers: bool,
}

/// GET /account
async fn show(mut work: Work) -> Result<Response, Error> {
    let title = crate::platform::text::text(work.lang(), "account-title");
    let p = Page::of(&mut work, title).await?;
    let me = work.me()?;
    let user = sqlx::query!("select lang, digits from users where id = $1", me.0).fetch_one(work.db()).await?;
    let form = Form::blank([("lang", user.lang.unwrap_or_default()), ("digits", user.digits)]);
    let sessions = sessions::list(&mut work).await?;
    let sessions = sessions.into_iter().map(|s| (s.device, p.moment(&s.created_at), p.moment(&s.seen_at))).collect();
    let langs = Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect();
    let digits = vec![Choice::new("latin", "0 1 2 3 4 5 6 7 8 9"), Choice::new("arabic", "٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩")];
    let heads = [p.t("account-device"), p.t("account-since"), p.t("account-seen")];
    let phones = work.holds(Act::CaseEdit) || work.holds(Act::AdminUsers);
    let covers = work.holds(Act::CaseEdit) && work.holds(Act::CaseRead);
    work.show_plain(Account { p, form, langs, digits, heads, sessions, phones, covers }).await
}

/// POST /account
async fn update(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let lang = form.one_of("lang", Lang::ALL.iter().map(|lang| lang.code()));
    let digits = form.one_of("digits", ["latin", "arabic"]);
    form.check()?;
    let me = work.me()?;
    sqlx::query!("update users set lang = $2, digits = $3 where id = $1", me.0, lang, digits).execute(work.db()).await?;
    let ground = work.ground().clone();
    let mut response = work.then("/account", "account-saved").await?;
    gate::append_cookie(response.headers_mut(), &gate::cookie(&ground, gate::LANG_COOKIE, lang));
    Ok(response)
}

#[derive(Template)]
#[template(path = "access/html/password.html")]
struct Password {
    p: Page,
    form: Form,
}

/// GET /account/password
async fn edit_password(mut work: Work) -> Result<Response, Error> {
    let title = crate::platform::text::text(work.lang(), "password-title");
    let p = Page::of(&mut work, title).await?;
    work.show_plain(Password { p, form: Form::default() }).await
}

/// POST /account/password
async fn update_password(mut work: Work, headers: HeaderMap, form: Form) -> Result<Response, Error> {
    match sessions::change_password(&mut work, form.value("old").to_owned(), form.value("new").to_owned(), &device(&headers))
        .await
    {
        Ok(secret) => {
            let ground = work.ground().clone();
            let mut response = work.then("/account", "password-saved").await?;
            gate::append_cookie(response.headers_mut(), &gate::cookie(&ground, gate::session_cookie(&ground), secret));
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let title = crate::platform::text::text(work.lang(), "password-title");
            let p = Page::of(&mut work, title).await?;
            work.show_again(&Password { p, form: Form::default().with_errors(errors) })
        }
        Err(error) => Err(error),
    }
}

/// POST /account/sessions/end
async fn end_sessions(mut work: Work) -> Result<Response, Error> {
    sessions::end_everywhere(&mut work).await?;
    work.commit().await?;
    Ok(Redirect::to("/sign-in").into_response())
}
