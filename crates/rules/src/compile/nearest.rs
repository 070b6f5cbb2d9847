//! The name that was likely meant.

/// Of these names the one with the fewest letters to change, if they are few.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = (name.chars().count() / 3).max(2);
    let by_distance = known.map(|known| (distance(&name.to_lowercase(), &known.to_lowercase()), known));
    by_distance.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// How many letters must be put in, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (before, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = before + 1;
        for (at, same) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *same);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

/// Names as a sentence lists them; the rest of a long list is only hinted at.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names[..names.len().min(12)].join(", ");
    if names.len() > 12 { format!("{shown}, …") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_finds_its_name() {
        let names = ["income", "has_toilet", "size"];
        assert_eq!(nearest("incone", names.into_iter()), Some("income"));
        assert_eq!(nearest("hasToilet", names.into_iter()), Some("has_toilet"));
        assert_eq!(nearest("colour_of_roof", names.into_iter()), None);
    }
}
