//! Places on Earth, taken as a sphere of the equator's circumference. Height is left out.
use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::value::{Value, text_of};

/// Radius at the equator, in metres, as ODK takes it.
const RADIUS: f64 = 6_378_100.0;

/// Latitude and longitude in degrees.
#[derive(Clone, Copy)]
struct Point {
    latitude: f64,
    longitude: f64,
}

/// Square metres inside a shape, or inside the line through points; 0 with fewer than three.
pub(super) fn area(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let points = points(e, a, f, "area")?;
    let Some((first, rest)) = points.split_first().filter(|_| points.len() > 2) else { return Ok(Value::Number(0.0)) };
    let degree = RADIUS.to_radians();
    // Metres east and north of the first point; then triangles from there.
    let flat: Vec<(f64, f64)> = rest
        .iter()
        .map(|point| {
            (
                (point.longitude - first.longitude) * degree * libm::cos(point.latitude.to_radians()),
                (point.latitude - first.latitude) * degree,
            )
        })
        .collect();
    let doubled: f64 = flat.windows(2).map(|pair| pair[0].1 * pair[1].0 - pair[0].0 * pair[1].1).sum();
    Ok(Value::Number(libm::fabs(doubled / 2.0)))
}

/// Metres along a line, around a shape, or from point to point.
pub(super) fn distance(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let points = points(e, a, f, "distance")?;
    Ok(Value::Number(points.windows(2).map(|pair| between(pair[0], pair[1])).sum::<f64>() + 0.0))
}

fn between(one: Point, other: Point) -> f64 {
    let (here, there) = (one.latitude.to_radians(), other.latitude.to_radians());
    let turn = (one.longitude - other.longitude).to_radians();
    let cosine = libm::sin(here) * libm::sin(there) + libm::cos(here) * libm::cos(there) * libm::cos(turn);
    // The same point twice can come out a little above one.
    libm::acos(cosine.clamp(-1.0, 1.0)) * RADIUS
}

/// Whether a point lies inside a shape: a ray to the east crosses its line an odd number of times.
pub(super) fn geofence(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let point = points(e, &a[..1], f, "geofence")?;
    let shape = points(e, &a[1..], f, "geofence")?;
    let Some(point) = point.first() else { return Ok(Value::Bool(false)) };
    let crossed = shape.windows(2).filter(|pair| {
        let (one, other) = (pair[0], pair[1]);
        let spans = (one.latitude > point.latitude) != (other.latitude > point.latitude);
        let share = (point.latitude - other.latitude) / (one.latitude - other.latitude);
        spans && point.longitude < (one.longitude - other.longitude) * share + other.longitude
    });
    Ok(Value::Bool(crossed.count() % 2 == 1))
}

/// All points of the arguments: each text is a point, or several with semicolons between. Blank ones are left out.
fn points(e: &mut Evaluator, a: &[Expr], f: Focus, function: &'static str) -> Result<Vec<Point>, Error> {
    let mut texts = Vec::new();
    for expr in a {
        match e.value(expr, f)? {
            Value::Nodes(nodes) => texts.extend(nodes.into_iter().map(|node| text_of(e.context, node))),
            other => texts.push(other.into_text(e.context)),
        }
    }
    e.spend(texts.iter().map(|text| text.len() / 8).sum())?;
    let all = texts.iter().flat_map(|text| text.split(';')).filter(|text| !text.trim().is_empty()).map(read_point);
    all.collect::<Option<_>>().ok_or(Error::Unusable { function, reason: "this is no place: latitude and longitude are needed" })
}

fn read_point(text: &str) -> Option<Point> {
    let mut parts = text.split_whitespace().map(|part| part.parse::<f64>().ok().filter(|value| value.is_finite()));
    let point = Point { latitude: parts.next()??, longitude: parts.next()?? };
    let possible = libm::fabs(point.latitude) <= 90.0 && libm::fabs(point.longitude) <= 180.0;
    (possible && parts.all(|part| part.is_some())).then_some(point)
}
