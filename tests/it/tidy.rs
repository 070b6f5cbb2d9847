//! The tree holds its own rules: arrows between rooms point one way, files stay small, texts exist in four languages and are used,
//! templates carry nothing inline.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

// Each room may use rooms of its own rank or below. STYLE.md section 2 draws it.
const RANKS: &[&[&str]] = &[
    &["platform", "error", "config"],
    &["web", "api", "access", "audit", "packs"],
    &["people", "directory", "documents", "tasks", "mail"],
    &[
        "consent",
        "cases",
        "records",
        "assessments",
        "forms",
        "plans",
        "projects",
        "achievements",
        "meetings",
        "supervision",
        "eligibility",
    ],
    &["referrals", "transfers"],
    &["procedures", "case_files"],
    &["notifications", "letters"],
    &["reports", "portal"],
    &["routes", "worker", "cli", "demo", "bench"],
];

// Uses that point the wrong way for now, each with its reason. The list must shrink.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("web", "platform", ""), ("platform/cluster", "config", "settings are read before anything stands")];

// Files above 400 lines, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[("src/audit/facts.rs", "one list of everything that can happen")];

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(next) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file of ours is text")
}

fn rank(room: &str) -> Option<usize> {
    RANKS.iter().position(|rooms| rooms.contains(&room))
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("below src");
    inside
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned())
        .unwrap_or_default()
}

