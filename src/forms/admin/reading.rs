//! A file that somebody sends becomes a form or a list of what to mend: read apart from the threads that answer requests, and bounded in
//! size, in time and in how many are read at once.
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::Semaphore;
use xforms::form::{Form, Place, SecondarySource};
use xforms::instance::Instance;
use xforms::problem::{Problem, Severity};
use xforms::session::Plan;
use xforms::{beside, file, sense};

use super::problem::Kept;
use crate::error::{Error, invalid};
use crate::forms::openrosa::{CASE_FILE, CASE_LIST};

/// No form is larger than this.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// No form brings more files than this.
pub const MOST_MEDIA: usize = 30;
/// No file beside a form is larger than this.
pub const MOST_MEDIA_BYTES: usize = 5 * 1024 * 1024;
/// The longest id of a form.
const LONGEST_CODE: usize = 120;
/// More questions, groups and repeats than this are no form that people fill in.
const MOST_NODES: usize = 5_000;
/// So long somebody waits for a form to be read.
const LONGEST: Duration = Duration::from_secs(20);

/// With one of these nobody can say which question a rule means.
const TANGLED: &[&str] = &["duplicate-name", "duplicate-repeat", "reserved-name", "too-deep"];

// A task that runs on after its time keeps its turn, so that patience with one file never becomes load of many.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// What somebody sends.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// The name of the file, for people; never trusted.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Pictures, sounds and lists beside it.
    pub media: Vec<Media>,
}

/// A file beside a form.
#[derive(Debug, Clone)]
pub struct Media {
    /// The name that the form calls it by.
    pub name: String,
    /// What its bytes, or its ending, say it is.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What came of reading.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The form, if it has no mistake.
    pub form: Option<Form>,
    /// With a mistake: the form as far as it was understood.
    pub sketch: Option<Form>,
    /// Mistakes first, then warnings.
    pub problems: Vec<Kept>,
}

