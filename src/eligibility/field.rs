//! What goes with a household's form onto a device, so that it can tell at once for which services the household may be: the rules in force
//! whose every question the form asks, with their conditions in words. The device judges with the same evaluator and from its own answers
//! alone, so that what it says is provisional. Of services that are not shown to everybody nothing goes along (S14, S16).
use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::known::{Known, full_name};
use super::{store, words};
use crate::access::Act;
use crate::error::Error;
use crate::forms::{self, Form};
use crate::packs::{self, PackField};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, ServiceId};
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::Routes;
use crate::web::form::Path;

/// Where devices fetch rules.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/field/editions/{edition}/rules", show)
}

/// GET /field/editions/{edition}/rules: in every language that we speak, since what a device fetched last may be read in another one.
async fn show(mut work: Work, Path(id): Path<EditionId>) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let edition = forms::store::edition(&mut work, id).await?;
    let form = forms::store::form(&mut work, edition.form_id).await?;
    // As which its copies wait: never a restricted one.
    let case_type = forms::store::arrival_type(&mut work, &form.case_types).await?;
    let answer = match case_type.filter(|_| form.subject == "household") {
        Some(case_type) => told(&mut work, &form, case_type).await?,
        None => json!({ "fields": [], "labels": {}, "services": [] }),
    };
    work.commit().await?;
    Ok(Json(answer).into_response())
}

async fn told(work: &mut Work, form: &Form, case_type: i16) -> Result<Value, Error> {
    let (_, pack) = packs::store::of_case_type(work, case_type).await?;
    let known = Known::of_case_type(work, case_type).await?;
    let of_form = |field: &&PackField| field.form.as_deref() == Some(form.code.as_str()) && field.path.is_some();
    let asked: Vec<&PackField> = pack.fields.iter().filter(of_form).collect();
    let names = answered(&asked);
    let mut ready: HashMap<ServiceId, rules::Rule> = HashMap::new();
    for (service, rule) in store::active(work).await? {
        let (pack, rule) = (rule.speaks_of.clone(), rule.ready()?);
        let fields = rule.fields();
        if fields.is_subset(&names) && known.is_meant(pack.as_deref(), &fields) {
            ready.insert(service, rule);
        }
    }
    let ids: Vec<ServiceId> = ready.keys().copied().collect();
    let shown = store::public_names(work, &ids).await?;
    let services = shown.into_iter().filter_map(|(id, name, provider)| {
        let rule = ready.get(&id)?;
        let clauses: Vec<Value> =
            rule.clauses().iter().map(|clause| in_each(|lang| words::said(lang, &known, &clause.shape))).collect();
        Some(json!({ "name": name, "provider": provider, "rule": rule, "clauses": clauses }))
    });
    let services: Vec<Value> = services.collect();
    let labels: Map<String, Value> =
        names.iter().map(|name| (name.clone(), in_each(|lang| words::called(lang, &known, name)))).collect();
    // What a condition saw is said on the device too.
    let yes_no =
        json!({ "yes": in_each(|lang| text(lang, "rule-value-yes")), "no": in_each(|lang| text(lang, "rule-value-no")) });
    let choices: Map<String, Value> = asked.iter().filter_map(|field| choices(field, &known)).collect();
    let fields: Vec<Value> = asked.iter().filter_map(|field| wire(field, &known)).collect();
    Ok(json!({ "fields": fields, "labels": labels, "words": yes_no, "choices": choices, "services": services }))
}

// A text by the codes of our languages.
fn in_each(said: impl Fn(Lang) -> String) -> Value {
    Value::Object(Lang::ALL.into_iter().map(|lang| (lang.code().to_owned(), Value::from(said(lang)))).collect())
}

// What the choices of a field are called, by its name.
fn choices(field: &PackField, known: &Known) -> Option<(String, Value)> {
    let name = full_name(field);
    let called = known.field(&name)?;
    let codes = field.choices.iter().map(|code| (code.clone(), in_each(|lang| called.choice(lang, code))));
    let codes: Map<String, Value> = codes.collect();
    (!codes.is_empty()).then_some((name, Value::Object(codes)))
}

// What a finished copy answers: the fields of its questions, and of the members how many there are.
fn answered(asked: &[&PackField]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = asked.iter().map(|field| full_name(field)).collect();
    if asked.iter().any(|field| field.of_member) {
        names.extend(["members", "household.size"].map(str::to_owned));
    }
    names
}

// As the evaluator's side of the device reads it (`crates/xforms-web/src/judge.rs`).
fn wire(field: &PackField, known: &Known) -> Option<Value> {
    let kind = known.field(&full_name(field))?.kind;
    Some(json!({
        "name": field.name, "of_member": field.of_member, "kind": kind, "choices": field.choices, "path": field.path, "repeat": field.repeat,
    }))
}
