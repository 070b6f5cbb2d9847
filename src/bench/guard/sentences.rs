//! Sentences as they stand in letters between organisations: some with a place to plant something, some to be left alone.
use rand::RngExt;
use rand::rngs::StdRng;

use super::people::pick;
use crate::people::guard::Kind;
use crate::platform::lang::Lang;

// The place is never a sentence's first word alone: no reader could tell "May" the person from "May" the verb there.
const CARRIERS: [(&[&str], &[&str]); 4] = [
    (
        &[
            "We are writing about {}, who needs your help.",
            "Could you see {} next week?",
            "The referral concerns {} and two children.",
            "Please tell {} about the appointment.",
            "As agreed on the phone, we send you {} today.",
            "Mr {} has agreed to this letter.",
            "{} has been waiting since Tuesday; please call us.",
            "Kind regards, also from {}.",
        ],
        &[
            "Please note: {}.",
            "You can reach them here: {} (mornings only).",
            "The file says {} and nothing else.",
            "We noted {} at the first visit, which was difficult.",
        ],
    ),
    (
        &[
            "نكتب إليكم بخصوص {} ونطلب مساعدتكم.",
            "هل يمكنكم استقبال {} في الأسبوع القادم؟",
            "تتعلق الإحالة بـ {} وطفلين.",
            "يرجى إبلاغ {} بالموعد.",
            "كما اتفقنا هاتفيا نرسل إليكم السيدة {} اليوم.",
            "وافق السيد {} على هذا الخطاب.",
        ],
        &["يرجى ملاحظة ما يلي: {}.", "يمكن الوصول إليهم هنا: {} صباحا فقط.", "ورد في الملف {} ولا شيء غيره."],
    ),
    (
        &[
            "Nous vous écrivons au sujet de {}, qui a besoin de votre aide.",
            "Pourriez-vous recevoir {} la semaine prochaine ?",
            "Le référencement concerne {} et deux enfants.",
            "Merci d'informer {} du rendez-vous.",
            "Mme {} a donné son accord pour ce courrier.",
            "Comme convenu, nous vous adressons {} aujourd'hui.",
        ],
        &["À noter : {}.", "On peut les joindre ici : {} (le matin seulement).", "Le dossier indique {} et rien d'autre."],
    ),
    (
        &[
            "Le escribimos acerca de {}, que necesita su ayuda.",
            "¿Podrían atender a {} la próxima semana?",
            "La derivación es para {} y dos niños.",
            "Por favor, informen a {} de la cita.",
            "La señora {} está de acuerdo con esta carta.",
            "Según lo acordado, les enviamos a {} hoy.",
        ],
        &["Tome nota: {}.", "Se les puede localizar aquí: {} (solo por la mañana).", "El expediente dice {} y nada más."],
    ),
];

/// A sentence with a place `{}` for a thing of this kind.
pub(super) fn carrier(chance: &mut StdRng, lang: Lang, kind: Kind) -> &'static str {
    let (names, others) = CARRIERS[lang as usize];
    let fitting: &[&'static str] = if kind == Kind::Name { names } else { others };
    pick::<&'static str>(chance, fitting)
}

