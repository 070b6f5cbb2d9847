//! What a file would say, as whoever asks may read it: the person's own data, each thing that is kept by itself (S30).
use chrono::{DateTime, NaiveDate, Utc};

use super::case_file::{CaseFile, Entry, Line};
use super::{answers, course};
use crate::cases::{self, Case, beside};
use crate::documents;
use crate::error::Error;
use crate::people;
use crate::plans;
use crate::platform::db::Work;
use crate::records::{self, Place};
use crate::web::Page;

// More of each than a case has in years; what is beyond is asked for again.
const MOST: i64 = 300;
const NOTES: [&str; 3] = ["note", "contact", "visit"];

/// The entries of these sections, in the order of the sections and of time.
pub(super) async fn entries(work: &mut Work, case: &Case, file: &CaseFile, sections: &[String]) -> Result<Vec<Entry>, Error> {
    let mut p = Page::plain(file.lang, String::new(), work.now());
    p.reader.zone = work.zone();
    let mut entries = Vec::new();
    for section in super::case_file::SECTIONS.iter().filter(|known| sections.iter().any(|asked| asked == **known)) {
        entries.extend(match *section {
            "person" => person(work, &p, file).await?,
            "case" => of_case(work, &p, case).await?,
            "consents" => consents(work, &p, file).await?,
            "assessments" => answers::assessed(work, &p, case, file).await?,
            "forms" => answers::filled(work, &p, case, file).await?,
            "plan" => plan(work, &p, case, file).await?,
            "achievements" => course::achieved(work, &p, case, file).await?,
            "projects" => course::took_part(work, &p, file).await?,
            "meetings" => course::met(work, &p, case, file).await?,
            "referrals" => referrals(work, &p, case, file).await?,
            "notes" => notes(work, &p, file).await?,
            "records" => recorded(work, &p, case).await?,
            _ => papers(work, &p, file).await?,
        });
    }
    Ok(entries)
}

/// A value with its name.
pub(super) fn line(key: &str, label: String, value: impl Into<String>) -> Line {
    Line { key: key.to_owned(), label, value: value.into(), code: String::new() }
}

/// A value that was chosen, by its code and in words.
pub(super) fn coded(key: &str, label: String, code: &str, words: String) -> Line {
    Line { code: code.to_owned(), ..line(key, label, words) }
}

/// A day, with its year: paper is read in other years too.
pub(super) fn on(p: &Page, key: &str, label: String, day: Option<NaiveDate>) -> Line {
    let Some(day) = day else { return line(key, label, "") };
    coded(key, label, &day.to_string(), p.reader.full_date(day))
}

/// The day of a moment, where the file is made.
pub(super) fn day_of(p: &Page, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&p.reader.zone).date_naive()
}

/// Something that is kept; nothing recorded is nothing said.
pub(super) fn entry(section: &str, title: impl Into<String>, lines: Vec<Line>) -> Entry {
    let lines = lines.into_iter().filter(|line| !line.value.trim().is_empty()).collect();
    let (section, title) = (section.to_owned(), title.into());
    Entry { section, title, kind: String::new(), on: String::new(), lines, free: false, file: None }
}

/// The same, of this kind and day, which its title says too.
pub(super) fn dated(p: &Page, entry: Entry, kind: &str, at: DateTime<Utc>) -> Entry {
    let day = day_of(p, at);
    let title = format!("{} · {}", entry.title, p.reader.full_date(day));
    Entry { title, kind: kind.to_owned(), on: day.to_string(), ..entry }
}

/// The same, but it goes only where somebody ticks it.
pub(super) fn free(entry: Entry) -> Entry {
    Entry { free: true, ..entry }
}

// Who they are and how they are reached, without household and address: who stays never learns where somebody went (S12).
async fn person(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let known = people::store::find(work, file.person_id).await?;
    let said = |name: &str| p.tc("packet-line", name);
    let languages: Vec<String> = known.languages.iter().map(|code| p.tc("person-language", code)).collect();
    let wish = |field: &str, code: Option<&str>| {
        coded(field, p.tc("person-field", field), code.unwrap_or_default(), people::shown::preferred(p, code))
    };
    let mut lines = vec![
        line("code", said("cash_code"), &known.code),
        line("name", said("name"), known.full_name()),
        known
            .sex
            .as_deref()
            .map_or_else(|| line("sex", said("sex"), ""), |sex| coded("sex", said("sex"), sex, p.tc("packet-sex", sex))),
        on(p, "born_on", p.t("case-file-born"), known.born_on),
        coded("languages", said("languages"), &known.languages.join(" "), languages.join(", ")),
        wish("worker_sex", known.worker_sex.as_deref()),
        wish("interpreter_sex", known.interpreter_sex.as_deref()),
        line(
            "area",
            said("area"),
            [&*known.admin1, &*known.admin2].into_iter().filter(|at| !at.is_empty()).collect::<Vec<_>>().join(", "),
        ),
    ];
    for contact in people::store::contacts(work, known.id).await? {
        lines.push(line(&contact.channel, p.tc("packet-line", &contact.channel), &contact.value));
    }
    for paper in people::store::documents(work, known.id).await? {
        lines.push(line(&format!("document_{}", paper.kind), p.tc("person-document", &paper.kind), &paper.number));
    }
    Ok(vec![entry("person", p.t("case-file-section-person"), lines)])
}

