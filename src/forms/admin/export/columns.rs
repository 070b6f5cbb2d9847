//! The tables of a file and their columns: the newest edition's first, then what only earlier ones ask.
use std::collections::{HashMap, HashSet};

use xforms::form::{Form, Kind, Node, QuestionKind};

use super::cell::Holds;
use super::wanted::Wanted;
use super::withheld::{self, is_place};
use crate::forms::admin::say::Sayer;
use crate::platform::lang::Lang;

/// A table: the copies, or the rounds of one repeat.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name, as the sheet or file is called.
    pub name: String,
    /// The path of its repeat; empty for the copies.
    pub path: String,
    /// The table that its rows hang on.
    pub parent: Option<usize>,
    /// Its questions.
    pub columns: Vec<Column>,
}

/// A question as a column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The absolute path.
    pub path: String,
    /// The steps from its table's element.
    pub steps: Vec<String>,
    /// What stands above it.
    pub heading: String,
    /// What it holds.
    pub holds: Holds,
    /// Its values are choices, several of them separated by spaces.
    pub several: bool,
    /// It tells of a place on the map (S18).
    pub is_place: bool,
    /// It tells who somebody is, or is made of what does (S13).
    pub is_telling: bool,
    /// It is a time of day, which each device sends with the offset of its own clock.
    pub is_time: bool,
    /// Its values are worked out by the form.
    pub is_computed: bool,
}

/// The columns before the questions: of the copies, and of a repeat's rounds.
pub fn leading(wanted: &Wanted, of_copies: bool) -> Vec<&'static str> {
    if !of_copies {
        return vec!["key", "parent_key"];
    }
    let mut heads = vec!["key", "case", "edition", "completed_at", "arrived_at", "disputed", "names_other"];
    if wanted.names {
        heads.extend(["person", "filled_by"]);
    }
    heads
}

/// The tables for copies of these editions, the newest edition first.
pub fn tables(forms: &[&Form], wanted: &Wanted, reader: Lang) -> Vec<Table> {
    let mut maker = Maker {
        wanted,
        tables: vec![Table { name: "answers".to_owned(), path: String::new(), parent: None, columns: Vec::new() }],
        seen: HashSet::new(),
        // What any edition of the file withholds is withheld in all: their answers stand in one column.
        withheld: forms.iter().flat_map(|form| withheld::paths(form)).collect(),
    };
    for form in forms {
        let language = language(form, wanted);
        let sayer = Sayer::new(form, reader, language);
        maker.gather(&form.body, 0, &root(form), &sayer);
    }
    let mut tables = maker.tables;
    for (at, table) in tables.iter_mut().enumerate() {
        let taken: Vec<String> = leading(wanted, at == 0).into_iter().map(str::to_owned).collect();
        tell_apart(&mut table.columns, taken);
    }
    name_apart(&mut tables);
    tables
}

/// The language that labels are taken from.
pub fn language(form: &Form, wanted: &Wanted) -> usize {
    form.languages.iter().position(|one| one.name == wanted.language).unwrap_or(form.default_language)
}

fn root(form: &Form) -> String {
    format!("/{}", form.template.get(form.template.root()).name)
}

struct Maker<'w> {
    wanted: &'w Wanted,
    tables: Vec<Table>,
    seen: HashSet<String>,
    withheld: HashSet<String>,
}

impl Maker<'_> {
    fn gather(&mut self, nodes: &[Node], table: usize, base: &str, sayer: &Sayer<'_>) {
        for node in nodes {
            match &node.kind {
                Kind::Group(_) if node.name == "meta" => {}
                Kind::Group(children) => self.gather(children, table, base, sayer),
                Kind::Repeat(repeat) => {
                    let known = self.tables.iter().position(|one| one.path == node.path);
                    let own = known.unwrap_or_else(|| {
                        self.tables.push(Table {
                            name: node.name.clone(),
                            path: node.path.clone(),
                            parent: Some(table),
                            columns: Vec::new(),
                        });
                        self.tables.len() - 1
                    });
                    self.gather(&repeat.children, own, &node.path, sayer);
                }
                Kind::Question(question) => {
                    // Where a family lives tells who they are as well as their address does.
                    let told = self.wanted.names || !self.withheld.contains(&node.path);
                    let kept = !matches!(question.kind, QuestionKind::Note) && !node.is_made_head() && told;
                    if kept && self.seen.insert(node.path.clone()) {
                        let is_telling = self.withheld.contains(&node.path);
                        let column = Column { is_telling, ..column(node, base, sayer, self.wanted) };
                        self.tables[table].columns.push(column);
                    }
                }
            }
        }
    }
}

