//! A submission comes in, in one post or in several.
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use xforms::instance::Instance;

use super::door::Caller;
use super::{reading, store};
use crate::cases::{self, Case};
use crate::documents;
use crate::error::{Error, invalid};
use crate::forms::actions::{self, LONGEST, may_write};
use crate::forms::{Form, Landed, Origin, Received, Said, arrivals, plans, store as kept};
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::upload::{self, Part};

/// What we tell a phone to keep a post below; it then sends the files of one submission in several posts.
pub(super) const MOST_BYTES: usize = upload::MOST_BYTES;
// The answers come along with every post, and a single file may be as large as a document.
const MOST_READ: usize = upload::MOST_BYTES + LONGEST + 64 * 1024;

const ANSWERS: &str = "xml_submission_file";
const INCOMPLETE: &str = "*isIncomplete*";

/// HEAD /openrosa/submission: where to send, and how much at a time. Collect asks for it before anything else.
pub(super) async fn ask(caller: Caller) -> Response {
    let location = HeaderValue::from_str(&format!("{}/submission", caller.root));
    let mut response = caller.show(StatusCode::NO_CONTENT, String::new()).await;
    if let (StatusCode::NO_CONTENT, Ok(location)) = (response.status(), location) {
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// POST /openrosa/submission: 201 for what is whole, 202 while files are awaited. Collect keeps what is answered with anything else.
pub(super) async fn send(mut caller: Caller, request: Request) -> Response {
    match Box::pin(taken(&mut caller, request)).await {
        Ok((status, words)) => caller.say(status, words).await,
        Err(error) => caller.refuse(error).await,
    }
}

// What came in one post.
struct Post {
    instance: Instance,
    text: String,
    files: Vec<(String, Vec<u8>)>,
    is_whole: bool,
}

impl Post {
    fn of(parts: Vec<Part>) -> Result<Self, Error> {
        let is_whole = !parts.iter().any(|part| part.name == INCOMPLETE);
        let answers = parts.iter().find(|part| part.name == ANSWERS).map(|part| part.bytes.as_slice()).unwrap_or_default();
        let instance = reading::read(answers)?;
        let text = String::from_utf8_lossy(answers).into_owned();
        let files = parts.into_iter().filter(|part| part.name != ANSWERS && part.name != INCOMPLETE);
        // The name of the field is the name of the file; some clients give only the latter.
        let named = files.map(|part| (part.file.filter(|name| !name.is_empty()).unwrap_or(part.name), part.bytes));
        Ok(Self { instance, text, files: named.filter(|(_, bytes)| !bytes.is_empty()).collect(), is_whole })
    }

    // Files of kinds that are kept: pictures without what they tell beside what they show (S18), and papers. Whether any was left out.
    fn keep_what_may_be_kept(&mut self) -> bool {
        let before = self.files.len();
        let files = std::mem::take(&mut self.files).into_iter();
        self.files = files.filter_map(|(name, bytes)| Some((name, documents::clean(bytes)?))).collect();
        self.files.len() < before
    }
}

async fn taken(caller: &mut Caller, request: Request) -> Result<(StatusCode, &'static str), Error> {
    if caller.work.ground().disk.is_nearly_full() {
        return Err(Error::Full);
    }
    let mut post = Post::of(upload::parts(request, MOST_READ).await?)?;
    // The phone is told, and keeps it: what is left out without a word is lost.
    if post.files.iter().any(|(_, bytes)| bytes.len() > MOST_BYTES) {
        return Err(invalid("file", "too_large"));
    }
    let work = &mut caller.work;
    let (form, edition) = known_form(work, &post.instance).await?;
    let plan = plans::plan(work, edition).await?;
    let case = named_case(work, &form, plan.form(), &post.instance).await?;
    let left_out = post.keep_what_may_be_kept();
    let (instance_id, replaced) = (owned(post.instance.instance_id()), post.instance.deprecated_id().map(str::to_owned));
    let received = Received {
        xml: post.text,
        case: case.map(|case| case.id),
        meant_for: None,
        unit: Some(caller.unit),
        edition: None,
        origin: Origin::Collect,
        files: post.files,
        said: Said::default(),
    };
    match actions::receive(work, &received).await? {
        Landed::Case(..) => {}
        Landed::Arrival(id) => {
            if let Some(old) = replaced {
                arrivals::corrected(work, &old, id).await?;
            }
        }
        Landed::Known => arrivals::more_files(work, &instance_id, &received).await?,
    }
    Ok(match (post.is_whole, left_out) {
        (true, true) => (StatusCode::CREATED, "openrosa-received-without"),
        (true, false) => (StatusCode::CREATED, "openrosa-received"),
        (false, _) => (StatusCode::ACCEPTED, "openrosa-part"),
    })
}

fn owned(id: Option<&str>) -> String {
    id.unwrap_or_default().to_owned()
}

// The form and edition of what was sent; an edition that was retired meanwhile still takes what was filled with it. What is for restricted work
// alone is not there for a phone (S20), and neither is a correction of what stands on a restricted case.
async fn known_form(work: &mut Work, instance: &Instance) -> Result<(Form, crate::platform::ids::EditionId), Error> {
    let (form, edition) = actions::form_of(work, instance).await.map_err(|error| match error {
        Error::Invalid(_) => Error::NotFound,
        other => other,
    })?;
    let guarded = store::guarded(work, &form.case_types).await?;
    if guarded.iter().all(|word| word == Sensitivity::Restricted.as_str()) {
        return Err(Error::NotFound);
    }
    if let Some(old) = instance.deprecated_id()
        && let Some(standing) = kept::corrected(work, old).await?
        && cases::store::find(work, standing.case).await?.sensitivity() == Sensitivity::Restricted
    {
        return Err(Error::NotFound);
    }
    Ok((form, edition.id))
}

// The case that was named, where the caller may write on it and the form is for it. Of every other one nothing is said: what names it waits as
// an arrival like what names none (S11).
async fn named_case(
    work: &mut Work,
    form: &Form,
    definition: &xforms::form::Form,
    instance: &Instance,
) -> Result<Option<Case>, Error> {
    let Some(code) = reading::case_code(definition, instance) else { return Ok(None) };
    let Some(id) = cases::store::find_by_code(work, &code).await? else { return Ok(None) };
    let case = find(work, id).await?.filter(|case| case.sensitivity() != Sensitivity::Restricted && form.is_for(case));
    let Some(case) = case else { return Ok(None) };
    match may_write(work, &case).await {
        Ok(()) => Ok(Some(case)),
        Err(Error::Forbidden(_) | Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn find(work: &mut Work, id: CaseId) -> Result<Option<Case>, Error> {
    match cases::store::find(work, id).await {
        Ok(case) => Ok(Some(case)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
