//! The steps, in order. What is said here is all that the learner reads: short, and true of the console as it is.
use super::{
    SITE,
    seen::{at_patient, at_tree, cluster, is_asked_for, is_at_plan, is_healed, patient_of},
};
use crate::{
    domain::SiteId,
    state::{Place, State, screen::Tab, tutor::Tutor},
    update,
};

/// One thing to achieve.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub title: &'static str,
    /// With `{site}`, `{cluster}`, `{machine}`, `{pool}` and `{fewer}` for names, and `{topic.verb}` for keys.
    pub text: &'static str,
    /// Whether it is achieved.
    pub done: fn(&State, &Tutor) -> bool,
}

pub static STEPS: &[Step] = &[
    Step {
        title: "A page at three",
        text: "{cluster} on {site} is short of a machine, says the page, and that is all it says. The first screen is the fleet: every site, and whether what you see of it is fresh. Go on to the clusters: {pane.clusters}.",
        done: |state, _| state.screen.pane() == Some("clusters") || at_tree(state),
    },
    Step {
        title: "Only what is wrong",
        text: "Healthy rows help nobody now. Leave only those with a fault, {fault.toggle}, or filter by name, {filter.open}.",
        done: |state, _| is_narrowed(state) || at_tree(state),
    },
    Step {
        title: "The cluster in question",
        text: "Put the cursor on {cluster}: {cursor.down} and {cursor.up}. The cursor stays on the cluster, not on a line: rows may come and go around it.",
        done: |state, _| is_selected(state) || at_tree(state),
    },
    Step {
        title: "All that hangs under it",
        text: "Open the cluster's tree: {row.open}. It shows all the cluster owns, and hides whatever only repeats what something below says.",
        done: |state, _| at_tree(state),
    },
    Step {
        title: "What it hangs on",
        text: "The second line names the one thing to look at first: {machine}, which runs and whose node never came. Put the cursor on it and open its card: {row.open}.",
        done: |state, tutor| at_patient(state, tutor).is_some() || is_healed(state, tutor),
    },
    Step {
        title: "Evidence",
        text: "Conditions are what its controllers think. What they did about it stands in the events, {row.events}; the object as it is, in its YAML, {row.yaml}. Look at either before you decide.",
        done: |state, tutor| {
            matches!(at_patient(state, tutor), Some(Tab::Events | Tab::Yaml)) || is_healed(state, tutor)
        },
    },
    Step {
        title: "Permission to change something",
        text: "Nothing waits for that node any more, and no health check replaces the machine. Three hours ago somebody asked for one machine more; go back to {fewer}, and the machine without a node goes first. The console only reads until you say why it should write: {session.open}, a reason, {overlay.accept}.",
        done: |state, tutor| may_write(state) || is_asked_for(state, tutor) || is_healed(state, tutor),
    },
    Step {
        title: "The pool",
        text: "It is pools that have a size. Go to them, {pane.pools}, and put the cursor on {pool}.",
        done: |state, tutor| {
            patient_of(tutor).is_some_and(|p| update::selected(state).as_ref() == Some(&p.pool))
                || is_asked_for(state, tutor)
                || is_healed(state, tutor)
        },
    },
    Step {
        title: "A plan, not yet a change",
        text: "{row.actions} lists what can be done to the pool, and why not where it cannot. Choose to scale it, ask for {fewer}, {overlay.accept}: the server is asked what it would do, and nothing is done.",
        done: |state, tutor| {
            is_at_plan(state, tutor) || is_asked_for(state, tutor) || is_healed(state, tutor)
        },
    },
    Step {
        title: "Read, then do it",
        text: "Before and after stand side by side, and what else it means. If that is what you want: {plan.confirm}. It is written into the journal before the request goes out.",
        done: |state, tutor| is_asked_for(state, tutor) || is_healed(state, tutor),
    },
    Step {
        title: "Asked is not done",
        text: "The server has taken the request; the work begins now. Jobs tell how far it is: {pane.jobs}.",
        done: |state, tutor| state.screen.pane() == Some("jobs") || is_healed(state, tutor),
    },
    Step {
        title: "Wait for it",
        text: "The machine goes in stages, some seconds each. You are done when the pool is as large as it was asked to be and {machine} is gone. Meanwhile look around: the tree of {cluster} tells most.",
        done: is_healed,
    },
    Step {
        title: "Leave it as you found it",
        text: "Close the write session on {site}: {session.close} with anything of that site under the cursor, its row in {pane.fleet} too. It would end by itself after a while.",
        done: |state, _| !may_write(state),
    },
];

/// What is said while the console asks for the kubeconfig Secret of a cluster.
pub const CONSENT: (&str, &str) = (
    "A question first",
    "The console could look into the cluster itself, with its kubeconfig Secret; that is cluster-admin there, so it asks, and nobody agrees by habit. This incident needs none of it: {overlay.close}.",
);

/// What is said once all is done.
pub const LEARNT: (&str, &str) = (
    "That was it",
    "From a page to its cause: clusters, faults only, the tree's second line. Evidence before action: conditions, events, YAML. No change without a session, a plan and the server's own answer to it; no job is done before the fleet says so. What was done, by whom and why is in `tko journal`. More incidents: {palette.open} and type demo.",
);

/// Fewer rows than all are shown, by the operator's will.
fn is_narrowed(state: &State) -> bool {
    let narrowed = |t: &crate::state::table::TableView| t.faults_only || !t.filter.text.is_empty();
    state.screen.pane() == Some("clusters") && state.screen.table().is_some_and(narrowed)
}

fn is_selected(state: &State) -> bool {
    matches!(state.screen.place(), Place::Table(_))
        && update::selected(state)
            .is_some_and(|target| target.source.kind == *"cluster" && target.cluster_key() == cluster())
}

fn may_write(state: &State) -> bool {
    state.sites.get(&SiteId::new(SITE)).is_some_and(|site| site.session.is_some())
}