// {d} is a date, {p} a phone, {c} a code, {n} a small number; none of them anybody's.
const CLEAN: [&[&str]; 4] = [
    &[
        "Please see the attached referral letter about one of our clients who may benefit from your programs and services.",
        "The appointment is on {d} at 10:30 in your main building.",
        "If you have any questions, call our office on {p} between 9 and 16.",
        "The reference is {c}; please quote it when you answer.",
        "We hope to hear from you by {d}.",
        "May we ask for your answer within {n} days?",
        "Will you be able to offer a place this month?",
        "The person has agreed to share only what stands in this letter.",
        "Transport can be arranged if the way is too long.",
        "An interpreter for Arabic and Kurdish is available on request.",
        "The family would prefer a morning appointment, and a female doctor if possible.",
        "Thank you for your help and your good cooperation.",
        "Hope all is well with your team.",
        "Said service was stopped in May and has not started again.",
        "A grace period of {n} days applies to late answers.",
        "Rose-coloured forms are no longer accepted, since the green ones hold more.",
        "She needs physiotherapy after an operation on her hand.",
        "He can come on any day except Monday and Thursday.",
        "Dear colleague, kindly confirm receipt of this referral.",
        "Our records show {n} earlier visits without a result.",
        "The young person will be accompanied by an adult of their choice.",
        "Banks ask for a residence permit before they open an account.",
        "Cash assistance of {n} dinars was paid on {d}.",
        "The household has {n} members and lives in one room.",
        "We could not reach the provider named in the directory.",
        "This message contains no personal details, as our policy asks.",
        "School starts in September, so a quick decision would help.",
        "Some of the needs can be met by the municipality of Irbid.",
        "Please do not leave a message with anyone else.",
        "Water, food and shelter were provided in the first week.",
        "The legal clinic is open on Wednesdays from 8 to 14.",
        "Call the switchboard, not the caseworker, outside working hours: {p}.",
        "Both sides were told of the due date, {d}.",
        "A copy of the form was handed over with the letter.",
        "We would like to close the case once the outcome is known.",
        "NEW REFERRAL: ANSWER NEEDED BY {d}",
        "Client Referral from Nova Scotia Works",
        "Referral {c} – Programs, Services and Interventions",
        "Follow-up is planned for the end of March or early April.",
        "There is no need to pay; the service is free of charge.",
    ],
    &[
        "تجدون مرفقا خطاب الإحالة الخاص بأحد المستفيدين من خدماتنا.",
        "الموعد يوم {d} الساعة العاشرة والنصف في المبنى الرئيسي.",
        "للاستفسار يرجى الاتصال بمكتبنا على الرقم {p} بين التاسعة والرابعة.",
        "الرقم المرجعي {c} ويرجى ذكره عند الرد.",
        "نأمل أن نتلقى ردكم قبل {d}.",
        "هل يمكنكم تقديم الخدمة خلال {n} أيام؟",
        "وافق الشخص على مشاركة ما ورد في هذا الخطاب فقط.",
        "يمكن تأمين المواصلات إذا كانت المسافة بعيدة.",
        "يتوفر مترجم للغتين العربية والكردية عند الطلب.",
        "تفضل الأسرة موعدا في الصباح وطبيبة إن أمكن.",
        "نشكركم على حسن تعاونكم وعلى مساعدتكم الكريمة.",
        "توقفت الخدمة المذكورة في أيار ولم تبدأ من جديد.",
        "تحتاج إلى علاج طبيعي بعد عملية في اليد.",
        "يمكنه الحضور في أي يوم عدا الاثنين والخميس.",
        "الزميل العزيز، يرجى تأكيد استلام هذه الإحالة.",
        "يبلغ عمر الطفل {n} سنوات وهو في الصف الأول.",
        "سيرافق الشاب شخص بالغ يختاره بنفسه.",
        "صُرفت مساعدة نقدية قدرها {n} دينارا في {d}.",
        "تتكون الأسرة من {n} أفراد وتسكن في غرفة واحدة.",
        "لم نتمكن من الوصول إلى مقدم الخدمة المذكور في الدليل.",
        "لا تحتوي هذه الرسالة على أي معلومات شخصية.",
        "تبدأ المدرسة في أيلول ولذلك نرجو قرارا سريعا.",
        "يرجى عدم ترك رسالة مع أي شخص آخر.",
        "قُدم الماء والطعام والمأوى في الأسبوع الأول.",
        "العيادة القانونية مفتوحة كل أربعاء من الثامنة إلى الثانية.",
        "أُبلغ الطرفان بالموعد النهائي وهو {d}.",
        "سُلمت نسخة من الاستمارة مع الخطاب.",
        "نود إغلاق الحالة بعد معرفة النتيجة.",
        "الخدمة مجانية ولا حاجة إلى دفع أي مبلغ.",
        "يرجى الاتصال بمركز الأمل أو جمعية النور في المدينة.",
        "على أمل اللقاء بكم قريبا، وتقبلوا فائق الاحترام.",
        "كان الوضع صعبا لكن الحال أحسن الآن والحمد لله.",
        "عملنا صالح الأسرة أولا، والقرار للشخص نفسه.",
        "إحالة جديدة: الرد مطلوب قبل {d}",
    ],
    &[
        "Veuillez trouver ci-joint la lettre de référencement d'une personne qui pourrait bénéficier de vos services.",
        "Le rendez-vous est fixé au {d} à 10 h 30 dans votre bâtiment principal.",
        "Pour toute question, appelez notre bureau au {p} entre 9 h et 16 h.",
        "La référence est {c} ; merci de la rappeler dans votre réponse.",
        "Nous espérons une réponse avant le {d}.",
        "Pourriez-vous proposer une place sous {n} jours ?",
        "La personne a accepté de partager uniquement ce que contient ce courrier.",
        "Le transport peut être organisé si le trajet est trop long.",
        "Un interprète en arabe et en kurde est disponible sur demande.",
        "La famille préfère un rendez-vous le matin, et une femme médecin si possible.",
        "Merci de votre aide et de votre bonne collaboration.",
        "Grâce à votre appui, la situation est plus claire.",
        "Ledit service a été interrompu en mai et n'a pas repris.",
        "Elle a besoin de kinésithérapie après une opération de la main.",
        "Il peut venir tous les jours sauf le lundi et le jeudi.",
        "Cher collègue, merci d'accuser réception de ce référencement.",
        "Notre dossier indique {n} visites antérieures sans résultat.",
        "Le jeune sera accompagné par un adulte de son choix.",
        "Une aide de {n} dinars a été versée le {d}.",
        "Le ménage compte {n} membres et vit dans une seule pièce.",
        "Nous n'avons pas pu joindre le prestataire indiqué dans le répertoire.",
        "Ce message ne contient aucune donnée personnelle.",
        "L'école commence en septembre, une décision rapide serait utile.",
        "Merci de ne pas laisser de message à une autre personne.",
        "De l'eau, de la nourriture et un abri ont été fournis la première semaine.",
        "La permanence juridique est ouverte le mercredi de 8 h à 14 h.",
        "Les deux parties connaissent l'échéance, le {d}.",
        "Une copie de la fiche a été remise avec le courrier.",
        "Nous souhaitons clôturer le cas dès que le résultat est connu.",
        "Le service est gratuit, il n'y a rien à payer.",
        "NOUVEAU RÉFÉRENCEMENT : RÉPONSE ATTENDUE AVANT LE {d}",
        "La rose des vents du plan indique le nord.",
    ],
    &[
        "Adjuntamos la carta de derivación de una persona que podría beneficiarse de sus servicios.",
        "La cita es el {d} a las 10:30 en su edificio principal.",
        "Si tiene preguntas, llame a nuestra oficina al {p} entre las 9 y las 16.",
        "La referencia es {c}; por favor, indíquela al responder.",
        "Esperamos su respuesta antes del {d}.",
        "¿Podrían ofrecer un cupo en {n} días?",
        "La persona aceptó compartir solo lo que figura en esta carta.",
        "Se puede organizar el transporte si el camino es largo.",
        "Hay intérprete de árabe y kurdo a pedido.",
        "La familia prefiere una cita por la mañana y una médica si es posible.",
        "Gracias por su ayuda y su buena colaboración.",
        "Nada impide que la atención empiece en mayo.",
        "Dicho servicio se interrumpió en abril y no ha vuelto a empezar.",
        "Necesita fisioterapia después de una operación en la mano.",
        "Puede venir cualquier día menos el lunes y el jueves.",
        "Estimado colega, le rogamos acuse recibo de esta derivación.",
        "Nuestros registros muestran {n} visitas anteriores sin resultado.",
        "La persona joven irá acompañada por un adulto de su elección.",
        "Se pagó una ayuda de {n} pesos el {d}.",
        "El hogar tiene {n} miembros y vive en una sola habitación.",
        "No pudimos contactar al proveedor que figura en el directorio.",
        "Este mensaje no contiene datos personales.",
        "La escuela comienza en septiembre; una decisión rápida ayudaría.",
        "Por favor, no deje mensajes con otra persona.",
        "La primera semana se dieron agua, comida y albergue.",
        "La casa quedó sin luz y con la esperanza de una pronta reparación.",
        "El consultorio jurídico abre los miércoles de 8 a 14.",
        "Ambas partes conocen la fecha límite, el {d}.",
        "Se entregó una copia del formulario junto con la carta.",
        "Deseamos cerrar el caso cuando se conozca el resultado.",
        "El servicio es gratuito; no hay que pagar nada.",
        "NUEVA DERIVACIÓN: RESPUESTA ANTES DEL {d}",
    ],
];

/// A sentence that tells of nobody.
pub(super) fn clean(chance: &mut StdRng, lang: Lang) -> String {
    let sentence = pick(chance, CLEAN[lang as usize]);
    // After today, as appointments are: nobody on the case was born then.
    let date = format!("{}/{}/{}", chance.random_range(1..=28), chance.random_range(1..=12), chance.random_range(2026..=2028));
    let phone = format!("0{} {:07}", chance.random_range(1..=9), chance.random_range(0..10_000_000));
    let code = format!("R-{}KQ{}-M", chance.random_range(2..=9), chance.random_range(2..=9));
    let number = chance.random_range(2..=95).to_string();
    sentence.replace("{d}", &date).replace("{p}", &phone).replace("{c}", &code).replace("{n}", &number)
}
