//! Losses of simulations.

use ndarray::{Array2, ArrayView2, s};

use super::error::{FitError, LossError};
use super::loss::FitLoss;
use super::params::Params;
use super::values::ParamValues;
use brainmass_core::quantity::{Time, Values};
use brainmass_data::objectives::{Objective, ObjectiveError};
use brainmass_sim::gradient::{GradientError, Loss};
use brainmass_sim::observation::{Monitor, ObservationError};
use brainmass_sim::simulator::{Fingerprint, Run, RunError, Simulator};

/// The loss of a simulation: the parameters are set, the simulation runs, and what it records is judged.
///
/// Parameters have the names of [`Network::set`](brainmass_sim::network::Network::set) (`a`, `init_x`, `k`, `cortex.a`, ...), or that of an input port, which they then drive with
/// a constant. Every run has the seed of the simulator, so that the loss is a function of the parameters alone.
///
/// ```
/// use brainmass::fit::{Fitter, Lbfgs, Param, Params, SimulationLoss};
/// use brainmass::objectives::TimeseriesRmse;
/// use brainmass::prelude::*;
///
/// // The frequency of an oscillator is found again from its oscillation.
/// let simulator = |w: f64| Simulator::new(HopfStep::new(1).w(w).init_x(0.5)).record(["x"]);
/// let target = simulator(0.2).run(20.0)?["x"].clone();
/// let loss = SimulationLoss::comparing(simulator(0.15), 20.0, "x", TimeseriesRmse, target);
/// let params = Params::new().with("w", Param::new(0.15).sigmoid(0.0, 1.0));
/// let fit = Fitter::new(params, loss).method(Lbfgs::default()).run()?;
/// assert!((fit.best.scalar("w") - 0.2).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SimulationLoss {
    simulator: Simulator,
    duration: Time,
    judge: Judge,
}

/// A function of a run, which can fail.
type RunFunction<T> = Box<dyn Fn(&Run) -> Result<T, LossError> + Send + Sync>;

/// A function that makes a new instrument for each run.
type MakeMonitor = Box<dyn Fn() -> Result<Box<dyn Monitor>, ObservationError> + Send + Sync>;

/// The way in which a run becomes a loss.
enum Judge {
    /// A closure gives the loss.
    Value(RunFunction<f64>),
    /// A closure gives the loss and its derivatives by what was recorded.
    Loss(RunFunction<Loss>),
    /// An objective compares a signal with a target.
    Comparison(Comparison),
}

struct Comparison {
    /// The record or instrument that is compared.
    signal: String,
    /// An instrument through which the signal is seen.
    monitor: Option<MakeMonitor>,
    /// Rows at the beginning that are left out.
    skipped: usize,
    objective: Box<dyn Objective>,
    target: Array2<f64>,
}

impl SimulationLoss {
    /// Computes the loss by a closure from what was recorded in a run of `duration`, the transient included; a plain number is in ms. The loss
    /// has no gradient.
    pub fn new(
        simulator: Simulator,
        duration: impl Into<Time>,
        loss: impl Fn(&Run) -> Result<f64, LossError> + Send + Sync + 'static,
    ) -> Self {
        Self { simulator, duration: duration.into(), judge: Judge::Value(Box::new(loss)) }
    }

    /// Computes the loss by a closure that also gives its derivatives by what was recorded, so that the loss has a gradient.
    pub fn differentiable(
        simulator: Simulator,
        duration: impl Into<Time>,
        loss: impl Fn(&Run) -> Result<Loss, LossError> + Send + Sync + 'static,
    ) -> Self {
        Self { simulator, duration: duration.into(), judge: Judge::Loss(Box::new(loss)) }
    }

    /// Compares a signal with a target, both of shape (time, region), by an objective. The signal is what was recorded under a name, or what
    /// the instrument of that name saw ([`Simulator::observe`]). Smaller values of the objective are better; [`Objective::as_loss`] turns a
    /// score into such a loss. The loss has a gradient.
    pub fn comparing(
        simulator: Simulator,
        duration: impl Into<Time>,
        signal: impl Into<String>,
        objective: impl Objective + 'static,
        target: Array2<f64>,
    ) -> Self {
        let comparison = Comparison {
            signal: signal.into(),
            monitor: None,
            skipped: 0,
            objective: Box::new(objective),
            target,
        };
        Self { simulator, duration: duration.into(), judge: Judge::Comparison(comparison) }
    }

