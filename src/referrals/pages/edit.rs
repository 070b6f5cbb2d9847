//! The draft's own page: everything on one page, kept when the author leaves, with exactly what the receiver will see.

use askama::Template;
use axum::response::Response;

use super::packet_view::{self, Shown};
use super::{facts, needs, reasons};
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{Pack, ReasonKind};
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ReferralId};
use crate::referrals::action::Action;
use crate::referrals::actions::{self, Said};
use crate::referrals::clocks::watch;
use crate::referrals::row::Referral;
use crate::referrals::sending::not_referred::{self, Decision};
use crate::referrals::sending::others::{self, Other};
use crate::referrals::sending::packet::Section;
use crate::referrals::sending::send::{self, Prepared};
use crate::referrals::sending::{agreed, cash, child, draft};
use crate::referrals::store;
use crate::referrals::words::{Approval, Kind, Step};
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

// Sections that nothing on the registry fills: the author writes them here.
const TYPED: &[&str] = &["history", "assessment", "payment", "health", "legal_status", "account", "child"];

pub(super) struct Gap {
    pub(super) who: String,
    pub(super) text: String,
    pub(super) sections: String,
}

pub(super) struct Preview {
    pub(super) brief: Vec<Shown>,
    pub(super) full: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "referrals/html/edit.html")]
struct Edit {
    p: Page,
    form: Form,
    id: ReferralId,
    code: String,
    to: String,
    outside: bool,
    self_referral: bool,
    has_letter: bool,
    needs_letter: bool,
    approval: bool,
    in_review: bool,
    lacks_agreement: bool,
    nobody_answers: bool,
    // Referrals under way for the same service.
    running: Vec<Other>,
    // Other drafts of the case that wait.
    waiting: Vec<Other>,
    child: bool,
    // One of those who are chosen is a child, so the questions about children must be answered.
    child_chosen: bool,
    cash: bool,
    // How many live together is asked of whom no household is registered.
    // How many live in no household that is registered: of one the size is asked, one size of several is none.
    without_home: usize,
    means: Vec<Choice>,
    bands: Vec<Choice>,
    needs: Vec<Choice>,
    people: Vec<Choice>,
    priorities: Vec<Choice>,
    sections: Vec<Choice>,
    typed: Vec<(String, String)>,
    yes_no: Vec<Choice>,
    accompaniment: Vec<Choice>,
    accompaniment_reasons: Vec<Choice>,
    care: Vec<Choice>,
    relationships: Vec<Choice>,
    follow_up: Vec<Choice>,
    not_referred: String,
    not_referred_reasons: Vec<Choice>,
    gaps: Vec<Gap>,
    covers: String,
    previews: Vec<Preview>,
    case_path: String,
}

/// What stands below the ticked sections, by itself.
#[derive(Template)]
#[template(path = "referrals/html/edit_preview.html")]
struct Below {
    p: Page,
    form: Form,
    code: String,
    typed: Vec<(String, String)>,
    gaps: Vec<Gap>,
    covers: String,
    previews: Vec<Preview>,
    case_path: String,
}

/// POST /referrals/{id}/preview: what they would see if it were sent as the form says now; nothing is kept.
pub async fn preview(mut work: Work, Path(id): Path<ReferralId>, form: Form) -> Result<Response, Error> {
    let mut referral = store::find(&mut work, id).await?;
    draft::may_write(&mut work, &referral).await?;
    if form.filled("need") {
        referral.wanted.need = form.value("need").to_owned();
    }
    let pack = watch::pack_of(&mut work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let prepared = send::prepare(&mut work, &referral, &form, &pack).await?;
    let p = Page::of(&mut work, String::new()).await?;
    let known = &prepared.known;
    let below = Below {
        code: referral.code.clone(),
        typed: typed(&p, &pack, &form),
        gaps: gaps(&p, &pack, &prepared, known),
        covers: covers(&p, &prepared),
        previews: previews(&p, &pack, &referral, &prepared),
        case_path: case_path(&referral),
        form,
        p,
    };
    work.show(referral.about(), below).await
}

pub(super) fn previews(p: &Page, pack: &Pack, referral: &Referral, prepared: &Prepared) -> Vec<Preview> {
    let view = |sections: &[Section]| packet_view::view_of(p, pack, referral, sections);
    prepared.disclosures.iter().map(|one| Preview { brief: view(&one.brief), full: view(&one.full) }).collect()
}

fn case_path(referral: &Referral) -> String {
    referral.case_id.map(|case| format!("/cases/{case}")).unwrap_or_default()
}

/// GET /referrals/{id}/edit
pub async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    draft::may_write(&mut work, &referral).await?;
    let mut form = draft::form(&mut work, &referral).await?;
    defaults(&mut work, &mut form, &referral).await?;
    let page = page(&mut work, &referral, form).await?;
    work.show(referral.about(), page).await
}

