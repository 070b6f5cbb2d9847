//! Days and times as forms write them: ISO 8601 texts, counted in days and milliseconds since 1970-01-01, with an offset from UTC.
use super::context::Names;

const DAY: i64 = 86_400_000;

/// A point in time and where it was: milliseconds since 1970-01-01T00:00Z, and minutes east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub milliseconds: i64,
    pub offset: i32,
}

/// What a text of a form says about time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A day, counted from 1970-01-01.
    Day(i64),
    /// A day and a time of it.
    Moment(Moment),
    /// A time of day in milliseconds.
    Time(i64),
}

impl Moment {
    /// The day on the calendar there, counted from 1970-01-01.
    pub fn day(self) -> i64 {
        self.local().div_euclid(DAY)
    }

    /// Days since 1970-01-01 on the clocks there, with the time as a fraction.
    pub fn local_days(self) -> f64 {
        self.local() as f64 / DAY as f64
    }

    /// Days since 1970-01-01T00:00Z.
    pub fn utc_days(self) -> f64 {
        self.milliseconds as f64 / DAY as f64
    }

    fn local(self) -> i64 {
        self.milliseconds.saturating_add(i64::from(self.offset) * 60_000)
    }

    /// As forms write it: `2026-11-27T09:30:00.000+03:00`.
    pub fn to_text(self) -> String {
        let time = self.local().rem_euclid(DAY);
        let (sign, offset) = (if self.offset < 0 { '-' } else { '+' }, self.offset.unsigned_abs());
        let zone = if offset == 0 { "Z".to_owned() } else { format!("{sign}{:02}:{:02}", offset / 60, offset % 60) };
        format!("{}T{}{zone}", day_text(self.day()), time_text(time))
    }
}

/// A time of day, in milliseconds, as `09:30:00.000`.
fn time_text(time: i64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", time / 3_600_000, time / 60_000 % 60, time / 1000 % 60, time % 1000)
}

/// A day, counted from 1970-01-01, as `2026-11-27`.
pub fn day_text(day: i64) -> String {
    let (year, month, day) = date(day);
    if year < 0 { format!("-{:04}-{month:02}-{day:02}", -year) } else { format!("{year:04}-{month:02}-{day:02}") }
}

/// Reads a day, a day with a time, or a time. A time without an offset gets the one given, in minutes east of UTC.
pub fn read(text: &str, offset: i32) -> Option<Reading> {
    match text.split_once('T') {
        Some((day, time)) => {
            let (time, own) = read_time(time)?;
            let offset = own.unwrap_or(offset);
            let milliseconds = read_day(day)? * DAY + time - i64::from(offset) * 60_000;
            Some(Reading::Moment(Moment { milliseconds, offset }))
        }
        None if text.contains(':') => {
            let (time, own) = read_time(text)?;
            let shift = own.map_or(0, |own| i64::from(offset - own) * 60_000);
            Some(Reading::Time((time + shift).rem_euclid(DAY)))
        }
        None => read_day(text).map(Reading::Day),
    }
}

/// The number a date stands for: days since 1970-01-01, counted on the clocks of the offset. A time alone is no date.
pub fn days(text: &str, offset: i32) -> Option<f64> {
    match read(text, offset)? {
        Reading::Day(day) => Some(day as f64),
        Reading::Moment(moment) => Some(Moment { offset, ..moment }.local_days()),
        Reading::Time(_) => None,
    }
}

fn read_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let count = day_number(year, month, day);
    // The calendar decides whether there is such a day: 30 February would come back as another one.
    (date(count) == (year, month, day)).then_some(count)
}

