//! A place in a community project, as the records of the estate and other tests need one.
use uuid::Uuid;

use super::World;
use super::world::{FIELD, HARBOUR, user};

impl World {
    /// Somebody who has a place in a community project, for which only one pack provides; the head office is its host. Answers what routes name.
    pub async fn placed(&self, person: Uuid) -> Vec<(&'static str, &'static str, String)> {
        self.load_pack("inclusion").await;
        let (id, placed, boss, code) = (Uuid::now_v7(), Uuid::now_v7(), user("boss"), throughcare::platform::ids::code('C'));
        self.sql(&format!(
            "insert into memberships (id, user_id, unit, org, role)
               select gen_random_uuid(), m.user_id, m.unit, m.org, r.id from roles r, (select distinct user_id, unit, org from memberships where user_id = '{boss}') m
               where r.org is null and r.id not in (select role from memberships where user_id = '{boss}');
             insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
               values ('{id}', '{code}', {HARBOUR}, {FIELD}, 60, '{boss}', '{boss}', '{person}', 'inclusion', 1, 'pact', 'self', now());
             insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{id}', '{person}', 'subject');
             insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
               values (gen_random_uuid(), '{id}', '{person}', 'consent', 'consent', 'a place', '{{{HARBOUR}}}', '{{need,identity}}', current_date, '{boss}', 'Boss');
             insert into plans (id, case_id, nth, author, author_name, writers) values ('{id}', '{id}', 1, '{boss}', 'Boss', '{{{boss}}}');
             insert into plan_lines (id, plan_id, case_id, kind, words, author) values ('{id}', '{id}', '{id}', 'goal', '', '{boss}');
             insert into projects (id, org, unit, title, host, host_unit, area, places, weekly_hours, starts_on, responsible, author)
               values ('{id}', {HARBOUR}, {FIELD}, 'Garden', 'Municipality', 1, 'environment', 3, 8, '2026-01-05', 'Rosa Neri', '{boss}');
             insert into project_placements (id, case_id, project_id, person_id, plan_line, weekly_hours, starts_on, author, author_name)
               values ('{placed}', '{id}', '{id}', '{person}', '{id}', 8, '2026-01-05', '{boss}', 'Boss');
             insert into project_attendance (id, placement_id, case_id, week, nth, present, justified, unjustified, author, author_name)
               values ('{id}', '{placed}', '{id}', '2026-01-05', 1, 6, 2, 0, '{boss}', 'Boss');
             insert into project_exemptions (id, case_id, person_id, reason, author, author_name) values ('{id}', '{id}', '{person}', 'study', '{boss}', 'Boss')"
        ))
        .await;
        let mut work = self.operate().await;
        work.new_key(id, Some(id)).await.expect("a key");
        work.commit().await.expect("it commits");
        let places = [
            ("projects", "projects", id),
            ("placements", "cases", id),
            ("placements", "placements", placed),
            ("placements", "exemptions", id),
            ("hosted", "hosted", placed),
        ];
        places.map(|(room, before, id)| (room, before, id.to_string())).to_vec()
    }
}
