//! Rules for assessment tools: each can be gone through, its rules can hold, and a household is asked nothing that only one may be (S12).
use std::collections::BTreeSet;

use crate::packs::pack::{Pack, Process};
use crate::packs::page::Page;
use crate::packs::tool::{Condition, Question, Tool};
use crate::packs::touchy;
use crate::packs::words::{AnswerKind, Asks, Subject, ToolShape, Topic, Word};
use crate::platform::lang::Lang;

/// Notes what is wrong with any of them.
pub fn tools(pack: &Pack, page: &mut Page<'_>) {
    for (index, tool) in pack.assessments.iter().enumerate() {
        let path = format!("assessments#{index}");
        place(pack, tool, &path, page);
        going_on(pack, tool, &path, page);
        risk(pack, tool, &path, page);
        questions(tool, &path, page);
    }
}

fn place(pack: &Pack, tool: &Tool, path: &str, page: &mut Page<'_>) {
    if tool.case_types.is_empty() {
        let what = format!("The assessment `{}` is for no case type", tool.code);
        page.complain(path, what, "Name at least one in `case_types`");
    }
    for case_type in tool.case_types.iter().filter_map(|code| pack.case_type(code)) {
        let never = match tool.of {
            Asks::Household => case_type.subject == Subject::Person,
            Asks::Member => case_type.subject == Subject::Household,
        };
        if never {
            let what = format!("The assessment `{}` is never offered in a case of `{}`", tool.code, case_type.code);
            let remedy = "Take that case type out, or write the other word at `of`";
            page.complain(&format!("{path}.case_types"), what, remedy);
        }
        if pack.process(case_type).is_some_and(|process| process.panel(&tool.panel).is_none()) {
            let what = format!("A case of `{}` has no panel `{}`", case_type.code, tool.panel);
            page.complain(&format!("{path}.panel"), what, "Name a panel of its process, or add it there");
        }
    }
    for code in tool.approval.iter().flat_map(|approval| &approval.case_types) {
        if pack.case_type(code).is_some() && !tool.case_types.contains(code) {
            let what = format!("The assessment `{}` is approved in cases of `{code}`, which it is not for", tool.code);
            page.complain(&format!("{path}.approval.case_types"), what, "Take that case type out");
        }
    }
}

fn going_on(pack: &Pack, tool: &Tool, path: &str, page: &mut Page<'_>) {
    let Some(next) = &tool.goes_on else { return };
    let at = format!("{path}.goes_on");
    if tool.shape == ToolShape::Analysis {
        let what = format!("The analysis `{}` goes on to another assessment", tool.code);
        page.complain(&at, what, "Only a screening does; remove `goes_on`");
    }
    if let Some(to) = pack.tool(&next.to) {
        let fits = to.shape == ToolShape::Analysis
            && to.of == tool.of
            && (to.panel == tool.panel || opened_by(pack, tool, &to.panel))
            && tool.case_types.iter().all(|code| to.case_types.contains(code));
        if !fits {
            let what = format!("The screening `{}` can't go on to `{}`", tool.code, to.code);
            let remedy = "Name an analysis of the same `of`, in the same `panel` or one that it opens, for all of its case types";
            page.complain(&format!("{at}.to"), what, remedy);
        }
    }
    for (place, one) in next.when.iter().enumerate() {
        condition(tool, one, &format!("{at}.when#{place}"), page);
    }
}

// In every process of its cases the other panel waits for this tool's.
fn opened_by(pack: &Pack, tool: &Tool, panel: &str) -> bool {
    let waits = |process: &Process| {
        let gates = process.panel(panel).map(|panel| panel.gates.as_slice()).unwrap_or_default();
        gates.iter().any(|gate| gate.panel == tool.panel)
    };
    tool.case_types.iter().filter_map(|code| pack.case_type(code)).filter_map(|known| pack.process(known)).all(waits)
}

