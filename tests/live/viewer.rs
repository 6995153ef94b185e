//! A user who may only read: greyed before, and refused by the server all the same.
use crate::{
    bed::{Bed, LONG, User, beds},
    console::Home,
    pool::{Owner, Pool},
    scale::{journal, select},
};

#[test]
fn who_may_only_read_is_refused_before_and_by_the_server() {
    let Some(beds) = beds("the read-only user on both lines") else { return };
    for bed in [&beds.newest, &beds.v1beta1] {
        let pool = Pool::find(bed, Owner::Topology);
        let before = pool.owner()["metadata"]["generation"].clone();
        greyed(bed, &pool);
        refused_by_the_server(bed, &pool);
        refused_without_a_screen(bed, &pool);
        assert_eq!(pool.owner()["metadata"]["generation"], before, "{} was written to", pool.cluster);
    }
}

/// The action is there, grey, with the reason; taking it leads nowhere.
fn greyed(bed: &Bed, pool: &Pool) {
    let home = Home::new(&bed.kubeconfig(User::Viewer));
    let mut pty = home.open(&["--pane", "pools"]);
    select(&mut pty, pool);
    pty.send(".");
    let reason = format!("you may not patch clusters in {}", pool.namespace);
    pty.wait_until("the reason why it is grey", LONG, |s| s.contents().contains(&reason));
    pty.press("\r");
    pty.press("5");
    pty.press("\r");
    // The next frame has what the keys did.
    pty.press("\x1b");
    pty.wait_gone("Actions on");
    for form in ["Write session", "nothing is written yet", "Machines "] {
        assert!(!pty.shows(form), "{form}:\n{}", pty.screen());
    }
    assert!(journal(&home).is_empty(), "{:?}", journal(&home));
}

fn refused_by_the_server(bed: &Bed, pool: &Pool) {
    let (kind, name, patch) = pool.patch(5);
    let args =
        ["patch", kind, "-n", &pool.namespace, name, "--type", "json", "-p", &patch, "--dry-run=server"];
    let output = bed.run(User::Viewer, "kubectl", &args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("Forbidden"), "{said}");
}

/// The same actions and the same executor, without the screen that would grey it.
fn refused_without_a_screen(bed: &Bed, pool: &Pool) {
    let home = Home::new(&bed.kubeconfig(User::Viewer));
    let args = ["scale", "pool", &pool.name, "-n", &pool.namespace, "--replicas", "5"];
    let output = home.run(&[&args[..], &["--yes", "--reason", "live test", "--no-wait"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("you may not patch clusters"), "{said}");
}
