//! What people type into the fields of a form, as forms store it, and back. What can't be understood is stored as it was typed: the form says
//! what is wrong with it, and nothing is lost.
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use xforms::form::{Node, QuestionKind};
use xforms::session::Item;

use crate::forms::plans;
use crate::platform::typed;
use crate::web::form::digits;

const DAYS: [&str; 5] = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d"];
const TIMES: [&str; 4] = ["%H:%M", "%H:%M:%S", "%H.%M", "%Hh%M"];

/// What was given for a question, as it is stored and as devices store it. `before` is what stands there, `items` what can be chosen.
pub(super) fn stored(node: &Node, given: &[String], before: &str, items: &[Item], now: DateTime<Tz>) -> String {
    let Some(question) = node.question() else { return before.to_owned() };
    let first = given.first().map(String::as_str).unwrap_or_default();
    let plain = typed::cleaned(first);
    match &question.kind {
        QuestionKind::Integer => number(&plain),
        QuestionKind::Decimal | QuestionKind::Range(_) => decimal(&plain),
        QuestionKind::Text if node.has_appearance("numbers") => number(&plain),
        QuestionKind::Text if node.wants_digits() => digits(&plain),
        QuestionKind::Date => day(&digits(&plain), node).map_or(plain, |day| day.format("%Y-%m-%d").to_string()),
        QuestionKind::Time => time_of_day(&digits(&plain), before, now).unwrap_or(plain),
        QuestionKind::DateTime => moment(&digits(&plain), before, now.timezone()).unwrap_or(plain),
        QuestionKind::SelectOne => choice(&plain, items),
        QuestionKind::SelectMultiple | QuestionKind::Rank => several(given),
        QuestionKind::Geopoint => point(given, before),
        QuestionKind::Geotrace | QuestionKind::Geoshape => line(&plain),
        QuestionKind::File(_) | QuestionKind::Note | QuestionKind::Hidden(_) => before.to_owned(),
        QuestionKind::Text | QuestionKind::Barcode | QuestionKind::Acknowledge => plain,
    }
}

/// What stands in the fields of a question: one text, or more where it has several fields.
pub(super) fn shown(node: &Node, answer: &str, zone: Tz) -> Vec<String> {
    let one = |text: String| vec![text];
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::Date) => one(NaiveDate::parse_from_str(answer, "%Y-%m-%d").map_or_else(
            |_| answer.to_owned(),
            |day| {
                day.format(if is_year(node) {
                    "%Y"
                } else if is_month(node) {
                    "%m/%Y"
                } else {
                    "%d/%m/%Y"
                })
                .to_string()
            },
        )),
        Some(QuestionKind::Time) => one(clock(answer)),
        Some(QuestionKind::DateTime) => {
            one(local(answer, zone).map_or_else(|| answer.to_owned(), |at| at.format("%d/%m/%Y %H:%M").to_string()))
        }
        Some(QuestionKind::SelectMultiple | QuestionKind::Rank) => {
            answer.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        Some(QuestionKind::Geopoint) => answer.split_whitespace().take(2).map(str::to_owned).collect(),
        Some(QuestionKind::Geotrace | QuestionKind::Geoshape) => {
            one(answer.split(';').map(str::trim).filter(|point| !point.is_empty()).collect::<Vec<_>>().join("\n"))
        }
        _ => one(answer.to_owned()),
    }
}

/// A moment as the clocks of this zone show it.
pub(super) fn local(answer: &str, zone: Tz) -> Option<NaiveDateTime> {
    let moment = chrono::DateTime::parse_from_rfc3339(answer).ok().map(|at| at.with_timezone(&zone).naive_local());
    moment.or_else(|| {
        ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"].iter().find_map(|form| NaiveDateTime::parse_from_str(answer, form).ok())
    })
}

/// `09:30` of `09:30:00.000+03:00`: what the clock showed where it was typed, whoever reads it wherever; with seconds where there are any.
pub(in crate::forms) fn clock(answer: &str) -> String {
    let bare = answer.split(['+', '-', 'Z']).next().unwrap_or(answer);
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(bare, form).ok());
    let shown = |time: NaiveTime| time.format(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string();
    time.map_or_else(|| answer.to_owned(), shown)
}

/// Only the month of a day is asked.
pub(super) fn is_month(node: &Node) -> bool {
    node.has_appearance("month-year")
}

/// Only the year of a day is asked.
pub(super) fn is_year(node: &Node) -> bool {
    node.has_appearance("year")
}

// `1 250` and `1,250,000` are numbers as people write them; `1,5` is left to the form to refuse.
fn number(typed: &str) -> String {
    let plain: String = digits(typed).chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\u{202f}').collect();
    plain.replace('\u{2212}', "-")
}

// A decimal comma is as good as a point.
fn decimal(typed: &str) -> String {
    let plain = number(typed).replace('\u{66b}', ".");
    if plain.contains('.') || plain.matches(',').count() != 1 { plain } else { plain.replace(',', ".") }
}

