//! Replays a recording through the same update and view, and compares the last frame.
use std::path::Path;

use super::{app::last_frame, recorder};
use crate::{
    domain::Problem,
    msg::Msg,
    state::State,
    update::{Context, update},
    view::Look,
};

/// The last frame of a replay, and whether it is the one the recording ends with.
pub struct Replayed {
    pub frame: Vec<String>,
    pub messages: usize,
    /// `None` when the recording has no last frame (the run was killed).
    pub agrees: Option<bool>,
}

/// Feeds every message to a fresh state; its effects are dropped, since their answers are in the recording.
pub fn replay(file: &Path, context: &Context, look: &Look) -> Result<Replayed, Problem> {
    let recording = recorder::read::<Msg>(file)?;
    let mut state = State::default();
    let messages = recording.messages.len();
    for noted in recording.messages {
        drop(update(&mut state, context, noted.msg));
    }
    let frame = last_frame(&state, look);
    let agrees = recording.frame.map(|recorded| recorded == frame);
    Ok(Replayed { frame, messages, agrees })
}
