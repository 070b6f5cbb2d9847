//! The cells of a row as values, or a plain sentence saying why they are none.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

use super::rows::{Problem, Row};
use super::shapes::{Day, Frequency, HsdsId, LocationKind, Status, Wording};

impl Row {
    /// A cell's text.
    pub fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// A cell's text, nothing if it is empty.
    pub fn words(&self, column: &str) -> String {
        self.get(column).unwrap_or_default().to_owned()
    }

    /// A cell that must not be empty.
    pub fn need(&self, column: &str) -> Result<&str, Problem> {
        let reason = || format!("Every {} needs something in this column.", self.table.word());
        self.get(column).ok_or_else(|| Problem::new(column, reason()))
    }

    /// The row's own id.
    pub fn id(&self) -> HsdsId {
        HsdsId(self.words("id"))
    }

    /// A text with its translations, which stand in `name_ar` beside `name`.
    pub fn wording(&self, column: &str) -> Wording {
        let translated = self.cells.iter().filter_map(|(other, text)| {
            let tag = other.strip_prefix(column)?.strip_prefix('_')?;
            is_language_tag(tag).then(|| (tag.to_owned(), text.trim().to_owned()))
        });
        let translations: BTreeMap<String, String> = translated.filter(|(_, text)| !text.is_empty()).collect();
        Wording { text: self.words(column), translations }
    }

    /// A text that must not be empty, with its translations.
    pub fn need_wording(&self, column: &str) -> Result<Wording, Problem> {
        self.need(column).map(|_| self.wording(column))
    }

    /// A number of any kind within bounds.
    pub fn number(&self, column: &str, least: f64, most: f64) -> Result<Option<f64>, Problem> {
        self.parse(column, &format!("a number from {least} to {most}"), |text| {
            text.parse().ok().filter(|number| (least..=most).contains(number))
        })
    }

    /// A whole number that is not negative.
    pub fn count(&self, column: &str) -> Result<Option<u64>, Problem> {
        let whole = |text: &str| text.strip_suffix(".0").unwrap_or(text).parse().ok();
        self.parse(column, "a whole number", whole)
    }

    /// A date, or the date of a moment.
    pub fn date(&self, column: &str) -> Result<Option<NaiveDate>, Problem> {
        self.parse(column, "a date such as 2026-03-31", |text| text.get(..10)?.parse().ok())
    }

    /// A moment; without an offset it is taken as UTC, as the specification says.
    pub fn moment(&self, column: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        self.parse(column, "a date and time such as 2026-03-31T09:00:00Z", |text| {
            let text = text.replacen(' ', "T", 1);
            let exact = DateTime::parse_from_rfc3339(&text).map(|moment| moment.to_utc());
            let naive = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").map(|naive| naive.and_utc());
            let day = || text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
            exact.or_else(|_| naive()).or_else(|_| day()).ok()
        })
    }

    /// A time of day as written; the offset that may follow it is left off.
    pub fn time(&self, column: &str) -> Result<Option<NaiveTime>, Problem> {
        self.parse(column, "a time of day such as 09:00", |text| {
            let clock = text.split(['Z', 'z', '+', '-']).next()?.trim();
            let (hour, rest) = clock.split_once(':')?;
            let (minute, second) = rest.split_once(':').unwrap_or((rest, "0"));
            let second = second.split('.').next()?;
            match (hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?) {
                // The end of the day has no other name as a time of day.
                (24, 0, 0) => NaiveTime::from_hms_opt(23, 59, 0),
                (hour, minute, second) => NaiveTime::from_hms_opt(hour, minute, second),
            }
        })
    }

    /// A web address; anything else (scripts above all) must not become a link.
    pub fn url(&self, column: &str) -> Result<Option<String>, Problem> {
        self.parse(column, "a web address that starts with https:// or http://", |text| {
            let address = if text.starts_with("www.") { format!("https://{text}") } else { text.to_owned() };
            let small = address.to_ascii_lowercase();
            let web = small.starts_with("https://") || small.starts_with("http://");
            (web && !address.contains(char::is_whitespace)).then_some(address)
        })
    }

    /// An e-mail address.
    pub fn email(&self, column: &str) -> Result<Option<String>, Problem> {
        self.parse(column, "an e-mail address", |text| {
            let (name, host) = text.split_once('@')?;
            let right = !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace);
            right.then(|| text.to_owned())
        })
    }

    /// Whether a service runs, which each must say.
    pub fn status(&self) -> Result<Status, Problem> {
        self.need("status")?;
        let status = self.parse("status", "active, inactive, defunct or temporarily closed", |text| {
            match text.to_ascii_lowercase().replace('_', " ").as_str() {
                "active" => Some(Status::Active),
                "inactive" => Some(Status::Inactive),
                "defunct" => Some(Status::Defunct),
                "temporarily closed" => Some(Status::TemporarilyClosed),
                _ => None,
            }
        })?;
        Ok(status.unwrap_or_default())
    }

    /// The kind of a location or an address; physical where nothing is said.
    pub fn location_kind(&self, column: &str) -> Result<LocationKind, Problem> {
        let kind = self.parse(column, "physical, postal or virtual", |text| match text.to_ascii_lowercase().as_str() {
            "physical" => Some(LocationKind::Physical),
            "postal" => Some(LocationKind::Postal),
            "virtual" => Some(LocationKind::Virtual),
            _ => None,
        })?;
        Ok(kind.unwrap_or_default())
    }

    /// How often a schedule repeats.
    pub fn frequency(&self) -> Result<Option<Frequency>, Problem> {
        self.parse("freq", "WEEKLY or MONTHLY", |text| match text.to_ascii_uppercase().as_str() {
            "WEEKLY" => Some(Frequency::Weekly),
            "MONTHLY" => Some(Frequency::Monthly),
            _ => None,
        })
    }

    /// Weekdays as RFC 5545 writes them: `MO,TU` or `2MO,-1FR`.
    pub fn days(&self) -> Result<Vec<Day>, Problem> {
        let days = self.parse("byday", "days such as MO,TU or 2MO,-1FR", |text| text.split(',').map(day).collect());
        days.map(Option::unwrap_or_default)
    }

    /// Days of the month, counted from its start or (negative) from its end.
    pub fn month_days(&self) -> Result<Vec<i8>, Problem> {
        let right = |day: &i8| (-31..=31).contains(day) && *day != 0;
        let days = self.parse("bymonthday", "days of the month such as 1,15,-1", |text| {
            text.split(',').map(|part| part.trim().parse().ok().filter(right)).collect()
        });
        days.map(Option::unwrap_or_default)
    }

    fn parse<T>(&self, column: &str, kind: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = self.get(column) else {
            return Ok(None);
        };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            None => {
                let shown: String = text.chars().take(60).collect();
                Err(Problem::new(column, format!("“{shown}” is not {kind}.")))
            }
        }
    }
}

fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let start = text.len().checked_sub(2).filter(|start| text.is_char_boundary(*start))?;
    let (nth, name) = text.split_at(start);
    let weekday = match name.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let nth = if nth.is_empty() { None } else { Some(nth.parse::<i8>().ok().filter(|n| *n != 0 && n.abs() <= 53)?) };
    Some(Day { nth, weekday })
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
