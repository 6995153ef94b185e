//! Without a write session nothing is written, whatever is pressed.
use serde_json::Value;

use crate::{
    bed::{Bed, LONG, User, text},
    console::Home,
    keyboard,
    support::{Pty, SOON},
};

/// Presses every key of the default keymap on a pool's row, and asks the API server what it was asked.
pub fn every_key_on_a_pool(bed: &Bed) {
    let pools = bed.list(&["machinedeployments.cluster.x-k8s.io"]);
    let pool = text(&pools[0], "/metadata/name").to_owned();
    for user in [User::Viewer, User::Admin] {
        let before = bed.audit().len();
        let home = Home::new(&bed.kubeconfig(user));
        let mut pty = home.open(&["--pane", "clusters"]);
        decline(&mut pty);
        for keys in keyboard::bound() {
            to_the_row(&mut pty, &pool);
            for key in keys.split(' ') {
                pty.press(&keyboard::sent(key));
            }
            // What the key opened is accepted too; the palette would accept to leave the console.
            if !matches!(&*keys, ":" | "ctrl-p") {
                pty.press("\r");
            }
        }
        to_the_row(&mut pty, &pool);
        pty.send("q");
        assert!(pty.wait_exit(SOON).success());
        let asked = &bed.audit()[before..];
        let ours: Vec<&Value> = asked.iter().filter(|e| text(e, "/userAgent").starts_with("tko/")).collect();
        assert!(ours.iter().any(|e| text(e, "/verb") == "watch"), "our requests are in the audit log");
        let writes: Vec<&&Value> = ours.iter().filter(|e| is_write(e)).collect();
        assert!(writes.is_empty(), "{user:?}: {writes:#?}");
        eprintln!("      {user:?}: {} requests of ours, none of them a write", ours.len());
    }
}

/// Creating a review asks what one may do; nothing is stored.
fn is_write(event: &Value) -> bool {
    let writes = ["create", "update", "patch", "delete", "deletecollection"];
    let review = text(event, "/objectRef/resource").starts_with("selfsubject");
    writes.contains(&text(event, "/verb")) && !review
}

/// Back to the pools with the cursor on the pool, from wherever a key has led.
fn to_the_row(pty: &mut Pty, pool: &str) {
    for key in ["\x1b", "\x1b", "\x1b", "\x1b", "0", "3"] {
        pty.press(key);
    }
    // Help opened and closed: the screen is no older than the keys before it.
    pty.press("?");
    pty.wait_for("─ Help");
    pty.press("\x1b");
    pty.wait_gone("─ Help");
    pty.wait_until("the pools", LONG, |s| s.contents().contains("Node pools"));
    for (mode, key) in [("frozen", "f"), ("faults only", "!"), ("marked", "u")] {
        // In the title, that is: the hints of the keys say it too.
        let is_on =
            |contents: &str| contents.lines().any(|l| l.starts_with("Node pools") && l.contains(mode));
        if is_on(&pty.screen().replace('│', "")) {
            pty.press(key);
            pty.wait_until(&format!("{mode} to go"), SOON, |s| !is_on(&s.contents()));
        }
    }
    pty.press("/");
    pty.send(pool);
    pty.send("\r");
    pty.wait_until("the pool", LONG, |s| s.contents().matches(pool).count() > 1);
}

/// The question of the cluster's own Secret, asked and declined first: it would come up at any time after
/// the tree of a cluster was opened, and take the keys.
fn decline(pty: &mut Pty) {
    pty.wait_until("the cluster", LONG, |s| s.contents().contains("✓ Running"));
    pty.press("\r");
    pty.wait_until("the question", LONG, |s| s.contents().contains("Use cluster-admin to look inside?"));
    pty.press("\x1b");
    pty.wait_gone("Use cluster-admin");
}
