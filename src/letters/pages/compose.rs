//! The letter's dialogue of a draft. Language first; the preview is the very file; nothing typed is lost.
use askama::Template;
use axum::response::{IntoResponse, Response};

use super::lacks::{self, Lack};
use super::{pdf, show};
use crate::access::Act;
use crate::error::{Error, FieldErrors};
use crate::letters::compose::{self, Dialogue, Typing};
use crate::letters::letter::{Letter, ways};
use crate::letters::writing::{self, Answering};
use crate::letters::{actions, further, paper, wording};
use crate::packs::{LetterLayout, Sensitivity, Word};
use crate::people::guard::{Hit, marked};
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::platform::lang::Lang;
use crate::referrals::action::Action;
use crate::referrals::actions::{self as moves, Said};
use crate::referrals::sending::send;
use crate::referrals::store as referrals;
use crate::referrals::words::{Approval, Step as At};
use crate::web::form::Path;
use crate::web::parts::{Choice, Step, StepAt};
use crate::web::{Form, Page};

struct KeptWords {
    origin: String,
    label: String,
    subject: String,
    message: String,
}

/// What follows from the choices: swapped in place when one changes.
pub struct Fields {
    path: String,
    code: String,
    // Of this letter and these words: what is kept of another language's never comes into their place.
    autosave: String,
    version: i32,
    way: &'static str,
    ways: Vec<Choice>,
    guarded: bool,
    restricted: bool,
    contacts: Vec<Choice>,
    contact: String,
    // Name and address are those of the register.
    registered: bool,
    contact_name: String,
    // The name that the words greet.
    greeted: String,
    email: String,
    // Where the address comes from; empty if somebody typed it.
    email_hint: String,
    langs: Vec<Choice>,
    lang: &'static str,
    templates: Vec<Choice>,
    template: String,
    is_card: bool,
    subject: String,
    message: String,
    based_on: String,
    kept: Vec<KeptWords>,
    found_subject: Vec<(String, bool)>,
    found_message: Vec<(String, bool)>,
    found: bool,
    may_override: bool,
    guard_reason: String,
    // The words that a reason would be given for.
    guard_words: String,
    // Where the message says how its reader answers.
    below: String,
    // Why they can't answer by link; empty if they can, or have an account.
    no_codes: String,
    yes_no: Vec<Choice>,
    safe_to_carry: String,
    card_on: String,
    card_time: String,
    card_place: String,
    documents: Vec<Choice>,
    chosen_documents: Vec<String>,
    notes: Vec<Choice>,
    chosen_notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "letters/html/compose.html")]
struct Compose {
    p: Page,
    form: Form,
    f: Fields,
    to: String,
    steps: Vec<Step>,
    edit_path: String,
    not_ready: Vec<Lack>,
    approval: bool,
    is_further: bool,
}

#[derive(Template)]
#[template(path = "letters/html/compose_swap.html")]
struct Swap {
    p: Page,
    form: Form,
    f: Fields,
}

/// GET /referrals/{id}/letter: the dialogue while the referral is a draft, afterwards what became of the letter.
pub async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    if actions::is_sent(&mut work, &referral).await? {
        return show::page(work, referral).await;
    }
    let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
    let page = page(&mut work, &dialogue, Form::default()).await?;
    work.show(dialogue.referral.about(), page).await
}

/// POST /referrals/{id}/letter: `go` says whether to keep it, take kept words over, throw them away, go on to the last look, or give up.
pub async fn update(mut work: Work, Path(id): Path<ReferralId>, form: Form) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let path = format!("/referrals/{id}/letter");
    if actions::is_sent(&mut work, &referral).await? {
        return work.then(&path, "refer-sent").await;
    }
    let go = form.value("go").to_owned();
    if go == "discard" && referral.state.times.sent.is_some() {
        further::give_up(&mut work, &referral).await?;
        return work.then(&path, "letter-given-up").await;
    }
    if go == "discard" {
        let to = referral.case_id.map_or("/".to_owned(), |case| format!("/cases/{case}/referrals"));
        moves::act(&mut work, &referral, Action::Discard, Said::default()).await?;
        return work.then(&to, "refer-discarded").await;
    }
    let mut dialogue = compose::open(&mut work, referral, Typing::Sent(&form)).await?;
    // Words that were swapped must be seen before anything goes out.
    let swapped = form.filled("based_on") && form.value("based_on") != dialogue.letter.typed.based_on;
    if let Some(origin) = go.strip_prefix("take.") {
        wording::take(&mut dialogue.letter, origin);
    }
    if let Some(origin) = go.strip_prefix("drop.") {
        wording::drop_kept(&mut dialogue.letter, origin);
    }
    let errors = if go == "review" { actions::faults(&work, &dialogue) } else { FieldErrors::default() };
    actions::keep(&mut work, &dialogue).await?;
    if !errors.is_empty() {
        dialogue.letter.version += 1;
        let page = page(&mut work, &dialogue, form.with_errors(errors)).await?;
        return kept_but_wrong(work, &page).await;
    }
    match go.as_str() {
        "review" if !swapped => {
            work.commit().await?;
            Ok(axum::response::Redirect::to(&format!("{path}/submission")).into_response())
        }
        _ if swapped && !dialogue.letter.typed.kept.is_empty() => work.then(&path, "warning:letter-words-kept-aside").await,
        _ => work.then(&path, "letter-kept").await,
    }
}

