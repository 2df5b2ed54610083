//! A fit that an experiment file describes.

use std::path::PathBuf;

use ndarray::Array2;

use brainmass_data::objectives::{Better, OBJECTIVES, Objective as _, Settings, connectivity_objective};
use brainmass_fit::fit::{Fitter, LinearResponse, LinearResponseLoss, Method, Params, SimulationLoss};
use brainmass_sim::simulator::Simulator;

/// A fit that an experiment file describes.
#[derive(Debug, Clone)]
pub struct FitPlan {
    /// The parameters that are fitted.
    pub params: Params,
    /// The record, or what an instrument sees, that is compared.
    pub signal: String,
    /// The name of the objective; see [`OBJECTIVES`].
    pub objective: String,
    /// The settings of the objective.
    pub settings: Settings,
    /// The data that the signal is compared with.
    pub target: Array2<f64>,
    /// The linear response that the functional connectivity is computed by, in place of runs.
    pub response: Option<LinearResponse>,
    /// The search method.
    pub method: Method,
    /// The number of iterations of each start.
    pub iterations: usize,
    /// The number of iterations without improvement that end a start, if any do.
    pub patience: Option<usize>,
    /// The loss that ends the fit, if one does.
    pub enough: Option<f64>,
    /// The number of points to start from.
    pub starts: usize,
    /// The seed of candidates and starts.
    pub seed: u64,
    /// Files for the result (`.json`) and the history (`.csv`).
    pub output: Vec<PathBuf>,
    /// The figure of the history.
    pub plot: Option<PathBuf>,
}

impl FitPlan {
    /// Makes the loss of a simulation of the experiment, which may have a listener or an instruction set of its own. A score counts as one
    /// less the score.
    pub fn loss_of(&self, simulator: Simulator, duration: f64) -> SimulationLoss {
        let entry = OBJECTIVES.iter().find(|entry| entry.name == self.objective);
        let (signal, target) = (self.signal.clone(), self.target.clone());
        match entry.map(|entry| (entry.build(&self.settings), entry.better)) {
            Some((objective, Better::Higher)) => {
                SimulationLoss::comparing(simulator, duration, signal, objective.as_loss(), target)
            }
            Some((objective, Better::Lower)) => {
                SimulationLoss::comparing(simulator, duration, signal, objective, target)
            }
            None => {
                let name = self.objective.clone();
                SimulationLoss::new(simulator, duration, move |_| {
                    Err(format!("there is no objective `{name}`").into())
                })
            }
        }
    }

    /// Makes the fit of a simulation of the experiment, which may have a listener or an instruction set of its own: by runs, or by linear response.
    pub fn fitter_with(&self, simulator: Simulator, duration: f64) -> Fitter<'static> {
        let entry = OBJECTIVES.iter().find(|entry| entry.name == self.objective);
        let objective = connectivity_objective(&self.objective, &self.settings);
        let fitter = match (&self.response, objective, entry) {
            (Some(response), Some(objective), Some(entry)) => {
                let response = response.clone().of(simulator);
                let loss = LinearResponseLoss::new(response, objective, entry.better, self.target.clone());
                Fitter::new(self.params.clone(), loss)
            }
            _ => Fitter::new(self.params.clone(), self.loss_of(simulator, duration)),
        };
        let fitter = fitter
            .method(self.method.clone())
            .iterations(self.iterations)
            .starts(self.starts)
            .seed(self.seed);
        let fitter = match self.patience {
            Some(iterations) => fitter.patience(iterations, 0.0),
            None => fitter,
        };
        match self.enough {
            Some(loss) => fitter.target(loss),
            None => fitter,
        }
    }
}
