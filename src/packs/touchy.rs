//! Words on violence, abuse and sexual health, in the languages of the program: what a household is never asked together (S12).
//!
//! Five lists: words that say it by themselves, whole or as the beginning of a word; phrases, whose words follow each other; blows, such as
//! “hit”, which count beside whom they meet or who deals them, so that a house hit by a storm passes; and threats, such as “force”, which
//! count where husband, wife or parents, a weapon or what somebody is forced to stand in the same text, or where they meet a person and neither
//! floods nor landlords are spoken of. Harm and fear count where they come from another of the family, and so does safety beside one of them. Arabic words count with the particles before and the endings behind them.
//! The lists are a net under whoever writes forms, not a judgement: what they catch belongs into a form for one person alone.

mod lists;

use std::collections::HashSet;
use std::sync::LazyLock;

use lists::{
    BEGINNINGS, BLOWS, EXCUSES, FAMILIES, FORCED_TO, FORCES, FROM, HURTS, MEMBERS, MENACES, OTHERS, OTHERS_BEHIND, PARTNERS,
    PHRASES, RELATIVES, SAFES, THREATS, VERBS, WITHIN, WITHS, WORDS,
};

/// Words of a list, as they are compared.
pub type Words = LazyLock<HashSet<String>>;

static KNOWN: Words = LazyLock::new(|| read(WORDS));
static ENDED: Words = LazyLock::new(|| read(VERBS));
static BLOW: Words = LazyLock::new(|| read(BLOWS));
static THREAT: Words = LazyLock::new(|| read(THREATS));
static KIN: Words = LazyLock::new(|| read(PARTNERS));
static FORCED: Words = LazyLock::new(|| read(FORCED_TO));
static MENACE: Words = LazyLock::new(|| read(MENACES));
static FORCING: Words = LazyLock::new(|| read(FORCES));
static EXCUSED: Words = LazyLock::new(|| read(EXCUSES));
static HURT: Words = LazyLock::new(|| read(HURTS));
static OTHER: Words = LazyLock::new(|| read(OTHERS));
static OTHER_BEHIND: Words = LazyLock::new(|| read(OTHERS_BEHIND));
static MEMBER: Words = LazyLock::new(|| read(MEMBERS));
static KINDRED: Words = LazyLock::new(|| read(RELATIVES));
static BY: Words = LazyLock::new(|| read(FROM));
static IN: Words = LazyLock::new(|| read(WITHIN));
static SAFE: Words = LazyLock::new(|| read(SAFES));
static WITH: Words = LazyLock::new(|| read(WITHS));
static FAMILY: Words = LazyLock::new(|| read(FAMILIES));
static TOUCH: Words = LazyLock::new(|| read(&["touchée tocado tocada"]));
static ANYBODY: Words = LazyLock::new(|| read(&["somebody someone anybody anyone quelqu alguien احد"]));
// Whom a blow meets, behind the word and before it.
static MET: Words =
    LazyLock::new(|| read(&["you him her us child children vous vos votre enfant enfants sus su hijo hijos niño niños usted"]));
// Whom a threat meets.
static PERSON: Words = LazyLock::new(|| read(&["you him her us them me vous usted ustedes"]));
static PERSON_BEFORE: Words = LazyLock::new(|| read(&["vous te le nous lui"]));
static MET_BEFORE: Words = LazyLock::new(|| read(&["vous te le les nous nos lui"]));

/// The words of these lines, parted by spaces.
pub fn read(lines: &[&str]) -> HashSet<String> {
    lines.iter().flat_map(|line| line.split(' ')).map(plain).collect()
}

