//! Records of somebody's own desk: their week, and the forms they keep.
use throughcare::platform::ids::UserId;

use super::{Row, row};
use crate::support::world::{FIELD, HARBOUR, user};

// The least that is a form.
const XFORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Kept</h:title><model><instance><data id="kept"><a/></data></instance><bind nodeset="/data/a" type="string"/></model></h:head><h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"#;

// What stands in calendars beside meetings of a case.
pub(super) fn agenda(boss: UserId) -> Vec<Row> {
    let amina = user("amina");
    let session = format!(
        "insert into supervision_plans (id, org, unit, kind, starts_at, ends_at, supervisor, workers)
           values (new_id, {HARBOUR}, {FIELD}, 'individual', now(), now() + interval '1 hour', '{boss}', '{{{amina}}}')"
    );
    let block = format!(
        "insert into week_blocks (id, user_id, kind, on_day, from_minute, minutes, weekly, words)
           values (new_id, '{boss}', 'self_care', current_date, 540, 60, true, '')"
    );
    let visit = format!(
        "insert into meetings (id, case_id, kind, starts_at, ends_at, holder, words, author, author_name, set_out_at, back_by, out_by)
           select new_id, case_id, 'home_visit', now(), now() + interval '1 hour', '{boss}', '', '{boss}', 'Boss', now(), now() + interval '1 hour', '{boss}' from meetings limit 1"
    );
    vec![
        row("team", "planned", session.clone()),
        row("team", "sessions-planned", session),
        row("agenda", "blocks", block),
        row("visits", "visits", visit),
    ]
}

// A form, its edition, and answers that the boss took away.
pub(super) fn forms(boss: UserId) -> Vec<Row> {
    vec![
        row("forms", "forms", format!("insert into forms (id, org, code, title) values (new_id, {HARBOUR}, 'kept', 'Kept')")),
        row("forms", "editions", format!(
            "insert into form_editions (id, form_id, number, source, source_name, xform, hash) select new_id, id, 1, '', 'kept.xml', '{XFORM}', repeat('1', 32) from forms where code = 'kept'")),
        row("forms", "exports", format!(
            "insert into form_exports (id, org, form_id, asked_by, asked_at, wanted, state, total, media_type, ending, expires_at)
             select new_id, {HARBOUR}, id, '{boss}', now(), '{{}}', 'made', 1, 'text/csv', 'csv', now() + interval '1 day' from forms where code = 'kept'")),
    ]
}
