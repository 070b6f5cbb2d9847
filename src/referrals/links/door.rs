//! Who stands at the door: cookies and sessions of answer links, the wait after too many tries, and becoming `Actor::Link`.
//!
//! Two cookies, both limited to `/r`: one of a browser that asked for a one-time code, one of a browser that proved itself. Neither holds more
//! than a random secret, of which the hash is stored.
use std::net::SocketAddr;
use std::time::Duration;

use axum::Extension;
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::secret;
use crate::error::Error;
use crate::platform::db::{Ground, Work};
use crate::platform::ids::{self, LinkId, OrgId, ReferralId};
use crate::platform::jobs::Job;
use crate::platform::lang::Lang;
use crate::platform::standing::Standing;
use crate::web::gate;

const ASKED: &str = "answer-asked";
const PROVED: &str = "answer";
// A browser may type for so long, and comes back to a form it left for less than half an hour.
const ASKED_FOR: Duration = Duration::from_secs(30 * 60);
const PROVED_FOR: Duration = Duration::from_secs(2 * 60 * 60);
const IDLE: Duration = Duration::from_secs(30 * 60);

/// The address of whoever asks, where the server knows it.
pub(super) type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// The key under which all tries of an address are counted: whoever types short codes could try one after the other.
pub(super) fn by_address(peer: &Peer) -> Vec<u8> {
    ids::hash(&format!("link address:{}", address(peer)))
}

/// The key under which tries of an address at one thing are counted. What others try, or try elsewhere, keeps nobody waiting: a link can't
/// be guessed, and a one-time code has its five tries whoever makes them.
pub(super) fn by_address_at(peer: &Peer, tried: &str) -> Vec<u8> {
    ids::hash(&format!("link address:{} tried:{tried}", address(peer)))
}

fn address(peer: &Peer) -> String {
    peer.as_ref().map(|peer| peer.0.0.ip().to_string()).unwrap_or_default()
}

/// Whether a try counts among those of all browsers together, which have a limit of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// A short code can be guessed by many together.
    All,
    /// A full token can't, and a one-time code has its own five tries.
    Own,
}

impl Among {
    fn key(self) -> Option<Vec<u8>> {
        (self == Self::All).then(|| ids::hash("link all"))
    }
}

/// Seconds that this browser must still wait; none if it may try now, which is counted as a try whatever comes of it: what is known answers
/// no other than what is not.
pub(super) async fn count_try(work: &mut Work, keys: &[Vec<u8>], among: Among) -> Result<Option<u64>, Error> {
    let wait =
        sqlx::query_scalar!("select extract(epoch from access.link_wait($1, $2))::float8 as \"wait!\"", keys, among.key() as _)
            .fetch_one(work.db())
            .await?;
    if wait > 0.0 {
        return Ok(Some(wait.ceil() as u64));
    }
    sqlx::query!("select access.note_link_try($1, $2)", keys, among.key() as _).fetch_one(work.db()).await?;
    Ok(None)
}

/// Forgets the tries under these keys, after one of them was right.
pub(super) async fn forget_tries(work: &mut Work, keys: &[Vec<u8>]) -> Result<(), Error> {
    sqlx::query!("select access.forget_link_tries($1)", keys).fetch_one(work.db()).await?;
    Ok(())
}

/// The one who sends, as far as a link that is not proved may know.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    /// The link; none for a short code that nobody issued.
    pub link: LinkId,
    /// It works now; otherwise its time is past.
    pub is_live: bool,
    /// The sending organisation's name in the reader's language.
    pub org: String,
    /// Its general desk.
    pub desk: String,
}

fn named(name: String, names: &serde_json::Value, lang: Lang) -> String {
    names.get(lang.code()).and_then(|name| name.as_str()).filter(|name| !name.is_empty()).map_or(name, ToOwned::to_owned)
}

/// Who sent this token; nobody for one that is unknown, revoked or over.
pub(super) async fn sender(work: &mut Work, token: &str) -> Result<Option<Sender>, Error> {
    let lang = work.lang();
    let row = sqlx::query!(
        "select link_id as \"link!\", live as \"live!\", org_name as \"org_name!\", org_names as \"org_names!\", desk as \"desk!\" from access.answer_link($1)",
        ids::hash(token)
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| Sender {
        link: LinkId(row.link),
        is_live: row.live,
        org: named(row.org_name, &row.org_names, lang),
        desk: row.desk,
    }))
}

/// The link of a short code, if it is one that works.
pub(super) async fn link_of_code(work: &mut Work, short_code: &str) -> Result<Option<LinkId>, Error> {
    let hash = secret::code_hash(work.ground(), short_code);
    let link = sqlx::query_scalar!("select access.link_of_code($1)", hash).fetch_one(work.db()).await?;
    Ok(link.map(LinkId))
}

/// Begins a browser's way in: the job that makes and sends a one-time code is left, also where there is no link to send one for. A language
/// chosen on the page is the code's too. Answers with the cookie's secret.
pub(super) async fn ask(work: &mut Work, link: Option<LinkId>, chosen: Option<Lang>) -> Result<String, Error> {
    let secret = ids::secret();
    let org = sqlx::query_scalar!(
        "select access.ask_by_link($1, $2, $3, $4)",
        link.map(|id| id.0),
        Uuid::now_v7(),
        ids::hash(&secret),
        interval(ASKED_FOR)?
    )
    .fetch_one(work.db())
    .await?;
    work.enqueue(Job::new(super::job::SEND_CODE, org, serde_json::json!({ "link": link, "lang": chosen }))).await?;
    Ok(secret)
}

