//! What every page knows: who reads it, in which language, where they are. Templates call its methods for every text.
use chrono::{DateTime, NaiveDate, Utc};
use fluent_templates::fluent_bundle::FluentValue;

use crate::error::{Error, FieldErrors};
use crate::platform::db::{Actor, Work};
use crate::platform::lang::{Direction, Lang};
use crate::platform::text::{text, text_with};
use crate::web::format::{Reader, apart, pieces};
use crate::web::{gate, lost, once};

/// One entry of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its text, already in the reader's language.
    pub label: String,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// The reader is there.
    pub current: bool,
}

/// The context of one page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Language code for `lang`.
    pub lang: &'static str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The page's title.
    pub title: String,
    /// The token every form sends back as `_csrf`.
    pub csrf: String,
    /// The mark that every form sends back as `_once`; empty for those who are not signed in.
    pub once: String,
    /// The page answers a form: its fields hold what was sent, and no draft of the browser's takes their place.
    pub answers_form: bool,
    /// Somebody is signed in.
    pub signed_in: bool,
    /// Their name.
    pub user_name: String,
    /// Their organisation's name.
    pub org_name: String,
    /// They may fill in forms without a network.
    pub fills_forms: bool,
    /// They may look for people and cases.
    pub searches: bool,
    /// Unread notifications, at most 100.
    pub unread: u32,
    /// `(kind, text)` that the last action wants to say; kind is good, warning or danger.
    pub flash: Option<(&'static str, String)>,
    /// The current path.
    pub path: String,
    /// Minutes until an idle page goes blank (S19).
    pub idle_minutes: u32,
    /// The navigation of this reader.
    pub nav: Vec<NavItem>,
    /// How this reader writes dates and numbers.
    pub reader: Reader,
}

// Where each part of the program lives, and the act that opens it (`""`: everybody who is signed in).
const NAV: &[(&str, &str, &str, &str)] = &[
    ("/", "nav-my-day", "sun", ""),
    ("/cases", "nav-cases", "folder", "case.read"),
    ("/calendar", "nav-calendar", "calendar", "case.read"),
    ("/team", "nav-team", "users-group", "case.assign"),
    ("/people", "nav-people", "users", "case.read"),
    ("/inbox", "nav-inbox", "inbox", "referral.answer"),
    ("/referrals", "nav-referrals", "arrows-exchange", "case.read"),
    ("/transfers", "nav-transfers", "transfer", "case.read"),
    ("/services", "nav-services", "map-pin", ""),
    ("/loop", "nav-loop", "chart-bar", "report.loop"),
    ("/protection", "nav-protection", "shield-lock", "audit.read"),
    ("/admin", "nav-admin", "settings", "admin.users"),
];

fn dir(lang: Lang) -> &'static str {
    if lang.dir() == Direction::RightToLeft { "rtl" } else { "ltr" }
}

impl Page {
    /// The same page on paper in another language, which is the person's and not the worker's.
    pub fn speaking(self, lang: Lang) -> Self {
        let mut page = self.on_paper();
        (page.lang, page.dir, page.reader.lang) = (lang.code(), dir(lang), lang);
        page
    }

    /// The same page on paper.
    pub fn on_paper(mut self) -> Self {
        self.reader.years = true;
        self
    }

    /// How many are unread, as the bell shows it.
    pub fn unread_shown(&self) -> String {
        if self.unread > 99 { "99+".to_owned() } else { self.unread.to_string() }
    }

    /// The context of a page whose title is the text under this key.
    pub async fn titled(work: &mut Work, key: &str) -> Result<Self, Error> {
        let title = text(work.lang(), key);
        Self::of(work, title).await
    }

    /// The context for the signed-in reader of this work; `title` is text, not a key.
    pub async fn of(work: &mut Work, title: impl Into<String>) -> Result<Self, Error> {
        let unread = sqlx::query_scalar!("select count(*) as \"n!\" from (select from notifications where read_at is null and user_id = access.me() limit 100) n")
            .fetch_one(work.db())
            .await?;
        let mark = once::mark(work);
        let standing = &work.standing;
        let mut page = Self::plain(standing.lang, title, work.now());
        page.csrf.clone_from(&standing.csrf);
        if let Actor::User(me) = work.actor {
            page.csrf = format!("{}.{}", page.csrf, lost::whose(work.ground(), me));
        }
        page.once = mark;
        page.answers_form = standing.sent.is_some();
        page.signed_in = true;
        page.user_name.clone_from(&standing.name);
        page.org_name.clone_from(&standing.org_name);
        page.fills_forms = standing.acts.iter().any(|act| act == "case.edit");
        page.searches = standing.acts.iter().any(|act| act == "case.read");
        page.unread = u32::try_from(unread).unwrap_or(0);
        page.path.clone_from(&standing.path);
        page.flash = standing.flash.as_deref().map(|key| flash(standing.lang, key));
        page.reader.arabic_digits = standing.arabic_digits;
        page.reader.zone = standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
        page.nav = NAV
            .iter()
            .filter(|(_, _, _, act)| act.is_empty() || standing.acts.iter().any(|held| held == act))
            .map(|(href, key, icon, _)| NavItem {
                href,
                label: text(standing.lang, key),
                icon,
                current: is_current(href, &standing.path),
            })
            .collect();
        Ok(page)
    }

