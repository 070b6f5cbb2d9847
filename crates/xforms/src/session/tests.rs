//! Rules of filling, each with the smallest form that shows it.
mod answers;
mod chance;
mod plans;
mod repeats;
mod screens;

use std::sync::Arc;

use super::{Changes, Files, Plan, Refusal, Session, Surroundings};
use crate::form::Form;
use crate::instance::{Extent, Instance, NodeId};
use crate::problem::Problem;
use crate::xlsform::{self, Sheet, Workbook};
use crate::xpath::moment::Moment;

/// A form written as tables: a line without `|` names the sheet.
pub fn form(text: &str) -> Form {
    let mut workbook = Workbook::default();
    for (row, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        match workbook.sheets.last_mut().filter(|_| line.contains('|')) {
            None => workbook.sheets.push(Sheet { name: line.to_owned(), rows: Vec::new() }),
            Some(sheet) => sheet.rows.push((row as u32 + 1, line.split('|').map(|cell| cell.trim().to_owned()).collect())),
        }
    }
    let outcome = xlsform::read(&workbook, "data");
    let problems: Vec<String> = outcome.problems.iter().map(ToString::to_string).collect();
    outcome.form.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

pub fn none(_: &str) -> Option<Instance> {
    None
}

pub fn plan_with(text: &str, files: Files) -> Arc<Plan> {
    match Plan::new(form(text), files) {
        Ok(plan) => Arc::new(plan),
        Err(problems) => panic!("{}", told(&problems)),
    }
}

pub fn plan(text: &str) -> Arc<Plan> {
    plan_with(text, &none)
}

pub fn told(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// 2026-11-27T09:30:00+03:00, and a seed.
pub fn surroundings() -> Surroundings {
    let mut surroundings = Surroundings::new(Moment { milliseconds: 1_795_761_000_000, offset: 180 }, 7);
    surroundings.properties = vec![("username".to_owned(), "amina".to_owned()), ("deviceid".to_owned(), "d1".to_owned())];
    surroundings
}

pub fn open(text: &str) -> Session {
    Session::open(plan(text), surroundings())
}

impl Session {
    /// The element at an address below the root.
    pub fn at(&self, address: &str) -> NodeId {
        self.find(&format!("/data/{address}")).unwrap_or_else(|| panic!("nothing at {address}"))
    }

    pub fn say(&mut self, address: &str, text: &str) -> Changes {
        self.answer(self.at(address), text).unwrap_or_else(|refusal| panic!("{address}: {refusal:?}"))
    }

    pub fn refuses(&mut self, address: &str, text: &str) -> Option<Refusal> {
        self.answer(self.at(address), text).err()
    }

    pub fn has(&self, address: &str) -> &str {
        self.value(self.at(address))
    }

    pub fn asks(&self, address: &str) -> bool {
        self.is_relevant(self.at(address))
    }

    /// What would be sent, without the parts that are the same for every form.
    pub fn sent(&self) -> String {
        let xml = self.instance().to_xml(Extent::Submission);
        let body = xml.split_once('>').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
        body.split("<meta").next().unwrap_or_default().to_owned()
    }

    pub fn values_of(&self, items: &str) -> Vec<String> {
        self.items(self.at(items)).expect("it can be worked out").into_iter().map(|item| item.value).collect()
    }

    pub fn labels_of(&self, items: &str) -> Vec<String> {
        self.items(self.at(items)).expect("it can be worked out").into_iter().map(|item| item.label).collect()
    }
}