/// Tries a one-time code; answers with the link and a new secret when it fits.
pub(super) async fn prove(work: &mut Work, asked: &str, typed: &str) -> Result<Option<(LinkId, String)>, Error> {
    let row = sqlx::query!("select link_id from access.link_asked($1)", ids::hash(asked)).fetch_optional(work.db()).await?;
    let link = row.and_then(|row| row.link_id).unwrap_or_default();
    let (hash, secret) = (secret::one_time_hash(work.ground(), link, typed), ids::secret());
    let proved = sqlx::query_scalar!(
        "select access.prove_link($1, $2, $3, $4, $5)",
        ids::hash(asked),
        hash,
        Uuid::now_v7(),
        ids::hash(&secret),
        interval(PROVED_FOR)?
    )
    .fetch_one(work.db())
    .await?;
    Ok(proved.map(|link| (LinkId(link), secret)))
}

/// Somebody who came in.
#[derive(Debug, Clone)]
pub(super) struct Guest {
    /// The one referral.
    pub referral: ReferralId,
    /// The sending organisation in the reader's language.
    pub org: String,
    /// Its general desk.
    pub desk: String,
}

struct Row {
    link: Uuid,
    referral: Uuid,
    from_org: OrgId,
    org_name: String,
    org_names: serde_json::Value,
    desk: String,
    to_name: String,
    time_zone: String,
}

/// Opens the door for the browser that proved itself: the work goes on as its link. None when it has not, or may no longer.
pub(super) async fn open(work: &mut Work, jar: &CookieJar) -> Result<Option<Guest>, Error> {
    let Some(secret) = secret_in(work.ground(), jar, PROVED) else { return Ok(None) };
    let row = sqlx::query_as!(
        Row,
        "select link_id as \"link!\", referral_id as \"referral!\", from_org as \"from_org!\", org_name as \"org_name!\", org_names as \"org_names!\",
           desk as \"desk!\", to_name as \"to_name!\", time_zone as \"time_zone!\" from access.link_session($1, $2)",
        ids::hash(&secret),
        interval(IDLE)?
    )
    .fetch_optional(work.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let lang = work.lang();
    let org = named(row.org_name, &row.org_names, lang);
    let standing = Standing {
        org: row.from_org,
        org_name: org.clone(),
        name: row.to_name,
        lang,
        time_zone: row.time_zone,
        csrf: csrf(&secret),
        path: work.standing.path.clone(),
        ..Standing::default()
    };
    work.become_link(LinkId(row.link), standing).await?;
    Ok(Some(Guest { referral: ReferralId(row.referral), org, desk: row.desk }))
}

// Bound to the session and of no use without its cookie.
fn csrf(secret: &str) -> String {
    hex::encode(ids::hash(&format!("answer csrf:{secret}")))
}

/// Ends this browser's sessions.
pub(super) async fn leave(work: &mut Work, jar: &CookieJar) -> Result<(), Error> {
    for name in [ASKED, PROVED] {
        if let Some(secret) = secret_in(work.ground(), jar, name) {
            sqlx::query!("select access.end_link_session($1)", ids::hash(&secret)).fetch_one(work.db()).await?;
        }
    }
    Ok(())
}

/// The secret of a browser that asked for a code.
pub(super) fn asked(ground: &Ground, jar: &CookieJar) -> Option<String> {
    secret_in(ground, jar, ASKED)
}

/// The browser came in once, whether it still may or not.
pub(super) fn was_in(ground: &Ground, jar: &CookieJar) -> bool {
    secret_in(ground, jar, PROVED).is_some()
}

fn secret_in(ground: &Ground, jar: &CookieJar, name: &'static str) -> Option<String> {
    jar.get(&full_name(ground, name)).map(|cookie| cookie.value().to_owned()).filter(|secret| !secret.is_empty())
}

fn full_name(ground: &Ground, name: &str) -> String {
    if ground.base_url.scheme() == "https" { format!("__Secure-{name}") } else { name.to_owned() }
}

fn cookie(ground: &Ground, name: &str, value: String) -> Cookie<'static> {
    Cookie::build((full_name(ground, name), value))
        .path("/r")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(ground.base_url.scheme() == "https")
        .build()
}

/// The browser asked: its cookie says so, and an older way in is over.
pub(super) fn set_asked(ground: &Ground, response: &mut Response, secret: String) {
    gate::append_cookie(response.headers_mut(), &cookie(ground, ASKED, secret));
    remove(ground, response, PROVED);
}

/// The browser is in.
pub(super) fn set_proved(ground: &Ground, response: &mut Response, secret: String) {
    gate::append_cookie(response.headers_mut(), &cookie(ground, PROVED, secret));
    remove(ground, response, ASKED);
}

/// The browser is out.
pub(super) fn forget(ground: &Ground, response: &mut Response) {
    remove(ground, response, ASKED);
    remove(ground, response, PROVED);
}

fn remove(ground: &Ground, response: &mut Response, name: &str) {
    let mut gone = cookie(ground, name, String::new());
    gone.make_removal();
    gate::append_cookie(response.headers_mut(), &gone);
}

fn interval(time: Duration) -> Result<PgInterval, Error> {
    PgInterval::try_from(time).map_err(|_| anyhow::anyhow!("minutes are an interval").into())
}
