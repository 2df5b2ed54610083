//! Evolution with an adapted covariance matrix.

use ndarray::{Array1, Array2};

use super::draws::{CandidateDraws, MOST_CANDIDATES};
use super::search::{Search, SearchStart, SearchStep};
use super::setting::{MethodSetting, setting};
use crate::fit::evaluator::Evaluator;
use crate::fit::symmetric::eigen;
use crate::optimiser::{InvalidSetting, need};

/// CMA-ES: Hansen, "The CMA evolution strategy: a tutorial" (arXiv:1604.00772, 2016), with its constants, and with rank-one and rank-mu
/// updates of positive weights.
///
/// Each generation draws candidates from a normal distribution, moves its mean towards the best of them, and adapts its covariance to the
/// steps that paid. The first mean is the first values.
#[derive(Debug, Clone, PartialEq)]
pub struct CmaEs {
    candidates: Option<usize>,
    sigma: f64,
    tolerance: f64,
}

impl Default for CmaEs {
    fn default() -> Self {
        Self { candidates: None, sigma: 1.0, tolerance: 1e-9 }
    }
}

impl CmaEs {
    pub(super) const SETTINGS: &'static [MethodSetting] = &[
        setting!(
            CmaEs,
            "candidates",
            "4 + 3 ln(n)",
            whole,
            "candidates of a generation",
            |evolution, value| evolution.candidates = Some(value as usize)
        ),
        setting!(
            CmaEs,
            "sigma",
            "1",
            real,
            "first step size, times the scale of each parameter",
            |evolution, value| { evolution.sigma = value }
        ),
        setting!(
            CmaEs,
            "tolerance",
            "1e-9",
            real,
            "the search ends when all candidates lie within this share of the scales",
            |evolution, value| { evolution.tolerance = value }
        ),
    ];

    /// Sets how many candidates a generation has; `4 + 3 ln(n)` for `n` fitted numbers if not given.
    pub fn candidates(mut self, candidates: usize) -> Self {
        self.candidates = Some(candidates);
        self
    }

    /// Sets the first step size, times the scale of each parameter (see [`Param::scale`](crate::fit::Param::scale)); 1 if not given.
    pub fn sigma(mut self, sigma: f64) -> Self {
        self.sigma = sigma;
        self
    }

    /// Ends the search when all candidates lie within this share of the scales; 1e-9 if not given.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let candidates = self.candidates.unwrap_or(4);
        let range = format!("4 to {MOST_CANDIDATES} are allowed");
        need((4..=MOST_CANDIDATES).contains(&candidates), "the number of candidates", candidates, range)?;
        let (sigma, tolerance) = (self.sigma, self.tolerance);
        let allowed = sigma > 0.0 && sigma.is_finite();
        need(allowed, "the first step size", sigma, "a finite number above 0 is needed")?;
        need(tolerance >= 0.0, "the tolerance of the candidates", tolerance, "a number not below 0 is needed")
    }

    pub(super) fn memory_of(&self, n: f64) -> f64 {
        let candidates = self.candidates.map_or(4.0 + 3.0 * n.ln(), |candidates| candidates as f64);
        // The covariance and its eigenvectors, in two copies while it is decomposed; and the candidates.
        4.0 * n * n + 4.0 * candidates * n
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        let SearchStart { from, spreads, seed, start, .. } = start;
        let dimension = from.len();
        Box::new(CmaSearch {
            draws: CandidateDraws::new(seed, start),
            tolerance: self.tolerance,
            constants: Constants::new(dimension, self.candidates),
            origin: Array1::from(from),
            spreads: Array1::from(spreads),
            mean: Array1::zeros(dimension),
            sigma: self.sigma,
            covariance: Array2::eye(dimension),
            axes: Array2::eye(dimension),
            lengths: Array1::ones(dimension),
            path: Array1::zeros(dimension),
            sigma_path: Array1::zeros(dimension),
            generation: 0,
            decomposed: 0,
        })
    }
}

/// The constants of table 1 of the tutorial, by its names.
struct Constants {
    /// Weights of the best candidates, the best first; they sum to 1.
    weights: Vec<f64>,
    candidates: usize,
    mu_eff: f64,
    c_sigma: f64,
    d_sigma: f64,
    c_c: f64,
    c_1: f64,
    c_mu: f64,
    /// The expected length of a standard normal vector.
    chi: f64,
}

