//! One question as a field of a page.
use xforms::form::{Media, Node, QuestionKind, Range};
use xforms::instance::NodeId;
use xforms::session::{Item, Session};

use super::at::At;
use super::words::{self, Span};
use super::{mistakes, said, typed};
use crate::error::FieldErrors;
use crate::forms::openrosa::CASE_CODE;
use crate::forms::withheld;
use crate::platform::ids::DocumentId;
use crate::platform::text::text_with;
use crate::web::Page;

/// Lists longer than this are chosen from a menu.
const RADIOS: usize = 8;
/// Longer ones are typed into, with suggestions.
const MENU: usize = 40;
/// No page lists more choices of one question than this.
const MOST_ITEMS: usize = 2_000;

/// Something that can be chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Pick {
    pub value: String,
    pub label: Vec<Span>,
    pub plain: String,
    pub media: Vec<Shown>,
    pub on: bool,
}

/// A picture or sound that goes with words.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub is_picture: bool,
    pub is_sound: bool,
    pub href: String,
}

/// A place of a list that is put in order: what stands there, of all that can.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub nth: String,
    pub picks: Vec<Pick>,
}

/// A question as it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    /// How it is asked: the template knows each.
    pub kind: &'static str,
    /// Its address, which is the name of its field too.
    pub name: String,
    pub label: Vec<Span>,
    pub plain: String,
    pub hint: Vec<Span>,
    pub guidance: Vec<Span>,
    pub media: Vec<Shown>,
    /// How an answer is written, in our own words.
    pub help: String,
    pub required: bool,
    pub value: String,
    pub second: String,
    pub picks: Vec<Pick>,
    pub places: Vec<Place>,
    pub marks: Vec<String>,
    /// What devices offer to type it with.
    pub input: &'static str,
    /// Numbers, days and codes run from left to right everywhere.
    pub dir: &'static str,
    pub rows: u32,
    pub across: bool,
    pub accept: &'static str,
    /// Where what is attached is opened.
    pub attached: String,
    pub error: String,
    /// The choices stand once above those of a table.
    pub is_head: bool,
    /// It is a row of such a table.
    pub is_row: bool,
}

impl Field {
    /// It sends an answer.
    pub fn is_asked(&self) -> bool {
        !matches!(self.kind, "note" | "told" | "withheld") && !self.is_head
    }

    /// What describes it, for `aria-describedby`.
    pub fn described(&self) -> String {
        let parts = [("hint", !self.hint.is_empty()), ("help", !self.help.is_empty()), ("error", !self.error.is_empty())];
        let parts = parts.iter().filter(|(_, there)| *there).map(|(part, _)| format!("f-{}-{part}", self.name));
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// What fields are made with.
pub(super) struct Asking<'a> {
    pub p: &'a Page,
    pub at: &'a At,
    pub files: &'a [(String, DocumentId)],
    /// What is missing is told too.
    pub demands: bool,
    /// What could not be taken in just now, such as a file.
    pub refused: &'a FieldErrors,
}

impl Asking<'_> {
    /// A question as a field; nothing for what is no question.
    pub fn field(&self, element: NodeId) -> Option<Field> {
        let session = &self.at.session;
        let node = session.node(element)?;
        let question = node.question()?;
        let answer = session.value(element);
        let items = session.items(element).unwrap_or_default();
        let name = session.address(element);
        let refused = self.refused.get(&name).map(|code| self.p.error(code));
        let kind = self.kind(node, element, items.len());
        let error = refused.or_else(|| mistakes::of(self.p, self.at, element, self.demands)).unwrap_or_default();
        let mut field = Field {
            kind,
            label: words::spans(&session.label(element)),
            plain: said::label(session, element),
            hint: words::spans(&session.hint(element)),
            guidance: words::spans(&session.guidance(element)),
            media: self.media(session.media(element)),
            help: self.help(node, &question.kind, items.is_empty()),
            required: kind != "withheld" && session.is_required(element),
            picks: self.picks(&items, answer, matches!(question.kind, QuestionKind::SelectMultiple)),
            input: input(node, &question.kind),
            dir: direction(&question.kind),
            rows: if matches!(question.kind, QuestionKind::Text) { 5 } else { 4 },
            across: node.has_appearance("likert"),
            accept: accept(&question.kind),
            attached: self.attached(answer),
            is_head: node.has_appearance("label"),
            is_row: node.has_appearance("list-nolabel") || node.has_appearance("list"),
            error,
            name,
            ..Field::default()
        };
        self.fill(&mut field, node, (element, answer), &items);
        Some(field)
    }

