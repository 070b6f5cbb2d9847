//! Facts in plain words, for people who read what happened.
use crate::web::Page;

/// What happened, as a person reads it; a view says what was looked at.
pub fn in_words(p: &Page, kind: &str, page: Option<&str>) -> String {
    match (kind, page) {
        ("viewed", Some(page)) => p.tc("looked", looked_at(page)),
        ("viewed", None) => p.tc("looked", "api"),
        _ => p.tc("fact", &kind.replace('.', "-")),
    }
}

// What stands behind an address of ours, ids left out.
fn looked_at(page: &str) -> &'static str {
    let parts: Vec<&str> = page.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["cases", "{}"] => "case",
        ["people", "{}"] => "person",
        ["cases" | "people", "{}", "records", ..] => "records",
        ["cases", "{}", "assessments", ..] => "assessments",
        ["cases", "{}", "plans", ..] => "plans",
        ["cases", "{}", "achievements", ..] => "achievements",
        ["cases", "{}", "documents", ..] => "documents",
        ["cases", "{}", "consents", ..] | ["consents", ..] => "consent",
        ["cases" | "people", "{}", "log"] => "log",
        ["cases", "{}", "print"] => "print",
        ["cases" | "people", "{}", ..] => "form",
        ["households", ..] => "household",
        ["arrivals", "{}", ..] => "arrival",
        ["referrals", "{}", ..] | ["r", ..] | ["links", ..] => "referral",
        _ => "list",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_says_what_was_looked_at() {
        for (page, said) in [
            ("/", "list"),
            ("/cases", "list"),
            ("/cases/{}", "case"),
            ("/cases/{}/documents", "documents"),
            ("/cases/{}/risk", "form"),
            ("/people/{}/records/{}", "records"),
            ("/cases/{}/assessments/{}/answers", "assessments"),
            ("/cases/{}/plans/{}/review", "plans"),
            ("/cases/{}/achievements/line", "achievements"),
            ("/people/{}", "person"),
            ("/people/{}/log", "log"),
            ("/referrals/{}", "referral"),
            ("/arrivals/{}", "arrival"),
            ("/arrivals", "list"),
            ("/referrals", "list"),
            ("/r", "referral"),
        ] {
            assert_eq!(looked_at(page), said, "{page}");
        }
    }
}
