//! A submitted form: what was typed, and what is wrong with it, kept together so that the form can be shown again with both.
//!
//! Read fields with the typed getters; each notes an error beside its field and goes on, so that all errors show at once. Then call
//! [`Form::check`]. Every getter has a bound.
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequest, Request};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::error::{Error, FieldErrors};
use crate::platform::typed;

/// No form is larger than this.
pub const MOST_BYTES: usize = 512 * 1024;

// The names under which the page after a clash of versions (`conflict`) sends both sides and which of them is taken.
pub(super) const EITHER: &str = "_either";
pub(super) const MINE: &str = "_mine.";
pub(super) const THEIRS: &str = "_theirs.";
pub(super) const JOINED: &str = "_joined.";
// The fields that stood as they were served when the form was sent: a script of ours names them.
pub(super) const SAME: &str = "_same";
// The version that was read before the clash, and the fields of which nothing was chosen.
pub(super) const READ: &str = "_read";
pub(super) const UNCHOSEN: &str = "_unchosen";
// After a lost session a form comes back as it was sent; it is shown once more and not carried out.
const AGAIN: &str = "_again";
pub(super) const TAKE_MINE: &str = "_take_mine";

/// A submitted form, or the blank one.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    /// What is wrong, field by field.
    pub errors: FieldErrors,
    // Which fields were looked at, where that is asked afterwards.
    looked: Option<Arc<Mutex<BTreeSet<String>>>>,
}

