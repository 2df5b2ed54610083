//! Fits.

use std::path::PathBuf;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::checkpoint::Checkpoint;
use super::error::FitError;
use super::evaluator::{Evaluator, Found, Problem, Space};
use super::loss::FitLoss;
use super::method::{Draws, Method, NelderMead, Search, Step, need};
use super::outcome::{Fit, Iteration, Progress, Start};
use super::params::Params;

/// Told the progress; the fit stops when it answers `false`.
type Callback<'a> = Box<dyn FnMut(&Progress) -> bool + 'a>;

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
/// The result depends on the seed alone, not on the number of threads: candidates and starts are computed side by side, and are told to the
/// search in their order.
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
    callback: Option<Callback<'a>>,
    checkpoint: Option<(PathBuf, usize)>,
    resume: Option<PathBuf>,
}

impl<'a> Fitter<'a> {
    /// A fit of parameters to a loss: [`NelderMead`], 200 iterations, one start.
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
            callback: None,
            checkpoint: None,
            resume: None,
        }
    }

    /// How to search.
    pub fn method(mut self, method: impl Into<Method>) -> Self {
        self.method = method.into();
        self
    }

    /// How many iterations each start may make.
    pub fn iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self
    }

    /// From how many points to start: the first values of the parameters, and others anywhere between their bounds.
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts;
        self
    }

    /// What candidates and starts are drawn with; 0 if not given.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The fit is over when the loss is no larger than this.
    pub fn target(mut self, loss: f64) -> Self {
        self.target = Some(loss);
        self
    }

    /// A start is over when its best loss has not become smaller by `improvement` in so many iterations.
    pub fn patience(mut self, iterations: usize, improvement: f64) -> Self {
        self.patience = Some((iterations, improvement));
        self
    }

    /// How many threads compute candidates; as many as the machine has if not given.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Told the progress after each iteration of each start; the fit stops, with what was found, when the listener answers `false`.
    pub fn callback(mut self, listener: impl FnMut(&Progress) -> bool + 'a) -> Self {
        self.callback = Some(Box::new(listener));
        self
    }

    /// Writes what was found to a file every so many iterations, and at the end, for [`Fitter::resume`].
    pub fn checkpoint(mut self, path: impl Into<PathBuf>, every: usize) -> Self {
        self.checkpoint = Some((path.into(), every));
        self
    }

    /// Goes on from a file of [`Fitter::checkpoint`]: a fit that was stopped, or that is to have more iterations.
    pub fn resume(mut self, path: impl Into<PathBuf>) -> Self {
        self.resume = Some(path.into());
        self
    }

    /// Searches.
    ///
    /// # Errors
    ///
    /// [`FitError`]: nothing to fit, a value that cannot be one, missing bounds, a method that needs a gradient that there is not; a file
    /// that cannot be read or written; a fit all of whose candidates fail.
    pub fn run(self) -> Result<Fit, FitError> {
        match self.threads {
            None => self.search(),
            Some(threads) => {
                need(threads > 0, "the number of threads", threads, "at least 1 is needed")?;
                let problem = |error: rayon::ThreadPoolBuildError| FitError::Threads {
                    threads,
                    problem: error.to_string(),
                };
                let pool = ThreadPoolBuilder::new().num_threads(threads).build().map_err(problem)?;
                self.search_in(Some(&pool))
            }
        }
    }

    fn search(self) -> Result<Fit, FitError> {
        self.search_in(None)
    }

    /// Checks everything that can be told without computing a loss: the parameters and their bounds, the method, the numbers of iterations
    /// and starts.
    ///
    /// # Errors
    ///
    /// As [`Fitter::run`], but for what only the loss can tell.
    pub fn validate(&self) -> Result<(), FitError> {
        self.params.check()?;
        self.method.check()?;
        need(self.iterations > 0, "the number of iterations", self.iterations, "at least 1 is needed")?;
        need(self.starts > 0, "the number of starts", self.starts, "at least 1 is needed")?;
        if let Some((_, every)) = &self.checkpoint {
            need(*every > 0, "the distance of checkpoints", every, "at least 1 iteration is needed")?;
        }
        if let Some((iterations, _)) = self.patience {
            need(iterations > 0, "the patience", iterations, "at least 1 iteration is needed")?;
        }
        if self.starts > 1 {
            self.params.bounds(SEVERAL_STARTS)?;
        }
        if self.method.needs_bounds() {
            self.params.bounds(self.method.name())?;
        }
        if self.method.needs_gradient() {
            let method = self.method.name();
            self.loss.has_gradient().map_err(|reason| FitError::NoGradient { method, reason })?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), FitError> {
        self.validate()?;
        self.loss.check(&self.params)
    }

    /// The fitted numbers that each start begins with.
    fn beginnings(&self) -> Result<Vec<Vec<f64>>, FitError> {
        let mut all = vec![self.params.flat()];
        if self.starts > 1 {
            let bounds = self.params.bounds(SEVERAL_STARTS)?;
            for start in 1..self.starts {
                let draws = Draws::new(self.seed, FIRST_OF_STARTS - start as u32).uniform(0, 0, bounds.len());
                all.push(
                    bounds.iter().zip(draws).map(|((lower, upper), t)| lower + t * (upper - lower)).collect(),
                );
            }
        }
        Ok(all)
    }

    fn search_in(mut self, pool: Option<&rayon::ThreadPool>) -> Result<Fit, FitError> {
        self.check()?;
        let beginnings = self.beginnings()?;
        let space = match self.method.needs_bounds() {
            true => Space::Box(self.params.bounds(self.method.name())?),
            false => Space::Unconstrained,
        };
        let fingerprint = format!("{:?} {:?} seed {}", self.params, self.method, self.seed);
        let logs: Vec<Vec<Found>> = match &self.resume {
            Some(path) => Checkpoint::load(path, &fingerprint, self.starts)?.starts,
            None => vec![Vec::new(); self.starts],
        };
        let problem = Problem { params: self.params.clone(), loss: self.loss, space };
        let mut lanes: Vec<Lane> = beginnings
            .into_iter()
            .zip(logs)
            .enumerate()
            .map(|(start, (flat, log))| Lane {
                search: self.method.search(
                    problem.encode(&flat),
                    self.params.spreads(),
                    self.seed,
                    start as u32,
                ),
                evaluator: Evaluator::new(&problem, start, log),
                from: flat,
                bests: Vec::new(),
                ended: None,
            })
            .collect();
        let save = |lanes: &[Lane]| -> Result<(), FitError> {
            let Some((path, _)) = &self.checkpoint else { return Ok(()) };
            let starts = lanes.iter().map(|lane| lane.evaluator.log.clone()).collect();
            Checkpoint { fit: fingerprint.clone(), starts }.save(path)
        };

        let mut history = Vec::new();
        let mut ended = None;
        for iteration in 0..self.iterations {
            let replays = lanes.iter().all(|lane| lane.ended.is_some() || lane.evaluator.replays());
            let mut step = || -> Vec<Option<Step>> { lanes.par_iter_mut().map(Lane::step).collect() };
            let steps = match pool {
                Some(pool) => pool.install(step),
                None => step(),
            };
            for (start, step) in steps.into_iter().enumerate() {
                let Some(step) = step else { continue };
                let lane = &mut lanes[start];
                let now = Iteration {
                    start,
                    iteration,
                    loss: step.loss.is_finite().then_some(step.loss),
                    best: lane.evaluator.best.as_ref().map(|(loss, _)| *loss),
                    evaluations: lane.evaluator.count(),
                };
                history.push(now);
                lane.bests.push(now.best.unwrap_or(f64::INFINITY));
                lane.ended = step.over.or_else(|| lane.is_stuck(self.patience));
                if let Some(callback) = self.callback.as_mut().filter(|_| !replays) {
                    let best = best_of(&lanes);
                    let params = best.map(|(_, flat)| problem.params.named(flat));
                    let best = best.map(|(loss, _)| loss);
                    let progress = Progress {
                        now,
                        iterations: self.iterations,
                        starts: self.starts,
                        best,
                        params: params.as_ref(),
                    };
                    if !callback(&progress) {
                        ended.get_or_insert("stopped by the callback");
                    }
                }
            }
            if best_of(&lanes).zip(self.target).is_some_and(|((loss, _), target)| loss <= target) {
                ended.get_or_insert("the loss is small enough");
            }
            if ended.is_some() || lanes.iter().all(|lane| lane.ended.is_some()) {
                break;
            }
            if self.checkpoint.as_ref().is_some_and(|(_, every)| !replays && (iteration + 1) % every == 0) {
                save(&lanes)?;
            }
        }
        save(&lanes)?;
        outcome(&self.params, self.method.name(), lanes, history, ended.unwrap_or("all iterations were made"))
    }
}

