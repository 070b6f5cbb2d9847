//! What a form does by itself: values set at certain moments, and records made of a submission.
use crate::form::Expression;

/// Something that sets a value at a certain moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// When.
    pub on: Vec<Event>,
    /// Path of the node, or attribute, that is set; in a repeat the one in the same round.
    pub target: String,
    /// Path of the innermost repeat around the target.
    pub repeat: Option<String>,
    /// What is done.
    pub deed: Deed,
}

/// Moments at which actions run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A new instance is opened for the first time.
    FirstLoad,
    /// Any instance is opened.
    Load,
    /// A round of a repeat is added.
    NewRepeat,
    /// The value of the question with this path has changed.
    ValueChanged(String),
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Sets what the expression gives, evaluated at the target; empties it if there is none.
    Set(Option<Expression>),
    /// Sets this text.
    SetText(String),
    /// Sets the place of the device.
    SetGeopoint,
    /// Records sound in the background; quality if given.
    RecordAudio(String),
}

/// A record that a submission makes or changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entity {
    /// The list it belongs to.
    pub dataset: String,
    /// Path of its element in `meta`.
    pub path: String,
    /// Its id, if it changes one that exists.
    pub id: Option<Expression>,
    /// Make one if this holds; always if there is neither this nor an id.
    pub create_if: Option<Expression>,
    /// Change it if this holds.
    pub update_if: Option<Expression>,
    /// What people call it.
    pub label: Option<Expression>,
}
