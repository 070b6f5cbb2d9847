//! What must hold between the parts of a pack, beyond each key by itself.
//!
//! Every rule notes all that breaks it on the page, at the place where it is mended. Rules never look at the
//! document again: paths such as `roles#2.cleared` name the places.

pub(super) mod achievements;
mod clearance;
mod clocks;
pub(super) mod fields;
pub(super) mod forms;
mod plan;
mod processes;
mod projects;
mod reasons;
mod records;
pub(super) mod rules;
mod together;
mod tools;

use super::pack::Pack;
use super::page::Page;
use super::words::Disclosure;

/// Notes every broken rule on the page.
pub fn all(pack: &Pack, folder: &str, page: &mut Page<'_>) {
    if !pack.name.is_empty() && pack.name != folder {
        let what = format!("The pack is called `{}`, its folder `{folder}`", pack.name);
        page.complain("name", what, "Give both the same name");
    }
    for (index, process) in pack.processes.iter().enumerate() {
        processes::stages(process, index, page);
        processes::endings(process, index, page);
        processes::panels(process, index, page);
        processes::stage_gates(process, index, page);
    }
    clearance::case_types(pack, page);
    clearance::clearance(pack, page);
    clearance::duties(pack, page);
    clocks::risk_levels(pack, page);
    clocks::priorities(pack, page);
    clocks::deadlines(pack, page);
    reasons::reasons(pack, page);
    reasons::required_meanings(pack, page);
    packet_sections(pack, page);
    consent_ages(pack, page);
    records::kinds(pack, page);
    records::own_words(pack, page);
    tools::tools(pack, page);
    plan::rules(pack, page);
    achievements::list(pack, page);
    projects::rules(pack, page);
    forms::listed(pack, page);
}

fn packet_sections(pack: &Pack, page: &mut Page<'_>) {
    for (index, section) in pack.packet_sections.iter().enumerate() {
        if section.sensitive && section.disclosure != Disclosure::AfterAcceptance {
            let what = format!("The sensitive section `{}` is shown before the referral is accepted", section.code);
            page.complain(&format!("packet_sections#{index}.disclosure"), what, "Write `after_acceptance`");
        }
    }
}

fn consent_ages(pack: &Pack, page: &mut Page<'_>) {
    let mut expected = 0;
    for (index, band) in pack.consent_ages.iter().enumerate() {
        if band.from != expected || band.to < band.from {
            let what = format!("The ages {} to {} don't follow on, {expected} comes next", band.from, band.to);
            page.complain(&format!("consent_ages#{index}"), what, "Cover every age from 0 to 17 once, in order");
        }
        expected = band.to + 1;
    }
    if expected != 18 && !pack.consent_ages.is_empty() {
        let what = format!("The consent ages end at {}", expected - 1);
        page.complain("consent_ages", what, "Cover every age from 0 to 17; adults agree for themselves");
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::expect;

    #[test]
    fn a_pack_that_contradicts_itself_is_told() {
        expect(&[
            ("name = \"protection\"", "name = \"safety\"", "The pack is called `safety`, its folder `protection`"),
            (
                "sensitive = true\ndisclosure = \"after_acceptance\"",
                "sensitive = true\ndisclosure = \"before_acceptance\"",
                "The sensitive section `risk` is shown before the referral is accepted",
            ),
            ("from = 6", "from = 7", "The ages 7 to 14 don't follow on, 6 comes next"),
            ("to = 17", "to = 16", "The consent ages end at 16"),
        ]);
    }
}