impl Constants {
    fn new(dimension: usize, candidates: Option<usize>) -> Self {
        let n = dimension as f64;
        let candidates = candidates.unwrap_or(4 + (3.0 * n.ln()).floor() as usize);
        let parents = candidates / 2;
        let raw: Vec<f64> =
            (1..=parents).map(|rank| ((candidates as f64 + 1.0) / 2.0).ln() - (rank as f64).ln()).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|weight| weight / sum).collect();
        let mu_eff = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
        let c_sigma = (mu_eff + 2.0) / (n + mu_eff + 5.0);
        let d_sigma = 1.0 + 2.0 * (((mu_eff - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma;
        let c_c = (4.0 + mu_eff / n) / (n + 4.0 + 2.0 * mu_eff / n);
        let c_1 = 2.0 / ((n + 1.3).powi(2) + mu_eff);
        let c_mu = (1.0 - c_1).min(2.0 * (0.25 + mu_eff + 1.0 / mu_eff - 2.0) / ((n + 2.0).powi(2) + mu_eff));
        let chi = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
        Self { weights, candidates, mu_eff, c_sigma, d_sigma, c_c, c_1, c_mu, chi }
    }
}

struct CmaSearch {
    draws: CandidateDraws,
    tolerance: f64,
    constants: Constants,
    /// Candidates are `origin + spreads * z`. The distribution below is that of `z`.
    origin: Array1<f64>,
    spreads: Array1<f64>,
    mean: Array1<f64>,
    /// The step size.
    sigma: f64,
    covariance: Array2<f64>,
    /// Eigenvectors of the covariance, as columns.
    axes: Array2<f64>,
    /// The roots of its eigenvalues.
    lengths: Array1<f64>,
    /// The evolution path of the covariance.
    path: Array1<f64>,
    /// The evolution path of the step size.
    sigma_path: Array1<f64>,
    generation: usize,
    /// The generation in which the covariance was decomposed last.
    decomposed: usize,
}

impl Search for CmaSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        self.generation += 1;
        let dimension = self.mean.len();
        let steps: Vec<Array1<f64>> = (0..self.constants.candidates)
            .map(|candidate| {
                let z = Array1::from(self.draws.normal(self.generation, candidate, dimension));
                self.axes.dot(&(z * &self.lengths))
            })
            .collect();
        let candidates: Vec<Vec<f64>> = steps
            .iter()
            .map(|step| (&self.origin + &self.spreads * (&self.mean + step * self.sigma)).to_vec())
            .collect();
        let losses = evaluator.values(&candidates);
        let mut order: Vec<usize> = (0..losses.len()).collect();
        order.sort_by(|a, b| losses[*a].total_cmp(&losses[*b]));
        let best = losses[order[0]];
        if best.is_infinite() {
            // There is nothing to learn from: look nearer to the mean.
            self.sigma *= 0.5;
        } else {
            // Failed candidates say nothing of the direction.
            let parents: Vec<&Array1<f64>> = order
                .iter()
                .filter(|index| losses[**index].is_finite())
                .map(|index| &steps[*index])
                .collect();
            self.update(&parents);
        }
        let width = self.sigma * self.lengths.fold(0.0_f64, |longest, length| longest.max(*length));
        if width <= self.tolerance {
            return SearchStep::last(best, "the candidates agree");
        }
        if !width.is_finite() {
            return SearchStep::last(best, "the step size grew without bounds");
        }
        SearchStep::at(best)
    }
}

impl CmaSearch {
    /// Moves and reshapes the distribution by equations 38 to 47 of the tutorial. `parents` are the steps of the best candidates, the best first.
    fn update(&mut self, parents: &[&Array1<f64>]) {
        let Constants { weights, mu_eff, c_sigma, d_sigma, c_c, c_1, c_mu, chi, .. } = &self.constants;
        let dimension = self.mean.len();
        let weighted = || weights.iter().zip(parents);
        let mut step = Array1::<f64>::zeros(dimension);
        weighted().for_each(|(weight, parent)| step.scaled_add(*weight, parent));
        self.mean.scaled_add(self.sigma, &step);

        let white = self.axes.dot(&(self.axes.t().dot(&step) / &self.lengths));
        self.sigma_path *= 1.0 - c_sigma;
        self.sigma_path.scaled_add((c_sigma * (2.0 - c_sigma) * mu_eff).sqrt(), &white);
        let length = self.sigma_path.dot(&self.sigma_path).sqrt();
        let settled = 1.0 - (1.0 - c_sigma).powi(2 * self.generation.min(1 << 20) as i32);
        let slow = length / settled.sqrt() < (1.4 + 2.0 / (dimension as f64 + 1.0)) * chi;
        self.path *= 1.0 - c_c;
        if slow {
            self.path.scaled_add((c_c * (2.0 - c_c) * mu_eff).sqrt(), &step);
        }

        let lost = if slow { 0.0 } else { c_1 * c_c * (2.0 - c_c) };
        let used: f64 = weighted().map(|(weight, _)| weight).sum();
        self.covariance *= 1.0 + lost - c_1 - c_mu * used;
        let mut add_outer_product = |factor: f64, v: &Array1<f64>| {
            for ((row, column), entry) in self.covariance.indexed_iter_mut() {
                *entry += factor * v[row] * v[column];
            }
        };
        add_outer_product(*c_1, &self.path);
        weights.iter().zip(parents).for_each(|(weight, parent)| add_outer_product(c_mu * weight, parent));
        self.sigma *= ((c_sigma / d_sigma) * (length / chi - 1.0)).min(1.0).exp();

        // A decomposition costs more than a generation, so it is made when the covariance has changed by about a tenth.
        let every = (1.0 / (10.0 * dimension as f64 * (c_1 + c_mu))).max(1.0) as usize;
        if self.generation >= self.decomposed + every {
            self.decomposed = self.generation;
            let (values, vectors) = eigen(self.covariance.view());
            self.lengths = values.mapv(|value| value.max(0.0).sqrt().max(f64::MIN_POSITIVE));
            self.axes = vectors;
        }
    }
}
