//! Rules for the forms of a pack: everybody reads them in their own language, and a household is asked nothing that only one may be (S12).
use std::path::Path;

use xforms::form::{Form, Node, Place, SecondarySource, Text};

use super::together;
use crate::packs::forms::{FormSubject, Opened, Reviewed, line};
use crate::packs::mistake::Mistake;
use crate::packs::pack::Pack;
use crate::packs::page::Page;
use crate::packs::said::{self, Said};
use crate::packs::words::{Sensitivity, Subject, Word};
use crate::platform::lang::Lang;

/// Notes what is wrong with `[[forms]]`.
pub fn listed(pack: &Pack, page: &mut Page<'_>) {
    for (index, form) in pack.forms.iter().enumerate() {
        let path = format!("forms#{index}");
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let known = [".csv", ".xlsx", ".xls", ".xml"].iter().any(|end| form.file.len() > end.len() && form.file.ends_with(end));
        if !known || form.file.starts_with('.') || !form.file.chars().all(plain) {
            let what = format!("`{}` is not the name of a form's file", form.file);
            page.complain(
                &format!("{path}.file"),
                what,
                "Name a file of the folder `forms` that ends in .csv, .xlsx, .xls or .xml",
            );
        }
        if form.case_types.is_empty() {
            let what = format!("The form `{}` is for no case type", form.file);
            page.complain(&format!("{path}.case_types"), what, "Name at least one in `case_types`");
        }
        for case_type in form.case_types.iter().filter_map(|code| pack.case_type(code)) {
            if case_type.sensitivity == Sensitivity::Restricted && form.offline {
                let what = format!(
                    "The form `{}` of the restricted case type `{}` could leave on a device (S20)",
                    form.file, case_type.code
                );
                page.complain(&format!("{path}.offline"), what, "Remove it; such cases are worked on with a connection");
            }
            if case_type.sensitivity == Sensitivity::Restricted && form.intake {
                let what = format!(
                    "The form `{}` of the restricted case type `{}` could wait for a case where others read it (S20)",
                    form.file, case_type.code
                );
                page.complain(&format!("{path}.intake"), what, "Remove it; such a form is filled in on its case");
            }
            let other = match form.subject {
                FormSubject::Household => Subject::Person,
                FormSubject::Person => Subject::Household,
            };
            if case_type.subject == other {
                let what =
                    format!("The form `{}` is for a {}, a case of `{}` is not", form.file, form.subject.as_str(), case_type.code);
                page.complain(&format!("{path}.subject"), what, format!("Write `{}`, or name other case types", other.as_str()));
            }
        }
    }
}

/// Notes every text that is missing in a language of the program, and on a household's form what only one may be asked (S12).
pub(in crate::packs) fn texts(file: &Path, opened: &Opened, mistakes: &mut Vec<Mistake>) {
    let form = &opened.form;
    let mut told = Told { file, mistakes, languages: languages(form), reviewed: &opened.listed.reviewed };
    for (lang, _) in told.languages.iter().filter(|(_, at)| at.is_none()) {
        let what = format!("The form has no texts in {} (`{lang}`)", lang.own_name());
        let remedy = format!("Add columns such as `label::{} ({lang})`", lang.own_name());
        told.mistakes.push(Mistake { file: file.to_owned(), line: 1, column: None, what, remedy });
    }
    for secondary in &form.secondary {
        // The list of a worker's cases is written by the server.
        if let SecondarySource::File(address) = &secondary.source
            && address != "jr://file-csv/cases.csv"
        {
            let what = format!("The form looks things up in `{address}`, which does not travel with the pack");
            let remedy = "Put the list into the sheet `choices`".to_owned();
            told.mistakes.push(Mistake { file: file.to_owned(), line: 1, column: None, what, remedy });
        }
    }
    form.walk(&mut |node| told.node(node));
    for choice in form.lists.iter().flat_map(|list| &list.choices) {
        told.missing(&choice.place, &choice.value, "label", &choice.label);
    }
    if opened.listed.subject == FormSubject::Household {
        said::of(form).iter().for_each(|one| told.private(one));
    }
}

