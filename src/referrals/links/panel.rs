//! What the sender sees of the links of a referral to an organisation without account, on the referral's own page.
use super::actions;
use super::store::{self, Link, Use};
use crate::directory::contacts::{self, Contact};
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::referrals::row::Referral;
use crate::referrals::sides::Rights;
use crate::referrals::words::{Act, Kind, Sharing, Side};
use crate::web::Page;
use crate::web::parts::{Badge, Choice, Tone};

/// The panel; `referrals/links/html/panel.html` reads it as `links`.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// The receiver has no account and can be registered for a code, so there is something to show.
    pub shown: bool,
    /// Every link, the newest first.
    pub rows: Vec<Row>,
    /// A new one may be made now.
    pub may_issue: bool,
    /// To whom: those who may hear of a case guarded so.
    pub contacts: Vec<Choice>,
    /// Why there is nobody to choose.
    pub nobody: String,
    /// Nobody needs to be chosen.
    pub contact_optional: bool,
    /// How the links were used, the latest first: when, and what.
    pub uses: Vec<(String, String)>,
}

/// One link.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its address.
    pub path: String,
    /// Who has it.
    pub who: String,
    /// In force, past its time or taken back.
    pub state: Badge,
    /// Since when and until when.
    pub when: String,
    /// When it was last used.
    pub used: String,
    /// It still works, so that it can be taken back, printed, or a code read out.
    pub works: bool,
    /// A code may be read to its contact by telephone, at this number.
    pub phone: String,
}

/// The panel for this reader; nothing for anybody but the sender's side.
pub async fn panel(work: &mut Work, p: &Page, referral: &Referral, rights: Rights) -> Result<Panel, Error> {
    let state = &referral.state;
    if state.terms.kind != Kind::External || !rights.reads_from || state.times.sent.is_none() {
        return Ok(Panel::default());
    }
    let guarded = state.terms.sensitivity != Sensitivity::Standard;
    let (links, uses) = (store::of_referral(work, referral.id).await?, store::uses(work, referral.id).await?);
    let known = match referral.to.org {
        Some(org) => contacts::list(work, org).await?,
        None => Vec::new(),
    };
    let fit: Vec<&Contact> = known.iter().filter(|contact| actions::refusal(referral, Some(contact)).is_none()).collect();
    let mut rows = Vec::new();
    for link in &links {
        let contact = match link.contact {
            Some(id) => contacts::find(work, id).await.ok(),
            None => None,
        };
        let live = store::is_live(work, link.id).await?;
        rows.push(row(p, referral, link, contact.as_ref(), live, &uses));
    }
    let open = state.status.is_in_flight() && state.sharing == Sharing::Open;
    Ok(Panel {
        // Nobody of an organisation that was only written down can be registered for a code.
        shown: referral.to.org.is_some() || !links.is_empty(),
        may_issue: open && rights.allow(Act::Amend, Side::From),
        contacts: fit.iter().map(|contact| Choice::new(contact.id.to_string(), described(p, contact))).collect(),
        nobody: match (fit.is_empty(), guarded) {
            (false, _) => String::new(),
            (true, true) => p.t("error-contact-not-verified"),
            (true, false) => p.t("links-no-contact"),
        },
        contact_optional: !guarded,
        uses: uses.iter().take(30).map(|one| (p.moment(&one.at), used(p, one))).collect(),
        rows,
    })
}

fn described(p: &Page, contact: &Contact) -> String {
    let sure = if contact.is_proven() { p.t("contacts-verified-short") } else { String::new() };
    [contact.name.clone(), contact.desk.clone(), sure].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn row(p: &Page, referral: &Referral, link: &Link, contact: Option<&Contact>, live: bool, uses: &[Use]) -> Row {
    let last = uses.iter().find(|one| one.link == link.id.0);
    let state = match (link.revoked_at, live, link.expires_at <= p.reader.now) {
        (Some(_), ..) => Badge::new(p.t("links-revoked"), Tone::Neutral),
        (_, true, _) => Badge::new(p.t("links-in-force"), Tone::Good),
        (_, _, true) => Badge::new(p.t("links-expired"), Tone::Warning),
        _ if referral.state.sharing != Sharing::Open => Badge::new(p.t("links-withdrawn"), Tone::Neutral),
        _ => Badge::new(p.t("links-closed"), Tone::Neutral),
    };
    // Read out by telephone only to the number on the register; for guarded types only to somebody who was verified there (S17).
    let phone = contact.filter(|contact| live && actions::refusal(referral, Some(contact)).is_none());
    Row {
        path: format!("/links/{}", link.id),
        who: contact.map_or_else(|| p.t("links-nobody"), |contact| described(p, contact)),
        when: format!("{} – {}", p.moment(&link.issued_at), p.moment(&link.expires_at)),
        used: last.map_or_else(|| p.t("links-never-used"), |one| p.signed(&p.moment(&one.at), &used(p, one))),
        works: live,
        phone: phone.map(|contact| contact.phone.clone()).unwrap_or_default(),
        state,
    }
}

fn used(p: &Page, one: &Use) -> String {
    let what = p.tc("links-use", &one.what);
    let key = format!("answer-title-{}", one.detail);
    match one.detail.as_str() {
        "" => what,
        "message" => p.detailed(&what, &p.t("link-message-title")),
        _ if crate::platform::text::has(p.reader.lang, &key) => p.detailed(&what, &p.t(&key)),
        _ => what,
    }
}
