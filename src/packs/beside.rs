//! What lies beside a `pack.toml` in the folders `forms` and `rules`, read together: rules know fields, fields know forms.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::check;
use super::forms::{self, Opened, PackForm};
use super::mistake::Mistake;
use super::pack::Pack;
use super::page::Page;
use super::rules::{self, PackField, PackRule, PackScore};

/// A file with its path and what is in it.
pub type Beside = (PathBuf, Vec<u8>);

/// The files of both folders in the pack's folder.
pub fn gather(dir: &Path) -> Result<Vec<Beside>, Vec<Mistake>> {
    let mut files = Vec::new();
    let mut unread = Vec::new();
    for folder in ["forms", "rules"] {
        let entries = std::fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        paths.sort();
        for path in paths {
            match std::fs::read(&path) {
                Ok(bytes) => files.push((path, bytes)),
                Err(error) => unread.push(Mistake::of_file(&path, format!("It can't be read: {error}"), "Check who may read it")),
            }
        }
    }
    if unread.is_empty() { Ok(files) } else { Err(unread) }
}

/// The pack with its forms, fields, rules and scores, or every mistake in them.
pub fn complete(dir: &Path, pack: Pack, files: &[Beside]) -> Result<Pack, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let opened = open_forms(dir, &pack, files, &mut mistakes);
    // With a form left out, whoever refers to it would be told wrong things.
    if opened.len() < pack.forms.len() {
        return Err(mistakes);
    }
    let codes: Vec<&str> = opened.iter().map(|form| form.listed.code.as_str()).collect();
    let read = Reading { pack: &pack, forms: &codes, mistakes: &mut mistakes };
    let (fields, ruled, scores) = read.rules(dir, files, &opened);
    if mistakes.is_empty() {
        let forms = opened.into_iter().map(|form| form.listed).collect();
        return Ok(Pack { forms, fields, rules: ruled, scores, ..pack });
    }
    mistakes.sort();
    Err(mistakes)
}

fn open_forms(dir: &Path, pack: &Pack, files: &[Beside], mistakes: &mut Vec<Mistake>) -> Vec<Opened> {
    let folder = dir.join("forms");
    let mut opened: Vec<Opened> = Vec::new();
    for listed in &pack.forms {
        let path = folder.join(&listed.file);
        let Some((_, source)) = files.iter().find(|(file, _)| *file == path) else {
            mistakes.push(Mistake::of_file(
                &path,
                "The pack names this form, and the file is not there",
                "Add it, or take it out of `[[forms]]`",
            ));
            continue;
        };
        match forms::open(&path, listed, source) {
            Ok(form) => {
                if opened.iter().any(|other| other.listed.code == form.listed.code) {
                    let what = format!("Another form of the pack has the id `{}` too", form.listed.code);
                    mistakes.push(Mistake::of_file(&path, what, "Give it another `form_id` in its settings"));
                }
                check::forms::texts(&path, &form, mistakes);
                opened.push(form);
            }
            Err(found) => mistakes.extend(found),
        }
    }
    for (path, _) in files.iter().filter(|(path, _)| path.parent() == Some(folder.as_path())) {
        let named = |form: &PackForm| path.file_name().is_some_and(|name| *name == *form.file);
        if !pack.forms.iter().any(named) {
            mistakes.push(Mistake::of_file(
                path,
                "No entry of `[[forms]]` names this file",
                "Add one to `pack.toml`, or take the file out",
            ));
        }
    }
    opened
}

struct Reading<'r> {
    pack: &'r Pack,
    forms: &'r [&'r str],
    mistakes: &'r mut Vec<Mistake>,
}

