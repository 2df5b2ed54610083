//! The settings of a fit, and their check.

use std::path::{Path, PathBuf};

use rayon::ThreadPoolBuilder;

use super::error::FitError;
use super::loss::FitLoss;
use super::method::{CandidateDraws, Method, NelderMead, without_gradient};
use super::outcome::{Fit, FitProgress};
use super::params::Params;
use super::search::{Listener, Plan, search_from_all_starts};
use crate::optimiser::need;
use brainmass_data::io::check_outputs;
use brainmass_sim::simulator::Fingerprint;

/// Starts that a fit may have at most.
pub const MAX_STARTS: usize = 100_000;

/// Threads that a fit may have at most.
pub const MAX_THREADS: usize = 1024;

/// Memory that the searches of a fit may take unless another limit is given, bytes: 4 GiB.
pub const DEFAULT_SEARCH_MEMORY: usize = 4 << 30;

/// A search for the parameters with the smallest loss.
///
/// ```
/// use brainmass::fit::{CmaEs, Fitter, Param, ParamValues, Params};
///
/// let params = Params::new().with("x", Param::new(-1.0)).with("y", Param::new(2.0));
/// let rosenbrock = |params: &ParamValues| {
///     let (x, y) = (params.scalar("x"), params.scalar("y"));
///     Ok((1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2))
/// };
/// let fit = Fitter::new(params, rosenbrock).method(CmaEs::default()).iterations(500).seed(1).run()?;
/// assert!((fit.best.scalar("x") - 1.0).abs() < 1e-4);
/// # Ok::<(), brainmass::fit::FitError>(())
/// ```
///
/// The result depends on the seed and not on the number of threads: candidates and starts are computed side by side, and the search is told
/// their losses in their order.
pub struct Fitter<'a> {
    params: Params,
    loss: Box<dyn FitLoss + Send + 'a>,
    method: Method,
    iterations: usize,
    starts: usize,
    seed: u64,
    target: Option<f64>,
    patience: Option<(usize, f64)>,
    threads: Option<usize>,
    memory: usize,
    listener: Option<Listener<'a>>,
    checkpoint: Option<(PathBuf, usize)>,
    resume: Option<PathBuf>,
}

impl<'a> Fitter<'a> {
    /// Creates a fit of parameters to a loss: by [`NelderMead`], with at most 200 iterations, from one start.
    pub fn new(params: Params, loss: impl FitLoss + Send + 'a) -> Self {
        Self {
            params,
            loss: Box::new(loss),
            method: NelderMead::default().into(),
            iterations: 200,
            starts: 1,
            seed: 0,
            target: None,
            patience: None,
            threads: None,
            memory: DEFAULT_SEARCH_MEMORY,
            listener: None,
            checkpoint: None,
            resume: None,
        }
    }

    /// Sets the search method.
    pub fn method(mut self, method: impl Into<Method>) -> Self {
        self.method = method.into();
        self
    }

