//! What a case does not keep, whatever its forms ask: in a guarded one places, pictures and voices, which would lead to somebody in hiding
//! (S18); in none film, nor sound but plain samples as devices send it: nothing here can cut out of others what they tell beside.
use std::collections::HashSet;

use xforms::form::{Form, Node, QuestionKind};
use xforms::instance::{Extent, Instance, NodeId};
use xforms::session::{Fault, Finding, Session};

use super::actions::keeps_places;
use super::drawn::looks_drawn;
use super::{Origin, plans, store};
use crate::cases::Case;
use crate::documents;
use crate::error::{Error, invalid};
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::EditionId;

/// A question that is not put on this case. A signature is drawn and shows nobody.
pub fn is_withheld(case: &Case, node: &Node) -> bool {
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape) => !keeps_places(case),
        Some(QuestionKind::File(kind)) if kind.starts_with("image") => !keeps_places(case) && !shows_nobody(node),
        Some(QuestionKind::File(kind)) if kind.starts_with("audio") => !keeps_places(case),
        Some(QuestionKind::File(_)) => is_film(node),
        _ => false,
    }
}

/// Film, which is put on no case.
pub fn is_film(node: &Node) -> bool {
    matches!(node.question().map(|question| &question.kind), Some(QuestionKind::File(kind)) if kind.starts_with("video"))
}

/// A picture that is drawn with a finger or a pen.
pub fn is_drawn(node: &Node) -> bool {
    ["signature", "draw", "annotate"].iter().any(|appearance| node.has_appearance(appearance))
}

/// Of these, one that begins with nothing: who marks up a picture may mark somebody's (S18).
pub fn shows_nobody(node: &Node) -> bool {
    ["signature", "draw"].iter().any(|appearance| node.has_appearance(appearance)) && !node.has_appearance("annotate")
}

/// Whether a file that answers such a question was drawn there: our pages and devices draw a PNG, ODK Collect a JPEG. A picture taken in its place
/// might show somebody, and whoever sends it chooses its name: either must look drawn, and a JPEG come from where Collect sends it.
pub async fn was_drawn((name, bytes): (&str, &[u8]), media_type: &str, origin: &str) -> bool {
    match media_type {
        "image/png" => looks_drawn("image/png", bytes).await,
        "image/jpeg" => origin == Origin::Collect.as_str() && is_named_by_collect(name) && looks_drawn("image/jpeg", bytes).await,
        _ => false,
    }
}

// Collect names what it makes by the millisecond, and offers neither camera nor gallery where one signs or draws.
fn is_named_by_collect(name: &str) -> bool {
    name.strip_suffix(".jpg").is_some_and(|moment| moment.len() == 13 && moment.bytes().all(|digit| digit.is_ascii_digit()))
}

/// An answer that is not shown either, where one came in before the case was guarded.
pub fn is_hidden(case: &Case, node: &Node) -> bool {
    is_withheld(case, node) && !is_film(node)
}

/// Takes out of a draft what was answered before its case was guarded.
pub fn clear(case: &Case, session: &mut Session) {
    if keeps_places(case) {
        return;
    }
    let pages = session.pages();
    let hidden = |element: &NodeId| {
        !session.value(*element).is_empty() && session.node(*element).is_some_and(|node| is_hidden(case, node))
    };
    let kept: Vec<NodeId> = pages.iter().flat_map(|page| page.questions.iter().copied()).filter(hidden).collect();
    for element in kept {
        if session.answer(element, "").is_err() {
            tracing::debug!("A place that can't be changed stays in a draft, and is shown nowhere.");
        }
    }
}

/// Everything that is wrong or missing in a copy on this case: what is not put there can't be missing.
pub fn findings(case: &Case, session: &Session) -> Vec<Finding> {
    let all = session.findings().into_iter();
    all.filter(|finding| {
        finding.fault != Fault::Required || !session.node(finding.element).is_some_and(|node| is_withheld(case, node))
    })
    .collect()
}

/// Whether a form may be put on a guarded case: of all its types, also those that whoever fills it in is not cleared for.
pub async fn may_be_guarded(work: &mut Work, form: &super::Form) -> Result<bool, Error> {
    let known = store::sensitivities(work).await?;
    let is_standard = |id: &i16| known.iter().any(|(one, word)| one == id && word == Sensitivity::Standard.as_str());
    Ok(form.case_types.is_empty() || !form.case_types.iter().all(is_standard))
}

