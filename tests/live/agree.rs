//! What the console says of clusters, pools and machines, against kubectl and clusterctl.
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;

use crate::{
    bed::{Bed, LONG, User, beds, eventually, testbed, text},
    console::Home,
};

/// A fleet that is at work changes between two looks; this long it may take until two looks are alike.
const STEADY: Duration = Duration::from_mins(4);

/// Type, status and reason of a condition.
type Condition = (String, String, String);

/// What is compared of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    phase: String,
    conditions: BTreeSet<Condition>,
}

/// Objects by namespace and name.
type Seen = BTreeMap<(String, String), Facts>;

fn conditions(object: &Value, pointer: &str) -> BTreeSet<Condition> {
    let list = object.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    list.map(|c| (text(c, "/type").into(), text(c, "/status").into(), text(c, "/reason").into())).collect()
}

fn seen(objects: &[Value], name: &str, phase: &str, at: &str) -> Seen {
    let key =
        |o: &Value| (text(o, &format!("{name}/namespace")).into(), text(o, &format!("{name}/name")).into());
    let facts = |o: &Value| Facts { phase: text(o, phase).into(), conditions: conditions(o, at) };
    objects.iter().map(|o| (key(o), facts(o))).collect()
}

fn by_kubectl(bed: &Bed, kinds: &str) -> Seen {
    seen(&bed.list(&[kinds]), "/metadata", "/status/phase", "/status/conditions")
}

/// The rows of `tko get`, which must be all there is.
fn rows(home: &Home, things: &str) -> Result<Vec<Value>, String> {
    let output = home.run(&["get", things, "-A", "-o", "json", "--timeout", "120"]);
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(0) {
        return Err(format!("tko get {things}: {:?} {said}", output.status));
    }
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
    assert_eq!(answer["incomplete"], Value::Array(vec![]));
    Ok(answer["rows"].as_array().cloned().unwrap_or_default())
}

/// The console's word for a phase of the API, where the phase alone decides it.
fn words(phase: &str) -> &'static [&'static str] {
    match phase {
        "Provisioned" => &["Running", "Updating", "Paused", "Stalled"],
        "Provisioning" => &["Provisioning", "Paused", "Stalled"],
        "Pending" => &["Pending", "Paused"],
        "Deleting" => &["Deleting"],
        "Failed" => &["Failed", "Paused"],
        other => panic!("the API knows no phase {other}"),
    }
}

#[test]
fn every_phase_and_condition_is_what_kubectl_says() {
    let Some(beds) = beds("tko get against kubectl on both lines") else { return };
    for bed in [&beds.newest, &beds.v1beta1] {
        let home = Home::new(&bed.kubeconfig(User::Admin));
        for (things, kinds) in [
            ("clusters", "clusters.cluster.x-k8s.io"),
            (
                "pools",
                "machinedeployments.cluster.x-k8s.io,kubeadmcontrolplanes.controlplane.cluster.x-k8s.io",
            ),
            ("machines", "machines.cluster.x-k8s.io"),
        ] {
            let objects = eventually(&format!("{things} of {} to be alike", bed.name), STEADY, || {
                let before = by_kubectl(bed, kinds);
                let rows = rows(&home, things)?;
                let after = by_kubectl(bed, kinds);
                if before != after {
                    return Err("the fleet is at work".into());
                }
                compare(things, &rows, &after)?;
                Ok(after.len())
            });
            assert!(objects > 1, "the fleet has {things}");
            eprintln!("      {}: {objects} {things} alike", bed.name);
        }
    }
}

fn compare(things: &str, rows: &[Value], wanted: &Seen) -> Result<(), String> {
    let mut ours = seen(rows, "", "/facts/phase", "/conditions");
    if things == "pools" {
        // A pool's phase is a hint of old; the console shows its rollout and does not keep it.
        for (key, facts) in &mut ours {
            facts.phase = wanted.get(key).map(|f| f.phase.clone()).unwrap_or_default();
        }
    }
    for key in ours.keys().chain(wanted.keys()) {
        let (got, want) = (ours.get(key), wanted.get(key));
        if got != want {
            return Err(format!("{things} {key:?}: tko {got:#?}, kubectl {want:#?}"));
        }
    }
    if things == "clusters" {
        for row in rows {
            let (phase, word) = (text(row, "/facts/phase"), text(row, "/columns/phase"));
            assert!(words(phase).contains(&word), "{phase} is shown as {word}");
        }
    }
    Ok(())
}

