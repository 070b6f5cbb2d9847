//! The fields that rules may speak of: those of the registry, and those that the loaded packs declare for their forms.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rules::{Field as RuleField, Fields, Kind};
use serde_json::{Value, json};

use crate::error::Error;
use crate::packs::{self, FieldKind, Labels, Pack, PackField};
use crate::people::person::SEXES;
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::platform::text::text;

/// The question of a form that a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The form's code.
    pub form: String,
    /// Where the question stands in it, as in `/data/income/per_head`.
    pub path: String,
}

/// What a field is called.
#[derive(Debug, Clone)]
enum Called {
    /// The key of a text of the program.
    Key(&'static str),
    /// The pack's own words.
    Labels(Labels),
}

/// A named value that rules know.
#[derive(Debug, Clone)]
pub struct Field {
    /// `household.income`, `member.age`.
    pub name: String,
    called: Called,
    /// What kind of value it is.
    pub kind: Kind,
    /// The codes it may have.
    pub choices: Vec<String>,
    /// What the form calls them, as far as it does.
    answers: BTreeMap<String, Labels>,
    /// Which question asks it; `None` where the registry knows it.
    pub asked: Option<Asked>,
    // The pack whose field it is; empty for what means the same everywhere.
    pack: String,
}

impl Field {
    /// What it is called.
    pub fn label(&self, lang: Lang) -> String {
        match &self.called {
            Called::Key(key) => text(lang, key),
            Called::Labels(labels) => labels.get(lang).to_owned(),
        }
    }

    /// A code of its choices in words: the program's own, the form's, or else the code, which can be read.
    pub fn choice(&self, lang: Lang, code: &str) -> String {
        if self.name == "member.sex" && SEXES.contains(&code) && code != "unknown" {
            return text(lang, &format!("directory-sex-{code}"));
        }
        let called = self.answers.get(code).map(|labels| labels.get(lang)).filter(|words| !words.is_empty());
        called.map_or_else(|| code.replace('_', " "), str::to_owned)
    }

    /// The name within its kind: `income`, `age`.
    pub fn short(&self) -> &str {
        self.name.split_once('.').map_or(&self.name, |(_, short)| short)
    }

    /// It is said of each member, not of the household.
    pub fn is_of_members(&self) -> bool {
        self.name.starts_with("member.")
    }

    /// Its name as rules write it: `household.income`, `m.age`.
    pub fn in_rules(&self) -> String {
        if self.is_of_members() { format!("m.{}", self.short()) } else { self.name.clone() }
    }

    /// A clause that speaks of it, as an example beside the field.
    pub fn example(&self) -> String {
        let short = self.short();
        let first = self.choices.first().map_or("code", String::as_str);
        let compared = |of: &str| match self.kind {
            Kind::Bool => format!("{of}.{short}"),
            Kind::Int => format!("{of}.{short} >= 3"),
            Kind::Number => format!("{of}.{short} < 100.0"),
            Kind::Text => format!("{of}.{short} == \"…\""),
            Kind::Choice => format!("{of}.{short} in ['{first}']"),
            Kind::Choices => format!("'{first}' in {of}.{short}"),
        };
        if self.is_of_members() { format!("members.exists(m, {})", compared("m")) } else { compared("household") }
    }

    /// What was typed as a value of this field; `None` where it is none of its kind.
    pub fn read(&self, typed: &str) -> Option<Value> {
        let code = |code: &str| self.choices.is_empty() || self.choices.iter().any(|known| known == code);
        match self.kind {
            Kind::Bool => match typed {
                "yes" => Some(Value::Bool(true)),
                "no" => Some(Value::Bool(false)),
                _ => None,
            },
            Kind::Int => number(typed)?.parse::<i64>().ok().map(Value::from),
            Kind::Number => number(typed)?.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number)),
            Kind::Text => Some(Value::from(typed)),
            Kind::Choice => code(typed).then(|| Value::from(typed)),
            Kind::Choices => {
                let codes: Vec<&str> = typed.split([',', ' ']).filter(|one| !one.is_empty()).collect();
                codes.iter().all(|one| code(one)).then(|| json!(codes))
            }
        }
    }
}

// To one reader "1,500" is fifteen hundred, to another one and a half: such a number is not guessed.
fn number(typed: &str) -> Option<String> {
    let typed = crate::web::form::digits(typed).replace('٫', ".");
    let may_be_thousands = typed.split(',').skip(1).any(|part| part.len() == 3);
    (!may_be_thousands).then(|| typed.replace(',', "."))
}

