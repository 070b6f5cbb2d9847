//! A record, what it says, and what may be written.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::part;
use super::place::Kind;
use crate::cases::note;
use crate::error::{Error, FieldErrors};
use crate::packs::Shape;
use crate::platform::ids::{RecordId, UserId};

/// How somebody was spoken or written with.
pub const WAYS: &[&str] = &["in_person", "phone", "online", "message", "letter", "email"];

/// Who began it.
pub const DIRECTIONS: &[&str] = &["incoming", "outgoing"];

/// What a record says. All of it is sealed; which parts a form asks depends on the shape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Said {
    /// What happened, was found or was said.
    pub account: String,
    /// Roughly where.
    pub place: String,
    /// What was done.
    pub done: String,
    /// The risk level that was found: a code of the pack.
    pub finding: String,
    /// What is advised.
    pub advice: String,
    /// When to look again, or the next session.
    pub next_on: Option<NaiveDate>,
    /// One of `in_person`, `phone`, `online`, `message`, `letter`, `email`.
    pub way: String,
    /// How long it took.
    pub minutes: Option<u16>,
    /// `incoming` or `outgoing`.
    pub direction: String,
    /// Parts of a shape's own, such as `childs_view` or `decision`, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, String>,
}

/// The parts that a form of this shape asks, in its order.
pub fn parts(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Incident => &["place", "account", "done"],
        Shape::Assessment => &["account", "finding", "advice", "next_on"],
        Shape::Session => &["way", "minutes", "account", "next_on"],
        Shape::Communication => &["direction", "way", "account"],
        Shape::Account => &["account"],
        Shape::BestInterests => &["took_part", "childs_view", "account", "options", "advice", "next_on"],
        Shape::Determination => &["panel", "took_part", "childs_view", "account", "options", "decision", "reasons", "next_on"],
        Shape::Separation => &["separation", "account", "carer", "next_on"],
        Shape::Tracing => &["sought", "last_known", "account", "trace", "next_on"],
        Shape::Reunification => &["account", "consent_child", "consent_caregiver", "reunion", "next_on"],
    }
}

/// One version of a record, opened.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The first version: what the record is called by.
    pub root: RecordId,
    /// The version that this one corrects.
    pub corrects: Option<RecordId>,
    /// Its kind: a code of the pack.
    pub kind: String,
    /// What it says; `None` for the stub of one that was moved (S28).
    pub said: Option<Said>,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Why so late (S31).
    pub late_reason: Option<String>,
    /// Who wrote it.
    pub author: UserId,
    /// Their name then.
    pub author_name: String,
    /// The parts that were left out for this reader.
    pub withheld: Vec<&'static str>,
}

/// A record to be written, or a version that corrects one.
#[derive(Debug, Clone, Default)]
pub struct NewRecord {
    /// What it says.
    pub said: Said,
    /// When it happened; now when `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late.
    pub late_reason: String,
}

impl NewRecord {
    /// Why it is written down late, if that was said.
    pub(super) fn late_because(&self) -> Option<&str> {
        Some(self.late_reason.trim()).filter(|reason| !reason.is_empty())
    }

