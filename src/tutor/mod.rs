//! The guided incident: what its steps say and when each is achieved. Pure: reads the state, draws and changes nothing.
//!
//! A step is achieved by what is so (where the operator is, what is selected, how the fleet is), whatever keys led
//! there; and it names keys by their commands, so that it is right in every keymap.
mod seen;
mod steps;

pub use seen::{find_patient, is_healed};
pub use steps::{CONSENT, LEARNT, STEPS, Step};

use crate::state::{State, overlay::Overlay, tutor::Tutor};

/// The site of the incident.
pub const SITE: &str = "dc1-mgmt";
/// Namespace and name of the cluster that it happens to.
pub const CLUSTER: (&str, &str) = ("prod", "orders-prod");
/// The command that closes the panel.
pub const LEAVE: &str = "tutor.leave";

/// What is said now: title and text. What lies in the way is told first.
pub fn told(state: &State, tutor: &Tutor) -> (&'static str, &'static str) {
    match state.screen.overlays.last() {
        Some(Overlay::Consent { .. }) => CONSENT,
        _ => STEPS.get(tutor.at).map_or(LEARNT, |step| (step.title, step.text)),
    }
}

/// How many further steps are achieved in this state.
pub fn achieved(state: &State, tutor: &Tutor) -> usize {
    STEPS.iter().skip(tutor.at).take_while(|step| (step.done)(state, tutor)).count()
}

/// What a step says, with the names of this fleet in it; commands stay as `{topic.verb}` for whoever knows the keys.
pub fn words(text: &str, tutor: &Tutor) -> String {
    let mut text = text.replace("{site}", SITE).replace("{cluster}", CLUSTER.1);
    if let Some(patient) = &tutor.patient {
        text = text
            .replace("{machine}", &patient.machine.key.name)
            .replace("{pool}", &patient.pool.key.name)
            .replace("{fewer}", &(patient.asked - 1).to_string());
    }
    // Nothing is known of them before the tree was seen.
    text.replace("{machine}", "the machine").replace("{pool}", "its pool").replace("{fewer}", "one fewer")
}
