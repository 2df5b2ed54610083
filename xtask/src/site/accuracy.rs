//! The accuracy of the pictures: the largest change of each at half the time step, measured by the build.
//!
//! A change is a part of the picture's own size, so that 1 % is as far as one can see. A page whose pictures change by more than
//! [`AGREED`] fails the build.

use brainmass::Run;
use brainmass::analysis::{PowerSpectrum, Welch};
use brainmass::info::Signal;
use brainmass::{Simulator, Values};
use ndarray::{Array2, s};
use serde::Serialize;

use super::circumstances::{Circumstances, extremes};
use super::shown::{rounded, short};
use super::sweep::{AGREED, is_chaotic};

/// Runs go on for so many times their duration, so that the spectrum is of the settled activity.
pub const SPECTRUM_RUNS: f64 = 8.0;

/// A signal has come to rest when it moves by less than this part of all that it goes through.
const RESTS: f64 = 1e-3;

/// The changes of the pictures of a page at half the time step.
#[derive(Debug, Clone, Serialize)]
pub struct Accuracy {
    /// The model.
    pub model: String,
    /// The scheme of its runs.
    pub scheme: String,
    /// The time step of its runs, ms.
    pub dt: f64,
    /// The farthest that a line of the run moves, as a part of the picture's width or height.
    pub run: f64,
    /// The largest Lyapunov exponent of the run in 1/ms, where it is chaotic; then `run` is the change of mean and standard deviation.
    pub exponent: Option<f64>,
    /// The farthest that the peak of the spectrum moves, in bins of its frequencies.
    pub peak: Option<f64>,
    /// The largest change of the sweep, as a part of the picture's height.
    pub sweep: Option<f64>,
    /// The parameter or the input that is swept.
    pub over: Option<String>,
}

/// The same, as pages show it.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    scheme: String,
    dt: String,
    run: String,
    chaotic: bool,
    sweep: Option<String>,
    over: Option<String>,
    largest: String,
}

impl Accuracy {
    /// Returns what pages show.
    pub fn told(&self) -> Told {
        Told {
            scheme: scheme_text(&self.scheme),
            dt: short(self.dt),
            run: percent(self.run),
            chaotic: self.exponent.is_some(),
            sweep: self.sweep.map(percent),
            over: self.over.clone(),
            largest: percent(self.run.max(self.sweep.unwrap_or(0.0))),
        }
    }
}

