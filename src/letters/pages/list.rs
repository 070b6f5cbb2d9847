//! A case's referrals as a list whose rows open: everything about each, with its letter; below it the way to the next one.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;

use super::{show, state};
use crate::audit::About;
use crate::error::Error;
use crate::letters::letter::{Letter, State, Way};
use crate::letters::store;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId};
use crate::platform::outbox;
use crate::referrals::row::Referral;
use crate::referrals::sending::draft;
use crate::referrals::store as referrals;
use crate::referrals::words::{Status, Step};
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Entry, Tone};

struct Row {
    path: String,
    code: String,
    kind: String,
    to: String,
    when: String,
    exact: String,
    status: Badge,
    letter: Badge,
    rows: Vec<Entry>,
    subject: String,
    message: String,
    links: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "letters/html/list.html")]
struct Index {
    p: Page,
    case_path: String,
    code: String,
    rows: Vec<Row>,
    types: Vec<Choice>,
    open: bool,
}

/// GET /cases/{id}/referrals
pub async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let p = Page::of(&mut work, case.code.clone()).await?;
    let all = referrals::list_of_case(&mut work, id).await?;
    let letters: HashMap<ReferralId, Letter> =
        store::of_case(&mut work, id).await?.into_iter().map(|letter| (letter.referral, letter)).collect();
    let ids: Vec<uuid::Uuid> = letters.values().map(|letter| letter.id.0).collect();
    let deliveries = outbox::store::states_of(&mut work, &ids).await?;
    let mut rows = Vec::new();
    for referral in all.iter().filter(|referral| referral.state.step != Step::Discarded) {
        let letter = letters.get(&referral.id);
        let delivery = letter.and_then(|letter| deliveries.get(&letter.id.0));
        rows.push(row(&mut work, &p, referral, letter, delivery).await?);
    }
    let types = ["case_transfer", "within", "outside", "service"];
    let types = types.iter().map(|code| Choice::new(*code, p.tc("letter-new", code))).collect();
    let page = Index { case_path: format!("/cases/{id}"), code: case.code, rows, types, open: !case.closed, p };
    work.show(About::case(id), page).await
}

async fn row(
    work: &mut Work,
    p: &Page,
    referral: &Referral,
    letter: Option<&Letter>,
    delivery: Option<&outbox::Delivery>,
) -> Result<Row, Error> {
    let to = match referral.to.org {
        Some(org) => store::organisation(work, org, work.lang()).await?.name,
        None => referral.to.name.clone(),
    };
    let draft = referral.state.status == Status::Draft;
    let (_, pack) = crate::packs::store::of_case_type(work, referral.case_type).await?;
    let path = format!("/referrals/{}", referral.id);
    let at = referral.state.times.sent.or(referral.state.times.last);
    let mut links = Vec::new();
    if draft {
        links.push((format!("{path}/edit"), p.t("letter-step-what")));
        if crate::letters::letter::use_of(referral.state.terms.kind).is_some() {
            links.push((format!("{path}/letter"), p.t("letter-step-letter")));
        }
    } else {
        links.push((path.clone(), p.t("letter-open-referral")));
        if let Some(letter) = letter {
            links.push((format!("{path}/letter"), p.t("letter-open")));
            if letter.state == State::Issued {
                links.push((format!("{path}/letter/file"), p.t("letter-open-file")));
            }
        }
    }
    // On paper no message goes, so none is shown.
    let mailed = letter.filter(|letter| letter.way == Way::Email);
    let words = mailed.map(|letter| letter.typed.words.clone()).unwrap_or_default();
    Ok(Row {
        code: referral.code.clone(),
        kind: p.tc("letter-type", referral.state.terms.kind.code()),
        to: [referral.wanted.service_called.clone(), to]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        when: at.map(|at| p.reader.day(at)).unwrap_or_default(),
        exact: at.map(|at| p.moment(&at)).unwrap_or_default(),
        status: Badge::new(p.tc("case-referral", referral.state.status.code()), Tone::Neutral),
        letter: letter.filter(|_| !draft).map(|letter| state(p, &pack, letter, delivery)).unwrap_or_default(),
        rows: match letter {
            Some(letter) => show::rows(work, p, referral, letter).await?,
            None => Vec::new(),
        },
        subject: words.subject,
        message: words.message,
        links,
        path,
    })
}