/// Reads what was sent.
pub async fn read(sent: Arc<Sent>) -> Result<Outcome, Error> {
    if sent.bytes.is_empty() {
        return Err(invalid("file", "required"));
    }
    if sent.bytes.len() > MOST_BYTES {
        return Err(invalid("file", "form_too_large"));
    }
    let waited = tokio::time::timeout(LONGEST, TURNS.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = waited else { return Err(invalid("file", "form_too_slow")) };
    let task = tokio::task::spawn_blocking(move || {
        let mut outcome = read_now(&sent);
        let unused = outcome.form.as_ref().map(|form| kept(&unused(form, &sent.media))).unwrap_or_default();
        outcome.problems.extend(unused);
        drop(turn);
        outcome
    });
    match tokio::time::timeout(LONGEST, task).await {
        Ok(done) => Ok(done.map_err(anyhow::Error::from)?),
        Err(_) => Err(invalid("file", "form_too_slow")),
    }
}

/// The same on this thread.
pub(super) fn read_now(sent: &Sent) -> Outcome {
    let file::Outcome { form, sketch, mut problems } = file::read(&stem(&sent.name), &sent.bytes);
    problems.extend(list_of_cases(sent));
    // With a mistake the rest is looked at all the same, so that its author mends everything in one round.
    let is_whole = form.is_some();
    let Some(form) = form.or(sketch) else { return Outcome { problems: kept(&problems), ..Outcome::default() } };
    problems.extend(too_much(&form));
    let find = |address: &str| -> Option<Instance> {
        // The server writes it for whoever fills the form in.
        if address == CASE_LIST {
            return Some(Instance::new("root"));
        }
        let name = address.rsplit('/').next().unwrap_or(address);
        let file = sent.media.iter().find(|file| file.name == name)?;
        beside::read(address, std::str::from_utf8(&file.bytes).ok()?)
    };
    if is_whole || !problems.iter().any(|problem| TANGLED.contains(&problem.code)) {
        let found = match Plan::new(form.clone(), &find) {
            Ok(plan) => plan.warnings().to_vec(),
            Err(found) => found,
        };
        // Of a sketch, what can't be read was told already.
        problems.extend(found.into_iter().filter(|problem| is_whole || problem.code != "expression"));
    }
    let has = |name: &str| sent.media.iter().any(|file| file.name == name);
    problems.extend(sense::problems(&form, &find, &has));
    let mistaken = problems.iter().any(|problem| problem.severity == Severity::Mistake);
    problems.sort_by_key(|problem| problem.severity);
    let (form, sketch) = if mistaken { (None, Some(form)) } else { (Some(form), None) };
    Outcome { form, sketch, problems: kept(&problems) }
}

fn too_much(form: &Form) -> Option<Problem> {
    let mut nodes = 0;
    form.walk(&mut |_| nodes += 1);
    if form.id.chars().count() > LONGEST_CODE {
        let what = format!("The id of the form has more than {LONGEST_CODE} characters.");
        return Some(mistake("long-form-id", &what, "Choose a shorter `form_id`."));
    }
    let what = format!("The form has more than {MOST_NODES} questions and groups.");
    (nodes > MOST_NODES).then(|| mistake("too-large", &what, "Split it into several forms."))
}

// Which cases a worker chooses from is theirs to see and nobody's to upload.
fn list_of_cases(sent: &Sent) -> Option<Problem> {
    let what = format!("`{CASE_FILE}` came with the form.");
    let remedy = "Take it away: the server writes the list of cases anew for each worker.";
    sent.media.iter().any(|file| file.name.eq_ignore_ascii_case(CASE_FILE)).then(|| mistake("cases-given", &what, remedy))
}

// A list that came along and that no question names: perhaps its name is written otherwise there.
fn unused(form: &Form, media: &[Media]) -> Vec<Problem> {
    let mut named: HashSet<&str> = HashSet::new();
    for secondary in &form.secondary {
        if let SecondarySource::File(address) = &secondary.source {
            named.insert(address.rsplit('/').next().unwrap_or(address));
        }
    }
    if form.lists.iter().any(|list| list.outside) {
        named.insert("itemsets.csv");
    }
    // `search()` looks a list up by its name without the ending.
    let mut searched = String::new();
    form.walk(&mut |node| {
        if node.appearance.contains("search(") {
            searched.push_str(&node.appearance);
        }
    });
    let is_unused = |name: &str| {
        let stem = name.strip_suffix(".csv");
        !named.contains(name)
            && stem.is_some_and(|stem| !['\'', '"'].iter().any(|quote| searched.contains(&format!("{quote}{stem}{quote}"))))
    };
    let lists = media.iter().filter(|file| is_unused(&file.name));
    let problem = |file: &Media| Problem {
        severity: Severity::Warning,
        code: "file-unused",
        place: Place::default(),
        what: format!("No question names the file `{}`.", file.name),
        remedy: "Take it away, or name it in the type of a question, such as `select_one_from_file towns.csv`.".to_owned(),
    };
    lists.map(problem).collect()
}

// A mistake of the file as a whole.
fn mistake(code: &'static str, what: &str, remedy: &str) -> Problem {
    Problem { severity: Severity::Mistake, code, place: Place::default(), what: what.to_owned(), remedy: remedy.to_owned() }
}

fn kept(problems: &[Problem]) -> Vec<Kept> {
    let mut seen = HashSet::new();
    problems.iter().map(Kept::of).filter(|one| seen.insert((one.code.clone(), one.place(), one.what.clone()))).collect()
}

// Stands in for the id of a form whose author gave none.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let clean: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
    let clean = clean.trim_matches('_').to_lowercase();
    if clean.starts_with(|c: char| c.is_ascii_alphabetic()) {
        clean
    } else {
        format!("form_{clean}").trim_end_matches('_').to_owned()
    }
}

/// The name of a file as it may be kept and shown: without folders and without what steers a screen, of at most 120 characters.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    last.chars().filter(|c| !steers(*c)).take(120).collect::<String>().trim().to_owned()
}