    /// Looks at the signal through an instrument before it is compared; the closure makes a new one for each run. The time step of the
    /// instrument is the sampling interval of the record. For gradients of long runs this takes less memory than [`Simulator::observe`] if
    /// means over some steps are recorded, since every sample that an instrument is shown is kept.
    ///
    /// Losses of closures see the run itself; nothing happens to them.
    pub fn through<M: Monitor + 'static>(
        mut self,
        monitor: impl Fn() -> Result<M, ObservationError> + Send + Sync + 'static,
    ) -> Self {
        if let Judge::Comparison(comparison) = &mut self.judge {
            comparison.monitor = Some(Box::new(move || Ok(Box::new(monitor()?))));
        }
        self
    }

    /// Leaves out the first rows that the instrument gives (or, without one, that are recorded) before they are compared. BOLD, for
    /// example, shows the start of the run rather than the activity until the haemodynamics have settled.
    ///
    /// Nothing happens to losses of closures.
    pub fn skip(mut self, rows: usize) -> Self {
        if let Judge::Comparison(comparison) = &mut self.judge {
            comparison.skipped = rows;
        }
        self
    }

    /// Runs the simulation with these parameters.
    ///
    /// # Errors
    ///
    /// A name that does not exist, a value that cannot be set, or a run that fails.
    pub fn run(&self, params: &ParamValues) -> Result<Run, LossError> {
        Ok(self.simulator(params)?.run(self.duration.clone())?)
    }

    /// Returns the simulator with these parameters set.
    fn simulator(&self, params: &ParamValues) -> Result<Simulator, LossError> {
        with_values(&self.simulator, params)
    }
}

/// Returns a copy of a simulator with these parameters set.
pub(super) fn with_values(simulator: &Simulator, params: &ParamValues) -> Result<Simulator, LossError> {
    let mut simulator = simulator.clone();
    for (name, values) in params.iter() {
        let values = match values {
            [value] => Values::Scalar(*value),
            values => Values::PerNode(values.to_vec()),
        };
        simulator.set(name, values)?;
    }
    Ok(simulator)
}

impl Comparison {
    fn recorded<'r>(&self, run: &'r Run) -> Result<&'r Array2<f64>, LossError> {
        run.get(&self.signal).ok_or_else(|| {
            let names: Vec<&str> = run.names().collect();
            let Self { signal, .. } = self;
            format!("the loss compares `{signal}`, which is not recorded; there is {}", names.join(", "))
                .into()
        })
    }

    fn describe(&self, all: &mut Fingerprint) {
        let Self { signal, monitor, skipped, objective, target } = self;
        all.add("signal", signal);
        if let Some(monitor) = monitor {
            let text = monitor().map_or_else(|error| error.to_string(), |monitor| format!("{monitor:#?}"));
            all.add("instrument of the comparison", text);
        }
        all.add("rows left out", skipped.to_string());
        all.add("objective", format!("{objective:?}"));
        let (rows, columns) = target.dim();
        all.add_numbers("target", format!("{rows} x {columns}"), target);
    }

    fn value(&self, run: &Run) -> Result<f64, LossError> {
        let recorded = self.recorded(run)?;
        match &self.monitor {
            None => self.judge(recorded),
            Some(monitor) => self.judge(&monitor()?.observe(recorded.view())?),
        }
    }

    fn judge(&self, seen: &Array2<f64>) -> Result<f64, LossError> {
        Ok(self.objective.value(self.rest(seen)?, self.target.view())?)
    }

    fn loss(&self, run: &Run) -> Result<Loss, LossError> {
        let recorded = self.recorded(run)?;
        let (value, derivatives) = match &self.monitor {
            None => self.judge_with_derivatives(recorded)?,
            Some(monitor) => {
                let mut monitor = monitor()?;
                let seen = monitor.observe(recorded.view())?;
                let (value, derivatives) = self.judge_with_derivatives(&seen)?;
                (value, monitor.vjp(recorded.view(), derivatives.view())?)
            }
        };
        Ok(Loss::new(value).by(&self.signal, derivatives))
    }

    fn judge_with_derivatives(&self, seen: &Array2<f64>) -> Result<(f64, Array2<f64>), LossError> {
        let (value, of_rest) = self.objective.value_and_gradient(self.rest(seen)?, self.target.view())?;
        let mut derivatives = Array2::zeros(seen.raw_dim());
        derivatives.slice_mut(s![self.skipped.., ..]).assign(&of_rest);
        Ok((value, derivatives))
    }

    /// Returns the rows that are compared.
    fn rest<'s>(&self, seen: &'s Array2<f64>) -> Result<ArrayView2<'s, f64>, LossError> {
        let (rows, skipped) = (seen.nrows(), self.skipped);
        if skipped >= rows {
            return Err(format!("{skipped} rows are to be left out, and there are only {rows}").into());
        }
        Ok(seen.slice(s![skipped.., ..]))
    }
}

