//! Chaos, decided by the largest Lyapunov exponent.
//!
//! The exponent is the mean rate at which two runs part that begin next to each other (Benettin, Galgani & Strelcyn 1976,
//! doi:10.1103/PhysRevA.14.2338): they are brought together again after each short stretch of time, and the logarithms of what
//! they have parted by are summed. The runs are made with the scheme and the step of the picture. [`brainmass::Simulator::lyapunov_exponent`]
//! is that of a whole network; here all values of a sweep go side by side.

use ndarray::ArrayView1;

use super::course::Course;

/// Two runs are brought together again after this part of the duration of the page's run, or after longer where that were too often.
const STRETCH: f64 = 1.0 / 32.0;
/// The most stretches of an exponent.
const STRETCHES: f64 = 640.0;
/// The parts into which the stretches are divided; the first lets the runs part in the direction that grows most.
const PARTS: usize = 4;
/// The distance of the two runs at the beginning of a stretch, as a part of what the states go through.
const APART: f64 = 1e-7;
/// Chaos has made the distance of two runs grow by this power of e over all parts but the first.
const GROWTH: f64 = 20.0;
/// The distance is watched for these multiples of a time, one after the other, as long as it grows by more than the power of e beside them, and
/// by less than chaos makes it grow. On a cycle it stays of one order, that of its slowest and its fastest turn.
const PATIENCE: [(f64, f64); 3] = [(1.0, 2.0), (4.0, 6.0), (16.0, 12.0)];
/// Chaos has made the distance shrink in no part by more than this power of e, as it does where chaos dies out. It hardly grows while chaos
/// lingers beside a cycle.
const SHRINKS: f64 = 1.0;
/// Runs of the ensemble that statistics of chaos are taken of, and the stretches, as long as the page's run, over which they are.
const RUNS: usize = 8;
const LOOKS: usize = 8;
/// Turning points of a signal that are drawn at a value, about.
const DOTS: usize = 48;

/// The findings about a node in chaos.
#[derive(Debug, Clone, PartialEq)]
pub struct Chaos {
    /// The largest Lyapunov exponent, 1/ms.
    pub exponent: f64,
    /// Local maxima and minima of the signal in one run.
    pub dots: Vec<f64>,
    /// The mean of the signal, over time and an ensemble of runs.
    pub mean: f64,
    /// The standard deviation of the signal, over time and the same ensemble.
    pub deviation: f64,
}

/// The motion of a node, by its largest Lyapunov exponent.
#[derive(Debug, Clone, PartialEq)]
pub enum Motion {
    /// Runs do not part: the exponent is not positive.
    Regular,
    /// Runs part: the exponent is positive.
    Chaotic(Chaos),
    /// Runs part, but not by enough to tell.
    Open,
}

/// Decides for each value how the node that goes on from these states moves, by an exponent over a time of the order of `time` ms.
/// `reach` is what each state goes through.
///
/// # Errors
///
/// A run fails.
pub fn find(
    course: &Course,
    values: &[f64],
    start: &[Vec<f64>],
    reach: &[(f64, f64)],
    time: f64,
) -> Result<Vec<Motion>, String> {
    let scale: Vec<f64> = reach.iter().map(|(low, high)| (high - low).max(1e-9)).collect();
    let mut found = vec![Motion::Open; values.len()];
    let mut exponents = vec![0.0; values.len()];
    let mut chaotic = Vec::new();
    for (longer, cycle) in PATIENCE {
        let places = found
            .iter()
            .enumerate()
            .filter(|(place, motion)| **motion == Motion::Open && !chaotic.contains(place));
        let open: Vec<usize> = places.map(|(place, _)| place).collect();
        if open.is_empty() {
            break;
        }
        let (chosen, start) = chosen(&open, values, start);
        let growths = growths(course, &chosen, &start, &scale, longer * time)?;
        for (place, growth) in open.into_iter().zip(growths) {
            exponents[place] = growth.exponent;
            if growth.power >= GROWTH && growth.least > -SHRINKS {
                chaotic.push(place);
            } else if growth.power < cycle {
                found[place] = Motion::Regular;
            }
        }
    }
    if chaotic.is_empty() {
        return Ok(found);
    }
    let (chosen, start) = chosen(&chaotic, values, start);
    let seen = statistics(course, &chosen, &start, &scale)?;
    for (place, (dots, mean, deviation)) in chaotic.into_iter().zip(seen) {
        found[place] = Motion::Chaotic(Chaos { exponent: exponents[place], dots, mean, deviation });
    }
    Ok(found)
}

/// Some of the values, and the states that their nodes go on from.
fn chosen(places: &[usize], values: &[f64], start: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let values = places.iter().map(|place| values[*place]).collect();
    (values, places.iter().map(|place| start[*place].clone()).collect())
}

/// The growth of the distance between two runs that begin next to each other.
struct Growth {
    /// The power of e by which the distance has grown over all parts but the first.
    power: f64,
    /// The least such power of these parts.
    least: f64,
    /// The power in a ms.
    exponent: f64,
}

