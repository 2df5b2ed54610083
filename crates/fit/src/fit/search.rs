//! The loop of a fit: all starts, iteration by iteration.

use std::path::PathBuf;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::checkpoint;
use super::error::FitError;
use super::evaluator::{Evaluator, Found, SearchProblem, SearchSpace};
use super::loss::FitLoss;
use super::method::{Method, Search, SearchStart, SearchStep};
use super::outcome::{Fit, FitProgress, Iteration, Start};
use super::params::Params;
use brainmass_sim::simulator::Fingerprint;

/// Told the progress; the fit stops when it answers `false`.
pub(super) type Listener<'a> = Box<dyn FnMut(&FitProgress) -> bool + 'a>;

/// A fit whose settings have been checked.
pub(super) struct Plan {
    pub params: Params,
    pub method: Method,
    /// The fitted numbers that each start begins with.
    pub beginnings: Vec<Vec<f64>>,
    pub iterations: usize,
    pub seed: u64,
    /// The loss that ends the fit.
    pub target: Option<f64>,
    /// Iterations, and the improvement that they must bring.
    pub patience: Option<(usize, f64)>,
    pub fingerprint: Fingerprint,
    pub checkpoint: Option<(PathBuf, usize)>,
    pub resume: Option<PathBuf>,
}

/// The search of one start.
struct StartSearch<'p> {
    search: Box<dyn Search>,
    evaluator: Evaluator<'p>,
    /// The fitted numbers that it began with.
    from: Vec<f64>,
    /// The best loss after each iteration.
    bests: Vec<f64>,
    /// Why it is over, if it is.
    ended: Option<String>,
}

/// Searches from all starts, on the threads of a pool or of the program.
pub(super) fn search_from_all_starts(
    plan: Plan,
    loss: Box<dyn FitLoss + Send + '_>,
    listener: Option<Listener>,
    pool: Option<&ThreadPool>,
) -> Result<Fit, FitError> {
    let space = match plan.method.needs_bounds() {
        true => SearchSpace::Box(plan.params.bounds(plan.method.name())?),
        false => SearchSpace::Unconstrained,
    };
    let logs = match &plan.resume {
        Some(path) => {
            let (starts, dimension) = (plan.beginnings.len(), plan.params.dimension());
            checkpoint::load(path, &plan.fingerprint, starts, dimension, plan.method.needs_gradient())?
        }
        None => vec![Vec::new(); plan.beginnings.len()],
    };
    let problem = SearchProblem { params: plan.params.clone(), loss, space };
    let starts = begin(&plan, &problem, logs);
    let mut fit = FitLoop {
        plan: &plan,
        problem: &problem,
        starts,
        history: Vec::new(),
        warnings: Vec::new(),
        listener,
    };
    let ended = fit.iterate(pool)?;
    fit.finish(ended.unwrap_or("all iterations were made"))
}

fn begin<'p>(plan: &Plan, problem: &'p SearchProblem<'p>, logs: Vec<Vec<Found>>) -> Vec<StartSearch<'p>> {
    let both = plan.beginnings.iter().zip(logs).enumerate();
    let begin = |(start, (from, log)): (usize, (&Vec<f64>, Vec<Found>))| StartSearch {
        search: plan.method.search(SearchStart {
            from: problem.encode(from),
            spreads: plan.params.spreads(),
            seed: plan.seed,
            start: start as u32,
            iterations: plan.iterations,
        }),
        evaluator: Evaluator::new(problem, start, log),
        from: from.clone(),
        bests: Vec::new(),
        ended: None,
    };
    both.map(begin).collect()
}

struct FitLoop<'p, 'l> {
    plan: &'p Plan,
    problem: &'p SearchProblem<'p>,
    starts: Vec<StartSearch<'p>>,
    history: Vec<Iteration>,
    warnings: Vec<String>,
    listener: Option<Listener<'l>>,
}

