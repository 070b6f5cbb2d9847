//! What a household may be asked together (S12): words that give away what only one person alone may be asked are a mistake, whatever topic their
//! author named, unless somebody looked at the question and says why it may be asked all the same.
use crate::packs::touchy;

/// A reason is a sentence, no tick.
const SHORTEST_REASON: usize = 20;

// How words on pregnancy begin. Beside the others they stand here alone: a household is often rightly asked whether somebody is expecting, and a
// pack can answer for it; a form that is uploaded can't.
const EXPECTING: &[&str] = &["pregnan", "miscarr", "enceinte", "grossesse", "embaraz", "حوامل", "حبلى", "الحوامل"];

// The same as whole words: a campaign begins like one of them.
const EXPECTING_WHOLE: &[&str] = &["حامل", "الحامل", "الحمل", "حملها", "حملك"];

// Who bears one of these is its holder.
const BORNE: &[&str] = &["بطاقة", "هوية", "جواز", "وثيقة", "رخصة", "شهادة", "تصريح", "إقامة"];

/// The first word of a text that gives it away, as it is written there.
pub(super) fn gives_away(text: &str) -> Option<String> {
    touchy::found(text).or_else(|| {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let expecting = |at: &usize| {
            let word = words[*at].to_lowercase();
            let bare = word.trim_start_matches(['و', 'ف', 'ل', 'ب']);
            let begins = EXPECTING.iter().any(|known| word.starts_with(known) || bare.starts_with(known));
            let whole = EXPECTING_WHOLE.iter().any(|known| word == *known || bare == *known);
            begins || (whole && !words.get(at + 1).is_some_and(|next| BORNE.contains(&next.trim_start_matches("ال"))))
        };
        (0..words.len()).find(expecting).map(|at| words[at].to_owned())
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
        for text in [
            "Does the roof leak?",
            "Combien de personnes ?",
            "¿De qué vive el hogar?",
            "كم عدد الغرف؟",
            "هل وصلتكم الحملة؟",
            "من حامل البطاقة؟",
        ] {
            assert_eq!(gives_away(text), None, "{text}");
        }
        assert!(is_reviewed("Asked for milk rations; agreed with the women's group.") && !is_reviewed("ok"));
    }
}
