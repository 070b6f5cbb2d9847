//! Paper that a person takes along: its language, and whether carrying it is safe, are asked before anything is printed (S17).
use askama::Template;

use super::parts::Choice;
use super::{Form, Page};
use crate::platform::lang::Lang;

/// What is about to be printed, in the words of its page.
#[derive(Debug)]
pub struct Paper {
    /// What it is called; the button says the same.
    pub title: String,
    /// What stands on it.
    pub lead: String,
    /// What to think of before saying that it is safe to carry.
    pub hint: String,
    /// The page that it is printed from.
    pub back: String,
    /// The name of that page.
    pub back_label: String,
    /// The code of the case.
    pub code: String,
    /// Where it is printed.
    pub action: String,
}

/// The page that asks for the language and for safety.
#[derive(Template)]
#[template(path = "web/html/paper.html")]
pub struct Ask {
    p: Page,
    form: Form,
    paper: Paper,
    langs: Vec<Choice>,
}

impl Ask {
    /// Asks, or asks again where the language was chosen and safety was not confirmed.
    pub fn about(p: Page, paper: Paper, mut form: Form) -> Self {
        if form.filled("lang") && !form.ticked("safe") {
            form.errors.add("safe", "safe_to_carry_first");
        } else {
            form.set("lang", p.lang);
        }
        let langs = Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect();
        Self { p, form, paper, langs }
    }
}

/// The language to print in; none until carrying the paper was said to be safe.
pub fn answered(form: &mut Form) -> Option<Lang> {
    form.parsed_maybe::<Lang>("lang").filter(|_| form.ticked("safe"))
}