fn risk(pack: &Pack, tool: &Tool, path: &str, page: &mut Page<'_>) {
    let rank = |code: &str| pack.risk_levels.iter().position(|level| level.code == code);
    let mut last = None;
    for (index, rule) in tool.risk.iter().enumerate() {
        let at = format!("{path}.risk#{index}");
        let own = rank(&rule.level);
        if own.is_some() && own <= last {
            let what = format!("The rule for `{}` stands below one for the same or a lower level", rule.level);
            page.complain(&at, what, "Put one rule for each level, the highest first: the first that holds counts");
        }
        last = own.or(last);
        for (place, one) in rule.when.iter().enumerate() {
            condition(tool, one, &format!("{at}.when#{place}"), page);
        }
    }
}

// Points or an answer, one of the two, and such as can come about.
fn condition(tool: &Tool, one: &Condition, path: &str, page: &mut Page<'_>) {
    match (one.score, &one.question) {
        (Some(score), None) => {
            let of = one.domain.as_ref().map(|code| tool.domain(code));
            let most = match of {
                Some(Some(domain)) => domain.most(),
                Some(None) => return,
                None => tool.most(),
            };
            if u32::from(score) > most {
                let what = format!("{score} points can't come about: there are {most} at most");
                page.complain(path, what, "Write fewer");
            }
        }
        (None, Some(code)) => {
            if let Some(question) = tool.question(code) {
                known_answers(question, &one.answers, path, page);
            }
        }
        _ => {
            let what = "A condition looks at points or at an answer";
            page.complain(path, what, "Write either `score`, with or without a `domain`, or `question` with `answers`");
        }
    }
}

fn known_answers(question: &Question, answers: &[String], path: &str, page: &mut Page<'_>) {
    let known = question.answers();
    if answers.is_empty() || known.is_empty() {
        let what = format!("No answer to `{}` is named, or none can be", question.code);
        page.complain(path, what, "Name `answers` of a choice, a scale or a yes-or-no question");
    }
    for answer in answers.iter().filter(|answer| !known.is_empty() && !known.contains(answer)) {
        let what = format!("`{answer}` is no answer to `{}`", question.code);
        page.complain(path, what, format!("It knows {}", known.join(", ")));
    }
}

fn questions(tool: &Tool, path: &str, page: &mut Page<'_>) {
    let mut earlier = BTreeSet::new();
    for (domain_index, domain) in tool.domains.iter().enumerate() {
        for (index, question) in domain.questions.iter().enumerate() {
            let at = format!("{path}.domains#{domain_index}.questions#{index}");
            form(question, &at, page);
            privacy(tool, question, &at, page);
            if let Some(after) = &question.when {
                match tool.question(&after.question) {
                    Some(asked) if earlier.contains(&asked.code) => {
                        known_answers(asked, &after.answers, &format!("{at}.when"), page)
                    }
                    Some(_) => {
                        let what = format!("`{}` waits for `{}`, which comes later", question.code, after.question);
                        page.complain(&format!("{at}.when"), what, "Wait for an earlier question, or change the order");
                    }
                    None => {}
                }
            }
            earlier.insert(question.code.clone());
        }
    }
}

fn form(question: &Question, path: &str, page: &mut Page<'_>) {
    let (kind, code) = (question.kind, &question.code);
    let at = format!("{path}.kind");
    let mut wrong = |what: String, remedy: &str| page.complain(&at, what, remedy);
    let codes: BTreeSet<&str> = question.choices.iter().map(|choice| choice.code.as_str()).collect();
    match kind {
        AnswerKind::Choice if question.choices.len() < 2 || codes.len() < question.choices.len() => {
            wrong(format!("The choice `{code}` needs two answers or more, each of its own code"), "Give it `choices`");
        }
        AnswerKind::Scale if !(1..=10).contains(&question.most) || question.ends.is_none() => {
            wrong(format!("The scale `{code}` doesn't say where it ends"), "Give it `most` from 1 to 10, and `ends` in words");
        }
        AnswerKind::Number if question.most == 0 => {
            wrong(format!("The number `{code}` has no bound"), "Give it `most`, the highest number that can be true");
        }
        _ => {}
    }
    let foreign = [
        (kind != AnswerKind::Choice && !question.choices.is_empty(), "choices"),
        (!matches!(kind, AnswerKind::Scale | AnswerKind::Number) && question.most > 0, "most"),
        (kind != AnswerKind::Scale && question.ends.is_some(), "ends"),
        (kind != AnswerKind::YesNo && (question.yes > 0 || question.no > 0), "yes` or `no"),
    ];
    for (_, key) in foreign.iter().filter(|(there, _)| *there) {
        wrong(format!("A question of the kind `{}` knows no `{key}`", kind.as_str()), "Take it out, or change `kind`");
    }
}

