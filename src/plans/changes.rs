//! What a version changes against the one that it began as a copy of.
use super::line::Line;
use super::plan::Said;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'a> {
    /// A line that was not there.
    Added(&'a Line),
    /// A line that says something else, or is somebody else's, or has other dates: as it was, and as it is.
    Altered(&'a Line, &'a Line),
    /// A line that is there no more.
    Gone(&'a Line),
    /// Something above the goals: its field, what it said, what it says.
    Said(&'static str, &'a str, &'a str),
}

/// The differences, in the order of the new version, and then what is gone.
pub fn between<'a>((was, before): (&'a Said, &'a [Line]), (is, after): (&'a Said, &'a [Line])) -> Vec<Change<'a>> {
    let said = [("wants", &was.wants, &is.wants), ("limits", &was.limits, &is.limits), ("tried", &was.tried, &is.tried)];
    let said = said.into_iter().filter(|(_, was, is)| was != is).map(|(field, was, is)| Change::Said(field, was, is));
    let of = |line: &Line| before.iter().find(|former| line.was == Some(former.id));
    let lines = after.iter().filter_map(|line| match of(line) {
        None => Some(Change::Added(line)),
        Some(former) if differs(former, line) => Some(Change::Altered(former, line)),
        Some(_) => None,
    });
    let gone = before.iter().filter(|former| !after.iter().any(|line| line.was == Some(former.id))).map(Change::Gone);
    said.chain(lines).chain(gone).collect()
}

fn differs(a: &Line, b: &Line) -> bool {
    let what = |line: &Line| {
        (line.words.clone(), line.person_id, line.worker, line.service_id, line.need.clone(), line.starts_on, line.due_on)
    };
    what(a) != what(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::line::tests::line;
    use crate::platform::ids::PlanLineId;

    #[test]
    fn what_was_added_altered_and_taken_out_is_told() {
        let (kept, altered, gone) = (line("goal", "Papers"), line("goal", "A safe room"), line("goal", "A bicycle"));
        let copy = |of: &Line, words: &str| Line { id: PlanLineId::new(), was: Some(of.id), words: words.into(), ..of.clone() };
        let before = [kept.clone(), altered.clone(), gone.clone()];
        let after = [copy(&kept, "Papers"), copy(&altered, "A safe flat"), line("goal", "School")];
        let (was, is) = (Said::default(), Said { wants: "To stay".into(), ..Said::default() });
        let told = between((&was, &before), (&is, &after));
        let [Change::Said("wants", "", "To stay"), Change::Altered(a, b), Change::Added(new), Change::Gone(old)] =
            told.as_slice()
        else {
            panic!("{told:?}")
        };
        assert_eq!((&*a.words, &*b.words, &*new.words, &*old.words), ("A safe room", "A safe flat", "School", "A bicycle"));
        // How an action went is no change of what was agreed.
        let done = [Line { state: "done".into(), ..copy(&kept, "Papers") }];
        assert_eq!(between((&was, std::slice::from_ref(&kept)), (&was, &done)), []);
    }
}
