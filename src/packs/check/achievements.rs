//! Rules for achievements: each line can be known, and the list stands on a panel of the cases that it is for.
use super::rules::sentence;
use crate::packs::achievements::{AchievementLine, Achievements, Answered, LineRule};
use crate::packs::pack::Pack;
use crate::packs::page::Page;
use crate::packs::rules::REGISTRY;
use crate::packs::words::{AnswerKind, Asks, Known, Sensitivity, Word};

/// Notes what is wrong with the section `[achievements]`.
pub fn list(pack: &Pack, page: &mut Page<'_>) {
    let Some(list) = &pack.achievements else { return };
    place(pack, list, page);
    for (index, dimension) in list.dimensions.iter().enumerate() {
        for (place, line) in dimension.lines.iter().enumerate() {
            let path = format!("achievements.dimensions#{index}.lines#{place}");
            known(pack, line, &path, page);
            by_rule(line, &path, page);
        }
    }
}

/// Notes every rule of a line that can't be read over the fields of a pack that is complete with them.
pub(in crate::packs) fn rules(pack: &Pack, page: &mut Page<'_>) {
    let Some(list) = &pack.achievements else { return };
    let fields = crate::packs::rules::known(&pack.fields);
    for (index, dimension) in list.dimensions.iter().enumerate() {
        for (place, line) in dimension.lines.iter().enumerate() {
            for (key, text) in line.rule.iter().flat_map(LineRule::all) {
                let path = format!("achievements.dimensions#{index}.lines#{place}.rule.{key}");
                expression(line, (key, text, &path), &fields, page);
            }
        }
    }
}

fn expression(line: &AchievementLine, (key, text, path): (&str, &str, &str), fields: &::rules::Fields, page: &mut Page<'_>) {
    let rule = match ::rules::compile(text, fields) {
        Ok(rule) => rule,
        Err(found) => {
            for slip in found {
                let place = format!("In `{key}` of `{}`, line {}, column {}", line.code, slip.line, slip.column);
                page.complain(path, format!("{place}: {}", sentence(&slip.what)), sentence(&slip.remedy));
            }
            return;
        }
    };
    let names = rule.fields();
    if names.is_empty() {
        let what = format!("`{key}` of `{}` says the same of everybody: it names no field", line.code);
        page.complain(path, what, "Name a field of `rules/fields.toml`, or write `known = \"by_hand\"`");
    }
    // A form lists members by themselves: which of them is who on the registry it does not say.
    let of_form = |name: &&String| {
        let member = name.strip_prefix("member.");
        member.is_some_and(|short| !REGISTRY.iter().any(|field| field.of_member && field.name == short))
    };
    if let Some(name) = names.iter().find(of_form).filter(|_| line.of == Asks::Member) {
        let what = format!("The achievement `{}` of a member asks `{name}`, which is not known of each by name", line.code);
        page.complain(path, what, "Ask only `age` and `sex` of a member, or write `of = \"household\"`");
    }
}

fn place(pack: &Pack, list: &Achievements, page: &mut Page<'_>) {
    if list.case_types.is_empty() {
        let what = "The achievements are for no case type";
        page.complain("achievements.case_types", what, "Name at least one in `case_types`");
    }
    for case_type in list.case_types.iter().filter_map(|code| pack.case_type(code)) {
        if pack.process(case_type).is_some_and(|process| process.panel(&list.panel).is_none()) {
            let what = format!("A case of `{}` has no panel `{}`", case_type.code, list.panel);
            page.complain("achievements.panel", what, "Name a panel of its process, or add it there");
        }
        if case_type.sensitivity == Sensitivity::Restricted && list.lines().any(|(_, line)| line.known == Known::Rule) {
            let what = format!("No rule is applied to cases of `{}`, which are restricted (S16)", case_type.code);
            page.complain("achievements.case_types", what, "Take the type out, or let the lines be known in another way");
        }
    }
}

fn by_rule(line: &AchievementLine, path: &str, page: &mut Page<'_>) {
    match (&line.rule, line.known == Known::Rule) {
        (None, true) => {
            let what = format!("The achievement `{}` does not say by which rule it is known", line.code);
            page.complain(path, what, "Add `rule = { achieved = \"…\" }`");
        }
        (Some(_), false) => {
            let what = format!("The achievement `{}` has a rule that nothing looks at", line.code);
            page.complain(&format!("{path}.rule"), what, "Remove it, or write `known = \"rule\"`");
        }
        (Some(_), true) | (None, false) => {}
    }
}