/// The growth of the distance between two runs of each node.
fn growths(
    course: &Course,
    values: &[f64],
    start: &[Vec<f64>],
    scale: &[f64],
    time: f64,
) -> Result<Vec<Growth>, String> {
    let twice: Vec<f64> = values.iter().flat_map(|value| [*value, *value]).collect();
    let stretch = (STRETCH * course.circumstances.duration()).max(time / STRETCHES);
    let stretch = (stretch / course.dt).ceil() * course.dt;
    let count = ((time / stretch).ceil() as usize).next_multiple_of(PARTS);
    let mut states: Vec<Vec<f64>> =
        start.iter().flat_map(|states| [states.clone(), states.clone()]).collect();
    for (node, state) in states.iter_mut().skip(1).step_by(2).enumerate() {
        for (index, (x, scale)) in state.iter_mut().zip(scale).enumerate() {
            // Directions of their own, so that no symmetry keeps the two together.
            let sign = if (node + index) % 2 == 0 { 1.0 } else { -1.0 };
            *x += sign * APART * scale;
        }
    }
    let mut growth = vec![[0.0; PARTS]; values.len()];
    for number in 0..count {
        let course_of_all = course.circumstances.advance(&twice, Some(&states), course.dt, stretch);
        states = course_of_all?;
        for (node, pair) in states.chunks_exact_mut(2).enumerate() {
            let [one, other] = pair else { continue };
            let between: Vec<f64> = one.iter().zip(&*other).map(|(a, b)| b - a).collect();
            let parts = between.iter().zip(scale).map(|(between, scale)| (between / scale).powi(2));
            let distance = (parts.sum::<f64>() / scale.len() as f64).sqrt();
            // Runs that are one to the last bit do not part.
            let factor = (distance / APART).max(1e-12);
            growth[node][number * PARTS / count] += factor.ln();
            for ((x, at), (between, scale)) in other.iter_mut().zip(&*one).zip(between.iter().zip(scale)) {
                let moved = if distance > 0.0 { between / factor } else { APART * scale };
                *x = at + moved;
            }
        }
    }
    let counted = stretch * (count - count / PARTS) as f64;
    let summed = |parts: &[f64; PARTS]| {
        let power: f64 = parts[1..].iter().sum();
        let least = parts[1..].iter().copied().fold(f64::INFINITY, f64::min);
        Growth { power, least, exponent: power / counted }
    };
    Ok(growth.iter().map(summed).collect())
}

/// Dots, mean and standard deviation of the signal of each chaotic node.
fn statistics(
    course: &Course,
    values: &[f64],
    start: &[Vec<f64>],
    scale: &[f64],
) -> Result<Vec<(Vec<f64>, f64, f64)>, String> {
    let (own, duration) = (&course.circumstances, course.circumstances.duration());
    let all: Vec<f64> = values.iter().flat_map(|value| [*value; RUNS]).collect();
    let ensemble = start.iter().flat_map(|states| {
        (0..RUNS).map(|run| {
            let moved = |(x, scale): (&f64, &f64)| x + 1e-3 * run as f64 * scale;
            states.iter().zip(scale).map(moved).collect::<Vec<f64>>()
        })
    });
    let parted = own.advance(&all, Some(&ensemble.collect::<Vec<_>>()), course.dt, 2.0 * duration)?;
    let simulator = own.simulator(&all, Some(&parted))?.dt(course.dt).record([course.signal]);
    let mut session = simulator.start().map_err(|error| error.to_string())?;
    let mut seen = vec![(Vec::new(), 0.0, 0.0); values.len()];
    let length = (duration / course.dt).ceil() * course.dt;
    let mut count = 0.0;
    for _ in 0..LOOKS {
        let run = session.run(length).map_err(|error| error.to_string())?;
        let signal = &run[course.signal];
        count += (signal.nrows() * RUNS) as f64;
        for (node, column) in signal.columns().into_iter().enumerate() {
            let (dots, sum, squares) = &mut seen[node / RUNS];
            *sum += column.sum();
            *squares += column.dot(&column);
            if node % RUNS == 0 {
                dots.extend(turns(column));
            }
        }
    }
    let summed = |(dots, sum, squares): (Vec<f64>, f64, f64)| {
        let mean = sum / count;
        (thinned(&dots), mean, (squares / count - mean * mean).max(0.0).sqrt())
    };
    Ok(seen.into_iter().map(summed).collect())
}

/// Some of the dots, from all of the time, with the smallest and the largest.
fn thinned(dots: &[f64]) -> Vec<f64> {
    let low = dots.iter().copied().fold(f64::INFINITY, f64::min);
    let high = dots.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Minima and maxima take turns: an even distance would leave out all of one kind.
    let apart = dots.len().div_ceil(DOTS).max(1) | 1;
    dots.iter().step_by(apart).copied().chain([low, high]).collect()
}

/// The local maxima and minima of a signal.
fn turns(signal: ArrayView1<f64>) -> Vec<f64> {
    let triples = signal.windows(3).into_iter();
    triples
        .filter(|three| (three[1] - three[0]) * (three[2] - three[1]) < 0.0)
        .map(|three| three[1])
        .collect()
}
