//! Each adult of a household consents for themselves, also to a transfer (S3, S12).
use uuid::Uuid;

use super::{id_of, wanted};
use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION};
use crate::support::world::{COAST, RECEPTION, user};

struct Family {
    case: String,
    household: Uuid,
    sami: Uuid,
    lina: Uuid,
    noor: Uuid,
}

impl World {
    // Dana, who heads the household, her brother Sami, Lina of twelve and Noor of two; all on one case.
    async fn family(&self, case_type: i16) -> Family {
        let dana = self.known_person("Dana Aziz").await;
        let household = self.household(dana).await;
        let this_year: i32 = self.ground.clock.now().format("%Y").to_string().parse().expect("a year");
        let mut people = Vec::new();
        for (name, age, relationship) in [("Sami Aziz", 38, "sibling"), ("Lina Aziz", 12, "child"), ("Noor Aziz", 2, "child")] {
            let person = self.known_person(name).await;
            self.sql(&format!(
                "update persons set born_on = '{}-01-01' where id = '{person}';
                 insert into household_members (id, household_id, person_id, relationship, joined_on)
                   values (gen_random_uuid(), '{household}', '{person}', '{relationship}', '2020-01-01')",
                this_year - age
            ))
            .await;
            people.push(person);
        }
        let more = [("household", household.to_string()), ("whole_household", "true".to_owned())];
        let whole = case_type == ASSISTANCE;
        let more: Vec<(&str, &str)> = more.iter().filter(|_| whole).map(|(name, value)| (*name, value.as_str())).collect();
        let case = self.case(&self.amina, case_type, dana, &more).await;
        Family { case, household, sami: people[0], lina: people[1], noor: people[2] }
    }

    async fn consent_about(&self, family: &Family, person: Uuid, kind: &str, to_org: i32) {
        self.sql(&format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
             values (gen_random_uuid(), '{}', '{person}', 'consent', '{kind}', 'transfer', '{{{to_org}}}', '{{need}}', '2026-01-05', '{}', 'Amina Haddad')",
            id_of(&family.case),
            user("amina")
        ))
        .await;
    }

    async fn on_case(&self, family: &Family, person: Uuid) -> bool {
        self.count(&format!("case_people where case_id = '{}' and person_id = '{person}'", id_of(&family.case))).await == 1
    }
}

#[tokio::test]
async fn s03_a_member_without_a_consent_of_their_own_stays_behind_and_the_page_says_so_before() {
    let w = World::new().await;
    let family = w.family(ASSISTANCE).await;
    let form = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&family.case))).await;
    form.shows("These people do not go along").shows("Sami Aziz").shows("An adult, and no consent of their own");
    form.shows("Lina Aziz").shows("A child, for whom nobody who may has agreed").lacks("Noor Aziz");
    let ask = form.link(&format!("/cases/{}/consents/new?person={}", id_of(&family.case), family.sami));
    w.amina.get(ask).await.is(200).shows("Sami Aziz");
    // Within the organisation nothing is disclosed: nobody need be asked.
    w.amina.get(format!("/transfers/new?case={}&to={COAST}", id_of(&family.case))).await.lacks("do not go along");
    let transfer = wanted(&[&family.case], RECEPTION).sent(&w.amina).await.redirects();
    let of_case = format!("of case {}", w.case_code(&family.case).await);
    form.shows(&of_case);
    w.amina.get(&transfer).await.shows("These people do not go along").shows("Sami Aziz").shows(&of_case);
    w.chen.get(&transfer).await.lacks("do not go along").lacks("Sami");
    w.taken(&transfer).await;
    let case = w.chen.get(&family.case).await;
    case.shows("Dana Aziz").shows("Noor Aziz").lacks("Sami Aziz").lacks("Lina Aziz");
    // The registration of the household stays with those who stay.
    assert_eq!(w.value(&format!("select org::text from households where id = '{}'", family.household)).await, "1");
    w.amina.get(format!("/people/{}", family.sami)).await.is(200);
    w.chen.get(format!("/people/{}", family.sami)).await.is(404);
}

#[tokio::test]
async fn s03_who_agreed_goes_along_and_so_does_a_child_for_whom_somebody_who_may_agreed() {
    let w = World::new().await;
    let family = w.family(ASSISTANCE).await;
    w.consent_about(&family, family.sami, "consent", 2).await;
    w.consent_about(&family, family.lina, "representative", 2).await;
    let transfer = wanted(&[&family.case], RECEPTION).sent(&w.amina).await.redirects();
    w.amina.get(&transfer).await.lacks("do not go along");
    w.taken(&transfer).await;
    for person in [family.sami, family.lina, family.noor] {
        assert!(w.on_case(&family, person).await);
    }
    assert_eq!(w.value(&format!("select org::text from households where id = '{}'", family.household)).await, "2");
}

#[tokio::test]
async fn s12_a_no_stands_whatever_the_head_of_the_household_agreed_to() {
    let w = World::new().await;
    let family = w.family(ASSISTANCE).await;
    w.consent_about(&family, family.sami, "consent", 2).await;
    w.sql(&format!("update consents set given_on = '2026-01-01' where person_id = '{}'", family.sami)).await;
    w.consent_about(&family, family.sami, "refused", 2).await;
    w.consent_about(&family, family.noor, "refused", 2).await;
    // One that reaches another organisation is none to this one.
    w.consent_about(&family, family.lina, "representative", 3).await;
    let transfer = wanted(&[&family.case], RECEPTION).sent(&w.amina).await.redirects();
    w.amina.get(&transfer).await.shows("Said no, or took their consent back");
    w.taken(&transfer).await;
    for person in [family.sami, family.lina, family.noor] {
        assert!(!w.on_case(&family, person).await);
    }
    w.chen.get(&family.case).await.shows("Dana Aziz");
}

#[tokio::test]
async fn s13_who_stays_behind_of_a_guarded_case_is_named_by_code_and_a_program_is_told_too() {
    let w = World::new().await;
    let family = w.family(CHILD_PROTECTION).await;
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{}', '{}', 'member')",
        id_of(&family.case),
        family.sami
    ))
    .await;
    let code = w.value(&format!("select code from persons where id = '{}'", family.sami)).await;
    let form = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&family.case))).await;
    form.shows(&code).lacks("Sami Aziz");
    let token = w.token(&w.amina).await;
    let program = crate::support::program::Program::of(&w.amina, token);
    let body = serde_json::json!({ "cases": [id_of(&family.case)], "to": RECEPTION, "reason": "closer_service", "agreed_on": super::today(), "go": "submit" });
    let made = program.call("POST", "/api/v1/transfers", Some(&body)).await;
    made.is(201);
    let made: serde_json::Value = serde_json::from_str(&made.body).expect("json");
    let left = made["members_left"].as_array().expect("a list");
    assert!(left.iter().any(|one| one["person_id"] == family.sami.to_string() && one["why"] == "member_not_asked"), "{made}");
}
