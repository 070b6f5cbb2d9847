//! Services for a case: ranked, each with what speaks for it and against it and which of its conditions are met; several chosen make one draft
//! each. What the person says of a service, and why nobody is referred to it, are kept from here.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{needs, reasons};
use crate::access::Act;
use crate::audit::About;
use crate::cases;
use crate::eligibility::matching::{Suggestion, worth_asking};
use crate::eligibility::preference::{self, Preference, WISHES};
use crate::eligibility::screening::proposals;
use crate::eligibility::words::{self, Line};
use crate::error::{Error, invalid};
use crate::packs::{Pack, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, ServiceId};
use crate::platform::text::{text, text_with};
use crate::referrals::clocks::watch;
use crate::referrals::sending::draft::{self, CaseBrief};
use crate::referrals::sending::not_referred::{self, Decision};
use crate::referrals::sending::offers::{self, Offer, Sought};
use crate::referrals::sending::others::{self, Given, Other, UnderWay};
use crate::referrals::sending::together;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Pager, Tab};
use crate::web::{Form, Page};

// So many on a page.
const MOST: usize = 30;
/// The filters of the list.
const FILTERS: [&str; 4] = ["all", "eligible", "to_ask", "accepting"];

#[derive(Template)]
#[template(path = "referrals/html/services.html")]
struct Services {
    p: Page,
    form: Form,
    case: CaseBrief,
    case_path: String,
    ids: Vec<ReferralId>,
    needs: Vec<Choice>,
    filters: Vec<Tab>,
    // What each of them is called in a form.
    codes: [&'static str; 4],
    // How many services fit that the filter hides, where it shows none.
    hidden: String,
    ask: Vec<(String, String)>,
    rows: Vec<Row>,
    drafts: Vec<(String, String)>,
    wishes: Vec<Choice>,
    reasons: Vec<Choice>,
    /// Services that were ticked and stand on another page.
    ticked: Vec<(ServiceId, String)>,
    nth: usize,
    pager: Pager,
    // What a screening proposes: it comes first, and nothing is ticked before the person was asked.
    proposed: String,
    may_write: bool,
    may_edit: bool,
}

struct Row {
    offer: Offer,
    href: String,
    verdict: Badge,
    /// Why nobody of the case was referred there.
    decided: String,
    /// A draft to it waits.
    drafted: bool,
    /// Referrals to it that run: page and words.
    under_way: Vec<(String, String)>,
    /// When it was given last: page and words.
    given: Option<(String, String)>,
    lines: Vec<Line>,
    // What is chosen and typed in the row, or else what was said before.
    wish: String,
    words: String,
    declined: String,
    need: String,
    open: bool,
    /// What was sent is about this service: the mistakes are its own.
    sent: bool,
}

/// GET /cases/{id}/services
pub async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = draft::brief(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let page = page(&mut work, case, query).await?;
    work.show(About::case(id), page).await
}

async fn page(work: &mut Work, case: CaseBrief, form: Form) -> Result<Services, Error> {
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    let lang = work.lang();
    // The title stands in the browser's history: the code, never the name (S13).
    let p = Page::of(work, format!("{} · {}", text(lang, "match-title"), case.code)).await?;
    let need = Some(form.value("need")).filter(|need| pack.need(need).is_some()).unwrap_or_default().to_owned();
    let proposed = proposals::of_case(work, case.id).await?;
    let mut found = offers::offers(work, &case, Sought { need: need.clone(), limit: usize::MAX, ..Sought::default() }).await?;
    found.sort_by_key(|suggestion| !proposed.iter().any(|(service, _)| *service == suggestion.service.id));
    let wishes = preference::of_case(work, case.id).await?;
    let only = FILTERS.iter().copied().find(|filter| *filter == form.value("only")).unwrap_or(FILTERS[0]);
    let case_path = format!("/cases/{}", case.id);
    let passing: Vec<&Suggestion> = found.iter().filter(|suggestion| passes(only, suggestion)).collect();
    let nth = form.value("page").parse::<usize>().unwrap_or(1).clamp(1, passing.len().div_ceil(MOST).max(1));
    let decided = not_referred::of_case(work, case.id).await?;
    let waiting = others::drafts_of(work, case.id).await?;
    let under_way = others::under_way(work, case.id).await?;
    let given = others::given(work, case.id).await?;
    let rows = passing.iter().skip((nth - 1) * MOST).take(MOST).map(|suggestion| {
        let said = wishes.get(&suggestion.service.id).cloned().unwrap_or_default();
        let decided = decided.get(&suggestion.service.id).and_then(|code| pack.reason(ReasonKind::NotReferred, code));
        Row {
            decided: decided.map(|reason| p.detailed(&p.t("match-not-referred"), reason.labels.get(lang))).unwrap_or_default(),
            drafted: waiting.iter().any(|one| one.service_id == Some(suggestion.service.id)),
            under_way: running_to(&p, &under_way, suggestion.service.id),
            given: given_by(&p, &given, suggestion.service.id),
            ..row(&p, &pack, suggestion, (&case_path, &need, said, &form))
        }
    });
    let rows: Vec<Row> = rows.collect();
    let may_edit = work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_ok() && !case.closed;
    let may_write = work.may_in(Act::ReferralWrite, case.unit, Some(case.id)).await.is_ok() && !case.closed;
    Ok(Services {
        ids: (0..together::MOST).map(|_| ReferralId::new()).collect(),
        needs: needs(&pack, lang),
        codes: FILTERS,
        hidden: if rows.is_empty() && !found.is_empty() { p.ta("match-hidden", "count", found.len()) } else { String::new() },
        filters: filters(&p, &case_path, &need, only, &found),
        ask: ask(&p, &found, &case_path),
        ticked: ticked(&p, &found, &rows, &form),
        nth,
        rows,
        drafts: if may_write { drafts(&waiting) } else { Vec::new() },
        wishes: WISHES.iter().map(|wish| Choice::new(*wish, p.tc("match-wish", wish))).collect(),
        reasons: reasons(&pack, ReasonKind::NotReferred, lang),
        pager: pager(&p, &address(&case_path, &need, only), nth, passing.len()),
        proposed: p.list(proposed.iter().map(|(_, name)| name)),
        may_write,
        may_edit,
        case_path,
        case,
        form,
        p,
    })
}

fn running_to(p: &Page, under_way: &[UnderWay], service: ServiceId) -> Vec<(String, String)> {
    let words = |one: &UnderWay| {
        let values = [("code", one.code.clone().into()), ("day", p.reader.day(one.sent_at).into())];
        (format!("/referrals/{}", one.id), text_with(p.reader.lang, "match-under-way", &values))
    };
    under_way.iter().filter(|one| one.service == service).map(words).collect()
}

// It is never hidden for that: what is given again and again, such as cash, may be needed again.
fn given_by(p: &Page, given: &[Given], service: ServiceId) -> Option<(String, String)> {
    let words = |one: &Given| {
        let values = [("code", one.code.clone().into()), ("day", p.reader.day(one.given_at).into())];
        (format!("/referrals/{}", one.id), text_with(p.reader.lang, "match-given", &values))
    };
    given.iter().find(|one| one.service == service).map(words)
}

// What is ticked and not on this page: it is shown, so that nobody drafts what they do not see, and can be unticked.
fn ticked(p: &Page, found: &[Suggestion], rows: &[Row], form: &Form) -> Vec<(ServiceId, String)> {
    let elsewhere = found
        .iter()
        .filter(|one| form.has("to", &one.service.id.to_string()) && rows.iter().all(|row| row.offer.id != one.service.id));
    elsewhere.map(|one| (one.service.id, offers::offer(p, one).name)).collect()
}

fn passes(only: &str, suggestion: &Suggestion) -> bool {
    use rules::Verdict;
    match only {
        "eligible" => suggestion.judgement.verdict == Verdict::Eligible && !suggestion.judgement.names_no_condition(),
        "to_ask" => suggestion.judgement.is_to_ask(),
        "accepting" => suggestion.service.accepting && !suggestion.is_for_others(),
        _ => true,
    }
}

fn filters(p: &Page, case_path: &str, need: &str, only: &str, found: &[Suggestion]) -> Vec<Tab> {
    let tab = |filter: &&str| {
        let count = found.iter().filter(|suggestion| passes(filter, suggestion)).count();
        Tab::new(address(case_path, need, filter), p.tc("match-only", filter))
            .counted(p.number(count as i64))
            .on_when(only, filter)
    };
    FILTERS.iter().map(tab).collect()
}

fn address(case_path: &str, need: &str, only: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{case_path}/services?{}", query.append_pair("need", need).append_pair("only", only).finish())
}

fn pager(p: &Page, address: &str, nth: usize, count: usize) -> Pager {
    let (from, until) = ((nth - 1) * MOST, (nth * MOST).min(count));
    let shown = [("from", (from + 1).into()), ("until", until.into()), ("count", count.into())];
    let to = |page: usize| format!("{address}&page={page}");
    Pager {
        summary: p.reader.digits(&text_with(p.reader.lang, "match-shown", &shown)),
        prev: if nth > 1 { to(nth - 1) } else { String::new() },
        next: if until < count { to(nth + 1) } else { String::new() },
    }
}

// Two questions that would decide most of these services.
fn ask(p: &Page, found: &[Suggestion], case_path: &str) -> Vec<(String, String)> {
    let known = |name: &str| found.iter().map(|one| &one.judgement).find(|one| one.decides.iter().any(|field| field == name));
    let link = |(name, count): (String, usize)| {
        let judgement = known(&name)?;
        let (href, _) = words::asked(p, &judgement.known, &name, case_path).unwrap_or_default();
        let values =
            [("field", words::called(p.reader.lang, &judgement.known, &name).into()), ("count", p.number(count as i64).into())];
        Some((href, text_with(p.reader.lang, "match-ask-decides", &values)))
    };
    worth_asking(found, 2).into_iter().filter_map(link).collect()
}

fn row(p: &Page, pack: &Pack, suggestion: &Suggestion, (case_path, need, said, form): (&str, &str, Preference, &Form)) -> Row {
    let service = &suggestion.service;
    let first = || service.needs.iter().find(|need| pack.need(need).is_some()).cloned().unwrap_or_default();
    let typed = |field: &str| form.all(&in_row(field, service.id)).first().cloned();
    let wish = typed("wish").unwrap_or_else(|| said.wish.clone());
    let words = typed("words").unwrap_or_else(|| said.words.clone());
    let declined = typed("not_referred").unwrap_or_default();
    let sent = form.value("service") == service.id.to_string();
    Row {
        offer: offers::offer(p, suggestion),
        href: format!("/services/{}", service.id),
        verdict: words::verdict(p, &suggestion.judgement),
        decided: String::new(),
        drafted: false,
        under_way: Vec::new(),
        given: None,
        lines: words::lines(p, &suggestion.judgement, case_path),
        // Shown again with a mistake, the row that has it stands open, and every other in which something was begun.
        open: sent || wish != said.wish || words != said.words || !declined.is_empty(),
        wish,
        words,
        declined,
        need: if need.is_empty() { first() } else { need.to_owned() },
        sent,
    }
}

// The whole list is one form, so that what is ticked goes along with every button: a field of a row carries the service's id.
fn in_row(field: &str, service: ServiceId) -> String {
    format!("{field}-{service}")
}

fn drafts(waiting: &[Other]) -> Vec<(String, String)> {
    waiting.iter().map(|one| (format!("/referrals/{}/edit", one.id), one.words())).collect()
}

/// POST /cases/{id}/services: one draft to each service that was chosen; or another page, filter or need, with which the chosen ones stay so.
pub async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    if form.filled("turn") {
        return Ok(Redirect::to(&turned(id, &form)).into_response());
    }
    let need = form.text_maybe("need", 60);
    let services: Vec<ServiceId> = form.all("to").iter().filter_map(|service| service.parse().ok()).collect();
    let ids: Vec<ReferralId> = form.all("draft").iter().filter_map(|id| id.parse().ok()).collect();
    // A second one beside one that runs is meant, or a mistake: the worker says which.
    let under_way = others::under_way(&mut work, case.id).await?;
    if !form.ticked("again") && under_way.iter().any(|one| services.contains(&one.service)) {
        return again(work, id, form, invalid("again", "under_way")).await;
    }
    match together::begin(&mut work, &case, &need, &services, &ids).await {
        Ok(_) => work.then(&format!("{}#drafts", left(id, &form, &[])), "match-drafted").await,
        Err(error) => again(work, id, form, error).await,
    }
}

