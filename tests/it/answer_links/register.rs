//! The register of contacts, and whom a link may reach.
use super::{DESK, RUTH, outside, way_in};
use crate::support::World;
use crate::support::world::{CLINIC, FIELD};

#[tokio::test]
async fn s17_protected_types_reach_only_a_named_contact_who_was_verified_by_telephone() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let page = w.amina.get(&path).await;
    page.shows("Ruth Adler").lacks("Reception");
    for contact in [DESK.to_string(), String::new()] {
        w.amina
            .post(format!("{path}/links"), [("contact", contact.as_str())])
            .await
            .is(422)
            .shows("only a person by name whom we have checked by telephone");
    }
    w.sql(&format!("update organisation_contacts set verified_at = null, verified_by = null where id = '{RUTH}'")).await;
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.is(422);
    assert_eq!(w.count("answer_links").await, 0);
    w.ada.post(format!("/contacts/{RUTH}/verification"), [("version", "1")]).await.redirects();
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.redirects();

    // The code goes to the register as it stands when it is sent: not to a contact whose address was changed since.
    let link = w.value("select id::text from answer_links").await;
    w.ada
        .post(
            format!("/contacts/{RUTH}"),
            [
                ("version", "2"),
                ("kind", "person"),
                ("name", "Ruth Adler"),
                ("email", "ruth@elsewhere.example"),
                ("phone", "555 0201"),
                ("lang", "en"),
            ],
        )
        .await
        .redirects();
    let (token, _) = way_in(&w).await;
    w.guest().post(&format!("/r/{token}"), &[]).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("messages where kind = 'code'").await, 0);
    assert_eq!(w.count("facts where kind = 'link.code_not_sent'").await, 1);
    w.amina.post(format!("/links/{link}/code"), [("", "")]).await.is(409).shows("a person verified by telephone");
    w.amina.get("/notifications").await.shows("none could be sent");
}

#[tokio::test]
async fn administrators_keep_the_register_and_others_read_what_is_theirs_to_read() {
    let w = World::new().await;
    w.sql(&format!("update organisations set in_system = false where id = {CLINIC}")).await;
    let org = CLINIC.to_string();
    let fields = [
        ("org", org.as_str()),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@clinic.example"),
        ("phone", ""),
        ("lang", "fr"),
    ];
    w.ada.post("/contacts", fields).await.is(422).keeps("ruth@clinic.example").shows("checked by telephone");
    let fields = [
        ("org", org.as_str()),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@clinic.example"),
        ("phone", "555 0201"),
        ("lang", "fr"),
    ];
    w.amina.post("/contacts", fields).await.is(403);
    w.ada.post("/contacts", fields).await.redirects();
    let contact = w.ada.get("/contacts").await.shows("Not verified").link("/contacts/0");
    w.ada.post(format!("{contact}/verification"), [("version", "1")]).await.redirects();
    w.amina.get("/contacts").await.shows("Verified by telephone").shows("Ruth Adler").lacks("New contact");
    w.ada.get(&contact).await.shows("Verified by telephone,");
    let other = [
        ("version", "2"),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@elsewhere.example"),
        ("phone", "555 0201"),
        ("lang", "fr"),
    ];
    w.ada.post(&contact, other).await.redirects();
    w.ada.get(&contact).await.shows("Not verified").lacks("Verified by telephone,");
    w.ada.post(&contact, other).await.is(409);
    w.odd.get("/contacts").await.lacks("Ruth");
    w.odd.get(&contact).await.is(404);
    w.ada.post(format!("{contact}/retirement"), [("version", "3")]).await.redirects();
    w.ada.get("/contacts").await.lacks("Ruth");
    assert_eq!(w.count("facts where kind = 'contact.changed'").await, 4);
    assert_eq!(w.count("facts where kind = 'contact.changed' and note::text like '%clinic.example%'").await, 0);
    let stranger = FIELD.to_string();
    w.ada
        .post(
            "/contacts",
            [("org", stranger.as_str()), ("kind", "desk"), ("name", "x"), ("email", "a@b.example"), ("lang", "en")],
        )
        .await
        .is(422);
}

#[tokio::test]
async fn who_answers_often_by_link_is_proposed_for_an_invitation() {
    let w = World::new().await;
    outside(&w, 3, "amina").await;
    w.ada.get("/contacts").await.shows("Too few referrals").lacks("invite them in");
    w.sql(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_org, need, priority, status, step, author, requested_at)
           select gen_random_uuid(), 'R-often-' || n, 'external', case_id, from_org, from_unit, to_org, need, priority, 'accepted', 'assigned', author, now()
           from referrals, generate_series(1, 5) n where kind = 'external';
         insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at)
           select gen_random_uuid(), id, gen_random_uuid(), code::bytea, code::bytea, now(), now() + interval '1 day' from referrals where code like 'R-often-%';
         insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), referral_id, id, 'answered' from answer_links",
    )
    .await;
    w.ada.get("/contacts").await.shows("invite them in");
    w.amina.get("/contacts").await.lacks("invite them in");
    w.sql("update cases set case_type = 4").await;
    w.ada.get("/contacts").await.lacks("invite them in");
}
