//! The shipped pack, whole and deliberately broken, for the tests of this room.

use std::path::Path;

use super::mistake::Mistake;
use super::pack::Pack;
use super::read::parse;

/// The shipped pack as it is written.
pub const PROTECTION: &str = include_str!("../../packs/protection/pack.toml");

/// The one with achievements.
pub const FAMILIES: &str = include_str!("../../packs/family-accompaniment/pack.toml");

/// Every shipped pack: its folder and its text.
pub const SHIPPED: [(&str, &str); 7] = [
    ("protection", PROTECTION),
    ("employment-services", include_str!("../../packs/employment-services/pack.toml")),
    ("refugee-protection", include_str!("../../packs/refugee-protection/pack.toml")),
    ("inclusion", include_str!("../../packs/inclusion/pack.toml")),
    ("family-accompaniment", FAMILIES),
    ("household-referral", include_str!("../../packs/household-referral/pack.toml")),
    ("social-referral", include_str!("../../packs/social-referral/pack.toml")),
];

/// One of them, read.
pub fn shipped(folder: &str, text: &str) -> Pack {
    parse(Path::new("pack.toml"), folder, text, ACTS).unwrap_or_else(|mistakes| panic!("{folder}: {}", told(&mistakes)))
}

/// Names as the permission table has them.
pub const ACTS: &[&str] = &[
    "case.open",
    "case.read",
    "case.edit",
    "case.assign",
    "case.close",
    "case.classify",
    "case.approve",
    "person.register",
    "person.edit",
    "consent.record",
    "consent.agree",
    "consent.review",
    "referral.write",
    "referral.review",
    "referral.answer",
    "referral.assign",
    "service.edit",
    "rule.manage",
    "agreement.edit",
    "report.loop",
    "screening.run",
    "admin.users",
    "admin.units",
    "admin.mail",
    "admin.packs",
    "form.manage",
    "audit.read",
    "break_glass.use",
    "break_glass.review",
    "bar.set",
    "document.add",
    "task.assign",
    "letter.template",
    "letter.override_guard",
    "token.create",
    "transfer.request",
    "transfer.direct",
    "transfer.decide",
    "transfer.receive",
    "cover.arrange",
];

/// Reads a text as the pack of the folder `protection`.
pub fn read(text: &str) -> Result<Pack, Vec<Mistake>> {
    parse(Path::new("pack.toml"), "protection", text, ACTS)
}

/// The shipped pack, read.
pub fn protection() -> Pack {
    read(PROTECTION).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)))
}

/// The mistakes in the shipped pack after the first `from` became `to`.
pub fn broken(from: &str, to: &str) -> Vec<Mistake> {
    assert!(PROTECTION.contains(from), "the shipped pack has no {from}");
    read(&PROTECTION.replacen(from, to, 1)).expect_err(to)
}

/// Each row breaks the pack in one way and must find this mistake and no other, with a remedy.
pub fn expect(rows: &[(&str, &str, &str)]) {
    for (from, to, what) in rows {
        let mistakes = broken(from, to);
        let found: Vec<&str> = mistakes.iter().map(|mistake| mistake.what.as_str()).collect();
        assert_eq!(found, [*what], "{}", told(&mistakes));
        assert!(mistakes.iter().all(|mistake| !mistake.remedy.is_empty()), "{what}");
    }
}

fn told(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("{mistake}\n")).collect()
}