/// POST /cases/{id}/services/preference: what the person says of one service.
pub async fn prefer(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let service = form.parsed::<ServiceId>("service");
    form.check()?;
    let service = service.ok_or(Error::NotFound)?;
    let typed = |field: &str| form.value(&in_row(field, service)).to_owned();
    let said = Preference { wish: typed("wish"), words: typed("words") };
    match preference::record(&mut work, &case, service, &said).await {
        Ok(()) => work.then(&left(id, &form, &ticks(&form)), "match-wish-kept").await,
        Err(error) => again(work, id, form, error).await,
    }
}

/// POST /cases/{id}/services/not-referred: nobody is referred to this service, and the case says why.
pub async fn decline(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let pack = watch::pack_of(&mut work, case.case_type).await?.ok_or(Error::NotFound)?;
    let service = form.parsed::<ServiceId>("service");
    form.check()?;
    let service = service.ok_or(Error::NotFound)?;
    crate::directory::store::find(&mut work, service).await?;
    let typed = |field: &str| form.value(&in_row(field, service)).to_owned();
    let decision = Decision { need: typed("of_need"), service: Some(service), reason: typed("not_referred") };
    match not_referred::record(&mut work, &case, &pack, &decision).await {
        Ok(()) => {
            // Nobody is referred there: its own tick goes, the others stay.
            let others: Vec<ServiceId> = ticks(&form).into_iter().filter(|ticked| *ticked != service).collect();
            work.then(&left(id, &form, &others), "refer-not-kept").await
        }
        Err(error) => again(work, id, form, error).await,
    }
}

