//! The board over REST.
use std::sync::Arc;

use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Column, Filter, Lane, Overdue, Tab, View, closing, moves, names, other_side, side};
use crate::access::Act as Right;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, ReferralId};
use crate::referrals::inbox::{self, is_sensitive};
use crate::referrals::row::Referral;
use crate::web::form::{Form, Query};

/// What this room says of its REST calls.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index))]
pub struct Described;

/// Referrals sent or received, in columns by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardWire {
    /// `sent` or `received`.
    pub tab: &'static str,
    /// In the order of the work: `draft`, `new`, `waiting`, `scheduled`, `in_progress`, `to_confirm`, `ended`.
    pub columns: Vec<ColumnWire>,
}

/// One column: the head of it, or the page asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnWire {
    pub column: &'static str,
    /// How many stand there, counted no further than 500 from each unit.
    pub total: i64,
    /// More stand there than were counted.
    pub more: bool,
    /// The most pressing first.
    pub referrals: Vec<BoardReferral>,
}

/// One referral on the board: codes, never a name (S13).
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardReferral {
    pub id: ReferralId,
    pub code: String,
    /// The case it is written from, for the sender.
    pub case_id: Option<CaseId>,
    /// Absent where naming it on a list would tell too much (S13).
    pub need: Option<String>,
    pub service: Option<String>,
    /// The organisation on the other side; absent for one that is not in the program.
    pub other_org: Option<OrgId>,
    pub other_name: String,
    pub priority: &'static str,
    pub status: &'static str,
    pub step: &'static str,
    /// Whether the loop is closed, as far as this side may know (S7).
    pub r#loop: &'static str,
    /// By when somebody must do something next.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Days since it was last moved.
    pub age_days: Option<i64>,
    /// The moves that are legal next.
    pub possible: Vec<&'static str>,
}

/// Referrals sent from the caller's units, or received there. `column` asks for one column, 30 to a page; without it each shows its first six.
#[utoipa::path(
    get, path = "/api/v1/referrals", tag = "referrals",
    params(
        ("tab" = Option<String>, Query, description = "`sent` or `received`; what the caller works with when absent"),
        ("column" = Option<String>, Query, description = "one column only"),
        ("page" = Option<i64>, Query, description = "which page of that column, from 1"),
        ("overdue" = Option<bool>, Query, description = "only what is overdue"),
        ("service" = Option<String>, Query, description = "only this service, by its name"),
        ("org" = Option<i32>, Query, description = "only with this organisation on the other side")
    ),
    responses((status = 200, body = BoardWire))
)]
pub async fn index(mut work: Work, Query(query): Query) -> Result<Json<BoardWire>, Error> {
    let tab: Tab = chosen(&query, "tab")?.unwrap_or(default_tab(&work));
    let column: Option<Column> = chosen(&query, "column")?;
    let filter = Filter {
        overdue: if query.ticked("overdue") { Overdue::Only } else { Overdue::All },
        service: query.value("service").to_owned(),
        org: chosen(&query, "org")?,
    };
    let view = View { column, page: chosen(&query, "page")?.unwrap_or(1).clamp(1, 100_000) };
    let lanes = super::look(&mut work, tab, &filter, view).await?;
    let shown = || lanes.iter().flat_map(|lane| &lane.referrals);
    let others: Vec<OrgId> = shown().filter_map(|referral| other_side(referral, tab)).collect();
    let names = names(&mut work, &others).await?;
    let packs = inbox::packs(&mut work).await?;
    let note = serde_json::json!({ "page": "/api/v1/referrals" });
    work.record(Fact::Viewed, About::subjects(shown().map(|referral| referral.id.0)).note(note)).await?;
    let board = Board { work: &work, tab, names, packs };
    let board = BoardWire { tab: tab.code(), columns: lanes.iter().map(|lane| board.column(lane)).collect() };
    work.commit().await?;
    Ok(Json(board))
}

/// What somebody looks at who did not say: what they send, or what they receive.
pub fn default_tab(work: &Work) -> Tab {
    if work.holds(Right::ReferralWrite) { Tab::Sent } else { Tab::Received }
}

fn chosen<T: std::str::FromStr>(query: &Form, name: &str) -> Result<Option<T>, Error> {
    query.filled(name).then(|| query.value(name).parse().map_err(|_| invalid(name, "not_a_choice"))).transpose()
}

struct Board<'a> {
    work: &'a Work,
    tab: Tab,
    names: Vec<(OrgId, String)>,
    packs: Vec<Arc<Pack>>,
}

impl Board<'_> {
    fn column(&self, lane: &Lane) -> ColumnWire {
        let referrals = lane.referrals.iter().map(|referral| self.referral(referral)).collect();
        ColumnWire { column: lane.column.code(), total: lane.total, more: lane.cut, referrals }
    }

    fn referral(&self, referral: &Referral) -> BoardReferral {
        let state = &referral.state;
        let named = !is_sensitive(&self.packs, &referral.wanted.need);
        let other_org = other_side(referral, self.tab);
        let name = self.names.iter().find(|(id, _)| Some(*id) == other_org).map(|(_, name)| name.clone());
        BoardReferral {
            id: referral.id,
            code: referral.code.clone(),
            case_id: referral.case_id.filter(|_| self.tab == Tab::Sent),
            need: named.then(|| referral.wanted.need.clone()),
            service: named.then(|| referral.wanted.service_name.clone()),
            other_org,
            other_name: name.unwrap_or_else(|| referral.to.name.clone()),
            priority: state.terms.priority.code(),
            status: state.status.code(),
            step: state.step.code(),
            r#loop: closing(referral, self.tab).code(),
            next_due_at: referral.clocks.next_due_at.filter(|_| referral.tells_due(side(self.tab))),
            age_days: super::age_days(referral, self.work.now()),
            possible: moves(self.work, referral, self.tab).into_iter().map(|act| act.code()).collect(),
        }
    }
}