#[test]
fn arrows_between_rooms_point_one_way() {
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let room = room_of(&path);
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let own = rank(&room).unwrap_or_else(|| panic!("{room} has no rank in tidy.rs"));
        for used in uses(&read(&path)) {
            let Some(other) = rank(&used) else { continue };
            let excused =
                EXCEPTIONS.iter().any(|(from, to, _)| path.to_string_lossy().contains(&format!("src/{from}")) && *to == used);
            if other > own && !excused {
                wrong.push(format!("{} uses {used}, which stands above it", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Rooms named after `crate::` outside comments.
fn uses(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split("crate::").skip(1).map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

#[test]
fn files_stay_small_and_open_with_their_purpose() {
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let text = read(&path);
        let lines = text.lines().count();
        let listed = LONG_FILES.iter().any(|(file, _)| Path::new(file) == path);
        if lines > 400 && !listed {
            wrong.push(format!("{} has {lines} lines; split it by noun", path.display()));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not say what it is for", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_holds_a_pool() {
    let holding: Vec<_> = files("src", "rs").into_iter().filter(|path| read(path).contains("PgPool")).collect();
    assert_eq!(holding, [PathBuf::from("src/platform/db.rs")]);
}

#[test]
fn only_one_file_sets_the_actor() {
    let setting: Vec<_> = files("src", "rs").into_iter().filter(|path| read(path).contains("throughcare.actor")).collect();
    assert_eq!(setting, [PathBuf::from("src/platform/db.rs")]);
}

// A tone without a style would be a box without border and sign.
#[test]
fn every_callout_has_a_tone_that_the_styles_know() {
    let styles = read(Path::new("assets/src/1-tokens.css"));
    for path in files("src", "html") {
        for tone in read(&path).split("callout(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(styles.contains(&format!(".tc-{tone} {{")), "{}: a callout of tone {tone}", path.display());
        }
    }
}

#[test]
fn templates_carry_no_style_and_no_script_of_their_own() {
    for path in files("src", "html") {
        let text = read(&path);
        for banned in ["style=\"", "<style", " onclick", " onchange", " onsubmit", "javascript:", "|safe"] {
            assert!(!text.contains(banned), "{} contains {banned}", path.display());
        }
    }
}

pub fn keys(lang: &str) -> BTreeMap<String, PathBuf> {
    let mut keys = BTreeMap::new();
    for path in files(&format!("locales/{lang}"), "ftl") {
        for line in read(&path).lines() {
            let Some((key, _)) = line.split_once('=') else { continue };
            let key = key.trim_end();
            if !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !line.starts_with(' ') {
                let twice = keys.insert(key.to_owned(), path.clone());
                assert!(twice.is_none(), "{key} stands in {} and in {}", path.display(), twice.expect("checked").display());
            }
        }
    }
    keys
}

#[test]
fn every_text_exists_in_all_four_languages() {
    let english = keys("en");
    let mut missing = Vec::new();
    for lang in ["ar", "fr", "es"] {
        let other = keys(lang);
        missing.extend(english.keys().filter(|key| !other.contains_key(*key)).map(|key| format!("{lang} lacks {key}")));
        missing.extend(
            other.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("en lacks {key}, which {lang} has")),
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_text_is_used_and_every_used_text_exists() {
    let english = keys("en");
    let mut sources = String::new();
    for path in files("src", "rs").into_iter().chain(files("src", "html")).chain(files("assets/src", "js")) {
        sources.push_str(&read(&path));
    }
    // A literal key, or the family of a computed one: `tc("family", …)`, `format!("family-{}")`.
    let literals: BTreeSet<&str> = sources.split('"').flat_map(|part| part.split('`')).filter(|part| is_key(part)).collect();
    let families: BTreeSet<String> = literals.iter().map(|key| format!("{}-", key.trim_end_matches('-'))).collect();
    let computed: BTreeSet<&str> = sources
        .split('"')
        .filter_map(|part| part.split_once('{').map(|(start, _)| start))
        .filter(|start| start.ends_with('-') && is_key(start))
        .collect();
    let used = |key: &str| {
        let plain = key.trim_start_matches("warning:").trim_start_matches("danger:");
        literals.contains(plain)
            || families.iter().any(|family| plain.starts_with(family.as_str()))
            || computed.iter().any(|start| plain.starts_with(start))
    };
    let unused: Vec<_> = english.keys().filter(|key| !used(key)).cloned().collect();
    let wanted = sources.split(".t(\"").skip(1).chain(sources.split(".ta(\"").skip(1)).filter_map(|rest| rest.split('"').next());
    let missing: BTreeSet<_> = wanted.filter(|key| is_key(key) && !english.contains_key(*key)).collect();
    assert!(unused.is_empty() && missing.is_empty(), "unused: {unused:#?}\nmissing: {missing:#?}");
}

#[test]
fn everything_a_referral_can_wait_for_has_its_task_text() {
    let english = keys("en");
    for code in throughcare::referrals::next::Awaited::ALL.iter().map(|what| what.code()).filter(|code| *code != "nothing") {
        let key = format!("task-referral-{}", code.replace('_', "-"));
        assert!(english.contains_key(&key), "{key} is missing");
    }
}

// French sets a colon off with a space that does not break, and ; ? ! with a narrow one; times and addresses are no sentences.
fn french_slips(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut slips = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).map(|at| signs[at]), signs.get(at + 1).copied());
        let ends = after.is_none_or(|next| next.is_whitespace() || matches!(next, '"' | '»'));
        let good = match sign {
            ':' if ends => before == Some('\u{a0}'),
            ';' | '?' | '!' if ends => before == Some('\u{202f}'),
            '«' => after == Some('\u{a0}'),
            '»' => before == Some('\u{a0}'),
            _ => true,
        };
        if !good {
            slips.push(format!("{sign} in: {text}"));
        }
    }
    slips
}

// What stands in French in this file: a text's words, a letter's template, a pack's labels.
fn french_in(path: &Path) -> Vec<String> {
    let text = read(path);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    if path.ends_with("pack.toml") {
        let labels = lines.flat_map(|line| line.split("fr = \"").skip(1)).filter_map(|rest| rest.split('"').next());
        return labels.map(str::to_owned).collect();
    }
    lines.map(|line| line.split_once(" = ").map_or(line, |(_, words)| words).to_owned()).collect()
}

#[test]
fn french_signs_have_a_space_that_does_not_break_before_them() {
    assert_eq!(french_slips("Est-ce vrai\u{202f}? Oui\u{a0}: à 14:30, sur https://a.example").len(), 0);
    assert_eq!(french_slips("Est-ce vrai ? Oui : «non»; non!").len(), 6);
    let letters = files("packs", "toml").into_iter().filter(|path| {
        let name = path.to_string_lossy();
        name.ends_with(".fr.toml") || name.ends_with("pack.toml")
    });
    let mut slips = Vec::new();
    for path in files("locales/fr", "ftl").into_iter().chain(letters) {
        let found = french_in(&path).into_iter().flat_map(|words| french_slips(&words));
        slips.extend(found.map(|slip| format!("{}: {slip}", path.display())));
    }
    assert!(slips.is_empty(), "put U+00A0 before : and », after «, and U+202F before ; ? !\n{}", slips.join("\n"));
}

fn is_key(text: &str) -> bool {
    let text = text.trim_start_matches("warning:").trim_start_matches("danger:");
    !text.is_empty()
        && text.len() < 80
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

// A file that no module names is not compiled, and its tests run nowhere.
#[test]
fn every_file_of_the_tests_is_a_module() {
    let stands_outside = |path: &PathBuf| {
        let folder = path.parent().expect("a folder");
        let above = if folder.ends_with("tests/it") { folder.join("main.rs") } else { folder.with_extension("rs") };
        let above = if above.exists() { above } else { folder.join("mod.rs") };
        let name = path.file_stem().expect("a name").to_string_lossy();
        let root = name == "main" || name == "mod";
        !root && !read(&above).contains(&format!("mod {name};"))
    };
    let outside: Vec<_> = files("tests/it", "rs").into_iter().filter(stands_outside).collect();
    assert!(outside.is_empty(), "{outside:?}");
}
