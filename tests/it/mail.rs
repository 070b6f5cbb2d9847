//! The outbox: what is posted is sent once it may go, and everybody sees how it fared.
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::lang::Lang;
use throughcare::platform::outbox::{NewMessage, Recipient, State, store};
use uuid::Uuid;

use crate::support::World;
use crate::support::world::HARBOUR;

fn message(about: Uuid, once: &str) -> NewMessage {
    NewMessage {
        kind: "test",
        org: HARBOUR,
        to: Recipient { name: "Front desk".into(), address: "desk@clinic.example".into() },
        lang: Lang::En,
        subject: "A message for you".into(),
        text: "Please sign in.".into(),
        attach: None,
        about: Some(about),
        referral: None,
        once: once.into(),
    }
}

#[tokio::test]
async fn a_message_posted_twice_under_one_key_is_one_and_holds_nothing_in_the_open() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    let mut ids = Vec::new();
    for _ in 0..2 {
        // Anybody's act may leave a message, also a visitor's who has not proved who they are.
        let mut work = Work::open(&w.ground, Actor::Nobody).await.expect("work");
        ids.push(work.post(message(about, "letter:1")).await.expect("it is posted"));
        work.commit().await.expect("it commits");
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(w.count("messages").await, 1);
    let open = w.value("select row_to_json(m)::text from messages m").await;
    assert!(!open.contains("clinic") && !open.contains("Front"), "{open}");
    let mut work = w.operate().await;
    let delivery = store::state_of(&mut work, about).await.expect("it answers").expect("it is there");
    assert_eq!((delivery.id, delivery.state, delivery.tries), (ids[0], State::Queued, 0));
}
