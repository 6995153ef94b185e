//! A run on real engines, recorded and replayed to the same last frame.
use crate::{
    bed::{LONG, User, beds},
    console::Home,
    support::SOON,
};

#[test]
fn a_recorded_run_replays_to_the_same_last_frame() {
    let Some(beds) = beds("record and replay") else { return };
    for bed in [&beds.newest, &beds.v1beta1] {
        let home = Home::new(&bed.kubeconfig(User::Admin));
        let mut pty = home.open(&["--record", "run.ndjson"]);
        pty.wait_until("the fleet", LONG, |s| s.contents().contains("✓ 1 live"));
        for (key, title) in [("3", "Node pools"), ("4", "Machines"), ("2", "Clusters")] {
            pty.send(key);
            pty.wait_until(title, LONG, |s| {
                let contents = s.contents();
                contents.contains(title) && !contents.contains("loading")
            });
        }
        pty.press("/");
        pty.send("c000");
        pty.send("\r");
        pty.wait_for(" of ");
        // The tree of the cluster under the cursor, so that more than tables is in the last frame.
        pty.send("\r");
        pty.wait_until("the tree", LONG, |s| s.contents().contains("KubeadmControlPlane"));
        // The nodes of the tree would need the cluster's Secret, which is asked for once and declined here.
        pty.wait_until("the question", LONG, |s| s.contents().contains("Use cluster-admin to look inside?"));
        pty.press("\x1b");
        pty.wait_gone("Use cluster-admin");
        pty.send("q");
        assert!(pty.wait_exit(SOON).success());
        let replay = home.run(&["replay", "run.ndjson"]);
        let said = String::from_utf8_lossy(&replay.stdout);
        assert_eq!(replay.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&replay.stderr));
        assert!(said.contains("the last frame is the recorded one"), "{said}");
        assert!(said.contains("KubeadmControlPlane"), "{said}");
    }
}
