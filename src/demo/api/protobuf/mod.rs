//! Bodies in the binary encoding in which typed clients send the server's own kinds: an envelope, and messages whose
//! fields are known by number alone ([`kinds`]). Only what such clients send is known; a field that is not is
//! refused, never dropped.
mod kinds;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::Refusal;

/// What every body begins with.
const MAGIC: &[u8] = b"k8s\0";

/// The media type.
pub(super) const MEDIA_TYPE: &str = "application/vnd.kubernetes.protobuf";

/// A message, as the fields that are known of it.
struct Message {
    name: &'static str,
    fields: &'static [Field],
}

/// A field of a message.
struct Field {
    number: u64,
    name: &'static str,
    form: Form,
    /// There may be several, which make a list.
    list: bool,
    /// It can be told whether it was set: nothing and zero differ.
    optional: bool,
}

/// How the bytes of a field are read.
enum Form {
    Text,
    Number,
    Flag,
    Time,
    Of(&'static Message),
    /// A map of texts to texts, or to bytes.
    Texts,
    Blobs,
    /// A map of texts to amounts.
    Amounts,
    /// A number or a text.
    NumberOrText,
    /// JSON as it is.
    Json,
}

/// What was read of one field.
enum Raw<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Reads a body.
pub(super) fn read(body: &[u8]) -> Result<Value, Refusal> {
    let envelope =
        body.strip_prefix(MAGIC).ok_or_else(|| broken("it does not begin as protobuf of Kubernetes does"))?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in fields(envelope) {
        match field? {
            (1, Raw::Bytes(of)) => {
                for part in fields(of) {
                    match part? {
                        (1, Raw::Bytes(bytes)) => api_version = text(bytes)?,
                        (2, Raw::Bytes(bytes)) => kind = text(bytes)?,
                        _ => {}
                    }
                }
            }
            (2, Raw::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let known = kinds::find(&api_version, &kind)
        .ok_or_else(|| unknown(&format!("the kind \"{kind}\" of {api_version}")))?;
    let mut object = message(known, raw)?;
    object.insert("apiVersion".into(), api_version.into());
    object.insert("kind".into(), kind.into());
    Ok(Value::Object(object))
}

/// What is sent is not among what is known in this encoding; in JSON it would be.
fn unknown(what: &str) -> Refusal {
    let message = format!("{what} cannot be read in protobuf here: send application/json");
    Refusal::new(415, "UnsupportedMediaType", message)
}

fn broken(why: &str) -> Refusal {
    Refusal::bad_request(format!("the body of the request cannot be read: {why}"))
}

fn message(of: &Message, bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let mut object = Map::new();
    for field in fields(bytes) {
        let (number, raw) = field?;
        let Some(known) = of.fields.iter().find(|f| f.number == number) else {
            if says_nothing(&raw) {
                continue;
            }
            return Err(unknown(&format!("field {number} of {}", of.name)));
        };
        let value = known.read(raw)?;
        match (known.list, value) {
            (true, value) => {
                let list = object.entry(known.name).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(value);
                }
            }
            (false, Value::Object(entries)) if !entries.is_empty() => {
                let into = object.entry(known.name).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(into) = into {
                    into.extend(entries);
                }
            }
            (false, value) if known.optional || !is_nothing(&value) => {
                object.insert(known.name.into(), value);
            }
            _ => {}
        }
    }
    Ok(object)
}

/// Clients write what was never set too: as zero, as an empty text, as a message of such fields.
fn says_nothing(raw: &Raw<'_>) -> bool {
    match raw {
        Raw::Number(n) => *n == 0,
        Raw::Bytes(bytes) => fields(bytes).all(|f| f.is_ok_and(|(_, raw)| says_nothing(&raw))),
    }
}

/// What JSON would leave out.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(n) => n.as_i64() == Some(0),
        Value::String(s) => s.is_empty(),
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.is_empty(),
        Value::Bool(true) => false,
    }
}

impl Field {
    fn read(&self, raw: Raw<'_>) -> Result<Value, Refusal> {
        Ok(match (&self.form, raw) {
            (Form::Text, Raw::Bytes(bytes)) => text(bytes)?.into(),
            (Form::Number, Raw::Number(n)) => n.cast_signed().into(),
            (Form::Flag, Raw::Number(n)) => (n != 0).into(),
            (Form::Time, Raw::Bytes(bytes)) => time(bytes)?,
            (Form::Of(of), Raw::Bytes(bytes)) => Value::Object(message(of, bytes)?),
            (Form::Texts, Raw::Bytes(bytes)) => entry(bytes, |value| text(value).map(Value::from))?,
            (Form::Blobs, Raw::Bytes(bytes)) => entry(bytes, |value| Ok(STANDARD.encode(value).into()))?,
            (Form::Amounts, Raw::Bytes(bytes)) => {
                entry(bytes, |value| part(value, 1).and_then(text).map(Value::from))?
            }
            (Form::NumberOrText, Raw::Bytes(bytes)) => number_or_text(bytes)?,
            (Form::Json, Raw::Bytes(bytes)) => {
                let json = part(bytes, 1)?;
                if json.is_empty() {
                    Value::Null
                } else {
                    serde_json::from_slice(json).map_err(|e| broken(&format!("{}: {e}", self.name)))?
                }
            }
            _ => return Err(broken(&format!("{} is not encoded as such a field is", self.name))),
        })
    }
}

fn text(bytes: &[u8]) -> Result<String, Refusal> {
    String::from_utf8(bytes.to_vec()).map_err(|_| broken("a text is not UTF-8"))
}

/// One field of bytes of a message; empty where it is not there.
fn part(bytes: &[u8], wanted: u64) -> Result<&[u8], Refusal> {
    for field in fields(bytes) {
        if let (number, Raw::Bytes(found)) = field?
            && number == wanted
        {
            return Ok(found);
        }
    }
    Ok(&[])
}

/// One entry of a map, as an object of one field.
fn entry(bytes: &[u8], value: impl Fn(&[u8]) -> Result<Value, Refusal>) -> Result<Value, Refusal> {
    let key = text(part(bytes, 1)?)?;
    Ok(Value::Object(Map::from_iter([(key, value(part(bytes, 2)?)?)])))
}

fn time(bytes: &[u8]) -> Result<Value, Refusal> {
    let mut seconds = 0;
    for field in fields(bytes) {
        if let (1, Raw::Number(n)) = field? {
            seconds = n.cast_signed();
        }
    }
    if seconds == 0 {
        return Ok(Value::Null);
    }
    let at = jiff::Timestamp::from_second(seconds).map_err(|e| broken(&e.to_string()))?;
    Ok(crate::demo::store::stamp(at).into())
}

fn number_or_text(bytes: &[u8]) -> Result<Value, Refusal> {
    let (mut is_text, mut number) = (false, 0);
    for field in fields(bytes) {
        match field? {
            (1, Raw::Number(kind)) => is_text = kind == 1,
            (2, Raw::Number(n)) => number = n.cast_signed(),
            _ => {}
        }
    }
    if is_text { Ok(text(part(bytes, 3)?)?.into()) } else { Ok(number.into()) }
}

/// The fields of a message, by number. Ends with the first error.
fn fields(mut bytes: &[u8]) -> impl Iterator<Item = Result<(u64, Raw<'_>), Refusal>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let read = field(&mut bytes);
        if read.is_none() {
            bytes = &[];
        }
        Some(read.ok_or_else(|| broken("it ends in the middle of a field")))
    })
}

fn field<'a>(bytes: &mut &'a [u8]) -> Option<(u64, Raw<'a>)> {
    let tag = varint(bytes)?;
    let raw = match tag & 7 {
        0 => Raw::Number(varint(bytes)?),
        1 => Raw::Bytes(take(bytes, 8)?),
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            Raw::Bytes(take(bytes, length)?)
        }
        5 => Raw::Bytes(take(bytes, 4)?),
        _ => return None,
    };
    Some((tag >> 3, raw))
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests;
