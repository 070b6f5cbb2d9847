//! A phone with a collecting app: asks as ODK Collect asks, by key or by name and password, and sends as it sends.
use axum::body::Body;
use base64::Engine;
use http::{Method, Request, header};
use throughcare::forms::store::{self, NewEdition, NewForm};
use uuid::Uuid;

use super::World;
use super::browser::{Browser, Seen};
use super::world::{FIELD, HARBOUR, PASSWORD, user};

/// What is asked at the door, beside the people: a place, a photo, and which case it is about.
const INTAKE: &str = include_str!("../intake.xml");
const BOUNDARY: &str = "----a8f3";

/// A picture that is one.
pub fn photo() -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".as_slice(), b"\xFF\xDB\0\x04\0\0", b"\xFF\xDA\0\x04\0\0ab\xFF\xD9"]
        .concat()
}

/// A JPEG as somebody draws it: ink on a plain ground.
pub fn drawing() -> Vec<u8> {
    picture(image::ImageFormat::Jpeg, |x, y| if x == y { [0, 0, 0] } else { [255, 255, 255] })
}

/// The same as a PNG.
pub fn inked() -> Vec<u8> {
    picture(image::ImageFormat::Png, |x, y| if x == y { [0, 0, 0] } else { [255, 255, 255] })
}

/// A photograph that is kept as a PNG: hardly two dots of it are alike.
pub fn photo_png() -> Vec<u8> {
    picture(image::ImageFormat::Png, |x, y| [x, y, x + y].map(|part| u8::try_from(part % 256).unwrap_or(0)))
}