    /// When it happened, if all of it may be written so.
    pub(super) fn checked(&self, kind: &Kind, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, Error> {
        let mut errors = FieldErrors::default();
        let happened_at = self.happened_at.unwrap_or(now);
        let late_after = TimeDelta::hours(i64::from(kind.pack.deadlines.late_entry.rough_hours()));
        note::check_moment(happened_at, now, late_after, &self.late_reason, &mut errors);
        let said = &self.said;
        if said.account.trim().is_empty() {
            errors.add("account", "required");
        }
        for (name, text) in [("account", &said.account), ("place", &said.place), ("done", &said.done), ("advice", &said.advice)] {
            if text.chars().count() > note::MOST_CHARACTERS {
                errors.add(name, "too_long");
            }
        }
        let known = |codes: &[&str], code: &str| code.is_empty() || codes.contains(&code);
        for (name, good) in [
            ("way", known(WAYS, &said.way)),
            ("direction", known(DIRECTIONS, &said.direction)),
            ("finding", said.finding.is_empty() || kind.pack.risk_level(&said.finding).is_some()),
        ] {
            if !good {
                errors.add(name, "not_a_choice");
            }
        }
        let followed = said.next_on.is_some();
        let day = happened_at.with_timezone(&zone).date_naive();
        if said.next_on.is_some_and(|next| next < day) {
            errors.add("next_on", "next_before");
        }
        part::check(kind.kind.shape, &said.more, followed, &mut errors);
        for (name, there) in [("advice", !said.advice.trim().is_empty()), ("next_on", followed)] {
            if part::needed(kind.kind.shape).contains(&name) && !there {
                errors.add(name, "required");
            }
        }
        errors.or_ok()?;
        Ok(happened_at)
    }
}

impl Said {
    /// Only the parts that this shape asks: what another form left behind is not kept.
    pub(super) fn kept(mut self, shape: Shape) -> Self {
        let asked = parts(shape);
        for (name, text) in [
            ("place", &mut self.place),
            ("done", &mut self.done),
            ("finding", &mut self.finding),
            ("advice", &mut self.advice),
            ("way", &mut self.way),
            ("direction", &mut self.direction),
        ] {
            if !asked.contains(&name) {
                text.clear();
            }
        }
        self.next_on = self.next_on.filter(|_| asked.contains(&"next_on"));
        self.minutes = self.minutes.filter(|_| asked.contains(&"minutes"));
        self.more.retain(|name, text| asked.contains(&name.as_str()) && !text.trim().is_empty());
        self
    }

    /// Until when a record that says this holds its case from being erased (S29): while somebody is sought, while a reunification is not over or followed, until a
    /// best-interests decision is looked at again.
    pub(super) fn holds_until(&self, shape: Shape) -> Option<NaiveDate> {
        let without_end = NaiveDate::from_ymd_opt(9999, 12, 31);
        let said = |name: &str| self.more.get(name).map_or("", |text| text.trim());
        match shape {
            Shape::Tracing if said("trace") == "searching" => without_end,
            Shape::Reunification if matches!(said("reunion"), "verifying" | "planned") => without_end,
            Shape::Reunification if said("reunion") == "reunited" => self.next_on,
            Shape::Determination => self.next_on,
            _ => None,
        }
    }

    /// Without the parts that stay with whoever works the case; answers their names.
    pub(super) fn withhold(&mut self) -> Vec<&'static str> {
        let kept: Vec<_> = part::ALL.iter().filter(|part| part.guarded && self.more.contains_key(part.name)).collect();
        kept.into_iter()
            .map(|part| {
                self.more.remove(part.name);
                part.name
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_form_asks_is_kept() {
        let said =
            Said { account: "x".into(), finding: "high".into(), way: "phone".into(), minutes: Some(30), ..Said::default() };
        let kept = said.clone().kept(Shape::Communication);
        assert_eq!((kept.account.as_str(), kept.way.as_str(), kept.finding.as_str(), kept.minutes), ("x", "phone", "", None));
        assert_eq!(said.kept(Shape::Session).minutes, Some(30));
    }

    #[test]
    fn s29_what_is_not_over_holds_its_case() {
        let next_on = NaiveDate::from_ymd_opt(2026, 5, 1);
        let of = |part: &str, code: &str| Said { more: [(part.to_owned(), code.to_owned())].into(), next_on, ..Said::default() };
        let without_end = NaiveDate::from_ymd_opt(9999, 12, 31);
        for (shape, part, code, until) in [
            (Shape::Tracing, "trace", "searching", without_end),
            (Shape::Tracing, "trace", "found", None),
            (Shape::Reunification, "reunion", "planned", without_end),
            (Shape::Reunification, "reunion", "reunited", next_on),
            (Shape::Reunification, "reunion", "not_possible", None),
            (Shape::Determination, "decision", "She stays", next_on),
            (Shape::Account, "trace", "searching", None),
        ] {
            assert_eq!(of(part, code).holds_until(shape), until, "{part} {code}");
        }
    }
}
