//! What became of a letter: where it stands, everything that was said in it, its exact file. Nothing of it can be changed any more.
use askama::Template;
use axum::response::Response;

use super::{pdf, state};
use crate::audit::About;
use crate::error::Error;
use crate::letters::letter::{Letter, State, Way};
use crate::letters::{actions, further, store};
use crate::packs::{self, Pack, Word};
use crate::platform::db::Work;
use crate::platform::ids::{LetterId, ReferralId};
use crate::platform::outbox;
use crate::referrals::attachments;
use crate::referrals::row::Referral;
use crate::referrals::store as referrals;
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry};

#[derive(Template)]
#[template(path = "letters/html/show.html")]
struct Show {
    p: Page,
    path: String,
    back: String,
    code: String,
    state: Badge,
    why: String,
    rows: Vec<Entry>,
    subject: String,
    message: String,
    has_file: bool,
    to_print: bool,
    attached: Vec<(String, String)>,
    earlier: Vec<Earlier>,
    may_write_more: bool,
    more_path: String,
    list_path: String,
}

/// A letter before the newest.
struct Earlier {
    state: Badge,
    about: String,
    // Its exact bytes, if it has any.
    file: String,
}

/// The page of a letter whose referral was sent.
pub async fn page(mut work: Work, referral: Referral) -> Result<Response, Error> {
    let mut all = store::all_of(&mut work, referral.id).await?.into_iter();
    let letter = actions::find(&mut work, &referral).await?;
    let p = Page::of(&mut work, referral.code.clone()).await?;
    let delivery = outbox::store::state_of(&mut work, letter.id.0).await?;
    let (_, pack) = packs::store::of_case_type(&mut work, referral.case_type).await?;
    let path = format!("/referrals/{}/letter", referral.id);
    let attached = attachments::list(&mut work, referral.id).await?;
    let tail = |id: &uuid::Uuid| format!("/referrals/{}/attachments/{id}", referral.id);
    let why = letter.reason.as_deref().map(|reason| p.tc("letter-why", reason));
    // On paper no message goes, so none is shown.
    let by_mail = letter.way == Way::Email;
    let bounced = delivery.as_ref().and_then(|known| known.result.clone()).filter(|_| why.is_none());
    all.next();
    let earlier = earlier(&mut work, &p, &pack, all.collect()).await?;
    let page = Show {
        earlier,
        may_write_more: further::may_begin(&mut work, &referral).await.is_ok(),
        more_path: format!("/referrals/{}/letters", referral.id),
        back: format!("/referrals/{}", referral.id),
        code: referral.code.clone(),
        state: state(&p, &pack, &letter, delivery.as_ref()),
        why: why.or(bounced.and_then(|code| result(&p, &code))).unwrap_or_default(),
        rows: rows(&mut work, &p, &referral, &letter).await?,
        subject: if by_mail { letter.typed.words.subject.trim().to_owned() } else { String::new() },
        message: letter.typed.words.message.clone(),
        has_file: letter.state == State::Issued,
        to_print: letter.state == State::Issued && !by_mail,
        attached: attached.iter().map(|one| (tail(&one.id), one.title.clone())).collect(),
        list_path: referral.case_id.map(|case| format!("/cases/{case}/referrals")).unwrap_or_default(),
        path,
        p,
    };
    work.show(About { case_id: referral.case_id, ..About::referral(referral.id) }, page).await
}

async fn earlier(work: &mut Work, p: &Page, pack: &Pack, letters: Vec<Letter>) -> Result<Vec<Earlier>, Error> {
    let ids: Vec<uuid::Uuid> = letters.iter().map(|letter| letter.id.0).collect();
    let deliveries = outbox::store::states_of(work, &ids).await?;
    let row = |letter: Letter| {
        let at = letter.submitted_at.map(|at| p.moment(&at)).unwrap_or_default();
        let why = Some(&letter.typed.guard_reason).filter(|why| !why.is_empty());
        let why = why.map(|why| p.detailed(&p.t("letter-guard-reason"), why)).unwrap_or_default();
        let parts = [at, letter.typed.contact_name.clone(), letter.lang.own_name().to_owned(), why];
        Earlier {
            state: state(p, pack, &letter, deliveries.get(&letter.id.0)),
            about: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            file: match letter.state {
                State::Issued => format!("/referrals/{}/letters/{}/file", letter.referral, letter.id),
                _ => String::new(),
            },
        }
    };
    Ok(letters.into_iter().map(row).collect())
}