/// The first such word or phrase in a text, as it is written there.
pub fn found(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_alphanumeric() && !is_mark(character))
        .filter(|word| !word.is_empty())
        .collect();
    let stems: Vec<Vec<String>> = words.iter().map(|word| stems(&plain(word))).collect();
    let told = stems.iter().position(|stems| says(stems));
    if let Some(at) = told.or_else(|| between(&stems)).or_else(|| at_home(&stems)) {
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

/// Whether this is a word of a list, in Arabic also with particles before and endings behind it.
pub fn is_among(word: &str, known: &HashSet<String>) -> bool {
    stems(&plain(word)).iter().any(|stem| ended(stem, known))
}

// By itself.
fn says(stems: &[String]) -> bool {
    let begins = |stem: &String| BEGINNINGS.iter().any(|beginning| stem.starts_with(beginning));
    stems.iter().any(|stem| KNOWN.contains(stem) || begins(stem) || ended(stem, &ENDED))
}

// A blow or a threat beside whom it comes from or meets.
fn between(stems: &[Vec<String>]) -> Option<usize> {
    let is = |at: usize, known: &HashSet<String>| stems[at].iter().any(|stem| ended(stem, known));
    let any = |known: &HashSet<String>| (0..stems.len()).any(|at| is(at, known));
    let (kin, somebody) = (any(&KIN), any(&ANYBODY));
    let met = |at: usize| (at + 1..stems.len().min(at + 3)).any(|near| is(near, &MET)) || (at > 0 && is(at - 1, &MET_BEFORE));
    let threatens = kin || any(&FORCED);
    let blow = |at: usize| is(at, &BLOW) && (kin || somebody || met(at));
    let excused = any(&EXCUSED);
    let menace = |at: usize| !excused && threatened(stems, at, somebody);
    (0..stems.len()).find(|at| (threatens && is(*at, &THREAT)) || (somebody && is(*at, &TOUCH)) || blow(*at) || menace(*at))
}

// Harm or fear of one of a family that comes from another of it, or whether somebody is safe beside one of them.
fn at_home(stems: &[Vec<String>]) -> Option<usize> {
    let is = |at: usize, known: &HashSet<String>| stems[at].iter().any(|stem| ended(stem, known));
    let near = |from: usize, reach: usize| from..stems.len().min(from + reach);
    let ends = |at: usize| at + 1 == stems.len();
    // “by another”, “of another member”, “another in the family”; not “another flood”.
    let other = |at: usize| is(at, &OTHER) && (ends(at) || is(at + 1, &MEMBER) || is(at + 1, &IN));
    let other = |at: usize| other(at) || (at > 0 && is(at, &OTHER_BEHIND) && is(at - 1, &MEMBER));
    // “hurt by a family member”.
    let member = |at: usize| near(at + 1, 1).any(|by| is(by, &BY)) && near(at + 2, 3).any(|one| is(one, &KINDRED));
    let excused = (0..stems.len()).any(|at| is(at, &EXCUSED));
    let hurt = |at: usize| is(at, &HURT) && !excused && (near(at + 1, 7).any(other) || member(at));
    let one_of_them = |at: usize| is(at, &KIN) || is(at, &FAMILY);
    let beside = |at: usize| near(at + 1, 2).any(|with| is(with, &WITH) && near(with + 1, 3).any(one_of_them));
    (0..stems.len()).find(|at| hurt(*at) || (is(*at, &SAFE) && beside(*at)))
}

// A threat that meets a person, or comes from somebody. In Arabic whom it meets is the ending of the word.
fn threatened(stems: &[Vec<String>], at: usize, somebody: bool) -> bool {
    let is = |at: usize, known: &HashSet<String>| stems[at].iter().any(|stem| ended(stem, known));
    let suffixed = |known: &HashSet<String>| is(at, known) && !stems[at].iter().any(|stem| known.contains(stem));
    let behind = (at + 1..stems.len().min(at + 3)).any(|near| is(near, &PERSON));
    // Between “vous” and what was done may stand “a-t-il”.
    let reach = if somebody { 4 } else { 1 };
    let before = (at.saturating_sub(reach)..at).any(|near| is(near, &PERSON_BEFORE));
    let meets = behind || before;
    let forced = somebody && is(at, &FORCING) && (meets || suffixed(&FORCING));
    forced || (is(at, &MENACE) && (meets || somebody || suffixed(&MENACE)))
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

// A word of the list, in Arabic also with endings behind it.
fn ended(stem: &str, known: &HashSet<String>) -> bool {
    const ENDINGS: &[&str] = &["كما", "هما", "كم", "كن", "هم", "هن", "ها", "ني", "نا", "ون", "ين", "ه", "ك", "ي", "و", "وا"];
    if known.contains(stem) {
        return true;
    }
    ENDINGS.iter().filter_map(|ending| stem.strip_suffix(ending)).any(|less| {
        known.contains(less) || ENDINGS.iter().filter_map(|ending| less.strip_suffix(ending)).any(|least| known.contains(least))
    })
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
            ("Does your husband beat you?", "beat"),
            ("Has somebody hit you?", "hit"),
            ("Does your wife force you to stay at home?", "force"),
            ("Do you hit the children?", "hit"),
            ("Does anybody hurt you?", "hurt you"),
            ("Votre mari vous bat-il ?", "bat"),
            ("Est-ce qu’on vous frappe ?", "frappe"),
            ("Votre conjoint vous fait-il peur ?", "peur"),
            ("¿Su marido le pega?", "pega"),
            ("¿Su pareja la amenaza?", "amenaza"),
            ("هل يضربك زوجك؟", "يضربك"),
            ("هل يضربونكم؟", "يضربونكم"),
            ("هل تخافين من زوجك؟", "تخافين"),
            ("هل اعتدى عليك أحد؟", "اعتدى"),
        ] {
            assert_eq!(found(text).as_deref(), Some(word), "{text}");
        }
    }

    #[test]
    fn s12_force_threats_touch_and_fear_are_known_in_four_languages() {
        for (text, word) in [
            ("Does anyone force you to have sex?", "force"),
            ("Has anybody touched you in a way you did not like?", "touched"),
            ("Are you afraid of your partner?", "afraid"),
            ("Do you feel safe at home?", "feel safe at home"),
            ("Has anyone threatened you with a knife?", "threatened"),
            ("هل أجبرك أحد على الجماع؟", "الجماع"),
            ("هل أجبرك أحد على المعاشرة؟", "أجبرك"),
            ("هل لمسك أحد؟", "لمسك"),
            ("هل هدّدك أحد بالسكين؟", "هدّدك"),
            ("هل تشعرين بالأمان في منزلك؟", "تشعرين بالأمان في منزلك"),
            ("Avez-vous été forcée à des rapports ?", "forcée"),
            ("Subissez-vous des coups ?", "des coups"),
            ("Quelqu’un vous a-t-il touchée ?", "touchée"),
            ("¿La han obligado a tener relaciones?", "obligado"),
            ("¿Alguien le ha hecho daño?", "le ha hecho daño"),
            ("¿Alguien la ha tocado?", "tocado"),
            ("Does he threaten you?", "threaten"),
            ("هل يهددك أحد في البيت؟", "يهددك"),
            ("Est-ce qu'on vous menace à la maison ?", "menace"),
            ("¿Le amenaza alguien en casa?", "amenaza"),
            ("Have you been touched against your will?", "touched against your will"),
            ("Does anyone force you to stay at home?", "force"),
            ("Quelqu’un vous a-t-il forcée ?", "forcée"),
            ("¿Alguien le obliga a quedarse?", "obliga"),
            ("هل يجبرك أحد على البقاء؟", "يجبرك"),
            ("Does he yell at you or humiliate you?", "yell"),
            ("On vous crie dessus ?", "crie"),
            ("¿Le grita o le humilla?", "grita"),
            ("Are you afraid of somebody at home?", "afraid of somebody"),
            ("Avez-vous peur de quelqu’un à la maison ?", "peur de quelqu"),
            ("¿Tiene miedo de alguien en casa?", "miedo de alguien"),
            ("هل تخافين من أحد في البيت؟", "تخافين من أحد"),
        ] {
            assert_eq!(found(text).as_deref(), Some(word), "{text}");
        }
    }

    #[test]
    fn s12_harm_and_fear_within_the_family_are_known_in_four_languages() {
        for (text, word) in [
            ("Is anybody in the family hurt by another?", "hurt"),
            ("Do you feel safe with your partner?", "safe"),
            ("Is anyone at home afraid of another member?", "afraid"),
            ("Has anybody been hurt by a family member?", "hurt"),
            ("Quelqu’un de la famille est-il blessé par un autre ?", "blessé"),
            ("Vous sentez-vous en sécurité avec votre partenaire ?", "sécurité"),
            ("Quelqu’un à la maison a-t-il peur d’un autre membre ?", "peur"),
            ("¿Alguien de la familia es lastimado por otro?", "lastimado"),
            ("¿Se siente segura con su pareja?", "segura"),
            ("¿Alguien en casa tiene miedo de otro miembro?", "miedo"),
            ("هل يتأذى أحد في العائلة من شخص آخر؟", "يتأذى"),
            ("هل تشعرين بالأمان مع شريكك؟", "بالأمان"),
            ("هل يخاف أحد في البيت من فرد آخر؟", "يخاف"),
        ] {
            assert_eq!(found(text).as_deref(), Some(word), "{text}");
        }
        for text in [
            "Was anybody hurt in another accident?",
            "Are you afraid of another flood?",
            "Do the children feel safe with the teacher?",
            "Is any family member hurt or ill?",
            "Was anybody hurt? Name of the person",
            "Are you afraid of losing your children?",
            "Avez-vous peur d’une autre inondation ?",
            "La route est-elle en sécurité avec la pluie ?",
            "¿Tiene miedo de otro desalojo?",
            "¿Hay un lugar seguro con agua para la gente?",
            "هل تخافون من فيضان آخر؟",
            "هل مع الطفل شخص آخر؟",
        ] {
            assert_eq!(found(text), None, "{text}");
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
            "Was the house hit by the storm?",
            "Were you forced to leave your home?",
            "Can the child kick a ball?",
            "Is there a heartbeat?",
            "How old are your husband and your children?",
            "Le bâtiment a-t-il été touché ?",
            "Combien de personnes ont dû partir de force ?",
            "¿Fue obligada la familia a salir de su casa?",
            "¿Cuántos niños van a la escuela?",
            "هل اضطررتم إلى ترك منزلكم؟",
            "اسم الأب واسم الأم",
            "Is the father in the armed forces?",
            "هل يمكن لكم الحضور؟",
            "هل تدفع ضرائب؟",
            "Sex and age of the partner",
            "Do you own a knife or an axe?",
            "Has the landlord threatened you with eviction?",
            "Are you pregnant?",
            "Quelqu’un est-il touché par les inondations ?",
            "Où sont les rapports du comité ?",
            "¿La tormenta ha hecho daño a la casa?",
            "¿Cómo son las relaciones con los vecinos?",
            "هل تحتاجون لمسكن؟",
            "هل تنتمون إلى جماعة؟",
            "Does the flood threaten your house?",
            "Did the flood force you to leave?",
            "Did the war force you to flee?",
            "Is anybody afraid to go back?",
            "Is anybody in the armed forces?",
            "La rivière menace-t-elle votre maison ?",
            "Êtes-vous menacés d’expulsion ?",
            "Quelles sont les menaces naturelles ?",
            "¿La amenaza de inundación es alta?",
            "¿El río amenaza su casa?",
            "هل يهدد الفيضان بيتكم؟",
            "هل أجبركم الفيضان على الرحيل؟",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