async fn of_case(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<Entry>, Error> {
    let pack = cases::actions::pack_of(work, case).await?;
    let stage = cases::pages::stage_label(&pack, case.case_type, &case.stage, p.reader.lang);
    let lines = vec![
        line("code", p.t("packet-line-cash-code"), &case.code),
        on(p, "opened_on", p.t("cases-head-opened"), Some(day_of(p, case.opened_at))),
        coded("stage", p.t("cases-head-stage"), &case.stage, stage),
        line("unit", p.t("case-unit"), &case.unit_name),
    ];
    Ok(vec![entry("case", p.t("case-file-section-case"), lines)])
}

async fn consents(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let all = beside::consents(work, file.case_id).await?;
    let own = all.iter().filter(|one| one.person_id == file.person_id);
    let said = |one: &beside::Consent| {
        let lines = vec![
            on(p, "given_on", p.t("case-file-given"), Some(one.given_on)),
            line("purpose", p.t("case-file-purpose"), &one.purpose),
            on(p, "expires_on", p.t("case-file-until"), one.expires_on),
            on(p, "withdrawn_on", p.t("case-file-withdrawn"), one.withdrawn_at.map(|at| day_of(p, at))),
        ];
        Entry { kind: one.kind.clone(), ..entry("consents", p.tc("consent-kind", &one.kind), lines) }
    };
    Ok(own.map(said).collect())
}

// The newest version that was agreed, without what is another member's to do (S30); what makes somebody safer is never in it (S25).
async fn plan(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let all = plans::store::list(work, file.case_id).await?;
    let Some(agreed) = all.iter().find(|plan| plan.agreed_at.is_some()) else { return Ok(Vec::new()) };
    let lines = plans::store::lines(work, &[agreed]).await?;
    // Their own words: of a case for somebody else it is not known whose they were.
    let (said, _) = plans::store::said(work, agreed).await?;
    let said = [("wants", said.wants), ("limits", said.limits), ("tried", said.tried)];
    let own = said.into_iter().filter(|(_, words)| case.person_id == file.person_id && !words.trim().is_empty()).map(
        |(field, words)| {
            let title = p.tc("plan-field", field);
            Entry { kind: field.to_owned(), ..free(entry("plan", title, vec![line("words", p.t("packet-line-text"), words)])) }
        },
    );
    let anothers = |one: &plans::Line| one.person_id.is_some_and(|who| who != file.person_id);
    let told = lines.iter().filter(|(_, one)| !one.is_safety() && !anothers(one));
    Ok(told
        .map(|(_, one)| {
            let lines =
                vec![line("words", p.t("packet-line-text"), &one.words), on(p, "due_on", p.t("packet-line-due"), one.due_on)];
            Entry { kind: one.kind.clone(), ..free(entry("plan", p.tc("plan-kind", &one.kind), lines)) }
        })
        .chain(own)
        .collect())
}

async fn referrals(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    // Of a household's case it is not known whose a referral was.
    if case.person_id != file.person_id {
        return Ok(Vec::new());
    }
    let all = beside::referrals(work, case.id).await?;
    let said = |one: &beside::Referral| {
        let service = one.service_on_paper(case.sensitivity()).unwrap_or_default();
        let lines = vec![
            line("service", p.t("packet-line-service"), service),
            coded("state", p.t("case-file-state"), one.status(), one.state(p)),
        ];
        entry("referrals", one.code(), lines)
    };
    Ok(all.iter().map(said).collect())
}

// The words as they stand today. What was written on risk, safety and threats stays with those who work the case.
async fn notes(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let all = cases::notes::list_in(work, file.lang, file.case_id, MOST).await?;
    let corrected: Vec<_> = all.iter().filter_map(|note| note.corrects).collect();
    let told = all.iter().filter(|note| NOTES.contains(&note.kind.as_str()) && !corrected.contains(&note.id));
    Ok(told
        .filter_map(|note| {
            let body = note.body.clone()?;
            let said = entry("notes", p.tc("note-kind", &note.kind), vec![line("words", p.t("packet-line-text"), body)]);
            Some(free(dated(p, said, &note.kind, note.happened_at)))
        })
        .collect())
}

async fn recorded(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<Entry>, Error> {
    let place = Place::of_case(work, case).await?;
    let all = records::store::opened(work, case.id, MOST).await?;
    Ok(all
        .iter()
        .filter_map(|record| {
            let said = record.said.as_ref()?;
            let told = records::card::told(p, &place, &record.kind, said);
            let lines = told.into_iter().map(|(key, label, words)| line(&key, label, words)).collect();
            let said = entry("records", records::card::label(p, &place, &record.kind), lines);
            Some(free(dated(p, said, &record.kind, record.happened_at)))
        })
        .collect())
}

async fn papers(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    // What a panel wrote stays with those who work the case, as its words do.
    let all = documents::actions::leaving(work, file.case_id).await?;
    Ok(all
        .into_iter()
        .map(|paper| {
            let lines = vec![
                coded("kind", p.t("documents-kind"), &paper.kind, p.tc("document-kind", &paper.kind)),
                on(p, "added_on", p.t("documents-added-by"), Some(day_of(p, paper.recorded_at))),
            ];
            Entry { kind: paper.kind.clone(), file: Some(paper.id), ..free(entry("documents", paper.title, lines)) }
        })
        .collect())
}
