//! The vector field of a node at fixed parameters and inputs.

use ndarray::{Array1, Array2};
use thiserror::Error;

use super::eigenvalues::eigenvalues;
use super::fixed_point::FixedPoint;
use super::newton;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::{Engine, Point};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::shared::{Shared, Text};
use brainmass_spec::problem::suggestion;

/// The number of starts of Newton's method, in all.
const STARTS: usize = 1000;
/// The share of the window within which two fixed points count as one.
const DISTINCT: f64 = 1e-6;
/// The most times that delayed observables are computed from each other until they stay the same.
const MOST_ROUNDS: usize = 50;

/// A mistake in a question to a vector field.
#[derive(Clone, PartialEq, Error)]
pub enum DynamicsError {
    /// A name that the model does not have.
    #[error("there is no input `{given}`: {hint}")]
    Input {
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A name that is not that of a signal which the model reads with a delay.
    #[error("the model does not read `{given}` with a delay: {hint}")]
    Past {
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A node that the population does not have.
    #[error("there is no node {given}; the population has {nodes}")]
    Node {
        /// The node given.
        given: usize,
        /// The number of nodes that there are.
        nodes: usize,
    },
    /// Another number of intervals or values than states.
    #[error("{given} {what} for a model of {states} states")]
    Length {
        /// The things counted: intervals or values.
        what: &'static str,
        /// The number given.
        given: usize,
        /// The number of states.
        states: usize,
    },
    /// An interval that is empty or not finite.
    #[error("the interval of `{state}` is {from} to {to}; a finite one that rises is needed")]
    Interval {
        /// The state.
        state: Text,
        /// The lower end.
        from: f64,
        /// The upper end.
        to: f64,
    },
}

/// The rates of change of one node as a function of its states, at fixed parameters and inputs. Delayed values count as present ones.
#[derive(Clone)]
pub struct VectorField {
    engine: Shared<dyn Engine>,
    parameters: Vec<f64>,
    inputs: Vec<f64>,
    /// Delayed values that are held at a number, by their indices among the delays.
    held: Vec<(usize, f64)>,
}

impl VectorField {
    /// Creates the vector field of the first node of a model, with all inputs 0.
    pub fn new(model: &dyn AnyModel) -> Self {
        Self::at_node(model, 0)
    }

    /// Creates the vector field of one of the nodes of a model, with all inputs 0.
    ///
    /// # Errors
    ///
    /// There is no such node.
    pub fn node(model: &dyn AnyModel, node: usize) -> Result<Self, DynamicsError> {
        let nodes = model.population().nodes();
        if node < nodes {
            Ok(Self::at_node(model, node))
        } else {
            Err(DynamicsError::Node { given: node, nodes })
        }
    }

    fn at_node(model: &dyn AnyModel, node: usize) -> Self {
        let (engine, population) = (model.shared_engine(), model.population());
        let info = population.info();
        Self {
            engine,
            parameters: (0..info.parameters.len()).map(|i| population.parameter_at(i, node)).collect(),
            inputs: vec![0.0; info.inputs.len() + info.delays.len()],
            held: Vec::new(),
        }
    }

    /// Drives an input port with a constant, in the port's unit.
    ///
    /// # Errors
    ///
    /// The model has no such port.
    pub fn input(mut self, port: &str, value: f64) -> Result<Self, DynamicsError> {
        let info = self.info();
        let Some(index) = info.input(port) else {
            let hint = suggestion(port, "inputs", info.inputs.iter().map(|input| &input.name));
            return Err(DynamicsError::Input { given: port.to_owned(), hint });
        };
        self.inputs[index] = value;
        Ok(self)
    }

    /// Holds a delayed value at a number, in the unit of the signal: the field is then that of a moment at which the signal was so, its delay ago. Without
    /// it delayed values are those of the present, as they are at rest. Where a signal is read with several delays, all of them are held.
    ///
    /// # Errors
    ///
    /// The model reads no such state or observable with a delay.
    pub fn past(mut self, signal: &str, value: f64) -> Result<Self, DynamicsError> {
        let info = self.engine.info();
        let names = || info.delays.iter().map(|delay| info.signal_name(delay.signal));
        let places: Vec<usize> =
            names().enumerate().filter(|(_, name)| name.as_str() == signal).map(|(index, _)| index).collect();
        if places.is_empty() {
            let hint = suggestion(signal, "signals that are read with a delay", names());
            return Err(DynamicsError::Past { given: signal.to_owned(), hint });
        }
        self.held.extend(places.into_iter().map(|place| (place, value)));
        Ok(self)
    }

    /// The description of the model.
    pub fn info(&self) -> &ModelInfo {
        self.engine.info()
    }

    /// Computes the rates of change at a state, each in its state's unit per ms.
    pub fn rates(&self, states: &[f64]) -> Vec<f64> {
        let inputs = self.inputs_at(states);
        self.engine.rates_at(&Point { states, parameters: &self.parameters, inputs: &inputs })
    }

    /// Computes the derivatives of all rates (rows) by all states (columns), in 1/ms times the ratio of the states' units.
    pub fn jacobian(&self, states: &[f64]) -> Array2<f64> {
        let (info, inputs) = (self.info(), self.inputs_at(states));
        let point = Point { states, parameters: &self.parameters, inputs: &inputs };
        let n = states.len();
        let entries = self.engine.jacobian_at(&point);
        let mut jacobian = Array2::from_shape_fn((n, n), |(i, j)| entries[i * n + j]);
        if !info.delays.is_empty() {
            let delayed = self.delayed_slopes(&point);
            for (row, mut entries) in jacobian.rows_mut().into_iter().enumerate() {
                let unit: Vec<f64> = (0..n).map(|i| if i == row { 1.0 } else { 0.0 }).collect();
                let adjoints = self.engine.rates_vjp_at(&point, &unit, None);
                for (slopes, adjoint) in delayed.rows().into_iter().zip(&adjoints.inputs[info.inputs.len()..])
                {
                    entries.scaled_add(*adjoint, &slopes);
                }
            }
        }
        jacobian
    }

    /// Computes the observables at a state, in the order of the model's description.
    pub fn observables(&self, states: &[f64]) -> Vec<f64> {
        let inputs = self.inputs_at(states);
        self.engine.observables_at(&Point { states, parameters: &self.parameters, inputs: &inputs })
    }

    /// Finds the fixed points inside of a window, which is an interval for each state. Newton's method begins at about a thousand points, so a
    /// fixed point that attracts none of them is missed. They come in the order of their first states.
    ///
    /// # Errors
    ///
    /// Another number of intervals than states, an interval that is empty or not finite.
    pub fn fixed_points(&self, window: &[(f64, f64)]) -> Result<Vec<FixedPoint>, DynamicsError> {
        let states = &self.info().states;
        self.check_length("intervals", window.len())?;
        for (state, &(from, to)) in states.iter().zip(window) {
            if !(from.is_finite() && to.is_finite() && from < to) {
                return Err(DynamicsError::Interval { state: state.name.clone(), from, to });
            }
        }
        let mut found: Vec<FixedPoint> = Vec::new();
        for start in starts(window) {
            if let Some(point) = self.search(&start, window)
                && !found.iter().any(|other| near(&other.states, &point.states, window))
            {
                found.push(point);
            }
        }
        found.sort_by(|a, b| a.states.partial_cmp(&b.states).unwrap_or(std::cmp::Ordering::Equal));
        Ok(found)
    }

    /// Finds the fixed point that Newton's method reaches from a state; `None` where it reaches none.
    ///
    /// # Errors
    ///
    /// Another number of values than states.
    pub fn fixed_point_near(&self, states: &[f64]) -> Result<Option<FixedPoint>, DynamicsError> {
        self.check_length("values", states.len())?;
        let scale: Vec<f64> = states.iter().map(|state| state.abs().max(1e-3)).collect();
        Ok(self.newton(states, &scale))
    }

    /// Reports another number of intervals or values than states.
    fn check_length(&self, what: &'static str, given: usize) -> Result<(), DynamicsError> {
        let states = self.info().states.len();
        if given == states { Ok(()) } else { Err(DynamicsError::Length { what, given, states }) }
    }

    /// Finds the fixed point that Newton's method reaches from a start, if it lies in the window.
    fn search(&self, start: &[f64], window: &[(f64, f64)]) -> Option<FixedPoint> {
        let scale: Vec<f64> = window.iter().map(|(from, to)| to - from).collect();
        let mut point = self.newton(start, &scale)?;
        let slack = |width: f64| DISTINCT * width;
        let inside = point
            .states
            .iter()
            .zip(window)
            .all(|(x, (from, to))| *x >= from - slack(to - from) && *x <= to + slack(to - from));
        // A value within rounding of zero is zero.
        for (x, scale) in point.states.iter_mut().zip(&scale) {
            if x.abs() < 1e-13 * scale {
                *x = 0.0;
            }
        }
        inside.then_some(point)
    }

    /// Finds the fixed point that Newton's method reaches from a start, with its eigenvalues.
    fn newton(&self, start: &[f64], scale: &[f64]) -> Option<FixedPoint> {
        let states = newton::root(start, scale, |x| Array1::from(self.rates(x)), |x| self.jacobian(x))?;
        let eigenvalues = eigenvalues(&self.jacobian(&states))?;
        Some(FixedPoint { states, eigenvalues })
    }

    /// The inputs of the field at a state: the ports, and the delayed values as they are now.
    fn inputs_at(&self, states: &[f64]) -> Vec<f64> {
        let info = self.info();
        let mut inputs = self.inputs.clone();
        let ports = info.inputs.len();
        for (index, delay) in info.delays.iter().enumerate() {
            if let Signal::State(state) = delay.signal {
                inputs[ports + index] = states[state];
            }
        }
        for (index, held) in &self.held {
            inputs[ports + index] = *held;
        }
        let observed = info.delays.iter().enumerate().filter_map(|(index, delay)| match delay.signal {
            Signal::Observable(observable) if !self.is_held(index) => Some((ports + index, observable)),
            _ => None,
        });
        let observed: Vec<(usize, usize)> = observed.collect();
        if observed.is_empty() {
            return inputs;
        }
        // Observables may read delayed values themselves, which are the same values then. They are put in; where that changes them, Newton's method goes on.
        for round in 0..MOST_ROUNDS {
            let point = Point { states, parameters: &self.parameters, inputs: &inputs };
            let now = self.engine.observables_at(&point);
            let mut change = Array1::zeros(info.delays.len());
            for (place, observable) in &observed {
                change[*place - ports] = now[*observable] - inputs[*place];
            }
            if change.iter().all(|change| *change == 0.0) {
                return inputs;
            }
            if round == 0 {
                observed.iter().for_each(|(place, observable)| inputs[*place] = now[*observable]);
                continue;
            }
            let (_, by_delayed) = self.slopes_of_delayed(&point);
            let Some(step) = newton::solve(by_delayed, change) else { break };
            let is_rounding = |(place, _): &(usize, usize)| {
                let size = inputs[*place].abs().max(f64::MIN_POSITIVE);
                step[*place - ports].abs() <= 4.0 * f64::EPSILON * size
            };
            if observed.iter().all(is_rounding) {
                return inputs;
            }
            observed.iter().for_each(|(place, _)| inputs[*place] += step[*place - ports]);
        }
        // Values that nothing fixes are none.
        observed.iter().for_each(|(place, _)| inputs[*place] = f64::NAN);
        inputs
    }

    /// Whether a delayed value has been set.
    fn is_held(&self, delay: usize) -> bool {
        self.held.iter().any(|(held, _)| *held == delay)
    }

    /// The derivatives of the delayed values (rows) by the states, where the delayed values are those of the present: of a state 1, of an observable what
    /// follows from its own derivatives, by the states and by delayed values.
    fn delayed_slopes(&self, point: &Point) -> Array2<f64> {
        let (n, delays) = (point.states.len(), self.info().delays.len());
        let (by_states, by_delayed) = self.slopes_of_delayed(point);
        let mut slopes = Array2::zeros((delays, n));
        for (column, right) in by_states.columns().into_iter().enumerate() {
            let solved = newton::solve(by_delayed.clone(), right.to_owned());
            // Where there is no one solution, no derivative is a number.
            slopes.column_mut(column).assign(&solved.unwrap_or_else(|| Array1::from_elem(delays, f64::NAN)));
        }
        slopes
    }

    /// The derivatives of what is delayed (rows) by the states, and the identity less those by the delayed values.
    fn slopes_of_delayed(&self, point: &Point) -> (Array2<f64>, Array2<f64>) {
        let info = self.info();
        let (n, ports, delays) = (point.states.len(), info.inputs.len(), info.delays.len());
        let mut by_states = Array2::zeros((delays, n));
        let mut by_delayed = Array2::<f64>::eye(delays);
        for (row, delay) in info.delays.iter().enumerate().filter(|(row, _)| !self.is_held(*row)) {
            match delay.signal {
                Signal::State(state) => by_states[[row, state]] = 1.0,
                Signal::Observable(observable) => {
                    let mut unit = vec![0.0; info.observables.len()];
                    unit[observable] = 1.0;
                    let adjoints = self.engine.observables_vjp_at(point, &unit);
                    for (column, slope) in adjoints.states.iter().enumerate() {
                        by_states[[row, column]] = *slope;
                    }
                    for (column, slope) in adjoints.inputs[ports..].iter().enumerate() {
                        by_delayed[[row, column]] -= slope;
                    }
                }
            }
        }
        (by_states, by_delayed)
    }
}

impl std::fmt::Debug for VectorField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VectorField")
            .field("model", &self.info().name)
            .field("parameters", &self.parameters)
            .field("inputs", &self.inputs)
            .finish()
    }
}