impl FitLoss for SimulationLoss {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        let run = self.run(params)?;
        match &self.judge {
            Judge::Value(value) => value(&run),
            Judge::Loss(loss) => Ok(loss(&run)?.value),
            Judge::Comparison(comparison) => comparison.value(&run),
        }
    }

    fn value_and_gradient(&self, params: &ParamValues, by: &[&str]) -> Result<(f64, ParamValues), LossError> {
        let loss = |run: &Run| match &self.judge {
            Judge::Value(_) => Err(NO_GRADIENT.into()),
            Judge::Loss(loss) => loss(run),
            Judge::Comparison(comparison) => comparison.loss(run),
        };
        let gradient = self.simulator(params)?.gradient(self.duration.clone(), by, loss)?;
        let parts = gradient.parts().map(|(name, values)| (name.to_owned(), values.to_vec())).collect();
        Ok((gradient.value, ParamValues(parts)))
    }

    fn has_gradient(&self) -> Result<(), String> {
        match &self.judge {
            Judge::Value(_) => Err(NO_GRADIENT.into()),
            _ => Ok(()),
        }
    }

    /// Runs once, so that what is wrong with every candidate is an error of the fit. What may be wrong with the first values alone, such as a
    /// run that diverges, is left to the search.
    fn check(&self, params: &Params) -> Result<(), FitError> {
        match self.value(&params.values()) {
            Err(error) if !may_differ_elsewhere(&error) => Err(FitError::Loss(error)),
            _ => Ok(()),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut all = self.simulator.fingerprint();
        all.add("duration", self.duration.ms().map_or_else(ToString::to_string, |ms| format!("{ms} ms")));
        match &self.judge {
            Judge::Value(_) | Judge::Loss(_) => all.add("loss", "a closure"),
            Judge::Comparison(comparison) => comparison.describe(&mut all),
        }
        all
    }
}

const NO_GRADIENT: &str = "the closure gives a value alone; see `SimulationLoss::differentiable`";

