//! Example values for whoever edits a template: nobody's, and recognisable as such.
use chrono::NaiveDate;

use super::store::Organisation;
use super::writing::day;
use crate::platform::lang::Lang;
use crate::platform::merge::Values;
use crate::platform::text::text;

/// The example's code: no referral has it, for its check character is wrong.
pub const CODE: &str = "R-XXXX-XXXX";

/// A value for every field, in the template's language.
pub fn values(lang: Lang, own: &Organisation) -> Values {
    let date = |month| NaiveDate::from_ymd_opt(2027, month, 15).map(|date| day(lang, date)).unwrap_or_default();
    let word = |key: &str| text(lang, &format!("template-example-{key}"));
    Values::from([
        ("code", CODE.to_owned()),
        ("date", date(3)),
        ("due", date(4)),
        ("to_organisation", word("organisation")),
        ("to_contact", word("contact")),
        ("from_organisation", own.name.clone()),
        ("from_unit", word("unit")),
        ("sender", word("sender")),
        ("phone", own.desk.clone()),
        ("programme", word("programme")),
        ("service", word("service")),
        ("need", word("need")),
        ("priority", word("priority")),
        ("person", CODE.to_owned()),
        ("case_code", CODE.to_owned()),
    ])
}
