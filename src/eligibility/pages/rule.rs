//! The rule of a service: read by whoever sees the service, written by those who keep it, tried before it is in force.
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use rules::{Instead, Mistake};

use super::trial;
use super::view::{self, DiffRow, FieldRow, Group, TestRow, Tried, VersionRow};
use crate::directory;
use crate::directory::Service;
use crate::eligibility::actions::{self, Saying};
use crate::eligibility::known::Known;
use crate::eligibility::rule::{MOST_TEXT, Rule, Test, VERDICTS};
use crate::eligibility::{Judgement, store, words};
use crate::error::Error;
use crate::packs::Labels;
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;
use crate::platform::lang::Lang;
use crate::platform::text::{text as text_of_key, text_with};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "eligibility/html/rule.html")]
struct RulePage {
    p: Page,
    form: Form,
    back: String,
    path: String,
    service: String,
    keeps: bool,
    in_force: String,
    unsaid: String,
    text: String,
    mistakes: Vec<(String, String)>,
    names: Vec<(String, String)>,
    tests: Vec<TestRow>,
    groups: Vec<Group>,
    verdicts: Vec<Choice>,
    tried: Option<Tried>,
    fields: Vec<FieldRow>,
    heads: [String; 4],
    versions: Vec<VersionRow>,
    difference: Vec<DiffRow>,
    retires: bool,
}

/// What stands: the service, its versions, the fields, and whether the reader may write.
struct Standing {
    service: Service,
    versions: Vec<Rule>,
    known: Arc<Known>,
    keeps: bool,
}

impl Standing {
    async fn of(work: &mut Work, id: ServiceId) -> Result<Self, Error> {
        let service = directory::store::find(work, id).await?;
        let keeps = actions::keeps(work, &service).await?;
        let versions = store::versions(work, id).await?;
        let known = Arc::new(Known::of_rule(work, actions::speaks_of(&versions)).await?);
        Ok(Self { versions, known, service, keeps })
    }

    /// What is written on: the draft, else what is in force, else the newest.
    fn at_hand(&self) -> Option<&Rule> {
        let first = |fits: fn(&Rule) -> bool| self.versions.iter().find(|rule| fits(rule));
        first(Rule::is_draft).or_else(|| first(Rule::is_active)).or(self.versions.first())
    }

    fn tests(&self) -> Vec<Test> {
        self.at_hand().map(|rule| rule.tests.clone()).unwrap_or_default()
    }

    // Of the rule in force, the names that several packs declare, where it does not say whose are meant: older rules do not. Empty for none.
    fn unsaid(&self, p: &Page) -> Result<String, Error> {
        let Some(rule) = self.versions.iter().find(|rule| rule.is_active() && rule.speaks_of.is_none()) else {
            return Ok(String::new());
        };
        let names = rule.ready()?.fields();
        let shared = self.known.shared(&names);
        let named = shared.iter().map(|field| format!("{} ({})", field.label(p.reader.lang), field.in_rules()));
        Ok(if shared.is_empty() { String::new() } else { p.ta("rule-unsaid-what", "names", p.list(named)) })
    }

    fn path(&self) -> String {
        format!("/services/{}/rule", self.service.id)
    }

    fn form(&self) -> Form {
        let Some(rule) = self.at_hand() else { return Form::blank([("version", "0".to_owned())]) };
        let version = if rule.is_draft() { rule.version } else { 0 };
        let names = Lang::ALL.map(|lang| (format!("name_{lang}"), rule.labels.get(lang).to_owned()));
        let mut form = Form::blank([("version", version.to_string()), ("text", rule.text.clone())]);
        for (field, label) in names {
            form.set(&field, label);
        }
        form
    }
}

/// GET /services/{id}/rule
pub(super) async fn show(mut work: Work, Path(id): Path<ServiceId>, Query(mut query): Query) -> Result<Response, Error> {
    let standing = Standing::of(&mut work, id).await?;
    let form = standing.form();
    let page = page(&mut work, &standing, form, (None, query.parsed_maybe("difference"))).await?;
    work.show_plain(page).await
}

