//! The senders, one of mail and one of text messages: each takes what is due, several at once, each mail domain (or the gateway) at its pace,
//! and pauses while its server is away.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;
use uuid::Uuid;

use super::Ask;
use super::store::{self, Taken};
use super::turn::{self, Outcome, Window};
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::outbox::Carrier;

const AT_ONCE: usize = 4;
const AT_ONCE_PER_LANE: usize = 2;
/// How long a message stays taken by a sender that says nothing more of it.
const LEASE: TimeDelta = TimeDelta::seconds(20);
const HOLD_ON_EVERY: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_secs(1);
const POLL_WHILE_PACING: Duration = Duration::from_millis(100);
/// After a domain asked for patience.
const LANE_REST: Duration = Duration::from_secs(30);
const FIRST_SERVER_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_SERVER_PAUSE: Duration = Duration::from_secs(60);
/// At the end, what is under way may finish.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// Sends until told to stop.
pub async fn send_until(ground: Arc<Ground>, ask: Ask, stop: watch::Receiver<bool>) {
    tokio::join!(
        Box::pin(send_by(Carrier::Mail, ground.clone(), ask, stop.clone())),
        Box::pin(send_by(Carrier::Text, ground, ask, stop))
    );
}

async fn send_by(carrier: Carrier, ground: Arc<Ground>, ask: Ask, mut stop: watch::Receiver<bool>) {
    let (is_open, wake) = match carrier {
        Carrier::Mail => (ground.mail.channel.is_open(), &ground.wake_mail),
        Carrier::Text => (ground.sms.channel.is_open(), &ground.sms.wake),
    };
    if !is_open {
        tracing::info!(carrier = carrier.code(), "Nothing is set that carries such messages: they wait in the outbox.");
        return;
    }
    let mut sender = Sender::new(carrier, ground.clone(), ask);
    let mut holding = tokio::time::interval(HOLD_ON_EVERY);
    loop {
        if let Err(error) = sender.fill().await {
            tracing::warn!(?error, "The outbox could not be looked at; it is tried again.");
        }
        let (full, nap) = (sender.is_full(), sender.nap());
        tokio::select! {
            Some(ended) = sender.going.join_next_with_id() => sender.settle(ended),
            _ = holding.tick() => sender.hold_on().await,
            () = wake.notified(), if !full => {}
            () = tokio::time::sleep(nap) => {}
            _ = stop.changed() => break,
        }
    }
    sender.finish().await;
}

/// Sends everything that is due now, one after the other; answers how many turns there were. Tests call this instead of waiting.
pub async fn send_due(ground: &Arc<Ground>, ask: Ask) -> Result<usize, Error> {
    let (window, mut turns) = (Window::default(), 0);
    for carrier in Carrier::ALL {
        while let Some(message) = take(ground, carrier, &[]).await? {
            turn::give(ground, ask, &window, &message).await;
            turns += 1;
        }
    }
    Ok(turns)
}

async fn take(ground: &Arc<Ground>, carrier: Carrier, busy: &[String]) -> Result<Option<Taken>, Error> {
    let mut work = Work::open(ground, Actor::System { job: "mail", org: None }).await?;
    let taken = store::take(&mut work, carrier, LEASE, busy).await?;
    work.commit().await?;
    Ok(taken)
}

struct Lane {
    going: usize,
    next: Instant,
}

struct Held {
    message: Uuid,
    lane: String,
}

struct Sender {
    carrier: Carrier,
    ground: Arc<Ground>,
    ask: Ask,
    window: Window,
    going: JoinSet<Outcome>,
    held: HashMap<Id, Held>,
    lanes: HashMap<String, Lane>,
    away_until: Instant,
    server_pause: Duration,
    pace: Duration,
}

impl Sender {
    fn new(carrier: Carrier, ground: Arc<Ground>, ask: Ask) -> Self {
        let per_minute = match carrier {
            Carrier::Mail => ground.mail.per_minute,
            Carrier::Text => ground.sms.per_minute,
        };
        let pace = Duration::from_secs(60) / per_minute.max(1);
        Self {
            carrier,
            ground,
            ask,
            window: Window::default(),
            going: JoinSet::new(),
            held: HashMap::new(),
            lanes: HashMap::new(),
            away_until: Instant::now(),
            server_pause: FIRST_SERVER_PAUSE,
            pace,
        }
    }

    fn is_full(&self) -> bool {
        // While the server is away one message at a time tries whether it is back.
        let most = if self.server_pause > FIRST_SERVER_PAUSE { 1 } else { AT_ONCE };
        self.held.len() >= most || Instant::now() < self.away_until
    }

    fn nap(&self) -> Duration {
        let pacing = self.lanes.values().any(|lane| lane.next > Instant::now());
        if pacing { POLL_WHILE_PACING } else { POLL }
    }

    async fn fill(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        self.lanes.retain(|_, lane| lane.going > 0 || lane.next > now);
        while !self.is_full() {
            let busy = |lane: &Lane| lane.going >= AT_ONCE_PER_LANE || lane.next > Instant::now();
            let busy: Vec<String> = self.lanes.iter().filter(|(_, lane)| busy(lane)).map(|(name, _)| name.clone()).collect();
            let Some(message) = take(&self.ground, self.carrier, &busy).await? else { return Ok(()) };
            self.begin(message);
        }
        Ok(())
    }

    fn begin(&mut self, message: Taken) {
        let lane = self.lanes.entry(message.lane.clone()).or_insert(Lane { going: 0, next: Instant::now() });
        lane.going += 1;
        lane.next = Instant::now() + self.pace;
        let held = Held { message: message.id.0, lane: message.lane.clone() };
        let (ground, ask, window) = (self.ground.clone(), self.ask, self.window.clone());
        let turn = self.going.spawn(async move { turn::give(&ground, ask, &window, &message).await });
        self.held.insert(turn.id(), held);
    }

    fn settle(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(broken) => {
                tracing::error!("A message's turn broke off; its lease runs out and it is tried again.");
                (broken.id(), Outcome::Done)
            }
        };
        let lane = self.held.remove(&id).and_then(|held| self.lanes.get_mut(&held.lane));
        if let Some(lane) = lane {
            lane.going = lane.going.saturating_sub(1);
            if outcome == Outcome::Slower {
                lane.next = Instant::now() + LANE_REST;
            }
        }
        if outcome == Outcome::ServerAway {
            self.away_until = Instant::now() + self.server_pause;
            self.server_pause = (self.server_pause * 2).min(LONGEST_SERVER_PAUSE);
        } else {
            self.server_pause = FIRST_SERVER_PAUSE;
        }
    }

    async fn hold_on(&self) {
        let ids: Vec<Uuid> = self.held.values().map(|held| held.message).collect();
        if ids.is_empty() {
            return;
        }
        let held = async {
            let mut work = Work::open(&self.ground, Actor::System { job: "mail", org: None }).await?;
            store::hold_on(&mut work, &ids, LEASE).await?;
            work.commit().await
        };
        if let Err(error) = held.await {
            tracing::warn!(?error, "Messages under way could not be held on to.");
        }
    }

    async fn finish(mut self) {
        let rest = async {
            while let Some(ended) = self.going.join_next_with_id().await {
                self.settle(ended);
            }
        };
        tokio::time::timeout(LAST_WAIT, rest).await.ok();
        if self.carrier == Carrier::Mail {
            self.ground.mail.channel.close().await;
        }
    }
}