fn column(node: &Node, base: &str, sayer: &Sayer<'_>, wanted: &Wanted) -> Column {
    let below = node.path.strip_prefix(base).unwrap_or(&node.path).trim_start_matches('/');
    let kind = node.question().map(|question| &question.kind);
    let label = if wanted.labels { sayer.called(node) } else { String::new() };
    Column {
        path: node.path.clone(),
        steps: below.split('/').map(ToOwned::to_owned).collect(),
        heading: if label.is_empty() { below.to_owned() } else { label },
        holds: match kind {
            Some(QuestionKind::Integer) => Holds::Whole,
            Some(QuestionKind::Range(range)) if range.whole => Holds::Whole,
            Some(QuestionKind::Decimal | QuestionKind::Range(_)) => Holds::Number,
            Some(QuestionKind::Date) => Holds::Day,
            Some(QuestionKind::DateTime) => Holds::Moment,
            Some(QuestionKind::Hidden(data)) if data == "date" => Holds::Day,
            Some(QuestionKind::Hidden(data)) if data == "dateTime" => Holds::Moment,
            _ => Holds::Text,
        },
        several: matches!(kind, Some(QuestionKind::SelectMultiple | QuestionKind::Rank)),
        is_place: is_place(node),
        is_telling: false,
        is_time: match kind {
            Some(QuestionKind::Hidden(data)) => data == "time",
            kind => kind == Some(&QuestionKind::Time),
        },
        is_computed: node.bind.calculate.is_some(),
    }
}

// Columns of one table that would be called the same carry their names; programs can't read two of one name.
fn tell_apart(columns: &mut [Column], taken: Vec<String>) {
    let mut met: HashSet<String> = taken.into_iter().collect();
    for column in columns {
        if !met.insert(column.heading.clone()) {
            column.heading = format!("{} ({})", column.heading, column.steps.join("/"));
            let wanted = column.heading.clone();
            let mut count = 2;
            while !met.insert(column.heading.clone()) {
                column.heading = format!("{wanted} {count}");
                count += 1;
            }
        }
    }
}

// Sheets take 31 characters, none of them that a path would hold, and no two of one name in whatever case.
fn name_apart(tables: &mut [Table]) {
    let mut met: HashMap<String, usize> = HashMap::new();
    for table in tables {
        let mut name: String =
            table.name.chars().map(|c| if c.is_alphanumeric() || c == '_' || c == '-' { c } else { '_' }).take(27).collect();
        let count = met.entry(name.to_lowercase()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name}_{count}");
        }
        table.name = name;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::forms::admin::say::tests::form;

    pub(in crate::forms::admin::export) const SURVEY: &str = "
        | survey   |                  |           |               |
        |          | type             | name      | label         |
        |          | text             | head_name | Who?          |
        |          | begin_group      | home      | Home          |
        |          | integer          | rooms     | Rooms         |
        |          | geopoint         | spot      | Where?        |
        |          | note             | thanks    | Thanks        |
        |          | end_group        |           |               |
        |          | begin_repeat     | member    | Member        |
        |          | integer          | age       | Rooms         |
        |          | select_multiple of | needs   | Needs         |
        |          | begin_repeat     | paper     | Paper         |
        |          | text             | kind      | Kind          |
        |          | end_repeat       |           |               |
        |          | end_repeat       |           |               |
        | choices  |                  |           |               |
        |          | list_name        | name      | label         |
        |          | of               | food      | Food          |
        |          | of               | rent      | Rent          |
    ";

    pub(in crate::forms::admin::export) fn wanted(labels: bool, names: bool) -> Wanted {
        Wanted { format: "csv".to_owned(), labels, language: String::new(), names, edition: None, from: None, until: None }
    }

    fn heads(tables: &[Table]) -> Vec<(String, Vec<String>)> {
        let columns = |table: &Table| table.columns.iter().map(|column| column.heading.clone()).collect();
        tables.iter().map(|table| (table.name.clone(), columns(table))).collect()
    }

    #[test]
    fn each_repeat_is_a_table_of_its_own_and_names_and_places_are_left_out() {
        let form = form(SURVEY);
        let coded = heads(&tables(&[&form], &wanted(false, false), Lang::En));
        let expected = [("answers", vec!["home/rooms"]), ("member", vec!["age", "needs"]), ("paper", vec!["kind"])];
        let seen: Vec<(&str, Vec<&str>)> =
            coded.iter().map(|(name, heads)| (name.as_str(), heads.iter().map(String::as_str).collect())).collect();
        assert_eq!(seen, expected);
        let labelled = tables(&[&form], &wanted(true, true), Lang::En);
        assert_eq!(heads(&labelled)[0].1, ["Who?", "Rooms", "Where?"]);
        assert_eq!((labelled[2].parent, labelled[1].parent, labelled[0].parent), (Some(1), Some(0), None));
    }

    #[test]
    fn what_an_earlier_edition_asked_comes_after_and_same_labels_are_told_apart() {
        let (new, old) = (form(SURVEY), form(&SURVEY.replace("rooms     | Rooms", "floors    | Rooms")));
        let both = heads(&tables(&[&new, &old], &wanted(true, false), Lang::En));
        assert_eq!(both[0].1, ["Rooms", "Rooms (home/floors)"]);
    }
}