/// POST /services/{id}/rule: saves, puts into force, keeps a test case, or only tries.
pub(super) async fn update(mut work: Work, Path(id): Path<ServiceId>, mut form: Form) -> Result<Response, Error> {
    actions::kept(&mut work, id).await?;
    let standing = Standing::of(&mut work, id).await?;
    let path = standing.path();
    let go = form.value("go").to_owned();
    if go == "try" {
        let text = text_of(&form);
        let tried = trial::read(&mut form, &standing.known, &text);
        let page = page(&mut work, &standing, form, (Some(tried), None)).await?;
        return work.show_plain(page).await;
    }
    match write(&mut work, &standing, &mut form, &go).await {
        Ok(()) => work.then(&path, if go == "activate" { "rule-activated" } else { "rule-saved" }).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let form = form.with_errors(errors);
            let page = page(&mut work, &standing, form, (None, None)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

fn text_of(form: &Form) -> String {
    form.value("text").replace("\r\n", "\n")
}

async fn write(work: &mut Work, standing: &Standing, form: &mut Form, go: &str) -> Result<(), Error> {
    let mut saying = Saying {
        text: text_of(form),
        labels: labels(form),
        tests: kept_tests(form, standing.tests()),
        version: form.parsed_maybe("version").unwrap_or_default(),
    };
    if go == "keep" {
        let test = trial::read(form, &standing.known, &saying.text);
        if test.name.is_empty() {
            form.errors.add("test_name", "required");
        }
        if !VERDICTS.contains(&test.expect.as_str()) {
            form.errors.add("expect", "required");
        }
        saying.tests.push(test);
    }
    form.check()?;
    let id = actions::save(work, standing.service.id, &saying).await?;
    if go != "activate" {
        return Ok(());
    }
    let versions = store::versions(work, standing.service.id).await?;
    let draft = versions.iter().find(|rule| rule.id == id).ok_or(Error::NotFound)?;
    actions::activate(work, standing.service.id, draft.number, draft.version).await
}

// Test cases have no names in the form but their place in the list; those ticked away are left out.
fn kept_tests(form: &Form, tests: Vec<Test>) -> Vec<Test> {
    tests.into_iter().enumerate().filter(|(nth, _)| !form.has("drop_test", &nth.to_string())).map(|(_, test)| test).collect()
}

fn labels(form: &mut Form) -> Labels {
    let mut get = |lang: Lang| form.text_maybe(&format!("name_{lang}"), 120);
    Labels { en: get(Lang::En), ar: get(Lang::Ar), fr: get(Lang::Fr), es: get(Lang::Es) }
}

/// POST /services/{id}/rule/activation: an earlier version is applied again.
pub(super) async fn activate(mut work: Work, Path(id): Path<ServiceId>, mut form: Form) -> Result<Response, Error> {
    actions::kept(&mut work, id).await?;
    let (number, version) = (form.parsed("number").unwrap_or_default(), form.parsed("version").unwrap_or_default());
    form.check()?;
    match actions::activate(&mut work, id, number, version).await {
        Ok(()) => work.then(&format!("/services/{id}/rule"), "rule-activated").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let standing = Standing::of(&mut work, id).await?;
            let form = standing.form().with_errors(errors);
            let page = page(&mut work, &standing, form, (None, None)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /services/{id}/rule/retirement
pub(super) async fn retire(mut work: Work, Path(id): Path<ServiceId>) -> Result<Response, Error> {
    actions::retire(&mut work, id).await?;
    work.then(&format!("/services/{id}/rule"), "rule-retired").await
}

async fn page(
    work: &mut Work,
    standing: &Standing,
    form: Form,
    (values, shown): (Option<Test>, Option<i32>),
) -> Result<RulePage, Error> {
    let lang = work.lang();
    let service = standing.service.name_in(lang).to_owned();
    let p = Page::of(work, text_of_key(lang, "rule-title")).await?;
    let text = text_of(&form);
    let compiled = if text.trim().is_empty() { Err(Vec::new()) } else { actions::compiled(text.trim(), &standing.known) };
    let tests = kept_tests(&form, standing.tests());
    let (ran, tried) = match &compiled {
        Ok(rule) => (actions::run(rule, &tests)?, values.map(|values| tried(&p, standing, rule, &values)).transpose()?),
        Err(_) => (Vec::new(), None),
    };
    let active = standing.versions.iter().find(|rule| rule.is_active());
    let in_force =
        active.map_or_else(|| p.t("rule-none-in-force"), |rule| p.ta("rule-in-force", "number", p.number(rule.number)));
    Ok(RulePage {
        back: format!("/services/{}", standing.service.id),
        path: standing.path(),
        service,
        keeps: standing.keeps,
        in_force,
        unsaid: standing.unsaid(&p)?,
        text: active.map(|rule| rule.text.clone()).unwrap_or_default(),
        mistakes: compiled.err().unwrap_or_default().iter().map(|mistake| mistake_row(&p, text.trim(), mistake)).collect(),
        names: Lang::ALL.iter().map(|lang| (format!("name_{lang}"), lang.own_name().to_owned())).collect(),
        tests: view::tests(&p, &tests, &ran),
        groups: trial::groups(&p, &standing.known, &text),
        verdicts: VERDICTS.iter().map(|code| Choice::new(*code, p.tc("verdict", code))).collect(),
        tried,
        fields: view::fields(&p, &standing.known),
        heads: ["field", "name", "kind", "example"].map(|head| p.tc("rule-head", head)),
        versions: view::versions(&p, &standing.versions, &standing.path(), standing.keeps),
        difference: shown.map(|number| view::difference(&p, &standing.versions, number)).unwrap_or_default(),
        retires: standing.keeps && active.is_some(),
        form,
        p,
    })
}

// The compiler speaks English and names the remedy; to readers of other languages a sentence of their own says what kind of mistake it is.
fn mistake_row(p: &Page, text: &str, mistake: &Mistake) -> (String, String) {
    let lang = p.reader.lang;
    if mistake.code == "too-long" {
        let counts = [("count", p.number(text.chars().count() as i64).into()), ("most", p.number(MOST_TEXT as i64).into())];
        return (text_with(lang, "rule-mistake-long", &counts), p.t("rule-mistake-long-remedy"));
    }
    let place = |number: usize| p.number(i64::try_from(number).unwrap_or(i64::MAX)).into();
    let at = text_with(lang, "rule-mistake-at", &[("line", place(mistake.line)), ("column", place(mistake.column))]);
    if lang == Lang::En {
        return (format!("{at} {}", mistake.what), mistake.remedy.clone());
    }
    let rest =
        text.lines().nth(mistake.line.saturating_sub(1)).unwrap_or_default().chars().skip(mistake.column.saturating_sub(1));
    let name: String = rest.clone().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).collect();
    let piece = if mistake.code.starts_with("unknown-") && !name.is_empty() { name } else { rest.take(24).collect() };
    let said = p.ta(
        match mistake.code {
            "unknown-field" | "unknown-name" | "unknown-function" | "unknown-choice" => "rule-mistake-unknown",
            "kinds" | "members" | "no-value" | "arguments" | "list" | "index" => "rule-mistake-kinds",
            "zero" => "rule-mistake-zero",
            "too-deep" | "too-many" | "too-large" | "long-list" => "rule-mistake-too-much",
            _ => "rule-mistake-syntax",
        },
        "piece",
        piece,
    );
    (format!("{at} {said}"), remedy(p, mistake))
}

// What to write instead, as far as it can be said without the compiler's sentence.
fn remedy(p: &Page, mistake: &Mistake) -> String {
    let said = |instead: &Instead| match instead {
        Instead::Meant(name) => p.ta("rule-remedy-meant", "name", name.as_str()),
        Instead::Known(names) => p.ta("rule-remedy-known", "names", names.as_str()),
        Instead::Write(example) => p.ta("rule-remedy-write", "example", example.as_str()),
    };
    let all: Vec<String> = mistake.instead.iter().map(said).collect();
    if all.is_empty() { p.t("rule-mistake-remedy") } else { all.join(" ") }
}

fn tried(p: &Page, standing: &Standing, rule: &rules::Rule, values: &Test) -> Result<Tried, Error> {
    let judgement = Judgement::explained(rule.explain(&values.profile()?), &standing.known);
    Ok(Tried {
        verdict: words::verdict(p, &judgement),
        lines: words::lines(p, &judgement, ""),
        ask: words::to_ask(p, &judgement),
    })
}
