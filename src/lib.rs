//! tko, the operations console for Tanzu for Kubernetes Operations.
//!
//! ```text
//!  terminal ─┐                                  ┌─► view(&State) ─► frame
//!  sources  ─┼─► Msg ─► update(&mut State, Msg) ┤
//!  jobs     ─┘          pure, no clock, no IO   └─► Vec<Effect> ─► runner ─► tasks ─► Msg …
//! ```
//!
//! # Where things are
//!
//! - [`domain`]: what the operator manages, in our own words: identities, objects, conditions, problems.
//! - [`kinds`]: the kinds we read, one file each: which group and versions, how a row is made of their JSON.
//! - [`msg`], [`effect`]: the two enums through which everything passes.
//! - [`state`]: all that is known and shown; [`update`]: the only place where it changes.
//! - [`panes`]: tables as data, one file each; [`view`]: pure drawing; [`theme`], [`keymap`], [`filter`], [`text`],
//!   [`editor`]: what drawing and keys need.
//! - [`actions`]: the operator's verbs, one file each; a plan is data ([`mod@actions::plan`]).
//! - [`triage`]: joining what is known into answers: the tree of a cluster, what it hangs on, how far a job is.
//! - [`tutor`]: the guided incident: what its steps say and when each is achieved.
//! - [`rules`]: what a site built after its design would show, checked: one file a rule; unknown is a result.
//! - [`backends`]: API servers; [`runtime`]: the loop, the runner, the executor, the terminal, the journal,
//!   the recorder, and the commands without a screen.
//! - [`demo`]: the embedded fleet: API servers on loopback, which nothing but the entry of the program may use.
//! - [`cli`], [`config`], [`telemetry`]: the edge of the process.
//!
//! # Invariants
//!
//! `tests/it/tidy.rs` checks those that can be read off the code.
//!
//! 1. `domain`, `kinds`, `state`, `update`, `actions`, `triage`, `rules`, `keymap` and `filter` know no tokio, kube, crossterm,
//!    ratatui and no clock. Time comes as [`msg::Msg::Tick`].
//! 2. Views and panes take `&State`. Cursor and scroll live in the state; where things stand on the screen is
//!    arithmetic in [`view::layout`] that `update` may call too.
//! 3. Only `runtime` and `backends` do IO. The loop waits for nothing but the next message.
//! 4. A selection is an identity, never a row number. A plan pins uid, resourceVersion and generation.
//! 5. Rows change by observations alone. An action shows a job; it never edits a row.
//! 6. Every collection says how far it can be trusted ([`state::Freshness`]): loading, live, stale with age and
//!    reason, forbidden, absent. Unknown is never shown as empty, zero or healthy.
//! 7. One bounded mailbox; a batch of messages is one draw; nothing is drawn when nothing changed. Work per event
//!    is proportional to what changed and what is visible, not to what is held.
//! 8. Messages can be written down and read back, so a run can be replayed. No secret is ever part of one.
//! 9. Every write goes through [`runtime::executor`]: write session, journal before the request, pin. Read-only is
//!    enforced there and nowhere else. A plan gets there only after its dry run was shown (`update::action`, and the
//!    commands without a screen); what the server answered to it stands in the record.
pub mod actions;
pub mod backends;
pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod domain;
pub mod editor;
pub mod effect;
pub mod filter;
pub mod keymap;
pub mod kinds;
pub mod msg;
pub mod nearest;
pub mod panes;
pub mod rules;
pub mod runtime;
pub mod state;
pub mod telemetry;
pub mod text;
pub mod theme;
pub mod toml_file;
pub mod triage;
pub mod tutor;
pub mod update;
pub mod view;
