//! Pages as Collect shows them: one question, or a group marked `field-list` with all it holds; and after the rounds of a repeat a page
//! that asks for another one.
use std::collections::HashSet;

use super::fill::Session;
use super::plan::{PlaceId, RuleKind};
use super::references;
use crate::form::{ItemSource, Kind, Node};
use crate::instance::NodeId;

/// What is shown at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Where it is: the address of its question or group, or of its repeat with `[+]`.
    pub address: String,
    /// The group or round that is shown as a whole, if one is.
    pub group: Option<NodeId>,
    /// Its questions that are asked, in order.
    pub questions: Vec<NodeId>,
    /// Repeats of which a round may be added here, each with the element that will hold it.
    pub growing: Vec<(NodeId, PlaceId)>,
}

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Questions asked at present that wait for an answer of a person: notes and what can't be changed left out.
    pub asked: usize,
    /// How many of them are answered.
    pub answered: usize,
    /// How many are demanded and still blank.
    pub missing: usize,
    /// Pages altogether.
    pub pages: usize,
}

impl Session {
    /// All pages at present, in order.
    pub fn pages(&self) -> Vec<Page> {
        let mut pages = Vec::new();
        self.pages_of(&self.plan().form().body, self.instance().root(), &mut pages);
        for page in &mut pages {
            page.address = self.address_of(page);
        }
        pages
    }

    /// The page at an address, or the one that shows the element there.
    pub fn page(&self, address: &str) -> Option<Page> {
        let pages = self.pages();
        let at = self.page_number(&pages, address)?;
        pages.into_iter().nth(at)
    }

    /// Which of all pages is the one at an address, or shows the element there; counted from 0.
    pub fn page_number(&self, pages: &[Page], address: &str) -> Option<usize> {
        let at = pages.iter().position(|page| page.address == address);
        at.or_else(|| {
            let element = self.find(address)?;
            pages.iter().position(|page| page.questions.contains(&element))
        })
    }

    /// The first page.
    pub fn first(&self) -> Option<Page> {
        self.pages().into_iter().next()
    }

    /// The page after the one at an address; nothing at the end. If that page is gone meanwhile, the first after where it was.
    pub fn next(&self, address: &str) -> Option<Page> {
        let pages = self.pages();
        let at = match pages.iter().position(|page| page.address == address) {
            Some(at) => at + 1,
            None => self.gap(&pages, address),
        };
        pages.into_iter().nth(at)
    }

    /// The page before the one at an address; nothing at the start.
    pub fn previous(&self, address: &str) -> Option<Page> {
        let pages = self.pages();
        let at = match pages.iter().position(|page| page.address == address) {
            Some(at) => at,
            None => self.gap(&pages, address),
        };
        pages.into_iter().nth(at.checked_sub(1)?)
    }

    /// How many pages come before an address that has none of its own.
    fn gap(&self, pages: &[Page], address: &str) -> usize {
        let Some(gone) = self.order(address) else { return 0 };
        pages.iter().rposition(|page| self.order(&page.address).is_some_and(|one| one < gone)).map_or(0, |at| at + 1)
    }

    /// Where an address stands among all: the place of each of its steps with its round. The page that asks for another round comes after
    /// all rounds.
    fn order(&self, address: &str) -> Option<Vec<(PlaceId, usize)>> {
        let (mut path, mut steps) = (String::new(), Vec::new());
        for part in address.split('/').filter(|part| !part.is_empty()) {
            let (name, round) = part.split_once('[').unwrap_or((part, ""));
            path.push('/');
            path.push_str(name);
            let round = match round.trim_end_matches(']') {
                "" => 0,
                "+" => usize::MAX,
                number => number.parse().ok()?,
            };
            // The root has no place of its own.
            steps.extend(self.plan().place(&path).map(|place| (place, round)));
        }
        (!steps.is_empty()).then_some(steps)
    }

    /// Whether what is asked in a group, or what can be chosen there, follows from an answer that is given in the same group.
    pub fn follows_within(&self, group: NodeId) -> bool {
        let Some(around) = self.place(group) else { return false };
        let plan = self.plan();
        let within: HashSet<PlaceId> = plan.downwards(around).into_iter().collect();
        let mut open: Vec<PlaceId> = within.iter().copied().filter(|place| plan.is_shown(*place)).collect();
        // What is worked out of an answer, wherever that is, tells of it too.
        let mut told: HashSet<PlaceId> = open.iter().copied().collect();
        while let Some(place) = open.pop() {
            for reader in &plan.readers[place.index()] {
                let rule = &plan.rules[reader.rule as usize];
                match rule.kind {
                    RuleKind::Relevant | RuleKind::Count if within.contains(&rule.place) => return true,
                    RuleKind::Calculate if told.insert(rule.place) => open.push(rule.place),
                    _ => {}
                }
            }
        }
        within.iter().any(|place| self.is_offered_by(*place, &told))
    }

    fn is_offered_by(&self, place: PlaceId, told: &HashSet<PlaceId>) -> bool {
        let plan = self.plan();
        let items = plan.node(place).and_then(Node::question).and_then(|question| question.items.as_ref());
        let picked = items.filter(|items| items.filter.is_some() || matches!(items.source, ItemSource::Nodes(_)));
        let Some(expr) = picked.and_then(|items| plan.read.get(&items.nodes())) else { return false };
        let (reads, _) = references::readings(plan, expr, place, false);
        reads.iter().any(|reading| told.contains(&reading.place))
    }

