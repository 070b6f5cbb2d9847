//! Four fields on one page that fits a phone (S2).

use std::collections::HashSet;

use askama::Template;
use axum::response::Response;

use super::needs;
use crate::audit::About;
use crate::cases;
use crate::directory::Listed;
use crate::directory::store::{Question, Taking, search};
use crate::error::Error;
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, ReferralId, read_code};
use crate::referrals::clocks::watch;
use crate::referrals::sending::draft::{self, CaseBrief};
use crate::referrals::sending::emergency;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

// A list that a thumb can go through; beyond it one searches.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "referrals/html/emergency.html")]
struct Emergency {
    p: Page,
    form: Form,
    case: CaseBrief,
    case_path: String,
    id: ReferralId,
    needs: Vec<Choice>,
    receivers: Vec<(String, Vec<Choice>)>,
    listed: Listing,
    bases: Vec<Choice>,
    // Nobody goes to this person alone; no reason is given (S22).
    dont_go_alone: bool,
    // What has to be kept to whenever somebody contacts them.
    contact_restriction: String,
}

#[derive(Template)]
#[template(path = "referrals/html/emergency_code.html")]
struct AskCode {
    p: Page,
    form: Form,
    own: Vec<(String, String)>,
}

/// GET /emergency: the case's code first; found, it leads to the four fields.
pub async fn ask_code(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    if let Some(code) = read_code('C', form.value("code")) {
        let found = sqlx::query_scalar!("select id from cases where code = $1", code).fetch_optional(work.db()).await?;
        if let Some(id) = found {
            work.commit().await?;
            return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
                "/cases/{id}/emergency"
            ))));
        }
    }
    if let Some(code) = read_code('P', form.value("code")) {
        let found = sqlx::query_scalar!("select id from persons where code = $1", code).fetch_optional(work.db()).await?;
        if let Some(id) = found {
            work.commit().await?;
            let to = format!("/people/{id}/refer?emergency=true");
            return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&to)));
        }
    }
    if form.filled("code") {
        form.errors.add("code", "no_such_code");
    }
    let title = crate::platform::text::text(work.lang(), "emergency-title");
    let p = Page::of(&mut work, title).await?;
    let own = cases::list::own_open(&mut work, None).await?;
    let subjects: Vec<_> = own.iter().map(|(id, _)| id.0).collect();
    let own = own.into_iter().map(|(id, words)| (format!("/cases/{id}/emergency"), words)).collect();
    work.show(About::subjects(subjects), AskCode { p, form, own }).await
}

/// GET /cases/{id}/emergency
pub async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let page = page(&mut work, case, query).await?;
    work.show(About::case(id), page).await
}

/// POST /cases/{id}/emergency
pub async fn create(mut work: Work, Path(id): Path<CaseId>, form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    if form.filled("look") {
        let page = page(&mut work, case, form).await?;
        return work.show(About::case(id), page).await;
    }
    let wanted = form.value("draft").parse().unwrap_or_else(|_| ReferralId::new());
    match emergency::send(&mut work, wanted, &case, &form).await {
        Ok(sent) => work.then(&format!("/referrals/{}#hand-off", sent.id), "emergency-sent").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn page(work: &mut Work, case: CaseBrief, form: Form) -> Result<Emergency, Error> {
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    let title = crate::platform::text::text(work.lang(), "emergency-title");
    let p = Page::of(work, title).await?;
    let person = people::store::find(work, PersonId(case.person)).await?;
    let (services, listed) = listing(work, &person, Listing::of(&form), &form).await?;
    let needs = needs(&pack, work.lang());
    let receivers = by_need(&p, &needs, form.value("need"), services);
    let adult = emergency::is_adult(work, &person);
    let bases = ["consent", "vital_interest", "child_best_interests", "legal_duty"]
        .iter()
        .filter(|code| !adult || **code != "child_best_interests")
        .map(|code| Choice::new(*code, p.tc("emergency-basis", code)));
    let id = form.value("draft").parse().unwrap_or_else(|_| ReferralId::new());
    Ok(Emergency {
        needs,
        receivers,
        listed,
        bases: bases.collect(),
        dont_go_alone: person.dont_go_alone,
        contact_restriction: person.contact_restriction.clone(),
        id,
        case_path: format!("/cases/{}", case.id),
        case,
        form,
        p,
    })
}

// Which services the list holds; the form carries it from one showing to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// For this person, within reach, and taking people on.
    Fitting,
    /// Whatever has these words in its name.
    Found,
    All,
    /// All, for none fits.
    NoneFits,
    /// All, for none has these words.
    NoneFound,
}

impl Listing {
    // The button that was pressed counts before what the form held till then.
    fn of(form: &Form) -> Self {
        let said = if form.filled("look") { form.value("look") } else { form.value("listed") };
        match said {
            "all" => Self::All,
            "find" if form.filled("find") => Self::Found,
            _ => Self::Fitting,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Fitting => "fit",
            Self::Found => "find",
            Self::All | Self::NoneFits | Self::NoneFound => "all",
        }
    }

    fn explained(self) -> &'static str {
        match self {
            Self::Fitting => "emergency-listed-fit",
            Self::Found => "emergency-listed-found",
            Self::All => "emergency-listed-all",
            Self::NoneFits => "emergency-listed-none-fits",
            Self::NoneFound => "emergency-listed-none-found",
        }
    }
}