/// The points of a window at which Newton's method begins: a grid, or, where a grid of three values an axis had too many points, the sequence of
/// multiples of powers of the generalised golden ratio, which fills a window of any dimension evenly (Roberts 2018).
fn starts(window: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let n = window.len();
    let inside = |shares: &mut dyn FnMut(usize) -> f64| -> Vec<f64> {
        window.iter().enumerate().map(|(axis, (from, to))| from + (to - from) * shares(axis)).collect()
    };
    let per_axis = ((STARTS as f64).powf(1.0 / n.max(1) as f64).round() as usize).max(3);
    let count = (per_axis as f64).powi(n as i32);
    if count <= 1.5 * STARTS as f64 {
        let point = |number: usize| {
            let mut rest = number;
            inside(&mut |_| {
                let step = rest % per_axis;
                rest /= per_axis;
                (step as f64 + 0.5) / per_axis as f64
            })
        };
        return (0..count as usize).map(point).collect();
    }
    // The root of x^(n+1) = x + 1.
    let ratio = (0..60).fold(2.0_f64, |x, _| (1.0 + x).powf(1.0 / (n as f64 + 1.0)));
    (0..STARTS)
        .map(|number| inside(&mut |axis| (0.5 + number as f64 * ratio.powi(-(axis as i32 + 1))).fract()))
        .collect()
}