async fn defaults(work: &mut Work, form: &mut Form, referral: &Referral) -> Result<(), Error> {
    if !form.filled("need") {
        form.set("need", &referral.wanted.need);
    }
    if !form.filled("priority") {
        form.set("priority", referral.state.terms.priority.code());
    }
    if form.all("sections").is_empty() {
        form.set_all("sections", agreed::usual_sections(work, referral).await?);
    }
    Ok(())
}

// A second click is told that it went; other words are handed back, for they went nowhere.
async fn sent_already(mut work: Work, referral: &Referral, form: &Form) -> Result<Response, Error> {
    let the_same = form.value("reason").trim() == facts::reason(&mut work, referral).await?;
    if form.value("go") == "send" && (the_same || !draft::brings_words(form)) {
        return work.then(&format!("/referrals/{}", referral.id), "refer-sent").await;
    }
    let state = referral.state.status.code().to_owned();
    Err(Error::Conflict(Clash::State { state, code: "already_sent" }))
}

/// POST /referrals/{id}/edit: `go` says whether to keep it, send it for review, throw it away or send it.
pub async fn update(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    if referral.state.times.sent.is_some() {
        return sent_already(work, &referral, &form).await;
    }
    draft::may_write(&mut work, &referral).await?;
    let go = form.value("go").to_owned();
    let path = format!("/referrals/{id}");
    if go == "discard" {
        actions::act(&mut work, &referral, Action::Discard, Said::default()).await?;
        return work.then("/", "refer-discarded").await;
    }
    let pack = watch::pack_of(&mut work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let mut faults = draft::faults(&form, &pack, work.today());
    // An approved draft is sent as it was approved; whoever changes it keeps the change first, and it is approved again.
    let approved = referral.state.step == Step::Approved && go == "send";
    if approved && draft::brings_words(&form) && !draft::says_the_same(&mut work, &referral, &form).await? {
        faults.add("", "approved_otherwise");
    }
    if !faults.is_empty() {
        let version = form.value("version").to_owned();
        let mut page = page(&mut work, &referral, form.with_errors(faults)).await?;
        // Nothing was kept yet, so it is still the version that was opened.
        page.form.set("version", version);
        return work.show_again(&page);
    }
    let stale = form.parsed_maybe::<i32>("version").is_some_and(|opened| opened != referral.version);
    if stale && !draft::says_the_same(&mut work, &referral, &form).await? {
        return show_conflict(work, &referral, &pack, form).await;
    }
    let (referral, form) = if approved {
        let kept = draft::form(&mut work, &referral).await?;
        (referral, kept)
    } else {
        (draft::save(&mut work, &referral, &form).await?, form)
    };
    let sent = match go.as_str() {
        "send" => send::submit(&mut work, &referral, &form).await.map(|sent| (path, said(&sent))),
        "not_referred" => not_made(&mut work, &referral, &form).await.map(|()| (case_path(&referral), "refer-not-kept")),
        "review" => send::ask_for_review(&mut work, &referral, &form).await.map(|_| (path, "refer-in-review")),
        "letter" => Ok((format!("{path}/letter"), "refer-kept")),
        _ => Ok((format!("{path}/edit"), "refer-kept")),
    };
    match sent {
        Ok((to, say)) => work.then(&to, say).await,
        Err(Error::Invalid(errors)) => again(work, (id, approved), form, errors).await,
        Err(error) => Err(error),
    }
}

// What was typed is kept although it can't go yet. Of what was approved nothing is kept anew: what is to be mended outside the form, such as a
// consent, costs no approval.
async fn again(work: Work, (id, approved): (ReferralId, bool), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let seen = store::find(&mut work, id).await?;
    if approved {
        let page = page(&mut work, &seen, form.with_errors(errors)).await?;
        return work.show_again(&page);
    }
    let kept = draft::save(&mut work, &seen, &form).await?;
    let page = page(&mut work, &kept, form.with_errors(errors)).await?;
    let ground = work.ground().clone();
    let actor = work.actor.clone();
    work.commit().await?;
    Work::open(&ground, actor).await?.show_again(&page)
}

// Outside, nothing goes without a letter: whoever sends tells them.
fn said(sent: &Referral) -> &'static str {
    if sent.state.terms.kind == Kind::External { "warning:refer-sent-nothing" } else { "refer-sent" }
}

