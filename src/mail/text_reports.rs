//! What the gateway says later of a text message that it took: sent on, arrived on the telephone, or failed. It calls under a secret of this installation
//! and names a message by the id that it was handed over with; nothing else opens here, and nothing is answered but that it was heard.
use std::sync::Arc;

use axum::extract::{Request, State as Held};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{bounces, store};
use crate::audit::Fact;
use crate::config::SecretText;
use crate::error::{Error, invalid};
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::outbox::State;
use crate::web::Routes;
use crate::web::form::Path;
use crate::web::gate::same;

/// A report is an id and a word.
const MOST_BYTES: usize = 4096;

/// Where the gateway reports.
pub(super) fn routes() -> Routes {
    Routes::new().open("POST", "/texts/reports/{secret}", create)
}

#[derive(Deserialize)]
struct Report {
    id: Uuid,
    state: Said,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Sent,
    Delivered,
    Failed,
}

/// POST /texts/reports/{secret}: 204 for whatever is understood, also of a message that nobody knows any more, so that it is not said again and again.
async fn create(Held(ground): Held<Arc<Ground>>, Path(secret): Path<String>, request: Request) -> Result<StatusCode, Error> {
    let ours = ground.sms.reports.as_ref().map(SecretText::exposed).unwrap_or_default();
    // Compared before anything is counted: whoever does not know it can't use up the gateway's share.
    if !same(&secret, ours) {
        return Err(Error::NotFound);
    }
    if !ground.sms.may_hear(ground.clock.now()) {
        return Err(Error::SlowDown(60));
    }
    let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| invalid("", "not_understood"))?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|_| invalid("", "not_understood"))?;
    take(&ground, &report).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn take(ground: &Arc<Ground>, report: &Report) -> Result<(), Error> {
    let Some(message) = bounces::find(ground, &[report.id]).await? else { return Ok(()) };
    let (state, fact, result) = match report.state {
        Said::Sent => (State::Sent, Fact::MessageSent, "accepted"),
        Said::Delivered => (State::Delivered, Fact::MessageDelivered, "delivered"),
        Said::Failed => (State::Bounced, Fact::MessageBounced, "gateway_undelivered"),
    };
    let mut work = Work::open(ground, Actor::System { job: "report", org: Some(message.org) }).await?;
    if store::settle_text(&mut work, message.id, state, result).await? {
        work.record(fact, bounces::about(&message, result)).await?;
    }
    work.commit().await
}
