//! Packs that bring forms, rules and a directory: what loading publishes, and that their parts fit together.
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use throughcare::directory::hsds;
use throughcare::directory::import::import;
use throughcare::forms::packed;
use throughcare::packs::{self, Mistake, Pack};

use crate::support::World;

fn shipped(name: &str) -> Pack {
    let acts: Vec<&str> = throughcare::access::Act::ALL.iter().map(|act| act.code()).collect();
    packs::read(&Path::new("packs").join(name), &acts)
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.iter().map(|one| format!("{one}\n")).collect::<String>()))
}

async fn load(w: &World, pack: &Pack) -> Vec<String> {
    let mut work = w.operate().await;
    packs::store::load(&mut work, pack).await.expect("the pack loads");
    let changed = packed::load(&mut work, pack).await.expect("its forms load");
    work.commit().await.expect("it commits");
    changed
}

#[tokio::test]
async fn loading_a_pack_publishes_its_forms_and_loading_it_again_changes_nothing() {
    let w = World::new().await;
    let pack = shipped("household-referral");
    assert_eq!(load(&w, &pack).await, ["household_needs"]);
    assert_eq!(load(&w, &pack).await, Vec::<String>::new());
    let editions = "select string_agg(e.number || ' ' || e.state, ', ' order by e.number) from form_editions e join forms f on f.id = e.form_id
                    where f.code = 'household_needs' and f.org is null and f.intake and f.offline and f.case_types = '{90}' and f.subject = 'household'";
    assert_eq!(w.value(editions).await, "1 published");

    let mut newer = pack.clone();
    let source = String::from_utf8(newer.forms[0].source.clone()).expect("it is text");
    newer.forms[0].source = source.replace("First name", "Given name").into_bytes();
    newer.forms[0].title = "Needs".to_owned();
    assert_eq!(load(&w, &newer).await, ["household_needs"]);
    assert_eq!(w.value(editions).await, "1 retired, 2 published");
    assert_eq!(w.value("select title from forms where code = 'household_needs'").await, "Needs");
}

#[tokio::test]
async fn another_pack_does_not_take_over_a_form() {
    let w = World::new().await;
    load(&w, &shipped("household-referral")).await;
    let mut other = shipped("social-referral");
    other.forms[0].code = "household_needs".to_owned();
    let mut work = w.operate().await;
    packs::store::load(&mut work, &other).await.expect("the pack loads");
    packed::load(&mut work, &other).await.expect_err("the id is another pack's");
}

#[tokio::test]
async fn a_pack_s_directory_is_taken_over_whole_and_has_every_service_of_its_rules() {
    for (name, organisations) in [("household-referral", 11), ("social-referral", 5)] {
        let w = World::new().await;
        let pack = shipped(name);
        load(&w, &pack).await;
        let reading = hsds::read(&Path::new("packs").join(name).join("directory")).expect("the directory is read");
        let mut work = w.operate().await;
        let report = import(&mut work, reading).await.expect("it is taken over");
        work.commit().await.expect("it commits");
        assert_eq!((report.refused, report.unmapped.len()), (Vec::new(), 0), "{name}");
        assert_eq!(report.organisations.added, organisations, "{name}");
        for rule in &pack.rules {
            for service in rule.services() {
                assert_eq!(w.count(&format!("services where external_id = '{service}'")).await, 1, "{service}");
            }
        }
    }
}

// A copy of the pack for households in this folder, after the first `from` in one of its files became `to`.
fn altered(folder: &Path, file: &str, from: &str, to: &str) {
    fn copied(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder").flatten() {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copied(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).expect("a copy");
            }
        }
    }
    copied(Path::new("packs/household-referral"), folder);
    let changed = folder.join(file);
    let text = std::fs::read_to_string(&changed).expect("the file");
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(&changed, text.replacen(from, to, 1)).expect("it is written");
}

fn somewhere() -> PathBuf {
    std::env::temp_dir().join(format!("throughcare-pack-{}", uuid::Uuid::now_v7()))
}

