//! Passwords: argon2id, at most two hashes at once, and no password that is easily guessed.
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::anyhow;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::platform::ids;

/// The shortest password, in characters.
pub const SHORTEST: usize = 10;
/// The longest, so that hashing stays bounded.
pub const LONGEST: usize = 200;

// OWASP's first choice for argon2id: 19 MiB, two passes. Two at once bound the memory a burst of sign-ins takes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

// So long a proof is remembered.
const PROVED_FOR: TimeDelta = TimeDelta::minutes(5);
// What was proved, under a digest that means something in this process alone, and until when that is known.
static PROVED: Mutex<Option<HashMap<Vec<u8>, DateTime<Utc>>>> = Mutex::new(None);
static OF_THIS_PROCESS: LazyLock<String> = LazyLock::new(ids::secret);

fn argon2() -> Argon2<'static> {
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's bounds"),
    )
}

/// The hash to store.
pub async fn hash(password: String) -> Result<String, Error> {
    let _turn = AT_ONCE.acquire().await.map_err(anyhow::Error::from)?;
    let hashed = tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(anyhow::Error::from)??;
    Ok(hashed)
}

/// The same, in place: for the command line.
pub fn hash_now(password: &str) -> anyhow::Result<String> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| anyhow!("hashing failed: {error}"))
}

/// The password fits the hash. With no hash the same time passes, so that an unknown login answers no faster.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool, Error> {
    let _turn = AT_ONCE.acquire().await.map_err(anyhow::Error::from)?;
    let fits = tokio::task::spawn_blocking(move || match stored {
        Some(stored) => PasswordHash::new(&stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok()),
        None => hash_now(&password).is_err(),
    });
    Ok(fits.await.map_err(anyhow::Error::from)?)
}

/// The same, where what fitted some minutes ago needs no further proof: apps that send the password with every request would else keep
/// everybody's sign-in waiting. With another hash stored, nothing that was proved counts.
pub async fn fits_still(password: String, stored: Option<String>, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(hash) = stored else { return fits(password, None).await };
    let proof = ids::hash(&format!("{}\n{hash}\n{password}", *OF_THIS_PROCESS));
    let known = || PROVED.lock().unwrap_or_else(PoisonError::into_inner);
    if known().as_ref().and_then(|proofs| proofs.get(&proof)).is_some_and(|until| *until > now) {
        return Ok(true);
    }
    let fits = fits(password, Some(hash)).await?;
    if fits {
        let mut kept = known();
        let proofs = kept.get_or_insert_default();
        proofs.retain(|_, until| *until > now);
        proofs.insert(proof, now + PROVED_FOR);
    }
    Ok(fits)
}

/// A temporary password: random, easy to read out and to type.
pub fn temporary() -> String {
    // Two codes without their letter for the kind: fourteen random characters of an alphabet without look-alikes.
    let [first, second] = [(); 2].map(|()| crate::platform::ids::code('T'));
    format!("{}-{}", &first[2..], &second[2..]).to_lowercase()
}

/// Why this password is refused, as an error code: too short, too long, or easily guessed (common passwords, the user's own words).
pub fn weakness(password: &str, own_words: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some("password_short");
    }
    if length > LONGEST {
        return Some("too_long");
    }
    // zxcvbn brings the lists of common passwords; 3 is "safely unguessable" when hashing is slow. Spaces and marks between the same words
    // hide from it that they repeat, so it also judges the letters and digits alone.
    let own_words: Vec<&str> = own_words.iter().copied().chain(["throughcare"]).collect();
    let plain: String = password.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let guessed = |password: &str| u8::from(zxcvbn::zxcvbn(password, &own_words).score()) < 3;
    // Of marks alone, or of nearly nothing else, only the whole is judged.
    (guessed(password) || (plain.chars().count() * 2 > length && guessed(&plain))).then_some("password_common")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_proved_counts_for_some_minutes_and_for_this_hash_alone() {
        let stored = || Some(hash_now("quiet olive tram 57").expect("a hash"));
        let (one, now) = (stored(), DateTime::UNIX_EPOCH);
        let tried = |words: &str, stored: Option<String>| fits_still(words.to_owned(), stored, now);
        assert!(tried("quiet olive tram 57", one.clone()).await.is_ok_and(|fits| fits));
        assert!(tried("quiet olive tram 57", one.clone()).await.is_ok_and(|fits| fits));
        for (words, stored) in [("quiet olive tram 58", one), ("quiet olive tram 57", Some(hash_now("another").expect("a hash")))]
        {
            assert!(tried(words, stored).await.is_ok_and(|fits| !fits), "{words}");
        }
        assert!(tried("quiet olive tram 57", None).await.is_ok_and(|fits| !fits));
    }

    #[test]
    fn common_passwords_and_own_names_are_refused() {
        assert_eq!(weakness("short", &[]), Some("password_short"));
        assert_eq!(weakness("password123", &[]), Some("password_common"));
        assert_eq!(weakness("throughcare1", &[]), Some("password_common"));
        assert_eq!(weakness("amina.haddad1", &["amina.haddad"]), Some("password_common"));
        assert_eq!(weakness("dario dario", &["dario"]), Some("password_common"));
        assert_eq!(weakness("mountain-mountain", &[]), Some("password_common"));
        assert_eq!(weakness("quiet olive tram 57", &[]), None);
    }
}