fn day(typed: &str, node: &Node) -> Option<NaiveDate> {
    let of = |text: &str, formats: &[&str]| formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok());
    let whole = of(typed, &DAYS);
    let month = || of(&format!("01/{typed}"), &["%d/%m/%Y", "%d/%Y-%m", "%d/%m.%Y", "%d/%m-%Y"]);
    let year = || of(&format!("01/01/{typed}"), &["%d/%m/%Y"]);
    let found = match (is_year(node), is_month(node)) {
        (true, _) => whole.or_else(year),
        (_, true) => whole.or_else(month),
        _ => whole,
    };
    // Two digits are no year: nobody knows which century is meant.
    found.filter(|day| *day >= first_day())
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1000, 1, 1).unwrap_or(NaiveDate::MIN)
}

fn time(typed: &str) -> Option<NaiveTime> {
    TIMES.iter().find_map(|format| NaiveTime::parse_from_str(typed, format).ok())
}

// With the offset that the worker's own clocks have now, as devices write it; what was not touched keeps its own.
fn time_of_day(typed: &str, before: &str, now: DateTime<Tz>) -> Option<String> {
    let text = time(typed)?.format("%H:%M:%S%.3f").to_string();
    if clock(before) == clock(&text) {
        return Some(before.to_owned());
    }
    let offset = if now.offset().fix().local_minus_utc() == 0 { "Z".to_owned() } else { now.format("%:z").to_string() };
    Some(format!("{text}{offset}"))
}

// What was not touched keeps its offset; what is typed is read by the worker's own clocks.
fn moment(typed: &str, before: &str, zone: Tz) -> Option<String> {
    if typed.is_empty() {
        return None;
    }
    let (day, clock) = typed.split_once(['T', ' ', ','])?;
    let day = DAYS.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok()).filter(|day| *day >= first_day())?;
    let at = day.and_time(time(clock.trim())?);
    let unchanged =
        local(before, zone).is_some_and(|old| old.format("%Y%m%d%H%M").to_string() == at.format("%Y%m%d%H%M").to_string());
    if unchanged {
        return Some(before.to_owned());
    }
    let at = zone.from_local_datetime(&at).earliest()?.to_utc();
    Some(plans::moment(at, zone).to_text())
}

// Long lists are typed into with suggestions: words that name one choice are that choice.
fn choice(plain: &str, items: &[Item]) -> String {
    if items.iter().any(|item| item.value == plain) {
        return plain.to_owned();
    }
    let mut named = items.iter().filter(|item| super::words::plain(&item.label).to_lowercase() == plain.to_lowercase());
    match (named.next(), named.next()) {
        (Some(item), None) if !plain.is_empty() => item.value.clone(),
        _ => plain.to_owned(),
    }
}

fn several(given: &[String]) -> String {
    given.iter().map(|one| one.trim()).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" ")
}

// Latitude and longitude stand in two fields; altitude and accuracy are kept where the point was not moved.
fn point(given: &[String], before: &str) -> String {
    let parts: Vec<String> = given.iter().take(2).map(|part| coordinate(&typed::cleaned(part))).collect();
    let joined = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    if joined.is_empty() || before.split_whitespace().take(2).eq(joined.split(' ')) {
        return if joined.is_empty() { String::new() } else { before.to_owned() };
    }
    if parts.iter().filter(|part| !part.is_empty()).count() == 2 { format!("{joined} 0 0") } else { joined }
}

// Two numbers in one field are not run together into a third: they stay two, which is no coordinate, and the form says so.
fn coordinate(typed: &str) -> String {
    let plain = digits(typed);
    let parts: Vec<&str> = plain.split_whitespace().collect();
    if parts.len() < 2 { decimal(typed) } else { parts.join(",") }
}

