//! Summaries: numbers that say what a signal is like, by name.
//!
//! A summary is what a sweep keeps of each run. Most give a number for each node, and all say how the numbers of several
//! nodes become one ([`Across`]). What a node does not have, such as the frequency of a peak where there is none, is
//! NaN, and does not enter a mean.

use ndarray::{Array1, ArrayView1, ArrayView2, Axis};

use crate::analysis::{
    AnalysisError, Channels, Welch, analytic_signal, band_pass, functional_connectivity, kuramoto_order,
    metastability, upper_triangle,
};

/// The most and the least samples of a stretch that a spectrum is taken of, where the signal has as many.
const LONGEST: usize = 1 << 16;
const SHORTEST: usize = 256;
/// The order of the Butterworth filter that a band is cut out with before phases are taken.
const FILTER_ORDER: usize = 3;

/// The settings of a summary; each says which of them it takes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SummarySettings {
    /// The lowest and the highest frequency that count, Hz.
    pub band: Option<(f64, f64)>,
    /// The level that the signal reaches from below, in its unit.
    pub above: Option<f64>,
    /// The level that the signal reaches from above, in its unit.
    pub below: Option<f64>,
    /// Whether the signal is a phase in radians already, so that none is computed of it.
    pub is_phase: bool,
}

/// A setting that a summary takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A band of frequencies; all frequencies count without it.
    Band,
    /// A band of frequencies, which must be given.
    NeedsBand,
    /// One level, to be reached from below or from above, which must be given.
    NeedsLevel,
}

/// The way in which the numbers of several nodes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// The mean of the nodes that have a number.
    Mean,
    /// The least of the nodes that have a number.
    Least,
    /// The greatest of the nodes that have a number.
    Greatest,
    /// The summary is of all nodes together and has one number anyway.
    Together,
}

/// The unit of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryUnit {
    /// The unit of the signal.
    Signal,
    /// The square of the unit of the signal.
    Squared,
    /// A unit that does not depend on the signal.
    Fixed(&'static str),
}

/// A signal, and when it was sampled.
#[derive(Debug, Clone, Copy)]
pub struct Sampled<'a> {
    /// The samples, shape (time, node).
    pub values: ArrayView2<'a, f64>,
    /// The time of each sample, ms.
    pub times: ArrayView1<'a, f64>,
    /// The time from sample to sample, ms; `None` where that is not the same throughout.
    pub interval: Option<f64>,
}

/// A function that computes a summary: a number for each node, or one for all together.
type Compute = fn(&Sampled, &SummarySettings) -> Result<Vec<f64>, AnalysisError>;

/// A summary that can be asked for by name.
pub struct Summary {
    /// The name.
    pub name: &'static str,
    /// Further names.
    pub aliases: &'static [&'static str],
    /// A line of documentation.
    pub doc: &'static str,
    /// The settings that it takes.
    pub takes: &'static [Takes],
    /// The unit of its numbers.
    pub unit: SummaryUnit,
    /// The way in which the numbers of several nodes become one.
    pub across: Across,
    compute: Compute,
}

impl Summary {
    /// Computes the summary of each node, or the one number of all together.
    ///
    /// # Errors
    /// A signal that is too short or not finite, or not evenly sampled where that is needed; a band that holds no
    /// frequency of the signal.
    pub fn of_nodes(&self, signal: &Sampled, settings: &SummarySettings) -> Result<Vec<f64>, AnalysisError> {
        (self.compute)(signal, settings)
    }

    /// Computes the summary of the signal as a whole, see [`Summary::across`]; NaN where no node has a number.
    ///
    /// # Errors
    /// As [`Summary::of_nodes`].
    pub fn of(&self, signal: &Sampled, settings: &SummarySettings) -> Result<f64, AnalysisError> {
        Ok(self.joined(&self.of_nodes(signal, settings)?))
    }

    /// Makes one number of those of the nodes; NaN where no node has one.
    pub fn joined(&self, nodes: &[f64]) -> f64 {
        let known = nodes.iter().copied().filter(|value| !value.is_nan());
        let joined = match self.across {
            Across::Mean => {
                let (count, sum) = known.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
                (count > 0).then(|| sum / f64::from(count))
            }
            Across::Least => known.reduce(f64::min),
            Across::Greatest => known.reduce(f64::max),
            Across::Together => nodes.first().copied(),
        };
        joined.unwrap_or(f64::NAN)
    }

