//! Losses of functional connectivity that follows from the equations, without a run.

use std::fmt;

use brainmass_continuation::{
    NoisyEdge, NoisyModel, NoisyNumbers, NoisyResponse, Setting as WatchSetting, Varied, Watching,
};
use brainmass_data::objectives::{Better, ConnectivityObjective, ObjectiveError};
use brainmass_sim::network::Setting;
use brainmass_sim::simulator::{Fingerprint, Simulator, UniformNetwork};
use brainmass_spec::model::Model;
use ndarray::Array2;

use super::error::{FitError, LossError};
use super::loss::FitLoss;
use super::params::Params;
use super::simulation::{may_differ_elsewhere, with_values};
use super::values::ParamValues;

/// The functional connectivity of a noisy network around its stable equilibrium, by linear response: what a long run with little noise gives, without
/// the run.
///
/// The network is that of a [`Simulator`]: nodes of one model that one rule couples, with or without delays, whose inputs are constant and of which
/// some state has white noise. Its equilibrium is the one that it comes to rest at from the initial states. The correlations are those of one signal
/// of all nodes at equal times, by the Lyapunov equation, or by the integral of the cross-spectra where there are delays.
#[derive(Clone)]
pub struct LinearResponse {
    simulator: Simulator,
    equations: NoisyModel,
    /// The signal that is compared and how exactly, in words: a fit that goes on must agree on it.
    compared: String,
}

impl fmt::Debug for LinearResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.simulator.model().map(|model| model.population().info().name.to_string());
        write!(f, "linear response of {}", name.unwrap_or_default())
    }
}

impl LinearResponse {
    /// Creates the response of a network: `find` gives the model of nodes and rule by their names, as the compiler has them
    /// (`Zoo::checked` in the crate `brainmass`). `signal` is the state or observable that is compared.
    ///
    /// # Errors
    ///
    /// The network is none of one model and one rule with constant inputs, a model is not found, or the signal is none of its states and observables.
    pub fn new(
        simulator: Simulator,
        signal: &str,
        find: impl Fn(&str) -> Result<Model, LossError>,
    ) -> Result<Self, LossError> {
        let network = simulator.uniform()?;
        let (model, rule) = (find(&network.model.name)?, find(&network.rule.info().name)?);
        Self::of_models(simulator, signal, (&model, &rule), None)
    }

    /// Creates the response of a network from the models of its nodes and of its rule. With a third model, a Balloon model with its parameters in
    /// declared units, the signals are seen through it, one for each node, linearised at the mean of its signal; what is seen is the observable that
    /// is named, or the output of the model.
    ///
    /// # Errors
    ///
    /// As [`LinearResponse::new`].
    pub fn of_models(
        simulator: Simulator,
        signal: &str,
        (model, rule): (&Model, &Model),
        through: Option<(&Model, Vec<f64>, Option<&str>)>,
    ) -> Result<Self, LossError> {
        let [sent, received, port] = simulator.uniform()?.ends;
        let through = through.map(|(model, parameters, output)| {
            let inputs = vec![0.0; model.inputs.len()];
            (model, WatchSetting { parameters, inputs }, output)
        });
        let watching =
            through.as_ref().map(|(model, setting, output)| Watching { model, setting, output: *output });
        let compared = match &through {
            Some((through, setting, output)) => {
                format!("{signal} through {} {:?} {output:?}", through.name, setting.parameters)
            }
            None => signal.to_owned(),
        };
        let equations = NoisyModel::new(model, rule, (&sent, &received, &port), signal, watching)?;
        Ok(Self { simulator, equations, compared })
    }

    /// Sets the error of a correlation that integrals over the frequency may have, where there are delays or something watches; 1e-6 if not given.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        let compared = format!("{}, to {tolerance}", self.compared);
        Self { equations: self.equations.tolerance(tolerance), compared, ..self }
    }

    /// Takes another simulation of the same models and the same coupling, with other numbers.
    #[must_use]
    pub fn of(self, simulator: Simulator) -> Self {
        Self { simulator, ..self }
    }

    /// Computes the functional connectivity, shape (region, region).
    ///
    /// # Errors
    ///
    /// There is no noise, or no stable equilibrium.
    pub fn functional_connectivity(&self) -> Result<Array2<f64>, LossError> {
        Ok(self.response(&self.simulator)?.correlations())
    }

    fn response(&self, simulator: &Simulator) -> Result<NoisyResponse<'_>, LossError> {
        Ok(self.equations.response(numbers(simulator.uniform()?))?)
    }

    /// The simulator with parameters set.
    fn at(&self, params: &ParamValues) -> Result<Simulator, LossError> {
        with_values(&self.simulator, params)
    }

    /// The numbers that a name stands for: one for all nodes, or one a node.
    fn varied(&self, name: &str, count: usize) -> Result<Vec<Varied>, LossError> {
        let network = &self.simulator;
        let made: Box<dyn Fn(Option<usize>) -> Varied> = match network.setting(name) {
            Ok(Setting::Parameter { index, .. }) => {
                if network.model().is_some_and(|model| {
                    model.population().info().delays.iter().any(|delay| delay.parameters.contains(&index))
                }) {
                    return Err(no_derivative(name, "it is a delay"));
                }
                Box::new(move |node| Varied::Parameter { index, node })
            }
            Ok(Setting::Noise { index, .. }) => Box::new(move |node| Varied::Noise { index, node }),
            Ok(Setting::Rule { index, .. }) => Box::new(move |node| Varied::Rule { index, node }),
            Ok(Setting::Initial { .. }) => {
                return Err(no_derivative(name, "the equilibrium does not depend on where a run starts"));
            }
            Ok(Setting::Speed { .. }) => return Err(no_derivative(name, "delays follow from it")),
            Ok(Setting::Weights { .. }) => {
                return Err(no_derivative(
                    name,
                    "of connections the derivatives by their strength `k` are known alone",
                ));
            }
            Err(error) => {
                let port = network.model().and_then(|model| model.population().info().input(name));
                let index = port.ok_or(error)?;
                Box::new(move |node| Varied::Input { index, node })
            }
        };
        Ok(match count {
            1 => vec![made(None)],
            _ => (0..count).map(|node| made(Some(node))).collect(),
        })
    }
}