    /// Sets how many iterations each start may make.
    pub fn iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self
    }

    /// Sets from how many points to start, 1 to [`MAX_STARTS`]: the first values of the parameters, and others anywhere between their bounds.
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts;
        self
    }

    /// Sets the seed of the random candidates and starts; 0 if not given.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Ends the fit when the loss is no larger than this.
    pub fn target(mut self, loss: f64) -> Self {
        self.target = Some(loss);
        self
    }

    /// Ends a start when its best loss has not become smaller by more than `improvement` in so many iterations.
    pub fn patience(mut self, iterations: usize, improvement: f64) -> Self {
        self.patience = Some((iterations, improvement));
        self
    }

    /// Sets how many threads compute candidates, 1 to [`MAX_THREADS`]; as many as the machine has if not given.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets how much memory the searches may take, in bytes; [`DEFAULT_SEARCH_MEMORY`] if not given. The simulations themselves, the history
    /// and the log come on top.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Reports the progress after each iteration of each start. The fit stops, with what was found, when the listener answers `false`.
    pub fn callback(mut self, listener: impl FnMut(&FitProgress) -> bool + 'a) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Writes what was found to a file after every so many iterations, and at the end, for [`Fitter::resume`].
    ///
    /// The file is replaced as a whole. Where it cannot be written the fit goes on, and says so in [`Fit::warnings`].
    pub fn checkpoint(mut self, path: impl Into<PathBuf>, every: usize) -> Self {
        self.checkpoint = Some((path.into(), every));
        self
    }

    /// Goes on from a file of [`Fitter::checkpoint`]: a fit that was stopped, or that is to have more iterations. The file of another fit is
    /// refused: parameters, method, seed, number of starts, simulation, objective and target must be the same.
    pub fn resume(mut self, path: impl Into<PathBuf>) -> Self {
        self.resume = Some(path.into());
        self
    }

    /// Searches.
    ///
    /// # Errors
    ///
    /// [`FitError`]: nothing to fit, a value or a setting out of its range, missing bounds, a method that needs a gradient where there is
    /// none, too little memory; a checkpoint that belongs to another fit, is damaged, or lies in a folder that does not exist; a fit all of
    /// whose candidates fail.
    pub fn run(mut self) -> Result<Fit, FitError> {
        self.method = self.method.resolved(self.iterations);
        self.validate()?;
        // Last, since it runs the simulation.
        self.loss.check(&self.params)?;
        let pool = match self.threads {
            None => None,
            Some(threads) => {
                let problem = |error: rayon::ThreadPoolBuildError| FitError::Threads {
                    threads,
                    problem: error.to_string(),
                };
                Some(ThreadPoolBuilder::new().num_threads(threads).build().map_err(problem)?)
            }
        };
        let beginnings = self.beginnings()?;
        let fingerprint = self.fingerprint();
        let Self { params, loss, method, iterations, seed, target, patience, listener, .. } = self;
        let plan = Plan {
            params,
            method,
            beginnings,
            iterations,
            seed,
            target,
            patience,
            fingerprint,
            checkpoint: self.checkpoint,
            resume: self.resume,
        };
        search_from_all_starts(plan, loss, listener, pool.as_ref())
    }

    /// Checks everything that can be told without computing a loss: the parameters and their bounds, the method, the numbers of iterations
    /// and starts, the memory.
    ///
    /// # Errors
    ///
    /// Whatever [`Fitter::run`] would refuse, but for what only the loss can tell.
    pub fn validate(&self) -> Result<(), FitError> {
        self.params.check()?;
        self.method.check()?;
        need(self.iterations > 0, "the number of iterations", self.iterations, "at least 1 is needed")?;
        let (starts, range) = (self.starts, format!("1 to {MAX_STARTS} are allowed"));
        need((1..=MAX_STARTS).contains(&starts), "the number of starts", starts, range)?;
        if let Some(threads) = self.threads {
            let range = format!("1 to {MAX_THREADS} are allowed");
            need((1..=MAX_THREADS).contains(&threads), "the number of threads", threads, range)?;
        }
        if let Some((_, every)) = &self.checkpoint {
            need(*every > 0, "the distance of checkpoints", every, "at least 1 iteration is needed")?;
        }
        if let Some((iterations, improvement)) = self.patience {
            need(iterations > 0, "the patience", iterations, "at least 1 iteration is needed")?;
            let allowed = improvement.is_finite();
            need(allowed, "the improvement that ends a start", improvement, "a finite number is needed")?;
        }
        if let Some(target) = self.target {
            need(!target.is_nan(), "the loss that ends the fit", target, "a number is needed")?;
        }
        self.check_memory()?;
        if let Some((path, _)) = &self.checkpoint {
            // Going on in the same file is what checkpoints are for, so what is resumed is no input here.
            check_outputs::<&Path, _>(&[], &[path])?;
        }
        if self.method.needs_gradient() {
            let (method, others) = (self.method.name(), without_gradient());
            self.loss.has_gradient().map_err(|reason| FitError::NoGradient { method, reason, others })?;
        }
        if self.method.needs_bounds() {
            self.params.bounds(self.method.name())?;
        }
        if self.starts > 1 {
            self.params.bounds(SEVERAL_STARTS)?;
        }
        Ok(())
    }

    fn check_memory(&self) -> Result<(), FitError> {
        const MIB: f64 = (1 << 20) as f64;
        let dimension = self.params.dimension();
        let bytes = 8.0 * self.method.memory(dimension) * self.starts as f64;
        if bytes <= self.memory as f64 {
            return Ok(());
        }
        Err(FitError::Memory {
            method: self.method.name(),
            starts: self.starts,
            dimension,
            needed: (bytes / MIB).ceil(),
            allowed: self.memory >> 20,
        })
    }

    /// Returns the fitted numbers that each start begins with.
    fn beginnings(&self) -> Result<Vec<Vec<f64>>, FitError> {
        let mut all = vec![self.params.flat()];
        if self.starts > 1 {
            let bounds = self.params.bounds(SEVERAL_STARTS)?;
            for start in 1..self.starts {
                let draws = CandidateDraws::new(self.seed, FIRST_OF_STARTS - start as u32);
                let draws = draws.uniform(0, 0, bounds.len());
                let between = |((lower, upper), t): (&(f64, f64), f64)| lower + t * (upper - lower);
                all.push(bounds.iter().zip(draws).map(between).collect());
            }
        }
        Ok(all)
    }

    /// Describes everything that the losses and the candidates of the fit depend on. What may be changed when a fit is resumed is left out:
    /// the number of iterations, and what ends the fit.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut all = self.loss.fingerprint();
        all.add("version of brainmass", env!("CARGO_PKG_VERSION"));
        all.add("search method", format!("{:?}", self.method));
        all.add("seed of the fit", self.seed.to_string());
        all.add("starts", self.starts.to_string());
        for (name, param) in self.params.iter() {
            all.add(format!("fitted {name}"), param.describe());
        }
        all.add(
            "order of the parameters",
            self.params.iter().map(|(name, _)| name).collect::<Vec<_>>().join(", "),
        );
        all
    }
}

/// The words by which messages call a fit that needs bounds to draw its starts between.
const SEVERAL_STARTS: &str = "a fit from several starts";

/// The random streams of the first values of starts are counted down from here, far from those of the searches.
const FIRST_OF_STARTS: u32 = u32::MAX;
