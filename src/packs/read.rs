//! From `pack.toml` to a `Pack`: one function per part of the file.

use std::path::Path;

use super::beside;
use super::check;
use super::entry::Entry;
use super::mistake::Mistake;
use super::own_words::{OwnIntensity, OwnWord};
use super::pack::{
    CaseType, Choice, ConsentAge, Deadlines, Gate, Need, Pack, PacketSection, Panel, Priority, Process, Reason, RecordKind,
    RiskLevel, Role, Stage,
};
use super::page::Page;
use super::supervision::Supervision;
use super::words::{Handling, ReasonKind, Word};

const FILE: &str = "pack.toml";

/// The pack in a folder, or every mistake in it; `known_acts` are the names of the permission table.
pub fn read(dir: &Path, known_acts: &[&str]) -> Result<Pack, Vec<Mistake>> {
    let file = dir.join(FILE);
    let text = std::fs::read_to_string(&file).map_err(|error| vec![unreadable(&file, &error)])?;
    // The folder may be given as `.`, whose name only its full path tells.
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let folder = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (pack, mut mistakes) = parsed(&file, &folder, &text, known_acts);
    // Nothing that lies beside depends on what the folder is called.
    let misnamed = pack.as_ref().is_some_and(|pack| mistakes.len() == 1 && !pack.name.is_empty() && pack.name != folder);
    let goes_on = mistakes.is_empty() || misnamed;
    match (pack, super::letters::read(dir)) {
        (Some(pack), Ok(letters)) if goes_on => {
            let whole = beside::gather(dir).and_then(|files| beside::complete(dir, Pack { letters, ..pack }, &files));
            let whole = whole.and_then(|pack| ruled(pack, (&file, &text), known_acts));
            match whole {
                Ok(pack) if mistakes.is_empty() => Ok(pack),
                whole => Err(mistakes.into_iter().chain(whole.err().into_iter().flatten()).collect()),
            }
        }
        (_, letters) => {
            mistakes.extend(letters.err().into_iter().flatten());
            Err(mistakes)
        }
    }
}

/// The pack in a text, as `read` does it for a folder of that name.
pub fn parse(file: &Path, folder: &str, text: &str, known_acts: &[&str]) -> Result<Pack, Vec<Mistake>> {
    match parsed(file, folder, text, known_acts) {
        (Some(pack), mistakes) if mistakes.is_empty() => Ok(pack),
        (_, mistakes) => Err(mistakes),
    }
}

// The pack too where it has mistakes, with stand-ins: never to be handed out.
fn parsed(file: &Path, folder: &str, text: &str, known_acts: &[&str]) -> (Option<Pack>, Vec<Mistake>) {
    let mut page = Page::new(file, text);
    page.know("act", known_acts);
    let pack = page.whole(pack);
    if let Some(pack) = &pack {
        check::all(pack, folder, &mut page);
    }
    (pack, page.into_mistakes())
}

// What rules of achievements name is known once the fields are; each mistake stands where the text has the rule, which is read again for its places.
fn ruled(complete: Pack, (file, text): (&Path, &str), known_acts: &[&str]) -> Result<Pack, Vec<Mistake>> {
    let mut page = Page::new(file, text);
    page.know("act", known_acts);
    page.whole(pack);
    check::achievements::rules(&complete, &mut page);
    let mistakes = page.into_mistakes();
    if mistakes.is_empty() { Ok(complete) } else { Err(mistakes) }
}

fn unreadable(file: &Path, error: &std::io::Error) -> Mistake {
    let remedy = match error.kind() {
        std::io::ErrorKind::NotFound => "Give the folder that holds it, or write one",
        std::io::ErrorKind::InvalidData => "Save it as UTF-8",
        _ => "Check who may read it",
    };
    Mistake::of_file(file, format!("{FILE} can't be read: {error}"), remedy)
}

