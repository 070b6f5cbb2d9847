//! Chance, all of it from the context.
use sha2::{Digest, Sha256};

use crate::xpath::ast::Expr;
use crate::xpath::context::Context;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::number as numbers;
use crate::xpath::value::Value;

/// Letters of `uuid(length)`.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// The longest `uuid(length)`.
const LONGEST: f64 = 1024.0;

/// At least 0 and below 1.
pub(super) fn random(e: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Number(fraction(e.context.chance())))
}

fn fraction(bits: u64) -> f64 {
    // 53 bits are what a number holds.
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// A random UUID of version 4, or a text of so many letters and digits.
pub(super) fn uuid(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    if let Some(length) = a.first() {
        let length = numbers::whole(e.number(length, f)?);
        if !(0.0..=LONGEST).contains(&length) {
            return Err(Error::Unusable { function: "uuid", reason: "the length must lie between 0 and 1024" });
        }
        let letter = |_| char::from(LETTERS[(fraction(e.context.chance()) * LETTERS.len() as f64) as usize % LETTERS.len()]);
        return Ok(Value::Text((0..length as usize).map(letter).collect()));
    }
    let (high, low) = (e.context.chance(), e.context.chance());
    let (high, low) = (high & !0xf000 | 0x4000, low & (u64::MAX >> 2) | 1 << 63);
    let text = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    );
    Ok(Value::Text(text))
}

/// The nodes in an order of chance; with a seed always the same one, the one that Collect gives.
pub(super) fn randomize(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let nodes = e.nodes(&a[0], f)?;
    e.spend(nodes.len())?;
    let seed = match a.get(1) {
        Some(seed) => seed_of(e.value(seed, f)?, e.context),
        None => (e.context.chance() >> 1) as i64,
    };
    Ok(Value::Nodes(shuffle(nodes, seed)))
}

/// Anything in the order that `randomize()` gives nodes with this seed.
pub fn shuffled<T>(items: Vec<T>, seed: Value, context: &dyn Context) -> Vec<T> {
    shuffle(items, seed_of(seed, context))
}

/// A number counts as its whole part; a text that is none as the first 64 bits of its SHA-256.
fn seed_of(value: Value, context: &dyn Context) -> i64 {
    let number = value.to_number(context);
    if !number.is_nan() {
        return number as i64;
    }
    let text = value.into_text(context);
    let hash = Sha256::digest(text.as_bytes());
    if text.is_empty() { 0 } else { hash.iter().take(8).fold(0, |sum, byte| sum << 8 | i64::from(*byte)) }
}

/// The shuffle of the specification: Fisher and Yates from inside out, with the generator of Park and Miller.
fn shuffle<T>(items: Vec<T>, seed: i64) -> Vec<T> {
    const MODULUS: i64 = 2_147_483_647;
    // The seed goes through a number of 53 bits, as it does in Collect and Enketo.
    let mut state = (seed as f64 % MODULUS as f64) as i64;
    if state <= 0 {
        state += MODULUS - 1;
    }
    let mut shuffled: Vec<T> = Vec::with_capacity(items.len());
    for (place, item) in items.into_iter().enumerate() {
        state = state * 16_807 % MODULUS;
        let chance = (state - 1) as f64 / (MODULUS - 1) as f64;
        let other = (chance * (place + 1) as f64) as usize;
        shuffled.push(item);
        if other < place {
            shuffled.swap(other, place);
        }
    }
    shuffled
}
