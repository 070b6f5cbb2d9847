//! Rounds beside each other as shapes around one centre. The table with the same figures always stands beside it: the axes carry the numbers
//! of its rows, so that the drawing needs no words in any language.

/// A drawing in a box of 240 by 240.
#[derive(Debug, Clone, Default)]
pub struct Radar {
    /// What it shows, in words.
    pub label: String,
    /// Rings at a quarter, a half, three quarters, and all.
    pub rings: Vec<String>,
    /// Where each axis ends.
    pub spokes: Vec<(String, String)>,
    /// The number of each axis, and where it stands.
    pub marks: Vec<(String, String, String)>,
    /// A shape for each round.
    pub shapes: Vec<Shape>,
}

/// One round.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Which stroke it has: 1 for the oldest.
    pub stroke: usize,
    /// What it is called.
    pub name: String,
    /// Its corners.
    pub points: String,
    /// Its corners one by one.
    pub dots: Vec<(String, String)>,
}

const CENTRE: f64 = 120.0;
const RADIUS: f64 = 92.0;

/// The drawing of these rounds, each with a share between 0 and 1 on every axis; none with fewer than three axes.
pub fn radar(label: String, marks: &[String], rounds: &[(String, Vec<f64>)]) -> Option<Radar> {
    let axes = marks.len();
    if axes < 3 {
        return None;
    }
    let ring = |share: f64| joined(&(0..axes).map(|axis| spot(axis, axes, share)).collect::<Vec<_>>());
    let shape = |(at, (name, shares)): (usize, &(String, Vec<f64>))| {
        let dots: Vec<_> = shares.iter().take(axes).enumerate().map(|(axis, share)| spot(axis, axes, *share)).collect();
        Shape { stroke: at + 1, name: name.clone(), points: joined(&dots), dots }
    };
    let mark = |(axis, mark): (usize, &String)| {
        let (x, y) = spot(axis, axes, 1.16);
        (x, y, mark.clone())
    };
    Some(Radar {
        label,
        rings: [0.25, 0.5, 0.75, 1.0].map(ring).to_vec(),
        spokes: (0..axes).map(|axis| spot(axis, axes, 1.0)).collect(),
        marks: marks.iter().enumerate().map(mark).collect(),
        shapes: rounds.iter().enumerate().map(shape).collect(),
    })
}

// The first axis points up, the others follow clockwise.
fn spot(axis: usize, axes: usize, share: f64) -> (String, String) {
    let turn = std::f64::consts::TAU * axis as f64 / axes as f64;
    let (x, y) = (CENTRE + RADIUS * share * turn.sin(), CENTRE - RADIUS * share * turn.cos());
    (format!("{x:.1}"), format!("{y:.1}"))
}

fn joined(spots: &[(String, String)]) -> String {
    spots.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_is_a_shape_that_grows_with_need() {
        let marks = ["1", "2", "3", "4"].map(String::from);
        let rounds = [("a".to_owned(), vec![1.0, 0.0, 1.0, 0.0]), ("b".to_owned(), vec![0.5; 4])];
        let radar = radar(String::new(), &marks, &rounds).expect("four axes");
        assert_eq!(radar.shapes[0].points, "120.0,28.0 120.0,120.0 120.0,212.0 120.0,120.0");
        assert_eq!(radar.shapes[1].points, "120.0,74.0 166.0,120.0 120.0,166.0 74.0,120.0");
        assert_eq!((radar.rings.len(), radar.spokes.len(), radar.marks.len()), (4, 4, 4));
        assert!(super::radar(String::new(), &marks[..2], &rounds).is_none());
    }
}
