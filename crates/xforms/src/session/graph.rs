//! Which rule must go before which, and circles that can't be worked out.
use super::plan::{Plan, Rule, RuleKind};
use super::references::Reading;
use crate::problem::{Problem, Severity};

/// Gives every rule its rank. Rules in a circle are reported, unless the circle runs from one round of a repeat to another that a
/// predicate or a place picks, as a running total does.
pub(super) fn order(plan: &mut Plan) -> Vec<Problem> {
    let before = producers(plan);
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); plan.rules.len()];
    let mut waiting: Vec<usize> = vec![0; plan.rules.len()];
    for (rule, producers) in before.iter().enumerate() {
        waiting[rule] = producers.len();
        producers.iter().for_each(|producer| after[*producer].push(rule));
    }
    let mut ready: Vec<usize> = (0..plan.rules.len()).filter(|rule| waiting[*rule] == 0).collect();
    while let Some(rule) = ready.pop() {
        let rank = plan.rules[rule].rank + 1;
        for next in std::mem::take(&mut after[rule]) {
            plan.rules[next].rank = plan.rules[next].rank.max(rank);
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(next);
            }
        }
    }
    circles(plan, &before, waiting)
}

/// For each rule those that must go before it.
fn producers(plan: &Plan) -> Vec<Vec<usize>> {
    let all = plan.rules.iter().map(|rule| {
        let mut found = Vec::new();
        for reading in &rule.reads {
            for place in plan.upwards(reading.place) {
                for producer in plan.own[place.index()].iter().map(|number| *number as usize) {
                    let decides = match plan.rules[producer].kind {
                        RuleKind::Relevant | RuleKind::Count => true,
                        RuleKind::Calculate => place == reading.place,
                        RuleKind::Attribute(_) => false,
                    };
                    if decides && !runs_from_round_to_round(plan, &plan.rules[producer], rule, reading) {
                        found.push(producer);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    });
    all.collect()
}

/// Whether a rule reads another round than its own of the innermost repeat around both, and picks it.
fn runs_from_round_to_round(plan: &Plan, producer: &Rule, rule: &Rule, reading: &Reading) -> bool {
    let around: Vec<_> = plan.upwards(rule.place).collect();
    let mut both = plan.upwards(producer.place).filter(|place| around.contains(place)).map(|place| plan.spot(place));
    reading.picked && both.any(|spot| spot.is_repeat && reading.shared < spot.depth)
}

fn circles(plan: &Plan, before: &[Vec<usize>], mut waiting: Vec<usize>) -> Vec<Problem> {
    let mut problems = Vec::new();
    while let Some(first) = waiting.iter().position(|count| *count > 0) {
        // Every rule that still waits waits for one that does: going from one to the next must come round.
        let mut path = vec![first];
        let start = loop {
            let last = path[path.len() - 1];
            let Some(next) = before[last].iter().copied().find(|producer| waiting[*producer] > 0) else { return problems };
            if let Some(start) = path.iter().position(|rule| *rule == next) {
                break start;
            }
            path.push(next);
        };
        let mut circle = path.split_off(start);
        circle.reverse();
        // What was on the way to the circle waits for it alone, or shows itself once the circle is mended.
        path.iter().chain(&circle).for_each(|rule| waiting[*rule] = 0);
        problems.push(problem(plan, &circle));
        if problems.len() == 20 {
            break;
        }
    }
    problems
}

fn problem(plan: &Plan, circle: &[usize]) -> Problem {
    let mut names: Vec<&str> = circle.iter().map(|rule| plan.spot(plan.rules[*rule].place).name.as_str()).collect();
    names.dedup();
    if names.len() > 1 && names.first() == names.last() {
        names.pop();
    }
    let what = match names.as_slice() {
        [one] => format!("`{one}` depends on itself."),
        [first, ..] => format!("These depend on each other in a circle: {} → {first}.", names.join(" → ")),
        [] => String::new(),
    };
    let place = circle.iter().map(|rule| plan.rules[*rule].at.clone()).min().unwrap_or_default();
    let remedy = "Take one of the references out of a calculation, a relevance or a repeat count.".to_owned();
    Problem { severity: Severity::Mistake, code: "circle", place, what, remedy }
}