fn picture(format: image::ImageFormat, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(160, 120, |x, y| image::Rgb(colour(x, y))).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A recording of plain samples that tells where it was made.
pub fn recording() -> Vec<u8> {
    let chunk = |kind: &[u8], said: &[u8]| [kind, &(said.len() as u32).to_le_bytes()[..], said].concat();
    let form = chunk(b"fmt ", &[1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0]);
    let inside = [form, chunk(b"LIST", b"in Irbid"), chunk(b"data", &[0; 64])].concat();
    [&b"RIFF"[..], &(inside.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &inside[..]].concat()
}

/// A phone of somebody's.
pub struct Phone {
    router: Browser,
    /// `/openrosa`, or the same under a key.
    pub root: String,
    sign: Option<String>,
}

impl World {
    /// The form of `intake.xml` as Harbour's, published for these case types; answers the edition.
    pub async fn intake_form(&self, code: &str, case_types: &[i16], subject: &str) -> Uuid {
        self.intake_edition(code, "1", case_types, subject).await
    }

    /// The same at a version.
    pub async fn intake_edition(&self, code: &str, version: &str, case_types: &[i16], subject: &str) -> Uuid {
        let xform = INTAKE.replace("household_intake", code).replace("version=\"1\"", &format!("version=\"{version}\""));
        let mut work = self.operate().await;
        let (hash,): (String,) = sqlx::query_as("select md5($1)").bind(&xform).fetch_one(work.db()).await.expect("a digest");
        let known: Option<(Uuid,)> =
            sqlx::query_as("select id from forms where code = $1").bind(code).fetch_optional(work.db()).await.expect("a look");
        let new = NewForm {
            org: Some(HARBOUR),
            pack: None,
            code,
            title: "Household & intake",
            case_types,
            subject,
            intake: true,
            offline: true,
        };
        let form = match known {
            Some((id,)) => id.into(),
            None => store::insert_form(&mut work, &new).await.expect("a form"),
        };
        let edition = NewEdition {
            form_version: version,
            source: xform.as_bytes(),
            source_name: "intake.xml",
            xform: &xform,
            hash: &hash,
            problems: serde_json::json!([]),
            languages: &[],
            questions: 9,
        };
        let id = store::insert_edition(&mut work, form, &edition).await.expect("an edition");
        let edition = store::edition(&mut work, id).await.expect("it is there");
        store::publish(&mut work, &edition).await.expect("it is published");
        work.commit().await.expect("it commits");
        id.0
    }

    /// What the routes of phones name: an arrival at Harbour's field unit, the edition that it was filled with, a phone, and a key that was
    /// withdrawn.
    pub async fn came_by_phone(&self) -> Vec<(&'static str, &'static str, String)> {
        let edition = self.intake_form("household_intake", &[3], "household").await;
        let (arrival, device, amina, token) =
            (Uuid::now_v7(), Uuid::now_v7(), user("amina"), throughcare::platform::ids::secret());
        let hash = hex::encode(throughcare::platform::ids::hash(&token));
        self.sql(&format!(
            "insert into arrivals (id, org, unit, case_type, form_id, edition_id, instance_id, body, origin, author, author_name)
               select '{arrival}', {HARBOUR}, {FIELD}, 3, form_id, id, 'uuid:estate', '', 'collect', '{amina}', 'Amina Haddad' from form_editions where id = '{edition}';
             insert into devices (id, key_hash, user_id, org, unit, name) values ('{device}', '\\x07', '{amina}', {HARBOUR}, {FIELD}, 'Phone');
             insert into devices (id, key_hash, user_id, org, unit, name, revoked_at) values (gen_random_uuid(), '\\x{hash}', '{amina}', {HARBOUR}, {FIELD}, 'Lost', now())"
        ))
        .await;
        let mut work = self.operate().await;
        let key = work.new_key(arrival, None).await.expect("a key");
        let body = key.seal("arrivals.body", filled("household_intake", "estate", "<head_name>Dana</head_name>").as_bytes());
        sqlx::query("update arrivals set body = $2 where id = $1")
            .bind(arrival)
            .bind(body)
            .execute(work.db())
            .await
            .expect("a body");
        work.commit().await.expect("it commits");
        vec![
            ("arrivals", "arrivals", arrival.to_string()),
            ("devices", "devices", device.to_string()),
            ("openrosa", "forms", edition.to_string()),
            ("openrosa", "media", "cases.csv".to_owned()),
            ("openrosa", "key", token),
        ]
    }

    /// A phone of this user, with a key made on the page.
    pub async fn phone(&self, of: &Browser) -> Phone {
        let page = of.post("/devices", [("name", "Blue phone")]).await;
        let address = page.is(200).text();
        let at = address.find("/openrosa/key/").expect("the page shows the address");
        let root = address[at..].split_whitespace().next().expect("a word").to_owned();
        Phone { router: self.nobody.clone(), root, sign: None }
    }

    /// A phone on which name and password were typed.
    pub fn phone_of(&self, login: &str, password: &str) -> Phone {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{login}:{password}"));
        Phone { router: self.nobody.clone(), root: "/openrosa".to_owned(), sign: Some(format!("Basic {pair}")) }
    }

    /// One on which neither key nor password is set yet.
    pub fn new_phone(&self) -> Phone {
        Phone { router: self.nobody.clone(), root: "/openrosa".to_owned(), sign: None }
    }

    /// Amina's, by password.
    pub fn aminas_phone(&self) -> Phone {
        self.phone_of("amina", PASSWORD)
    }
}

impl Phone {
    /// Asks for something below the phone's root.
    pub async fn get(&self, path: &str) -> Seen {
        self.ask(Method::GET, path).await
    }

    /// Asks where to send.
    pub async fn head(&self) -> Seen {
        self.ask(Method::HEAD, "/submission").await
    }

    async fn ask(&self, method: Method, path: &str) -> Seen {
        let mut request =
            Request::builder().method(method).uri(format!("{}{path}", self.root)).header("x-openrosa-version", "1.0");
        if let Some(sign) = &self.sign {
            request = request.header(header::AUTHORIZATION, sign);
        }
        self.router.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends answers and files in one post.
    pub async fn send(&self, xml: &str, files: &[(&str, &[u8])]) -> Seen {
        self.post(xml, files, true).await
    }

    /// Sends one of several posts, after which more come.
    pub async fn send_part(&self, xml: &str, files: &[(&str, &[u8])]) -> Seen {
        self.post(xml, files, false).await
    }

    async fn post(&self, xml: &str, files: &[(&str, &[u8])], is_whole: bool) -> Seen {
        let mut body = Vec::new();
        part(&mut body, "xml_submission_file", Some("answers.xml"), xml.as_bytes());
        for (name, bytes) in files {
            part(&mut body, name, Some(name), bytes);
        }
        if !is_whole {
            part(&mut body, "*isIncomplete*", None, b"yes");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let mut request = Request::post(format!("{}/submission?deviceID=collect%3Aabc", self.root))
            .header("x-openrosa-version", "1.0")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        if let Some(sign) = &self.sign {
            request = request.header(header::AUTHORIZATION, sign);
        }
        self.router.send(request.body(Body::from(body)).expect("a request")).await
    }
}

fn part(body: &mut Vec<u8>, name: &str, file: Option<&str>, bytes: &[u8]) {
    let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
    body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n");
}

/// A filled copy of the form: its id, and what was answered.
pub fn filled(code: &str, id: &str, answers: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"{code}\" version=\"1\">{answers}<meta><instanceID>uuid:{id}</instanceID></meta></data>"
    )
}

/// The same as a correction of another.
pub fn correction(code: &str, id: &str, of: &str, answers: &str) -> String {
    let deprecated = format!("<deprecatedID>uuid:{of}</deprecatedID></meta>");
    filled(code, id, answers).replace("</meta>", &deprecated)
}
