//! What of an agreement is sealed: witness, interpreter, signature.
use serde::{Deserialize, Serialize};

use crate::people::names;

/// What of an agreement is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Before whom it was said.
    #[serde(default)]
    pub witness: String,
    /// Who interpreted.
    #[serde(default)]
    pub interpreter: String,
    /// They are no relative and no child, and keep what was said to themselves: ticked wherever somebody interpreted (S25).
    #[serde(default)]
    pub interpreter_bound: bool,
    /// The strokes of a drawn signature: points of a box of 600 by 200, strokes parted by semicolons.
    #[serde(default)]
    pub strokes: String,
    /// Why it is best for a child for whom nobody can speak.
    #[serde(default)]
    pub reason: String,
}

impl Signed {
    /// What was drawn, stroke by stroke.
    pub fn drawn(&self) -> Vec<String> {
        self.strokes.split(';').filter(|stroke| !stroke.trim().is_empty()).map(ToOwned::to_owned).collect()
    }

    /// The witness is whoever writes it down: nobody bears themselves witness. The name comes before what is said of them, in whichever script; a first
    /// name alone may be anybody's.
    pub fn is_witnessed_by(&self, name: &str) -> bool {
        let words = |text: &str| text.to_lowercase().split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        let called = self.witness.split([',', '،', ';', '؛', '(', ':', '·', '–']).next().unwrap_or_default();
        let (called_words, name_words) = (words(called), words(name));
        let begins = name_words.len() > 1 && called_words.starts_with(&name_words);
        begins || (!name_words.is_empty() && called_words == name_words) || names::score(called, name) >= SAME_NAME
    }
}

// From here on two names are likely one person's.
const SAME_NAME: f64 = 0.93;

/// Whether these are strokes of a pen: at least eight points inside the box.
pub fn are_strokes(text: &str) -> bool {
    let inside = |point: &str| {
        let Some((x, y)) = point.split_once(',') else { return false };
        x.parse::<u16>().is_ok_and(|x| x <= 600) && y.parse::<u16>().is_ok_and(|y| y <= 200)
    };
    let points = || text.split(';').flat_map(str::split_whitespace);
    text.len() <= 40_000 && points().all(inside) && points().count() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_bears_themselves_witness() {
        let by = |witness: &str| Signed { witness: witness.into(), ..Signed::default() }.is_witnessed_by("Amina Haddad");
        assert!(by("amina  haddad, social worker") && by("Amina Haddad"));
        assert!(by("Haddad Amina (social worker)") && by("Amina Haddad social worker"));
        assert!(!by("The receptionist") && !by("Amina, a neighbour") && !by("") && !by("The mother of Amina Haddad"));
        let is = |witness: &str, name: &str| Signed { witness: witness.into(), ..Signed::default() }.is_witnessed_by(name);
        assert!(!is("Alicia", "Ali") && is("فاطمة حسين، مرشدة", "Fatima Hussein"));
    }

    #[test]
    fn strokes_are_points_inside_the_box() {
        assert!(are_strokes("1,2 3,4 5,6 7,8;9,10 11,12 13,14 600,200"));
        for wrong in ["", "1,2 3,4", "1,2 3,4 5,6 7,8 9,10 11,12 13,14 601,1", "<svg>", "1,2;3;4"] {
            assert!(!are_strokes(wrong), "{wrong}");
        }
    }
}
