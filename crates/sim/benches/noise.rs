//! Random numbers: time per number, for a step of 90 nodes and of 4096.

use brainmass_sim::noise::{NormalStream, UniformStream};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn streams(criterion: &mut Criterion) {
    let (normal, uniform) = (NormalStream::new(1, 0), UniformStream::new(1, 0));
    let mut group = criterion.benchmark_group("stream");
    for nodes in [90, 4096] {
        let mut out = vec![0.0; nodes];
        group.throughput(Throughput::Elements(nodes as u64));
        group.bench_function(BenchmarkId::new("normal", nodes), |bencher| {
            let mut steps = 0..;
            bencher.iter(|| normal.fill(steps.next().unwrap_or_default(), 0, &mut out));
        });
        group.bench_function(BenchmarkId::new("uniform", nodes), |bencher| {
            let mut steps = 0..;
            bencher.iter(|| uniform.fill(steps.next().unwrap_or_default(), 0, &mut out));
        });
    }
    group.finish();
}

criterion_group!(benches, streams);
criterion_main!(benches);
