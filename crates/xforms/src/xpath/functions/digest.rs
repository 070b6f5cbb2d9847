//! Checksums, and base64.
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::value::Value;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `digest(text, 'SHA-256', 'hex')`: MD5, SHA-1, SHA-256, SHA-384 or SHA-512; in base64 unless `hex` is asked for.
pub(super) fn digest(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (text, algorithm) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    let bytes = match algorithm.as_str() {
        "MD5" => Md5::digest(text.as_bytes()).to_vec(),
        "SHA-1" => Sha1::digest(text.as_bytes()).to_vec(),
        "SHA-256" => Sha256::digest(text.as_bytes()).to_vec(),
        "SHA-384" => Sha384::digest(text.as_bytes()).to_vec(),
        "SHA-512" => Sha512::digest(text.as_bytes()).to_vec(),
        _ => {
            return Err(Error::Unusable {
                function: "digest",
                reason: "the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512",
            });
        }
    };
    let encoding = match a.get(2) {
        Some(encoding) => e.text(encoding, f)?,
        None => "base64".to_owned(),
    };
    match encoding.as_str() {
        "base64" => Ok(Value::Text(encode(&bytes))),
        "hex" => Ok(Value::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())),
        _ => Err(Error::Unusable { function: "digest", reason: "the encoding must be base64 or hex" }),
    }
}

/// The text that base64 stands for; what is no UTF-8 in it becomes U+FFFD.
pub(super) fn base64_decode(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let text = e.text(&a[0], f)?;
    let bytes = decode(&text).ok_or(Error::Unusable { function: "base64-decode", reason: "this is no base64" })?;
    e.made(String::from_utf8_lossy(&bytes).into_owned())
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([0, 0].iter()).take(3).fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let letters: Vec<u8> = letters.collect();
    let kept = letters.iter().rposition(|letter| *letter != b'=').map_or(0, |last| last + 1);
    if letters.len() - kept > 2 || kept % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(kept);
    for chunk in letters[..kept].chunks(4) {
        let mut bits = 0u32;
        for letter in chunk {
            bits = bits << 6 | u32::try_from(LETTERS.iter().position(|one| one == letter)?).ok()?;
        }
        bits <<= 6 * (4 - chunk.len());
        out.extend(bits.to_be_bytes()[1..chunk.len()].iter());
    }
    Some(out)
}
