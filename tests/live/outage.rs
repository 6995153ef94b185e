//! API servers that go away under the console, come back, or come later than it; on a bed of our own.
use std::time::{Duration, Instant};

use crate::{
    bed::{Bed, LONG, OwnBed, User, beds, testbed, text},
    console::Home,
    read_only,
    support::{Pty, SOON},
};

/// How soon the console must be back after its server is.
const BACK: Duration = Duration::from_secs(5);

#[test]
fn on_a_bed_of_our_own() {
    let Some(beds) = beds("outages, a late server and every key, on a bed of our own") else { return };
    let own = OwnBed::up();
    eprintln!("live: the API server goes away and comes back");
    away_and_back(&own.0, &beds.newest);
    eprintln!("live: the console is there before the API server");
    console_first(&own.0);
    eprintln!("live: every key without a write session");
    read_only::every_key_on_a_pool(&own.0);
}

fn apiserver(word: &str, bed: &Bed, flags: &[&str]) {
    testbed("apiserver", &[&[word, "--name", &bed.name], flags].concat());
}

/// The line of the screen that begins with the site's name, perhaps behind a sign.
fn row<'a>(contents: &'a str, site: &str) -> &'a str {
    let is_of = |line: &&str| line.split_whitespace().take(2).any(|word| word == site);
    contents.lines().find(is_of).unwrap_or_default()
}

/// How long it took from now until the site's row says that it is live.
fn live_again(pty: &Pty, site: &str) -> Duration {
    let start = Instant::now();
    pty.wait_until(&format!("{site} to be live"), LONG, |s| {
        let contents = s.contents();
        let row = row(&contents, site);
        row.contains("✓ live") && !row.contains("old") && !contents.contains("unreachable")
    });
    start.elapsed()
}

fn away_and_back(own: &Bed, other: &Bed) {
    let home = Home::new(&testbed("kubeconfig", &[&other.name, &own.name]));
    let mut pty = home.open(&[]);
    pty.wait_until("both sites", LONG, |s| s.contents().contains("✓ 2 live"));
    pty.send("2");
    pty.wait_until("the clusters", LONG, |s| s.contents().contains(&format!("  {} ", own.name)));

    apiserver("stop", own, &["--kill"]);
    pty.wait_until("the title to say how old the data is", LONG, |s| {
        let contents = s.contents();
        contents.contains("as of ") && contents.contains("✗ 1 unreachable")
    });
    assert!(
        !row(&pty.screen().replace('│', " "), &own.name).is_empty(),
        "the last data stays:\n{}",
        pty.screen()
    );
    another_is_unaffected(&pty, other);
    pty.send("1");
    pty.wait_until("the fleet to show both as they are", SOON, |s| {
        let contents = s.contents();
        let (down, up) = (row(&contents, &own.name), row(&contents, &other.name));
        down.contains("✗ unreachable")
            && down.contains(" old")
            && up.contains("✓ live")
            && up.contains(" live ")
    });

    apiserver("start", own, &[]);
    let took = live_again(&pty, &own.name);
    eprintln!("      live again {took:.1?} after the server was ready");
    assert!(took <= BACK, "{took:?}");
    pty.send("2");
    pty.wait_gone("as of ");
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
}

/// A change on the other site is seen while this one is away.
fn another_is_unaffected(pty: &Pty, other: &Bed) {
    let clusters = other.list(&["clusters.cluster.x-k8s.io"]);
    let (namespace, name) = (text(&clusters[0], "/metadata/namespace"), text(&clusters[0], "/metadata/name"));
    let pause = |paused: bool| {
        let patch = format!(r#"{{"spec": {{"paused": {paused}}}}}"#);
        other.kubectl(&[
            "patch",
            "clusters.cluster.x-k8s.io",
            "-n",
            namespace,
            name,
            "--type",
            "merge",
            "-p",
            &patch,
        ]);
    };
    let is_paused = |s: &vt100::Screen| {
        let contents = s.contents();
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let wanted = [&other.name, namespace, name];
        contents.lines().map(words).any(|w| {
            w.windows(3).any(|three| three.iter().eq(wanted)) && w.iter().any(|word| word == "Paused")
        })
    };
    pause(true);
    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pty.wait_until(&format!("{name} of {} to be paused", other.name), SOON, is_paused);
    }));
    pause(false);
    if let Err(why) = seen {
        std::panic::resume_unwind(why);
    }
    pty.wait_until(&format!("{name} of {} to run again", other.name), SOON, |s| !is_paused(s));
}

fn console_first(own: &Bed) {
    apiserver("stop", own, &["--kill"]);
    let home = Home::new(&own.kubeconfig(User::Admin));
    let mut pty = home.open(&[]);
    pty.wait_until("the site to be unreachable", SOON, |s| {
        s.contents().contains("✗ 1 unreachable") && row(&s.contents(), &own.name).contains("✗ unreachable")
    });
    apiserver("start", own, &[]);
    let took = live_again(&pty, &own.name);
    eprintln!("      connected {took:.1?} after the server was ready");
    assert!(took <= BACK, "{took:?}");
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
}
