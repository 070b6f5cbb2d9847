//! Forms made by chance, the same for the same number: groups in repeats in groups, with references in all directions.
use xforms::xlsform::{Sheet, Workbook};

use super::support::Sample;

/// The form of a number.
pub fn sample(number: u64) -> Sample {
    let mut making = Making {
        state: number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        rows: Vec::new(),
        names: Vec::new(),
        open: Vec::new(),
        repeats: Vec::new(),
    };
    for _ in 0..3 {
        making.ask();
    }
    making.section(0);
    while making.rows.len() < 30 {
        making.section(1);
    }
    let translated = number.is_multiple_of(3);
    let label = if translated { "label::English (en)" } else { "label" };
    let mut survey: Vec<Vec<String>> = vec![
        [
            "type",
            "name",
            label,
            "hint",
            "relevant",
            "constraint",
            "calculation",
            "required",
            "choice_filter",
            "repeat_count",
            "default",
        ]
        .iter()
        .map(|heading| (*heading).to_owned())
        .collect(),
    ];
    if translated {
        survey[0].push("label::Arabic (ar)".to_owned());
    }
    survey.extend(making.rows);
    let list = |rows: &[[&str; 4]]| rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let choices = list(&[
        ["list_name", "name", "label", "part"],
        ["l1", "a", "A", "x"],
        ["l1", "b", "B", "y"],
        ["l2", "c", "C", "x"],
        ["l2", "d", "D", "y"],
    ]);
    let settings = vec![vec!["form_id".to_owned()], vec![format!("generated_{number}")]];
    let sheets = [("survey", survey), ("choices", choices), ("settings", settings)].into_iter().map(sheet).collect();
    Sample { name: format!("generated-{number}"), workbook: Workbook { sheets } }
}

fn sheet((name, rows): (&str, Vec<Vec<String>>)) -> Sheet {
    Sheet { name: name.to_owned(), rows: (1..).zip(rows).collect() }
}

struct Making {
    state: u64,
    rows: Vec<Vec<String>>,
    /// Names that were asked for, and the repeats around each.
    names: Vec<(String, Vec<String>)>,
    /// Repeats around what is made now.
    open: Vec<String>,
    /// Repeats that are closed.
    repeats: Vec<String>,
}

impl Making {
    // Multiply and shift: no need to be better than this.
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).expect("it is small") % end
    }

    // Clients refuse one value where a repeat has several, so only what is around can be referred to.
    fn reference(&mut self) -> String {
        let around: Vec<usize> = (0..self.names.len()).filter(|&at| self.open.starts_with(&self.names[at].1)).collect();
        let at = around[self.below(around.len())];
        format!("${{{}}}", self.names[at].0)
    }

    fn expression(&mut self) -> String {
        let one = self.reference();
        let two = self.reference();
        match self.below(8) {
            0 => format!("{one} > 3"),
            1 => format!("{one} = '' or {two} != 'x'"),
            2 => format!("string-length({one}) < 20 and not({two} = 1)"),
            3 => format!("if({one} > {two}, 'more', 'less') = 'more'"),
            4 => format!("instance('l1')/root/item[name = {one}]/part = 'x'"),
            5 if !self.repeats.is_empty() => {
                let at = self.below(self.repeats.len());
                format!("count(${{{}}}) > 1", self.repeats[at])
            }
            6 => format!("string({one}) = concat({two}, 'b')"),
            _ => format!("boolean({one})"),
        }
    }

    fn ask(&mut self) {
        let name = format!("q{}", self.rows.len());
        let mut row = vec![String::new(); 12];
        let kinds = [
            "text",
            "integer",
            "decimal",
            "date",
            "select_one l1",
            "select_multiple l2",
            "note",
            "calculate",
            "geopoint",
            "image",
        ];
        let kind = kinds[self.below(kinds.len())];
        kind.clone_into(&mut row[0]);
        name.clone_into(&mut row[1]);
        row[2] = format!("Question {}", self.rows.len());
        row[11] = format!("سؤال {}", self.rows.len());
        if !self.names.is_empty() {
            if self.below(3) == 0 {
                row[2] = format!("Question after {}", self.reference());
            }
            if self.below(2) == 0 {
                row[4] = self.expression();
            }
            if self.below(3) == 0 && kind != "note" {
                row[5] = format!(". != {}", self.reference());
            }
            if self.below(4) == 0 && kind != "note" {
                row[7] = self.expression();
            }
            if kind.starts_with("select") && self.below(2) == 0 {
                row[8] = format!("part = {}", self.reference());
            }
            if kind == "text" && self.below(3) == 0 {
                row[10] = format!("concat({}, '-')", self.reference());
            }
        }
        if kind == "calculate" {
            row[2].clear();
            row[11].clear();
            row[6] = if self.names.is_empty() { "1 + 1".to_owned() } else { format!("if({}, 'a', 'b')", self.expression()) };
        }
        self.rows.push(row);
        self.names.push((name, self.open.clone()));
    }

    fn section(&mut self, depth: usize) {
        let repeat = self.below(2) == 0;
        let name = format!("{}{}", if repeat { "r" } else { "g" }, self.rows.len());
        let mut row = vec![String::new(); 12];
        row[0] = if repeat { "begin repeat" } else { "begin group" }.to_owned();
        name.clone_into(&mut row[1]);
        row[2] = format!("Section {name}");
        row[11] = format!("قسم {name}");
        if self.below(2) == 0 {
            row[4] = self.expression();
        }
        if repeat && self.below(3) == 0 {
            row[9] = self.reference();
        } else if repeat && self.below(3) == 0 {
            row[9] = format!("{} + 1", self.reference());
        }
        self.rows.push(row);
        if repeat {
            self.open.push(name.clone());
        }
        for _ in 0..=self.below(4) {
            self.ask();
        }
        if depth < 4 && self.below(3) != 0 {
            self.section(depth + 1);
        }
        self.ask();
        if repeat {
            self.open.pop();
            self.repeats.push(name);
        }
        let mut end = vec![String::new(); 12];
        end[0] = if repeat { "end repeat" } else { "end group" }.to_owned();
        self.rows.push(end);
    }
}
