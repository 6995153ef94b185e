//! Text as a terminal shows it: how wide it is, cut to a width, made harmless, and numbers and ages in
//! few letters. Pure functions on strings; no colours, no ratatui and no clock here.
mod age;
mod clean;
mod fit;
mod redact;
mod shell;
mod wrap;

pub use age::{age, is_future, thousands};
pub use clean::{Newlines, clean};
pub use fit::{Align, fit, truncate, truncate_middle, width};
pub use redact::redact;
pub use shell::shell;
pub use wrap::wrap;