/// The fields that rules may speak of here.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The registry's first, then the packs' in their order; each name once.
    pub fields: Vec<Field>,
    /// By the code of a form, the address of the copy of it that is a draft on the case at hand: there its questions are answered.
    pub drafts: HashMap<String, String>,
    /// Codes of the packs' forms that are not for the type of the case at hand: what they ask can't be asked there.
    elsewhere: HashSet<String>,
    // By name, the first pack that declares it: as its field a rule is read of which nothing else is known.
    firsts: HashMap<String, String>,
    // The names that several packs declare.
    shared: HashSet<String>,
}

impl Known {
    /// Those of the registry and of the newest version of every loaded pack.
    pub async fn of(work: &mut Work) -> Result<Self, Error> {
        Self::of_rule(work, None).await
    }

    /// The same where a name means what this pack calls so: for a rule that it brought, and what is made of that.
    pub async fn of_rule(work: &mut Work, pack: Option<&str>) -> Result<Self, Error> {
        let packs = packs::store::newest(work).await?;
        let first = pack.and_then(|name| packs.iter().map(|(_, one)| one).find(|one| one.name == name));
        let known = first.map_or_else(|| Self { fields: registry(), ..Self::default() }, |pack| Self::of_pack(pack));
        Ok(known.with(&packs, None))
    }

    /// The same for cases of this type: where packs call something else by one name, the type's own pack is meant.
    pub async fn of_case_type(work: &mut Work, case_type: i16) -> Result<Self, Error> {
        let (_, pack) = packs::store::of_case_type(work, case_type).await?;
        Ok(Self::of_pack(&pack).with(&packs::store::newest(work).await?, Some(case_type)))
    }

    /// Those of the registry and of this pack.
    pub fn of_pack(pack: &Pack) -> Self {
        let mut known = Self { fields: registry(), ..Self::default() };
        known.add(pack);
        known
    }

    /// By the name of each of these packs, what rules may speak of for its cases.
    pub fn of_each(packs: &[(i32, Arc<Pack>)]) -> HashMap<String, Self> {
        packs.iter().map(|(_, pack)| (pack.name.clone(), Self::of_pack(pack).with(packs, None))).collect()
    }

    fn with(mut self, packs: &[(i32, Arc<Pack>)], case_type: Option<i16>) -> Self {
        for (_, pack) in packs {
            for field in &pack.fields {
                let name = full_name(field);
                let first = self.firsts.entry(name.clone()).or_insert_with(|| pack.name.clone());
                if *first != pack.name {
                    self.shared.insert(name);
                }
            }
            self.add(pack);
            let is_at_hand = |code: &String| pack.case_type(code).map(|one| i16::from(one.id)) == case_type;
            let others = pack.forms.iter().filter(|form| case_type.is_some() && !form.case_types.iter().any(is_at_hand));
            self.elsewhere.extend(others.map(|form| form.code.clone()));
        }
        self
    }

    /// Whether a rule means here what it says. Packs may call different things by one name, as an income in two currencies: a rule that a pack
    /// brought speaks of that pack's fields, one that was written here of those that its writer read.
    pub fn is_meant(&self, pack: Option<&str>, names: &BTreeSet<String>) -> bool {
        let means = |field: &Field| {
            let meant = pack.or_else(|| self.firsts.get(&field.name).map(String::as_str));
            field.pack.is_empty() || meant.is_none_or(|pack| pack == field.pack)
        };
        names.iter().filter_map(|name| self.field(name)).all(means)
    }

    /// The pack as whose fields these names are read here; none where they are several packs', or no pack's.
    pub fn read_as(&self, names: &BTreeSet<String>) -> Option<&str> {
        let packs = names.iter().filter_map(|name| self.field(name)).map(|field| field.pack.as_str());
        let packs: BTreeSet<&str> = packs.filter(|pack| !pack.is_empty()).collect();
        packs.first().copied().filter(|_| packs.len() == 1)
    }

    /// Of these names the fields that several packs call so: of which pack's a rule speaks has to be said.
    pub fn shared(&self, names: &BTreeSet<String>) -> Vec<&Field> {
        let fields = names.iter().filter_map(|name| self.field(name));
        fields.filter(|field| !field.pack.is_empty() && self.shared.contains(&field.name)).collect()
    }