/// Returns whether the loss of other parameters may be computed without this error.
pub(super) fn may_differ_elsewhere(error: &LossError) -> bool {
    let run = match error.downcast_ref::<GradientError>() {
        Some(GradientError::Run(error)) => Some(error),
        _ => error.downcast_ref::<RunError>(),
    };
    let unlike = match error.downcast_ref::<ObjectiveError>() {
        Some(error) => matches!(error, ObjectiveError::Prediction(_) | ObjectiveError::NotADensity { .. }),
        None => false,
    };
    let observed =
        matches!(error.downcast_ref::<ObservationError>(), Some(ObservationError::NotFinite { .. }));
    unlike || observed || matches!(run, Some(RunError::Diverged { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{Fitter, Grad, Lbfgs, Method, NelderMead, Param};
    use brainmass_core::scheme::Scheme;
    use brainmass_data::datasets;
    use brainmass_data::objectives::{FcCorr, TimeseriesRmse};
    use brainmass_rules::Diffusive;
    use brainmass_sim::network::Network;
    use brainmass_sim::observation::TemporalAverage;
    use brainmass_sim::simulator::Input;
    use brainmass_zoo::*;

    fn hopf() -> Simulator {
        Simulator::new(HopfStep::new(1).a(0.2).init_x(0.3)).record(["x"])
    }

    fn network() -> Simulator {
        let hopf = HopfStep::new(8).a(-0.1).init_x(0.1).noise_x(0.05).noise_y(0.05);
        let network =
            Network::new(hopf, datasets::synthetic_8()).coupling(Diffusive::new(), "x").k(0.2).speed(10.0);
        Simulator::new(network).record(["x"]).seed(3).every(10).average()
    }

    fn comparing(simulator: Simulator, shape: (usize, usize)) -> SimulationLoss {
        let target = Array2::from_shape_fn(shape, |(row, node)| ((row * (node + 2)) as f64 * 0.1).sin());
        SimulationLoss::comparing(simulator, 100.0, "x", FcCorr::default().as_loss(), target)
            .through(|| TemporalAverage::new(2.0, 1.0))
            .skip(5)
    }

    #[track_caller]
    fn refused(loss: SimulationLoss, params: Params, method: impl Into<Method>) -> String {
        Fitter::new(params, loss).method(method).iterations(1).run().unwrap_err().to_string()
    }

    #[test]
    fn gradients_equal_central_differences_through_networks_instruments_and_objectives() {
        let loss = comparing(network(), (45, 8));
        let at = |a: f64, k: f64, drive: f64| {
            ParamValues::new().with("a", vec![a; 8]).with("k", [k]).with("x_inp", [drive])
        };
        let (value, gradient) = loss.value_and_gradient(&at(-0.1, 0.2, 0.1), &["a", "k", "x_inp"]).unwrap();
        assert_eq!(value, loss.value(&at(-0.1, 0.2, 0.1)).unwrap());
        let difference = |up: ParamValues, down: ParamValues| {
            (loss.value(&up).unwrap() - loss.value(&down).unwrap()) / 2e-5
        };
        let by_k = difference(at(-0.1, 0.2 + 1e-5, 0.1), at(-0.1, 0.2 - 1e-5, 0.1));
        let by_a = difference(at(-0.1 + 1e-5, 0.2, 0.1), at(-0.1 - 1e-5, 0.2, 0.1));
        let by_drive = difference(at(-0.1, 0.2, 0.1 + 1e-5), at(-0.1, 0.2, 0.1 - 1e-5));
        for (found, expected) in [
            (gradient.scalar("k"), by_k),
            (gradient["a"].iter().sum(), by_a),
            (gradient["x_inp"].iter().sum(), by_drive),
        ] {
            assert!(
                (found - expected).abs() < 1e-6 * expected.abs().max(1e-2),
                "{found}, expected {expected}"
            );
        }
    }

    #[test]
    fn a_diverging_candidate_is_named_and_left() {
        let euler = hopf().scheme(Scheme::Euler);
        let loss = SimulationLoss::new(euler, 20.0, |run| Ok((run["x"][[199, 0]] - 0.4).powi(2)));
        let params = Params::new().with("init_x", Param::new(3.0).bounds(-10.0, 10.0));
        let fit = Fitter::new(params, loss).method(NelderMead::default()).iterations(60).run().unwrap();
        assert!(fit.failures[0].problem.contains("diverged"), "{}", fit.failures[0].problem);
        assert!(fit.loss < 0.4);
    }

    #[test]
    fn what_is_wrong_with_every_candidate_is_told_at_once() {
        let a = || Params::new().with("a", Param::new(0.1));
        let wrong = refused(comparing(network(), (45, 7)), a(), Lbfgs::default());
        assert_eq!(wrong, "the prediction has 8 regions, the target 7");
        let rows = SimulationLoss::comparing(hopf(), 20.0, "x", TimeseriesRmse, Array2::zeros((199, 1)));
        assert_eq!(refused(rows, a(), Lbfgs::default()), "the prediction has 200 samples, the target 199");
        let unrecorded =
            SimulationLoss::comparing(hopf(), 20.0, "y", TimeseriesRmse, Array2::zeros((200, 1)));
        assert_eq!(
            refused(unrecorded, a(), Lbfgs::default()),
            "the loss compares `y`, which is not recorded; there is x"
        );
        let short = refused(comparing(network(), (45, 8)).skip(50), a(), Lbfgs::default());
        assert_eq!(short, "50 rows are to be left out, and there are only 50");
        let unknown = Params::new().with("omga", Param::new(0.1));
        assert!(
            refused(comparing(network(), (45, 8)), unknown, Lbfgs::default())
                .contains("nothing called `omga`")
        );
        let many = Params::new().with("a", Param::new([0.1, 0.2]));
        assert!(
            refused(comparing(network(), (45, 8)), many, Lbfgs::default())
                .contains("has 2 values for 8 nodes")
        );
        let speed = Params::new().with("speed", Param::new(10.0));
        let delay = refused(comparing(network(), (45, 8)), speed, Lbfgs::default());
        assert!(delay.contains("there is no useful gradient by `speed`"), "{delay}");
        let value = SimulationLoss::new(hopf(), 20.0, |run| Ok(run["x"].sum()));
        let no_gradient = refused(value, a(), Grad::adam(0.1));
        assert!(
            no_gradient.starts_with("adam needs the gradient of the loss, and there is none"),
            "{no_gradient}"
        );
        let series = hopf().input("x_inp", Input::series(ndarray::Array1::zeros(200)));
        let drive = Params::new().with("x_inp", Param::new(0.0));
        let changing = refused(
            SimulationLoss::new(series, 20.0, |run| Ok(run["x"].sum())),
            drive,
            NelderMead::default(),
        );
        assert!(changing.contains("changes over time"), "{changing}");
    }

    #[test]
    fn a_parameter_is_known_again_from_its_run() {
        let target = |a: f64| {
            let params = ParamValues::new().with("a", [a]);
            let nothing = SimulationLoss::new(hopf(), 30.0, |_| Ok(0.0));
            nothing.run(&params).unwrap()["x"].clone()
        };
        let loss = SimulationLoss::comparing(hopf(), 30.0, "x", TimeseriesRmse, target(0.7));
        let network = Network::from(HopfStep::new(1).a(0.2));
        let params = Params::new().with("a", Param::of(&network, "a").unwrap());
        let fit = Fitter::new(params, loss).method(Lbfgs::default()).run().unwrap();
        assert!((fit.best.scalar("a") - 0.7).abs() < 1e-6, "{}", fit.best);
    }
}
