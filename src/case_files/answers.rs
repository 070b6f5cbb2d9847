//! What the person answered: assessments and forms that ask one person. A household's answers are not one person's (S12), and of a case for
//! somebody else nothing is theirs. What was chosen, counted or dated stands by itself; what was typed, or tells of several, may speak of others.
use super::case_file::{CaseFile, Entry, Line};
use super::gather::{coded, dated, day_of, entry, free, line, on};
use crate::assessments::{self, Round};
use crate::cases::Case;
use crate::error::Error;
use crate::forms::{self, Submission};
use crate::packs::{self, Asks, Sensitivity};
use crate::platform::db::Work;
use crate::web::Page;

// The newest; what is older is asked for again.
const MOST_COPIES: usize = 60;

/// The rounds of assessments that were finalised, each with its answers; the level of risk that came of them stays with those who work the case.
pub(super) async fn assessed(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    if case.person_id != file.person_id {
        return Ok(Vec::new());
    }
    let mut rounds = assessments::store::list(work, case.id).await?;
    rounds.retain(|round| !round.is_draft());
    let said = assessments::store::said(work, case.id, &rounds).await?;
    let mut entries = Vec::new();
    for (round, said) in rounds.iter().zip(&said) {
        let pack = packs::store::find(work, &round.pack, round.pack_version).await?;
        let Some(tool) = pack.tool(&round.tool).filter(|tool| tool.of == Asks::Member) else { continue };
        let told = assessments::told::told(p, tool, &said.answers);
        let lines = told.into_iter().map(|one| (one.is_free, coded(&one.code, one.question, &one.chosen, one.answer)));
        let title = format!("{} · {}", tool.labels.get(p.reader.lang), p.ta("assessment-round", "round", p.number(round.round)));
        let about = Entry { kind: round.tool.clone(), ..entry("assessments", title, round_facts(p, case, round)) };
        entries.extend(parted(&about, lines.collect()));
    }
    Ok(entries)
}

// Who works on a restricted case is not named on paper (S31).
fn named(case: &Case, name: &str) -> String {
    if case.sensitivity() == Sensitivity::Restricted { String::new() } else { name.to_owned() }
}

fn round_facts(p: &Page, case: &Case, round: &Round) -> Vec<Line> {
    let at = round.happened_at.unwrap_or(round.recorded_at);
    let by = round.finalised_by_name.as_deref().unwrap_or(&round.author_name);
    vec![on(p, "on", p.t("case-file-on"), Some(day_of(p, at))), line("by", p.t("fill-fact-by"), named(case, by))]
}

/// The copies of forms that stand complete, without what their case withholds.
pub(super) async fn filled(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    if case.person_id != file.person_id {
        return Ok(Vec::new());
    }
    let asking_one = forms::store::asking_one(work, case.id).await?;
    let copies = forms::store::submissions(work, case.id).await?;
    let own = copies.iter().filter(|copy| copy.state == "complete" && asking_one.contains(&copy.form_id));
    let own: Vec<&Submission> = own.take(MOST_COPIES).collect();
    let mut entries = Vec::new();
    for copy in own {
        let at = copy.completed_at.unwrap_or(copy.started_at);
        let facts = vec![
            on(p, "on", p.t("case-file-on"), Some(day_of(p, at))),
            line("by", p.t("fill-fact-by"), named(case, &copy.author_name)),
        ];
        let told = Box::pin(forms::fill::told::told(work, p, case, copy)).await?;
        let lines = told.into_iter().map(|one| (one.is_free, coded(&one.name, one.question, &one.chosen, one.answer)));
        let about = dated(p, entry("forms", &copy.title, facts), "", at);
        entries.extend(parted(&about, lines.collect()));
    }
    Ok(entries)
}

// One entry of what was chosen, and one for each answer that may speak of others or of what makes safer, which goes only where somebody ticks it:
// who lives with a disability is told so without being told who hurts them.
fn parted(about: &Entry, lines: Vec<(bool, Line)>) -> Vec<Entry> {
    let (typed, chosen): (Vec<_>, Vec<_>) =
        lines.into_iter().filter(|(_, line)| !line.value.trim().is_empty()).partition(|(is_free, _)| *is_free);
    let mut whole = about.clone();
    whole.lines.extend(chosen.into_iter().map(|(_, line)| line));
    let each = typed.into_iter().map(|(_, line)| free(Entry { lines: vec![line], ..about.clone() }));
    std::iter::once(whole).chain(each).collect()
}
