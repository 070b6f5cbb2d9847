//! The last look: what goes, to whom, how. Sending can't be taken back, so it asks once and says what will happen.
use askama::Template;
use axum::response::Response;

use super::compose::{receiver, steps};
use super::lacks::{self, Lack};
use crate::audit::About;
use crate::error::{Clash, Error, FieldErrors};
use crate::letters::compose::{self, Dialogue, Typing};
use crate::letters::letter::Way;
use crate::letters::writing::{self, Answers};
use crate::letters::{actions, attachments};
use crate::packs::Word;
use crate::people::guard::marked;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::sending::send;
use crate::referrals::store as referrals;
use crate::referrals::words::{Approval, Kind, Step as At};
use crate::web::form::Path;
use crate::web::parts::{Entry, Step, StepAt};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "letters/html/confirm.html")]
struct Confirm {
    p: Page,
    path: String,
    code: String,
    version: i32,
    steps: Vec<Step>,
    what_happens: String,
    verb: String,
    rows: Vec<Entry>,
    // In pieces: what the guard found and a reason lets through is marked.
    subject: Vec<(String, bool)>,
    message: Vec<(String, bool)>,
    overridden: String,
    below: String,
    problems: Vec<Lack>,
}

/// GET /referrals/{id}/letter/submission
pub async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    if actions::is_sent(&mut work, &referral).await? {
        return work.then(&format!("/referrals/{id}/letter"), "refer-sent").await;
    }
    let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
    let page = page(&mut work, &dialogue, &FieldErrors::default()).await?;
    work.show(About { case_id: dialogue.referral.case_id, ..About::referral(id) }, page).await
}

/// POST /referrals/{id}/letter/submission: sends the referral and freezes its letter.
pub async fn create(mut work: Work, Path(id): Path<ReferralId>, form: Form) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let path = format!("/referrals/{id}/letter");
    if actions::is_sent(&mut work, &referral).await? {
        return work.then(&path, "refer-sent").await;
    }
    let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
    if form.value("version").parse() != Ok(dialogue.letter.version) {
        return Err(Error::Conflict(Clash::Stale));
    }
    match actions::submit(&mut work, &dialogue).await {
        Ok(_) => work.then(&path, "letter-submitted").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &dialogue, &errors).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn page(work: &mut Work, dialogue: &Dialogue, errors: &FieldErrors) -> Result<Confirm, Error> {
    let referral = &dialogue.referral;
    let p = Page::of(work, referral.code.clone()).await?;
    let letter_faults = actions::faults(work, dialogue);
    let problems = problems(work, &p, dialogue, &letter_faults, errors).await?;
    let (letter, words) = (&dialogue.letter, &dialogue.letter.typed.words);
    let happens = match (letter.way, referral.state.terms.kind) {
        _ if letter.is_further() => "letter-further-sends",
        (Way::Email, Kind::TransferNotice) => "letter-sends-notice",
        (Way::Email, _) => "letter-sends-email",
        _ => "letter-makes-paper",
    };
    let content = writing::content(work, &dialogue.sources()).await?;
    let base = work.ground().base_url.to_string();
    let below = writing::below_message(letter.lang, &base, &referral.code, Answers::of(&content));
    Ok(Confirm {
        path: format!("/referrals/{}/letter", referral.id),
        code: referral.code.clone(),
        version: letter.version,
        steps: steps(&p, dialogue, StepAt::Done),
        what_happens: p.t(happens),
        verb: p.t(if letter.way == Way::Email { "letter-submit-email" } else { "letter-submit-paper" }),
        rows: rows(work, &p, dialogue).await?,
        subject: if letter.way == Way::Email { marked(&words.subject, &dialogue.found.subject) } else { Vec::new() },
        message: marked(&words.message, &dialogue.found.message),
        overridden: if dialogue.found.is_clean() { String::new() } else { letter.typed.guard_reason.clone() },
        // The token stands in the letter and is shown to nobody here (S17).
        below: content.answer.as_ref().map_or(below.clone(), |answer| below.replace(&answer.url, "…")),
        problems,
        p,
    })
}

// Everything that stands in the way, of the letter and of the referral, with what is attached counted in; then what sending itself refused.
async fn problems(
    work: &mut Work,
    p: &Page,
    dialogue: &Dialogue,
    letter: &FieldErrors,
    refused: &FieldErrors,
) -> Result<Vec<Lack>, Error> {
    let referral = &dialogue.referral;
    let mut lacks = lacks::of_letter(p, referral.id, letter);
    if !dialogue.letter.is_further() {
        lacks.extend(lacks::of_referral(p, referral, &of_referral(work, p, dialogue).await?));
    }
    let mut refused = refused.clone();
    refused.0.retain(|field, _| !letter.0.contains_key(field));
    lacks.extend(lacks::of_referral(p, referral, &refused));
    lacks.sort_by(|one, other| one.words.cmp(&other.words));
    lacks.dedup();
    Ok(lacks)
}

async fn of_referral(work: &mut Work, p: &Page, dialogue: &Dialogue) -> Result<FieldErrors, Error> {
    let referral = &dialogue.referral;
    let form = attachments::announced(&dialogue.form, &titles(p, dialogue));
    let prepared = send::prepare(work, referral, &form, &dialogue.pack).await?;
    let mut errors = send::errors(&prepared.problems);
    if dialogue.form.value("reason").trim().is_empty() {
        errors.add("reason", "reason_missing");
    }
    if referral.state.terms.approval == Approval::Needed && referral.state.step != At::Approved {
        errors.add("approval", "needs_approval");
    }
    Ok(errors)
}

fn titles(p: &Page, dialogue: &Dialogue) -> Vec<String> {
    let typed = &dialogue.letter.typed;
    let documents =
        dialogue.documents.iter().filter(|known| typed.documents.contains(&known.id.0)).map(|known| known.title.clone());
    let notes = dialogue.notes.iter().filter(|known| typed.notes.contains(&known.id.0));
    documents.chain(notes.map(|note| format!("{}, {}", p.tc("note-kind", &note.kind), p.reader.day(note.happened_at)))).collect()
}

async fn rows(work: &mut Work, p: &Page, dialogue: &Dialogue) -> Result<Vec<Entry>, Error> {
    let letter = &dialogue.letter;
    let path = format!("/referrals/{}/letter", dialogue.referral.id);
    let mut rows = vec![
        Entry::new(p.t("letter-type"), p.tc("letter-type", dialogue.referral.state.terms.kind.code())),
        Entry::new(p.t("letter-organisation"), receiver(work, dialogue).await?),
        Entry::new(p.t("letter-way"), p.tc("letter-way", letter.way.as_str())).changed_at(&path),
        Entry::new(p.t("letter-contact"), letter.typed.contact_name.clone()).changed_at(&path),
    ];
    if letter.way == Way::Email {
        rows.push(Entry::new(p.t("letter-email-to"), letter.typed.email.clone()).changed_at(&path));
    }
    rows.push(Entry::new(p.t("letter-template"), dialogue.template.texts.title.clone()).changed_at(&path));
    rows.push(Entry::new(p.t("letter-language"), letter.lang.own_name()).changed_at(&path));
    let attached = titles(p, dialogue);
    if !attached.is_empty() {
        rows.push(Entry::new(p.t("letter-attachments"), attached.join("; ")).changed_at(&path));
    }
    Ok(rows)
}
