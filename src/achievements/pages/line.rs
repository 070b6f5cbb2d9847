//! One line, of the household or of one member: how it stands, the form that sets it, and everything that was said of it before.
use askama::Template;
use axum::response::Response;

use super::titled;
use crate::achievements::actions::{self, LONGEST, Setting};
use crate::achievements::line::State;
use crate::achievements::store::{self, Said};
use crate::achievements::{Standing, card, ruling};
use crate::audit::About;
use crate::cases::{Case, gates};
use crate::documents::{self, Document};
use crate::eligibility::words;
use crate::error::{Error, FieldErrors};
use crate::packs::{Known, Word};
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "achievements/html/line.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    called: String,
    title: String,
    lead: String,
    state: Badge,
    from: String,
    computed: String,
    // What a rule asks, and every condition of it as it came out.
    rules: Vec<(String, Vec<words::Line>)>,
    person: Option<(String, String)>,
    opens: String,
    may_set: bool,
    states: Vec<Choice>,
    papers: Vec<Choice>,
    add_paper: String,
    history: Vec<Told>,
}

struct Told {
    state: Badge,
    seen_on: String,
    words: String,
    paper: Option<(String, String)>,
    by: String,
}

/// GET /cases/{id}/achievements/line?line=&person=
pub(super) async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let (case, standing) = Standing::find(&mut work, id).await?;
    let page = page(&mut work, &case, &standing, query).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/achievements
pub(super) async fn update(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, _) = Standing::find(&mut work, id).await?;
    let setting = read(&mut form);
    let set = match form.check() {
        Ok(()) => actions::set(&mut work, &case, &setting).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => work.then(&format!("{}/achievements", case.path()), "achievement-set").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

fn read(form: &mut Form) -> Setting {
    Setting {
        version: form.parsed_maybe("version").unwrap_or(0),
        line: form.value("line").to_owned(),
        person: form.parsed_maybe("person"),
        state: form.value("state").to_owned(),
        seen_on: form.date_maybe("seen_on"),
        document: form.parsed_maybe("document"),
        words: form.text_maybe("words", LONGEST),
    }
}

async fn again(work: Work, id: CaseId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (case, standing) = Standing::find(&mut work, id).await?;
    let page = page(&mut work, &case, &standing, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, case: &Case, standing: &Standing, mut form: Form) -> Result<Show, Error> {
    let (p, called) = titled(work, case).await?;
    let line = standing.list().line(form.value("line")).ok_or(Error::NotFound)?;
    let person = form.parsed_maybe("person");
    // Whose line is none of this list has no page.
    let judged = actions::whose(standing, line, person).map_err(|_| Error::NotFound)?;
    let dimension = standing.list().lines().find(|(_, one)| one.code == line.code).map(|(dimension, _)| dimension);
    let papers = documents::store::list(work, case.id, None).await?;
    let opens = gates::opening(work, &p, case, &standing.list().panel).await?;
    let may_write = case.may_be_written(work).await.is_ok();
    // Whoever sees the case may not see everybody's own page.
    let theirs = match judged.person.filter(|_| line.known == Known::IdentityDocument) {
        Some(person) => match people::store::find(work, person.id).await {
            Ok(found) => Some((format!("/people/{}", found.id), person.name.clone())),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let said = store::history(work, case.id, &line.code, person).await?;
    let explained = Box::pin(ruling::explained(work, case, (standing.pack(), line), judged.person)).await?;
    let rules = explained.iter().map(|(key, rule)| (p.tc("achievement-rule", key), words::lines(&p, rule, &case.path())));
    if !form.filled("version") {
        form.set("version", judged.version().to_string());
    }
    let lang = p.reader.lang;
    let who = judged.person.map_or_else(|| p.t("achievements-household"), |person| card::who(&p, standing, person));
    Ok(Show {
        back: format!("{}/achievements", case.path()),
        called,
        title: line.labels.get(lang).to_owned(),
        lead: [dimension.map(|one| one.labels.get(lang).to_owned()), Some(who)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        state: card::state(&p, judged.state),
        from: card::source(&p, standing, &judged),
        computed: match line.known {
            Known::ByHand => String::new(),
            Known::IdentityDocument => p.t("achievement-computed-registry"),
            Known::Answer => p.t("achievement-computed-answer"),
            Known::Rule => p.t("achievement-computed-rule"),
        },
        rules: rules.collect(),
        person: theirs,
        may_set: may_write && line.known == Known::ByHand && opens.is_empty(),
        opens,
        states: State::ALL.iter().map(|state| choice(&p, *state)).collect(),
        papers: papers.iter().map(|paper| Choice::new(paper.id.to_string(), paper.title.clone())).collect(),
        add_paper: if may_write { format!("{}/documents", case.path()) } else { String::new() },
        history: said.into_iter().map(|one| told(&p, case, &papers, one)).collect(),
        form,
        p,
    })
}

fn choice(p: &Page, state: State) -> Choice {
    let hint = p.tc("achievement-hint", state.as_str());
    Choice::new(state.as_str(), p.tc("achievement-state", state.as_str())).with_hint(hint)
}

fn told(p: &Page, case: &Case, papers: &[Document], said: Said) -> Told {
    let paper = said.mark.document_id.map(|id| {
        let title = papers.iter().find(|paper| paper.id == id).map(|paper| paper.title.clone());
        let href = if title.is_some() { format!("{}/documents/{id}", case.path()) } else { String::new() };
        (href, title.unwrap_or_else(|| p.t("achievement-paper-withdrawn")))
    });
    Told {
        state: card::state(p, said.mark.state()),
        seen_on: p.ta("achievement-seen-on", "day", p.date(&said.mark.seen_on)),
        words: said.words,
        paper,
        by: p.signed(&said.mark.author_name, &p.moment(&said.mark.recorded_at)),
    }
}