fn pack(entry: &mut Entry<'_, '_>) -> Pack {
    Pack {
        name: entry.folder("name"),
        version: u32::from(entry.number("version", 1..=u16::MAX)),
        title: entry.labels("title"),
        processes: entry.each("processes", process),
        case_types: entry.each("case_types", case_type),
        roles: entry.each("roles", role),
        risk_levels: entry.each("risk_levels", risk_level),
        priorities: entry.each("priorities", priority),
        deadlines: entry.inside("deadlines", deadlines).unwrap_or_default(),
        supervision: entry.inside("supervision", supervision).unwrap_or_default(),
        reasons: entry.inside("reasons", reasons).unwrap_or_default(),
        intake_sources: entry.each("intake_sources", |source| choice(source, "intake source")),
        packet_sections: entry.each("packet_sections", packet_section),
        needs: entry.each("needs", need),
        consent_ages: entry.each("consent_ages", consent_age),
        records: entry.each_maybe("records", record_kind),
        assessments: entry.each_maybe("assessments", super::tool::tool),
        plan: entry.inside_maybe("plan", super::plan::rules),
        closing: entry.inside_maybe("closing", super::plan::closing),
        achievements: entry.inside_maybe("achievements", super::achievements::achievements),
        projects: entry.inside_maybe("projects", super::projects::rules),
        state_words: entry.each_maybe("state_words", |word| OwnWord { state: word.word("state"), labels: word.labels("labels") }),
        intensity_words: entry.each_maybe("intensity_words", |word| OwnIntensity {
            intensity: word.word("intensity"),
            labels: word.labels("labels"),
        }),
        letters: Vec::new(),
        forms: entry.each_maybe("forms", super::forms::form),
        fields: Vec::new(),
        rules: Vec::new(),
        scores: Vec::new(),
    }
}

fn process(entry: &mut Entry<'_, '_>) -> Process {
    let code = entry.code("code", "process");
    entry.set_scope(&code);
    Process {
        code,
        labels: entry.labels("labels"),
        stages: entry.each("stages", |stage| Stage {
            code: stage.code("code", "stage"),
            labels: stage.labels("labels"),
            kind: stage.word("kind"),
            transferable: stage.flag_maybe("transferable").unwrap_or(true),
            until: stage.word_maybe("until"),
            gates: stage.each_maybe("gates", gate),
        }),
        panels: entry.each("panels", |panel| Panel {
            code: panel.code("code", "panel"),
            labels: panel.labels("labels"),
            gates: panel.each_maybe("gates", gate),
        }),
        referrals_run_on: entry.flag_maybe("referrals_run_on").unwrap_or(false),
    }
}

fn gate(entry: &mut Entry<'_, '_>) -> Gate {
    Gate { panel: entry.mention("panel", "panel"), state: entry.word("state") }
}

fn case_type(entry: &mut Entry<'_, '_>) -> CaseType {
    CaseType {
        // 0 stands for the registry itself in scope columns, 255 is kept free.
        id: u8::try_from(entry.number("id", 1..=254)).unwrap_or(1),
        code: entry.code("code", "case type"),
        labels: entry.labels("labels"),
        sensitivity: entry.word("sensitivity"),
        subject: entry.word("subject"),
        process: entry.mention("process", "process"),
        ends_in: entry.text_maybe("ends_in").map(|(code, _)| code),
        break_glass: entry.flag("break_glass"),
        outside_unit: entry.flag("outside_unit"),
        review: entry.word("review"),
        default_risk: entry.mention("default_risk", "risk level"),
        caseload_limit: entry.number("caseload_limit", 1..=10_000),
        weight_percent: entry.number("weight_percent", 1..=1_000),
        level: entry.number_maybe("level", 1..=3).and_then(|level| u8::try_from(level).ok()),
        retention: entry.period("retention"),
        consent_months: entry.number("consent_months", 1..=120),
        transfer_view_days: entry.number_maybe("transfer_view_days", 0..=365).unwrap_or(0),
        complaint: entry.flag_maybe("complaint").unwrap_or(false),
    }
}

fn role(entry: &mut Entry<'_, '_>) -> Role {
    Role {
        code: entry.code("code", "role"),
        labels: entry.labels("labels"),
        reach: entry.word("reach"),
        acts: entry.mentions("acts", "act"),
        cleared: entry.mentions("cleared", "case type"),
        duties: entry.words("duties"),
    }
}