struct Told<'t> {
    file: &'t Path,
    mistakes: &'t mut Vec<Mistake>,
    /// Which of the form's languages each of ours is.
    languages: Vec<(Lang, Option<usize>)>,
    /// What somebody has looked at.
    reviewed: &'t [Reviewed],
}

impl Told<'_> {
    fn node(&mut self, node: &Node) {
        let texts = [
            ("label", &node.label),
            ("hint", &node.hint),
            ("guidance hint", &node.guidance),
            ("constraint message", &node.bind.constraint_message),
            ("required message", &node.bind.required_message),
        ];
        for (kind, text) in texts {
            self.missing(&node.place, &node.name, kind, text);
        }
    }

    fn missing(&mut self, place: &Place, name: &str, kind: &str, text: &Text) {
        if text.is_empty() {
            return;
        }
        let silent: Vec<&str> = self
            .languages
            .iter()
            .filter(|(_, at)| at.is_some_and(|at| text.in_language(at).is_none()))
            .map(|(lang, _)| lang.own_name())
            .collect();
        if !silent.is_empty() {
            let what = format!("The {kind} of `{name}` is missing in {}", silent.join(", "));
            self.tell(place, &what, "Translate it; every text stands in every language");
        }
    }

    fn private(&mut self, said: &Said) {
        let name = &said.name;
        if self.reviewed.iter().any(|one| one.question == *name && together::is_reviewed(&one.reason)) {
            return;
        }
        if let Some(word) = said.texts.iter().find_map(|(_, text)| together::gives_away(text)) {
            let what = format!("A household would be asked `{name}` (“{word}”), on violence, abuse or sexual health (S12)");
            self.tell(&said.place, &what, "Ask it of one person alone, in a form with `subject = \"person\"`; or, once somebody has looked at it, name it in `reviewed` with the reason");
        }
    }

    fn tell(&mut self, place: &Place, what: &str, remedy: &str) {
        // The title stands in no row.
        let what = if place.row == 0 { what.to_owned() } else { format!("{}, row {}: {what}", place.sheet, place.row) };
        let remedy = remedy.to_owned();
        self.mistakes.push(Mistake { file: self.file.to_owned(), line: line(place.row), column: None, what, remedy });
    }
}

// A language is written as `Español (es)`, or by its code alone.
pub(super) fn languages(form: &Form) -> Vec<(Lang, Option<usize>)> {
    let code = |name: &str| name.rsplit_once('(').map_or(name, |(_, code)| code).trim_end_matches(')').trim().to_lowercase();
    let at = |lang: &Lang| form.languages.iter().position(|language| code(&language.name) == lang.code());
    Lang::ALL.iter().map(|lang| (*lang, at(lang))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::packs::samples::{ACTS, SHIPPED};

    fn mistakes(from: &str, to: &str) -> Vec<String> {
        let (name, text) = SHIPPED[5];
        assert!(text.contains(from), "the pack has no {from}");
        let read = crate::packs::parse(Path::new("pack.toml"), name, &text.replacen(from, to, 1), ACTS);
        read.expect_err(to).into_iter().map(|mistake| mistake.what).collect()
    }

    #[test]
    fn an_entry_for_a_form_that_can_not_be_is_told() {
        for (from, to, what) in [
            ("file = \"household_needs.csv\"", "file = \"../needs.csv\"", "`../needs.csv` is not the name of a form's file"),
            (
                "subject = \"household\"\nintake",
                "subject = \"person\"\nintake",
                "The form `household_needs.csv` is for a person, a case of `household_referral` is not",
            ),
            (
                "case_types = [\"household_referral\"]\nsubject",
                "case_types = []\nsubject",
                "The form `household_needs.csv` is for no case type",
            ),
        ] {
            assert!(mistakes(from, to).contains(&what.to_owned()), "{:?}", mistakes(from, to));
        }
    }

    #[test]
    fn s20_a_form_of_a_restricted_type_never_leaves_on_a_device() {
        let told =
            mistakes("sensitivity = \"standard\"\nsubject = \"household\"", "sensitivity = \"restricted\"\nsubject = \"person\"");
        assert!(told.iter().any(|what| what.ends_with("could leave on a device (S20)")), "{told:?}");
        assert!(told.iter().any(|what| what.ends_with("could wait for a case where others read it (S20)")), "{told:?}");
    }
}
