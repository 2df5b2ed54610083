//! The growth of the cost of a run with its steps, nodes and edges: exponents fitted to the logarithms of times.

use std::time::Instant;

use brainmass::network::{Edge, Wiring};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;

/// A size that is varied, and a run of such a size.
struct Law {
    what: &'static str,
    /// A size whose time is that of everything else, and is taken off.
    nothing: Option<usize>,
    sizes: [usize; 4],
    run: fn(usize) -> Result<Run, RunError>,
}

const LAWS: [Law; 3] = [
    Law {
        what: "steps of 90 Hopf nodes",
        nothing: None,
        sizes: [50_000, 100_000, 200_000, 400_000],
        run: |steps| nodes(90, steps),
    },
    Law {
        what: "uncoupled Hopf nodes",
        nothing: None,
        sizes: [500, 1000, 2000, 4000],
        run: |count| nodes(count, 5_000),
    },
    Law {
        what: "edges of 1000 Hopf nodes, beyond the time of the nodes",
        nothing: Some(1000),
        sizes: [125_000, 250_000, 500_000, 1_000_000],
        run: edges,
    },
];

/// Prints the exponents; 1 is linear growth.
pub fn run() -> Result<(), String> {
    for Law { what, nothing, sizes, run } in &LAWS {
        let rest = nothing.map_or(Ok(0.0), |size| fastest(*run, size))?;
        let mut points = Vec::new();
        for size in sizes {
            points.push(((*size as f64).ln(), (fastest(*run, *size)? - rest).ln()));
        }
        println!("{what}: time grows with the power {:.2}", slope(&points));
    }
    Ok(())
}

fn nodes(count: usize, steps: usize) -> Result<Run, RunError> {
    Simulator::new(HopfStep::new(count).init_x(0.3)).every(1000).run(steps as f64 * 0.1)
}

/// Delays of 40 steps and more, spread over all pairs.
fn edges(count: usize) -> Result<Run, RunError> {
    let of = |index: usize| Edge {
        target: index % 1000,
        source: (index / 1000 + index) % 1000,
        weight: 1e-5,
        length: 4.0 + (index % 60) as f64 / 10.0,
    };
    let wiring = Wiring::from_edges(1000, 1000, (0..count).map(of));
    let network =
        Network::new(HopfStep::new(1000).init_x(0.3), wiring).coupling(Additive::new(), "x").speed(1.0);
    Simulator::new(network).every(1000).run(100.0)
}

/// Seconds of the fastest of three runs, without what precedes the first step.
fn fastest(run: fn(usize) -> Result<Run, RunError>, size: usize) -> Result<f64, String> {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let started = Instant::now();
        let run = run(size).map_err(|error| error.to_string())?;
        best = best.min(run.elapsed().min(started.elapsed()).as_secs_f64());
    }
    Ok(best)
}

/// The slope of the line of least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (x, y) =
        points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
    let products = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>();
    products / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
}