    // What stands in it.
    fn fill(&self, field: &mut Field, node: &Node, (element, answer): (NodeId, &str), items: &[Item]) {
        if field.label.is_empty() {
            field.label = vec![Span { text: field.plain.clone(), ..Span::default() }];
        }
        match field.kind {
            "told" => field.value = said::answer(self.p, &self.at.session, element),
            "suggest" => {
                let known = items.iter().find(|item| item.value == answer);
                field.value = known.map_or_else(|| answer.to_owned(), |item| words::plain(&item.label));
            }
            "rank" => field.places = self.places(items, answer),
            _ => {
                let mut shown = typed::shown(node, answer, self.p.reader.zone).into_iter();
                field.value = shown.next().unwrap_or_default();
                field.second = shown.next().unwrap_or_default();
            }
        }
        if let Some(QuestionKind::Range(range)) = node.question().map(|question| &question.kind) {
            field.marks = marks(range);
        }
    }

    fn kind(&self, node: &Node, element: NodeId, count: usize) -> &'static str {
        let Some(question) = node.question() else { return "note" };
        let readonly = is_told(&self.at.session, element);
        match &question.kind {
            _ if withheld::is_withheld(&self.at.case, node) => "withheld",
            QuestionKind::Note | QuestionKind::Hidden(_) => "note",
            _ if readonly => "told",
            QuestionKind::Text if node.has_appearance("multiline") => "textarea",
            QuestionKind::SelectOne if node.has_appearance("autocomplete") || node.has_appearance("search") || count > MENU => {
                "suggest"
            }
            QuestionKind::SelectOne if node.has_appearance("minimal") => "select",
            QuestionKind::SelectOne if count > RADIOS && !node.has_appearance("likert") => "select",
            QuestionKind::SelectOne => "radios",
            QuestionKind::SelectMultiple => "checks",
            QuestionKind::Rank => "rank",
            QuestionKind::Acknowledge => "acknowledge",
            QuestionKind::Geopoint => "point",
            QuestionKind::Geotrace | QuestionKind::Geoshape => "textarea",
            QuestionKind::File(_) if withheld::is_drawn(node) => "draw",
            QuestionKind::File(_) => "file",
            _ => "text",
        }
    }

    fn help(&self, node: &Node, kind: &QuestionKind, offers_nothing: bool) -> String {
        let of = |code: &str| self.p.tc("fill-help", code);
        match kind {
            QuestionKind::File(_) if withheld::is_film(node) => self.p.t("fill-recorded"),
            _ if withheld::is_withheld(&self.at.case, node) => self.p.t("fill-withheld"),
            QuestionKind::SelectOne | QuestionKind::SelectMultiple | QuestionKind::Rank if offers_nothing => of("choices"),
            QuestionKind::Date if typed::is_year(node) => of("year"),
            QuestionKind::Date if typed::is_month(node) => of("month"),
            QuestionKind::Date => of("date"),
            QuestionKind::Time => of("time"),
            QuestionKind::DateTime => of("moment"),
            QuestionKind::Rank => of("rank"),
            QuestionKind::Geotrace | QuestionKind::Geoshape => of("line"),
            QuestionKind::File(kind) if kind.starts_with("audio") => of("sound"),
            QuestionKind::File(_) => of("file"),
            QuestionKind::Range(range) => {
                let digits = |text: &str| self.p.reader.digits(text).into();
                let values = [("from", digits(&range.start)), ("to", digits(&range.end)), ("step", digits(&range.step))];
                text_with(self.p.reader.lang, "fill-help-range", &values)
            }
            _ => String::new(),
        }
    }

    fn picks(&self, items: &[Item], answer: &str, several: bool) -> Vec<Pick> {
        let ticked = |value: &str| if several { answer.split(' ').any(|part| part == value) } else { answer == value };
        let pick = |item: &Item| Pick {
            on: ticked(&item.value),
            value: item.value.clone(),
            label: words::spans(&item.label),
            plain: words::plain(&item.label),
            media: self.media(&item.media),
        };
        items.iter().take(MOST_ITEMS).map(pick).collect()
    }

    fn places(&self, items: &[Item], answer: &str) -> Vec<Place> {
        let given: Vec<&str> = answer.split(' ').filter(|part| !part.is_empty()).collect();
        let place = |at: usize| Place {
            nth: self.p.number(at as i64 + 1),
            picks: self.picks(items, given.get(at).copied().unwrap_or_default(), false),
        };
        (0..items.len().min(RADIOS * 5)).map(place).collect()
    }

    /// Pictures and sounds, as this page may fetch them.
    pub fn media(&self, media: &[Media]) -> Vec<Shown> {
        let shown = |one: &Media| Shown {
            is_picture: one.kind.ends_with("image"),
            is_sound: one.kind == "audio",
            href: format!("{}/media/{}", self.at.copy.path(), escaped(&one.file)),
        };
        media.iter().filter(|one| one.kind != "big-image").map(shown).collect()
    }

    fn attached(&self, answer: &str) -> String {
        let document = self.files.iter().find(|(name, _)| !answer.is_empty() && name == answer);
        document.map(|(_, id)| format!("/cases/{}/documents/{id}", self.at.case.id)).unwrap_or_default()
    }
}