/// Whether two states count as one.
fn near(a: &[f64], b: &[f64], window: &[(f64, f64)]) -> bool {
    a.iter().zip(b).zip(window).all(|((a, b), (from, to))| (a - b).abs() <= DISTINCT * (to - from))
}

brainmass_spec::debug_as_text!(DynamicsError);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::Stability;
    use brainmass_zoo::{HopfStep, LorenzStep, VanDerPolStep};

    #[test]
    fn lorenz_has_the_origin_and_the_two_steady_rolls() {
        // Lorenz (1963): x = y = +-sqrt(beta (rho - 1)), z = rho - 1; the characteristic equation at the origin is solved by
        // -beta and by -(sigma + 1)/2 +- sqrt((sigma - 1)^2/4 + sigma rho).
        let model = LorenzStep::new(1);
        let points =
            VectorField::new(&model).fixed_points(&[(-25.0, 25.0), (-25.0, 25.0), (-5.0, 50.0)]).unwrap();
        let roll = (8.0_f64 / 3.0 * 27.0).sqrt();
        let expected = [[-roll, -roll, 27.0], [0.0, 0.0, 0.0], [roll, roll, 27.0]];
        assert_eq!(points.len(), 3, "{points:?}");
        for (point, expected) in points.iter().zip(expected) {
            assert!(point.states.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-9), "{point:?}");
        }
        let root = (81.0_f64 / 4.0 + 280.0).sqrt();
        let origin: Vec<f64> = points[1].eigenvalues.iter().map(|value| value.re).collect();
        for (value, expected) in origin.iter().zip([-5.5 + root, -8.0 / 3.0, -5.5 - root]) {
            assert!((value - expected).abs() < 1e-10, "{value} is not {expected}");
        }
        assert_eq!(points[1].stability(), Stability::Saddle);
        assert_eq!(
            points[0].to_string(),
            "unstable focus",
            "above rho = 24.74 the rolls have lost stability"
        );
    }

    #[test]
    fn stability_changes_where_the_theory_says() {
        let at = |a: f64| {
            let model = HopfStep::new(1).a(a).w(0.3);
            let points = VectorField::new(&model).fixed_points(&[(-2.0, 2.0), (-2.0, 2.0)]).unwrap();
            assert_eq!(points.len(), 1);
            (points[0].stability(), points[0].eigenvalues[0])
        };
        assert_eq!(at(-0.1), (Stability::Stable, realfft::num_complex::Complex64::new(-0.1, 0.3)));
        assert_eq!(at(0.1).0, Stability::Unstable);
        assert_eq!(at(0.0).0, Stability::Marginal);
        let oscillator = VanDerPolStep::new(1);
        let rest = VectorField::new(&oscillator).fixed_point_near(&[0.4, -0.3]).unwrap().unwrap();
        assert!(rest.states.iter().all(|x| x.abs() < 1e-12));
    }

    #[test]
    fn delayed_states_count_as_present_ones() {
        let families = brainmass_zoo::families();
        let mut entries = families.iter().flat_map(|family| &family.entries);
        let delayed = entries.find(|entry| entry.name() == "WilsonCowanDelayedStep").unwrap();
        let model = delayed.nodes(1).unwrap();
        let field = VectorField::new(&*model).input("rE_inp", 1.25).unwrap();
        let (at, h) = ([0.2, 0.1], 1e-6);
        let jacobian = field.jacobian(&at);
        for column in 0..2 {
            let moved = |by: f64| {
                let mut x = at;
                x[column] += by;
                field.rates(&x)
            };
            for (row, (plus, minus)) in moved(h).iter().zip(moved(-h)).enumerate() {
                let slope = (plus - minus) / (2.0 * h);
                assert!((jacobian[[row, column]] - slope).abs() < 1e-6 * slope.abs().max(1.0));
            }
        }
    }

    #[test]
    fn mistakes_are_named() {
        let model = HopfStep::new(1);
        let field = VectorField::new(&model);
        assert!(field.clone().input("x_imp", 1.0).unwrap_err().to_string().contains("x_inp"));
        assert_eq!(field.fixed_points(&[]).unwrap_err().to_string(), "0 intervals for a model of 2 states");
        assert!(
            field.fixed_points(&[(0.0, 0.0), (0.0, 1.0)]).unwrap_err().to_string().contains("`x` is 0 to 0")
        );
        assert!(VectorField::node(&model, 1).unwrap_err().to_string().contains("there is no node 1"));
    }
}