fn known(pack: &Pack, line: &AchievementLine, path: &str, page: &mut Page<'_>) {
    let needed = match line.known {
        Known::ByHand | Known::Rule => None,
        Known::IdentityDocument => Some(Asks::Member),
        Known::Answer => Some(Asks::Household),
    };
    if let Some(of) = needed.filter(|of| *of != line.of) {
        let what = format!(
            "The achievement `{}` is known by `{}`, which is not of a {}",
            line.code,
            line.known.as_str(),
            line.of.as_str()
        );
        page.complain(&format!("{path}.of"), what, format!("Write `{}`", of.as_str()));
    }
    match (&line.answer, line.known == Known::Answer) {
        (Some(answer), true) => answered(pack, line, answer, &format!("{path}.answer"), page),
        (None, true) => {
            let what = format!("The achievement `{}` does not say which answer it is known by", line.code);
            page.complain(path, what, "Add `answer = { assessment = …, question = …, achieved = […], to_achieve = […] }`");
        }
        (Some(_), false) => {
            let what = format!("The achievement `{}` names an answer that nothing looks at", line.code);
            page.complain(&format!("{path}.answer"), what, "Remove it, or write `known = \"answer\"`");
        }
        (None, false) => {}
    }
    if let Some(applies) = line.applies {
        if line.of == Asks::Household {
            let what = format!("The achievement `{}` of a household has an age or a sex", line.code);
            page.complain(&format!("{path}.applies"), what, "Remove `applies`, or write `of = \"member\"`");
        }
        if let (Some(from), Some(to)) = (applies.from, applies.to)
            && to < from
        {
            let what = format!("The achievement `{}` applies from {from} to {to}, which is nobody", line.code);
            page.complain(&format!("{path}.applies"), what, "Write the younger age at `from`");
        }
    }
}

// A household's question whose answer lies open, and answers that it knows, each saying one thing.
fn answered(pack: &Pack, line: &AchievementLine, answer: &Answered, path: &str, page: &mut Page<'_>) {
    let Some(tool) = pack.tool(&answer.assessment) else { return };
    let Some(question) = tool.question(&answer.question) else { return };
    let words = matches!(question.kind, AnswerKind::Number | AnswerKind::Text);
    if tool.of == Asks::Member || question.sensitive || words {
        let what = format!("The achievement `{}` looks at `{}`, whose answer it can't use", line.code, question.code);
        page.complain(
            &format!("{path}.question"),
            what,
            "Name a choice, scale or yes-no question of a household that is not sensitive",
        );
        return;
    }
    if answer.achieved.is_empty() || answer.to_achieve.is_empty() {
        let what = format!("No answer says that `{}` is achieved, or none that it is not", line.code);
        page.complain(path, what, "Give `achieved` and `to_achieve` at least one answer each");
    }
    let known = question.answers();
    let mut met: Vec<&String> = Vec::new();
    for one in answer.all() {
        if !known.contains(one) {
            let what = format!("The question `{}` has no answer `{one}`", question.code);
            page.complain(path, what, format!("It has {}", known.join(", ")));
        } else if met.contains(&one) {
            let what = format!("The answer `{one}` says two things of `{}`", line.code);
            page.complain(path, what, "Let it stand in one of the lists");
        }
        met.push(one);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::packs::samples::{ACTS, FAMILIES, SHIPPED};

    fn mistakes(from: &str, to: &str) -> Vec<String> {
        assert!(FAMILIES.contains(from), "the pack has no {from}");
        let text = FAMILIES.replacen(from, to, 1);
        let read = crate::packs::parse(Path::new("pack.toml"), "family-accompaniment", &text, ACTS);
        read.expect_err(to).into_iter().map(|mistake| mistake.what).collect()
    }

    #[test]
    fn a_line_that_can_not_be_known_is_told() {
        for (from, to, what) in [
            (
                "of = \"member\", known = \"identity_document\"",
                "of = \"household\", known = \"identity_document\"",
                "The achievement `identity_document` is known by `identity_document`, which is not of a household",
            ),
            (
                "achieved = [\"home\", \"near\"]",
                "achieved = [\"home\", \"far\", \"near\"]",
                "The answer `far` says two things of `safe_water`",
            ),
            (
                "achieved = [\"home\", \"near\"]",
                "achieved = [\"home\", \"well\", \"near\"]",
                "The question `water_from` has no answer `well`",
            ),
            (
                "applies = { from = 28, to = 50, sex = \"male\" }",
                "applies = { from = 51, to = 50, sex = \"male\" }",
                "The achievement `military_card` applies from 51 to 50, which is nobody",
            ),
            (
                "code = \"disability_register\", of = \"household\", known = \"by_hand\"",
                "code = \"disability_register\", of = \"household\", known = \"rule\"",
                "The achievement `disability_register` does not say by which rule it is known",
            ),
            (
                "code = \"disability_register\", of = \"household\", known = \"by_hand\"",
                "code = \"disability_register\", of = \"household\", known = \"by_hand\", rule = { achieved = \"household.size > 1\" }",
                "The achievement `disability_register` has a rule that nothing looks at",
            ),
            (
                "[achievements]\npanel = \"achievements\"",
                "[achievements]\npanel = \"logros\"",
                "A case of `family_accompaniment` has no panel `logros`",
            ),
        ] {
            assert_eq!(mistakes(from, to), [what]);
        }
    }

    #[test]
    fn s16_no_rule_decides_a_line_of_restricted_cases() {
        let (name, text) = SHIPPED[5];
        let restricted = text.replacen("sensitivity = \"standard\"\nsubject", "sensitivity = \"restricted\"\nsubject", 1);
        let mistakes = crate::packs::parse(Path::new("pack.toml"), name, &restricted, ACTS).expect_err("it is restricted");
        let told = |what: &str| mistakes.iter().any(|mistake| mistake.what.starts_with(what));
        assert!(told("No rule is applied to cases of `household_referral`"), "{mistakes:?}");
    }
}
