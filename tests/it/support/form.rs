//! Forms for tests: written as tables and published, and filled in as a browser sends their pages.
use throughcare::forms::store::{self, NewEdition, NewForm};
use throughcare::forms::{Form, Media};
use throughcare::platform::db::Work;
use throughcare::platform::ids::FormId;
use uuid::Uuid;
use xforms::xlsform::{self, Sheet, Workbook};

use super::World;
use super::browser::{Browser, Seen};
use super::world::HARBOUR;

/// What one leaf of the estate is filled in on.
const LEAF: &str = "survey
    type | name | label | media::image
    text | name | Name | leaf.png
    settings
    form_title | form_id
    Leaf | leaf";

/// A form written as tables: a line without `|` names the sheet.
fn workbook(text: &str) -> Workbook {
    let mut workbook = Workbook::default();
    for (row, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        match workbook.sheets.last_mut().filter(|_| line.contains('|')) {
            None => workbook.sheets.push(Sheet { name: line.to_owned(), rows: Vec::new() }),
            Some(sheet) => sheet.rows.push((row as u32 + 1, line.split('|').map(|cell| cell.trim().to_owned()).collect())),
        }
    }
    workbook
}

async fn keep(work: &mut Work, subject: &str, case_types: &[i16], text: &str) -> Form {
    let outcome = xlsform::read(&workbook(text), "data");
    let problems: Vec<String> = outcome.problems.iter().map(ToString::to_string).collect();
    let form = outcome.form.unwrap_or_else(|| panic!("{}", problems.join("\n")));
    let (code, title) = (form.id.as_str(), form.title.as_str());
    let new = NewForm { org: Some(HARBOUR), pack: None, code, title, case_types, subject, intake: false, offline: false };
    let id = store::insert_form(work, &new).await.expect("the form is kept");
    let languages: Vec<String> = form.languages.iter().map(|language| language.name.clone()).collect();
    let edition = NewEdition {
        form_version: &form.version,
        source: text.as_bytes(),
        source_name: "form.xlsx",
        xform: &form.to_xform(),
        hash: "00000000000000000000000000000000",
        problems: serde_json::json!([]),
        languages: &languages,
        questions: 1,
    };
    let edition = store::insert_edition(work, id, &edition).await.expect("the edition is kept");
    let media =
        Media { name: "leaf.png".into(), media_type: "image/png".into(), hash: "00000000000000000000000000000000".into() };
    store::insert_media(work, edition, &media, b"\x89PNG\r\n\x1a\n").await.expect("the picture is kept");
    let edition = store::edition(work, edition).await.expect("it is there");
    store::publish(work, &edition).await.expect("it is published");
    store::form(work, id).await.expect("it is there")
}

impl World {
    /// A published form of Harbour's, about this subject, for cases of these types.
    pub async fn form(&self, subject: &str, case_types: &[i16], text: &str) -> FormId {
        let mut work = self.operate().await;
        let form = keep(&mut work, subject, case_types, text).await;
        work.commit().await.expect("it commits");
        form.id
    }

    /// A draft of a small form on this case, whose key is there.
    pub async fn leaf(&self, case: Uuid) -> Uuid {
        let mut work = self.operate().await;
        let form = keep(&mut work, "household", &[], LEAF).await;
        let id = Uuid::now_v7();
        let answers = work.case_key(case).await.expect("the key").seal(store::ANSWERS, b"<data id=\"leaf\"><name/></data>");
        let amina = super::world::user("amina");
        sqlx::query(
            "insert into submissions (id, case_id, form_id, edition_id, instance_id, answers, origin, author, author_name, started_at)
             select $1, $2, $3, id, 'uuid:leaf', $4, 'page', $5, 'Amina Haddad', now() from form_editions where form_id = $3",
        )
        .bind(id)
        .bind(case)
        .bind(form.id.0)
        .bind(answers)
        .bind(amina.0)
        .execute(work.db())
        .await
        .expect("a copy");
        work.commit().await.expect("it commits");
        id
    }
}

impl Browser {
    /// Begins a form on a case; answers the address of the copy.
    pub async fn begins(&self, case: &str, form: FormId) -> String {
        self.post(format!("{case}/forms"), [("form", form.to_string())]).await.redirects()
    }

    /// Answers a page of a copy as a browser sends it: everything that it asks, what is not named here left empty.
    pub async fn fills(&self, page: &str, answers: &[(&str, &str)], go: &str) -> Seen {
        let shown = self.get(page).await;
        shown.is(200);
        let mut fields = vec![("version".to_owned(), shown.marked("version")), ("at".to_owned(), shown.marked("at"))];
        fields.push(("language".to_owned(), shown.marked("language")));
        let asked = shown.body.split("name=\"asked\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
        fields.extend(asked.map(|name| ("asked".to_owned(), name.to_owned())));
        fields.extend(answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields.push(("go".to_owned(), go.to_owned()));
        self.post(page.split('?').next().unwrap_or(page), fields).await
    }
}
