//! Small cells (S15): a figure that could point to a person is not stored at all, nor one from which it could be worked out.
use crate::packs::Sensitivity;

/// A cell below this many referrals, or cases, is not shown.
pub fn floor(sensitivity: Sensitivity) -> u64 {
    if sensitivity == Sensitivity::Standard { 5 } else { 10 }
}

/// A count as it may be shown: protected ones rounded to five.
pub fn shown(count: u64, sensitivity: Sensitivity) -> i32 {
    let count = if sensitivity == Sensitivity::Standard { count } else { (count + 2) / 5 * 5 };
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Which cells of one cut may be shown, given their sizes. Where exactly one would be hidden it could be had by subtraction from the
/// whole, so the next smallest is hidden with it.
pub fn showable(sizes: &[u64], sensitivity: Sensitivity) -> Vec<bool> {
    let floor = floor(sensitivity);
    let mut show: Vec<bool> = sizes.iter().map(|&size| size >= floor).collect();
    let hidden = show.iter().zip(sizes).filter(|(show, size)| !**show && **size > 0).count();
    if hidden == 1
        && let Some(next) = (0..sizes.len()).filter(|&i| show[i]).min_by_key(|&i| sizes[i])
    {
        show[next] = false;
    }
    show
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_hidden_cell_takes_the_next_smallest_with_it() {
        assert_eq!(showable(&[40, 3, 12], Sensitivity::Standard), [true, false, false]);
        assert_eq!(showable(&[40, 3, 2], Sensitivity::Standard), [true, false, false]);
        assert_eq!(showable(&[40, 0, 12], Sensitivity::Standard), [true, false, true]);
        assert_eq!(showable(&[40, 9, 12], Sensitivity::Protected), [true, false, false]);
    }

    #[test]
    fn protected_counts_are_rounded_to_five() {
        assert_eq!([12, 13, 17, 18].map(|n| shown(n, Sensitivity::Protected)), [10, 15, 15, 20]);
        assert_eq!(shown(13, Sensitivity::Standard), 13);
    }
}
