//! A rule from before it was kept whose fields it means: where several packs declare its words, whoever keeps it is told, and how to say it.
use super::{SERVICE, applied, rule, world};
use crate::support::World;

const WORDS: &str = "household.income < 100.0";
const TOLD: &str = "Which pack’s fields this rule means is not said";

// A rule of the service's in force as it was kept formerly.
async fn formerly(w: &World) {
    let income = rules::Field { name: "income".into(), kind: rules::Kind::Number, choices: Vec::new() };
    let fields = rules::Fields { household: vec![income], members: Vec::new() };
    let compiled = serde_json::to_string(&rules::compile(WORDS, &fields).expect("a right rule")).expect("a rule is data");
    w.sql(&format!(
        "insert into eligibility_rules (id, service_id, number, state, text, compiled, written_by_name, activated_at)
         values (gen_random_uuid(), '{SERVICE}', 1, 'active', '{WORDS}', '{compiled}', 'Clinic', now())"
    ))
    .await;
}

#[tokio::test]
async fn an_older_rule_over_a_word_of_two_packs_says_so_until_it_is_applied_once_more() {
    let w = world().await;
    formerly(&w).await;
    w.chen.get(rule()).await.shows("Version 1 is applied").lacks(TOLD);
    w.sql(
        "insert into packs (name, version, body) select 'another', 1, jsonb_set(jsonb_set(jsonb_set(body, '{name}', '\"another\"'), '{case_types}', '[]'),
           '{fields,0,labels,en}', '\"Income in colones\"') from packs where name = 'protection' order by version desc limit 1",
    )
    .await;
    w.chen.get(rule()).await.shows(TOLD).shows("Several packs declare Income in colones (household.income).");
    // Whoever only reads it has nothing to mend.
    w.amina.get(rule()).await.shows("Version 1 is applied").lacks(TOLD);
    applied(&w, WORDS).await;
    w.chen.get(rule()).await.shows("Version 2 is applied").lacks(TOLD);
}
