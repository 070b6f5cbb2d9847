//! Words on violence, abuse and sexual health, in the languages of the program: what a household is never asked together (S12).
//!
//! Four lists: words that say it by themselves, whole or as the beginning of a word; phrases, whose words follow each other; blows, such as
//! “hit”, which count beside whom they meet or who deals them, so that a house hit by a storm passes; and threats, such as “force”, which
//! count where husband, wife or parents, a weapon or what somebody is forced to stand in the same text. Arabic words count with the particles before and the endings behind them.
//! The lists are a net under whoever writes forms, not a judgement: what they catch belongs into a form for one person alone.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of a list, as they are compared.
pub type Words = LazyLock<HashSet<String>>;

static KNOWN: Words = LazyLock::new(|| read(WORDS));
static ENDED: Words = LazyLock::new(|| read(VERBS));
static BLOW: Words = LazyLock::new(|| read(BLOWS));
static THREAT: Words = LazyLock::new(|| read(THREATS));
static KIN: Words = LazyLock::new(|| read(PARTNERS));
static FORCED: Words = LazyLock::new(|| read(FORCED_TO));
static TOUCH: Words = LazyLock::new(|| read(&["touchée tocado tocada"]));
static ANYBODY: Words = LazyLock::new(|| read(&["somebody someone anybody anyone quelqu alguien"]));
// Whom a blow meets, behind the word and before it.
static MET: Words =
    LazyLock::new(|| read(&["you him her us child children vous vos votre enfant enfants sus su hijo hijos niño niños usted"]));
static MET_BEFORE: Words = LazyLock::new(|| read(&["vous te le les nous nos lui"]));

/// The words of these lines, parted by spaces.
pub fn read(lines: &[&str]) -> HashSet<String> {
    lines.iter().flat_map(|line| line.split(' ')).map(plain).collect()
}

const WORDS: &[&str] = &[
    // English.
    "violence violent violently abuse abused abuses abusive abuser abusers abusing rape raped rapes rapist raping sexual sexually",
    "beat beaten beating beatings beats assault assaulted assaults molest molested molestation harassed harassment harass harassing incest",
    "slap slaps slapped punched strangle strangles strangled strangling choked battered sexuality syphilis gonorrhea rapists hiv stis std",
    "stds condom condoms contraception contraceptive contraceptives abortion",
    "abortions genital genitals genitalia fgm mutilation intercourse",
    // French.
    "violente violentes violents violences viol viols violé violée violés violées abus abusé abusée abusés abusées maltraitance",
    "maltraitances maltraité maltraitée maltraités maltraitées maltraiter maltraite maltraitent battue battues battu battus battre battent",
    "battait battez frappe frappent frapper frappait frappé frappée frappés frappées gifle gifles gifler giflé giflée violer abuser",
    "étrangle étrangler étranglé étranglée sexualité",
    "agression agressions agressé agressée agressés agressées harcèlement harcelé harcelée attouchement attouchements sexuel sexuelle",
    "sexuels sexuelles sexuellement inceste excision vih sida mst préservatif préservatifs contraceptif contraceptifs avortement",
    "avortements avorté génital génitale génitaux génitales",
    // Spanish.
    "violencia violencias violento violenta violentos violentas violación violaciones violada violado violadas violados violar abuso",
    "abusos abusada abusado abusadas abusados abusar maltrato maltratos maltratada maltratado maltratadas maltratados maltratar golpeada",
    "golpeado golpeadas golpeados golpea golpean golpear golpes paliza palizas agresión agresiones agredida agredido agredidas agredidos",
    "bofetada bofetadas cachetada cachetadas estrangula estrangular sexualidad",
    "acoso acosada acosado sexuales sexualmente incesto aborto abortos anticonceptivo anticonceptivos anticonceptiva anticonceptivas",
    "anticoncepción condón condones preservativo preservativos genitales ets",
    // Arabic, written as `plain` leaves it and without the particles that `stems` takes off.
    "عنف عنيف عنيفه معنف معنفه تعنيف اغتصاب اغتصب اغتصبت مغتصبه تحرش تحرشا متحرش جنسي جنسيا ضرب ضربا يضرب تضرب ضربت يضربه يضربها",
    "لمسك يلمسك جماع يضربونه يضربونها ضربه ضربها اساءه اساءات ايذاء اعتداء اعتداءات معتدي ختان اجهاض ايدز واقي",
];

