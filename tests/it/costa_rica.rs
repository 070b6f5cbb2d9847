//! The flow of Costa Rica's institute, end to end: the family sheet, what it makes the family eligible for, the referral to an institution, its answer,
//! and the log of movements that both sides read.
use throughcare::eligibility;
use throughcare::platform::ids::FormId;
use uuid::Uuid;

use crate::referrals::does;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::{CLINIC, FIELD, RECEPTION};

const FAMILY: i16 = 100;
const PENSION: Uuid = Uuid::from_u128(0xC057);

struct Family {
    comanager: Browser,
    institution: Browser,
    case: String,
    dana: String,
}

// Dana, who lives alone and is old, with a co-manager; and an institution here whose pension a rule of the pack is about.
async fn family(w: &World) -> Family {
    w.load_pack("social-referral").await;
    let comanager = w.also("amina", FIELD, "social_comanager").await;
    let institution = w.also("chen", RECEPTION, "social_institution").await;
    let dana = w.known_person("Dana Saleh").await;
    w.sql(&format!(
        "update persons set sex = 'female', born_on = current_date - 26000 where id = '{dana}';
         insert into services (id, org, unit, external_id, name, needs)
           values ('{PENSION}', {CLINIC}, {RECEPTION}, 'cr-pension', 'Pension without contributions', '{{social_protection}}')"
    ))
    .await;
    let mut work = w.operate().await;
    assert_eq!(eligibility::actions::take_over(&mut work).await.expect("the rules are taken over"), 1);
    work.commit().await.expect("it commits");
    let household = w.household(dana).await.to_string();
    let whole = [("household", household.as_str()), ("whole_household", "true"), ("risk", "low")];
    let case = w.case(&comanager, FAMILY, dana, &whole).await;
    Family { comanager, institution, case, dana: dana.to_string() }
}

// The sheet, page by page: its groups on one page each, every other question on its own.
async fn sheet_filled(w: &World, by: &Browser, case: &str) {
    let form = w.value("select id::text from forms where code = 'ficha_familiar'").await;
    let copy = by.begins(case, FormId(form.parse().expect("an id"))).await;
    let at = |page: &str| format!("{copy}?at=/data/{page}");
    let reference = [("/data/reference/explained", "OK"), ("/data/reference/province", "alajuela")];
    by.fills(&at("reference"), &reference, "next").await.redirects();
    let sheet = "/data/family/member[1]/sheet";
    let named = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, answer)| (format!("{sheet}/{name}"), (*answer).to_owned())).collect()
    };
    // Her age brings more questions onto the page.
    let first = [("name", "Dana"), ("relation", "head"), ("sex", "female"), ("age", "71")];
    for answers in [named(&first), named(&[&first[..], &[("pension", "no"), ("difficulty", "none")]].concat())] {
        let answers: Vec<(&str, &str)> = answers.iter().map(|(name, answer)| (name.as_str(), answer.as_str())).collect();
        by.fills(&format!("{copy}?at={sheet}"), &answers, "next").await.redirects();
    }
    for (page, answer) in [("means/income", "35000"), ("wishes/wanted", "pension"), ("wishes/contact_wish", "visit")] {
        let name = format!("/data/{page}");
        by.fills(&at(page), &[(name.as_str(), answer)], "next").await.redirects();
    }
    let end = format!("{copy}/completion");
    let version = by.get(&end).await.shows("Nothing is missing").marked("version");
    by.post(&end, [("version", version)]).await.redirects();
}

// Consent of hers, and a referral to the pension's institution that goes with it.
async fn referred(w: &World, f: &Family) -> String {
    let today = w.ground.clock.now().format("%Y-%m-%d").to_string();
    let clinic = CLINIC.to_string();
    let mut agreed = vec![
        ("person", f.dana.as_str()),
        ("answer", "yes"),
        ("purpose", "A pension"),
        ("to_orgs", &clinic),
        ("given_by", "person"),
        ("given_by_person", ""),
        ("understood", "true"),
        ("spoken_alone", "true"),
        ("language", "es"),
        ("form", "thumb_mark"),
        ("given_on", &today),
        ("limits_explained", "true"),
    ];
    let sections = ["need", "urgency", "identity"].map(|section| ("sections", section));
    agreed.extend(sections);
    f.comanager.post(format!("{}/consents/new", f.case), agreed).await.redirects();
    let (draft, to) = (Uuid::now_v7().to_string(), PENSION.to_string());
    let form = [("draft", draft.as_str()), ("to", &to), ("need", "social_protection")];
    f.comanager.post(format!("{}/services", f.case), form).await.redirects();
    let mut fields = vec![
        ("need", "social_protection"),
        ("reason", "Is 71 and has no pension"),
        ("priority", "normal"),
        ("already_receives", "no"),
        ("without_help", "no"),
        ("available_here", "yes"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
        ("follow_up", "with_worker"),
        ("person", &f.dana),
        ("go", "send"),
    ];
    fields.extend(sections);
    let path = format!("/referrals/{draft}");
    assert_eq!(f.comanager.post(format!("{path}/edit"), fields).await.redirects(), path);
    path
}

#[tokio::test]
async fn a_family_sheet_leads_to_a_referral_that_an_institution_answers_and_both_read_its_movements() {
    let w = World::new().await;
    let f = family(&w).await;
    sheet_filled(&w, &f.comanager, &f.case).await;
    let services = f.comanager.get(format!("{}/services?need=social_protection", f.case)).await;
    services.is(200).shows("Pension without contributions").shows("Eligible");
    let path = referred(&w, &f).await;
    // Both read it in Spanish, with the institute's own words beside ours.
    w.sql("update users set lang = 'es' where login in ('amina', 'chen')").await;
    f.comanager.get(&path).await.shows("Referencia social").shows("ENVIADA");
    does(&f.institution, &path, "acknowledge", &[]).await.redirects();
    f.comanager.get(&path).await.shows("EN TRÁMITE").lacks("ENVIADA");
    does(&f.institution, &path, "accept", &[("remark", "Se traslada a la sucursal de Upala.")]).await.redirects();
    f.institution.get(&path).await.shows("EN TRÁMITE").shows("Dana Saleh");
    does(&f.institution, &path, "complete", &[("what", "Pensión aprobada; primer cheque en enero")]).await.redirects();
    for reader in [&f.comanager, &f.institution] {
        let page = reader.get(&path).await;
        page.shows("APROBADA").shows("Se traslada a la sucursal de Upala.").shows("Pensión aprobada").shows("Chen Li");
    }
    // Every movement keeps its own time, state and actor.
    let id = path.trim_start_matches("/referrals/");
    let theirs = format!("referral_moves where side = 'to' and referral_id = '{id}'");
    let states = w.value(&format!("select string_agg(to_status, ' ' order by recorded_at, id) from {theirs}")).await;
    assert_eq!(states, "requested accepted completed");
}