/// Nobody types its answer: it can't be changed, or it is worked out.
pub(super) fn is_told(session: &Session, element: NodeId) -> bool {
    session.is_readonly(element)
        || names_case(session, element)
        || session.place(element).is_some_and(|place| session.is_calculated(place))
}

// The code of the case on which it is filled in, unless the form finds something wrong with it.
fn names_case(session: &Session, element: NodeId) -> bool {
    let Some(node) = session.node(element).filter(|node| node.name == CASE_CODE) else { return false };
    let is_text = node.question().is_some_and(|question| question.kind == QuestionKind::Text);
    is_text && !session.value(element).is_empty() && session.check(element).is_none()
}

fn escaped(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

fn input(node: &Node, kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Integer | QuestionKind::Decimal | QuestionKind::Range(_) | QuestionKind::Geopoint => "decimal",
        QuestionKind::Text if node.has_appearance("numbers") => "decimal",
        _ => "text",
    }
}

fn direction(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Text | QuestionKind::SelectOne => "",
        _ => "ltr",
    }
}

fn accept(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::File(kind) if kind.starts_with("image") => "image/jpeg,image/png",
        QuestionKind::File(kind) if kind.starts_with("audio") => "audio/*",
        QuestionKind::File(_) => "application/pdf,image/jpeg,image/png",
        _ => "",
    }
}

// The marks of a scale, where they are few enough to be chosen from.
fn marks(range: &Range) -> Vec<String> {
    let read = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    let (Some(start), Some(end), Some(step)) = (read(&range.start), read(&range.end), read(&range.step)) else {
        return Vec::new();
    };
    let (low, step) = (start.min(end), step.abs());
    let count = (end - start).abs() / step;
    if !count.is_finite() || count > 50.0 {
        return Vec::new();
    }
    let decimals = range
        .step
        .split_once('.')
        .map_or(0, |(_, rest)| rest.len())
        .max(range.start.split_once('.').map_or(0, |(_, rest)| rest.len()));
    (0..=count.round() as usize).map(|mark| format!("{:.decimals$}", low + step * mark as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_of_few_marks_offers_them() {
        let of = |start: &str, end: &str, step: &str| {
            marks(&Range { start: start.into(), end: end.into(), step: step.into(), whole: false })
        };
        assert_eq!(of("1", "5", "2"), ["1", "3", "5"]);
        assert_eq!(of("0", "1", "0.5"), ["0.0", "0.5", "1.0"]);
        assert_eq!((of("0", "100", "1").len(), of("0", "1", "0").len(), of("a", "b", "1").len()), (0, 0, 0));
    }
}
