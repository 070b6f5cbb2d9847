//! A word in Arabic letters against one in Latin letters: consonants must agree, and so must the vowels that Arabic writes.

/// How well two words agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alike {
    /// The same consonants, but a long vowel heard otherwise ("Jamel" for جمال).
    Close,
    Exact,
}

/// Where in its word an Arabic letter stands.
#[derive(Clone, Copy)]
struct Place {
    first: bool,
    last: bool,
}

/// Arabic letters in plain form (see `ordinary::letters`), and a Latin word spelt by sound (see `people::names`).
pub(super) fn alike(arabic: &str, latin: &str) -> Option<Alike> {
    let arabic: Vec<char> = arabic.chars().collect();
    let latin: Vec<char> = latin.chars().collect();
    if arabic.len() < 2 || latin.len() < 2 || latin.len() > 24 || arabic.len() > 24 {
        return None;
    }
    // best[j]: how well the letters so far agree with the first j Latin ones.
    let mut best: Vec<Option<Alike>> = vec![None; latin.len() + 1];
    best[0] = Some(Alike::Exact);
    for (at, letter) in arabic.iter().enumerate() {
        let mut next = vec![None; latin.len() + 1];
        for from in 0..=latin.len() {
            let Some(so_far) = best[from] else { continue };
            let place = Place { first: at == 0, last: at + 1 == arabic.len() };
            for (taken, alike) in steps(*letter, &latin[from..], place) {
                let reached: &mut Option<Alike> = &mut next[from + taken];
                *reached = (*reached).max(Some(so_far.min(alike)));
            }
        }
        best = next;
    }
    // Short vowels at the end are not written either.
    (0..=latin.len()).rev().take_while(|end| latin[*end..].iter().all(|c| is_vowel(*c))).filter_map(|end| best[end]).max()
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// How many Latin letters this Arabic one may stand for here, short vowels before it included.
fn steps(letter: char, latin: &[char], place: Place) -> Vec<(usize, Alike)> {
    let mut steps = Vec::new();
    // A word that begins with a vowel has a letter for it in Arabic, so none is skipped before the first.
    let most = if place.first { 0 } else { latin.iter().take_while(|c| is_vowel(**c)).count().min(2) };
    for skipped in 0..=most {
        let Some(sound) = latin.get(skipped) else { break };
        if let Some(alike) = sounds(letter, *sound, place) {
            steps.push((skipped + 1, alike));
        }
    }
    match letter {
        // Hamza and ain may be heard as nothing; a last one of the two ha is silent.
        'ء' => steps.push((0, Alike::Exact)),
        'ع' => steps.push((0, Alike::Exact)),
        'ه' | 'ح' | 'ا' if place.last => steps.push((0, Alike::Exact)),
        _ => {}
    }
    steps
}

fn sounds(letter: char, sound: char, place: Place) -> Option<Alike> {
    let exact = |yes: bool| yes.then_some(Alike::Exact);
    match letter {
        'ا' if place.first => exact(is_vowel(sound)),
        'ا' => match sound {
            'a' => Some(Alike::Exact),
            'e' | 'i' => Some(Alike::Close),
            _ => None,
        },
        'ع' => exact(is_vowel(sound)),
        'و' => exact(matches!(sound, 'u' | 'o' | 'w' | 'f')),
        'ي' => exact(matches!(sound, 'i' | 'e' | 'y') || (sound == 'a' && !place.first)),
        // The last one may be a ta that is heard (Hikmet for حكمة).
        'ه' => exact(sound == 'h' || (place.last && matches!(sound, 'a' | 'e' | 'd' | 't'))),
        'ح' | 'خ' => exact(matches!(sound, 'h' | 'k')),
        'ب' | 'پ' => exact(matches!(sound, 'b' | 'p')),
        'ت' | 'ط' => exact(matches!(sound, 't' | 'd')),
        'ث' => exact(matches!(sound, 't' | 's')),
        'ج' | 'غ' => exact(matches!(sound, 'j' | 'g')),
        'چ' | 'ش' => exact(sound == 's'),
        'د' => exact(sound == 'd'),
        'ض' | 'ذ' | 'ظ' => exact(matches!(sound, 'd' | 'z')),
        'ر' => exact(sound == 'r'),
        'ز' => exact(matches!(sound, 'z' | 's')),
        'س' | 'ص' => exact(matches!(sound, 's' | 'z')),
        'ف' | 'ڤ' => exact(matches!(sound, 'f' | 'w')),
        'ق' => exact(matches!(sound, 'k' | 'g')),
        'ك' | 'گ' => exact(matches!(sound, 'k' | 'g')),
        'ل' => exact(sound == 'l'),
        'م' => exact(sound == 'm'),
        'ن' => exact(sound == 'n'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ordinary::{letters, plain};
    use super::*;
    use crate::people::names::spellings;

    #[test]
    fn the_long_vowels_decide_between_names_with_the_same_consonants() {
        let table = [
            ("فاطمة", "Fatima", Some(Alike::Exact)),
            ("خالد", "Khaled", Some(Alike::Exact)),
            ("محمد", "Mohammed", Some(Alike::Exact)),
            ("محمود", "Mohammed", None),
            ("محمود", "Mahmoud", Some(Alike::Exact)),
            ("عمر", "Omar", Some(Alike::Exact)),
            ("علي", "Ali", Some(Alike::Exact)),
            ("حسين", "Hussein", Some(Alike::Exact)),
            ("حسن", "Hussein", Some(Alike::Exact)),
            ("زينب", "Zaynab", Some(Alike::Exact)),
            ("جمال", "Jamel", Some(Alike::Close)),
            ("منى", "Mouna", Some(Alike::Exact)),
            ("خالد", "hold", None),
            ("مريم", "moreover", None),
        ];
        for (arabic, latin, expected) in table {
            let spelt = &spellings(latin)[0].readings[0];
            assert_eq!(alike(&letters(&plain(arabic)), spelt), expected, "{arabic} {latin} ({spelt})");
        }
    }
}
