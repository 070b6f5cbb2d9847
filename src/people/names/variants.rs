//! Spellings that no rule of sound explains: abbreviations, and Turkish letters read as elsewhere.

/// Pairs of a spelling and the usual one, both in small ASCII letters, sorted by the first.
const VARIANTS: &[(&str, &str)] = &[
    ("brahim", "ibrahim"),
    ("celal", "jalal"),
    ("cemal", "jamal"),
    ("cemil", "jamil"),
    ("cemile", "jamila"),
    ("cevdet", "jawdat"),
    ("cuma", "juma"),
    ("hacer", "hajar"),
    ("hatice", "khadija"),
    ("md", "muhamad"),
    ("mecid", "majid"),
    ("mecit", "majid"),
    ("mehmed", "muhamad"),
    ("mehmet", "muhamad"),
    ("mhamed", "muhamad"),
    ("mhd", "muhamad"),
    ("mohd", "muhamad"),
    ("mohmd", "muhamad"),
    ("necip", "najib"),
    ("osman", "othman"),
    ("ramazan", "ramadan"),
    ("reza", "rida"),
    ("riza", "rida"),
    ("usman", "othman"),
];

/// The usual spelling of a name, or the name itself.
pub(super) fn usual(latin: &str) -> &str {
    match VARIANTS.binary_search_by_key(&latin, |(spelling, _)| spelling) {
        Ok(at) => VARIANTS[at].1,
        Err(_) => latin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(VARIANTS.windows(2).all(|two| two[0].0 < two[1].0));
    }
}