/// The name of a scheme in words.
pub fn scheme_text(name: &str) -> String {
    match name {
        "exp_euler" => "exponential Euler".to_owned(),
        "heun" => "Heun".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A page's run, and the same run at half the step with every other row left out.
pub struct Pair {
    /// The run that is drawn.
    pub run: Run,
    /// The same run going on for the spectrum.
    pub whole: Run,
    fine: Run,
    /// The names of what is drawn.
    names: Vec<String>,
}

impl Pair {
    /// Makes both runs, without the noise that the model may have of its own.
    ///
    /// # Errors
    ///
    /// One of them fails.
    pub fn new(circumstances: &Circumstances, names: &[&str]) -> Result<Self, String> {
        Self::made(circumstances, names, false)
    }

    /// Makes both runs with the noise of the model. They are there to be shown: at half the step the noise is another one.
    ///
    /// # Errors
    ///
    /// One of them fails.
    pub fn with_noise(circumstances: &Circumstances, names: &[&str]) -> Result<Self, String> {
        Self::made(circumstances, names, true)
    }

    fn made(circumstances: &Circumstances, names: &[&str], noisy: bool) -> Result<Self, String> {
        let mut all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        all.extend(circumstances.states().into_iter().filter(|state| !names.contains(&state.as_str())));
        let simulator = nodes(circumstances, noisy)?.record(all);
        let dt = circumstances.dt();
        let simulator = simulator.dt(dt);
        Ok(Self {
            run: times_over(circumstances, &simulator, 1.0)?,
            whole: times_over(circumstances, &simulator, SPECTRUM_RUNS)?,
            fine: times_over(circumstances, &simulator.dt(0.5 * dt).every(2), SPECTRUM_RUNS)?,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Measures how much the pictures of the run change.
    ///
    /// # Errors
    ///
    /// More than a picture may; the message says by how much.
    pub fn accuracy(&self, circumstances: &Circumstances) -> Result<Accuracy, String> {
        let mut accuracy = Accuracy {
            model: circumstances.item.model.name.clone(),
            scheme: self.whole.provenance().scheme.clone(),
            dt: circumstances.dt(),
            run: self.moved(),
            exponent: None,
            peak: self.peak(),
            sweep: None,
            over: None,
        };
        if accuracy.run > AGREED {
            let of = circumstances.item.info().signal(&self.names[0]).unwrap_or(Signal::State(0));
            let start = circumstances.last(&self.whole);
            if let Some((exponent, change)) = is_chaotic(circumstances, of, &self.names[0], &start)? {
                (accuracy.exponent, accuracy.run) = (Some(exponent), change);
            }
        }
        if accuracy.run > AGREED {
            return Err(format!(
                "the run changes at half the step of {} ms: by {} of the picture's size; state a smaller `dt`",
                accuracy.dt,
                percent(accuracy.run)
            ));
        }
        match accuracy.peak {
            // Chaos has broad peaks, of which the highest is left to chance.
            Some(bins) if accuracy.exponent.is_none() && bins > 1.5 => Err(format!(
                "the peak of the spectrum moves at half the step, by {} bins; state a smaller `dt`",
                short(bins)
            )),
            _ => Ok(accuracy),
        }
    }

    /// The farthest that a line moves, each in the panel of its unit.
    fn moved(&self) -> f64 {
        let unit = |name: &str| self.run.unit(name).unwrap_or("1").to_owned();
        let rows = self.run.ts.len();
        let (first, last) = (self.run.ts[0], self.run.ts[rows - 1]);
        let times: Vec<f64> = self.run.ts.iter().map(|t| (t - first) / (last - first).max(1e-300)).collect();
        let mut largest = 0.0_f64;
        for name in &self.names {
            let alike = self.names.iter().filter(|other| unit(other) == unit(name));
            let values = alike.flat_map(|name| self.run[name.as_str()].iter().copied());
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            let height = (high - low).max(1e-6 * high.abs().max(low.abs())).max(1e-300);
            let part = |run: &Run, node: usize| -> Vec<f64> {
                run[name.as_str()].slice(s![..rows, node]).iter().map(|x| x / height).collect()
            };
            for node in 0..self.run[name.as_str()].ncols() {
                let (coarse, fine) = (part(&self.run, node), part(&self.fine, node));
                largest = largest.max(apart(&times, &coarse, &fine)).max(apart(&times, &fine, &coarse));
            }
        }
        largest
    }

    /// The farthest that a peak of the spectrum of the first signal moves, in bins; `None` where there is no peak.
    fn peak(&self) -> Option<f64> {
        let spectrum = |run: &Run| {
            let signal = settled(run, &self.names[0])?;
            Welch::new(signal.nrows() / 2).estimate(signal.view(), run.ts[1] - run.ts[0]).ok()
        };
        let (one, other) = (spectrum(&self.whole)?, spectrum(&self.fine)?);
        let bin = one.frequency[1];
        let moved = |pair: (Option<f64>, Option<f64>)| match pair {
            (None, None) => None,
            (Some(a), Some(b)) => Some((a - b).abs() / bin),
            // A peak that is there at one of the steps alone.
            _ => Some(f64::INFINITY),
        };
        let peaks = |spectrum: &PowerSpectrum| spectrum.peaks(0.0..=f64::INFINITY).ok();
        peaks(&one)?.into_iter().zip(peaks(&other)?).filter_map(moved).reduce(f64::max)
    }
}

/// Runs the nodes of a page for as long as the spectrum is of, without the noise that the model may have of its own, and records all states.
///
/// # Errors
///
/// The run fails.
pub fn whole(circumstances: &Circumstances) -> Result<Run, String> {
    let simulator = nodes(circumstances, false)?.record(circumstances.states()).dt(circumstances.dt());
    times_over(circumstances, &simulator, SPECTRUM_RUNS)
}

/// Runs nodes for so many times the duration of the page's run, after its transient.
fn times_over(circumstances: &Circumstances, simulator: &Simulator, times: f64) -> Result<Run, String> {
    let transient = circumstances.setting.transient;
    let run = simulator.clone().transient(transient).run(transient + times * circumstances.duration());
    run.map_err(|error| error.to_string())
}

/// The last three quarters of a signal; `None` where it has come to rest, so that what is left of the way there is all that moves, or where it
/// is too short for a spectrum.
pub fn settled(run: &Run, name: &str) -> Option<Array2<f64>> {
    let signal = &run[name];
    let settled: Array2<f64> = signal.slice(s![signal.nrows() / 4.., ..]).to_owned();
    let height = |signal: &Array2<f64>| {
        extremes(signal.view()).into_iter().map(|(low, high)| high - low).fold(0.0, f64::max)
    };
    let least =
        (RESTS * height(signal)).max(1e-9 * signal.iter().fold(0.0_f64, |largest, x| largest.max(x.abs())));
    (height(&settled) > least && settled.nrows() >= 64).then_some(settled)
}

/// The nodes of a page's run, which may differ from one another.
fn nodes(circumstances: &Circumstances, noisy: bool) -> Result<Simulator, String> {
    let several = circumstances.item.model.plots.nodes.as_ref();
    let values = vec![0.0; several.map_or(1, |several| several.count())];
    let mut simulator = match noisy {
        true => circumstances.with_noise(&values)?,
        false => circumstances.simulator(&values, None)?,
    };
    let Some(several) = several else { return Ok(simulator) };
    for (name, values) in &several.parameters {
        simulator.set(name, Values::PerNode(values.clone())).map_err(|error| error.to_string())?;
    }
    for (name, values) in &several.init {
        let name = format!("init_{name}");
        simulator.set(&name, Values::PerNode(values.clone())).map_err(|error| error.to_string())?;
    }
    Ok(simulator)
}

/// The largest distance of a point of one line from the other line. Both have the same times; all numbers are parts of the picture's sides.
fn apart(times: &[f64], line: &[f64], other: &[f64]) -> f64 {
    let mut largest = 0.0_f64;
    for (index, (&t, &x)) in times.iter().zip(line).enumerate() {
        // The nearest point is no farther than the one straight above or below, and so lies no longer before or after.
        let mut nearest = (x - other[index]).abs();
        if nearest.is_nan() {
            return f64::INFINITY;
        }
        let piece = |at: usize| to_piece((t, x), (times[at], other[at]), (times[at + 1], other[at + 1]));
        let (mut before, mut after) = (index, index);
        // What lies nearer than the farthest so far is of no interest.
        while nearest > largest {
            let back = before > 0 && t - times[before] < nearest;
            let forth = after + 1 < times.len() && times[after] - t < nearest;
            if back {
                before -= 1;
                nearest = nearest.min(piece(before));
            }
            if forth {
                nearest = nearest.min(piece(after));
                after += 1;
            }
            if !back && !forth {
                break;
            }
        }
        largest = largest.max(nearest);
    }
    largest
}

/// The distance of a point from a straight piece of a line.
fn to_piece(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(1e-300);
    let part = (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length).clamp(0.0, 1.0);
    (point.0 - from.0 - part * dx).hypot(point.1 - from.1 - part * dy)
}

/// A part as a percentage of two digits.
pub fn percent(part: f64) -> String {
    match 100.0 * part {
        0.0 => "0 %".to_owned(),
        small if small < 1e-3 => "< 0.001 %".to_owned(),
        other => format!("{} %", rounded(other, 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_far_apart_as_their_points_are_from_the_other_line() {
        let times: Vec<f64> = (0..=1000).map(|i| f64::from(i) / 1000.0).collect();
        let line = |late: f64, high: f64| -> Vec<f64> {
            times.iter().map(|t| high + (-((t - 0.5 - late) / 0.01).powi(2)).exp()).collect()
        };
        let between = |a: &[f64], b: &[f64]| apart(&times, a, b).max(apart(&times, b, a));
        let spike = line(0.0, 0.0);
        assert_eq!(between(&spike, &spike), 0.0);
        // A steep flank that comes 0.4 % of the width later is far off straight above, and near beside.
        let late = between(&spike, &line(0.004, 0.0));
        assert!((0.003..=0.004).contains(&late), "{late}");
        let higher = between(&spike, &line(0.0, 0.1));
        assert!((higher - 0.1).abs() < 1e-3, "{higher}");
        let flat = vec![0.0; times.len()];
        assert!((between(&spike, &flat) - 1.0).abs() < 1e-9, "a spike is missed in neither of the two");
        assert_eq!(between(&flat, &vec![f64::NAN; times.len()]), f64::INFINITY);
    }

    #[test]
    fn small_changes_are_told_as_such() {
        assert_eq!(["0 %", "< 0.001 %", "0.034 %", "1.2 %"], [0.0, 1e-9, 3.4e-4, 0.0123].map(percent)[..]);
    }
}
