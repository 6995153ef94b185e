//! Fields that forgive: whatever JSON stands where a field is expected, the object still decodes and
//! the field is empty. Only broken JSON fails. The value is read once, with nothing buffered.
use std::{collections::BTreeMap, fmt, marker::PhantomData};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::words::word;
use crate::domain::{Text, quantity};

/// What a scalar becomes; the other kinds of JSON value give the default.
pub(super) trait Scalar: Default {
    fn text(_: &str) -> Self {
        Self::default()
    }
    fn integer(_: i64) -> Self {
        Self::default()
    }
    fn boolean(_: bool) -> Self {
        Self::default()
    }
}

/// What a map or a list becomes; the other kinds of JSON value give the default.
trait Composite<'de>: Default {
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        skip_map(map).map(|()| Self::default())
    }
    fn list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        skip_list(list).map(|()| Self::default())
    }
}

fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

fn skip_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

struct ScalarVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::text(text))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        Ok(T::integer(number))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::default(), T::integer))
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<T, E> {
        Ok(T::boolean(flag))
    }
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        skip_map(map).map(|()| T::default())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        skip_list(list).map(|()| T::default())
    }
}

struct CompositeVisitor<T>(PhantomData<T>);

impl<'de, T: Composite<'de>> Visitor<'de> for CompositeVisitor<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_bool<E: de::Error>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::map(map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }
}

/// Reads any JSON value as a forgiving scalar.
pub(super) fn scalar<'de, T: Scalar, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    source.deserialize_any(ScalarVisitor(PhantomData))
}

/// A text that many objects share.
#[derive(Debug, Default, Clone)]
pub(super) struct Word(pub Text);
/// A text of this object alone (uid, name).
#[derive(Debug, Default, Clone)]
pub(super) struct Own(pub Text);
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Int(pub Option<i64>);
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Flag(pub bool);
/// A point in time; one that cannot be read is none.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Time(pub Option<Timestamp>);
/// A quantity in millicores.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Cpu(pub Option<u64>);
/// A quantity in bytes, or a count.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Amount(pub Option<u64>);

impl Scalar for Word {
    fn text(text: &str) -> Self {
        Self(word(text))
    }
}
impl Scalar for Own {
    fn text(text: &str) -> Self {
        Self(Text::from(text))
    }
}
impl Scalar for Int {
    fn text(text: &str) -> Self {
        Self(text.parse().ok())
    }
    fn integer(number: i64) -> Self {
        Self(Some(number))
    }
}
impl Scalar for Flag {
    fn boolean(flag: bool) -> Self {
        Self(flag)
    }
}
impl Scalar for Time {
    fn text(text: &str) -> Self {
        Self(text.parse().ok())
    }
}
impl Scalar for Cpu {
    fn text(text: &str) -> Self {
        Self(quantity::cpu(text))
    }
    fn integer(number: i64) -> Self {
        Self(u64::try_from(number).ok().and_then(|n| n.checked_mul(1000)))
    }
}
impl Scalar for Amount {
    fn text(text: &str) -> Self {
        Self(quantity::bytes(text))
    }
    fn integer(number: i64) -> Self {
        Self(u64::try_from(number).ok())
    }
}

macro_rules! reads_any_scalar {
    ($($name:ty),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                $crate::kinds::lax::scalar(source)
            }
        }
    )*};
}
pub(super) use reads_any_scalar;

reads_any_scalar!(Word, Own, Int, Flag, Time, Cpu, Amount);

/// A nested object.
#[derive(Debug, Default, Clone)]
pub(super) struct Part<T>(pub T);

impl<'de, T: Deserialize<'de> + Default> Composite<'de> for Part<T> {
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Self)
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(CompositeVisitor(PhantomData))
    }
}

/// A list; null is an empty one.
#[derive(Debug, Clone)]
pub(super) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Composite<'de> for List<T> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Self(items))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(CompositeVisitor(PhantomData))
    }
}

/// A map of texts (labels).
#[derive(Debug, Default, Clone)]
pub(super) struct Labels(pub BTreeMap<Text, Text>);

impl<'de> Composite<'de> for Labels {
    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut labels = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<Word, Word>()? {
            labels.insert(name.0, value.0);
        }
        Ok(Self(labels))
    }
}

/// The annotations the console reads; the others are skipped, not copied.
#[derive(Debug, Default, Clone)]
pub(super) struct Annotations(pub BTreeMap<Text, Text>);

/// An annotation's name, if it is one to keep.
#[derive(Default)]
struct KeptName(Option<Text>);

impl Scalar for KeptName {
    fn text(text: &str) -> Self {
        Self(super::meta::is_kept_annotation(text).then(|| word(text)))
    }
}
reads_any_scalar!(KeptName);

impl<'de> Composite<'de> for Annotations {
    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut kept = BTreeMap::new();
        while let Some(name) = map.next_key::<KeptName>()? {
            match name.0 {
                Some(name) => {
                    kept.insert(name, map.next_value::<Word>()?.0);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Self(kept))
    }
}

macro_rules! reads_any_map {
    ($($name:ty),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                source.deserialize_any(CompositeVisitor(PhantomData))
            }
        }
    )*};
}
reads_any_map!(Labels, Annotations);