    /// The context of a page for nobody in particular: sign-in, errors.
    pub fn plain(lang: Lang, title: impl Into<String>, now: DateTime<Utc>) -> Self {
        Self {
            lang: lang.code(),
            dir: dir(lang),
            title: title.into(),
            csrf: String::new(),
            once: String::new(),
            answers_form: false,
            signed_in: false,
            user_name: String::new(),
            org_name: String::new(),
            fills_forms: false,
            searches: false,
            unread: 0,
            flash: None,
            path: String::new(),
            idle_minutes: gate::IDLE_MINUTES,
            nav: Vec::new(),
            reader: Reader { lang, arabic_digits: false, zone: chrono_tz::UTC, now, years: false },
        }
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        text(self.reader.lang, key)
    }

    /// A text with one value in it.
    pub fn ta<'a>(&self, key: &str, name: &'static str, value: impl Into<FluentValue<'a>>) -> String {
        text_with(self.reader.lang, key, &[(name, value.into())])
    }

    /// A text whose key ends in a code from the data: `p.tc("status", "accepted")` is `status-accepted`.
    pub fn tc(&self, family: &str, code: &str) -> String {
        self.t(&format!("{family}-{}", code.replace('_', "-")))
    }

    /// The colon as the language writes it: in French after a space that does not break.
    pub fn colon(&self) -> String {
        self.t("look-colon")
    }

    /// "One, two": the items that say something, with the comma of the language.
    pub fn list<S: AsRef<str>>(&self, items: impl IntoIterator<Item = S>) -> String {
        self.reader.lang.list(items)
    }

    /// The same for a line that stands apart from what is beside it: each item is set apart, and the line runs as the page does.
    pub fn list_apart<S: AsRef<str>>(&self, items: impl IntoIterator<Item = S>) -> String {
        let list = self.list(items.into_iter().map(|item| apart(item.as_ref())));
        self.runs_as_the_page(list)
    }

    /// "One · another": the parts that say something, each set apart, whichever way it is written; the line runs as the page does.
    pub fn joined<S: AsRef<str>>(&self, parts: impl IntoIterator<Item = S>) -> String {
        let parts = parts.into_iter().map(|part| apart(part.as_ref())).filter(|part| !part.is_empty());
        self.runs_as_the_page(parts.collect::<Vec<_>>().join(" · "))
    }

    fn runs_as_the_page(&self, line: String) -> String {
        let mark = if self.dir == "rtl" { '\u{200F}' } else { '\u{200E}' };
        if line.is_empty() { line } else { format!("{mark}{line}") }
    }

    /// The words in pieces, each with whether it is a code.
    pub fn coded<'a>(&self, words: &'a str) -> Vec<(bool, &'a str)> {
        pieces(words)
    }

    /// "What: which".
    pub fn detailed(&self, what: &str, which: &str) -> String {
        format!("{what}{} {which}", self.colon())
    }

    /// "Who · when", each set apart.
    pub fn signed(&self, who: &str, when: &str) -> String {
        self.joined([who, when])
    }

    /// The text of an error code beside a field.
    pub fn error(&self, code: &str) -> String {
        self.tc("error", code)
    }

    /// The error text beside this field of a form; empty when there is none.
    pub fn fe(&self, form: &crate::web::Form, field: &str) -> String {
        form.error(field).map(|code| self.error(code)).unwrap_or_default()
    }

    /// Every error of a form with its text, for the summary at the top.
    pub fn errors(&self, errors: &FieldErrors) -> Vec<(String, String)> {
        errors.0.iter().map(|(field, code)| (field.clone(), self.error(code))).collect()
    }

    /// `in 2 days, 24 Nov`.
    pub fn when(&self, moment: &DateTime<Utc>) -> String {
        self.reader.when(*moment)
    }

    /// `24 Nov, 14:30`.
    pub fn moment(&self, moment: &DateTime<Utc>) -> String {
        self.reader.moment(*moment)
    }

    /// `24 Nov`.
    pub fn date(&self, date: &NaiveDate) -> String {
        self.reader.date(*date)
    }

    /// A number with its thousands set apart.
    pub fn number(&self, number: impl Into<i64>) -> String {
        self.reader.number(number.into())
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> &'static str {
        crate::web::assets::url(name)
    }
}

fn is_current(href: &str, path: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

// `warning:key` and `danger:key` say their kind; a bare key is good news.
fn flash(lang: Lang, said: &str) -> (&'static str, String) {
    match said.split_once(':') {
        Some(("warning", key)) => ("warning", text(lang, key)),
        Some(("danger", key)) => ("danger", text(lang, key)),
        _ => ("good", text(lang, said)),
    }
}
