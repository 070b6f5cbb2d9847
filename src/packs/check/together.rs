//! What a household may be asked together (S12): words that give away what only one person alone may be asked are a mistake, whatever topic their
//! author named, unless somebody looked at the question and says why it may be asked all the same.
use crate::packs::touchy;

/// A reason is a sentence, no tick.
const SHORTEST_REASON: usize = 20;

// How words on pregnancy begin. Beside the others they stand here alone: a household is often rightly asked whether somebody is expecting, and a
// pack can answer for it; a form that is uploaded can't.
const EXPECTING: &[&str] =
    &["pregnan", "miscarr", "enceinte", "grossesse", "embaraz", "حامل", "حوامل", "حبلى", "الحمل", "الحامل", "الحوامل"];

/// The first word of a text that gives it away, as it is written there.
pub(super) fn gives_away(text: &str) -> Option<String> {
    touchy::found(text).or_else(|| {
        let begins = |word: &str| {
            let word = word.to_lowercase();
            let bare = word.trim_start_matches(['و', 'ف', 'ل', 'ب']);
            EXPECTING.iter().any(|known| word.starts_with(known) || bare.starts_with(known))
        };
        text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty() && begins(word)).map(str::to_owned)
    })
}

/// Somebody looked at it, and says why it may be asked.
pub(super) fn is_reviewed(reason: &str) -> bool {
    reason.trim().chars().count() >= SHORTEST_REASON
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s12_words_on_pregnancy_are_known_in_every_language() {
        for text in ["Is anybody pregnant?", "Une femme enceinte ?", "¿Hay embarazadas?", "هل توجد امرأة حامل؟", "والحامل منهن"]
        {
            assert!(gives_away(text).is_some(), "{text}");
        }
        for text in ["Does the roof leak?", "Combien de personnes ?", "¿De qué vive el hogar?", "كم عدد الغرف؟"] {
            assert_eq!(gives_away(text), None, "{text}");
        }
        assert!(is_reviewed("Asked for milk rations; agreed with the women's group.") && !is_reviewed("ok"));
    }
}
