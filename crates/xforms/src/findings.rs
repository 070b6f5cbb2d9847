//! Mistakes and warnings, gathered while reading: all of them, not just the first.
use crate::form::Place;
use crate::problem::{Problem, Severity};

// A sheet of nonsense would give one finding for each cell; nobody reads more than this.
const MOST: usize = 500;

#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Problem>);

impl Findings {
    pub fn mistake(&mut self, code: &'static str, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.push(Problem { severity: Severity::Mistake, code, place, what: what.into(), remedy: remedy.into() });
    }

    pub fn warn(&mut self, code: &'static str, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.push(Problem { severity: Severity::Warning, code, place, what: what.into(), remedy: remedy.into() });
    }

    pub fn push(&mut self, problem: Problem) {
        if self.0.len() < MOST && !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    /// Whether further findings are dropped, so that no work need go into them.
    pub fn are_full(&self) -> bool {
        self.0.len() >= MOST
    }

    pub fn have_mistakes(&self) -> bool {
        self.0.iter().any(|problem| problem.severity == Severity::Mistake)
    }

    /// All of them, mistakes first, then by sheet and row.
    pub fn finish(mut self) -> Vec<Problem> {
        const SHEETS: &[&str] = &["survey", "choices", "external_choices", "entities", "settings"];
        let rank = |name: &str| SHEETS.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(SHEETS.len());
        self.0.sort_by_key(|problem| (problem.severity, rank(&problem.place.sheet), problem.place.row));
        self.0
    }
}

/// A whole sheet as a place.
pub(crate) fn sheet(name: &str) -> Place {
    Place { sheet: name.to_owned(), row: 0, column: String::new() }
}

/// The candidate closest to a word, if it is close enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(60).collect();
    let limit = (word.len() / 3).clamp(1, 3);
    // Whoever has more names than this to choose from gets no suggestion beyond them.
    candidates
        .into_iter()
        .take(2_000)
        .filter(|candidate| candidate.chars().count().abs_diff(word.len()) <= limit)
        .map(|candidate| (distance(&word, &candidate.to_lowercase().chars().take(60).collect::<Vec<_>>()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

// Letters to change, add or drop.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("setings", ["survey", "settings"]), Some("settings"));
        assert_eq!(nearest("notes", ["survey", "settings"]), None);
    }
}