/// A number of one digit at least and so many at most; years need all four.
fn digits(text: &str, most: usize) -> Option<i64> {
    let fits = text.len() <= most && (most < 4 || text.len() == most) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// A time of day in milliseconds, and the offset from UTC in minutes if it names one.
fn read_time(text: &str) -> Option<(i64, Option<i32>)> {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(place) => (&text[..place], Some(read_offset(&text[place..])?)),
        None => (text, None),
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let (second, fraction) = parts.next().map_or(("0", ""), |rest| rest.split_once('.').unwrap_or((rest, "")));
    let second = digits(second, 2)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let thousandths = fraction.bytes().chain(*b"000").take(3).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some((((hour * 60 + minute) * 60 + second) * 1000 + thousandths, offset))
}

fn read_offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = if let Some(rest) = text.strip_prefix('-') { (-1, rest) } else { (1, text.strip_prefix('+')?) };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "0"),
    };
    let minutes = digits(hours, 2)? * 60 + digits(minutes, 2)?;
    (minutes <= 14 * 60).then_some(sign * i32::try_from(minutes).ok()?)
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar carried back for ever.
fn date(day: i64) -> (i64, i64, i64) {
    // Years are counted from March, so that the leap day comes last; 146,097 days make 400 years.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (month, day) = (if month < 10 { month + 3 } else { month - 9 }, of_year - (153 * month + 2) / 5 + 1);
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Writes a day (from 1970-01-01) and a time of it (milliseconds) in a format of ODK: `%Y %y %m %n %b %d %e %a %H %h %M %S %3`, `%%`.
/// Other letters after `%` are written as they stand.
pub fn format(day: i64, time: i64, format: &str, names: &Names) -> String {
    let (year, month, of_month) = date(day);
    let mut out = String::new();
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        if sign != '%' {
            out.push(sign);
            continue;
        }
        match signs.next() {
            Some('Y') => out.push_str(&format!("{year:04}")),
            Some('y') => out.push_str(&format!("{:02}", year.rem_euclid(100))),
            Some('m') => out.push_str(&format!("{month:02}")),
            Some('n') => out.push_str(&month.to_string()),
            Some('b') => out.push_str(names.month(month)),
            Some('d') => out.push_str(&format!("{of_month:02}")),
            Some('e') => out.push_str(&of_month.to_string()),
            // 1970-01-01 was a Thursday; weeks of the names begin on Sunday.
            Some('a') => out.push_str(names.weekday((day + 4).rem_euclid(7))),
            Some('H') => out.push_str(&format!("{:02}", time / 3_600_000)),
            Some('h') => out.push_str(&(time / 3_600_000).to_string()),
            Some('M') => out.push_str(&format!("{:02}", time / 60_000 % 60)),
            Some('S') => out.push_str(&format!("{:02}", time / 1000 % 60)),
            Some('3') => out.push_str(&format!("{:03}", time % 1000)),
            Some(other) => out.push(other),
            None => out.push('%'),
        }
    }
    out
}

/// Splits days since 1970-01-01 with a fraction into the day and the time of it in milliseconds; nothing beyond some million years.
pub fn split_days(days: f64) -> Option<(i64, i64)> {
    if days.is_nan() || days.abs() >= 1e9 {
        return None;
    }
    let milliseconds = libm::round(days * DAY as f64) as i64;
    Some((milliseconds.div_euclid(DAY), milliseconds.rem_euclid(DAY)))
}

/// Time of day of a moment on the clocks of its offset, in milliseconds.
pub fn time_of_day(moment: Moment) -> i64 {
    moment.local().rem_euclid(DAY)
}

/// A time of day in milliseconds as a fraction of a day.
pub fn fraction(time: i64) -> f64 {
    time as f64 / DAY as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, day) in
            [("1970-01-01", 0), ("2000-02-29", 11_016), ("1969-12-31", -1), ("2026-11-27", 20_784), ("0001-01-01", -719_162)]
        {
            assert_eq!(read(text, 0), Some(Reading::Day(day)));
            assert_eq!(day_text(day), text);
        }
    }

    #[test]
    fn what_is_no_day_or_time_is_not_read() {
        for text in [
            "",
            "2023-02-29",
            "2023-13-01",
            "23-01-01",
            "2023-01",
            "2023-01-01T",
            "2023-01-01T25:00",
            "12:60",
            "2023-01-01T10:00+15:00",
            "x",
            "-1-2-3",
            "2023-01-01 10:00",
        ] {
            assert_eq!(read(text, 0), None, "{text}");
        }
    }

    #[test]
    fn a_moment_keeps_its_offset() {
        let Some(Reading::Moment(moment)) = read("2026-11-27T01:30:00.250+03:00", 0) else { panic!("it is a moment") };
        assert_eq!(moment.to_text(), "2026-11-27T01:30:00.250+03:00");
        assert_eq!(moment.day(), 20_784);
        assert_eq!(days("2026-11-27T01:30:00+03:00", 0), Some(20_783.0 + 22.5 / 24.0));
        assert_eq!(days("2026-11-27T01:30:00+03:00", 180), Some(20_784.0 + 1.5 / 24.0));
    }

    #[test]
    fn formats_write_what_odk_says() {
        let names = Names::ENGLISH;
        assert_eq!(
            format(20_784, 34_205_006, "%a %e %b %y, %n/%d/%Y %H:%M:%S.%3 (%h) %%", &names),
            "Fri 27 Nov 26, 11/27/2026 09:30:05.006 (9) %"
        );
    }
}