    /// Whether somebody can be asked for it on the case at hand; what no form asks is asked without one.
    pub fn can_be_asked(&self, name: &str) -> bool {
        let asked = self.field(name).and_then(|field| field.asked.as_ref());
        asked.is_none_or(|asked| self.drafts.contains_key(&asked.form) || !self.elsewhere.contains(&asked.form))
    }

    // A pack may say which question asks what the registry knows too; what one pack calls by a name, another one cannot rename.
    fn add(&mut self, pack: &Pack) {
        for field in pack.fields.iter().map(|field| declared(field, &pack.name)) {
            match self.fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) if matches!(known.called, Called::Key(_)) => *known = Field { pack: String::new(), ..field },
                Some(_) => {}
                None => self.fields.push(field),
            }
        }
    }

    /// The field of this name; `members.age` and `m.age` mean `member.age`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let (of, short) = name.rsplit_once('.')?;
        let of = if of == "household" { of } else { "member" };
        self.fields.iter().find(|field| field.name.split_once('.') == Some((of, short)))
    }

    /// What a field is called; its name where nobody declares it any more.
    pub fn label(&self, lang: Lang, name: &str) -> String {
        self.field(name).map_or_else(|| name.to_owned(), |field| field.label(lang))
    }

    /// The same as the compiler of rules takes them.
    pub fn for_rules(&self) -> Fields {
        let of = |members: bool| {
            let fields = self.fields.iter().filter(move |field| field.is_of_members() == members);
            fields.map(|field| RuleField { name: field.short().to_owned(), kind: field.kind, choices: field.choices.clone() })
        };
        Fields { household: of(false).collect(), members: of(true).collect() }
    }

    /// Those that a text names, so that trying a rule asks for no more than it needs; all of a short list where it names none.
    pub fn named_in(&self, text: &str) -> Vec<&Field> {
        let after_a_dot: Vec<&str> = text
            .split('.')
            .skip(1)
            .map(|rest| rest.trim_start().split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default())
            .collect();
        self.fields.iter().filter(|field| after_a_dot.contains(&field.short())).collect()
    }
}

fn registry() -> Vec<Field> {
    let field = |name: &str, key: &'static str, kind: Kind| Field {
        name: name.to_owned(),
        called: Called::Key(key),
        kind,
        choices: Vec::new(),
        answers: BTreeMap::new(),
        asked: None,
        pack: String::new(),
    };
    let sexes = SEXES.iter().filter(|code| **code != "unknown").map(|code| (*code).to_owned()).collect();
    vec![
        field("household.size", "eligibility-field-size", Kind::Int),
        field("household.admin1", "eligibility-field-admin1", Kind::Text),
        field("household.admin2", "eligibility-field-admin2", Kind::Text),
        field("member.age", "eligibility-field-age", Kind::Int),
        Field { choices: sexes, ..field("member.sex", "eligibility-field-sex", Kind::Choice) },
    ]
}

/// `household.income`, `member.age`.
pub(super) fn full_name(field: &PackField) -> String {
    format!("{}.{}", if field.of_member { "member" } else { "household" }, field.name)
}

fn declared(field: &PackField, pack: &str) -> Field {
    let asked = field.form.clone().zip(field.path.clone()).map(|(form, path)| Asked { form, path });
    Field {
        name: full_name(field),
        called: Called::Labels(field.labels.clone()),
        kind: match field.kind {
            FieldKind::Bool => Kind::Bool,
            FieldKind::Int => Kind::Int,
            FieldKind::Number => Kind::Number,
            FieldKind::Text => Kind::Text,
            FieldKind::Choice => Kind::Choice,
            FieldKind::Choices => Kind::Choices,
        },
        choices: field.choices.clone(),
        answers: field.called.clone(),
        asked,
        pack: pack.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_its_kind_and_refused_otherwise() {
        let known = Known { fields: registry(), ..Known::default() };
        let (age, sex) = (known.field("m.age").expect("an age"), known.field("members.sex").expect("a sex"));
        assert_eq!(age.read("٦٧"), Some(json!(67)));
        assert_eq!(age.read("old"), None);
        assert_eq!(sex.read("female"), Some(json!("female")));
        assert_eq!(sex.read("unknown"), None);
    }

    #[test]
    fn trying_a_rule_asks_for_the_fields_that_it_names() {
        let known = Known { fields: registry(), ..Known::default() };
        let named = known.named_in("household.size >= 3 && members.exists(m, m.age >= 60)");
        let names: Vec<&str> = named.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["household.size", "member.age"]);
    }
}
