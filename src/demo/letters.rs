//! The letters of the shipped packs, as the program carries them for its demonstration.
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::packs::{self, LetterTemplate};

type Files = &'static [(&'static str, &'static str)];

macro_rules! letters {
    ($pack:literal: $($kind:literal),+) => {
        &[$(
            (concat!($kind, ".en.toml"), include_str!(concat!("../../packs/", $pack, "/letters/", $kind, ".en.toml"))),
            (concat!($kind, ".ar.toml"), include_str!(concat!("../../packs/", $pack, "/letters/", $kind, ".ar.toml"))),
            (concat!($kind, ".fr.toml"), include_str!(concat!("../../packs/", $pack, "/letters/", $kind, ".fr.toml"))),
            (concat!($kind, ".es.toml"), include_str!(concat!("../../packs/", $pack, "/letters/", $kind, ".es.toml"))),
        )+]
    };
}

const SHIPPED: &[(&str, Files)] = &[
    ("protection", letters!("protection": "appointment_card", "inter_agency_form", "referral_letter", "transfer_letter")),
    ("household-referral", letters!("household-referral": "appointment_card", "referral_letter")),
    ("social-referral", letters!("social-referral": "appointment_card", "referral_letter")),
    ("employment-services", letters!("employment-services": "case_transfer", "informational_outside", "informational_within")),
];

/// The letters of a shipped pack; none for one that has none.
pub fn of(pack: &str) -> Result<Vec<LetterTemplate>, Error> {
    let Some((_, files)) = SHIPPED.iter().find(|(name, _)| *name == pack) else { return Ok(Vec::new()) };
    let folder = Path::new("packs").join(pack).join("letters");
    let texts: Vec<(PathBuf, String)> = files.iter().map(|(name, text)| (folder.join(name), (*text).to_owned())).collect();
    packs::letters::parse(&texts).map_err(|mistakes| anyhow::anyhow!("a shipped letter has a mistake: {mistakes:?}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_carries_every_letter_of_the_folders() {
        for (pack, files) in SHIPPED {
            let folder = Path::new("packs").join(pack).join("letters");
            let on_disk = std::fs::read_dir(&folder).expect("the folder is there").count();
            assert_eq!((files.len(), of(pack).expect("they are right").len()), (on_disk, on_disk), "{pack}");
        }
    }
}
