//! How long one watch event takes to become a row, and how much memory a row holds.
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fleet::machine;
use tko::{domain::Object, kinds};

mod fleet;

fn decode(json: &str) -> Option<Object> {
    kinds::find("machine").map(|kind| kind.read("v1beta1", json))
}

fn bench(criterion: &mut Criterion) {
    let sample = machine(7);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(sample.len() as u64));
    group.bench_function("machine", |b| b.iter(|| decode(black_box(&sample))));
    group.finish();
    memory();
}

/// Resident bytes of this process, where the system tells.
fn resident() -> Option<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    statm.split(' ').nth(1)?.parse::<usize>().ok().map(|pages| pages * 4096)
}

#[expect(clippy::print_stderr, reason = "a benchmark reports to the terminal")]
fn memory() {
    const COUNT: usize = 20_000;
    let before = resident();
    let rows: Vec<_> = (0..COUNT).filter_map(|n| decode(&machine(n))).collect();
    if let (Some(before), Some(after)) = (before, resident()) {
        eprintln!("memory: {} bytes a row ({} rows)", after.saturating_sub(before) / COUNT, rows.len());
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