    /// Returns the summary of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SUMMARIES.iter().find(|summary| summary.name == name || summary.aliases.contains(&name))
    }
}

/// All summaries.
pub static SUMMARIES: &[Summary] = &[
    Summary {
        name: "mean",
        aliases: &[],
        doc: "the mean over time",
        takes: &[],
        unit: SummaryUnit::Signal,
        across: Across::Mean,
        compute: |signal, _| Ok(means(signal.values)),
    },
    Summary {
        name: "deviation",
        aliases: &["std"],
        doc: "the standard deviation over time",
        takes: &[],
        unit: SummaryUnit::Signal,
        across: Across::Mean,
        compute: |signal, _| Ok(deviations(signal.values)),
    },
    Summary {
        name: "minimum",
        aliases: &["min"],
        doc: "the least value",
        takes: &[],
        unit: SummaryUnit::Signal,
        across: Across::Least,
        compute: |signal, _| Ok(extremes(signal.values, f64::INFINITY, f64::min)),
    },
    Summary {
        name: "maximum",
        aliases: &["max"],
        doc: "the greatest value",
        takes: &[],
        unit: SummaryUnit::Signal,
        across: Across::Greatest,
        compute: |signal, _| Ok(extremes(signal.values, f64::NEG_INFINITY, f64::max)),
    },
    Summary {
        name: "last",
        aliases: &["final"],
        doc: "the value at the end of the run",
        takes: &[],
        unit: SummaryUnit::Signal,
        across: Across::Mean,
        compute: |signal, _| {
            needs(signal.values, "a last value", 1)?;
            Ok(signal.values.row(signal.values.nrows() - 1).to_vec())
        },
    },
    Summary {
        name: "peak_frequency",
        aliases: &[],
        doc: "the frequency at which Welch's spectrum has its largest peak, within `band` if given; a node without a peak has none",
        takes: &[Takes::Band],
        unit: SummaryUnit::Fixed("Hz"),
        across: Across::Mean,
        compute: peak_frequencies,
    },
    Summary {
        name: "band_power",
        aliases: &[],
        doc: "the power of Welch's spectrum within `band`: the part of the variance that is there",
        takes: &[Takes::NeedsBand],
        unit: SummaryUnit::Squared,
        across: Across::Mean,
        compute: band_powers,
    },
    Summary {
        name: "order_parameter",
        aliases: &[],
        doc: "the mean over time of the Kuramoto order parameter of the nodes: of their phases where the signal is in rad, otherwise of those of its analytic signal, within `band` if given",
        takes: &[Takes::Band],
        unit: SummaryUnit::Fixed("1"),
        across: Across::Together,
        compute: |signal, settings| {
            let order = order(signal, settings)?;
            Ok(vec![order.mean().unwrap_or(f64::NAN)])
        },
    },
    Summary {
        name: "metastability",
        aliases: &[],
        doc: "the standard deviation over time of that order parameter",
        takes: &[Takes::Band],
        unit: SummaryUnit::Fixed("1"),
        across: Across::Together,
        compute: |signal, settings| {
            let order = order(signal, settings)?;
            Ok(vec![metastability(order.view())?])
        },
    },
    Summary {
        name: "mean_correlation",
        aliases: &[],
        doc: "the mean of the correlations between nodes",
        takes: &[],
        unit: SummaryUnit::Fixed("1"),
        across: Across::Together,
        compute: |signal, _| {
            let fc = functional_connectivity(signal.values)?;
            let pairs = upper_triangle(fc.view(), 1);
            let known: Vec<f64> = pairs.into_iter().filter(|value| !value.is_nan()).collect();
            Ok(vec![known.iter().sum::<f64>() / known.len() as f64])
        },
    },
    Summary {
        name: "first_passage",
        aliases: &[],
        doc: "the time at which the signal first reaches the level `above` from below, or `below` from above; of several nodes, that of the first",
        takes: &[Takes::NeedsLevel],
        unit: SummaryUnit::Fixed("ms"),
        across: Across::Least,
        compute: |signal, settings| Ok(first_passages(signal, settings)),
    },
];

/// Reports a signal that is too short.
fn needs(values: ArrayView2<f64>, purpose: &'static str, needed: usize) -> Result<(), AnalysisError> {
    match values.nrows() {
        given if given < needed => Err(AnalysisError::TooFewSamples { purpose, needed, given }),
        _ => Ok(()),
    }
}