// An emergency never ends at an empty list: where nothing fits, all are there. So they are where what was chosen would be missing.
async fn listing(work: &mut Work, person: &Person, wanted: Listing, form: &Form) -> Result<(Vec<Listed>, Listing), Error> {
    let all = Question { size: MOST, ..Question::default() };
    let asked = match wanted {
        Listing::Found => Question { text: form.value("find").to_owned(), ..all.clone() },
        Listing::Fitting => fitting(person, form),
        _ => all.clone(),
    };
    let mut found = search(work, &asked).await?.services;
    if wanted == Listing::Fitting {
        let age = person.age_on(work.today()).and_then(|age| i32::try_from(age).ok());
        let fits = |one: &Listed| one.is_for(age, person.sex.as_deref()) && one.places_free != Some(0);
        found.retain(fits);
        // What nobody near gives is there from further off: no need may look as if nobody met it.
        let near: HashSet<String> = found.iter().flat_map(|one| one.needs.iter().cloned()).collect();
        let afar = search(work, &Question { area: String::new(), ..asked }).await?.services;
        found.extend(afar.into_iter().filter(|one| fits(one) && !one.needs.iter().any(|need| near.contains(need))));
    }
    let chosen = form.value("to").strip_prefix("service:");
    let lost = chosen.is_some_and(|chosen| !form.filled("look") && !found.iter().any(|one| one.id.to_string() == chosen));
    if wanted == Listing::All || !found.is_empty() && !lost {
        return Ok((found, wanted));
    }
    let shown = match wanted {
        _ if lost => Listing::All,
        Listing::Found => Listing::NoneFound,
        _ => Listing::NoneFits,
    };
    Ok((search(work, &all).await?.services, shown))
}

// Where the person lives, or by telephone; for the need only once its services were asked for, so that another need can still be chosen.
fn fitting(person: &Person, form: &Form) -> Question {
    let area = [person.admin1.as_str(), person.admin2.as_str()].into_iter().filter(|at| !at.is_empty()).collect::<Vec<_>>();
    let need = if form.value("look") == Listing::Fitting.code() { form.value("need").to_owned() } else { String::new() };
    Question { need, area: area.join(" / "), taking: Taking::AcceptingNow, size: MOST, ..Question::default() }
}

// Under the need that they serve, each service once: those for the need that was chosen first, those for any need last. Within each what is
// open now comes first, then by name.
fn by_need(p: &Page, needs: &[Choice], chosen: &str, mut services: Vec<Listed>) -> Vec<(String, Vec<Choice>)> {
    // Hours that nobody entered stand between open and closed.
    let openness = |one: &Listed| one.open_now.map_or(1, |open| if open { 0 } else { 2 });
    services.sort_by_key(|one| (openness(one), one.name.to_lowercase()));
    let mut order: Vec<&Choice> = needs.iter().collect();
    order.sort_by_key(|need| need.value != chosen);
    let mut groups = Vec::new();
    let mut take = |heading: String, serves: &dyn Fn(&Listed) -> bool| {
        let (here, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut services).into_iter().partition(|one| serves(one));
        services = rest;
        if !here.is_empty() {
            groups.push((heading, here.iter().map(|one| choice(p, one)).collect()));
        }
    };
    for need in order {
        take(need.label.clone(), &|one| one.needs.contains(&need.value));
    }
    take(p.t("emergency-any-need"), &|_| true);
    groups
}

fn choice(p: &Page, one: &Listed) -> Choice {
    let mut label = format!("{} · {}", one.name, one.org_name);
    let now = match one.open_now {
        _ if !one.accepting => Some("directory-not-accepting"),
        Some(true) => Some("directory-open-now"),
        Some(false) => Some("emergency-closed-now"),
        None => None,
    };
    if let Some(now) = now {
        label = format!("{label} · {}", p.t(now));
    }
    Choice::new(format!("service:{}", one.id), label)
}
