//! Texts in the language in use, with the values that stand in them.
use super::fill::Session;
use super::plan::PlaceId;
use crate::form::{Media, Node, Piece, Text, Wording};
use crate::instance::NodeId;
use crate::xml::local;

/// How deep texts may lie in each other through `jr:choice-name` and `jr:itext`.
const DEEPEST: u64 = 8;

impl Session {
    /// What a question or group is called; blank if the author gave it no label.
    pub fn label(&self, element: NodeId) -> String {
        self.text_of(element, |node| &node.label)
    }

    /// The hint below the label.
    pub fn hint(&self, element: NodeId) -> String {
        self.text_of(element, |node| &node.hint)
    }

    /// Longer help.
    pub fn guidance(&self, element: NodeId) -> String {
        self.text_of(element, |node| &node.guidance)
    }

    /// Pictures and sounds of the label.
    pub fn media(&self, element: NodeId) -> &[Media] {
        let wording = self.node(element).and_then(|node| self.wording(&node.label));
        wording.map_or(&[], |wording| &wording.media)
    }

    fn text_of(&self, element: NodeId, which: fn(&Node) -> &Text) -> String {
        self.node(element).and_then(|node| self.words(which(node), element)).unwrap_or_default()
    }

    /// The words of a text as seen from an element: in the language in use, else in the default one, else in any.
    pub fn words(&self, text: &Text, at: NodeId) -> Option<String> {
        let wording = self.wording(text)?;
        if self.nested.get() >= DEEPEST {
            return None;
        }
        self.nested.set(self.nested.get() + 1);
        let words = wording.pieces.iter().map(|piece| match piece {
            Piece::Plain(words) => words.clone(),
            Piece::Output(expression) => {
                let value = self.plan.expr(expression).and_then(|expr| self.evaluate(expr, at).ok());
                value.map(|value| value.into_text(self)).unwrap_or_default()
            }
        });
        let words = words.collect();
        self.nested.set(self.nested.get() - 1);
        Some(words)
    }

    fn wording<'a>(&self, text: &'a Text) -> Option<&'a Wording> {
        let own = text.in_language(self.language).or_else(|| text.in_language(self.plan.form.default_language));
        own.or_else(|| text.wordings.iter().find(|wording| !wording.is_empty()))
    }

    /// The media of a text in the language in use.
    pub(super) fn media_of(&self, text: &Text) -> Vec<Media> {
        self.wording(text).map(|wording| wording.media.clone()).unwrap_or_default()
    }

    /// `jr:choice-name`: the label of a choice of the question at a path, absolute or relative to `from`, in the same round.
    pub(super) fn name_of_choice(&self, value: &str, path: &str, from: NodeId) -> Option<String> {
        let place = self.plan.place(path).or_else(|| self.relative(path, from))?;
        let elements = self.index.elements(place);
        let around: Vec<NodeId> = std::iter::successors(Some(from), |id| self.tree.parent(*id)).collect();
        let common = |element: &NodeId| {
            std::iter::successors(Some(*element), |id| self.tree.parent(*id)).position(|id| around.contains(&id))
        };
        let question = elements.iter().copied().min_by_key(|element| common(element))?;
        self.label_of_choice(question, value)
    }

    fn relative(&self, path: &str, from: NodeId) -> Option<PlaceId> {
        path.strip_prefix("current()/").unwrap_or(path).split('/').try_fold(self.index.place(from)?, |place, step| {
            match step.trim() {
                "." => Some(place),
                ".." => self.plan.spot(place).parent,
                name => self.plan.spot(place).children.iter().copied().find(|child| self.plan.spot(*child).name == local(name)),
            }
        })
    }

    /// `jr:itext`: the ids that converters make, `list-3` for a choice (from 0) and `/data/question:label` for a question.
    pub(super) fn text_with_id(&self, id: &str) -> Option<String> {
        if let Some((path, kind)) = id.split_once(':') {
            let place = self.plan.place(path)?;
            let node = self.plan.node(place)?;
            let text = match kind {
                "label" => &node.label,
                "hint" => &node.hint,
                "jr:constraintMsg" => &node.bind.constraint_message,
                "jr:requiredMsg" => &node.bind.required_message,
                _ => return None,
            };
            return self.words(text, *self.index.elements(place).first()?);
        }
        let (list, number) = id.rsplit_once('-')?;
        let choice = self.plan.form.list(list)?.choices.get(number.parse::<usize>().ok()?)?;
        self.words(&choice.label, self.tree.root())
    }
}