// Somebody else wrote on it meanwhile: both versions stand side by side, and nothing is sent before the two were joined.
async fn show_conflict(mut work: Work, referral: &Referral, pack: &Pack, mut mine: Form) -> Result<Response, Error> {
    let mut theirs = draft::form(&mut work, referral).await?;
    defaults(&mut work, &mut theirs, referral).await?;
    theirs.set("version", referral.version.to_string());
    mine.set("go", "keep");
    let p = Page::of(&mut work, referral.code.clone()).await?;
    let lang = p.reader.lang;
    let need = |form: &Form| pack.need(form.value("need")).map_or_else(String::new, |need| need.labels.get(lang).to_owned());
    let sections = |form: &Form| {
        let names = form.all("sections").iter().filter_map(|code| pack.section(code));
        lang.list(names.map(|section| section.labels.get(lang)))
    };
    let both = |names: &str, key: &str, mine: String, theirs: String| Compared {
        names: vec![names.to_owned()],
        label: p.t(key),
        mine,
        theirs,
    };
    let compared = vec![
        both("need", "refer-need", need(&mine), need(&theirs)),
        Compared::field("reason", p.t("refer-reason"), &mine, &theirs),
        Compared::field("due_on", p.t("refer-due"), &mine, &theirs),
        both("sections", "refer-sections", sections(&mine), sections(&theirs)),
        Compared::field("precaution", p.t("refer-precaution"), &mine, &theirs),
    ];
    let action = format!("/referrals/{}/edit", referral.id);
    conflict::show(work, Asked { back: action.clone(), action, mine: &mine, theirs: &theirs }, compared).await
}

// The draft goes, the reason stays on the case.
async fn not_made(work: &mut Work, referral: &Referral, form: &Form) -> Result<(), Error> {
    let case = draft::case(work, referral.case_id.ok_or(Error::NotFound)?).await?;
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let (need, service) = (referral.wanted.need.clone(), referral.wanted.service_id);
    not_referred::record(work, &case, &pack, &Decision { need, service, reason: form.value("not_referred").to_owned() }).await?;
    actions::act(work, referral, Action::Discard, Said::default()).await.map(|_| ())
}

