//! Covariances of networks with delays or slow vessels, and their derivatives, by integrals over the frequency.
//!
//! Nodes are joined by one signal each, so that everything follows from what a node does with what arrives, at one frequency after the other, and a
//! system as large as there are nodes. The notation: `R` is the resolvent of a node, `b` what arrives, `c` what is sent, `y` what is seen, `K` the
//! matrix of couplings; `T = (1 - K G)^-1 K` with the gains `g = c R b` gives what arrives of what is sent.

use std::f64::consts::PI;

use brainmass_sim::dynamics::Complex64;

use super::bars::Bars;
use super::linear::{Linear, LinearNode};
use super::numbers::NoisyNumbers;
use super::quadrature::{FIRST, Quadrature, integrate};
use crate::linear::{Lu, Matrix};
use crate::response::product;

/// The error of the number of unstable roots that an interval may add.
const COUNTED: f64 = 1e-3;
/// The sum of the magnitudes of a row of `K G` that is small enough at the highest frequency at which roots are counted.
const WEAK: f64 = 0.5;

type Complex = Complex64;
const ZERO: Complex = Complex::new(0.0, 0.0);

/// The reason why there is no covariance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Failure {
    /// So many roots have a positive real part.
    Unstable(usize),
    /// Too many frequencies would be needed: a root is too near to the imaginary axis.
    Marginal,
}

/// A stable network, the covariance of its signals, and the frequencies that serve its integrals.
#[derive(Debug, Clone)]
pub(super) struct Spectral {
    pub covariance: Matrix<f64>,
    nodes: Vec<(f64, f64)>,
}

impl Spectral {
    /// Integrates the spectra of a network, until the correlations have an error of about `tolerance`.
    pub fn new(linear: &Linear, numbers: &NoisyNumbers, tolerance: f64) -> Result<Self, Failure> {
        let count = linear.nodes.len();
        let entries = count * (count + 1) / 2;
        let diagonal = |k: usize| k * (k + 1) / 2 + k;
        let mut middle = linear.nodes.iter().map(fastest).fold(f64::MIN_POSITIVE, f64::max);
        // No root with a positive real part is farther from 0 than this, once what goes around in the network is weak there.
        let mut outermost = At::new(linear, numbers, highest(middle));
        while outermost.strongest() > WEAK {
            middle *= 2.0;
            outermost = At::new(linear, numbers, highest(middle));
        }
        let end = highest(middle);
        let spectra = |frequency: f64, slope: f64, sums: &mut [f64]| {
            let at = At::new(linear, numbers, frequency);
            let (spectra, trace) = sums.split_at_mut(entries);
            at.add_spectra(numbers, slope / PI, spectra);
            if frequency < end {
                trace[0] += slope / PI * at.trace(linear, numbers);
            }
        };
        let is_fine = |total: &[f64], error: &dyn Fn(usize) -> f64| {
            let size: Vec<f64> = (0..count).map(|k| total[diagonal(k)].max(0.0).sqrt()).collect();
            let mut places = (0..count).flat_map(|k| (0..=k).map(move |l| (k, l))).enumerate();
            error(entries) <= COUNTED
                && places.all(|(place, (k, l))| error(place) <= tolerance * size[k] * size[l])
        };
        let Some(Quadrature { nodes, integral }) = integrate(middle, spectra, entries + 1, is_fine) else {
            return Err(Failure::Marginal);
        };
        // The angle through which the determinant of the characteristic matrix turns from 0 up to the end, and from there on.
        let states = (count * linear.nodes[0].port.len()) as f64;
        let unstable = (0.5 * states - integral[entries] + outermost.rest() / PI).round();
        if unstable != 0.0 {
            // No number of roots is below zero: the integral passes too near to one.
            return Err(if unstable > 0.0 {
                Failure::Unstable(unstable as usize)
            } else {
                Failure::Marginal
            });
        }
        let mut covariance = Matrix::zeros(count, count);
        for k in 0..count {
            for l in 0..=k {
                covariance[(k, l)] = integral[k * (k + 1) / 2 + l];
                covariance[(l, k)] = covariance[(k, l)];
            }
        }
        Ok(Self { covariance, nodes })
    }