// What endangers whoever answers before the others is asked of one person alone, and is always sealed.
fn privacy(tool: &Tool, question: &Question, path: &str, page: &mut Page<'_>) {
    let touchy = question.topic != Topic::Ordinary;
    if tool.of == Asks::Household {
        let told = Lang::ALL.iter().any(|lang| gives_away(question.labels.get(*lang)))
            || question.choices.iter().any(|choice| Lang::ALL.iter().any(|lang| gives_away(choice.labels.get(*lang))));
        if touchy || told {
            let what = format!("A household would be asked `{}`, on violence, sexual health or abuse (S12)", question.code);
            page.complain(path, what, "Ask it of one person alone: move it to a tool with `of = \"member\"`");
        }
    } else if touchy && !question.sensitive {
        let what = format!("The answer to `{}` would lie open", question.code);
        page.complain(path, what, "Write `sensitive = true`: what a person says on this is sealed");
    }
}

// Whatever topic its author named.
fn gives_away(text: &str) -> bool {
    touchy::found(text).is_some()
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::{broken, expect};

    const ROOF: &str = "code = \"roof\", kind = \"yes_no\", topic = \"ordinary\"";

    #[test]
    fn s12_a_household_is_asked_nothing_that_only_one_may_be_asked() {
        let what = "A household would be asked `roof`, on violence, sexual health or abuse (S12)";
        for topic in ["violence", "sexual_health", "abuse"] {
            expect(&[(ROOF, &ROOF.replace("ordinary", topic), what)]);
        }
        expect(&[("en = \"Does the roof leak", "en = \"Is anybody beaten or sexually abused here, or does the roof leak", what)]);
        let mistakes = broken("topic = \"violence\", sensitive = true", "topic = \"violence\"");
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        assert!(mistakes[0].what.ends_with("would lie open") && mistakes[0].remedy.contains("sensitive = true"));
        assert!(mistakes[0].to_string().starts_with("pack.toml:"), "{}", mistakes[0]);
    }

    #[test]
    fn a_tool_that_can_not_work_is_told() {
        expect(&[
            (ROOF, &ROOF.replace("yes_no", "scale"), "The scale `roof` doesn't say where it ends"),
            (ROOF, &ROOF.replace("yes_no", "poem"), "`kind` can't be `poem`"),
            (
                "{ question = \"evicted\", answers = [\"yes\"] }",
                "{ question = \"evicted\", answers = [\"maybe\"] }",
                "`maybe` is no answer to `evicted`",
            ),
            (
                "{ question = \"evicted\", answers = [\"yes\"] }",
                "{ question = \"rent\", answers = [\"yes\"] }",
                "There is no question `rent`",
            ),
            (
                "{ question = \"evicted\", answers = [\"yes\"] }",
                "{ answers = [\"yes\"] }",
                "A condition looks at points or at an answer",
            ),
            ("when = [{ score = 5 }", "when = [{ score = 9000 }", "9000 points can't come about: there are 16 at most"),
            (
                "to = \"household_analysis\"",
                "to = \"member_analysis\"",
                "The screening `household_screening` can't go on to `member_analysis`",
            ),
            (
                "shape = \"analysis\"\nof = \"household\"\ncase_types = [\"general_protection\"",
                "shape = \"analysis\"\nof = \"household\"\ncase_types = [\"child_protection\", \"general_protection\"",
                "The assessment `household_analysis` is never offered in a case of `child_protection`",
            ),
        ]);
    }
}