fn line(plain: &str) -> String {
    let points = digits(plain);
    points.lines().map(|point| point.trim().trim_end_matches(';')).filter(|point| !point.is_empty()).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use xforms::form::{Kind, Question};

    use super::*;

    fn node(kind: QuestionKind, appearance: &str) -> Node {
        let mut node = Node::new("a", "/data/a".to_owned(), Kind::Question(Question::new(kind)));
        appearance.clone_into(&mut node.appearance);
        node
    }

    fn read(kind: QuestionKind, appearance: &str, given: &[&str], before: &str) -> String {
        let given: Vec<String> = given.iter().map(|one| (*one).to_owned()).collect();
        stored(&node(kind, appearance), &given, before, &[], noon(chrono_tz::Asia::Amman))
    }

    fn noon(zone: Tz) -> DateTime<Tz> {
        zone.with_ymd_and_hms(2026, 11, 27, 12, 0, 0).single().expect("there is a noon")
    }

    #[test]
    fn a_day_is_typed_in_iso_or_as_the_language_writes_it() {
        for typed in ["2026-11-27", "27/11/2026", "27.11.2026", " 27-11-2026 ", "٢٧/١١/٢٠٢٦", "2026/11/27"] {
            assert_eq!(read(QuestionKind::Date, "", &[typed], ""), "2026-11-27", "{typed}");
        }
        assert_eq!(read(QuestionKind::Date, "", &["31/02/2026"], ""), "31/02/2026", "what is wrong is kept as it was typed");
        assert_eq!(read(QuestionKind::Date, "", &["27/11/26"], ""), "27/11/26");
        assert_eq!(read(QuestionKind::Date, "month-year", &["11/2026"], ""), "2026-11-01");
        assert_eq!(read(QuestionKind::Date, "year", &["2026"], ""), "2026-01-01");
        assert_eq!(shown(&node(QuestionKind::Date, ""), "2026-11-27", chrono_tz::UTC), ["27/11/2026"]);
        assert_eq!(shown(&node(QuestionKind::Date, ""), "31/02/2026", chrono_tz::UTC), ["31/02/2026"]);
    }

    #[test]
    fn a_time_is_that_of_the_clock_where_the_worker_is() {
        assert_eq!(read(QuestionKind::Time, "", &["9:30"], ""), "09:30:00.000+03:00");
        let elsewhere = "09:30:12.000-06:00";
        assert_eq!(shown(&node(QuestionKind::Time, ""), elsewhere, chrono_tz::UTC), ["09:30:12"]);
        assert_eq!(read(QuestionKind::Time, "", &["09:30:12"], elsewhere), elsewhere, "what was not touched keeps its offset");
        let stored = read(QuestionKind::DateTime, "", &["27/11/2026 09:30"], "");
        assert_eq!(stored, "2026-11-27T09:30:00.000+03:00");
        assert_eq!(read(QuestionKind::DateTime, "", &["2026-11-27T09:30"], ""), stored);
        let sent = "2026-11-27T09:30:12.345+03:00";
        let field = shown(&node(QuestionKind::DateTime, ""), sent, chrono_tz::Asia::Amman);
        assert_eq!(field, ["27/11/2026 09:30"]);
        assert_eq!(read(QuestionKind::DateTime, "", &[&field[0]], sent), sent, "what was not touched loses nothing");
    }

    #[test]
    fn a_time_of_day_is_shown_as_it_was_typed_wherever_that_was() {
        for (sent, expected) in [
            ("10:30:00.000+03:00", "10:30"),
            ("10:30:00.000-06:00", "10:30"),
            ("10:30:00.000Z", "10:30"),
            ("10:30", "10:30"),
            ("10:30:15.250-06:00", "10:30:15"),
            ("soon", "soon"),
        ] {
            let field = shown(&node(QuestionKind::Time, ""), sent, chrono_tz::Asia::Amman);
            assert_eq!(field, [expected]);
            assert_eq!(read(QuestionKind::Time, "", &[expected], sent), sent, "what was not touched loses nothing");
        }
        assert_eq!(read(QuestionKind::Time, "", &["10:31"], "10:30:00.000-06:00"), "10:31:00.000+03:00");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(read(QuestionKind::Integer, "", &["١٢"], ""), "12");
        assert_eq!(read(QuestionKind::Decimal, "", &["1,5"], ""), "1.5");
        assert_eq!(read(QuestionKind::Decimal, "", &["٣٫٥"], ""), "3.5");
        assert_eq!(read(QuestionKind::Integer, "", &["twelve"], ""), "twelve");
    }

    #[test]
    fn several_fields_make_one_answer() {
        assert_eq!(read(QuestionKind::SelectMultiple, "", &["", "a", "b"], ""), "a b");
        assert_eq!(read(QuestionKind::Geopoint, "", &["31.95", "35.93"], ""), "31.95 35.93 0 0");
        assert_eq!(read(QuestionKind::Geopoint, "", &["31.95", "35.93"], "31.95 35.93 780 5"), "31.95 35.93 780 5");
        assert_eq!(read(QuestionKind::Geopoint, "", &["", ""], "31.95 35.93 780 5"), "");
        assert_eq!(read(QuestionKind::Geopoint, "", &["32.5 35.8", ""], ""), "32.5,35.8", "which is no place");
        assert_eq!(read(QuestionKind::Geotrace, "", &["1 2\n3 4;\n"], ""), "1 2;3 4");
    }

    #[test]
    fn words_that_name_one_choice_are_that_choice() {
        let items: Vec<Item> = [("amm", "Amman"), ("irb", "Irbid"), ("ir2", "Irbid")]
            .map(|(value, label)| Item { value: value.into(), label: label.into(), media: Vec::new() })
            .into();
        let now = noon(chrono_tz::UTC);
        let read = |typed: &str| stored(&node(QuestionKind::SelectOne, ""), &[typed.to_owned()], "", &items, now);
        assert_eq!(
            (read("amman"), read("irb"), read("Irbid"), read("")),
            ("amm".into(), "irb".into(), "Irbid".into(), "".into())
        );
    }
}
