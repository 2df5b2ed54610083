//! Elementary functions: time per 4096 values with the system's library and with the lanes of every instruction set.

use std::hint::black_box;

use brainmass_core::real::{Lane, LaneJob, Simd};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const COUNT: usize = 4096;

/// A function, applied to every value of `input`.
macro_rules! functions {
    ($($job:ident = $name:literal, |$x:ident| $result:expr;)*) => {
        $(struct $job<'a> {
            input: &'a [f64],
            output: &'a mut [f64],
        }
        impl LaneJob for $job<'_> {
            type Output = ();
            #[inline(always)]
            fn run<R: Lane>(self) {
                for (input, output) in self.input.chunks_exact(R::WIDTH).zip(self.output.chunks_exact_mut(R::WIDTH)) {
                    let $x = R::load(input);
                    $result.store(output);
                }
            }
        })*
        fn functions(criterion: &mut Criterion) {
            let input: Vec<f64> = (0..COUNT).map(|i| 5.01 + 5.0 * (0.7 * i as f64).sin()).collect();
            let mut output = vec![0.0; COUNT];
            $({
                let mut group = criterion.benchmark_group($name);
                group.throughput(Throughput::Elements(COUNT as u64));
                group.bench_function("std", |bencher| {
                    bencher.iter(|| LaneJob::run::<f64>($job { input: black_box(&input), output: &mut output }));
                });
                for simd in ["avx512", "avx2", "avx2-unfused", "plain"].into_iter().filter_map(|name| Simd::named(name).ok()) {
                    group.bench_function(simd.name(), |bencher| {
                        bencher.iter(|| simd.run($job { input: black_box(&input), output: &mut output }));
                    });
                }
                group.finish();
            })*
        }
    };
}

functions! {
    Exp = "exp", |x| x.exp();
    Expm1 = "expm1", |x| x.expm1();
    Ln = "ln", |x| x.ln();
    Ln1p = "ln_1p", |x| x.ln_1p();
    Sin = "sin", |x| x.sin();
    Cos = "cos", |x| x.cos();
    Tanh = "tanh", |x| x.tanh();
    Sigmoid = "sigmoid", |x| x.sigmoid();
    Erf = "erf", |x| x.erf();
    Erfc = "erfc", |x| x.erfc();
    Erfcx = "erfcx", |x| x.erfcx();
    Siegert = "siegert", |x| x.siegert();
    Asin = "asin", |x| x.asin();
    Acos = "acos", |x| x.acos();
    Atan = "atan", |x| x.atan();
    Atan2 = "atan2", |x| x.atan2(R::splat(0.3));
    Cbrt = "cbrt", |x| x.cbrt();
    Log10 = "log10", |x| x.log10();
    Powf = "powf", |x| x.powf(R::splat(0.3));
    Powi = "powi", |x| x.powi(3);
    Exprel = "exprel", |x| x.exprel(0);
    Exprel1 = "exprel, first derivative", |x| x.exprel(1);
    Exprel2 = "exprel, second derivative", |x| x.exprel(2);
}

criterion_group!(benches, functions);
criterion_main!(benches);
