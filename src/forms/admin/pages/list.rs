//! The forms of the organisation and those that packs bring.
use askama::Template;
use axum::response::Response;

use super::super::store::{self, Line};
use super::{path, places, state};
use crate::access::Act;
use crate::error::Error;
use crate::forms::store as forms;
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::FormId;
use crate::web::Page;
use crate::web::parts::Badge;

#[derive(Template)]
#[template(path = "forms/admin/html/index.html")]
struct Index {
    p: Page,
    may: bool,
    own: Vec<Row>,
    of_packs: Vec<Row>,
    heads: [String; 5],
}

struct Row {
    href: String,
    title: String,
    code: String,
    edition: String,
    state: Badge,
    drafts: String,
    filled: String,
    languages: String,
    places: String,
    export: String,
}

/// GET /forms: for who keeps forms, and, for taking answers away, for who may see them.
pub async fn index(mut work: Work) -> Result<Response, Error> {
    let may = work.holds(Act::FormManage);
    if !may {
        super::super::export::may(&work)?;
    }
    let p = Page::titled(&mut work, "forms-title").await?;
    let org = work.standing.org;
    let known: Vec<Form> =
        forms::forms(&mut work).await?.into_iter().filter(|form| form.org.is_none_or(|of| of == org)).collect();
    let ids: Vec<FormId> = known.iter().map(|form| form.id).collect();
    let published = forms::published(&mut work, &ids).await?;
    let lines = store::lines(&mut work, &ids).await?;
    let types = store::case_types(&mut work).await?;
    let standard = |form: &Form| {
        let open = |id: &i16| types.iter().any(|known| known.id == *id && known.sensitivity == "standard");
        !form.case_types.is_empty() && form.case_types.iter().all(open)
    };
    let exports = super::super::export::may(&work).is_ok();
    let (mut own, mut of_packs) = (Vec::new(), Vec::new());
    for form in &known {
        let edition = published.iter().find(|edition| edition.form_id == form.id);
        let line = lines.iter().find(|line| line.id == form.id);
        // Whoever only takes answers away has nothing to do with what nobody fills.
        if !may && edition.is_none() && line.is_none_or(|line| line.newest == 0) {
            continue;
        }
        let mut row = row(&p, form, (edition, line), standard(form), exports);
        // How many there are is counted for who keeps forms: to anybody else it would say that there are none.
        if !may {
            "–".clone_into(&mut row.filled);
        }
        if form.org.is_some() { own.push(row) } else { of_packs.push(row) }
    }
    let heads = ["form", "edition", "filled", "languages", "where"].map(|head| p.t(&format!("forms-head-{head}")));
    work.show_plain(Index { p, may, own, of_packs, heads }).await
}

fn row(p: &Page, form: &Form, (edition, line): (Option<&Edition>, Option<&Line>), standard: bool, exports: bool) -> Row {
    let drafts = line.map_or(0, |line| line.drafts);
    let standing = match edition {
        Some(_) => "published",
        None if drafts > 0 => "draft",
        None => "retired",
    };
    Row {
        href: path(form),
        title: form.title.clone(),
        code: form.code.clone(),
        edition: edition.map(|edition| super::edition_name(p, edition)).unwrap_or_default(),
        state: state(p, standing),
        drafts: if drafts > 0 && edition.is_some() { p.ta("forms-drafts", "count", drafts) } else { String::new() },
        filled: filled(p, line, standard),
        languages: edition.map(|edition| p.list(&edition.languages)).unwrap_or_default(),
        places: places(p, form),
        export: if exports { format!("{}/export", path(form)) } else { String::new() },
    }
}

// Of standard cases the number; where guarded ones are or may be among them no number that could tell of one (S15): cases were guarded, and
// forms narrowed, after copies had been filled in.
pub(super) fn filled(p: &Page, line: Option<&Line>, standard: bool) -> String {
    let (open, guarded) = line.map_or((0, 0), |line| (line.open, line.guarded));
    let all = open + guarded;
    match (standard && guarded == 0, all) {
        (true, all) => p.number(all),
        (false, ..10) => p.t("forms-filled-few"),
        (false, all) => p.ta("forms-filled-about", "count", p.number((all + 2) / 5 * 5)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lang::Lang;

    #[test]
    fn a_number_that_could_tell_of_somebody_is_not_shown() {
        let p = Page::plain(Lang::En, "", chrono::DateTime::UNIX_EPOCH);
        let line = |open, guarded| Line { id: FormId::new(), drafts: 0, newest: 1, open, guarded };
        let shown =
            |open, guarded, standard| filled(&p, Some(&line(open, guarded)), standard).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!((shown(3, 0, true), shown(3, 1, true)), ("3".to_owned(), "fewer than 10".to_owned()));
        assert_eq!((shown(3, 0, false), shown(0, 9, false)), ("fewer than 10".to_owned(), "fewer than 10".to_owned()));
        assert_eq!((shown(10, 3, false), shown(0, 12, false)), ("about 15".to_owned(), "about 10".to_owned()));
    }
}
