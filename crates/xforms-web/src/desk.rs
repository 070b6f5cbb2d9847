//! The copies that are open, and what is asked of them.
use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use xforms::form::{Kind, QuestionKind};
use xforms::instance::{Extent, Instance};
use xforms::session::{Plan, Refusal, Session, Surroundings};
use xforms::xpath::moment::Moment;
use xforms::{beside, xform};

use crate::judge;
use crate::request::Request;
use crate::shown::{self, Asked};

/// The most copies that are open at a time; who opens more has forgotten to close.
const MOST: usize = 16;
/// The longest name of a copy, in characters.
const LONGEST_NAME: usize = 60;

/// The copies that are open.
#[derive(Default)]
pub struct Desk {
    copies: Vec<Option<Copy>>,
}

struct Copy {
    session: Session,
    // What was shown last of the page that is looked at: its address, and each question by its own.
    page: String,
    shown: HashMap<String, Asked>,
}

// Why a request is refused: a code, and words for whoever looks for the cause.
struct Refused(&'static str, String);

type Reply = Result<Value, Refused>;

impl Desk {
    /// Carries out one request, JSON in UTF-8, and answers in JSON. A request that can't be carried out changes nothing and is answered
    /// with `{"error": code, "words": …}`.
    pub fn call(&mut self, request: &[u8]) -> String {
        let reply = match serde_json::from_slice::<Request>(request) {
            Ok(request) => self.carry_out(&request),
            Err(error) => Err(Refused("request", error.to_string())),
        };
        let reply = reply.unwrap_or_else(|Refused(code, words)| json!({ "error": code, "words": words }));
        reply.to_string()
    }

    fn carry_out(&mut self, request: &Request) -> Reply {
        if request.what == "open" {
            return self.open(request);
        }
        if request.what == "judge" {
            return judged(request);
        }
        if request.what == "close" {
            return Ok(json!({ "closed": self.copies.get_mut(request.handle).and_then(Option::take).is_some() }));
        }
        let copy = self.copies.get_mut(request.handle).and_then(Option::as_mut);
        let copy = copy.ok_or_else(|| Refused("handle", "No copy is open under this handle.".to_owned()))?;
        if let Some(milliseconds) = request.now {
            copy.session.set_now(Moment { milliseconds, offset: request.offset });
        }
        match request.what.as_str() {
            "page" => copy.page(request.page.as_deref()),
            "answer" => copy.answer(&request.at, &request.text),
            "add" => copy.add(&request.at, &request.text),
            "remove" => copy.remove(&request.at),
            "check" => Ok(json!({ "findings": told(&shown::findings(&copy.session, request.page.as_deref())) })),
            "language" => Ok(json!({ "known": copy.session.set_language(&request.language) })),
            "draft" => Ok(json!({ "draft": copy.session.instance().to_xml(Extent::Everything), "name": copy.called() })),
            "finish" => Ok(copy.finish()),
            _ => Err(Refused("request", "There is no such request.".to_owned())),
        }
    }

    fn open(&mut self, request: &Request) -> Reply {
        let place = self.copies.iter().position(Option::is_none).unwrap_or(self.copies.len());
        if place >= MOST {
            return Err(Refused("full", "Too many copies are open.".to_owned()));
        }
        let outcome = xform::read(&request.xform);
        let problems = |found: &[xforms::problem::Problem]| found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let form = outcome.form.ok_or_else(|| Refused("form", problems(&outcome.problems)))?;
        let files = |address: &str| beside::read(address, request.files.get(address)?);
        let plan = Plan::new(form, &files).map_err(|found| Refused("form", problems(&found)))?;
        let draft = match &request.draft {
            Some(xml) => Some(Instance::read(xml).map_err(|error| Refused("draft", error.to_string()))?),
            None => None,
        };
        let surroundings = surroundings(request)?;
        let plan = Arc::new(plan);
        let session = match draft {
            Some(draft) => Session::resume(plan, draft, surroundings),
            None => Session::open(plan, surroundings),
        };
        let copy = Copy { session, page: String::new(), shown: HashMap::new() };
        let opened = copy.opened(place);
        match self.copies.get_mut(place) {
            Some(free) => *free = Some(copy),
            None => self.copies.push(Some(copy)),
        }
        Ok(opened)
    }
}

fn judged(request: &Request) -> Reply {
    let copy = request.draft.as_deref().unwrap_or_default();
    let copy = Instance::read(copy).map_err(|error| Refused("draft", error.to_string()))?;
    Ok(json!({ "verdicts": told(&judge::judge(&request.rules, &request.fields, &copy)) }))
}

fn surroundings(request: &Request) -> Result<Surroundings, Refused> {
    let seed = request.seed.parse().map_err(|_| Refused("request", "The seed is no number below 2^64.".to_owned()))?;
    let milliseconds = request.now.ok_or_else(|| Refused("request", "It is not said what time it is.".to_owned()))?;
    let mut surroundings = Surroundings::new(Moment { milliseconds, offset: request.offset }, seed);
    surroundings.language.clone_from(&request.language);
    surroundings.properties = request.properties.clone().into_iter().collect();
    Ok(surroundings)
}

impl Copy {
    fn opened(&self, handle: usize) -> Value {
        let (form, tree) = (self.session.plan().form(), self.session.instance());
        let languages: Vec<&str> = form.languages.iter().map(|language| language.name.as_str()).collect();
        let warnings: Vec<String> = self.session.plan().warnings().iter().map(ToString::to_string).collect();
        json!({
            "handle": handle,
            "id": form.id,
            "version": form.version,
            "title": form.title,
            "languages": languages,
            "language": self.session.language(),
            "instance_id": tree.instance_id(),
            "warnings": warnings,
            "progress": self.progress(),
        })
    }

    fn progress(&self) -> Value {
        let progress = self.session.progress();
        json!({ "asked": progress.asked, "answered": progress.answered, "missing": progress.missing, "pages": progress.pages })
    }

    // What people tell the copy apart by: the name that its form gives it, else the first answer to a question for a name.
    fn called(&self) -> String {
        let tree = self.session.instance();
        let given = tree.instance_name().map(str::trim).filter(|name| !name.is_empty());
        given.or_else(|| first_name(tree)).unwrap_or_default().chars().take(LONGEST_NAME).collect()
    }

    fn page(&mut self, address: Option<&str>) -> Reply {
        let shown =
            shown::page(&self.session, address).ok_or_else(|| Refused("page", "There is no such page now.".to_owned()))?;
        let reply = told(&shown);
        self.page = shown.address;
        self.shown = by_address(shown.questions);
        Ok(reply)
    }

    fn answer(&mut self, address: &str, text: &str) -> Reply {
        let element = self.session.find(address).ok_or_else(unknown)?;
        self.session.answer(element, text).map_err(refused)?;
        Ok(self.anew())
    }

    fn add(&mut self, parent: &str, repeat: &str) -> Reply {
        let place = self.session.plan().place(repeat);
        let (parent, place) = self.session.find(parent).zip(place).ok_or_else(unknown)?;
        let changes = self.session.add_round(parent, place).map_err(refused)?;
        let round = changes.added.first().map(|round| self.session.address(*round));
        let inside = |page: &xforms::session::Page| {
            page.questions.iter().any(|element| round.as_ref().is_some_and(|round| self.lies_in(*element, round)))
        };
        let page = self.session.pages().into_iter().find(inside).map(|page| page.address);
        let mut reply = self.anew();
        reply["round"] = json!(round);
        reply["round_page"] = json!(page);
        Ok(reply)
    }

    fn lies_in(&self, element: xforms::instance::NodeId, round: &str) -> bool {
        self.session.address(element).strip_prefix(round).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn remove(&mut self, address: &str) -> Reply {
        let round = self.session.find(address).ok_or_else(unknown)?;
        self.session.remove_round(round).map_err(refused)?;
        Ok(self.anew())
    }

    // The page that is looked at with those of its questions that look otherwise now. If it is gone, where one can go from there.
    fn anew(&mut self) -> Value {
        let Some(mut shown) = shown::page(&self.session, Some(&self.page)) else {
            let (next, previous) = (self.session.next(&self.page), self.session.previous(&self.page));
            return json!({ "page": null, "next": next.map(|page| page.address), "previous": previous.map(|page| page.address) });
        };
        // Questions are compared as they are: to write all of a long page as JSON takes longer than all the rest of an answer.
        let now = std::mem::take(&mut shown.questions);
        let looks_otherwise = |question: &&Asked| self.shown.get(&question.address) != Some(*question);
        shown.questions = now.iter().filter(looks_otherwise).cloned().collect();
        self.shown = by_address(now);
        json!({ "page": told(&shown) })
    }

    fn finish(&mut self) -> Value {
        self.session.finish();
        let tree = self.session.instance();
        json!({
            "submission": tree.to_xml(Extent::Submission),
            "draft": tree.to_xml(Extent::Everything),
            "instance_id": tree.instance_id(),
            "instance_name": tree.instance_name(),
            "files": self.files(),
        })
    }

    // Names of the files that what is sent refers to.
    fn files(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.session.plan().form().walk(&mut |node| {
            let Kind::Question(question) = &node.kind else { return };
            let Some(place) = self.session.plan().place(&node.path) else { return };
            if matches!(question.kind, QuestionKind::File(_)) {
                let asked = self.session.elements(place).iter().filter(|element| self.session.is_relevant(**element));
                names.extend(asked.map(|element| self.session.value(*element)).filter(|name| !name.is_empty()));
            }
        });
        names
    }
}

fn by_address(questions: Vec<Asked>) -> HashMap<String, Asked> {
    questions.into_iter().map(|question| (question.address.clone(), question)).collect()
}

// The first answer of those that are asked to a question for a name.
fn first_name(tree: &Instance) -> Option<&str> {
    let mut open = vec![tree.root()];
    while let Some(id) = open.pop() {
        let element = tree.get(id);
        if element.template || element.irrelevant {
            continue;
        }
        let asks = element.name.rsplit([':', '_']).next() == Some("name");
        let answer = element.text.trim();
        if asks && !answer.is_empty() && tree.children(id).is_empty() {
            return Some(answer);
        }
        open.extend(tree.children(id).iter().rev());
    }
    None
}

// What we show has only names for keys, and numbers that JSON has.
fn told(shown: &impl Serialize) -> Value {
    serde_json::to_value(shown).unwrap_or_default()
}

fn unknown() -> Refused {
    refused(Refusal::Unknown)
}

fn refused(why: Refusal) -> Refused {
    let (code, words) = match why {
        Refusal::Unknown => ("unknown", "There is nothing at this address."),
        Refusal::NotAsked => ("not_asked", "This is not asked at present."),
        Refusal::ReadOnly => ("read_only", "This can't be changed."),
        Refusal::TooLong => ("too_long", "This answer is too long."),
        Refusal::Rounds => ("rounds", "No round can be added or removed here."),
    };
    Refused(code, words.to_owned())
}