impl Form {
    /// A form that nobody has filled yet, with these first values.
    pub fn blank<'a>(first: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in first {
            form.set(name, value);
        }
        form
    }

    /// The same fields as a program sends them; [`Form::all_looked_at`] can be asked of it.
    pub fn sent(fields: &BTreeMap<String, Vec<String>>) -> Self {
        Self { values: fields.clone(), looked: Some(Arc::default()), ..Self::default() }
    }

    /// Refuses fields that nothing looked at, in this form or in a copy of it: they would be left out without a word.
    pub fn all_looked_at(&self) -> Result<(), Error> {
        let Some(looked) = self.looked.as_ref().and_then(|looked| looked.lock().ok()) else { return Ok(()) };
        let mut errors = FieldErrors::default();
        let unseen = self.values.iter().filter(|(name, values)| !values.is_empty() && !looked.contains(*name));
        unseen.for_each(|(name, _)| errors.add(name, "unknown_field"));
        errors.or_ok()
    }

    fn look(&self, name: &str) -> Option<&Vec<String>> {
        if let Some(mut looked) = self.looked.as_ref().and_then(|looked| looked.lock().ok()) {
            looked.insert(name.to_owned());
        }
        self.values.get(name)
    }

    /// Reads `a=1&b=2`.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            form.values.entry(name.into_owned()).or_default().push(value.replace("\r\n", "\n"));
        }
        form.settle();
        if form.values.remove(AGAIN).is_some() {
            form.errors.add("", "look_again");
        }
        form
    }

    // Where both sides of a clash were sent, the chosen one stands under the fields' own names from here on. Where none was chosen, the form is
    // what it was before the clash, so that it is asked again: saved over what stands now, it would drop the other's words.
    fn settle(&mut self) {
        let mut unchosen = Vec::new();
        for group in self.values.remove(EITHER).unwrap_or_default() {
            let side = match self.value(&format!("_take.{group}")) {
                _ if self.filled(TAKE_MINE) => MINE,
                "theirs" => THEIRS,
                "joined" => JOINED,
                // Words that were joined by hand are kept, whichever side is marked beside them.
                _ if self.joins(&group) => JOINED,
                "mine" => MINE,
                _ => {
                    unchosen.push(group.clone());
                    MINE
                }
            };
            for name in group.split(',') {
                match self.values.remove(&format!("{side}{name}")) {
                    Some(values) => self.values.insert(name.to_owned(), values),
                    None => self.values.remove(name),
                };
            }
        }
        if !unchosen.is_empty() {
            let read = self.values.remove(READ).unwrap_or_default();
            self.values.insert("version".to_owned(), read);
            self.values.insert(UNCHOSEN.to_owned(), unchosen);
        }
    }

    // The field in which both are joined, which begins with mine, holds something else by now. Lines end otherwise as a browser sends them.
    fn joins(&self, group: &str) -> bool {
        let plain = |side: &str| self.value(&format!("{side}{group}")).replace("\r\n", "\n").trim().to_owned();
        self.filled(&format!("{JOINED}{group}")) && plain(JOINED) != plain(MINE)
    }

    /// Every field with what was typed or ticked in it.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Puts a value, as if it had been typed.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), vec![value.into()]);
    }

    /// Puts several values, as for ticked boxes.
    pub fn set_all(&mut self, name: &str, values: Vec<String>) {
        self.values.insert(name.to_owned(), values);
    }

    /// What was typed, for showing it again.
    pub fn value(&self, name: &str) -> &str {
        self.look(name).and_then(|values| values.first()).map_or("", |value| value.as_str())
    }

    /// Everything that was ticked.
    pub fn all(&self, name: &str) -> &[String] {
        self.look(name).map_or(&[], |values| values.as_slice())
    }

    /// This box was ticked or this option chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|ticked| ticked == value)
    }

    /// Something was typed or ticked.
    pub fn filled(&self, name: &str) -> bool {
        !typed::is_blank(self.value(name))
    }

    /// A yes/no box.
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.value(name), "on" | "yes" | "true" | "1")
    }

    /// The error code beside this field.
    pub fn error(&self, name: &str) -> Option<&'static str> {
        self.errors.get(name)
    }

    /// Text that must be there, trimmed, of at most `most` characters.
    pub fn text(&mut self, name: &str, most: usize) -> String {
        let text = self.text_maybe(name, most);
        if text.is_empty() {
            self.errors.add(name, "required");
        }
        text
    }

    /// Text that may be missing, without what steers a screen, trimmed, of at most `most` characters.
    pub fn text_maybe(&mut self, name: &str, most: usize) -> String {
        let text = typed::cleaned(self.value(name));
        if text.chars().count() > most {
            self.errors.add(name, "too_long");
        }
        text
    }

    /// A value of a type that parses: an id, a number, a code.
    pub fn parsed<T: FromStr>(&mut self, name: &str) -> Option<T> {
        if !self.filled(name) {
            self.errors.add(name, "required");
            return None;
        }
        self.parsed_maybe(name)
    }

    /// The same, where nothing is an answer too.
    pub fn parsed_maybe<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let typed = self.value(name).trim();
        if typed.is_empty() {
            return None;
        }
        let value = digits(typed).parse().ok();
        if value.is_none() {
            self.errors.add(name, "not_understood");
        }
        value
    }

    /// One of these codes; must be chosen.
    pub fn one_of<'a>(&mut self, name: &str, codes: impl IntoIterator<Item = &'a str>) -> String {
        let chosen = self.value(name).to_owned();
        if chosen.is_empty() {
            self.errors.add(name, "required");
        } else if !codes.into_iter().any(|code| code == chosen) {
            self.errors.add(name, "not_a_choice");
        }
        chosen
    }

    /// Some of these codes, possibly none.
    pub fn some_of<'a>(&mut self, name: &str, codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let known: Vec<&str> = codes.into_iter().collect();
        let chosen: Vec<String> = self.all(name).iter().filter(|value| !value.is_empty()).cloned().collect();
        if chosen.iter().any(|value| !known.contains(&value.as_str())) {
            self.errors.add(name, "not_a_choice");
        }
        chosen
    }

    /// A date, `2026-11-24` or `24/11/2026`; must be there.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        if !self.filled(name) {
            self.errors.add(name, "required");
            return None;
        }
        self.date_maybe(name)
    }

    /// A date that may be missing.
    pub fn date_maybe(&mut self, name: &str) -> Option<NaiveDate> {
        let typed = digits(self.value(name).trim());
        if typed.is_empty() {
            return None;
        }
        let date = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
            .iter()
            .find_map(|format| NaiveDate::parse_from_str(&typed, format).ok());
        if date.is_none() {
            self.errors.add(name, "not_a_date");
        }
        date
    }

    /// A moment as a `datetime-local` input gives it, read in this time zone; may be missing.
    pub fn moment_maybe(&mut self, name: &str, zone: Tz) -> Option<DateTime<Utc>> {
        let typed = digits(self.value(name).trim());
        if typed.is_empty() {
            return None;
        }
        let local =
            ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M"]
                .iter()
                .find_map(|format| NaiveDateTime::parse_from_str(&typed, format).ok())
                .or_else(|| NaiveDate::parse_from_str(&typed, "%Y-%m-%d").ok().map(|date| date.and_time(NaiveTime::default())));
        let moment = local.and_then(|local| zone.from_local_datetime(&local).earliest()).map(|moment| moment.to_utc());
        if moment.is_none() {
            self.errors.add(name, "not_a_moment");
        }
        moment
    }

    /// `Err(Invalid)` if anything was noted.
    pub fn check(&self) -> Result<(), Error> {
        self.errors.clone().or_ok()
    }

    /// The same form with these errors, for showing it again.
    #[must_use]
    pub fn with_errors(mut self, errors: FieldErrors) -> Self {
        self.errors = errors;
        self
    }
}

