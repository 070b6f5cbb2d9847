//! What of a case waits in its unit's inbox, and whose it is once somebody keeps the case: of every kind of task it is decided.
use std::collections::BTreeSet;

use crate::support::World;
use crate::tidy::keys;

// They go to whoever keeps the case from now on.
const KEEPERS: &[&str] = &[
    "analysis_due",
    "arrival",
    "assess_again",
    "contact_lost",
    "delete_copies",
    "delete_hosted",
    "delete_minutes",
    "document_expires",
    "document_infected",
    "follow_running",
    "follow_up",
    "hand_over_case_file",
    "join_lapsed",
    "known_elsewhere",
    "meeting",
    "mend_assessment",
    "mend_closure",
    "mend_plan",
    "own",
    "plan_action",
    "plan_review",
    "record_next",
    "referral_acknowledge",
    "referral_answer_cancellation",
    "referral_appointment",
    "referral_ask_person",
    "referral_ask_to_delete",
    "referral_ask_whether_went",
    "referral_confirm_deletion",
    "referral_decide",
    "referral_decide_after_withdrawal",
    "referral_finish_draft",
    "referral_help_reach_person",
    "referral_new_appointment",
    "referral_offer_place",
    "referral_report_appointment",
    "referral_report_outcome",
    "referral_resolve_dispute",
    "referral_schedule_or_start",
    "referral_seek_another",
    "referral_send_approved",
    "referral_write_again",
    "renew_consent",
    "safety_action",
    "safety_reviewed",
    "same_person",
    "screening_consent",
    "service_check",
    "supervision_decision",
    "take_up",
];

// They wait for a second person, and never become the keeper's own (S1, S9, S22, S23).
const OTHERS: &[&str] = &[
    "agree_basis",
    "approve_assessment",
    "approve_closure",
    "approve_plan",
    "check_correction",
    "check_join",
    "quality_serious",
    "referral_review",
    "referral_review_emergency",
    "release_case_file",
    "review_basis",
    "review_break_glass",
    "safety_alert",
    "safety_review",
    "visit_not_safe",
    "visit_out",
    "visit_overdue",
];

// Texts beside the names of kinds.
const NO_KINDS: &[&str] = &[
    "colleague_sees_nothing",
    "field_colleague",
    "field_handing_reason",
    "hand_back",
    "hand_back_lead",
    "hand_on",
    "hand_on_lead",
    "hint_handing_reason",
    "join_lapsed_of",
    "let_in",
    "let_in_hint",
    "no_colleague",
    "no_supervisor",
    "plan_action_nth",
    "plan_action_words",
    "record_next_of",
    "visit_out_own",
    "visit_out_who",
    "visit_overdue_who",
    "with_already",
];

#[tokio::test]
async fn s21_of_every_kind_of_task_it_is_decided_whether_it_goes_to_a_new_keeper() {
    let words = |list: &[&str]| list.iter().map(|&kind| kind.to_owned()).collect::<BTreeSet<_>>();
    let no_kinds = words(NO_KINDS);
    let named = keys("en").into_keys().filter_map(|key| Some(key.strip_prefix("task-")?.replace('-', "_")));
    let kinds: BTreeSet<_> = named.filter(|kind| !no_kinds.contains(kind)).collect();
    assert_eq!(kinds, words(&[KEEPERS, OTHERS].concat()), "a new kind stands in one of these lists, and in the database's");
    let all = kinds.iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(", ");
    let w = World::new().await;
    let given = "select string_agg(kind, ' ' order by kind collate \"C\") from unnest";
    let given = w.value(&format!("{given}(array[{all}]) kind where access.is_for_the_keeper(kind)")).await;
    assert_eq!(given, words(KEEPERS).into_iter().collect::<Vec<_>>().join(" "));
}