/// Hands each row to `each` as the numbers lie in memory, which compilers make vector instructions of.
fn each_row(values: ArrayView2<f64>, mut each: impl FnMut(&[f64])) {
    let values = values.as_standard_layout();
    values.rows().into_iter().for_each(|row| row.as_slice().into_iter().for_each(&mut each));
}

/// The mean of each node, summed row by row.
fn means(values: ArrayView2<f64>) -> Vec<f64> {
    let mut sums = vec![0.0; values.ncols()];
    each_row(values, |row| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value));
    let count = values.nrows() as f64;
    sums.into_iter().map(|sum| sum / count).collect()
}

/// The numbers of a piece of a record, over which sums about its first row are taken.
const NEAR: usize = 4096;

/// The (population) standard deviation of each node. A record comes from memory once, in pieces: of each piece the sums of the distances from its first
/// row and of their squares, and pieces are joined as Chan, Golub & LeVeque (1983) do. The squares about the first row are at most as many times those
/// about the mean as the piece has rows, so that two digits are lost at most where the one is computed from the other.
fn deviations(values: ArrayView2<f64>) -> Vec<f64> {
    let nodes = values.ncols();
    let (mut mean, mut squares) = (vec![0.0; nodes], vec![0.0; nodes]);
    let (mut sums, mut own) = (vec![0.0; nodes], vec![0.0; nodes]);
    let mut before = 0.0;
    for piece in values.axis_chunks_iter(Axis(0), (NEAR / nodes.max(1)).max(2)) {
        let (here, first) = (piece.nrows() as f64, piece.row(0).to_vec());
        sums.fill(0.0);
        own.fill(0.0);
        each_row(piece, |row| {
            for (((sum, square), value), first) in sums.iter_mut().zip(&mut own).zip(row).zip(&first) {
                let apart = value - first;
                *sum += apart;
                *square += apart * apart;
            }
        });
        let all = before + here;
        let (share, weight) = (here / all, before * here / all);
        for node in 0..nodes {
            let own_mean = first[node] + sums[node] / here;
            let apart = own_mean - mean[node];
            squares[node] += own[node] - sums[node] * sums[node] / here + apart * apart * weight;
            mean[node] += apart * share;
        }
        before = all;
    }
    let count = values.nrows() as f64;
    // Rounding may leave less than nothing, and what is no number stays none.
    squares.into_iter().map(|square| if square < 0.0 { 0.0 } else { (square / count).sqrt() }).collect()
}

/// The least or greatest value of each node; NaN for a signal without samples.
fn extremes(values: ArrayView2<f64>, start: f64, better: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut found = vec![if values.nrows() == 0 { f64::NAN } else { start }; values.ncols()];
    each_row(values, |row| {
        found.iter_mut().zip(row).for_each(|(best, value)| *best = better(*best, *value));
    });
    found
}

/// Returns the time from sample to sample.
fn interval(signal: &Sampled) -> Result<f64, AnalysisError> {
    needs(signal.values, "a spectrum or a phase", 2)?;
    signal.interval.ok_or(AnalysisError::Setting {
        name: "the sampling interval (ms)",
        value: f64::NAN,
        expected: "the same from sample to sample",
    })
}

/// The spectrum of each node, over overlapping halves of the signal.
fn spectrum(signal: &Sampled) -> Result<crate::analysis::PowerSpectrum, AnalysisError> {
    let (dt, rows) = (interval(signal)?, signal.values.nrows());
    Welch::new((rows / 2).clamp(SHORTEST, LONGEST).min(rows)).estimate(signal.values, dt)
}

fn peak_frequencies(signal: &Sampled, settings: &SummarySettings) -> Result<Vec<f64>, AnalysisError> {
    let (low, high) = settings.band.unwrap_or((0.0, f64::INFINITY));
    let peaks = spectrum(signal)?.peaks(low..=high)?;
    Ok(peaks.into_iter().map(|peak| peak.unwrap_or(f64::NAN)).collect())
}

fn band_powers(signal: &Sampled, settings: &SummarySettings) -> Result<Vec<f64>, AnalysisError> {
    let (low, high) = settings.band.unwrap_or((0.0, f64::INFINITY));
    let found = spectrum(signal)?;
    // Finds whether the band holds a frequency.
    found.peak_frequency(low..=high)?;
    let step = found.frequency.get(1).copied().unwrap_or(0.0);
    let inside = |power: ArrayView1<f64>| -> f64 {
        let pairs = found.frequency.iter().zip(power);
        pairs.filter(|(hz, _)| (low..=high).contains(*hz)).map(|(_, power)| power * step).sum()
    };
    Ok(found.power.columns().into_iter().map(inside).collect())
}

