//! What is known of one household. An absent key is unknown; so is a value that no field can hold (`null`, an object).
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::fields::Kind;

/// Values by the names of their fields, without `household.` or `member.` before them.
pub type Answers = BTreeMap<String, Value>;

/// What is known of one household: `{"household": {"income": 120.5}, "members": [{"age": 7}]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The household's own fields.
    #[serde(default, deserialize_with = "answers")]
    pub household: Answers,
    /// Its members. `None` when nobody knows who belongs to it, which isn't the same as nobody.
    #[serde(default, deserialize_with = "members", skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Answers>>,
}

/// A known value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Number(f64),
    /// A text, or the one choice made.
    Text(String),
    /// The choices made; none is an answer too.
    Choices(Vec<String>),
}

impl Value {
    /// The value as one of a field of this kind; nothing if it is no such value, which then counts as unknown.
    pub(crate) fn as_kind(&self, kind: Kind) -> Option<Held<'_>> {
        match (kind, self) {
            (Kind::Bool, Self::Bool(value)) => Some(Held::Bool(*value)),
            (Kind::Int, Self::Int(value)) => Some(Held::Int(*value)),
            (Kind::Int, Self::Number(value)) => whole(*value).map(Held::Int),
            (Kind::Number, Self::Int(value)) => Some(Held::Number(*value as f64)),
            (Kind::Number, Self::Number(value)) if value.is_finite() => Some(Held::Number(*value)),
            (Kind::Text | Kind::Choice, Self::Text(text)) => Some(Held::Text(text)),
            (Kind::Choices, Self::Choices(chosen)) => Some(Held::Choices(chosen)),
            _ => None,
        }
    }
}

/// A value that fits its field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Held<'a> {
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(&'a str),
    Choices(&'a [String]),
}

/// A number without fraction as a whole one, as far as such numbers are exact.
pub(crate) fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.trunc() == value && value.abs() <= EXACT).then_some(value as i64)
}

fn answers<'de, D: Deserializer<'de>>(from: D) -> Result<Answers, D::Error> {
    Ok(Option::<Known>::deserialize(from)?.unwrap_or_default().0)
}

fn members<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Answers>>, D::Error> {
    let members = Option::<Vec<Known>>::deserialize(from)?;
    Ok(members.map(|members| members.into_iter().map(|member| member.0).collect()))
}

/// The answers of an object that are known.
#[derive(Default)]
struct Known(Answers);

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = BTreeMap::<String, Maybe>::deserialize(from)?;
        Ok(Self(all.into_iter().filter_map(|(name, value)| Some((name, value.0?))).collect()))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Maybe::deserialize(from)?.0.ok_or_else(|| serde::de::Error::custom("neither a plain value nor a list of choices"))
    }
}

/// Whatever stands in a document, as a value if it is one.
struct Maybe(Option<Value>);

impl<'de> Deserialize<'de> for Maybe {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Anything).map(Self)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Option<Value>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(i64::try_from(value).map_or(Value::Number(value as f64), Value::Int)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut chosen = Some(Vec::new());
        while let Some(Maybe(item)) = items.next_element()? {
            match (item, &mut chosen) {
                (Some(Value::Text(text)), Some(chosen)) => chosen.push(text),
                _ => chosen = None,
            }
        }
        Ok(chosen.map(Value::Choices))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