// Arabic verbs, counted with whatever ending says who does it to whom.
const VERBS: &[&str] = &[
    "ضرب يضرب تضرب نضرب ضربت ضربو يضربو مضروب اغتصب يغتصب تغتصب اغتصبت تحرش يتحرش تتحرش عنف يعنف تعنف اعتدي يعتدي تعتدي يؤذي تؤذي صفع",
    "يصفع تصفع خنق يخنق تخنق يسيء",
];

// Dealt by one to another.
const BLOWS: &[&str] = &[
    "hit hits hitting punch punches punching shove shoves shoved whip whips whipped touched touches touching",
    "bat bats cogne cognent cogner pega pegan pegar pegó pegaba golpeó golpeaba golpeé patea patean empuja empujan",
];

const THREATS: &[&str] = &[
    "hit hits hitting kick kicks kicked kicking hurt hurts hurting harm harms harmed force forced forcing threaten threatens",
    "threatened threatening threat threats insult insults insulted humiliate humiliates humiliated yell yells scream screams afraid scared",
    "fear fight fights fighting mistreat mistreats mistreated",
    "force forcé forcée forcés forcées forcer oblige obligé obligée menace menaces menacer menacé menacée insulte insultes insulter humilie humilier crie crier peur",
    "dispute disputes disputent disputer brutal brutalise",
    "obliga obligado obligada fuerza forzó forzado forzada amenaza amenazas amenazado amenazada insulta insultos humilla humillado humillada grita miedo",
    "pelea peleas pelean lastima patada patadas",
    "يهدد تهدد هدد يجبر تجبر اجبر اجبرت يشتم تشتم يهين تهين يصرخ تخاف تخافين يخاف خوف اهانه شتم تهديد يركل تركل",
];

const PARTNERS: &[&str] = &[
    "husband husbands wife wives spouse spouses partner partners boyfriend girlfriend father mother stepfather stepmother",
    "mari maris conjoint conjointe partenaire époux épouse compagnon père mère",
    "marido maridos esposo esposa pareja cónyuge novio novia padre madre padrastro madrastra",
    "زوج زوجه زوجت ازواج شريك والد ابو والده",
];

// With what somebody is threatened, and what they are forced to: beside a threat.
const FORCED_TO: &[&str] = &[
    "knife knives gun guns weapon weapons couteau couteaux arme armes rapports cuchillo cuchillos navaja arma armas relaciones",
    "سكين سكاكين سلاح اسلحه مسدس معاشره مضاجعه",
];

// The beginnings of words that nothing innocent begins with.
const BEGINNINGS: &[&str] =
    &["violenc", "violenta", "maltrat", "maltrait", "harcel", "harcèl", "contracep", "anticoncep", "contraconcep", "sexualiz"];

// Word after word.
const PHRASES: &[&str] = &[
    "صحه جنسيه",
    "صحه انجابيه",
    "علاقه جنسيه",
    "منع حمل",
    "موانع حمل",
    "hurt you",
    "hurts you",
    "hurting you",
    "harm you",
    "kick you",
    "kicks you",
    "kicked you",
    "te patea",
    "le patea",
    "vous tape",
    "te tape",
    "have sex",
    "had sex",
    "having sex",
    "forced sex",
    "unwanted sex",
    "into sex",
    "exchange for sex",
    "food for sex",
    "money for sex",
    "touch you",
    "feel safe at home",
    "des coups",
    "coups de poing",
    "coups de pied",
    "fait du mal",
    "faire du mal",
    "rapports intimes",
    "relations intimes",
    "sécurité chez vous",
    "relaciones íntimas",
    "segura en casa",
    "segura en su casa",
    "hacerle daño",
    "hacerte daño",
    "le hace daño",
    "te hace daño",
    "le hacen daño",
    "le hizo daño",
    "le ha hecho daño",
    "la ha hecho daño",
    "te ha hecho daño",
    "le han hecho daño",
    "تشعرين امان في بيت",
    "تشعرين امان في بيتك",
    "تشعرين امان في منزل",
    "تشعرين امان في منزلك",
];

/// The first such word or phrase in a text, as it is written there.
pub fn found(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_alphanumeric() && !is_mark(character))
        .filter(|word| !word.is_empty())
        .collect();
    let stems: Vec<Vec<String>> = words.iter().map(|word| stems(&plain(word))).collect();
    let told = stems.iter().position(|stems| says(stems));
    if let Some(at) = told.or_else(|| between(&stems)) {
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
    (0..stems.len()).find(|at| (threatens && is(*at, &THREAT)) || (somebody && is(*at, &TOUCH)) || blow(*at))
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
            ("Does anyone force you to have sex?", "have sex"),
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
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
