//! What still stands in the way of sending, each with the place where it is mended: a field of the letter or of the draft, or the page on
//! which consent is written down.
use crate::error::FieldErrors;
use crate::platform::ids::ReferralId;
use crate::platform::text;
use crate::referrals::row::Referral;
use crate::web::Page;

/// One lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    /// Which field, and what is wrong with it.
    pub words: String,
    /// Where it is mended.
    pub href: String,
}

/// Of the letter.
pub(super) fn of_letter(p: &Page, id: ReferralId, errors: &FieldErrors) -> Vec<Lack> {
    let lack = |(field, code): (&String, &&'static str)| Lack {
        words: named(p, "letter", field, code),
        href: format!("/referrals/{id}/letter#f-{field}"),
    };
    errors.0.iter().map(lack).collect()
}

/// Of the referral.
pub(super) fn of_referral(p: &Page, referral: &Referral, errors: &FieldErrors) -> Vec<Lack> {
    let lack = |(field, code): (&String, &&'static str)| Lack {
        words: named(p, "refer", field, code),
        href: match (*code, referral.case_id) {
            ("no_consent" | "consent_refused" | "consent_withdrawn" | "consent_expired", Some(case)) => {
                format!("/cases/{case}/consents/new")
            }
            ("needs_approval", _) => format!("/referrals/{}/edit", referral.id),
            _ => format!("/referrals/{}/edit#f-{field}", referral.id),
        },
    };
    errors.0.iter().map(lack).collect()
}

// Behind the name of its field, as in the list of errors above a form.
fn named(p: &Page, room: &str, field: &str, code: &str) -> String {
    let short = match field {
        "due_on" => "due",
        "email" => "email-to",
        field => field,
    };
    let key = format!("{room}-{}", short.replace('_', "-"));
    if text::has(p.reader.lang, &key) { p.detailed(crate::web::bare_label(&p.t(&key)), &p.error(code)) } else { p.error(code) }
}
