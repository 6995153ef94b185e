//! The contract that the demo's servers keep with real ones. The live suite plays the same cases on both.
pub mod cases;
pub mod embedded;
pub mod play;

use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_server_keeps_the_contract() {
    let stop = CancellationToken::new();
    let server = embedded::open(&stop).await;
    let mut rows = Vec::new();
    for case in cases::all() {
        rows.push((case.name, play::play(&server, case).await));
    }
    stop.cancel();
    let shown: Vec<_> = rows.iter().map(|(name, outcome)| (*name, vec![outcome])).collect();
    let failed = rows.iter().filter(|(_, outcome)| outcome.is_err()).count();
    assert_eq!(failed, 0, "\n{}", play::table(&["embedded"], &shown));
}