    /// How far the copy has come.
    pub fn progress(&self) -> Progress {
        self.progress_on(&self.pages())
    }

    /// How far the copy has come, where all its pages are at hand: to find them takes long in a long form.
    pub fn progress_on(&self, pages: &[Page]) -> Progress {
        let mut progress = Progress { pages: pages.len(), ..Progress::default() };
        for element in pages.iter().flat_map(|page| &page.questions) {
            let node = self.node(*element);
            let note = node.and_then(Node::question).is_some_and(|question| question.kind == crate::form::QuestionKind::Note);
            if note || node.is_some_and(Node::is_made_head) || self.is_readonly(*element) {
                continue;
            }
            progress.asked += 1;
            let answered = !self.value(*element).is_empty();
            progress.answered += usize::from(answered);
            progress.missing += usize::from(!answered && self.is_required(*element));
        }
        progress
    }

    /// The address of an element: its path, with the number of the round in each repeat: `/data/member[2]/name`.
    pub fn address(&self, element: NodeId) -> String {
        let way: Vec<NodeId> = std::iter::successors(Some(element), |id| self.instance().parent(*id)).collect();
        let mut address = String::new();
        for id in way.into_iter().rev() {
            address.push('/');
            address.push_str(&self.instance().get(id).name);
            if let Some((round, _)) = self.round(id) {
                address.push_str(&format!("[{round}]"));
            }
        }
        address
    }

    /// The element at an address.
    pub fn find(&self, address: &str) -> Option<NodeId> {
        let tree = self.instance();
        let mut steps = address.strip_prefix('/')?.split('/');
        let root = steps.next()?;
        if crate::xml::local(root) != crate::xml::local(&tree.get(tree.root()).name) {
            return None;
        }
        steps.try_fold(tree.root(), |id, step| {
            let (name, round) = match step.split_once('[') {
                Some((name, round)) => (name, round.strip_suffix(']')?.parse::<usize>().ok()?),
                None => (step, 1),
            };
            tree.named(id, name).nth(round.checked_sub(1)?)
        })
    }

    // Pages get their addresses when all are found: those that a list takes into its own need none.
    fn address_of(&self, page: &Page) -> String {
        if let Some(element) = page.group.or(page.questions.first().copied()) {
            return self.address(element);
        }
        let Some((parent, repeat)) = page.growing.first() else { return String::new() };
        let name = self.plan().node(*repeat).map_or("", |node| node.name.as_str());
        format!("{}/{name}[+]", self.address(*parent))
    }

    fn pages_of(&self, nodes: &[Node], parent: NodeId, pages: &mut Vec<Page>) {
        for node in nodes {
            let Some(place) = self.plan().place(&node.path) else { continue };
            match &node.kind {
                Kind::Question(_) => self.question_page(place, parent, pages),
                Kind::Group(children) => {
                    // A group without an element of its own stands in what holds it.
                    let element = if self.place(parent) == Some(place) { Some(parent) } else { self.only(parent, place) };
                    let Some(element) = element else { continue };
                    match is_list(node) {
                        true => self.list_page(children, element, pages),
                        false => self.pages_of(children, element, pages),
                    }
                }
                Kind::Repeat(repeat) => {
                    for round in self.rounds(parent, place).into_iter().filter(|round| !self.instance().get(*round).irrelevant) {
                        match is_list(node) {
                            true => self.list_page(&repeat.children, round, pages),
                            false => self.pages_of(&repeat.children, round, pages),
                        }
                    }
                    if self.may_change_rounds(parent, place) {
                        pages.push(Page { growing: vec![(parent, place)], ..Page::default() });
                    }
                }
            }
        }
    }

    /// The element of a place that is no repeat, if it is asked.
    fn only(&self, parent: NodeId, place: PlaceId) -> Option<NodeId> {
        let element = match self.elements(place) {
            [one] => Some(*one).filter(|id| self.instance().parent(*id) == Some(parent)),
            _ => self.instance().child(parent, &self.plan().spot(place).name),
        };
        element.filter(|id| !self.instance().get(*id).irrelevant)
    }

    fn question_page(&self, place: PlaceId, parent: NodeId, pages: &mut Vec<Page>) {
        let shown = self.only(parent, place).filter(|_| self.plan().is_shown(place));
        pages.extend(shown.map(|element| Page { questions: vec![element], ..Page::default() }));
    }

    fn list_page(&self, children: &[Node], group: NodeId, pages: &mut Vec<Page>) {
        let mut inner = Vec::new();
        self.pages_of(children, group, &mut inner);
        let questions: Vec<NodeId> = inner.iter().flat_map(|page| page.questions.iter().copied()).collect();
        let growing: Vec<(NodeId, PlaceId)> = inner.into_iter().flat_map(|page| page.growing).collect();
        if !questions.is_empty() || !growing.is_empty() {
            pages.push(Page { group: Some(group), questions, growing, ..Page::default() });
        }
    }
}

fn is_list(node: &Node) -> bool {
    node.has_appearance("field-list") || node.has_appearance("table-list")
}
