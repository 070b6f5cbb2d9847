//! Days and times. A time without an offset is one on the clocks of the context.
use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::moment::{self, Moment, Reading};
use crate::xpath::value::Value;

const DAY: f64 = 86_400_000.0;

/// What a value means as a time.
enum Meaning {
    Blank,
    Is(Reading),
}

/// A blank text and NaN are blank; numbers are days since 1970-01-01.
fn read(e: &mut Evaluator, expr: &Expr, f: Focus, function: &'static str) -> Result<Meaning, Error> {
    let wrong = Error::Unusable { function, reason: "this is no date or time" };
    let offset = e.context.now().offset;
    match e.value(expr, f)? {
        Value::Number(days) if days.is_nan() => Ok(Meaning::Blank),
        Value::Number(days) => {
            let (day, time) = moment::split_days(days).ok_or(wrong)?;
            let local = day * DAY as i64 + time;
            Ok(Meaning::Is(Reading::Moment(Moment { milliseconds: local - i64::from(offset) * 60_000, offset })))
        }
        Value::Bool(_) => Err(wrong),
        other => {
            let text = other.into_text(e.context);
            let text = text.trim();
            if text.is_empty() {
                return Ok(Meaning::Blank);
            }
            match moment::read(text, offset) {
                Some(reading) => Ok(Meaning::Is(reading)),
                None => match Value::Text(text.to_owned()).to_number(e.context) {
                    // An answer to a calculation is a text even where it is a number of days.
                    days if !days.is_nan() => {
                        let (day, time) = moment::split_days(days).ok_or(wrong)?;
                        let local = day * DAY as i64 + time;
                        Ok(Meaning::Is(Reading::Moment(Moment { milliseconds: local - i64::from(offset) * 60_000, offset })))
                    }
                    _ => Err(wrong),
                },
            }
        }
    }
}

pub(super) fn now(e: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Text(e.context.now().to_text()))
}

pub(super) fn today(e: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Text(moment::day_text(e.context.now().day())))
}

/// The day of a value, as a text.
pub(super) fn date(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let offset = e.context.now().offset;
    Ok(Value::Text(match read(e, &a[0], f, "date")? {
        Meaning::Blank => String::new(),
        Meaning::Is(Reading::Day(day)) => moment::day_text(day),
        Meaning::Is(Reading::Moment(moment)) => moment::day_text(Moment { offset, ..moment }.day()),
        Meaning::Is(Reading::Time(_)) => {
            return Err(Error::Unusable { function: "date", reason: "this is a time without a day" });
        }
    }))
}

/// The day and time of a value, as a text; a day begins at midnight.
pub(super) fn date_time(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let offset = e.context.now().offset;
    Ok(Value::Text(match read(e, &a[0], f, "date-time")? {
        Meaning::Blank => String::new(),
        Meaning::Is(Reading::Day(day)) => midnight(day, offset).to_text(),
        Meaning::Is(Reading::Moment(moment)) => Moment { offset, ..moment }.to_text(),
        Meaning::Is(Reading::Time(_)) => {
            return Err(Error::Unusable { function: "date-time", reason: "this is a time without a day" });
        }
    }))
}

fn midnight(day: i64, offset: i32) -> Moment {
    Moment { milliseconds: day * DAY as i64 - i64::from(offset) * 60_000, offset }
}

/// Days since 1970-01-01T00:00Z, with a fraction; blank stays blank.
pub(super) fn decimal_date_time(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    if let number @ Value::Number(_) = e.value(&a[0], f)? {
        return Ok(number);
    }
    let offset = e.context.now().offset;
    Ok(match read(e, &a[0], f, "decimal-date-time")? {
        Meaning::Blank => Value::Text(String::new()),
        Meaning::Is(Reading::Day(day)) => Value::Number(midnight(day, offset).utc_days()),
        Meaning::Is(Reading::Moment(moment)) => Value::Number(moment.utc_days()),
        Meaning::Is(Reading::Time(_)) => {
            return Err(Error::Unusable { function: "decimal-date-time", reason: "this is a time without a day" });
        }
    })
}

/// The time of day as a fraction: noon is 0.5. Of a number the fraction; blank stays blank.
pub(super) fn decimal_time(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    if let Value::Number(number) = e.value(&a[0], f)? {
        return Ok(Value::Number(number - libm::floor(number)));
    }
    let offset = e.context.now().offset;
    Ok(match read(e, &a[0], f, "decimal-time")? {
        Meaning::Blank => Value::Text(String::new()),
        Meaning::Is(Reading::Day(_)) => Value::Number(0.0),
        Meaning::Is(Reading::Moment(moment)) => Value::Number(moment::fraction(moment::time_of_day(Moment { offset, ..moment }))),
        Meaning::Is(Reading::Time(time)) => Value::Number(moment::fraction(time)),
    })
}

/// `format-date` and `format-date-time`: the same signs in both, and blank for blank.
pub(super) fn format(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let offset = e.context.now().offset;
    let form = e.text(&a[1], f)?;
    let (day, time) = match read(e, &a[0], f, "format-date-time")? {
        Meaning::Blank => return Ok(Value::Text(String::new())),
        Meaning::Is(Reading::Day(day)) => (day, 0),
        Meaning::Is(Reading::Time(time)) => (0, time),
        Meaning::Is(Reading::Moment(moment)) => {
            let there = Moment { offset, ..moment };
            (there.day(), moment::time_of_day(there))
        }
    };
    let text = moment::format(day, time, &form, e.context.names());
    e.made(text)
}
