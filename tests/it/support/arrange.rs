//! Arrangements that many tests begin with, made through the front door where a page makes them.
use throughcare::platform::ids::UserId;
use uuid::Uuid;

use super::World;
use super::browser::Browser;

impl World {
    /// Loads another shipped pack beside `protection`.
    pub async fn load_pack(&self, name: &str) {
        let acts: Vec<&str> = throughcare::access::Act::ALL.iter().map(|act| act.code()).collect();
        let pack = throughcare::packs::read(&std::path::Path::new("packs").join(name), &acts).expect("the shipped pack is right");
        let mut work = self.operate().await;
        throughcare::packs::store::load(&mut work, &pack).await.expect("the pack loads");
        throughcare::forms::packed::load(&mut work, &pack).await.expect("its forms load");
        work.commit().await.expect("it commits");
    }

    /// Rules read whom this form names.
    pub async fn rules_read_the_name(&self, form: &str) {
        self.sql(&format!(
            r#"insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{{fields}}', '[{{"of_member": false, "name": "called",
                 "kind": "text", "labels": {{"en": "Called", "ar": "الاسم", "fr": "Nom", "es": "Nombre"}}, "form": "{form}", "path": "/data/head_name"}}]')
               from packs where name = 'protection' order by version desc limit 1"#
        ))
        .await;
    }

    /// Whom they know by name in the one profile that there is.
    pub async fn name_that_rules_know(&self) -> String {
        self.value("select coalesce(fields #>> '{household,called}', 'nobody') from profiles").await
    }

    /// Gives somebody a role of a pack in a unit, beside what they have, and the browser of a new session.
    pub async fn also(&self, login: &str, unit: i32, role: &str) -> Browser {
        let id = super::world::user(login);
        self.sql(&format!(
            "insert into memberships (id, user_id, unit, org, role) select gen_random_uuid(), '{id}', {unit}, 0, id from roles where code = '{role}' and org is null"
        ))
        .await;
        self.browser(login).await
    }

    /// Somebody registers a person through the form, having looked for the name; answers the id. A name like somebody's is confirmed to be somebody else's.
    pub async fn person(&self, by: &Browser, name: &str, fields: &[(&str, &str)]) -> Uuid {
        let sure = [("name", name), ("somebody_else", "true"), ("searched", name)];
        let path = by.post("/people/new", sure.iter().chain(fields).copied()).await.redirects();
        path.trim_start_matches("/people/").parse().expect("a person's page")
    }

    /// A person whose only case is of this type and lies with this manager, as the row policies see it.
    pub async fn only_case(&self, person: Uuid, unit: i32, case_type: &str, manager: UserId) -> Uuid {
        let case = Uuid::now_v7();
        let code = throughcare::platform::ids::code('C');
        self.sql(&format!(
            "insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
             select '{case}', '{code}', 0, {unit}, t.id, '{manager}', '{person}', p.name, p.version, 'intake', 'self', now()
             from case_types t, packs p where t.code = '{case_type}' order by p.version desc limit 1;
             insert into case_people (id, case_id, person_id, part, org, unit, case_type, scope)
             values (gen_random_uuid(), '{case}', '{person}', 'subject', 0, 0, 0, '{{}}');"
        ))
        .await;
        case
    }
}