/// What a file beside a form is; none for what no form needs. Lists go by their names, since text says nothing of itself.
pub fn media_type(name: &str, bytes: &[u8]) -> Option<&'static str> {
    const SEEN: &[&str] = &[
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/mpeg",
        "audio/x-wav",
        "audio/ogg",
        "audio/m4a",
        "video/mp4",
    ];
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    if let Some(known) = SEEN.iter().find(|known| found == Some(**known)) {
        return Some(known);
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    std::str::from_utf8(bytes).ok()?;
    match ending.as_str() {
        "csv" => Some("text/csv"),
        "xml" => Some("application/xml"),
        "geojson" => Some("application/geo+json"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "survey,type,name,label,relevant\n,select_one yesno,water,Is there water?,\n,text,why,Why not?,${water} = 'no'\n\
                         choices,list_name,name,label\n,yesno,yes,Yes\n,yesno,no,No\nsettings,form_title,form_id\n,Water,water\n";

    fn of(text: &str) -> Outcome {
        read_now(&Sent { name: "water.csv".to_owned(), bytes: text.as_bytes().to_vec(), media: Vec::new() })
    }

    #[test]
    fn a_table_a_workbook_and_an_xform_are_all_read() {
        let form = of(SMALL).form.expect("the table is a form");
        assert_eq!((form.id.as_str(), form.title.as_str()), ("water", "Water"));
        let again = of(&form.to_xform()).form.expect("the XForm is a form");
        assert_eq!(again.id, "water");
    }

    #[test]
    fn mistakes_are_told_all_at_once_with_their_places() {
        let broken = SMALL.replace("yesno,water", "yesnoo,water").replace("${water}", "${watr}");
        let outcome = of(&broken);
        assert!(outcome.form.is_none());
        let told: Vec<_> = outcome.problems.iter().filter(|one| one.mistake).map(|one| (one.code.as_str(), one.row)).collect();
        assert_eq!(told, [("unknown-list", 2), ("unknown-reference", 3)]);
        let circle = "survey,type,name,label,calculation\n,calculate,a,,${b} + 1\n,calculate,b,,${a} + 1\n";
        assert!(
            of(circle).problems.iter().any(|one| one.code == "circle" && one.mistake),
            "what only filling would find is told too"
        );
    }

    #[test]
    fn one_mistake_hides_no_other() {
        let text = "survey,type,name,label,calculation,constraint,default,required\n,text,a b,A,,,,\n,text,c,C,,\"regex(., '([')\",,maybe\n\
                    ,integer,d,D,,,abc,\n,calculate,e,,${f} + 1,,,\n,calculate,f,,${e} + 1,,,\n\
                    ,select_one_from_file towns.csv,g,G,,,,\n";
        let outcome = of(text);
        let told: HashSet<&str> = outcome.problems.iter().map(|one| one.code.as_str()).collect();
        for code in ["bad-name", "bad-pattern", "bad-default", "circle", "file-missing", "no-rule"] {
            assert!(told.contains(code), "{code}: {:?}", outcome.problems);
        }
        assert!(outcome.form.is_none());
    }

    #[test]
    fn what_is_no_form_is_refused_with_a_remedy() {
        for (bytes, code) in [
            (&b"\x89PNG\r\n\x1a\n\xff"[..], "unreadable"),
            (&b"PK\x03\x04broken\xff"[..], "unreadable"),
            (&b"<html/>"[..], "not-an-xform"),
            (&b"hello"[..], "no-survey"),
        ] {
            let outcome = read_now(&Sent { name: "x".to_owned(), bytes: bytes.to_vec(), media: Vec::new() });
            assert!(
                outcome.form.is_none() && outcome.problems.iter().any(|one| one.code == code),
                "{code}: {:?}",
                outcome.problems
            );
        }
    }

    #[test]
    fn a_list_that_no_question_names_is_told() {
        let text = "survey,type,name,label\n,select_one_from_file towns.csv,town,Town\n";
        let form = of(text).form.expect("the table is a form");
        let media = |name: &str| Media { name: name.to_owned(), media_type: "text/csv", bytes: b"name,label\n".to_vec() };
        let told = unused(&form, &[media("towns.csv"), media("twons.csv")]);
        assert_eq!(told.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["No question names the file `twons.csv`."]);
        let searched = "survey,type,name,label,appearance\n,text,town,Town,\"search(\"\"towns\"\")\"\n";
        assert!(unused(&of(searched).form.expect("the table is a form"), &[media("towns.csv")]).is_empty());
    }

    #[test]
    fn names_of_files_are_shown_without_what_they_could_do() {
        assert_eq!(safe_name("C:\\forms\\a\u{202e}b\nc.xlsx"), "abc.xlsx");
        assert_eq!(stem("Household survey (v2).xlsx"), "household_survey__v2");
        assert_eq!(stem("2026.csv"), "form_2026");
        assert_eq!(media_type("places.csv", b"name,label\n"), Some("text/csv"));
        assert_eq!(media_type("run.exe", b"MZ\xff"), None);
    }
}
