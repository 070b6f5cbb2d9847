//! Sealing: narratives, sensitive answers, packets and files are encrypted with a data key per case, packet or referral, which is
//! wrapped by a key-encryption key that is loaded once at start. XChaCha20-Poly1305; the additional data binds a value to its table,
//! column and owner, so that a value moved elsewhere does not open.
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const NONCE: usize = 24;

/// The keys of this installation: one key-encryption key an epoch, the key that signs audit seals, and the secret from which the
/// database roles' passwords come. Lives in a file outside the database.
pub struct Keyring {
    epochs: BTreeMap<i32, [u8; 32]>,
    signing: SigningKey,
    roles: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct KeyringFile {
    signing: String,
    roles: String,
    epochs: BTreeMap<String, String>,
}

impl Keyring {
    /// A new keyring with one epoch.
    pub fn generate() -> Self {
        Self {
            epochs: BTreeMap::from([(1, rand::random())]),
            signing: SigningKey::from_bytes(&rand::random()),
            roles: rand::random(),
        }
    }

    /// Reads the keyring file, or makes one that only its owner can read.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).with_context(|| format!("the keyring {} cannot be used", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keyring = Self::generate();
                write_private(path, &keyring.to_text()?)
                    .with_context(|| format!("the keyring {} cannot be written", path.display()))?;
                Ok(keyring)
            }
            Err(error) => Err(error).with_context(|| format!("the keyring {} cannot be read", path.display())),
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: KeyringFile = toml::from_str(text)?;
        let epochs = file
            .epochs
            .iter()
            .map(|(epoch, key)| Ok((epoch.parse()?, bytes(key)?)))
            .collect::<anyhow::Result<BTreeMap<_, _>>>()?;
        if epochs.is_empty() {
            bail!("it holds no key");
        }
        Ok(Self { epochs, signing: SigningKey::from_bytes(&bytes(&file.signing)?), roles: bytes(&file.roles)? })
    }

    fn to_text(&self) -> anyhow::Result<String> {
        let epochs = self.epochs.iter().map(|(epoch, key)| (epoch.to_string(), BASE64.encode(key))).collect();
        Ok(toml::to_string(&KeyringFile {
            signing: BASE64.encode(self.signing.to_bytes()),
            roles: BASE64.encode(self.roles),
            epochs,
        })?)
    }

    /// A new data key for this owner, its wrapped form, and the epoch that wraps it.
    pub fn new_data_key(&self, owner: Uuid) -> (DataKey, Vec<u8>, i32) {
        let (&epoch, kek) = self.epochs.last_key_value().expect("a keyring has at least one epoch");
        let key = DataKey { owner, key: rand::random() };
        let mut wrapped = epoch.to_be_bytes().to_vec();
        wrapped.extend(encrypt(kek, owner.as_bytes(), &key.key));
        (key, wrapped, epoch)
    }

    /// Unwraps a data key; fails when it belongs to another owner or to an epoch this keyring does not hold.
    pub fn unwrap(&self, owner: Uuid, wrapped: &[u8]) -> anyhow::Result<DataKey> {
        let (epoch, sealed) = wrapped.split_first_chunk::<4>().context("the data key is cut short")?;
        let epoch = i32::from_be_bytes(*epoch);
        let kek = self.epochs.get(&epoch).with_context(|| format!("the keyring holds no epoch {epoch}"))?;
        let key = decrypt(kek, owner.as_bytes(), sealed)?;
        Ok(DataKey { owner, key: key.try_into().map_err(|_| anyhow!("the data key has a wrong length"))? })
    }

    /// Signs an audit seal.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// The seal was signed with this keyring's key.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let key: VerifyingKey = self.signing.verifying_key();
        Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
    }

    /// The password of a database role: every copy of the program with this keyring derives the same.
    pub fn role_password(&self, role: &str) -> String {
        let mut password = [0; 24];
        hkdf::Hkdf::<sha2::Sha256>::new(None, &self.roles)
            .expand(role.as_bytes(), &mut password)
            .expect("24 bytes is a length HKDF can give");
        hex::encode(password)
    }

    /// A key that is derived for one purpose and owner, for what is sealed and never stored.
    pub fn own_key(&self, purpose: &str, owner: Uuid) -> DataKey {
        DataKey { owner, key: self.derive(purpose, owner.as_bytes()) }
    }

    /// A secret that this keyring alone can derive for a message, for one purpose. Every copy of the program derives the same; nobody
    /// with the database alone can.
    pub fn derive(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let mut secret = [0; 32];
        hkdf::Hkdf::<sha2::Sha256>::new(Some(purpose.as_bytes()), &self.roles)
            .expand(message, &mut secret)
            .expect("32 bytes is a length HKDF can give");
        secret
    }
}