    /// The derivatives of a number by all entries, from those by the covariance of the signals, which are symmetric.
    pub fn bars(&self, linear: &Linear, numbers: &NoisyNumbers, of_signals: &Matrix<f64>) -> Bars {
        let mut bars = Bars::zeros(linear);
        let of_signals = of_signals.shifted(ZERO);
        for (frequency, weight) in &self.nodes {
            let at = At::new(linear, numbers, *frequency);
            at.add_bars(linear, numbers, &of_signals, weight / PI, &mut bars);
        }
        bars
    }
}

/// The highest frequency at which roots are counted: where the last of the first intervals of the quadrature begins.
fn highest(middle: f64) -> f64 {
    middle * (FIRST - 1) as f64
}

/// A bound of the rates of a node by itself, delayed states included.
fn fastest(node: &LinearNode) -> f64 {
    let n = node.port.len();
    let mut sizes = Matrix::zeros(n, n);
    for row in 0..n {
        for column in 0..n {
            sizes[(row, column)] += node.present[row * n + column].value.abs();
        }
        for (_, state, column) in &node.delayed {
            sizes[(row, *state)] += column[row].value.abs();
        }
    }
    sizes.largest_rate()
}

/// A node at a frequency.
struct NodeAt {
    /// The resolvent, row by row.
    resolvent: Vec<Complex>,
    /// The row of what is seen, `y R`.
    seen: Vec<Complex>,
    /// The row of what is sent, `c R`.
    sent: Vec<Complex>,
    /// The column of what arrives, `R b`.
    port: Vec<Complex>,
    /// The gain from what arrives to what is sent, `c R b`.
    gain: Complex,
    /// The gain from what arrives to what is seen, `y R b`.
    shown: Complex,
    /// The determinant of the characteristic matrix, divided by that of the rate alone.
    determinant: Complex,
    /// The trace of the resolvent times the derivative of the characteristic matrix.
    trace: Complex,
    /// The product `c R E R b` with that derivative, `E`.
    turned: Complex,
}

/// The network at a frequency.
struct At {
    /// The frequency in rad/ms.
    frequency: f64,
    nodes: Vec<NodeAt>,
    /// The couplings with the phases of their delays, a number an edge.
    phases: Vec<Complex>,
    /// `K`, row by row.
    couplings: Matrix<Complex>,
    /// `T`, row by row.
    arriving: Matrix<Complex>,
    /// The angles of the pivots of `1 - K G`, added.
    angle: f64,
}

