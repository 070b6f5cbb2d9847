//! One row an id, whether a table repeats it by mistake or nested records by nature.
use std::collections::BTreeMap;

use super::parts::Refused;
use super::rows::{Origin, Problem, Row, Table};

/// The rows of each table, in the order read.
pub(super) type Rows = BTreeMap<Table, Vec<Row>>;

/// A nested part is told apart by its owner too: publishers nest one record (a language, say) in many others.
fn identity(row: &Row) -> (Table, String) {
    let mut identity = row.words("id");
    if row.origin == Origin::Nested && row.table.is_part() {
        let owners = row.cells.iter().filter(|(column, _)| column.ends_with("_id"));
        identity.extend(owners.flat_map(|(column, id)| [" ", column, " ", id]));
    }
    (row.table, identity)
}

/// One row an id: tables may not repeat one, nested records may if they agree.
pub(super) fn unique(rows: Vec<Row>, refused: &mut Refused) -> Rows {
    let mut tables = Rows::new();
    let mut seen: BTreeMap<(Table, String), usize> = BTreeMap::new();
    for mut row in rows {
        if let Err(problem) = row.settle_id() {
            refused.push(row.at.refused(problem));
            continue;
        }
        let known = tables.entry(row.table).or_default();
        let at = *seen.entry(identity(&row)).or_insert(known.len());
        match known.get_mut(at) {
            None => known.push(row),
            Some(first) if row.origin == Origin::Tabular && first.origin == Origin::Tabular => {
                let reason = format!("The id stands already in row {} of {}.", first.at.row, first.at.file);
                refused.push(row.at.refused(Problem::new("id", reason)));
            }
            Some(first) => merge(first, row, refused),
        }
    }
    tables
}

/// Fills what the first record left out; where two disagree, the first is kept.
fn merge(first: &mut Row, other: Row, refused: &mut Refused) {
    for (column, text) in other.cells {
        match first.get(&column) {
            None => {
                first.cells.insert(column, text);
            }
            Some(kept) if kept == text.trim() => {}
            Some(_) => {
                let reason = format!(
                    "The same {} says something else in record {} of {}; that is kept.",
                    first.table.word(),
                    first.at.row,
                    first.at.file
                );
                refused.push(other.at.refused(Problem::new(&column, reason)));
            }
        }
    }
}