/// Arabic-Indic and Persian digits as the ones machines read.
pub fn digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
            other => other,
        })
        .collect()
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let body =
            axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| crate::error::invalid("", "too_large"))?;
        Ok(Self::parse(&body))
    }
}

/// A page's query string, read like a form: `?q=…&page=2`.
#[derive(Debug, Clone, Default)]
pub struct Query(pub Form);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(Form::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

/// An id in a path: what does not parse does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> axum::extract::FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the one place that wraps it")]
    async fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> Result<Self, Error> {
        axum::extract::Path::<T>::from_request_parts(parts, state).await.map(|path| Self(path.0)).map_err(|_| Error::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_clash_each_field_takes_the_chosen_side() {
        let sent = "name=x&_either=name&_either=day,month&_mine.name=Dana&_theirs.name=Diana&_take.name=theirs\
                    &_mine.day=1&_theirs.day=2&_theirs.month=3&_take.day%2Cmonth=mine&note=kept";
        let form = Form::parse(sent.as_bytes());
        assert_eq!((form.value("name"), form.value("day"), form.value("month"), form.value("note")), ("Diana", "1", "", "kept"));
        assert_eq!(Form::parse(format!("{sent}&_take_mine=yes").as_bytes()).value("name"), "Dana");
        let by_hand = sent.replace("_take.name=theirs", "_take.name=joined&_joined.name=Dana+Diana");
        assert_eq!(Form::parse(by_hand.as_bytes()).value("name"), "Dana Diana");
        let unmarked = sent.replace("_take.name=theirs", "_take.name=mine&_joined.name=Dana+Diana");
        assert_eq!(Form::parse(unmarked.as_bytes()).value("name"), "Dana Diana", "nothing typed is lost");
        let open = Form::parse(format!("version=2&_read=1&{}", sent.replace("&_take.name=theirs", "")).as_bytes());
        assert_eq!((open.value("version"), open.value("name")), ("1", "Dana"), "what nobody chose is asked again");
        assert_eq!(open.all(UNCHOSEN), ["name"]);
    }

    #[test]
    fn every_mistake_is_noted_beside_its_field_and_nothing_typed_is_lost() {
        let mut form = Form::parse("name=+&born_on=31%2F02%2F2020&age=%D9%A1%D9%A2&sex=x".as_bytes());
        form.text("name", 10);
        form.date("born_on");
        assert_eq!(form.parsed::<i32>("age"), Some(12));
        form.one_of("sex", ["female", "male"]);
        let Err(Error::Invalid(errors)) = form.check() else { panic!("the form is wrong") };
        assert_eq!(
            errors.0.into_iter().collect::<Vec<_>>(),
            [("born_on".into(), "not_a_date"), ("name".into(), "required"), ("sex".into(), "not_a_choice")]
        );
        assert_eq!(form.value("born_on"), "31/02/2020");
    }
}