/// A copy from a device as a guarded case keeps it.
pub async fn guarded(work: &mut Work, edition: EditionId, xml: &str) -> Result<String, Error> {
    let plan = plans::plan(work, edition).await?;
    let mut tree = Instance::read(xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    Ok(if without_places(plan.form(), &mut tree) { tree.to_xml(Extent::Submission) } else { xml.to_owned() })
}

/// Which of the files that a device sent with these answers a guarded case keeps: neither a picture nor a voice, but what was drawn.
/// `origin` is where it was filled in.
pub async fn kept_files<'a>(
    work: &mut Work,
    edition: EditionId,
    xml: &str,
    (files, origin): (&'a [(String, Vec<u8>)], &str),
) -> Result<Vec<&'a (String, Vec<u8>)>, Error> {
    let plan = plans::plan(work, edition).await?;
    let tree = Instance::read(xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    let drawn = answers_to(plan.form(), &tree, |node| asks_for_likeness(node) && shows_nobody(node));
    let drawn: HashSet<String> = drawn.into_iter().map(|at| tree.text(at).to_owned()).collect();
    let mut kept = Vec::new();
    for file in files {
        let (name, bytes) = (file.0.as_str(), file.1.as_slice());
        let found = documents::sniff(bytes).unwrap_or_default();
        if !is_likeness(found) || (drawn.contains(name) && was_drawn((name, bytes), found, origin).await) {
            kept.push(file);
        }
    }
    Ok(kept)
}

/// What a picture or a voice is kept as.
pub fn is_likeness(media_type: &str) -> bool {
    media_type.starts_with("image/") || media_type.starts_with("audio/")
}

/// Takes places, pictures and voices out of a copy, and leaves what was drawn; whether there were any.
fn without_places(form: &Form, instance: &mut Instance) -> bool {
    // A name that is none of a drawing leads to nothing: its file is not kept.
    let drawn = answers_to(form, instance, |node| asks_for_likeness(node) && shows_nobody(node)).into_iter();
    let is_drawing = |name: &str| name.ends_with(".png") || is_named_by_collect(name);
    let drawn: Vec<NodeId> = drawn.filter(|at| is_drawing(instance.text(*at))).collect();
    let found = answers_to(form, instance, |node| asks_where(node) || asks_for_likeness(node)).into_iter();
    let found: Vec<NodeId> = found.filter(|at| !drawn.contains(at)).collect();
    found.iter().for_each(|at| instance.set_text(*at, ""));
    !found.is_empty()
}

/// What is answered to questions of a kind, in every round.
pub fn answers_to(form: &Form, instance: &Instance, is_asked: impl Fn(&Node) -> bool) -> Vec<NodeId> {
    let mut paths = HashSet::new();
    form.walk(&mut |node| {
        if node.question().is_some() && is_asked(node) {
            paths.insert(node.path.clone());
        }
    });
    let (mut open, mut found) = (vec![instance.root()], Vec::new());
    while let Some(at) = open.pop() {
        open.extend(instance.children(at));
        if !instance.text(at).is_empty() && paths.contains(&instance.path(at)) {
            found.push(at);
        }
    }
    found
}

/// A question for a place, or one that a device answers with where it is.
pub fn asks_where(node: &Node) -> bool {
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape) => true,
        Some(QuestionKind::Hidden(data)) => data.starts_with("geo"),
        _ => false,
    }
}

/// A question for a picture, a voice or film.
pub fn asks_for_likeness(node: &Node) -> bool {
    let kind = node.question().map(|question| &question.kind);
    matches!(kind, Some(QuestionKind::File(kind)) if ["image/", "audio/", "video/"].iter().any(|one| kind.starts_with(one)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use xforms::form::{Kind, Question};

    #[test]
    fn s18_places_pictures_and_voices_are_taken_out_of_every_round_and_signatures_stay() {
        let node = |name: &str, kind| Node::new(name, format!("/data/visit/{name}"), Kind::Question(Question::new(kind)));
        let mut drawn = node("sign", QuestionKind::File("image/*".into()));
        drawn.appearance = "signature".to_owned();
        let mut sketched = node("sketch", QuestionKind::File("image/*".into()));
        sketched.appearance = "draw".to_owned();
        let mut marked = node("marked", QuestionKind::File("image/*".into()));
        marked.appearance = "annotate".to_owned();
        let body = vec![
            node("at", QuestionKind::Geopoint),
            node("face", QuestionKind::File("image/*".into())),
            node("voice", QuestionKind::File("audio/*".into())),
            node("say", QuestionKind::Text),
            drawn,
            sketched,
            marked,
        ];
        let form = Form { body, ..Form::default() };
        let round = "<visit><at>33.5 36.3 0 5</at><face>1.jpg</face><voice>2.wav</voice><say>Here</say><sign>3.png</sign><sketch>1764284400000.jpg</sketch><marked>4.png</marked></visit>";
        let mut sent = Instance::read(&format!("<data id=\"f\">{round}{round}</data>")).unwrap();
        assert!(without_places(&form, &mut sent));
        let left =
            "<visit><at/><face/><voice/><say>Here</say><sign>3.png</sign><sketch>1764284400000.jpg</sketch><marked/></visit>";
        assert!(sent.to_xml(Extent::Submission).ends_with(&format!("<data id=\"f\">{left}{left}</data>")));
        assert!(!without_places(&form, &mut sent), "nothing is left to take out");
    }

    #[tokio::test]
    async fn s18_a_drawing_is_a_png_or_what_collect_draws_and_no_photograph() {
        let white = image::RgbImage::from_pixel(8, 8, image::Rgb([255, 255, 255]));
        let as_file = |format| {
            let mut bytes = std::io::Cursor::new(Vec::new());
            white.write_to(&mut bytes, format).unwrap();
            bytes.into_inner()
        };
        let (png, jpeg) = (as_file(image::ImageFormat::Png), as_file(image::ImageFormat::Jpeg));
        for (name, bytes, media_type, origin, expected) in [
            ("3.png", &png, "image/png", "browser", true),
            ("1764284400000.jpg", &jpeg, "image/jpeg", "collect", true),
            ("1764284400000.jpg", &jpeg, "image/jpeg", "api", false),
            ("IMG_20251127.jpg", &jpeg, "image/jpeg", "collect", false),
            ("1764284400000.jpg", &jpeg, "image/webp", "collect", false),
        ] {
            assert_eq!(was_drawn((name, bytes), media_type, origin).await, expected, "{name}");
        }
        assert!(!was_drawn(("3.png", b"\x89PNG\r\n\x1a\n"), "image/png", "browser").await);
        assert!(!was_drawn(("1764284400000.jpg", b"\xFF\xD8\xFF"), "image/jpeg", "collect").await);
    }
}