fn risk_level(entry: &mut Entry<'_, '_>) -> RiskLevel {
    RiskLevel {
        code: entry.code("code", "risk level"),
        labels: entry.labels("labels"),
        follow_up: entry.period("follow_up"),
        overdue: entry.period("overdue"),
        safety_action: entry.period_maybe("safety_action"),
        alert: entry.period_maybe("alert"),
        acknowledge: entry.period_maybe("acknowledge"),
        supervision: entry.period("supervision"),
        weight_percent: entry.number("weight_percent", 1..=1_000),
    }
}

fn priority(entry: &mut Entry<'_, '_>) -> Priority {
    Priority {
        code: entry.code("code", "priority"),
        labels: entry.labels("labels"),
        due: entry.period("due"),
        emergency: entry.flag("emergency"),
    }
}

fn deadlines(entry: &mut Entry<'_, '_>) -> Deadlines {
    Deadlines {
        acknowledge: entry.period("acknowledge"),
        decide: entry.period("decide"),
        follow_up: entry.period("follow_up"),
        reminder: entry.period("reminder"),
        cancellation: entry.period("cancellation"),
        withdrawal: entry.period("withdrawal"),
        consent_renewal: entry.period("consent_renewal"),
        emergency_review: entry.period("emergency_review"),
        second_person: entry.period("second_person"),
        contact_lost: entry.period("contact_lost"),
        packet_after_end: entry.period("packet_after_end"),
        answer_link: entry.period("answer_link"),
        break_glass: entry.period("break_glass"),
        break_glass_review: entry.period("break_glass_review"),
        late_entry: entry.period("late_entry"),
        directory_entry: entry.period("directory_entry"),
    }
}

fn supervision(entry: &mut Entry<'_, '_>) -> Supervision {
    Supervision {
        workers: entry.number("workers", 1..=100),
        sample_percent: entry.number("sample_percent", 0..=100),
        confirmation_tries: entry.number("confirmation_tries", 1..=10),
        child_retention_age: entry.number("child_retention_age", 0..=30),
        mends_spelling: entry.flag_maybe("mends_spelling").unwrap_or_default(),
        week_hours: entry.number_maybe("week_hours", 1..=80),
        no_calendar_feed: entry.flag("no_calendar_feed"),
    }
}

fn reasons(entry: &mut Entry<'_, '_>) -> Vec<Reason> {
    let mut all = Vec::new();
    for kind in ReasonKind::ALL {
        // Each list has codes of its own: `other` may stand in all of them.
        entry.set_scope(kind.as_str());
        all.extend(entry.each(kind.as_str(), |reason| Reason {
            kind: *kind,
            code: reason.code("code", "reason"),
            labels: reason.labels("labels"),
            consequence: reason.word_maybe("consequence"),
            basis: reason.word_maybe("basis"),
            meaning: reason.word_maybe("meaning"),
            demands: reason.words("demands"),
            // Panels belong to a process, and a reason to the whole pack.
            gates: reason.each_maybe("gates", |gate| Gate {
                panel: gate.text("panel").map(|(panel, _)| panel).unwrap_or_default(),
                state: gate.word("state"),
            }),
        }));
    }
    all
}

fn choice(entry: &mut Entry<'_, '_>, kind: &'static str) -> Choice {
    Choice { code: entry.code("code", kind), labels: entry.labels("labels") }
}

fn packet_section(entry: &mut Entry<'_, '_>) -> PacketSection {
    PacketSection {
        code: entry.code("code", "packet section"),
        labels: entry.labels("labels"),
        sensitive: entry.flag("sensitive"),
        disclosure: entry.word("disclosure"),
    }
}

fn need(entry: &mut Entry<'_, '_>) -> Need {
    Need {
        code: entry.code("code", "need"),
        labels: entry.labels("labels"),
        sensitive: entry.flag("sensitive"),
        handling: entry.word_maybe("handling").unwrap_or(Handling::Ordinary),
    }
}

fn record_kind(entry: &mut Entry<'_, '_>) -> RecordKind {
    RecordKind {
        code: entry.code("code", "kind of record"),
        labels: entry.labels("labels"),
        shape: entry.word("shape"),
        under: entry.word("under"),
        panel: entry.text_maybe("panel").map(|(panel, _)| panel),
        case_types: entry.mentions("case_types", "case type"),
        sensitivity: entry.word("sensitivity"),
    }
}

