//! The hash over a block of facts: a Merkle root, so that one fact can later be shown to belong to a block without showing the others.
use sha2::{Digest, Sha256};

/// A hash.
pub type Hash = [u8; 32];

/// The hash of one fact's canonical text. Leaves and nodes start differently, so that neither can pass for the other.
pub fn leaf(text: &str) -> Hash {
    Sha256::new().chain_update([0]).chain_update(text.as_bytes()).finalize().into()
}

/// The root over these leaves in their order; an odd one out moves up unchanged. No leaves: the hash of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [left, right] = pair { node(left, right) } else { pair[0] }).collect();
    }
    level.first().copied().unwrap_or_else(|| Sha256::digest([]).into())
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_removed_or_moved_leaf_changes_the_root() {
        let leaves: Vec<Hash> = ["a", "b", "c", "d", "e"].iter().map(|text| leaf(text)).collect();
        let whole = root(&leaves);
        for i in 0..leaves.len() {
            let mut changed = leaves.clone();
            changed[i] = leaf("x");
            assert_ne!(root(&changed), whole);
            changed.remove(i);
            assert_ne!(root(&changed), whole);
        }
        let mut moved = leaves.clone();
        moved.swap(1, 2);
        assert_ne!(root(&moved), whole);
    }
}