fn no_derivative(name: &str, why: &str) -> LossError {
    format!(
        "linear response has no derivative by `{name}`: {why}; leave it out, or search by a method without gradient such as `nelder_mead`"
    )
    .into()
}

fn numbers(network: UniformNetwork) -> NoisyNumbers {
    let edges = network.edges.into_iter().map(|(target, source, weight, delay)| NoisyEdge {
        target,
        source,
        weight,
        delay,
    });
    NoisyNumbers {
        parameters: network.parameters,
        inputs: network.inputs,
        sigma: network.sigma,
        start: network.initial,
        rule: network.of_rule,
        edges: edges.collect(),
    }
}

/// The loss of the functional connectivity that linear response gives, compared with a target: a fast start for fits of noisy networks.
///
/// Parameters have the names that [`SimulationLoss`](super::SimulationLoss) knows. The gradient is exact, by the adjoint of the Lyapunov equation and
/// the derivative of the equilibrium; there is none by initial states, by delays and by the weights of single connections.
///
/// ```
/// use brainmass::Zoo;
/// use brainmass::datasets;
/// use brainmass::fit::{Fitter, Lbfgs, LinearResponse, LinearResponseLoss, Param, Params};
/// use brainmass::objectives::{Better, FcRmse, FcTarget};
/// use brainmass::prelude::*;
/// use brainmass::zoo::coupling::Diffusive;
///
/// // How strongly are eight damped oscillators coupled? Their functional connectivity tells.
/// let simulator = |k: f64| {
///     let hopf = HopfStep::new(8).a(-0.05).w(0.2).noise_x(0.01).noise_y(0.01);
///     Simulator::new(Network::new(hopf, &datasets::synthetic_8()).coupling(Diffusive::new(), "x").k(k))
/// };
/// let find = |name: &str| Zoo::default().checked(name).map_err(|error| error.to_string().into());
/// let target = LinearResponse::new(simulator(0.03), "x", find)?.functional_connectivity()?;
///
/// let response = LinearResponse::new(simulator(0.01), "x", find)?;
/// let objective = Box::new(FcRmse { target: FcTarget::Connectivity });
/// let loss = LinearResponseLoss::new(response, objective, Better::Lower, target);
/// let params = Params::new().with("k", Param::new(0.01).softplus(0.0));
/// let fit = Fitter::new(params, loss).method(Lbfgs::default()).run()?;
/// assert!((fit.best.scalar("k") - 0.03).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub struct LinearResponseLoss {
    response: LinearResponse,
    objective: Box<dyn ConnectivityObjective>,
    better: Better,
    target: Array2<f64>,
}

impl LinearResponseLoss {
    /// Compares the functional connectivity with a target by an objective; a score, which is better when higher, counts as one less the score. The
    /// target is of shape (time, region), or (region, region) where the objective says that it is the functional connectivity itself.
    pub fn new(
        response: LinearResponse,
        objective: Box<dyn ConnectivityObjective>,
        better: Better,
        target: Array2<f64>,
    ) -> Self {
        Self { response, objective, better, target }
    }

    /// The loss, and its derivatives by the functional connectivity.
    fn compare(&self, fc: &Array2<f64>) -> Result<(f64, Array2<f64>), ObjectiveError> {
        let (value, gradient) = self.objective.of_connectivity(fc.view(), self.target.view())?;
        Ok(match self.better {
            Better::Higher => (1.0 - value, -gradient),
            Better::Lower => (value, gradient),
        })
    }
}

impl FitLoss for LinearResponseLoss {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        let response = self.response.response(&self.response.at(params)?)?;
        Ok(self.compare(&response.correlations())?.0)
    }

    fn value_and_gradient(&self, params: &ParamValues, by: &[&str]) -> Result<(f64, ParamValues), LossError> {
        let response = self.response.response(&self.response.at(params)?)?;
        let (value, of_fc) = self.compare(&response.correlations())?;
        let mut variables = Vec::new();
        let mut counts = Vec::new();
        for name in by {
            let count = params.get(name).map_or(1, <[f64]>::len);
            variables.extend(self.response.varied(name, count)?);
            counts.push(count);
        }
        let gradient = response.gradient(of_fc.view(), &variables)?;
        let mut rest = &gradient[..];
        let mut parts = Vec::new();
        for (name, count) in by.iter().zip(counts) {
            let (own, others) = rest.split_at(count);
            parts.push(((*name).to_owned(), own.to_vec()));
            rest = others;
        }
        Ok((value, ParamValues(parts)))
    }

    fn has_gradient(&self) -> Result<(), String> {
        Ok(())
    }

    /// Computes the loss once, so that what is wrong with every candidate is an error of the fit. That there is no stable equilibrium at the first
    /// values is one too: a search needs a start where there is one.
    fn check(&self, params: &Params) -> Result<(), FitError> {
        match self.value(&params.values()) {
            Err(error) if !may_differ_elsewhere(&error) => Err(FitError::Loss(error)),
            _ => Ok(()),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut all = self.response.simulator.fingerprint();
        all.add("linear response", format!("{:?}", self.objective));
        all.add("compared", self.response.compared.clone());
        let (rows, columns) = self.target.dim();
        all.add_numbers("target", format!("{rows} x {columns}"), &self.target);
        all
    }
}