/// GET /referrals/{id}/letters/{letter}/file: the exact bytes of any of its letters.
pub async fn file_of(mut work: Work, Path((id, letter)): Path<(ReferralId, LetterId)>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let bytes = actions::open_one(&mut work, &referral, letter).await?;
    work.commit().await?;
    Ok(pdf(&Letter::file_name(&referral.code), bytes))
}

/// POST /referrals/{id}/letters: begins a further letter, and on to its dialogue.
pub async fn begin(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    further::begin(&mut work, &referral).await?;
    work.then(&format!("/referrals/{id}/letter"), "letter-begun").await
}

// How a try ended has words only where somebody can do something about it.
fn result(p: &Page, code: &str) -> Option<String> {
    let key = format!("mail-result-{}", code.replace('_', "-"));
    crate::platform::text::has(p.reader.lang, &key).then(|| p.t(&key))
}

/// Everything about a letter, line by line; the list of a case's referrals shows the same.
pub async fn rows(work: &mut Work, p: &Page, referral: &Referral, letter: &Letter) -> Result<Vec<Entry>, Error> {
    let org = match referral.to.org {
        Some(org) => store::organisation(work, org, work.lang()).await?.name,
        None => referral.to.name.clone(),
    };
    let (_, pack) = packs::store::of_case_type(work, referral.case_type).await?;
    let template = pack.letter(&letter.template, work.lang()).map_or(letter.template.clone(), |known| known.texts.title.clone());
    let mut rows = vec![
        Entry::new(p.t("letter-type"), p.tc("letter-type", referral.state.terms.kind.code())),
        Entry::new(p.t("letter-organisation"), org),
        Entry::new(p.t("letter-contact"), letter.typed.contact_name.clone()),
        Entry::new(p.t("letter-way"), p.tc("letter-way", letter.way.as_str())),
    ];
    if letter.way == Way::Email {
        rows.push(Entry::new(p.t("letter-email-to"), letter.typed.email.clone()));
    }
    rows.push(Entry::new(p.t("letter-template"), with_version(p, template, letter)));
    rows.push(Entry::new(p.t("letter-language"), letter.lang.own_name()));
    let times = [("letter-submitted-at", letter.submitted_at), ("letter-printed-at", letter.printed_at)];
    rows.extend(times.iter().filter_map(|(key, at)| at.map(|at| Entry::new(p.t(key), p.moment(&at)))));
    if !letter.typed.guard_reason.is_empty() {
        rows.push(Entry::new(p.t("letter-guard-reason"), letter.typed.guard_reason.clone()));
    }
    Ok(rows)
}

fn with_version(p: &Page, title: String, letter: &Letter) -> String {
    match &letter.pinned {
        Some(pinned) if pinned.own.is_some() => format!("{title} ({})", p.t("letter-own-version")),
        Some(pinned) => format!("{title} ({})", p.ta("letter-pack-version", "version", pinned.pack_version)),
        None => title,
    }
}

/// GET /referrals/{id}/letter/file: the exact bytes.
pub async fn file(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let bytes = actions::open(&mut work, &referral).await?;
    work.commit().await?;
    Ok(pdf(&Letter::file_name(&referral.code), bytes))
}

/// POST /referrals/{id}/letter/printing: that it is printed is a fact; then the file opens.
pub async fn print(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    actions::print(&mut work, &referral).await?;
    work.then(&format!("/referrals/{id}/letter"), "letter-printed").await
}