fn consent_age(entry: &mut Entry<'_, '_>) -> ConsentAge {
    ConsentAge { from: entry.number("from", 0..=17), to: entry.number("to", 0..=17), giver: entry.word("giver") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::samples::{self, broken};

    #[test]
    fn the_shipped_pack_has_no_mistake_and_reads_back_from_the_database() {
        let pack = samples::protection();
        let stored = serde_json::to_value(&pack).expect("a pack is plain data");
        assert_eq!(serde_json::from_value::<Pack>(stored).expect("what was stored is a pack"), pack);
    }

    #[test]
    fn the_shipped_packs_are_right_and_share_no_number_or_role() {
        let mut ids = std::collections::BTreeSet::new();
        let mut codes = std::collections::BTreeSet::new();
        for (name, text) in samples::SHIPPED {
            let pack = samples::shipped(name, text);
            for case_type in &pack.case_types {
                assert!(ids.insert(case_type.id) && codes.insert(case_type.code.clone()), "{name}: {}", case_type.code);
            }
            for role in &pack.roles {
                assert!(codes.insert(role.code.clone()), "{name}: {}", role.code);
            }
        }
    }

    #[test]
    fn a_case_in_follow_up_or_closed_does_not_change_hands() {
        let pack = samples::shipped(samples::SHIPPED[1].0, samples::SHIPPED[1].1);
        let stages = &pack.processes[0].stages;
        let fixed: Vec<_> = stages.iter().filter(|stage| !stage.transferable).map(|stage| stage.code.as_str()).collect();
        assert_eq!(fixed, ["follow_up", "closed"]);
        assert!(samples::protection().processes.iter().flat_map(|process| &process.stages).all(|stage| stage.transferable));
    }

    #[test]
    fn a_pack_that_was_stored_before_records_were_known_still_reads() {
        let mut stored = serde_json::to_value(samples::protection()).expect("a pack is plain data");
        let whole = stored.as_object_mut().expect("an object");
        whole.remove("records");
        whole.remove("state_words");
        whole.remove("intensity_words");
        whole.remove("assessments");
        whole.remove("plan");
        whole.remove("achievements");
        whole.remove("projects");
        let stage = whole["processes"][0]["stages"][0].as_object_mut().expect("a stage");
        stage.remove("transferable");
        stage.remove("gates");
        let pack: Pack = serde_json::from_value(stored).expect("what was stored is a pack");
        assert!(pack.records.is_empty() && pack.assessments.is_empty());
        assert!(pack.processes[0].stages[0].transferable && pack.processes[0].stages[0].gates.is_empty());
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_lines() {
        let text = samples::PROTECTION
            .replacen("version = 1", "version = 0", 1)
            .replacen("outside_unit = true", "outside = true", 1)
            .replacen("acknowledge = \"2 working days\"", "", 1);
        let mistakes = samples::read(&text).expect_err("three mistakes");
        for mistake in &mistakes {
            let line = text.lines().nth(mistake.line - 1).expect("a line of the file");
            let expected = ["version = 0", "outside = true", "[deadlines]"];
            assert!(expected.contains(&line), "{mistake}: {line}");
        }
        assert_eq!(mistakes.len(), 3);
        let first = "pack.toml:8: `version` is not a whole number from 1 to 65535. Write the number without quotes";
        assert_eq!(mistakes[0].to_string(), first);
    }

    #[test]
    fn what_is_not_toml_is_told_by_line_and_nothing_else() {
        let mistakes = broken("version = 1", "version =");
        assert_eq!(mistakes.iter().map(|mistake| mistake.line).collect::<Vec<_>>(), [8]);
        assert!(mistakes[0].what.starts_with("This is not TOML"), "{}", mistakes[0]);
    }

    #[test]
    fn a_folder_without_the_file_is_told() {
        let mistakes = read(Path::new("/nonexistent"), &[]).expect_err("there is no such folder");
        assert_eq!((mistakes.len(), mistakes[0].line), (1, 1));
    }
}
