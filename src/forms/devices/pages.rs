//! The page of a worker's phones, which is an administrator's list of all of them too.
use askama::Template;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

use super::settings;
use super::store::{self, Device};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::people::store::own_units;
use crate::platform::db::Work;
use crate::platform::ids::{self, RowId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// A key that nobody used for so long opens nothing more; `access.device` says the same.
const IDLE: TimeDelta = TimeDelta::days(90);

/// The pages of phones.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/devices", index)
        .page("POST", "/devices", create)
        .page("POST", "/devices/{id}/revocation", revoke)
        .page("POST", "/devices/{id}/vouching", vouch)
}

#[derive(Template)]
#[template(path = "forms/html/devices.html")]
struct Devices {
    p: Page,
    form: Form,
    may_make: bool,
    may_vouch: bool,
    units: Vec<Choice>,
    made: Option<Made>,
    heads: [String; 5],
    rows: Vec<Row>,
}

// What is shown this once.
struct Made {
    address: String,
    square: String,
}

struct Row {
    id: RowId,
    name: String,
    whose: String,
    unit: String,
    used: String,
    state: Badge,
    trust: Badge,
    works: bool,
    may_be_vouched: bool,
}

async fn page(work: &mut Work, form: Form, made: Option<Made>) -> Result<Devices, Error> {
    let p = Page::titled(work, "devices-title").await?;
    let may_vouch = work.holds(Act::AdminUsers);
    let devices = store::list(work).await?;
    let rows = devices.into_iter().map(|device| row(&p, work, may_vouch, device)).collect();
    let units = own_units(work).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let heads = ["name", "whose", "unit", "used", "state"].map(|head| p.tc("devices", head));
    Ok(Devices { may_make: work.holds(Act::CaseEdit), may_vouch, units, made, heads, rows, form, p })
}

fn row(p: &Page, work: &Work, may_vouch: bool, device: Device) -> Row {
    let mine = work.me().is_ok_and(|me| me == device.user);
    let is_idle = device.used_at.unwrap_or(device.made_at) + IDLE < work.now();
    let works = device.revoked_at.is_none() && !is_idle;
    let state = match device.revoked_at {
        Some(at) => Badge::new(p.ta("devices-revoked", "when", p.moment(&at)), Tone::Neutral),
        None if is_idle => Badge::new(p.t("devices-idle"), Tone::Neutral),
        None => Badge::new(p.ta("devices-works", "when", p.moment(&device.made_at)), Tone::Good),
    };
    Row {
        id: device.id,
        name: device.name,
        whose: if mine { p.t("devices-mine") } else { device.user_name },
        unit: device.unit_name,
        used: device.used_at.map_or_else(|| p.t("devices-never-used"), |at| p.moment(&at)),
        state,
        trust: if device.vouched_at.is_some() { Badge::new(p.t("devices-vouched"), Tone::Info) } else { Badge::default() },
        works,
        may_be_vouched: may_vouch && works && device.vouched_at.is_none(),
    }
}

/// GET /devices
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let page = page(&mut work, Form::default(), None).await?;
    work.show_plain(page).await
}

fn may_look(work: &Work) -> Result<(), Error> {
    if work.holds(Act::AdminUsers) { Ok(()) } else { work.may(Act::CaseEdit) }
}

/// POST /devices: the one page that shows the key.
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let name = form.text("name", 100);
    let unit = match work.standing.units.as_slice() {
        [only] => Some(*only),
        _ => form.parsed("unit"),
    };
    if unit.is_some_and(|unit| !work.standing.units.contains(&unit)) {
        form.errors.add("unit", "not_a_choice");
    }
    let (Some(unit), Ok(())) = (unit, form.check()) else {
        let page = page(&mut work, form, None).await?;
        return work.show_again(&page);
    };
    let (id, key) = (RowId::new(), ids::secret());
    match store::insert(&mut work, id, &key, unit, &name).await {
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form.with_errors(errors), None).await?;
            return work.show_again(&page);
        }
        stored => stored?,
    }
    let me = work.me()?;
    work.record(Fact::DeviceAdded, About::subjects([id.0, me.0])).await?;
    let address = work.ground().base_url.join(&format!("openrosa/key/{key}")).map_err(anyhow::Error::from)?.to_string();
    let packed = settings::packed(&address, &work.standing.org_name.clone());
    let drawing = typeset::qr_svg(&packed).map_err(|error| anyhow::anyhow!("the square cannot be drawn: {error}"))?;
    let square = format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawing));
    let page = page(&mut work, Form::default(), Some(Made { address, square })).await?;
    work.show_plain(page).await
}

/// POST /devices/{id}/revocation: one's own, or as an administrator one of the organisation.
async fn revoke(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    may_look(&work)?;
    let user = store::revoke(&mut work, id).await?;
    work.record(Fact::DeviceRevoked, About::subjects([id.0, user.0])).await?;
    work.then("/devices", "devices-revoked-now").await
}

/// POST /devices/{id}/vouching: an administrator says that it is locked and can be wiped.
async fn vouch(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let user = store::vouch(&mut work, id).await?;
    work.record(Fact::DeviceVouched, About::subjects([id.0, user.0])).await?;
    work.then("/devices", "devices-vouched-now").await
}