/// How messages call a fit that needs bounds to draw its starts between.
const SEVERAL_STARTS: &str = "a fit from several starts";

/// Streams for the starts' first values, far from those of their searches.
const FIRST_OF_STARTS: u32 = u32::MAX;

/// The search of one start.
struct Lane<'p> {
    search: Box<dyn Search>,
    evaluator: Evaluator<'p>,
    from: Vec<f64>,
    /// The best loss after each iteration.
    bests: Vec<f64>,
    ended: Option<String>,
}

impl Lane<'_> {
    fn step(&mut self) -> Option<Step> {
        self.ended.is_none().then(|| self.search.step(&mut self.evaluator))
    }

    fn is_stuck(&self, patience: Option<(usize, f64)>) -> Option<String> {
        let (iterations, improvement) = patience?;
        let before = self.bests[self.bests.len().checked_sub(iterations + 1)?];
        let now = *self.bests.last()?;
        // An infinite loss did not improve on an infinite one.
        let improved = before - now > improvement;
        (!improved).then(|| format!("no improvement in {iterations} iterations"))
    }
}

/// The best loss of all starts, and its fitted numbers.
fn best_of<'l>(lanes: &'l [Lane]) -> Option<(f64, &'l [f64])> {
    let bests = lanes.iter().filter_map(|lane| lane.evaluator.best.as_ref());
    bests.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(loss, flat)| (*loss, &flat[..]))
}

fn outcome(
    params: &Params,
    method: &'static str,
    lanes: Vec<Lane>,
    history: Vec<Iteration>,
    ended: &str,
) -> Result<Fit, FitError> {
    let best = best_of(&lanes).map(|(loss, flat)| (loss, params.named(flat)));
    let starts: Vec<Start> = lanes
        .iter()
        .map(|lane| Start {
            from: params.named(&lane.from),
            loss: lane.evaluator.best.as_ref().map(|(loss, _)| *loss),
            best: lane.evaluator.best.as_ref().map(|(_, flat)| params.named(flat)),
            evaluations: lane.evaluator.count(),
            ended: lane.ended.clone().unwrap_or_else(|| ended.to_owned()),
        })
        .collect();
    let failures: Vec<_> = lanes.into_iter().flat_map(|lane| lane.evaluator.failures).collect();
    match best {
        Some((loss, best)) => {
            Ok(Fit { best, loss, history, starts, failures, method, params: params.clone() })
        }
        None => Err(FitError::EveryCandidateFailed {
            evaluations: failures.len(),
            first: failures
                .first()
                .map_or_else(String::new, |failure| format!("{}: {}", failure.params, failure.problem)),
        }),
    }
}