async fn page(work: &mut Work, referral: &Referral, mut form: Form) -> Result<Edit, Error> {
    form.set("version", referral.version.to_string());
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let prepared = send::prepare(work, referral, &form, &pack).await?;
    let title = crate::platform::text::text_with(work.lang(), "refer-edit-title", &[("code", referral.code.clone().into())]);
    let p = Page::of(work, title).await?;
    let (lang, today, kind) = (work.lang(), work.today(), referral.state.terms.kind);
    let ids: Vec<PersonId> = prepared.case.people.iter().map(|id| PersonId(*id)).collect();
    let known = people::store::several(work, &ids).await?;
    let for_cash = cash::is(&pack, if form.filled("need") { form.value("need") } else { &referral.wanted.need });
    let codes =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    Ok(Edit {
        id: referral.id,
        code: referral.code.clone(),
        to: facts::to_name(work, referral).await?,
        outside: kind == Kind::External,
        self_referral: kind == Kind::SelfReferral,
        // To an organisation rather than to a service a letter belongs; nobody skips its e-mail by the main button.
        needs_letter: matches!(kind, Kind::External | Kind::TransferNotice)
            || kind == Kind::Partner && referral.wanted.service_id.is_none(),
        has_letter: matches!(kind, Kind::Partner | Kind::External | Kind::TransferNotice),
        approval: referral.state.terms.approval == Approval::Needed && referral.state.step != Step::Approved,
        in_review: referral.state.step == Step::InReview,
        lacks_agreement: send::lacks_agreement(work, referral).await?,
        nobody_answers: send::nobody_answers(work, referral).await?,
        running: others::running(work, referral, &prepared.persons).await?,
        waiting: others::waiting(work, referral).await?,
        child: known.iter().any(|person| child::is(person, today)),
        child_chosen: known.iter().any(|person| prepared.persons.contains(&person.id) && child::is(person, today)),
        cash: for_cash,
        without_home: if for_cash { cash::without_home(work, &prepared.persons).await? } else { 0 },
        means: codes("refer-cash-means", cash::MEANS),
        bands: codes("refer-cash-band", cash::BANDS),
        needs: needs(&pack, lang),
        people: known.iter().map(|person| chosen_from(&p, person)).collect(),
        priorities: priorities(&p, &pack),
        sections: sections(&p, &pack),
        typed: typed(&p, &pack, &form),
        yes_no: codes("follow-up", &["yes", "no"]),
        accompaniment: codes("refer-accompaniment", &["adult", "case_worker", "no_safe_adult"]),
        accompaniment_reasons: reasons(&pack, ReasonKind::Unaccompanied, lang),
        care: codes("refer-care", child::CARE),
        relationships: codes("refer-caregiver-relationship", child::RELATIONSHIPS),
        follow_up: codes("follow-up-way", &["with_worker", "call", "sms", "do_not_ask"]),
        not_referred: if form.filled("not_referred") {
            form.value("not_referred").to_owned()
        } else {
            not_referred::answered(&form, &pack)
        },
        not_referred_reasons: reasons(&pack, ReasonKind::NotReferred, lang),
        gaps: gaps(&p, &pack, &prepared, &known),
        covers: covers(&p, &prepared),
        previews: previews(&p, &pack, referral, &prepared),
        case_path: case_path(referral),
        form,
        p,
    })
}

// Members of one name are told apart by their age.
fn chosen_from(p: &Page, person: &people::Person) -> Choice {
    Choice::new(person.id.to_string(), person.full_name()).with_hint(people::shown::detail(p, person))
}

// An emergency has a path of its own.
fn priorities(p: &Page, pack: &Pack) -> Vec<Choice> {
    let calm = pack.priorities.iter().filter(|known| !known.emergency);
    calm.map(|known| Choice::new(&known.code, known.labels.get(p.reader.lang))).collect()
}

fn sections(p: &Page, pack: &Pack) -> Vec<Choice> {
    let choice = |section: &crate::packs::PacketSection| {
        let choice = Choice::new(&section.code, section.labels.get(p.reader.lang));
        if section.sensitive { choice.with_hint(p.t("refer-sensitive")) } else { choice }
    };
    pack.packet_sections.iter().filter(|section| section.code != "attachments").map(choice).collect()
}

fn typed(p: &Page, pack: &Pack, form: &Form) -> Vec<(String, String)> {
    let chosen = TYPED.iter().filter(|code| form.has("sections", code));
    chosen
        .filter_map(|code| pack.section(code))
        .map(|section| (format!("text_{}", section.code), section.labels.get(p.reader.lang).to_owned()))
        .collect()
}

// Said as what it is: consent, or another basis.
pub(super) fn covers(p: &Page, prepared: &Prepared) -> String {
    let another = prepared.consents.iter().any(|said| said.on_another_basis);
    p.t(if another { "refer-basis-covers" } else { "refer-consent-covers" })
}

pub(super) fn gaps(p: &Page, pack: &Pack, prepared: &Prepared, known: &[people::Person]) -> Vec<Gap> {
    let name = |id: PersonId| known.iter().find(|person| person.id == id).map(|person| person.full_name()).unwrap_or_default();
    let label = |code: &String| pack.section(code).map_or(code.clone(), |section| section.labels.get(p.reader.lang).to_owned());
    let missing = prepared.consents.iter().filter_map(|said| said.gap.map(|gap| (said, gap)));
    missing
        .map(|(said, gap)| Gap {
            who: name(said.person),
            text: p.tc("refer-gap", gap),
            sections: p.list(said.lacking.iter().map(label)),
        })
        .collect()
}
