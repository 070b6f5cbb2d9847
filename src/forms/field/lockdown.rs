//! S20: an organisation that has to leave ends all its sessions and has all its devices wiped at their next contact; and has one person's.
//! Until the lockdown is lifted only those who may lift it sign in, and neither a program nor a collecting app is answered.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::store::{self, Lockdown};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::forms::devices::store::keyed;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::platform::text::text_with;
use crate::web::{Form, Page, Routes};

/// The administrator's page.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/lockdown", show)
        .page("POST", "/admin/lockdown", create)
        .page("POST", "/admin/lockdown/end", destroy)
        .page("POST", "/admin/lockdown/devices", wipe)
}

#[derive(Template)]
#[template(path = "forms/field/html/lockdown.html")]
struct Shown {
    p: Page,
    in_force: Option<String>,
    past: Vec<String>,
    heads: [String; 4],
    devices: Vec<Row>,
    // How many phones with ODK Collect have a key; empty for none.
    phones: String,
}

struct Row {
    user: UserId,
    name: String,
    kept: String,
    wiped: String,
    seen: String,
    waits: bool,
    may_wipe: bool,
}

/// GET /admin/lockdown: whether one is in force, and what has become of the devices.
async fn show(mut work: Work) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let p = Page::titled(&mut work, "admin-lockdown").await?;
    let lockdowns = store::lockdowns(&mut work).await?;
    let declared = |one: &Lockdown| by(&p, "lockdown-by", &one.declared_by_name, &one.declared_at);
    let in_force = lockdowns.iter().find(|one| one.lifted_at.is_none()).map(declared);
    let past = lockdowns.iter().filter_map(|one| {
        let lifted_at = one.lifted_at?;
        let lifted = by(&p, "lockdown-lifted-by", one.lifted_by_name.as_deref().unwrap_or_default(), &lifted_at);
        Some(format!("{} {lifted}", declared(one)))
    });
    let past = past.collect();
    let devices = store::devices(&mut work).await?;
    let devices = devices.into_iter().map(|one| Row {
        user: one.user,
        name: one.name,
        kept: p.number(one.kept),
        wiped: p.number(one.wiped),
        seen: p.moment(&one.seen_at),
        waits: one.asked > 0,
        may_wipe: one.kept > one.lost,
    });
    let devices = devices.collect();
    let phones = match keyed(&mut work).await? {
        0 => String::new(),
        some => p.ta("lockdown-phones", "count", some as i64),
    };
    let heads = ["lockdown-who", "lockdown-kept", "lockdown-wiped", "lockdown-seen"].map(|key| p.t(key));
    work.show_plain(Shown { p, in_force, past, heads, devices, phones }).await
}

// Who did it, and when.
fn by(p: &Page, key: &str, name: &str, when: &DateTime<Utc>) -> String {
    text_with(p.reader.lang, key, &[("name", name.into()), ("when", p.moment(when).into())])
}

/// Ends every session of the actor's organisation, theirs among them, and has all its devices wiped at their next contact.
pub(super) async fn declare(work: &mut Work) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    store::lock_down(work).await?;
    work.record(Fact::LockdownDeclared, About::default()).await
}

/// Lifts the lockdown in force: devices that were not reached since keep what they have.
pub(super) async fn lift(work: &mut Work) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    store::lift(work).await?;
    work.record(Fact::LockdownLifted, About::default()).await
}

/// Has the devices of one person wiped at their next contact, when one was lost.
pub(super) async fn wipe_devices(work: &mut Work, user: UserId) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    if !store::has_devices(work, user).await? {
        return Err(Error::NotFound);
    }
    store::wipe_devices(work, user).await?;
    work.record(Fact::FieldDevicesWiped, About::subjects([user.0])).await
}

/// POST /admin/lockdown
async fn create(mut work: Work) -> Result<Response, Error> {
    declare(&mut work).await?;
    work.then("/sign-in", "lockdown-declared").await
}

/// POST /admin/lockdown/end
async fn destroy(mut work: Work) -> Result<Response, Error> {
    lift(&mut work).await?;
    work.then("/admin/lockdown", "lockdown-lifted").await
}

/// POST /admin/lockdown/devices
async fn wipe(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let user: Option<UserId> = form.parsed("user");
    form.check()?;
    wipe_devices(&mut work, user.ok_or(Error::NotFound)?).await?;
    work.then("/admin/lockdown", "lockdown-wipe-asked").await
}