// The list as it was left: the need and the filter stay, and these ticks.
fn left(id: CaseId, form: &Form, ticked: &[ServiceId]) -> String {
    listed(id, (form.value("need"), form.value("only"), form.value("page")), ticked)
}

// Another page of the list, another filter or another need, with everything that is ticked so far.
fn turned(id: CaseId, form: &Form) -> String {
    let place = match form.value("turn").split_once(':') {
        Some((_, only)) => (form.value("need"), only, "1"),
        None if form.value("turn") == "find" => (form.value("find"), form.value("only"), "1"),
        None => (form.value("need"), form.value("only"), form.value("turn")),
    };
    listed(id, place, &ticks(form))
}

fn listed(id: CaseId, (need, only, page): (&str, &str, &str), ticked: &[ServiceId]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("need", need).append_pair("only", only).append_pair("page", page);
    for service in ticked {
        query.append_pair("to", &service.to_string());
    }
    format!("/cases/{id}/services?{}", query.finish())
}

// What is ticked. An address takes no more than a page of the list has; so many drafts at once are refused anyway.
fn ticks(form: &Form) -> Vec<ServiceId> {
    form.all("to").iter().filter_map(|service| service.parse().ok()).take(MOST).collect()
}

async fn again(work: Work, id: CaseId, form: Form, error: Error) -> Result<Response, Error> {
    let Error::Invalid(errors) = error else { return Err(error) };
    let mut work = work.again().await?;
    let case = draft::brief(&mut work, id).await?;
    let page = page(&mut work, case, form.with_errors(errors)).await?;
    work.show_again(&page)
}