fn dot(a: &[Complex], b: &[f64]) -> Complex {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn values(entries: &[super::dual::Dual]) -> Vec<f64> {
    entries.iter().map(|entry| entry.value).collect()
}

impl NodeAt {
    fn new(node: &LinearNode, frequency: f64) -> Self {
        let n = node.port.len();
        let s = Complex::new(0.0, frequency);
        let (port, sent, seen) = (values(&node.port), values(&node.sent), values(&node.seen));
        let mut characteristic = Matrix::zeros(n, n);
        for row in 0..n {
            for column in 0..n {
                characteristic[(row, column)] = Complex::new(-node.present[row * n + column].value, 0.0);
            }
            characteristic[(row, row)] += s;
        }
        let mut slope: Vec<Complex> = vec![ZERO; n * n];
        (0..n).for_each(|i| slope[i * n + i] = Complex::new(1.0, 0.0));
        for (delay, state, column) in &node.delayed {
            let phase = (-s * *delay).exp();
            for row in 0..n {
                characteristic[(row, *state)] -= phase * column[row].value;
                slope[row * n + state] += phase * (*delay * column[row].value);
            }
        }
        let lu = Lu::new(characteristic);
        let mut resolvent = vec![ZERO; n * n];
        for column in 0..n {
            let mut unit = vec![ZERO; n];
            unit[column] = Complex::new(1.0, 0.0);
            for (row, entry) in lu.solve(&unit).into_iter().enumerate() {
                resolvent[row * n + column] = entry;
            }
        }
        let row_of = |weights: &[f64]| -> Vec<Complex> {
            (0..n).map(|column| (0..n).map(|row| resolvent[row * n + column] * weights[row]).sum()).collect()
        };
        let (row_seen, row_sent) = (row_of(&seen), row_of(&sent));
        let column_port: Vec<Complex> = resolvent.chunks(n).map(|row| dot(row, &port)).collect();
        let mut trace = ZERO;
        let mut turned = ZERO;
        for row in 0..n {
            for column in 0..n {
                trace += resolvent[column * n + row] * slope[row * n + column];
                turned += row_sent[row] * slope[row * n + column] * column_port[column];
            }
        }
        Self {
            gain: dot(&column_port, &sent),
            shown: dot(&column_port, &seen),
            seen: row_seen,
            sent: row_sent,
            port: column_port,
            determinant: lu.pivots().map(|pivot| pivot / s).product::<Complex>() * lu.parity(),
            resolvent,
            trace,
            turned,
        }
    }
}

impl At {
    fn new(linear: &Linear, numbers: &NoisyNumbers, frequency: f64) -> Self {
        let count = linear.nodes.len();
        let nodes: Vec<NodeAt> = linear.nodes.iter().map(|node| NodeAt::new(node, frequency)).collect();
        let mut couplings: Matrix<Complex> = Matrix::zeros(count, count);
        let phase = |delay: f64| Complex::new(0.0, -frequency * delay).exp();
        let phases: Vec<Complex> = numbers.edges.iter().map(|edge| phase(edge.delay)).collect();
        for ((edge, phase), coupling) in numbers.edges.iter().zip(&phases).zip(&linear.couplings) {
            couplings[(edge.target, edge.source)] += phase * coupling.value;
        }
        let mut matrix = Matrix::zeros(count, count);
        for row in 0..count {
            for column in 0..count {
                matrix[(row, column)] = -couplings[(row, column)] * nodes[column].gain;
            }
            matrix[(row, row)] += Complex::new(1.0, 0.0);
        }
        let lu = Lu::new(matrix);
        let mut arriving = Matrix::zeros(count, count);
        for column in 0..count {
            let right: Vec<Complex> = (0..count).map(|row| couplings[(row, column)]).collect();
            for (row, entry) in lu.solve(&right).into_iter().enumerate() {
                arriving[(row, column)] = entry;
            }
        }
        let angle = lu.pivots().map(|pivot| pivot.arg()).sum();
        Self { frequency, nodes, phases, couplings, arriving, angle }
    }

    /// The largest sum of magnitudes of a row of `K G`.
    fn strongest(&self) -> f64 {
        let sum = |row: usize| -> f64 {
            let gains = self.couplings.row(row).iter().zip(&self.nodes);
            gains.map(|(coupling, node)| (coupling * node.gain).norm()).sum()
        };
        (0..self.nodes.len()).map(sum).fold(0.0, f64::max)
    }

    /// The angle by which the determinant of the characteristic matrix is away from that of the rate alone, which it comes to at high frequencies.
    fn rest(&self) -> f64 {
        self.angle + self.nodes.iter().map(|node| node.determinant.arg()).sum::<f64>()
    }

    /// Adds the real parts of the cross-spectra of the signals, row by row up to the diagonal, times a weight.
    fn add_spectra(&self, numbers: &NoisyNumbers, weight: f64, sums: &mut [f64]) {
        let count = self.nodes.len();
        let power = |node: usize, a: &[Complex], b: &[Complex]| -> Complex {
            let sigma = &numbers.sigma[node];
            a.iter().zip(b).zip(sigma).map(|((a, b), sigma)| a * b.conj() * (sigma * sigma)).sum()
        };
        let of_node = |node: usize| &self.nodes[node];
        let sent: Vec<f64> = (0..count)
            .map(|node| power(node, &of_node(node).sent, &of_node(node).sent).re.max(0.0).sqrt())
            .collect();
        let both: Vec<Complex> =
            (0..count).map(|node| power(node, &of_node(node).sent, &of_node(node).seen)).collect();
        // What is seen of what all nodes send, as real rows: real parts, then imaginary ones.
        let through: Vec<Vec<f64>> = (0..count)
            .map(|row| {
                let entries: Vec<Complex> = (0..count)
                    .map(|column| of_node(row).shown * self.arriving[(row, column)] * sent[column])
                    .collect();
                entries.iter().map(|x| x.re).chain(entries.iter().map(|x| x.im)).collect()
            })
            .collect();
        let mut place = 0;
        for k in 0..count {
            for l in 0..=k {
                let mut sum = crate::linear::dot(&through[k], &through[l]);
                sum += (of_node(l).shown * self.arriving[(l, k)] * both[k]).re;
                sum += (of_node(k).shown * self.arriving[(k, l)] * both[l]).re;
                if k == l {
                    sum += power(k, &of_node(k).seen, &of_node(k).seen).re;
                }
                sums[place] += weight * sum;
                place += 1;
            }
        }
    }

    /// The trace of the inverse characteristic matrix times its derivative, whose integral counts the unstable roots.
    fn trace(&self, linear: &Linear, numbers: &NoisyNumbers) -> f64 {
        let mut sum = ZERO;
        for (index, node) in self.nodes.iter().enumerate() {
            sum += node.trace + self.arriving[(index, index)] * node.turned;
        }
        for ((edge, phase), coupling) in numbers.edges.iter().zip(&self.phases).zip(&linear.couplings) {
            let (target, source) = (&self.nodes[edge.target], &self.nodes[edge.source]);
            let mut back = source.gain * self.arriving[(edge.source, edge.target)] * target.gain;
            if edge.source == edge.target {
                back += source.gain;
            }
            sum += phase * (edge.delay * coupling.value) * back;
        }
        sum.re
    }

    /// Adds the derivatives of a number by all entries, from those by the covariance of the signals, times a weight.
    fn add_bars(
        &self,
        linear: &Linear,
        numbers: &NoisyNumbers,
        of_signals: &Matrix<Complex>,
        weight: f64,
        bars: &mut Bars,
    ) {
        let count = self.nodes.len();
        let n = linear.nodes[0].port.len();
        let square = |node: usize, state: usize| numbers.sigma[node][state] * numbers.sigma[node][state];
        let transfer = |k: usize, j: usize| self.nodes[k].shown * self.arriving[(k, j)];
        // What arrives of the noise that is seen: T M with M = c R Q H*.
        let mut sent_seen = Matrix::zeros(count, count);
        for (j, node) in self.nodes.iter().enumerate() {
            let own: f64 =
                node.sent.iter().enumerate().map(|(state, entry)| entry.norm_sqr() * square(j, state)).sum();
            for k in 0..count {
                sent_seen[(j, k)] = transfer(k, j).conj() * own;
            }
            let both: Complex = node
                .sent
                .iter()
                .zip(&node.seen)
                .enumerate()
                .map(|(state, (a, b))| a * b.conj() * square(j, state))
                .sum();
            sent_seen[(j, j)] += both;
        }
        let arrived = product(&self.arriving, &sent_seen);
        // What is seen, back to where it comes from: V = Y h T.
        let mut shown = self.arriving.clone();
        for (k, node) in self.nodes.iter().enumerate() {
            shown.row_mut(k).iter_mut().for_each(|entry| *entry *= node.shown);
        }
        let back = product(of_signals, &shown);
        // Of each node: the response X of its states to noise that is seen, and W, the weights of all of its states in what is seen.
        let responses: Vec<Matrix<Complex>> =
            (0..count).map(|i| self.response(i, numbers, &arrived, n)).collect();
        let weights: Vec<Matrix<Complex>> = (0..count)
            .map(|j| {
                let node = &self.nodes[j];
                let mut result = Matrix::zeros(count, n);
                for k in 0..count {
                    for (state, entry) in result.row_mut(k).iter_mut().enumerate() {
                        *entry = of_signals[(k, j)] * node.seen[state] + back[(k, j)] * node.sent[state];
                    }
                }
                result
            })
            .collect();
        let mut sent = Matrix::zeros(count, count);
        let mut fed = Matrix::zeros(count, count);
        for (index, node) in linear.nodes.iter().enumerate() {
            for k in 0..count {
                sent[(index, k)] = (0..n).map(|a| responses[index][(a, k)] * node.sent[a].value).sum();
                fed[(k, index)] = (0..n).map(|a| weights[index][(k, a)] * node.port[a].value).sum();
            }
        }
        let arriving_sent = product(&self.couplings, &sent);
        let fed_back = product(&fed, &self.couplings);
        let ends = product(&sent, &fed);
        for (index, bars) in bars.nodes.iter_mut().enumerate() {
            let (own, weighted) = (&responses[index], &weights[index]);
            // The derivative by the entry (a, b) is twice the real part of the sum over k of X[b, k] W[k, a].
            let entry = |a: usize, b: usize| -> Complex {
                own.row(b).iter().enumerate().map(|(k, x)| x * weighted[(k, a)]).sum()
            };
            for a in 0..n {
                for b in 0..n {
                    bars.present[a * n + b] += 2.0 * weight * entry(a, b).re;
                }
                for (bars, (delay, state, _)) in bars.delayed.iter_mut().zip(&linear.nodes[index].delayed) {
                    let phase = Complex::new(0.0, -self.frequency * *delay).exp();
                    bars[a] += 2.0 * weight * (phase * entry(a, *state)).re;
                }
                let by_port: Complex = (0..count).map(|k| arriving_sent[(index, k)] * weighted[(k, a)]).sum();
                bars.port[a] += 2.0 * weight * by_port.re;
                let by_sent: Complex = (0..count).map(|k| own[(a, k)] * fed_back[(k, index)]).sum();
                bars.sent[a] += 2.0 * weight * by_sent.re;
                let by_seen: Complex = (0..count).map(|k| own[(a, k)] * of_signals[(k, index)]).sum();
                bars.seen[a] += 2.0 * weight * by_seen.re;
            }
            let node = &self.nodes[index];
            for a in 0..n {
                // H* Y H at the state itself.
                let power: Complex = (0..count)
                    .map(|k| {
                        let mut seen = transfer(k, index) * node.sent[a];
                        if k == index {
                            seen += node.seen[a];
                        }
                        seen.conj() * weighted[(k, a)]
                    })
                    .sum();
                bars.power[a] += weight * power.re;
            }
        }
        for (index, (edge, phase)) in numbers.edges.iter().zip(&self.phases).enumerate() {
            bars.couplings[index] += 2.0 * weight * (phase * ends[(edge.source, edge.target)]).re;
        }
    }

    /// The response of the states of a node to the noise that each node shows, a column each.
    fn response(
        &self,
        index: usize,
        numbers: &NoisyNumbers,
        arrived: &Matrix<Complex>,
        n: usize,
    ) -> Matrix<Complex> {
        let count = self.nodes.len();
        let node = &self.nodes[index];
        let sigma = &numbers.sigma[index];
        let mut result = Matrix::zeros(n, count);
        for a in 0..n {
            // Along k: R Q (H_k)*, whose row is what k shows of the noise of this node.
            let row = &node.resolvent[a * n..(a + 1) * n];
            let of_sent: Complex = (0..n).map(|b| row[b] * node.sent[b].conj() * (sigma[b] * sigma[b])).sum();
            let of_seen: Complex = (0..n).map(|b| row[b] * node.seen[b].conj() * (sigma[b] * sigma[b])).sum();
            for k in 0..count {
                let through = (self.nodes[k].shown * self.arriving[(k, index)]).conj();
                result[(a, k)] = of_sent * through + node.port[a] * arrived[(index, k)];
            }
            result[(a, index)] += of_seen;
        }
        result
    }
}
