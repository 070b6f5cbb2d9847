//! Referrals for cash and vouchers: as little as can be goes, risk is asked, and the outcome says how much.
use crate::referrals::{CASE, PERSON, SERVICE, does, scene};
use crate::support::World;

async fn draft(w: &World) -> String {
    scene(w, 1, "amina", "need,urgency,area,identity,safe_contact,payment").await;
    let (draft, to) = (uuid::Uuid::now_v7().to_string(), format!("service:{SERVICE}"));
    let fields = [("need", "cash"), ("draft", draft.as_str()), ("to", to.as_str())];
    w.amina.post(format!("/cases/{CASE}/refer"), fields).await.redirects()
}

// Everything ticked and a reason written, as if it were any other referral; and these answers.
fn answers(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, String)> {
    let fixed = [
        ("need", "cash"),
        ("reason", "Left her husband after a beating"),
        ("priority", "normal"),
        ("already_receives", "no"),
        ("without_help", "no"),
        ("available_here", "yes"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
        ("follow_up", "with_worker"),
        ("go", "send"),
    ];
    let sections = ["need", "urgency", "area", "identity", "safe_contact"].map(|section| ("sections", section));
    let all = fixed.into_iter().chain(sections).chain(more.iter().copied());
    all.map(|(name, value)| (name, value.to_owned())).chain([("person", PERSON.to_string())]).collect()
}

// Dana is registered with no household.
const PAYMENT: [(&str, &str); 5] = [
    ("cash_payee", "Samira, her sister"),
    ("cash_means", "in_hand"),
    ("cash_band", "up_to_150"),
    ("cash_size", "4"),
    ("cash_risk", "no"),
];

#[tokio::test]
async fn s26_cash_goes_with_code_payee_means_and_band_and_nothing_else() {
    let w = World::new().await;
    let edit = draft(&w).await;
    w.amina.get(&edit).await.shows("Cash goes with as little as can be").shows("Could receiving this put the person at risk?");
    let path = w.amina.post(&edit, answers(&PAYMENT)).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    let read = w.chen.get(&path).await;
    read.shows("Samira, her sister").shows("In hand").shows("51 to 150").shows("C-2222-2222");
    read.lacks("Dana Saleh").lacks("555 7788").lacks("beating").lacks("Amman");
    w.odd.get(&path).await.is(404);
    let sections = w.value("select array_to_string(sections, ',') from packets").await;
    assert_eq!(sections, "need,payment");
}

#[tokio::test]
async fn s26_the_risk_of_receiving_it_is_asked_and_answered_by_a_precaution() {
    let w = World::new().await;
    let edit = draft(&w).await;
    w.amina.post(&edit, answers(&PAYMENT[..4])).await.is(422).keeps("Samira, her sister");
    let risky = [&PAYMENT[..4], &[("cash_risk", "yes")]].concat();
    w.amina.post(&edit, answers(&risky)).await.is(422);
    w.amina
        .post(
            &edit,
            answers(&[
                ("cash_payee", "x"),
                ("cash_means", "camel"),
                ("cash_band", "more"),
                ("cash_size", "4"),
                ("cash_risk", "no"),
            ]),
        )
        .await
        .is(422);
    let cautious = [&risky[..], &[("precaution", "Paid at the clinic, not at home")]].concat();
    w.amina.post(&edit, answers(&cautious)).await.redirects();
}

#[tokio::test]
async fn s26_the_outcome_of_cash_is_how_much_was_paid() {
    let w = World::new().await;
    let edit = draft(&w).await;
    let path = w.amina.post(&edit, answers(&PAYMENT)).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(format!("{path}/outcome")).await.shows("Amount paid").shows("Did the payee confirm that it was received?");
    let today = w.ground.clock.now().format("%Y-%m-%d").to_string();
    let paid = [("what", "Paid"), ("how_much", "120 USD"), ("paid_on", today.as_str()), ("paid_confirmed", "yes")];
    for missing in ["how_much", "paid_on", "paid_confirmed"] {
        let rest: Vec<_> = paid.into_iter().filter(|(name, _)| *name != missing).collect();
        w.chen.post(format!("{path}/outcome"), rest).await.is(422).shows("Fill this in");
    }
    let vague = paid.map(|(name, value)| (name, if name == "how_much" { "all of it" } else { value }));
    w.chen.post(format!("{path}/outcome"), vague).await.is(422).shows("Write the amount in figures");
    w.chen.post(format!("{path}/outcome"), paid).await.redirects();
    w.amina.get(&path).await.shows("120 USD").shows("Did the payee confirm that it was received?");
    assert_eq!(w.count("referrals where paid_on is not null and paid_confirmed").await, 1);
}

#[tokio::test]
async fn s26_the_size_of_a_household_is_asked_where_none_is_registered() {
    let w = World::new().await;
    let edit = draft(&w).await;
    w.amina.post(&edit, answers(&[&PAYMENT[..3], &PAYMENT[4..]].concat())).await.is(422).shows("How many people live together");
    let path = w.amina.post(&edit, answers(&PAYMENT)).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("4");
    let w = World::new().await;
    let edit = draft(&w).await;
    w.household(PERSON).await;
    w.amina.post(&edit, answers(&[&PAYMENT[..3], &PAYMENT[4..]].concat())).await.redirects();
    // One number is not said of two who may live apart.
    let w = World::new().await;
    let edit = draft(&w).await;
    let sister = w.known_person("Samira Saleh").await;
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{CASE}', '{sister}', 'member')"
    ))
    .await;
    let both: Vec<_> = answers(&PAYMENT).into_iter().chain([("person", sister.to_string())]).collect();
    let told = w.amina.post(&edit, both).await;
    told.is(422).shows("one number can’t count for all of them").lacks("name=\"cash_size\"");
}

#[tokio::test]
async fn s26_what_is_missing_is_said_before_anybody_reviews_it() {
    let w = World::new().await;
    let edit = draft(&w).await;
    w.sql("update services set requires_approval = true; update referrals set needs_review = true").await;
    let risky = [&PAYMENT[..4], &[("cash_risk", "yes")]].concat();
    let review = |more: &[(&'static str, &'static str)]| {
        let mut fields = answers(more);
        fields.iter_mut().filter(|(name, _)| *name == "go").for_each(|(_, go)| *go = "review".to_owned());
        fields
    };
    w.amina.post(&edit, review(&risky)).await.is(422).keeps("Samira, her sister");
    assert_eq!(w.count("tasks where kind = 'referral_review'").await, 0);
    let cautious = [&risky[..], &[("precaution", "Paid at the clinic, not at home")]].concat();
    let path = w.amina.post(&edit, review(&cautious)).await.redirects();
    assert_eq!(w.count("referrals where step = 'in_review'").await, 1);
    // Whoever reviews it reads of the risk, with what is done about it.
    let seen = w.bruno.get(&path).await;
    seen.shows("The draft to review")
        .shows("Could receiving this put the person at risk?")
        .shows("Paid at the clinic, not at home");
}
