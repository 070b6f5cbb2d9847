//! Achievements by place over REST.
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::Board;
use super::tally::Shown;
use crate::achievements::figure::Missing;
use crate::error::Error;
use crate::packs::Dimension;
use crate::platform::db::Work;
use crate::web::form::Query;

/// What this room says of its REST call.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
pub(super) struct Described;

/// A share from 0 to 1: the same twice where everything is known.
#[derive(Debug, Serialize, ToSchema)]
struct ShareRangeWire {
    least: f64,
    most: f64,
}

impl From<Missing> for ShareRangeWire {
    fn from(share: Missing) -> Self {
        Self { least: share.least, most: share.most }
    }
}

/// The lines of one dimension, of all households of a place together.
#[derive(Debug, Serialize, ToSchema)]
struct DimensionByPlaceWire {
    /// A code of the pack.
    dimension: String,
    achieved: Option<i32>,
    to_achieve: Option<i32>,
}

/// A place; a number that is absent is hidden because it is small (S15).
#[derive(Debug, Serialize, ToSchema)]
struct AchievedPlaceWire {
    /// Empty, as the next, where the place is not said.
    admin1: String,
    admin2: String,
    households: Option<i32>,
    /// Of the households, those that are poor in several dimensions; absent too where the pack names no limit.
    poor: Option<ShareRangeWire>,
    /// The weighted share of conditions that are missing, on average.
    missing: Option<ShareRangeWire>,
    dimensions: Vec<DimensionByPlaceWire>,
}

/// Achievements by place.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AchievedWire {
    /// The type of case that was counted; absent where the caller has none with a list.
    case_type: Option<i16>,
    /// How many households; absent where they are few.
    households: Option<i32>,
    places: Vec<AchievedPlaceWire>,
}

/// Achievements of the households whose open cases the caller sees, by place.
#[utoipa::path(
    get, path = "/api/v1/loop/achievements", tag = "reports",
    params(("type" = Option<i16>, Query, description = "a type of case; the first that has a list when absent")),
    responses((status = 200, body = AchievedWire))
)]
pub(super) async fn show(mut work: Work, Query(query): Query) -> Result<Json<AchievedWire>, Error> {
    let board = Board::read(&mut work, &query).await?;
    work.commit().await?;
    let Some(board) = board else {
        return Ok(Json(AchievedWire { case_type: None, households: None, places: Vec::new() }));
    };
    let dimensions = &board.chosen().list().dimensions;
    Ok(Json(AchievedWire {
        case_type: Some(board.chosen().id()),
        households: board.households,
        places: board.rows.iter().map(|row| place(row, dimensions)).collect(),
    }))
}

fn place(row: &Shown, dimensions: &[Dimension]) -> AchievedPlaceWire {
    let of = |(dimension, pair): (&Dimension, &Option<(i32, i32)>)| DimensionByPlaceWire {
        dimension: dimension.code.clone(),
        achieved: pair.map(|(achieved, _)| achieved),
        to_achieve: pair.map(|(_, lacking)| lacking),
    };
    AchievedPlaceWire {
        admin1: row.place.0.clone(),
        admin2: row.place.1.clone(),
        households: row.households,
        poor: row.poor.map(Into::into),
        missing: row.missing.map(Into::into),
        dimensions: dimensions.iter().zip(&row.dimensions).map(of).collect(),
    }
}
