//! How sure a share is that was counted over few people.

/// A share of people with the range in which the true one lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Of how many.
    pub of: i32,
    /// The share that was counted.
    pub share: f64,
    /// The lower end of the range.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

// The quantile of the normal distribution for a range that holds the true share in 95 of 100 cases.
const Z: f64 = 1.96;

/// The share with Wilson's interval (E. B. Wilson, 1927), which stays between 0 and 1 and is right for few people too; `None` of nobody.
pub fn share(count: i32, of: i32) -> Option<Share> {
    if of <= 0 || count < 0 || count > of {
        return None;
    }
    let (n, p) = (f64::from(of), f64::from(count) / f64::from(of));
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Share { of, share: p, low: (middle - half).max(0.0), high: (middle + half).min(1.0) })
}

/// Kilometres between two places on the globe, as the crow flies.
pub fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let [a, b, c, d] = [from.0, from.1, to.0, to.1].map(f64::to_radians);
    let (up, along) = ((c - a) / 2.0, (d - b) / 2.0);
    let root = (up.sin().powi(2) + a.cos() * c.cos() * along.sin().powi(2)).min(1.0);
    // The mean radius of the earth.
    2.0 * 6371.0 * root.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_people_leave_a_wide_range_and_many_a_narrow_one() {
        let (few, many) = (share(24, 30).expect("a share"), share(800, 1000).expect("a share"));
        assert!((few.low - 0.627).abs() < 0.002 && (few.high - 0.905).abs() < 0.002, "{few:?}");
        assert!(many.low > few.low && many.high < few.high);
        let all = share(30, 30).expect("a share");
        assert!(all.low > 0.85 && all.low < 0.9 && all.high <= 1.0, "even where all of them confirmed: {all:?}");
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn from_amman_to_irbid_it_is_sixty_seven_kilometres() {
        let far = kilometres((31.95, 35.93), (32.55, 35.85));
        assert!((66.0..68.5).contains(&far), "{far}");
    }
}
