//! Filling in a draft, one domain at a time: a page of its own for each, so that it works on a small screen and without scripts.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, actions, in_words, scoring, step, titled};
use crate::assessments::scoring::Answers;
use crate::cases::pages::whose;
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{AnswerKind, Domain, Question, Tool};
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId};
use crate::platform::text::text_with;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "assessments/html/fill.html")]
struct Fill {
    p: Page,
    form: Form,
    back: String,
    action: String,
    title: String,
    lead: String,
    domain: String,
    remark: String,
    fields: Vec<Field>,
    is_last: bool,
    steps: Vec<Step>,
}

struct Field {
    kind: &'static str,
    name: String,
    label: String,
    hint: String,
    required: bool,
    choices: Vec<Choice>,
}

struct Step {
    code: String,
    label: String,
    count: String,
    here: bool,
}

type Ids = Path<(CaseId, AssessmentId)>;

/// GET /cases/{id}/assessments/{assessment}/answers?domain=
pub(super) async fn edit(mut work: Work, Path(ids): Ids, Query(query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    work.may_in(crate::access::Act::CaseEdit, at.case.unit, Some(at.case.id)).await?;
    if !at.round.is_draft() {
        return Ok(Redirect::to(&at.round.path()).into_response());
    }
    let said = at.said(&mut work).await?;
    let domain = domain(at.kept.tool(), query.value("domain"), &said.answers);
    let form = filled(&at, domain, &said.answers);
    let page = page(&mut work, &at, domain, (&said.answers, said.remark.clone()), form).await?;
    work.show(actions::about(&at.case, at.round.id), page).await
}

/// POST /cases/{id}/assessments/{assessment}/answers
pub(super) async fn update(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    let given = given(at.kept.tool(), &form);
    match actions::save(&mut work, &at.case, &at.round, version, &given).await {
        Ok(()) => {
            let to = next(&at, &form);
            work.then(&to, "assessment-saved").await
        }
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => clash(work, ids, &form).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, AssessmentId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let said = at.said(&mut work).await?;
    let domain = domain(at.kept.tool(), form.value("domain"), &said.answers);
    let page = page(&mut work, &at, domain, (&said.answers, said.remark.clone()), form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Somebody else wrote in it meanwhile: both sides of each answer that differs.
async fn clash(work: Work, ids: (CaseId, AssessmentId), mine: &Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let said = at.said(&mut work).await?;
    let domain = domain(at.kept.tool(), mine.value("domain"), &said.answers);
    let p = titled(&mut work, &at.case).await?;
    let theirs = filled(&at, domain, &said.answers);
    let asked = |question: &&Question| mine.entries().any(|(name, _)| name == actions::field(&question.code));
    let compared = domain.questions.iter().filter(asked).map(|question| {
        let name = actions::field(&question.code);
        let label = question.labels.get(p.reader.lang).to_owned();
        let words = |form: &Form| in_words(&p, question, form.value(&name));
        Compared { mine: words(mine), theirs: words(&theirs), ..Compared::field(&name, label, mine, &theirs) }
    });
    let compared = compared.collect();
    let path = format!("{}/answers", at.round.path());
    let back = format!("{path}?domain={}", domain.code);
    conflict::show(work, Asked { action: path, back, mine, theirs: &theirs }, compared).await
}

// The domain asked for, otherwise the first with an open question, otherwise the first.
fn domain<'a>(tool: &'a Tool, code: &str, answers: &Answers) -> &'a Domain {
    let open = |domain: &&Domain| {
        let (done, of) = scoring::progress(tool, domain, answers);
        done < of
    };
    tool.domain(code).or_else(|| tool.domains.iter().find(open)).unwrap_or(&tool.domains[0])
}

fn given(tool: &Tool, form: &Form) -> Answers {
    let known = |name: &str| name.strip_prefix("q_").filter(|code| tool.question(code).is_some()).map(ToOwned::to_owned);
    form.entries().filter_map(|(name, _)| Some((known(name)?, form.value(name).to_owned()))).collect()
}

fn filled(at: &At, domain: &Domain, answers: &Answers) -> Form {
    let mut form = Form::blank([("version", at.round.version.to_string()), ("domain", domain.code.clone())]);
    for question in &domain.questions {
        form.set(&actions::field(&question.code), answers.get(&question.code).cloned().unwrap_or_default());
    }
    form
}

// Where the button that was pressed leads: on, elsewhere, or nowhere.
fn next(at: &At, form: &Form) -> String {
    let (tool, path) = (at.kept.tool(), at.round.path());
    let here = tool.domains.iter().position(|domain| domain.code == form.value("domain")).unwrap_or(0);
    let to = |domain: &Domain| format!("{path}/answers?domain={}", domain.code);
    match form.value("go") {
        "stay" => tool.domains.get(here).map(to).unwrap_or(path),
        "next" | "" => tool.domains.get(here + 1).map(to).unwrap_or(path),
        code => tool.domain(code).map(to).unwrap_or(path),
    }
}

async fn page(
    work: &mut Work,
    at: &At,
    domain: &Domain,
    (answers, remark): (&Answers, String),
    form: Form,
) -> Result<Fill, Error> {
    let p = titled(work, &at.case).await?;
    let whose = whose(work, &at.case).await?;
    let (tool, lang) = (at.kept.tool(), p.reader.lang);
    let here = tool.domains.iter().position(|one| one.code == domain.code).unwrap_or(0);
    let of = i64::try_from(tool.domains.len()).unwrap_or(i64::MAX);
    let place = [("nth", p.number(here as i64 + 1).into()), ("of", p.number(of).into()), ("tool", at.label(lang).into())];
    let step = |one: &Domain| {
        let (done, of) = scoring::progress(tool, one, answers);
        Step {
            code: one.code.clone(),
            label: one.labels.get(lang).to_owned(),
            count: format!("{}/{}", p.number(done as i64), p.number(of as i64)),
            here: one.code == domain.code,
        }
    };
    Ok(Fill {
        back: at.round.path(),
        action: format!("{}/answers", at.round.path()),
        title: domain.labels.get(lang).to_owned(),
        lead: format!("{whose} · {}", text_with(lang, "assessment-place", &place)),
        domain: domain.code.clone(),
        remark: if at.round.was_returned() { remark } else { String::new() },
        fields: domain
            .questions
            .iter()
            .filter(|question| is_shown(tool, domain, question, answers))
            .map(|one| field(&p, tool, domain, one))
            .collect(),
        is_last: here + 1 == tool.domains.len(),
        steps: tool.domains.iter().map(step).collect(),
        form,
        p,
    })
}

// A question that waits for one on this very page is shown with what it waits for: without a script nothing else could show it in time.
fn is_shown(tool: &Tool, domain: &Domain, question: &Question, answers: &Answers) -> bool {
    let here = |code: &str| domain.questions.iter().find(|one| one.code == code);
    match question.when.as_ref().map(|after| here(&after.question)) {
        Some(Some(earlier)) => is_shown(tool, domain, earlier, answers),
        _ => scoring::is_relevant(tool, question, answers),
    }
}

fn field(p: &Page, tool: &Tool, domain: &Domain, question: &Question) -> Field {
    let mut choices: Vec<Choice> = match question.kind {
        AnswerKind::Scale => (0..=question.most).map(|one| Choice::new(one.to_string(), step(p, question, one))).collect(),
        _ => question.answers().iter().map(|answer| Choice::new(answer, in_words(p, question, answer))).collect(),
    };
    if !choices.is_empty() {
        choices.push(Choice::new("", p.t("assessment-no-answer")));
    }
    Field {
        kind: match question.kind {
            AnswerKind::Text => "textarea",
            AnswerKind::Number => "number",
            _ => "radios",
        },
        name: actions::field(&question.code),
        label: question.labels.get(p.reader.lang).to_owned(),
        hint: [after(p, tool, domain, question), sealed(p, question)].into_iter().flatten().collect::<Vec<_>>().join(" "),
        required: question.required,
        choices,
    }
}

fn after(p: &Page, tool: &Tool, domain: &Domain, question: &Question) -> Option<String> {
    let after = question.when.as_ref()?;
    let earlier = tool.question(&after.question).filter(|one| domain.questions.iter().any(|here| here.code == one.code))?;
    let answers: Vec<String> = after.answers.iter().map(|answer| in_words(p, earlier, answer)).collect();
    let values = [("question", earlier.labels.get(p.reader.lang).into()), ("answer", answers.join(" / ").into())];
    Some(text_with(p.reader.lang, "assessment-only-after", &values))
}

fn sealed(p: &Page, question: &Question) -> Option<String> {
    (question.sensitive && question.kind != AnswerKind::Text).then(|| p.t("assessment-sealed"))
}
