//! What a letter carries: a token and a short code, derived from the keyring and the letter's id. Nobody with the database alone can make
//! them, and the same letter always carries the same.
use base64::Engine;
use uuid::Uuid;

use crate::platform::db::Ground;
use crate::platform::ids;

/// The way in that one letter carries, to be shown and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// 128 bits for an address.
    pub token: String,
    /// 42 bits and a check character, for people who type.
    pub short_code: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// The way in that this letter carries.
pub fn secrets(ground: &Ground, letter: Uuid) -> Secrets {
    let (token, code) = (half(ground, "answer link token", letter), half(ground, "answer link code", letter));
    Secrets { token: base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token), short_code: ids::short_code(&code) }
}

fn half(ground: &Ground, purpose: &str, letter: Uuid) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&ground.keyring.derive(purpose, letter.as_bytes())[..16]);
    half
}

/// The address of a token.
pub fn url(ground: &Ground, token: &str) -> String {
    ground.base_url.join(&format!("/r/{token}")).map_or_else(|_| format!("/r/{token}"), |url| url.to_string())
}

/// The address at which a short code is typed.
pub fn entrance(ground: &Ground) -> String {
    ground.base_url.join("/r").map_or_else(|_| "/r".to_owned(), |url| url.to_string())
}

/// The hash under which a short code lies: keyed, because forty bits are few for whoever has a copy of the table.
pub fn code_hash(ground: &Ground, short_code: &str) -> Vec<u8> {
    ground.keyring.derive("answer link code hash", short_code.as_bytes()).to_vec()
}

/// The hash under which a one-time code for this link lies; keyed likewise.
pub(super) fn one_time_hash(ground: &Ground, link: Uuid, code: &str) -> Vec<u8> {
    ground.keyring.derive("answer link one-time code", &[link.as_bytes().as_slice(), code.as_bytes()].concat()).to_vec()
}

/// A new one-time code: eight digits.
pub(super) fn one_time_code() -> String {
    use rand::RngExt;
    format!("{:08}", rand::rng().random_range(0..100_000_000u32))
}
