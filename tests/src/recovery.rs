//! Recovery of parameters: drawn, simulated, forgotten, and found again from summaries of the simulation.

use brainmass::fit::{Fit, FitError, Fitter, Lbfgs, Param, ParamValues, Params, SimulationLoss};
use brainmass::gradient::Loss;
use brainmass::noise::UniformStream;
use brainmass::prelude::*;
use brainmass::simulator::Run;
use brainmass::zoo::coupling::Diffusive;
use ndarray::{Array2, s};

/// A simulation whose parameters are to be found again.
pub struct Case {
    /// The simulation.
    pub name: &'static str,
    simulator: Simulator,
    duration: f64,
    signals: &'static [&'static str],
    /// Names, and from where to where they are drawn.
    ranges: &'static [(&'static str, f64, f64)],
    /// Distances in rows at which a signal is compared with itself.
    lags: &'static [usize],
}

/// A fit counts as a recovery if every parameter is within this share of its range of the truth.
pub const TOLERANCE: f64 = 0.01;

/// Four models as single nodes, and a network of ten.
pub fn cases() -> Vec<Case> {
    let ring = Array2::from_shape_fn((10, 10), |(target, source): (usize, usize)| {
        let apart = target.abs_diff(source).min(10 - target.abs_diff(source));
        if apart == 0 { 0.0 } else { (1.0 + (target * 7 + source * 3) as f64 % 5.0) / (5.0 * apart as f64) }
    });
    let oscillators =
        HopfStep::new(10).w((0..10).map(|node| 0.1 + 0.01 * f64::from(node)).collect::<Vec<_>>()).init_x(0.3);
    let network = Network::new(oscillators, ring).coupling(Diffusive::new(), "x");
    vec![
        Case {
            name: "Hopf",
            simulator: Simulator::new(HopfStep::new(1).init_x(0.3)).dt(0.2),
            duration: 150.0,
            signals: &["x"],
            ranges: &[("a", 0.05, 0.5), ("w", 0.08, 0.3)],
            lags: &[5, 20, 50],
        },
        Case {
            name: "Wilson-Cowan",
            simulator: Simulator::new(WilsonCowanStep::new(1).init_rE(0.1).init_rI(0.05))
                .dt(0.1)
                .input("rE_inp", 1.0),
            duration: 60.0,
            signals: &["rE", "rI"],
            ranges: &[("wEE", 10.0, 16.0), ("wIE", 10.0, 16.0)],
            lags: &[5, 20, 50],
        },
        Case {
            name: "Jansen-Rit",
            simulator: Simulator::new(JansenRitStep::new(1)).dt(0.5).input("E_inp", 200.0),
            duration: 500.0,
            signals: &["eeg", "M"],
            ranges: &[("Ae", 2.8, 3.8), ("be", 80.0, 120.0)],
            lags: &[10, 40, 100],
        },
        Case {
            name: "reduced Wong-Wang",
            simulator: Simulator::new(WongWangExcInhStep::new(1)).dt(1.0),
            duration: 600.0,
            signals: &["S_e", "S_i"],
            ranges: &[("J_i", 0.8, 1.4), ("w_p", 1.0, 1.5)],
            lags: &[10, 50, 150],
        },
        Case {
            name: "network of 10 Hopf nodes",
            simulator: Simulator::new(network).dt(0.2),
            duration: 100.0,
            signals: &["x"],
            ranges: &[("k", 0.02, 0.3), ("a", 0.05, 0.4)],
            lags: &[5, 20, 50],
        },
    ]
}

impl Case {
    /// Draws the truth, simulates it, and fits from the middle of the ranges and `starts - 1` other points; gives the truth, the fit, and
    /// whether that is a recovery.
    ///
    /// # Errors
    ///
    /// The fit cannot be made.
    pub fn recover(&self, seed: u64, starts: usize) -> Result<(ParamValues, Fit, bool), FitError> {
        let mut draws = vec![0.0; self.ranges.len()];
        UniformStream::new(seed, 0).fill(0, 0, &mut draws);
        let truth = self.ranges.iter().zip(draws).fold(ParamValues::new(), |truth, ((name, from, to), t)| {
            truth.with(*name, [from + (to - from) * (0.05 + 0.9 * t)])
        });
        let params = self.ranges.iter().fold(Params::new(), |params, (name, from, to)| {
            params.with(*name, Param::new(0.5 * (from + to)).sigmoid(*from, *to))
        });
        let simulator = self.simulator.clone().record(self.signals.iter().copied());
        let simulated = SimulationLoss::new(simulator.clone(), self.duration, |_| Ok(0.0))
            .run(&truth)
            .map_err(FitError::Loss)?;
        let goal = summaries(&simulated, self.signals, self.lags);
        let (signals, lags) = (self.signals, self.lags);
        let loss = SimulationLoss::differentiable(simulator, self.duration, move |run| {
            Ok(distance(run, signals, lags, &goal))
        });
        let fit = Fitter::new(params, loss)
            .method(Lbfgs::default())
            .iterations(60)
            .starts(starts)
            .seed(seed)
            .target(1e-14)
            .patience(15, 1e-16)
            .run()?;
        let near = self.ranges.iter().all(|(name, from, to)| {
            (fit.best.scalar(name) - truth.scalar(name)).abs() <= TOLERANCE * (to - from)
        });
        Ok((truth, fit, near))
    }
}

/// Returns, for each signal and node, its mean and the means of its products with itself at the lags, of which the first is 0.
fn summaries(run: &Run, signals: &[&str], lags: &[usize]) -> Vec<f64> {
    let mut all = Vec::new();
    for name in signals {
        for x in run[*name].columns() {
            all.push(x.sum() / x.len() as f64);
            for lag in std::iter::once(0).chain(lags.iter().copied()) {
                let rows = x.len() - lag;
                all.push(x.slice(s![..rows]).dot(&x.slice(s![lag..])) / rows as f64);
            }
        }
    }
    all
}

/// The sum of squared differences of the summaries from those that are wanted, relative to the mean square of each signal.
fn distance(run: &Run, signals: &[&str], lags: &[usize], goal: &[f64]) -> Loss {
    let found = summaries(run, signals, lags);
    // Of each signal: its mean, its mean square, and its products with itself.
    let weights: Vec<f64> = goal
        .chunks(2 + lags.len())
        .flat_map(|of_signal| {
            let power = of_signal[1] + 1e-12;
            (0..of_signal.len()).map(move |summary| if summary == 0 { 1.0 / power } else { power.powi(-2) })
        })
        .collect();
    let squares = found.iter().zip(goal).zip(&weights);
    let value = squares.map(|((found, goal), weight)| weight * (found - goal).powi(2)).sum();
    let mut slopes =
        found.iter().zip(goal).zip(&weights).map(|((found, goal), weight)| 2.0 * weight * (found - goal));
    let mut loss = Loss::new(value);
    for name in signals {
        let x = &run[*name];
        let mut derivatives = Array2::zeros(x.raw_dim());
        for (x, mut by) in x.columns().into_iter().zip(derivatives.columns_mut()) {
            by += slopes.next().unwrap_or_default() / x.len() as f64;
            for lag in std::iter::once(0).chain(lags.iter().copied()) {
                let rows = x.len() - lag;
                let slope = slopes.next().unwrap_or_default() / rows as f64;
                by.slice_mut(s![..rows]).scaled_add(slope, &x.slice(s![lag..]));
                by.slice_mut(s![lag..]).scaled_add(slope, &x.slice(s![..rows]));
            }
        }
        loss = loss.by(*name, derivatives);
    }
    loss
}