// The mistakes in such a copy, in a folder of another name.
fn mistakes(file: &str, from: &str, to: &str) -> Vec<Mistake> {
    let folder = somewhere();
    altered(&folder, file, from, to);
    let acts: Vec<&str> = throughcare::access::Act::ALL.iter().map(|act| act.code()).collect();
    let mistakes = packs::read(&folder, &acts).expect_err("it has mistakes");
    std::fs::remove_dir_all(&folder).ok();
    mistakes
}

// What `throughcare pack check` answers: its exit code, and what it says where.
fn checked(folder: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughcare"));
    command.args(["pack", "check"]).arg(folder).env_clear().stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn s12_the_command_that_checks_a_pack_tells_what_a_household_may_not_be_asked_and_which_test_of_a_rule_fails() {
    let (code, said, wrong) = checked(Path::new("packs/household-referral"));
    assert_eq!(code, Some(0), "{wrong}");
    assert!(said.contains("The pack household-referral is right") && said.contains("1 forms, 5 rules"), "{said}");
    for (file, from, to, tells) in [
        (
            "forms/household_needs.csv",
            "Does rain or damp come in?",
            "Is anybody beaten here?",
            &["household_needs.csv", "survey, row ", "`leaks` (“beaten”)", "(S12)"][..],
        ),
        (
            "rules/school_support.toml",
            "expect = \"eligible\"",
            "expect = \"unknown\"",
            &["school_support", "expects `unknown`, the rule says `eligible`"][..],
        ),
    ] {
        let place = somewhere();
        let folder = place.join("household-referral");
        altered(&folder, file, from, to);
        let (code, said, wrong) = checked(&folder);
        std::fs::remove_dir_all(&place).ok();
        assert!(code == Some(1) && said.is_empty(), "{code:?} {said}");
        for words in tells {
            assert!(wrong.contains(words), "{words}: {wrong}");
        }
    }
}

#[test]
fn a_pack_in_a_folder_of_another_name_is_read_to_its_end() {
    let mistakes = mistakes("forms/household_needs.csv", "First name", "Does anybody beat you?");
    let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.what.as_str()).collect();
    assert!(told.iter().any(|what| what.starts_with("The pack is called `household-referral`")), "{told:?}");
    assert!(told.iter().any(|what| what.contains("beat") && what.contains("(S12)")), "{told:?}");
}

#[test]
fn a_rule_of_an_achievement_that_can_not_be_applied_is_told_with_its_line_and_a_remedy() {
    let text = std::fs::read_to_string("packs/household-referral/pack.toml").expect("the pack");
    let stands = |code: &str| {
        let begins = format!("{{ code = \"{code}\", of = ");
        1 + text.lines().position(|line| line.contains(&begins)).expect("it is there")
    };
    let (toilet, schooling) = ("achieved = \"household.has_toilet\"", "code = \"schooling\", of = \"household\"");
    for (from, to, code, what, remedy) in [
        (toilet, "achieved = \"household.has_toilett\"", "toilet", "In `achieved` of `toilet`, line 1, column ", "has_toilet"),
        (toilet, "achieved = \"household.has_toilet &&\"", "toilet", "In `achieved` of `toilet`, line 1, column ", ""),
        (toilet, "achieved = \"true\"", "toilet", "`achieved` of `toilet` says the same of everybody", "rules/fields.toml"),
        (
            schooling,
            "code = \"schooling\", of = \"member\"",
            "schooling",
            "The achievement `schooling` of a member asks `member.attends`",
            "of = \"household\"",
        ),
    ] {
        let mistakes = mistakes("pack.toml", from, to);
        let told = mistakes.iter().find(|mistake| mistake.what.contains(what)).unwrap_or_else(|| panic!("{to}: {mistakes:?}"));
        assert!(told.file.ends_with("pack.toml") && !told.remedy.is_empty() && told.remedy.contains(remedy), "{told:?}");
        assert_eq!(told.line, stands(code), "{told:?}");
    }
    let whole = "known = \"rule\", rule = { achieved = \"household.has_toilet\" }";
    let mistakes = mistakes("pack.toml", whole, "known = \"rule\"");
    assert!(mistakes.iter().any(|mistake| mistake.what.contains("`toilet` does not say by which rule")), "{mistakes:?}");
}