impl Reading<'_> {
    fn rules(mut self, dir: &Path, files: &[Beside], opened: &[Opened]) -> (Vec<PackField>, Vec<PackRule>, Vec<PackScore>) {
        let folder = dir.join("rules");
        let here: Vec<&Beside> = files.iter().filter(|(path, _)| path.parent() == Some(folder.as_path())).collect();
        let texts: Vec<(&Path, &str)> = here
            .into_iter()
            .filter_map(|(path, bytes)| match std::str::from_utf8(bytes) {
                Ok(text) => Some((path.as_path(), text)),
                Err(_) => {
                    self.mistakes.push(Mistake::of_file(path, "It is not UTF-8", "Save it as UTF-8"));
                    None
                }
            })
            .collect();
        let text_of = |name: String| {
            let path = folder.join(name);
            texts.iter().find(|(file, _)| *file == path).map(|(file, text)| (*file, *text))
        };
        let fields = text_of("fields.toml".to_owned()).and_then(|(file, text)| {
            let checked = |fields: &Vec<PackField>, page: &mut Page<'_>| check::fields::all(fields, opened, page);
            self.page(file, text, rules::fields, checked)
        });
        // Without the fields every name in a rule would be unknown.
        let Some(fields) = fields.or_else(|| text_of("fields.toml".to_owned()).is_none().then(Vec::new)) else {
            return (Vec::new(), Vec::new(), Vec::new());
        };
        let fields = check::fields::with_choices(fields, opened);
        let known = check::rules::Known::of(&fields);
        let scores = text_of("scores.toml".to_owned()).and_then(|(file, text)| {
            let checked = |scores: &Vec<PackScore>, page: &mut Page<'_>| check::rules::scores(scores, &known, page);
            self.page(file, text, rules::scores, checked)
        });
        let mut ruled = Vec::new();
        for name in self.names(&texts) {
            let (Some((file, toml)), Some((cel, text))) = (text_of(format!("{name}.toml")), text_of(format!("{name}.cel")))
            else {
                continue;
            };
            let compiled = known.compile(cel, text, self.mistakes);
            let checked = |rule: &PackRule, page: &mut Page<'_>| check::rules::tests(rule, compiled.as_ref(), &known, page);
            ruled.extend(self.page(file, toml, |entry| rules::rule(entry, &name, text), checked));
        }
        (fields, ruled, scores.unwrap_or_default())
    }

    // The names of rules; each has two files.
    fn names(&mut self, texts: &[(&Path, &str)]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (path, _) in texts {
            let (Some(stem), Some(end)) = (path.file_stem(), path.extension()) else { continue };
            let stem = stem.to_string_lossy().into_owned();
            let other = match end.to_str() {
                Some("toml") if stem != "fields" && stem != "scores" => "cel",
                Some("cel") => "toml",
                _ => continue,
            };
            let beside = path.with_extension(other);
            if !texts.iter().any(|(file, _)| *file == beside) {
                let what =
                    if other == "cel" { "The rule has no expression" } else { "The rule names no service and has no tests" };
                self.mistakes.push(Mistake::of_file(path, what, format!("Add the file `{stem}.{other}` beside it")));
            }
            names.insert(stem);
        }
        names
    }

    fn page<T>(
        &mut self,
        file: &Path,
        text: &str,
        read: impl FnOnce(&mut super::entry::Entry<'_, '_>) -> T,
        check: impl FnOnce(&T, &mut Page<'_>),
    ) -> Option<T> {
        let mut page = Page::new(file, text);
        page.know("form", self.forms);
        let levels: Vec<&str> = self.pack.risk_levels.iter().map(|level| level.code.as_str()).collect();
        page.know("risk level", &levels);
        let read = page.whole(read);
        if let Some(read) = &read {
            check(read, &mut page);
        }
        let found = page.into_mistakes();
        let right = found.is_empty();
        self.mistakes.extend(found);
        read.filter(|_| right)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::packs::samples;

    const NAME: &str = "household-referral";

    fn shipped(name: &str) -> (PathBuf, Pack, Vec<Beside>) {
        let dir = Path::new("packs").join(name);
        let text = samples::SHIPPED.iter().find(|(known, _)| *known == name).expect("it is shipped").1;
        let files = gather(&dir).expect("the files can be read");
        (dir, samples::shipped(name, text), files)
    }

    // The mistakes after the first `from` in a file became `to`: file, line and what is wrong.
    fn told(file: &str, from: &str, to: &str) -> Vec<Mistake> {
        let (dir, pack, mut files) = shipped(NAME);
        let (_, bytes) = files.iter_mut().find(|(path, _)| path.ends_with(file)).expect("the file is there");
        let text = String::from_utf8(bytes.clone()).expect("it is text");
        assert!(text.contains(from), "{file} has no {from}");
        *bytes = text.replacen(from, to, 1).into_bytes();
        complete(&dir, pack, &files).expect_err("there is a mistake")
    }

    fn expect(file: &str, from: &str, to: &str, what: &str) {
        let mistakes = told(file, from, to);
        let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert!(mistakes.iter().any(|mistake| mistake.what.contains(what) && mistake.file.ends_with(file)), "{what}: {all:#?}");
        assert!(mistakes.iter().all(|mistake| !mistake.remedy.is_empty()), "{all:#?}");
    }

    #[test]
    fn the_shipped_packs_with_forms_and_rules_are_right() {
        for (name, rules) in [(NAME, 5), ("social-referral", 3)] {
            let (dir, pack, files) = shipped(name);
            let pack = complete(&dir, pack, &files)
                .unwrap_or_else(|mistakes| panic!("{}", mistakes.iter().map(|one| format!("{one}\n")).collect::<String>()));
            assert_eq!((pack.forms.len(), pack.rules.len(), pack.scores.len()), (1, rules, 1), "{name}");
            assert!(pack.rules.iter().all(|rule| rule.tests.iter().any(|test| !test.decides.is_empty())), "{name}");
            assert!(!pack.forms[0].code.is_empty() && !pack.forms[0].source.is_empty());
            let arabic =
                |field: &PackField, choice: &String| field.called.get(choice).is_some_and(|called| !called.ar.is_empty());
            assert!(pack.fields.iter().all(|field| field.choices.iter().all(|choice| arabic(field, choice))), "{name}");
        }
    }

    #[test]
    fn mistakes_in_a_form_are_told_by_sheet_and_row() {
        let form = "forms/household_needs.csv";
        expect(form, "integer,age", "integr,age", "survey, row 19, column type: ");
        expect(form, "Nombre de pila", "", "survey, row 16: The label of `name` is missing in Español");
        expect(form, ",Ammán", ",", "The label of `amman` is missing in Español");
        let (dir, pack, mut files) = shipped(NAME);
        let (_, bytes) = files.iter_mut().find(|(path, _)| path.ends_with(form)).expect("the form is there");
        *bytes = b"survey,type,name,label\n,text,a,A\nsettings,form_id\n,household_needs\n".to_vec();
        let mistakes = complete(&dir, pack, &files).expect_err("no language is named");
        assert!(mistakes.iter().any(|mistake| mistake.what == "The form has no texts in Español (`es`)"), "{mistakes:?}");
    }

    #[test]
    fn s12_a_household_form_that_asks_what_only_one_may_be_asked_is_refused_with_its_row() {
        let form = "forms/household_needs.csv";
        let mistakes = told(form, "Does rain or damp come in?", "Is anybody beaten here?");
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(
            told[0].contains("survey, row ") && told[0].contains("`leaks` (“beaten”)") && told[0].contains("(S12)"),
            "{told:#?}"
        );
        expect(form, "¿Entra la lluvia o la humedad?", "¿Hay violencia en casa?", "`leaks` (“violencia”)");
        expect(form, ",leaks,", ",sexual_abuse,", "A household would be asked `sexual_abuse`");
        expect(form, "Kerosene", "Abuse", "A household would be asked `kerosene`");
        // What is worked out is read on a page too, and so is the title.
        expect(form, "'none'), 'no', if(", "'none'), 'beaten', if(", "A household would be asked `needs_device` (“beaten”)");
        expect(form, ",Household needs", ",Violence at home", "A household would be asked `Violence at home");
    }

    #[test]
    fn a_field_that_no_form_answers_is_told() {
        let fields = "rules/fields.toml";
        expect(fields, "means/per_head", "means/per_heads", "The form `household_needs` has no `/data/means/per_heads`");
        expect(fields, "form = \"household_needs\"", "form = \"household\"", "There is no form `household`");
        expect(fields, "name = \"tenure\"\nkind = \"choice\"", "name = \"tenure\"\nkind = \"int\"", "is never a `int`");
        expect(fields, "[\"none\", \"civil\"", "[\"moon\", \"civil\"", "has no answer `moon`");
        expect(
            fields,
            "name = \"size\"\nkind = \"int\"",
            "name = \"size\"\nkind = \"number\"",
            "The register knows `size` as `int`",
        );
        expect(fields, "/data/means/debts", "/data/members/member/about/age", "is asked more than once");
        expect(fields, "path = \"about/sex\"", "path = \"about/sexe\"", "has no `/data/members/member/about/sexe`");
    }

    #[test]
    fn a_rule_that_can_not_be_read_or_fails_its_test_is_told() {
        let mistakes = told("rules/cash_assistance.cel", "household.income_per_head", "household.income_per_hed");
        assert_eq!((mistakes[0].line, mistakes[0].column.is_some()), (3, true), "{mistakes:?}");
        assert!(mistakes[0].remedy.contains("income_per_head"), "{mistakes:?}");
        let toml = "rules/school_support.toml";
        expect(toml, "expect = \"eligible\"", "expect = \"unknown\"", "expects `unknown`, the rule says `eligible`");
        expect(toml, "[\"member.attends\"]", "[\"member.sex\"]", "the field `member.sex` does not decide");
        expect(toml, "attends = false", "atends = false", "There is no field `atends`");
        expect(toml, "attends = false", "attends = \"no\"", "`\"no\"` is no value of the field `attends`");
        let insurance = "rules/health_insurance.toml";
        expect(insurance, "insurance = \"civil\"", "insurance = \"moon\"", "is no value of the field `insurance`");
    }

    #[test]
    fn a_score_that_says_nothing_is_told() {
        let scores = "rules/scores.toml";
        expect(scores, "risk = \"high\"", "risk = \"extreme\"", "There is no risk level `extreme`");
        expect(scores, "from = 8", "from = 20", "The band from 17 stands after one from 20");
        expect(scores, "household.short_days >= 4", "household.short_days >= true", "In `expression`, line ");
    }

    #[test]
    fn a_file_that_is_missing_or_that_nobody_names_is_told() {
        let (dir, pack, files) = shipped(NAME);
        let without = |end: &str| {
            let left: Vec<Beside> = files.iter().filter(|(path, _)| !path.ends_with(end)).cloned().collect();
            let mistakes = complete(&dir, pack.clone(), &left).expect_err("a file is missing");
            mistakes.into_iter().map(|mistake| mistake.what).collect::<Vec<_>>()
        };
        assert_eq!(without("rules/school_support.cel"), ["The rule has no expression"]);
        assert_eq!(without("rules/school_support.toml"), ["The rule names no service and has no tests"]);
        assert!(without("forms/household_needs.csv").contains(&"The pack names this form, and the file is not there".to_owned()));
        let mut more = files.clone();
        more.push((dir.join("forms/other.csv"), Vec::new()));
        let mistakes = complete(&dir, pack.clone(), &more).expect_err("nobody names it");
        assert_eq!(mistakes[0].what, "No entry of `[[forms]]` names this file");
    }
}