/// The order parameter, at each time, of the nodes that vary.
fn order(signal: &Sampled, settings: &SummarySettings) -> Result<Array1<f64>, AnalysisError> {
    if settings.is_phase {
        return kuramoto_order(signal.values);
    }
    let varying = Channels::of(signal.values).varying;
    if varying.is_empty() {
        let purpose = "an order parameter of nodes that vary";
        return Err(AnalysisError::TooFewRegions { purpose, needed: 1, given: 0 });
    }
    let values = signal.values.select(Axis(1), &varying);
    let narrow = match settings.band {
        Some((low, high)) => band_pass(values.view(), low, high, FILTER_ORDER, interval(signal)?)?,
        None => {
            let means = means(values.view());
            let mut values = values;
            values.rows_mut().into_iter().for_each(|row| {
                row.into_iter().zip(&means).for_each(|(value, mean)| *value -= mean);
            });
            values
        }
    };
    analytic_signal(narrow.view())?.order()
}

/// The time at which each node first passes the level; NaN for one that never does. One that begins beyond the level has to come back first.
fn first_passages(signal: &Sampled, settings: &SummarySettings) -> Vec<f64> {
    let passage = |column: ArrayView1<f64>| {
        let is_beyond = |value: f64| match (settings.above, settings.below) {
            (Some(level), _) => value >= level,
            (None, Some(level)) => value <= level,
            (None, None) => false,
        };
        let mut was_within = false;
        for (value, time) in column.iter().zip(signal.times) {
            match is_beyond(*value) {
                true if was_within => return *time,
                true => {}
                false => was_within = true,
            }
        }
        f64::NAN
    };
    signal.values.columns().into_iter().map(passage).collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_1_SQRT_2, TAU};

    use ndarray::Array2;

    use super::*;

    /// Sines of these frequencies (Hz), amplitudes and phases about 2, sampled each ms for 8 s.
    fn sines(parts: &[(f64, f64, f64)]) -> (Array2<f64>, Array1<f64>) {
        let value = |(t, node): (usize, usize)| {
            let (hz, amplitude, phase) = parts[node];
            2.0 + amplitude * (TAU * hz * 1e-3 * t as f64 + phase).sin()
        };
        let times = Array1::from_shape_fn(8000, |t| (t + 1) as f64);
        (Array2::from_shape_fn((8000, parts.len()), value), times)
    }

    #[track_caller]
    fn of(name: &str, (values, times): &(Array2<f64>, Array1<f64>), settings: SummarySettings) -> f64 {
        let signal = Sampled { values: values.view(), times: times.view(), interval: Some(1.0) };
        Summary::named(name).unwrap().of(&signal, &settings).unwrap()
    }

    fn within(low: f64, high: f64) -> SummarySettings {
        SummarySettings { band: Some((low, high)), ..SummarySettings::default() }
    }

    #[track_caller]
    fn assert_near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found}, expected {expected}");
    }

    #[test]
    fn sines_have_the_summaries_that_are_known_of_them() {
        let pair = sines(&[(10.0, 1.0, 0.0), (10.0, 3.0, TAU / 4.0)]);
        let none = SummarySettings::default();
        assert_near(of("mean", &pair, none), 2.0, 1e-12);
        assert_near(of("deviation", &pair, none), 2.0 * FRAC_1_SQRT_2, 1e-12);
        assert_near(of("std", &pair, none), 2.0 * FRAC_1_SQRT_2, 1e-12);
        assert_near(of("minimum", &pair, none), -1.0, 1e-12);
        assert_near(of("maximum", &pair, none), 5.0, 1e-12);
        assert_near(of("last", &pair, none), 0.5 * (pair.0[[7999, 0]] + pair.0[[7999, 1]]), 1e-12);
        assert_near(of("peak_frequency", &pair, none), 10.0, 1e-9);
        // The variance of a sine is half the square of its amplitude; the mean of 1/2 and 9/2.
        assert_near(of("band_power", &pair, within(5.0, 15.0)), 2.5, 1e-3);
        assert_near(of("band_power", &pair, within(20.0, 40.0)), 0.0, 1e-6);
        // A quarter of a cycle apart: |1 + i| / 2.
        assert_near(of("order_parameter", &pair, none), FRAC_1_SQRT_2, 1e-6);
        assert_near(of("metastability", &pair, none), 0.0, 1e-6);
        assert_near(of("mean_correlation", &pair, none), 0.0, 1e-12);
    }

    #[test]
    fn a_deviation_does_not_depend_on_where_the_record_is_cut() {
        for (rows, nodes) in [(1, 1), (4095, 1), (4097, 1), (300, 90), (9000, 3), (5, 5000)] {
            // A drift that is large beside the noise about it, far from zero.
            let value =
                |(t, node): (usize, usize)| 1e3 + 0.01 * t as f64 + ((t * (31 + node)) % 17) as f64 * 1e-3;
            let values = Array2::from_shape_fn((rows, nodes), value);
            for (found, column) in deviations(values.view()).into_iter().zip(values.columns()) {
                assert_near(found, column.std(0.0), 1e-9 * column.std(0.0));
            }
            let across = values.t().to_owned();
            assert_eq!(deviations(across.t()), deviations(values.view()), "whatever the layout is");
        }
        assert!(deviations(Array2::zeros((0, 3)).view()).iter().all(|deviation| deviation.is_nan()));
        let mut values = Array2::from_elem((100, 2), 0.1);
        values[[70, 1]] = f64::NAN;
        let found = deviations(values.view());
        assert!(found[0] == 0.0 && found[1].is_nan(), "{found:?}");
    }

    #[test]
    fn phases_that_drift_apart_are_metastable() {
        // |1 + exp(i delta)| / 2 = |cos(delta/2)| of an evenly drifting difference: mean 2/pi, mean square 1/2.
        let pair = sines(&[(10.0, 1.0, 0.0), (11.0, 1.0, 0.0)]);
        let mean = 4.0 / TAU;
        assert_near(of("order_parameter", &pair, within(5.0, 20.0)), mean, 2e-3);
        assert_near(of("metastability", &pair, within(5.0, 20.0)), (0.5 - mean * mean).sqrt(), 2e-3);
        let phases = Array2::from_shape_fn((8000, 2), |(t, node)| TAU * t as f64 / 8000.0 * node as f64);
        let settings = SummarySettings { is_phase: true, ..SummarySettings::default() };
        assert_near(of("order_parameter", &(phases, pair.1), settings), mean, 1e-6);
    }

    #[test]
    fn a_level_is_passed_when_it_is_reached_from_the_other_side() {
        let values = Array2::from_shape_vec((5, 2), vec![3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.5, 2.0, -1.0]);
        let signal = (values.unwrap(), Array1::from_vec(vec![10.0, 20.0, 30.0, 40.0, 50.0]));
        let at = |above, below| {
            of("first_passage", &signal, SummarySettings { above, below, ..Default::default() })
        };
        assert_eq!(at(Some(1.0), None), 30.0, "the first node begins above it, and comes back at 40");
        assert_eq!(at(Some(1.5), None), 40.0);
        assert_eq!(at(None, Some(0.5)), 20.0);
        assert!(at(Some(9.0), None).is_nan());
    }

    #[test]
    fn what_no_node_has_is_nan_and_what_is_impossible_is_told() {
        let (mut values, times) = sines(&[(10.0, 1.0, 0.0), (10.0, 0.0, 0.0)]);
        let none = SummarySettings::default();
        assert_near(of("peak_frequency", &(values.clone(), times.clone()), none), 10.0, 1e-9);
        values.column_mut(0).fill(1.0);
        assert!(of("peak_frequency", &(values.clone(), times.clone()), none).is_nan());
        let signal = Sampled { values: values.view(), times: times.view(), interval: Some(1.0) };
        let error = |name: &str, settings| Summary::named(name).unwrap().of(&signal, &settings).unwrap_err();
        assert!(error("order_parameter", none).to_string().contains("nodes that vary"));
        assert!(error("band_power", within(900.0, 1000.0)).to_string().contains("band"));
        let uneven = Sampled { interval: None, ..signal };
        let error = Summary::named("peak_frequency").unwrap().of(&uneven, &none).unwrap_err();
        assert!(error.to_string().contains("sampling interval"), "{error}");
    }

    #[test]
    fn every_name_is_that_of_one_summary() {
        let mut names: Vec<&str> = SUMMARIES
            .iter()
            .flat_map(|summary| summary.aliases.iter().chain([&summary.name]))
            .copied()
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
