//! Reads a recording back. A line that is wrong is named with its file and number.
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde::{Deserialize, de::DeserializeOwned};

use super::{FORMAT, Header, Noted, VERSION, private};
use crate::domain::{Problem, ProblemKind};

/// A recording as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording<M> {
    pub header: Header,
    pub messages: Vec<Noted<M>>,
    /// The last drawn frame; absent when the console was killed.
    pub frame: Option<Vec<String>>,
    /// The last line was cut off, as a killed console leaves it, and was left out.
    pub torn: bool,
}

#[derive(Deserialize)]
#[serde(bound = "M: DeserializeOwned", deny_unknown_fields)]
struct Line<M> {
    at: Option<u64>,
    #[serde(default = "Option::default", deserialize_with = "present")]
    msg: Option<M>,
    frame: Option<Vec<String>>,
}

/// A message may itself be `null`, which is another thing than no message.
fn present<'de, D: serde::Deserializer<'de>, M: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<M>, D::Error> {
    M::deserialize(deserializer).map(Some)
}

/// Reads a whole recording.
pub fn read<M: DeserializeOwned>(path: &Path) -> Result<Recording<M>, Problem> {
    let unreadable = |error: &std::io::Error| private::problem("cannot read the recording", path, error);
    let mut reader = BufReader::new(File::open(path).map_err(|error| unreadable(&error))?);
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).map_err(|error| unreadable(&error))?;
    let mut recording =
        Recording { header: header(&line, path)?, messages: Vec::new(), frame: None, torn: false };
    for number in 2u64.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(|error| unreadable(&error))? == 0 {
            break;
        }
        match serde_json::from_slice::<Line<M>>(&line) {
            Ok(Line { at: Some(at), msg: Some(msg), frame: None }) => {
                recording.messages.push(Noted { at, msg });
            }
            Ok(Line { at: None, msg: None, frame: Some(frame) }) => recording.frame = Some(frame),
            Ok(_) => return Err(bad(path, number, "neither a message with its time nor a frame")),
            Err(_) if !line.ends_with(b"\n") => recording.torn = true,
            Err(error) => return Err(bad(path, number, &without_place(&error))),
        }
    }
    Ok(recording)
}

fn header(line: &[u8], path: &Path) -> Result<Header, Problem> {
    let header: Header = serde_json::from_slice(line).map_err(|error| {
        bad(path, 1, &format!("not the header of a recording: {}", without_place(&error)))
    })?;
    if header.format != FORMAT {
        return Err(bad(path, 1, &format!("the format is \"{}\", not \"{FORMAT}\"", header.format)));
    }
    if header.version != VERSION {
        let why = format!("version {} of the format; this program reads version {VERSION}", header.version);
        return Err(bad(path, 1, &why).hint("replay it with the release that recorded it"));
    }
    Ok(header)
}

fn bad(path: &Path, line: u64, why: &str) -> Problem {
    Problem::new(ProblemKind::File, format!("{}:{line}: {why}", path.display()))
}

/// The parser counts lines within the line; the column is what helps.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    format!("{} (column {})", text.trim_end_matches(&place), error.column())
}
