//! How alike two names are, part by part, in whichever order the parts come.
use super::fold::{Token, Vowels, tokens};
use super::skeleton;

/// Two parts less alike than this are different words that happen to share letters.
const ALIKE: f64 = 0.8;
/// What one part that only one of the names has takes off.
const MISSING: f64 = 0.04;
/// What each further missing part takes off.
const MISSING_MORE: f64 = 0.10;
/// What a name of one part lacks beside a fuller one: Fatima is only perhaps Fatima Hussein.
const ONE_PART: f64 = 0.12;
/// The most that missing parts take off: of five parts and more nobody types all, so two that fit still find the name.
const MOST_MISSING: f64 = 0.15;
/// The same where one of the names has one part.
const MOST_MISSING_ONE_PART: f64 = 0.34;
/// The least likeness of two parts with the same consonants, whatever their vowels.
const SAME_SKELETON: f64 = 0.6;
/// The same for one or two consonants, which many words share.
const SAME_SHORT_SKELETON: f64 = 0.4;
/// The likeness of two parts that one slip of the finger turns into each other.
const ONE_SLIP: f64 = 0.9;

/// The likeness of two names from 0 to 1: from 0.8 worth a second look, from 0.93 likely the same.
pub fn score(query: &str, candidate: &str) -> f64 {
    let (one, other) = (tokens(query), tokens(candidate));
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if few.is_empty() {
        return 0.0;
    }
    let total = best_assignment(&few, &many);
    #[expect(clippy::cast_precision_loss, reason = "a name has at most eight parts")]
    let (parts, missing) = (few.len() as f64, (many.len() - few.len()) as f64);
    let (first, most) = if few.len() == 1 { (ONE_PART, MOST_MISSING_ONE_PART) } else { (MISSING, MOST_MISSING) };
    let penalty = if missing > 0.0 { (first + MISSING_MORE * (missing - 1.0)).min(most) } else { 0.0 };
    (total / parts - penalty).clamp(0.0, 1.0)
}

/// The greatest sum of likenesses when each part of the shorter name takes its own part of the longer.
fn best_assignment(few: &[Token], many: &[Token]) -> f64 {
    // best[set] is the best sum with the parts in `set` taken; eight parts make 256 sets.
    let mut best = vec![f64::NEG_INFINITY; 1 << many.len()];
    best[0] = 0.0;
    for part in few {
        let likenesses: Vec<f64> = many.iter().map(|other| likeness(part, other)).collect();
        let mut next = vec![f64::NEG_INFINITY; best.len()];
        for (set, sum) in best.iter().enumerate().filter(|(_, sum)| sum.is_finite()) {
            for (at, alike) in likenesses.iter().enumerate().filter(|(at, _)| set & (1 << at) == 0) {
                let taken = set | (1 << at);
                next[taken] = next[taken].max(sum + alike);
            }
        }
        best = next;
    }
    best.into_iter().fold(0.0, f64::max)
}

fn likeness(one: &Token, other: &Token) -> f64 {
    let vowels = if one.vowels == other.vowels { one.vowels } else { Vowels::Unwritten };
    let readings = one.readings().flat_map(|a| other.readings().map(move |b| (a, b)));
    let best = readings.map(|(a, b)| alike(a, b, vowels)).fold(0.0, f64::max);
    if best < ALIKE { best * (best / ALIKE).powi(2) } else { best }
}

fn alike(one: &str, other: &str, vowels: Vowels) -> f64 {
    if one == other {
        return 1.0;
    }
    let (bones, other_bones) = (skeleton::of(one), skeleton::of(other));
    let written = strsim::jaro_winkler(one, other);
    if vowels == Vowels::Unwritten {
        return if bones == other_bones { 0.97 } else { strsim::jaro_winkler(&bones, &other_bones) * 0.95 };
    }
    if bones == other_bones {
        let least = if bones.len() >= 3 { SAME_SKELETON } else { SAME_SHORT_SKELETON };
        return least + (1.0 - least) * written;
    }
    let slip = one.len().min(other.len()) >= 4 && strsim::damerau_levenshtein(one, other) == 1;
    if slip { written.max(ONE_SLIP) } else { written }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_follows_the_parts() {
        let table = [
            ("Fatima Hussein", "Hussein Fatima", 1.0, 1.0),
            ("Fatima Hussein", "Fatma Husayn", 0.95, 1.0),
            ("Fatima Hussein", "فاطمة حسين", 0.95, 1.0),
            ("Fatima Hussein", "Fatima Ali Hussein", 0.95, 0.97),
            ("Fatima Ali Hussein", "Fatima Hussein", 0.95, 0.97),
            ("Fatima Husseon", "Fatima Hussein", 0.9, 1.0),
            ("Fatima Hissein", "Fatima Hussein", 0.9, 1.0),
            ("Fatina Hussein", "Fatima Hussein", 0.9, 1.0),
            ("Fatima", "Fatima Ali Hussein", 0.7, 0.8),
            ("Fatima", "Fatima Hussein", 0.85, 0.9),
            ("Hermenegilda Pilar", "Hermenegilda Pilar Dolores Carmen Ruiz", 0.8, 0.86),
            ("ruiz hermenegilda", "Hermenegilda Pilar Dolores Carmen Ruiz", 0.8, 0.86),
            ("Hermenegilda", "Hermenegilda Pilar Dolores Carmen Ruiz", 0.6, 0.68),
            ("خلود الكبيسي", "خلود عبد الرحمن محمد سعيد الكبيسي", 0.8, 0.86),
            ("Pilar Ruiz", "Hermenegilda Pilar Dolores Carmen Soledad Amparo Ines Ruiz", 0.8, 0.86),
            ("Pilar Gomez", "Hermenegilda Pilar Dolores Carmen Ruiz", 0.0, 0.78),
            ("Khaled Mansour", "Khalid Mansur", 0.95, 1.0),
            ("José García Muñoz", "Garcia Munoz Jose", 1.0, 1.0),
            ("Noureddine Ben Ali", "نور الدين بن علي", 0.9, 1.0),
            ("Fatima Hussein", "Fatima Mansour", 0.0, 0.78),
            ("Fatima Hussein", "Khalid Mansour", 0.0, 0.5),
            ("Omar Said", "Sara Nour", 0.0, 0.6),
            ("فاطمة حسين", "خالد منصور", 0.0, 0.5),
        ];
        for (query, candidate, least, most) in table {
            let found = score(query, candidate);
            assert!((least..=most).contains(&found), "{query} and {candidate}: {found:.3}");
            assert!((found - score(candidate, query)).abs() < 1e-9, "{query} and {candidate} both ways");
        }
    }
}
