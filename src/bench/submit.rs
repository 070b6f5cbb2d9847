//! Sending referrals: the whole way from a case, with the clock running for the send itself, and every one counted afterwards.
use anyhow::{Context, ensure};
use uuid::Uuid;

use super::desk::{Desk, Mark, Packing, Visit};
use super::pages::{CLIENTS, times};
use super::report::Report;
use super::world::skew;
use super::{budgets, rows};
use crate::cli::set_up::Opened;
use crate::platform::ids::UserId;

/// How many are sent by one client, and by each of eight.
const ALONE: usize = 40;
const EACH: usize = 10;

/// Measures sending; each referral is a new draft of another case, made beforehand and not timed.
pub async fn submit(
    opened: &Opened,
    desk: &Desk,
    user: UserId,
    who: &str,
    scale: u32,
    report: &mut Report,
) -> anyhow::Result<()> {
    let wanted = ALONE + CLIENTS * EACH;
    let cases = rows::cases(opened, user, i64::try_from(wanted)?).await?;
    ensure!(cases.len() == wanted, "{} cases are too few to send from", cases.len());
    let before = rows::traces(opened, user).await?;
    let mut drafts = Vec::with_capacity(wanted);
    for (nth, case) in cases.iter().enumerate() {
        drafts.push(draft(desk, case.id, nth + usize::try_from(before.sent)?).await?);
    }
    let mut clients = tokio::task::JoinSet::new();
    for mine in drafts[ALONE..].chunks(EACH) {
        let (desk, mine) = (desk.clone(), mine.to_vec());
        clients.spawn(async move {
            let mut took = Vec::new();
            for draft in mine {
                took.push(draft.send(&desk).await?);
            }
            anyhow::Ok(took)
        });
    }
    let mut together = Vec::new();
    while let Some(done) = clients.join_next().await {
        together.extend(done??);
    }
    let mut alone = Vec::new();
    for draft in &drafts[..ALONE] {
        alone.push(draft.send(desk).await?);
    }
    let after = rows::traces(opened, user).await?;
    let more = i64::try_from(wanted)?;
    for (what, was, is) in [
        ("referrals", before.sent, after.sent),
        ("moves", before.moves, after.moves),
        ("packets", before.packets, after.packets),
        ("tasks", before.tasks, after.tasks),
        ("facts", before.facts, after.facts),
        ("jobs", before.jobs, after.jobs),
    ] {
        ensure!(is - was == more, "{more} referrals were sent, and left {} {what}", is - was);
    }
    times(report, &format!("submit {who}"), scale, alone, together, budgets::SUBMIT);
    Ok(())
}

/// A draft that is ready to be sent.
#[derive(Clone)]
struct Draft {
    path: String,
    person: String,
}

async fn draft(desk: &Desk, case: Uuid, nth: usize) -> anyhow::Result<Draft> {
    let id = Uuid::now_v7().to_string();
    // The second service of each desk: nothing of the world's own is sent there.
    let service = format!("service:{}", skew::service(u32::try_from(nth % 200)? + 202));
    let made = desk.post(&format!("/cases/{case}/refer"), &[("need", "health"), ("to", &service), ("draft", &id)]).await?;
    ensure!(made.status.is_redirection(), "no draft was made: {}", made.status);
    let edit = desk.visit(&Visit { path: made.location.clone(), mark: Mark::of("name=\"person\"") }, Packing::Plain).await?;
    let person = ticked(&String::from_utf8_lossy(&edit.body), "person").context("the draft names nobody")?;
    Ok(Draft { path: made.location, person })
}

impl Draft {
    async fn send(&self, desk: &Desk) -> anyhow::Result<f64> {
        let mut fields = vec![
            ("need", "health"),
            ("reason", "Asks for a check-up."),
            ("priority", "normal"),
            ("person", &*self.person),
            ("already_receives", "no"),
            ("without_help", "no"),
            ("available_here", "yes"),
            ("safe_for_person", "yes"),
            ("safe_for_worker", "yes"),
            ("follow_up", "with_worker"),
            ("accompaniment", "adult"),
            ("go", "send"),
        ];
        fields.extend(["need", "urgency", "area", "identity"].map(|section| ("sections", section)));
        let sent = desk.post(&self.path, &fields).await?;
        ensure!(sent.status.is_redirection(), "it was not sent: {} {}", sent.status, refusals(&sent.body));
        ensure!(!sent.location.ends_with("/edit"), "it was kept, not sent");
        Ok(sent.millis)
    }
}

// The value of the box of this name that is ticked.
fn ticked(html: &str, name: &str) -> Option<String> {
    let named = format!("name=\"{name}\"");
    let boxes = html.split("<input").map(|tag| tag.split('>').next().unwrap_or(tag));
    let tag = boxes.filter(|tag| tag.contains(&named)).find(|tag| tag.contains(" checked"))?;
    let value = &tag[tag.find("value=\"")? + 7..];
    Some(value[..value.find('"')?].to_owned())
}

// What a form that is shown again says.
fn refusals(body: &[u8]) -> String {
    let html = String::from_utf8_lossy(body);
    html.split("href=\"#").skip(1).filter_map(|part| part.split('<').next()).take(5).collect::<Vec<_>>().join("; ")
}
