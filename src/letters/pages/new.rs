//! A new referral to an organisation rather than to a service of the directory: a case transfer, a referral within the system, or outside it.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::audit::About;
use crate::error::Error;
use crate::letters::store;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId};
use crate::referrals::clocks::watch;
use crate::referrals::sending::draft::{self, CaseBrief};
use crate::referrals::sending::target;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "letters/html/new.html")]
struct New {
    p: Page,
    form: Form,
    case_path: String,
    code: String,
    draft: String,
    kind: String,
    what: String,
    outside: bool,
    organisations: Vec<Choice>,
    org_kinds: Vec<Choice>,
    needs: Vec<Choice>,
}

/// GET /cases/{id}/referrals/new?type=…
pub async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    draft::case(&mut work, id).await?;
    match query.value("type") {
        "case_transfer" | "within" | "outside" => {
            let page = page(&mut work, id, query).await?;
            work.show(About::case(id), page).await
        }
        "" => Ok(Redirect::to(&format!("/cases/{id}/referrals")).into_response()),
        _ => Ok(Redirect::to(&format!("/cases/{id}/refer")).into_response()),
    }
}

async fn page(work: &mut Work, id: CaseId, mut form: Form) -> Result<New, Error> {
    let case = draft::case(work, id).await?;
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    let p = Page::of(work, case.code.clone()).await?;
    let lang = work.lang();
    let outside = form.value("type") == "outside";
    let organisations = offered(work, form.value("type"), &case).await?;
    if !form.filled("draft") {
        form.set("draft", ReferralId::new().to_string());
    }
    Ok(New {
        case_path: format!("/cases/{id}"),
        code: case.code,
        draft: form.value("draft").to_owned(),
        kind: form.value("type").to_owned(),
        what: p.tc("letter-new-what", form.value("type")),
        outside,
        organisations: Choice::told_apart(
            &p,
            organisations.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        ),
        org_kinds: target::ORG_KINDS.iter().map(|kind| Choice::new(*kind, p.tc("consent-org-kind", kind))).collect(),
        needs: pack.needs.iter().map(|need| Choice::new(&need.code, need.labels.get(lang))).collect(),
        form,
        p,
    })
}

// The organisations that may be named, by what is to be begun.
async fn offered(work: &mut Work, kind: &str, case: &CaseBrief) -> Result<Vec<(i32, String)>, Error> {
    match kind {
        "outside" => store::outside_organisations(work).await,
        "case_transfer" => store::agreed_partners(work, Some(case.case_type)).await,
        _ => store::agreed_partners(work, None).await,
    }
}

/// POST /cases/{id}/referrals: begins the draft; what is shared is decided on its own page, then the letter is written.
pub async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let kind = form.one_of("type", ["case_transfer", "within", "outside"]);
    let need = form.text("need", 40);
    let to = match (kind.as_str(), form.filled("organisation")) {
        ("case_transfer", true) => format!("notice:{}", form.value("organisation")),
        (_, true) => format!("org:{}", form.value("organisation")),
        ("outside", false) => {
            let name = form.text("to_name", 200);
            let org_kind = form.one_of("to_kind", target::ORG_KINDS.iter().copied());
            format!("outside:{org_kind}:{name}")
        }
        _ => {
            form.errors.add("organisation", "required");
            String::new()
        }
    };
    // Which of two is meant nobody can tell; what was typed is never dropped unseen.
    if kind == "outside" && form.filled("organisation") && form.filled("to_name") {
        form.errors.add("organisation", "chosen_or_typed");
    }
    let named = form.value("organisation").to_owned();
    let known = offered(&mut work, &kind, &case).await?;
    if !named.is_empty() && !known.iter().any(|(id, _)| id.to_string() == named) {
        form.errors.add("organisation", "not_a_choice");
    }
    let pack = watch::pack_of(&mut work, case.case_type).await?.ok_or(Error::NotFound)?;
    if !need.is_empty() && pack.need(&need).is_none() {
        form.errors.add("need", "not_a_choice");
    }
    if form.check().is_err() {
        let page = page(&mut work, id, form).await?;
        return work.show_again(&page);
    }
    let draft_id = form.parsed_maybe::<ReferralId>("draft").unwrap_or_else(ReferralId::new);
    let begun = match target::target(&mut work, &to).await {
        Ok(target) => draft::begin(&mut work, draft_id, &case, &target, None, &form).await,
        Err(Error::Invalid(_)) => Err(crate::error::invalid("organisation", "not_a_choice")),
        Err(error) => Err(error),
    };
    match begun {
        Ok(draft) => work.then(&format!("/referrals/{}/edit", draft.id), "letter-draft-begun").await,
        Err(Error::Invalid(errors)) => {
            let page = page(&mut work, id, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