#[test]
fn every_condition_of_a_cluster_is_what_clusterctl_says() {
    let Some(beds) = beds("tko get against clusterctl describe") else { return };
    // The clusterctl of the newest line refuses servers that have v1beta1 alone.
    let bed = &beds.newest;
    let home = Home::new(&bed.kubeconfig(User::Admin));
    let clusters: Vec<(String, String)> = by_kubectl(bed, "clusters.cluster.x-k8s.io").into_keys().collect();
    for (namespace, name) in &clusters {
        eventually(&format!("{name} to be alike"), STEADY, || {
            let wanted = by_clusterctl(bed, namespace, name)?;
            let rows = rows(&home, "clusters")?;
            let row = rows
                .iter()
                .find(|r| text(r, "/name") == name && text(r, "/namespace") == namespace)
                .ok_or("tko does not list it")?;
            let ours = conditions(row, "/conditions");
            if ours == wanted { Ok(()) } else { Err(format!("tko {ours:#?}, clusterctl {wanted:#?}")) }
        });
    }
    eprintln!("      {}: {} clusters alike", bed.name, clusters.len());
}

/// The conditions under the first line of `clusterctl describe`, which is the cluster.
fn by_clusterctl(bed: &Bed, namespace: &str, name: &str) -> Result<BTreeSet<Condition>, String> {
    let args = ["describe", "cluster", name, "-n", namespace, "--show-conditions", "Cluster"];
    let output = bed.run(User::Admin, "clusterctl", &args);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().skip_while(|l| !l.starts_with("Cluster ")).skip(1);
    let of_cluster = lines.take_while(|l| !l.starts_with('├') && !l.starts_with('└'));
    let condition = |line: &str| {
        let (_, rest) = line.split_once("├─").or_else(|| line.split_once("└─"))?;
        let mut words = rest.split_whitespace();
        let (kind, status) = (words.next()?, words.next()?);
        // What has no reason goes on with its age.
        let reason = words.next().filter(|w| w.starts_with(|c: char| c.is_ascii_uppercase())).unwrap_or("");
        ["True", "False", "Unknown"].contains(&status).then(|| (kind.into(), status.into(), reason.into()))
    };
    Ok(of_cluster.filter_map(condition).collect())
}

#[test]
fn every_cluster_is_seen_in_the_console_with_its_phase() {
    let Some(beds) = beds("the clusters of both lines on the screen") else { return };
    let home = Home::new(&testbed("kubeconfig", &[&beds.newest.name, &beds.v1beta1.name]));
    let pty = home.open(&["--pane", "clusters"]);
    pty.wait_until("the clusters", LONG, |s| {
        let contents = s.contents();
        contents.contains("✓ 2 live") && contents.contains("Clusters ") && !contents.contains("loading")
    });
    for bed in [&beds.newest, &beds.v1beta1] {
        eventually(&format!("all of {} on the screen", bed.name), STEADY, || {
            let clusters = by_kubectl(bed, "clusters.cluster.x-k8s.io");
            let screen = pty.screen();
            for ((namespace, name), facts) in &clusters {
                let wanted = [bed.name.as_str(), namespace, name];
                let line = screen
                    .lines()
                    .find(|l| l.trim_start_matches('│').split_whitespace().take(3).eq(wanted))
                    .ok_or_else(|| format!("{namespace}/{name} is not shown:\n{screen}"))?;
                if !words(&facts.phase).iter().any(|word| line.split_whitespace().any(|w| w == *word)) {
                    return Err(format!("{name} is {}: {line}", facts.phase));
                }
            }
            Ok(())
        });
    }
}