/// Seals and opens the words of one case, packet or referral.
#[derive(Clone)]
pub struct DataKey {
    owner: Uuid,
    key: [u8; 32],
}

impl DataKey {
    /// Seals bytes for one place (`"table.column"`).
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        encrypt(&self.key, &self.bound_to(place), plain)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        decrypt(&self.key, &self.bound_to(place), sealed)
    }

    /// Opens text.
    pub fn open_text(&self, place: &str, sealed: &[u8]) -> anyhow::Result<String> {
        String::from_utf8(self.open(place, sealed)?).context("sealed text is not UTF-8")
    }

    /// Seals a value as JSON.
    pub fn seal_json(&self, place: &str, value: &(impl Serialize + ?Sized)) -> anyhow::Result<Vec<u8>> {
        Ok(self.seal(place, &serde_json::to_vec(value)?))
    }

    /// Opens what was sealed as JSON.
    pub fn open_json<T: DeserializeOwned>(&self, place: &str, sealed: &[u8]) -> anyhow::Result<T> {
        // The reader's own words may quote the value, and an error is logged.
        serde_json::from_slice(&self.open(place, sealed)?).map_err(|error| {
            anyhow!("{place} holds other JSON than expected at line {}, column {}", error.line(), error.column())
        })
    }

    fn bound_to(&self, place: &str) -> Vec<u8> {
        [self.owner.as_bytes(), place.as_bytes()].concat()
    }
}

fn encrypt(key: &[u8; 32], bound_to: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound_to }).expect("memory encryption does not fail");
    [nonce.as_slice(), &sealed].concat()
}

fn decrypt(key: &[u8; 32], bound_to: &[u8], sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().context("the sealed value is cut short")?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: bound_to })
        .map_err(|_| anyhow!("a sealed value does not open: wrong key, or moved or changed"))
}

fn bytes(text: &str) -> anyhow::Result<[u8; 32]> {
    BASE64.decode(text)?.try_into().map_err(|_| anyhow!("a key is not 32 bytes long"))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_only_in_its_own_place_and_for_its_own_owner() {
        let ring = Keyring::parse(&Keyring::generate().to_text().unwrap()).unwrap();
        let owner = Uuid::new_v4();
        let (key, wrapped, _) = ring.new_data_key(owner);
        let sealed = key.seal("case_notes.body", "she is safe".as_bytes());

        assert_eq!(ring.unwrap(owner, &wrapped).unwrap().open_text("case_notes.body", &sealed).unwrap(), "she is safe");
        assert!(key.open("documents.title", &sealed).is_err());
        assert!(ring.unwrap(Uuid::new_v4(), &wrapped).is_err());
        assert!(Keyring::generate().unwrap(owner, &wrapped).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_place_and_not_quoted() {
        let key = DataKey { owner: Uuid::now_v7(), key: [7; 32] };
        let sealed = key.seal_json("case_notes.body", "Dana").unwrap();
        let error = key.open_json::<u8>("case_notes.body", &sealed).unwrap_err().to_string();
        assert!(error.contains("case_notes.body") && !error.contains("Dana"), "{error}");
    }
}