// What was typed is kept although it can't go yet; the page says what is wrong.
async fn kept_but_wrong(work: Work, page: &Compose) -> Result<Response, Error> {
    let ground = work.ground().clone();
    let actor = work.actor.clone();
    work.commit().await?;
    Work::open(&ground, actor).await?.show_again(page)
}

/// POST /referrals/{id}/letter/fields: what follows from the choices on the page; nothing is kept.
pub async fn fields(mut work: Work, Path(id): Path<ReferralId>, form: Form) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let dialogue = compose::open(&mut work, referral, Typing::Sent(&form)).await?;
    let p = Page::of(&mut work, dialogue.referral.code.clone()).await?;
    let about = dialogue.referral.about();
    let f = fields_of(&work, &p, &dialogue);
    work.show(about, Swap { p, form: Form::default(), f }).await
}

/// POST /referrals/{id}/letter/preview: the very file that would go out, from the form as it stands; nothing is kept.
pub async fn preview(mut work: Work, Path(id): Path<ReferralId>, form: Form) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let dialogue = compose::open(&mut work, referral, Typing::Sent(&form)).await?;
    render(work, dialogue).await
}

/// GET /referrals/{id}/letter/preview: the same from the draft as it was kept; of a submitted letter its file.
pub async fn preview_kept(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    if actions::is_sent(&mut work, &referral).await? {
        return show::file(work, Path(id)).await;
    }
    let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
    render(work, dialogue).await
}

async fn render(mut work: Work, dialogue: Dialogue) -> Result<Response, Error> {
    let content = writing::content(&mut work, &dialogue.sources()).await?;
    let about = dialogue.referral.about();
    let name = Letter::file_name(&dialogue.referral.code);
    work.record(crate::audit::Fact::Viewed, about).await?;
    work.commit().await?;
    let bytes = tokio::task::spawn_blocking(move || paper::render(&content)).await.map_err(anyhow::Error::from)??;
    Ok(pdf(&name, bytes))
}

async fn page(work: &mut Work, dialogue: &Dialogue, form: Form) -> Result<Compose, Error> {
    let referral = &dialogue.referral;
    let title = crate::platform::text::text_with(work.lang(), "letter-title", &[("code", referral.code.clone().into())]);
    let p = Page::of(work, title).await?;
    let f = fields_of(work, &p, dialogue);
    let is_further = dialogue.letter.is_further();
    let edit_path = format!("/referrals/{}{}", referral.id, if is_further { "" } else { "/edit" });
    let errors = send::errors(&dialogue.prepared.problems);
    Ok(Compose {
        to: receiver(work, dialogue).await?,
        steps: steps(&p, dialogue, StepAt::Current),
        not_ready: lacks::of_referral(&p, referral, &errors),
        approval: !is_further && referral.state.terms.approval == Approval::Needed && referral.state.step != At::Approved,
        is_further,
        edit_path,
        f,
        form,
        p,
    })
}

