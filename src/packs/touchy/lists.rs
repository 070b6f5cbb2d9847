//! The lists of words and phrases, parted by spaces, in the languages of the program.

pub(super) const WORDS: &[&str] = &[
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
pub(super) const VERBS: &[&str] = &[
    "ضرب يضرب تضرب نضرب ضربت ضربو يضربو مضروب اغتصب يغتصب تغتصب اغتصبت تحرش يتحرش تتحرش عنف يعنف تعنف اعتدي يعتدي تعتدي يؤذي تؤذي صفع",
    "يصفع تصفع خنق يخنق تخنق يسيء",
];

// Dealt by one to another.
pub(super) const BLOWS: &[&str] = &[
    "hit hits hitting punch punches punching shove shoves shoved whip whips whipped touched touches touching",
    "bat bats cogne cognent cogner pega pegan pegar pegó pegaba golpeó golpeaba golpeé patea patean empuja empujan",
];

pub(super) const THREATS: &[&str] = &[
    "hit hits hitting kick kicks kicked kicking hurt hurts hurting harm harms harmed force forced forcing threaten threatens",
    "threatened threatening threat threats insult insults insulted humiliate humiliates humiliated yell yells scream screams afraid scared",
    "fear fight fights fighting mistreat mistreats mistreated",
    "force forcé forcée forcés forcées forcer oblige obligé obligée menace menaces menacer menacé menacée insulte insultes insulter humilie humilier crie crier peur",
    "dispute disputes disputent disputer brutal brutalise",
    "obliga obligado obligada fuerza forzó forzado forzada amenaza amenazas amenazado amenazada insulta insultos humilla humillado humillada grita miedo",
    "pelea peleas pelean lastima patada patadas",
    "يهدد تهدد هدد يجبر تجبر اجبر اجبرت يشتم تشتم يهين تهين يصرخ تخاف تخافين يخاف خوف اهانه شتم تهديد يركل تركل",
];

// Threats that are such wherever they meet a person, and not a house or a harvest.
pub(super) const MENACES: &[&str] = &[
    "threaten threatens threatened threatening insult insults insulted insulting humiliate humiliates humiliated yell yells yelled scream",
    "screams menace menacent menacer menacé menacée insulte insultent insulter humilie humilient humilier crie crient crier",
    "amenaza amenazan amenazado amenazada insulta insultan humilla humillan humillado humillada grita gritan",
    "يهدد تهدد هدد يشتم تشتم شتم يهين تهين اهان",
];

// War and water force people as well: these count where somebody does it.
pub(super) const FORCES: &[&str] = &[
    "force forces forced forcing oblige obligé obligée forcé forcée obliga obligan obligado obligada fuerza forzado forzada",
    "يجبر تجبر اجبر اجبرت",
];

// What else threatens people, and is asked of any household.
pub(super) const EXCUSES: &[&str] = &[
    "flood floods flooding storm storms drought landslide earthquake war landlord landlords evict evicted eviction",
    "inondation inondations tempête sécheresse séisme guerre propriétaire bailleur expulsion expulser expulsé expulsée",
    "inundación inundaciones tormenta sequía terremoto guerra casero arrendador desalojo desalojar desalojado",
    "فيضان فيضانات سيول عاصفه جفاف زلزال حرب مالك مؤجر اخلاء طرد",
];

pub(super) const PARTNERS: &[&str] = &[
    "husband husbands wife wives spouse spouses partner partners boyfriend girlfriend father mother stepfather stepmother",
    "mari maris conjoint conjointe partenaire époux épouse compagnon père mère",
    "marido maridos esposo esposa pareja cónyuge novio novia padre madre padrastro madrastra",
    "زوج زوجه زوجت ازواج شريك والد ابو والده",
];

// Harm and fear, which one of a family may suffer from another.
pub(super) const HURTS: &[&str] = &[
    "hurt hurts hurting harm harms harmed injured injures afraid scared frightened frightens fear fears",
    "blesse blesser blessé blessée blessés blessées mal peur craint craignent craignez crainte",
    "lastima lastiman lastimado lastimada lastimados lastimadas herido herida daño miedo teme temen temor",
    "اذي ضرر يتاذي تتاذي متاذي يتضرر خائف خائفه يخاف تخاف تخافين خوف يخيف تخيف",
];

// The other one: before whom it is, and in Arabic behind.
pub(super) const OTHERS: &[&str] = &["another autre autres otro otra otros otras"];
pub(super) const OTHERS_BEHIND: &[&str] = &["اخر اخري اخرين"];

// Who of a family hurts whom.
pub(super) const RELATIVES: &[&str] = &[
    "member members relative relatives membre membres miembro miembros familiar familiares pariente parientes فرد افراد قريب اقارب",
];

// Whom a family or a household is made of.
pub(super) const MEMBERS: &[&str] = &[
    "member members relative relatives person persons adult adults child children sibling siblings",
    "membre membres personne personnes parent parents adulte adultes enfant enfants",
    "miembro miembros persona personas familiar familiares pariente parientes adulto adultos niño niños",
    "فرد افراد شخص اشخاص قريب اقارب طفل احد",
];

// Between what hurts and whom it comes from, and behind whom it is.
pub(super) const FROM: &[&str] = &["by of from par de du d por من"];
pub(super) const WITHIN: &[&str] = &["in of at from dans de du à chez en في من"];

// Who is safe, and with whom.
pub(super) const SAFES: &[&str] = &["safe unsafe sécurité sûre segura seguro seguros seguras امان آمن امنه"];
pub(super) const WITHS: &[&str] = &["with around near beside avec auprès con junto cerca مع"];
pub(super) const FAMILIES: &[&str] =
    &["family relatives him her famille proches lui elle familia familiares él ella عائله اسره اهل اقارب"];

// With what somebody is threatened, and what they are forced to: beside a threat.
pub(super) const FORCED_TO: &[&str] = &[
    "knife knives gun guns weapon weapons couteau couteaux arme armes rapports cuchillo cuchillos navaja arma armas relaciones",
    "سكين سكاكين سلاح اسلحه مسدس معاشره مضاجعه",
];

// The beginnings of words that nothing innocent begins with.
pub(super) const BEGINNINGS: &[&str] =
    &["violenc", "violenta", "maltrat", "maltrait", "harcel", "harcèl", "contracep", "anticoncep", "contraconcep", "sexualiz"];

// Word after word.
pub(super) const PHRASES: &[&str] = &[
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
    "hurt each other",
    "hurting each other",
    "harm each other",
    "afraid of each other",
    "scared of each other",
    "امان معه",
    "امان معها",
    "touched against your will",
    "afraid of somebody",
    "afraid of someone",
    "afraid of anybody",
    "afraid of anyone",
    "scared of somebody",
    "scared of someone",
    "scared of anybody",
    "scared of anyone",
    "touché contre votre volonté",
    "touchée contre votre volonté",
    "peur de quelqu",
    "tocado contra su voluntad",
    "tocada contra su voluntad",
    "miedo de alguien",
    "miedo a alguien",
    "لمست رغما عنك",
    "تخاف من احد",
    "تخافين من احد",
    "يصرخ عليك",
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