impl<'p> FitLoop<'p, '_> {
    /// Makes the iterations; says why the fit ended before all were made, if it did.
    fn iterate(&mut self, pool: Option<&ThreadPool>) -> Result<Option<&'static str>, FitError> {
        let mut ended = None;
        let mut warning: Option<String> = None;
        for iteration in 0..self.plan.iterations {
            let replays = self.starts.iter().all(|start| start.ended.is_some() || start.evaluator.replays());
            let starts = &mut self.starts;
            let mut advance =
                || -> Vec<Option<SearchStep>> { starts.par_iter_mut().map(StartSearch::advance).collect() };
            let steps = match pool {
                Some(pool) => pool.install(advance),
                None => advance(),
            };
            self.refuse_contradiction()?;
            for (start, step) in steps.into_iter().enumerate() {
                let Some(step) = step else { continue };
                let now = self.note(start, iteration, step);
                if !replays && !self.report(now, warning.take().as_deref()) {
                    ended.get_or_insert("stopped by the callback");
                }
            }
            let best = best_of(&self.starts);
            if best.zip(self.plan.target).is_some_and(|((loss, _), target)| loss <= target) {
                ended.get_or_insert("the loss is small enough");
            }
            if ended.is_some() || self.starts.iter().all(|start| start.ended.is_some()) {
                break;
            }
            let due = |every: &usize| !replays && (iteration + 1).is_multiple_of(*every);
            if self.plan.checkpoint.as_ref().is_some_and(|(_, every)| due(every)) {
                warning = self.save();
            }
        }
        // Only the last attempt counts: an earlier one that failed has been made up for.
        self.warnings.extend(self.save());
        Ok(ended)
    }

    /// Enters an iteration of a start into the history.
    fn note(&mut self, start: usize, iteration: usize, step: SearchStep) -> Iteration {
        let search = &mut self.starts[start];
        let now = Iteration {
            start,
            iteration,
            loss: step.loss.is_finite().then_some(step.loss),
            best: search.evaluator.best.as_ref().map(|(loss, _)| *loss),
            evaluations: search.evaluator.count(),
        };
        search.bests.push(now.best.unwrap_or(f64::INFINITY));
        search.ended = step.over.or_else(|| search.is_stuck(self.plan.patience));
        self.history.push(now);
        now
    }

    /// Tells the listener; answers whether the fit is to go on.
    fn report(&mut self, now: Iteration, warning: Option<&str>) -> bool {
        let Some(listener) = &mut self.listener else { return true };
        let best = best_of(&self.starts);
        let params = best.map(|(_, flat)| self.problem.params.named(flat));
        listener(&FitProgress {
            now,
            iterations: self.plan.iterations,
            starts: self.starts.len(),
            best: best.map(|(loss, _)| loss),
            params: params.as_ref(),
            warning,
        })
    }

    /// Refuses a log that does not belong to this loss.
    fn refuse_contradiction(&self) -> Result<(), FitError> {
        let contradictions = self.starts.iter().filter_map(|start| start.evaluator.contradiction.as_ref());
        match (contradictions.into_iter().next(), &self.plan.resume) {
            (Some(problem), Some(path)) => {
                Err(FitError::Resume { path: path.display().to_string(), problem: problem.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Writes the checkpoint, if there is to be one. What goes wrong is a warning: the fit itself does not need the file.
    fn save(&self) -> Option<String> {
        let (path, _) = self.plan.checkpoint.as_ref()?;
        let logs = self.starts.iter().map(|start| &start.evaluator.log[..]);
        let problem = checkpoint::save(path, &self.plan.fingerprint, logs).err()?;
        Some(format!("the checkpoint could not be written: {problem}"))
    }

    /// Returns the outcome; `ended` says why the fit ended.
    fn finish(mut self, ended: &str) -> Result<Fit, FitError> {
        self.warnings.extend(self.fruitless());
        let Self { plan, starts, history, warnings, .. } = self;
        let params = &plan.params;
        let best = best_of(&starts).map(|(loss, flat)| (loss, params.named(flat)));
        let outcomes: Vec<Start> = starts
            .iter()
            .map(|start| Start {
                from: params.named(&start.from),
                loss: start.evaluator.best.as_ref().map(|(loss, _)| *loss),
                best: start.evaluator.best.as_ref().map(|(_, flat)| params.named(flat)),
                evaluations: start.evaluator.count(),
                ended: start.ended.clone().unwrap_or_else(|| ended.to_owned()),
            })
            .collect();
        let failures: Vec<_> = starts.into_iter().flat_map(|start| start.evaluator.failures).collect();
        match best {
            Some((loss, best)) => Ok(Fit {
                best,
                loss,
                history,
                starts: outcomes,
                failures,
                warnings,
                method: plan.method.name(),
                params: params.clone(),
                provenance: None,
            }),
            None => Err(FitError::EveryCandidateFailed {
                evaluations: failures.len(),
                first: failures
                    .first()
                    .map_or_else(String::new, |failure| format!("{}: {}", failure.params, failure.problem)),
            }),
        }
    }

    /// Says which starts of a descent found nothing better than their first candidate although its gradient was not 0: the steps were too
    /// long, and the losses grew or failed.
    fn fruitless(&self) -> Option<String> {
        if !matches!(self.plan.method, Method::Grad(_)) {
            return None;
        }
        let is_fruitless = |start: &&StartSearch| {
            let best = start.evaluator.best.as_ref().map(|(loss, _)| *loss);
            start.evaluator.count() > 1 && best.is_some() && best == start.evaluator.first
        };
        let count = self.starts.iter().filter(is_fruitless).count();
        (count > 0).then(|| {
            format!(
                "{count} of {} starts found no candidate better than the first, although its gradient is not 0: the steps are too long; \
                 try a smaller learning rate, or clip the gradients",
                self.starts.len()
            )
        })
    }
}

impl StartSearch<'_> {
    /// Makes an iteration, unless the search is over.
    fn advance(&mut self) -> Option<SearchStep> {
        self.ended.is_none().then(|| self.search.iterate(&mut self.evaluator))
    }

    /// Says that there was no improvement for too long, if that is so.
    fn is_stuck(&self, patience: Option<(usize, f64)>) -> Option<String> {
        let (iterations, improvement) = patience?;
        let before = self.bests[self.bests.len().checked_sub(iterations.checked_add(1)?)?];
        let now = *self.bests.last()?;
        // An infinite loss is no improvement on an infinite one.
        let improved = before - now > improvement;
        (!improved).then(|| format!("no improvement in {iterations} iterations"))
    }
}

/// Returns the best loss of all starts, and its fitted numbers.
fn best_of<'l>(starts: &'l [StartSearch]) -> Option<(f64, &'l [f64])> {
    let bests = starts.iter().filter_map(|start| start.evaluator.best.as_ref());
    bests.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(loss, flat)| (*loss, &flat[..]))
}
