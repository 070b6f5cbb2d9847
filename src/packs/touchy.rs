//! Words on violence, abuse and sexual health, in the languages of the program: what a household is never asked together (S12).
//!
//! Whole words count, so that a therapist, a nationality or a hearing aid pass; a phrase counts where its words follow each other. The list
//! is a net under whoever writes forms, not a judgement: what it catches belongs into a form for one person alone.

use std::collections::HashSet;
use std::sync::LazyLock;

static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| WORDS.iter().flat_map(|line| line.split(' ')).map(plain).collect());

const WORDS: &[&str] = &[
    // English.
    "violence violent violently abuse abused abuses abusive abuser abusers abusing rape raped rapes rapist raping sexual sexually",
    "beaten beating beatings beats assault assaulted assaults molest molested molestation harassed harassment harass harassing incest",
    "slapped punched strangled choked battered hiv stis std stds condom condoms contraception contraceptive contraceptives abortion",
    "abortions genital genitals genitalia fgm mutilation intercourse",
    // French.
    "violente violentes violents violences viol viols violé violée violés violées abus abusé abusée abusés abusées maltraitance",
    "maltraitances maltraité maltraitée maltraités maltraitées maltraiter battue battues battu battus frappé frappée frappés frappées",
    "agression agressions agressé agressée agressés agressées harcèlement harcelé harcelée attouchement attouchements sexuel sexuelle",
    "sexuels sexuelles sexuellement inceste excision vih sida mst préservatif préservatifs contraceptif contraceptifs avortement",
    "avortements avorté génital génitale génitaux génitales",
    // Spanish.
    "violencia violencias violento violenta violentos violentas violación violaciones violada violado violadas violados violar abuso",
    "abusos abusada abusado abusadas abusados abusar maltrato maltratos maltratada maltratado maltratadas maltratados maltratar golpeada",
    "golpeado golpeadas golpeados golpea golpean golpear golpes paliza palizas agresión agresiones agredida agredido agredidas agredidos",
    "acoso acosada acosado sexuales sexualmente incesto aborto abortos anticonceptivo anticonceptivos anticonceptiva anticonceptivas",
    "anticoncepción condón condones preservativo preservativos genitales ets",
    // Arabic, written as `plain` leaves it and without the particles that `stems` takes off.
    "عنف عنيف عنيفه معنف معنفه تعنيف اغتصاب اغتصب اغتصبت مغتصبه تحرش تحرشا متحرش جنسي جنسيا ضرب ضربا يضرب تضرب ضربت يضربه يضربها",
    "يضربونه يضربونها ضربه ضربها اساءه اساءات ايذاء اعتداء اعتداءات معتدي ختان اجهاض ايدز واقي",
];

// Word after word.
const PHRASES: &[&str] = &["صحه جنسيه", "صحه انجابيه", "علاقه جنسيه", "منع حمل", "موانع حمل"];

/// The first such word or phrase in a text, as it is written there.
pub fn found(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_alphanumeric() && !is_mark(character))
        .filter(|word| !word.is_empty())
        .collect();
    let stems: Vec<Vec<String>> = words.iter().map(|word| stems(&plain(word))).collect();
    if let Some(at) = stems.iter().position(|stems| stems.iter().any(|stem| KNOWN.contains(stem))) {
        return Some(words[at].to_owned());
    }
    PHRASES.iter().find_map(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let at = stems
            .windows(phrase.len())
            .position(|window| window.iter().zip(&phrase).all(|(stems, word)| stems.iter().any(|stem| stem == word)))?;
        Some(words[at..at + phrase.len()].join(" "))
    })
}

// Small letters; in Arabic without vowel marks, and with one form for letters that people write in several ways.
fn plain(word: &str) -> String {
    let kept = word.chars().filter(|character| !is_mark(*character)).flat_map(char::to_lowercase);
    kept.map(|character| match character {
        'أ' | 'إ' | 'آ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        other => other,
    })
    .collect()
}

// Vowel marks and the stroke that lengthens a word.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{64b}'..='\u{652}' | '\u{640}' | '\u{670}')
}

// A word, and what is left of an Arabic one when conjunction, preposition and article before it are taken off.
fn stems(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    let mut rest = word;
    for particles in [["و", "ف"].as_slice(), &["ب", "ك", "ل"], &["ال", "ل"]] {
        if let Some(less) = particles.iter().find_map(|particle| rest.strip_prefix(particle))
            && less.chars().count() >= 3
        {
            rest = less;
            all.push(rest.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn s12_words_on_violence_abuse_and_sexual_health_are_known_in_four_languages() {
        for (text, word) in [
            ("Has anybody been beaten at home?", "beaten"),
            ("Sexual and reproductive health", "Sexual"),
            ("domestic_violence", "violence"),
            ("Quelqu'un a-t-il subi des violences ?", "violences"),
            ("Avez-vous été agressée ?", "agressée"),
            ("¿Hay violencia en el hogar?", "violencia"),
            ("¿Le han dado golpes?", "golpes"),
            ("هل يوجد عنف في المنزل؟", "عنف"),
            ("هل تعرّض أحد للعنف؟", "للعنف"),
            ("والإساءة إلى الأطفال", "والإساءة"),
            ("هل يضربها أحد؟", "يضربها"),
            ("خدمات الصحة الجنسية", "الصحة الجنسية"),
            ("وسائل منع الحمل", "منع الحمل"),
        ] {
            assert_eq!(found(text).as_deref(), Some(word), "{text}");
        }
    }

    #[test]
    fn s12_innocent_words_pass() {
        for text in [
            "Sex of the member",
            "Nationality of the therapist",
            "Does somebody use hearing aids or a walking aid?",
            "Grapes, violets and drapery",
            "Sexe de la personne",
            "Le violon et la violette sont inviolables",
            "Combien de trajets en bus par semaine ?",
            "Sexo de la persona",
            "¿Cuántos golfos hay en el mapa?",
            "ما جنس الفرد وما جنسيته؟",
            "الجنسية الأردنية",
            "ضريبة الدخل",
            "العنب والتين",
            "هل توجد حامل أو مرضعة؟",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