/// Whom the letter is for, in the reader's language.
pub(super) async fn receiver(work: &mut Work, dialogue: &Dialogue) -> Result<String, Error> {
    let referral = &dialogue.referral;
    let org = match referral.to.org {
        Some(org) => crate::letters::store::organisation(work, org, work.lang()).await?.name,
        None => referral.to.name.clone(),
    };
    let service = referral.wanted.service_called.clone();
    Ok([service, org].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
}

/// The three steps of a referral with a letter: what and what is shared, the letter, the last look. A further letter has no first.
pub(super) fn steps(p: &Page, dialogue: &Dialogue, letter: StepAt) -> Vec<Step> {
    let id = dialogue.referral.id;
    let link = |step: Step, tail: &str| Step { href: format!("/referrals/{id}/{tail}"), ..step };
    let last = if letter == StepAt::Done { StepAt::Current } else { StepAt::Open };
    let all = vec![
        link(Step::new(p.t("letter-step-what"), "", StepAt::Done), "edit"),
        link(Step::new(p.t("letter-step-letter"), "", letter), "letter"),
        Step::new(p.t("letter-step-send"), "", last),
    ];
    all.into_iter().skip(usize::from(dialogue.letter.is_further())).collect()
}

fn kept_words(p: &Page, dialogue: &Dialogue) -> Vec<KeptWords> {
    let title = |origin: &str| {
        let (kind, lang) = origin.rsplit_once('.').unwrap_or((origin, ""));
        let lang: Lang = lang.parse().unwrap_or_default();
        let name = dialogue.pack.letter(kind, p.reader.lang).map_or(kind.to_owned(), |known| known.texts.title.clone());
        format!("{name}, {}", lang.own_name())
    };
    let kept = dialogue.letter.typed.kept.iter().map(|(origin, words)| KeptWords {
        label: title(origin),
        subject: words.subject.clone(),
        message: words.message.clone(),
        origin: origin.clone(),
    });
    kept.collect()
}

fn contacts(p: &Page, dialogue: &Dialogue) -> Vec<Choice> {
    let guarded = dialogue.sensitivity() != Sensitivity::Standard;
    let fits = dialogue.contacts.iter().filter(|contact| contact.may_hear_of(dialogue.sensitivity()));
    let mut choices: Vec<Choice> = fits
        .map(|contact| {
            let label = p.list([&contact.name, &contact.desk]);
            let verified = if contact.is_proven() { p.t("letter-contact-verified") } else { String::new() };
            Choice::new(contact.id.to_string(), label).with_hint(verified)
        })
        .collect();
    // Whoever is not registered can be written to only where nobody is endangered by a slip (S17).
    if !guarded {
        choices.push(Choice::new("other", p.t("letter-contact-other")));
    }
    choices
}

fn email_hint(p: &Page, dialogue: &Dialogue) -> String {
    let from_contact = dialogue.contact().is_some_and(|contact| contact.email == dialogue.letter.typed.email);
    if from_contact { p.t("letter-email-hint") } else { String::new() }
}

fn below(p: &Page, answering: Answering) -> String {
    p.t(match answering {
        Answering::Link => "letter-below-answer",
        Answering::Telephone => "letter-below-ring",
        Answering::Account => "letter-below-sign-in",
    })
}

fn no_codes(p: &Page, answering: Answering, contacts: &[Choice]) -> String {
    match (answering, contacts.iter().any(|choice| choice.value != "other")) {
        (Answering::Telephone, true) => p.t("letter-no-codes-other"),
        (Answering::Telephone, false) => p.t("letter-no-codes"),
        _ => String::new(),
    }
}

fn found_in(text: &str, hits: &[Hit]) -> Vec<(String, bool)> {
    if hits.is_empty() { Vec::new() } else { marked(text, hits) }
}

fn fields_of(work: &Work, p: &Page, dialogue: &Dialogue) -> Fields {
    let (letter, typed) = (&dialogue.letter, &dialogue.letter.typed);
    let ids = |all: &[uuid::Uuid]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let sensitivity = dialogue.sensitivity();
    let (contacts, answering) = (contacts(p, dialogue), writing::answering(&dialogue.sources()));
    // A card is answered by nobody.
    let is_card = dialogue.template.layout == LetterLayout::AppointmentCard;
    Fields {
        path: format!("/referrals/{}/letter", dialogue.referral.id),
        code: dialogue.referral.code.clone(),
        autosave: format!("{}/{}#{}", dialogue.referral.code, letter.number, typed.based_on),
        version: letter.version,
        way: letter.way.as_str(),
        ways: ways(sensitivity).iter().map(|way| Choice::new(way.as_str(), p.tc("letter-way", way.as_str()))).collect(),
        guarded: sensitivity != Sensitivity::Standard,
        restricted: sensitivity == Sensitivity::Restricted,
        no_codes: if is_card { String::new() } else { no_codes(p, answering, &contacts) },
        registered: dialogue.contact().is_some_and(|contact| !contact.email.is_empty()),
        contacts,
        contact: letter.contact.map_or_else(|| "other".to_owned(), |id| id.to_string()),
        contact_name: typed.contact_name.clone(),
        greeted: typed.greeted.clone(),
        email: typed.email.clone(),
        email_hint: email_hint(p, dialogue),
        langs: Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect(),
        lang: letter.lang.code(),
        templates: dialogue.templates.iter().map(|known| Choice::new(&known.kind, known.texts.title.clone())).collect(),
        template: letter.template.clone(),
        is_card,
        subject: typed.words.subject.clone(),
        message: typed.words.message.clone(),
        based_on: typed.based_on.clone(),
        kept: kept_words(p, dialogue),
        found_subject: found_in(&typed.words.subject, &dialogue.found.subject),
        found_message: found_in(&typed.words.message, &dialogue.found.message),
        found: !dialogue.found.is_clean(),
        may_override: work.holds(Act::LetterOverrideGuard),
        guard_reason: typed.guard_reason.clone(),
        guard_words: typed.words.print(),
        below: below(p, answering),
        yes_no: ["yes", "no"].map(|code| Choice::new(code, p.tc("follow-up", code))).to_vec(),
        safe_to_carry: typed.safe_to_carry.clone(),
        card_on: typed.card_on.map(|date| date.to_string()).unwrap_or_default(),
        card_time: typed.card_time.clone(),
        card_place: typed.card_place.clone(),
        documents: dialogue.documents.iter().map(|known| Choice::new(known.id.to_string(), known.title.clone())).collect(),
        chosen_documents: ids(&typed.documents),
        notes: notes(p, dialogue),
        chosen_notes: ids(&typed.notes),
    }
}

fn notes(p: &Page, dialogue: &Dialogue) -> Vec<Choice> {
    let choice = |note: &crate::letters::attachments::NoteBrief| {
        let label = format!("{}, {}", p.tc("note-kind", &note.kind), p.reader.day(note.happened_at));
        Choice::new(note.id.to_string(), label).with_hint(format!("{} …", note.begins))
    };
    dialogue.notes.iter().map(choice).collect()
}
