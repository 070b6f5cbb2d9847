//! Sets of bits, 64 to a word: which lanes hold, which values are known.
pub(crate) const WORD: usize = 64;

/// Of each lane whether something holds, doesn't (or neither: unknown). Bits past the last lane mean nothing.
#[derive(Debug, Clone)]
pub(crate) struct Bits {
    pub(crate) yes: Vec<u64>,
    pub(crate) no: Vec<u64>,
}

impl Bits {
    pub(crate) fn unknown(lanes: usize) -> Self {
        Self { yes: vec![0; words(lanes)], no: vec![0; words(lanes)] }
    }

    pub(crate) fn every(lanes: usize) -> Self {
        Self { yes: vec![u64::MAX; words(lanes)], no: vec![0; words(lanes)] }
    }

    /// Holds where `holds` says so, among the lanes that are `known`.
    pub(crate) fn of(holds: &[u64], known: &[u64]) -> Self {
        Self { yes: both(holds, known), no: zip(holds, known, |holds, known| !holds & known) }
    }

    pub(crate) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.yes.iter_mut().zip(&other.yes).for_each(|(mine, theirs)| *mine &= theirs);
        self.no.iter_mut().zip(&other.no).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Sets one lane to what is known of it.
    pub(crate) fn put(&mut self, lane: usize, holds: Option<bool>) {
        match holds {
            Some(true) => set(&mut self.yes, lane),
            Some(false) => set(&mut self.no, lane),
            None => {}
        }
    }
}

pub(crate) fn words(bits: usize) -> usize {
    bits.div_ceil(WORD)
}

pub(crate) fn get(bits: &[u64], at: usize) -> bool {
    bits[at / WORD] >> (at % WORD) & 1 == 1
}

pub(crate) fn set(bits: &mut [u64], at: usize) {
    bits[at / WORD] |= 1 << (at % WORD);
}

pub(crate) fn clear(bits: &mut [u64], at: usize) {
    bits[at / WORD] &= !(1 << (at % WORD));
}

pub(crate) fn zip(left: &[u64], right: &[u64], join: impl Fn(u64, u64) -> u64) -> Vec<u64> {
    left.iter().zip(right).map(|(left, right)| join(*left, *right)).collect()
}

pub(crate) fn both(left: &[u64], right: &[u64]) -> Vec<u64> {
    zip(left, right, |left, right| left & right)
}

/// The bits from `start` on, moved to the beginning.
pub(crate) fn window(bits: &[u64], start: usize, lanes: usize) -> Vec<u64> {
    let (first, shift) = (start / WORD, start % WORD);
    let words = words(lanes);
    if shift == 0 {
        return bits[first..first + words].to_vec();
    }
    let high = |at: usize| bits.get(at + 1).map_or(0, |word| word << (WORD - shift));
    (first..first + words).map(|at| bits[at] >> shift | high(at)).collect()
}

/// How many are set from one place up to another.
pub(crate) fn count(bits: &[u64], from: usize, to: usize) -> u32 {
    let (mut at, mut total) = (from, 0);
    while at < to {
        let end = to.min((at / WORD + 1) * WORD);
        let mask = u64::MAX >> (WORD - (end - at)) << (at % WORD);
        total += (bits[at / WORD] & mask).count_ones();
        at = end;
    }
    total
}

/// Asks the question of each lane, 64 answers at a time.
pub(crate) fn ask<T: Copy, U: Copy>(left: &[T], right: &[U], holds: impl Fn(T, U) -> bool) -> Vec<u64> {
    let pairs = left.chunks(WORD).zip(right.chunks(WORD));
    pairs
        .map(|(left, right)| {
            let lanes = left.iter().zip(right).enumerate();
            lanes.fold(0, |word, (lane, (left, right))| word | u64::from(holds(*left, *right)) << lane)
        })
        .collect()
}

/// As [`ask`], of one value a lane.
pub(crate) fn ask_one<T>(lanes: &[T], holds: impl Fn(&T) -> bool) -> Vec<u64> {
    let words = lanes.chunks(WORD);
    words.map(|word| word.iter().enumerate().fold(0, |bits, (lane, one)| bits | u64::from(holds(one)) << lane)).collect()
}

#[cfg(test)]
mod tests {
    use super::{count, get, set, window};

    #[test]
    fn bits_are_counted_and_moved_across_words() {
        let mut bits = vec![0; 4];
        [3, 63, 64, 127, 130, 200].iter().for_each(|at| set(&mut bits, *at));
        assert_eq!(count(&bits, 0, 256), 6);
        assert_eq!(count(&bits, 4, 128), 3);
        assert_eq!(count(&bits, 64, 64), 0);
        assert_eq!(count(&bits, 63, 65), 2);
        let moved = window(&bits, 60, 100);
        assert!((0..100).all(|at| get(&moved, at) == get(&bits, at + 60)));
    }
}
