//! The equations of a node or a small network as a function of its states and of the values that vary, with derivatives up to the third.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use brainmass_spec::differentiate::{HeldValues, along, forward};
use brainmass_spec::graph::{Graph, NodeId, Op, Symbol};
use brainmass_spec::model::{Model, Signal};
use brainmass_spec::problem::suggestion;
use thiserror::Error;

use crate::function::{Function, unary};
use crate::linear::Matrix;
use crate::watch::Watch;

/// A mistake in what is to be continued.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EquationsError {
    /// A name that the model does not have.
    #[error("there is no parameter or input `{given}`: {hint}")]
    Name {
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A name that is none of a state or an observable.
    #[error("there is no state or observable `{given}`: {hint}")]
    Signal {
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A network of a model that reads an observable with a delay.
    #[error(
        "`{name}` reads `{signal}` with a delay, which is no state: linear response of networks goes through delayed states alone"
    )]
    DelayedObservable {
        /// The name of the model.
        name: String,
        /// The name of the observable.
        signal: String,
    },
    /// A model that reads an observable with a delay of which that observable is made.
    #[error(
        "`{name}` reads `{signal}` with a delay, and `{signal}` itself depends on that: continuation needs delayed signals that states and inputs decide"
    )]
    Circle {
        /// The name of the model.
        name: String,
        /// The name of the observable.
        signal: String,
    },
    /// A model that has no equations of its own.
    #[error("`{name}` has no equations of its own to continue")]
    NoEquations {
        /// The name of the model.
        name: String,
    },
}

/// A parameter or an input of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The parameter of this index.
    Parameter(usize),
    /// The input port of this index, driven with a constant.
    Input(usize),
}

impl Quantity {
    /// Finds a parameter or an input port of a model by its name.
    ///
    /// # Errors
    ///
    /// There is none of that name; the error says which may have been meant.
    pub fn find(model: &Model, name: &str) -> Result<Self, EquationsError> {
        let parameter = model.parameters.iter().position(|parameter| parameter.name == name);
        let input = || model.inputs.iter().position(|input| input.name == name);
        match (parameter, input()) {
            (Some(index), _) => Ok(Self::Parameter(index)),
            (None, Some(index)) => Ok(Self::Input(index)),
            (None, None) => {
                let parameters = model.parameters.iter().map(|parameter| parameter.name.as_str());
                let names = parameters.chain(model.inputs.iter().map(|input| input.name.as_str()));
                Err(EquationsError::Name {
                    given: name.to_owned(),
                    hint: suggestion(name, "parameters and inputs", names),
                })
            }
        }
    }
}

/// Finds the states that a model reads with a delay, one a delayed value.
///
/// # Errors
///
/// It reads an observable with a delay.
pub(crate) fn delayed_states(model: &Model) -> Result<Vec<usize>, EquationsError> {
    let state = |signal: Signal| match signal {
        Signal::State(state) => Ok(state),
        Signal::Observable(_) => Err(EquationsError::DelayedObservable {
            name: model.name.clone(),
            signal: model.signal_name(signal).to_owned(),
        }),
    };
    model.delays.iter().map(|delay| state(delay.signal)).collect()
}

/// The values of all parameters and inputs of a model, each in its declared unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The parameters, in the order of the model.
    pub parameters: Vec<f64>,
    /// The constants that drive the input ports, in the order of the model.
    pub inputs: Vec<f64>,
}

impl Setting {
    /// Creates the setting of a model with default parameters and inputs of 0.
    pub fn of(model: &Model) -> Self {
        Self {
            parameters: model.parameters.iter().map(|parameter| parameter.default).collect(),
            inputs: vec![0.0; model.inputs.len()],
        }
    }

    /// Returns the value of a parameter or an input.
    pub fn get(&self, quantity: Quantity) -> f64 {
        match quantity {
            Quantity::Parameter(index) => self.parameters[index],
            Quantity::Input(index) => self.inputs[index],
        }
    }

    /// Sets a parameter or an input.
    pub fn set(&mut self, quantity: Quantity, value: f64) {
        match quantity {
            Quantity::Parameter(index) => self.parameters[index] = value,
            Quantity::Input(index) => self.inputs[index] = value,
        }
    }
}

/// A condition of a piecewise model: where the difference changes its sign, another branch of the equations begins.
#[derive(Debug, Clone)]
struct Switches {
    function: Function,
}

/// The rates of change as a function of states and of values that vary, and its derivatives, all exact.
///
/// A point is a list of the `n` states and the `m` values that vary, in that order. Delayed states count as present ones.
#[derive(Debug)]
pub struct Equations {
    states: Vec<String>,
    free: Vec<String>,
    start: Vec<f64>,
    graph: Graph,
    arguments: Vec<NodeId>,
    rates: Vec<NodeId>,
    rates_function: Function,
    jacobian_function: Function,
    second_function: OnceLock<Function>,
    third_function: OnceLock<Function>,
    switches: Switches,
    room: RefCell<Vec<f64>>,
    watch: Watch,
    /// The values of the last of what varies, where these are held.
    held: Vec<f64>,
}

impl Equations {
    /// Makes the equations of one node of a model at a setting, in which some parameters or inputs vary.
    ///
    /// # Errors
    ///
    /// The model is a rule or a stack of layers, which has no rates of change, or it reads an observable with a delay that depends on what is read.
    pub fn new(model: &Model, setting: &Setting, free: &[Quantity]) -> Result<Self, EquationsError> {
        let rates = model.right_hand_side();
        if rates.is_empty() || rates.len() != model.states.len() {
            return Err(EquationsError::NoEquations { name: model.name.clone() });
        }
        check_circles(model)?;
        let (graph, rates) = copied(model, setting, free, &rates);
        let name = |quantity: &Quantity| match *quantity {
            Quantity::Parameter(index) => model.parameters[index].name.clone(),
            Quantity::Input(index) => model.inputs[index].name.clone(),
        };
        Ok(Self::of_graph(
            graph,
            rates,
            model.states.iter().map(|state| state.name.clone()).collect(),
            free.iter().map(name).collect(),
            model.states.iter().map(|state| state.init).collect(),
        ))
    }

    /// Makes the equations of rates that depend on the symbols `State(i)` and, for the values that vary, `Parameter(i)`.
    pub(crate) fn of_graph(
        mut graph: Graph,
        rates: Vec<NodeId>,
        states: Vec<String>,
        free: Vec<String>,
        start: Vec<f64>,
    ) -> Self {
        let symbols = symbols(states.len(), free.len());
        let arguments: Vec<NodeId> = symbols.iter().map(|symbol| graph.symbol(*symbol)).collect();
        let columns: Vec<Vec<NodeId>> =
            symbols.iter().map(|symbol| forward(&mut graph, &rates, *symbol, HeldValues::Varying)).collect();
        let entries: Vec<NodeId> =
            (0..rates.len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
        let both = [rates.clone(), entries].concat();
        let conditions = differences(&mut graph, &rates);
        Self {
            states,
            free,
            start,
            rates_function: Function::new(&graph, &arguments, &rates),
            jacobian_function: Function::new(&graph, &arguments, &both),
            switches: Switches { function: Function::new(&graph, &arguments, &conditions) },
            second_function: OnceLock::new(),
            third_function: OnceLock::new(),
            graph,
            arguments,
            rates,
            room: RefCell::default(),
            watch: Watch::default(),
            held: Vec::new(),
        }
    }

    /// Lets a watch listen to what is computed with the equations.
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// Holds the last of the values that vary: points are then given without them.
    pub(crate) fn hold(&mut self, values: &[f64]) {
        self.held = values.to_vec();
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Returns the number of states.
    pub fn n_states(&self) -> usize {
        self.states.len()
    }

    /// Returns the number of states and of values that vary together.
    pub fn n_variables(&self) -> usize {
        self.arguments.len() - self.held.len()
    }

    /// Returns the names of the states.
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// Returns the names of the values that vary.
    pub fn free(&self) -> &[String] {
        &self.free
    }

    /// Returns the states from which a run of the model begins.
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// Computes the rates of change at a point, in the units of the states per ms.
    pub fn rates(&self, point: &[f64]) -> Vec<f64> {
        self.rates_function.compute(&[point, &self.held], &mut self.room.borrow_mut())
    }

    /// Computes the rates of change and their derivatives by all states and values that vary: a matrix of `n` rows and `n + m` columns.
    pub fn linearised(&self, point: &[f64]) -> (Vec<f64>, Matrix<f64>) {
        let mut all = self.jacobian_function.compute(&[point, &self.held], &mut self.room.borrow_mut());
        let entries = all.split_off(self.n_states());
        (all, Matrix::from_entries(self.n_states(), self.arguments.len(), entries))
    }

    /// Computes the same as one list: the rates, then the derivatives row by row.
    pub(crate) fn linearised_into(&self, point: &[f64], results: &mut Vec<f64>) {
        self.jacobian_function.compute_into(&[point, &self.held], &mut self.room.borrow_mut(), results);
    }

    /// Computes the derivatives by the states alone, a square matrix.
    pub fn jacobian(&self, point: &[f64]) -> Matrix<f64> {
        self.linearised(point).1.first_columns(self.n_states())
    }

    /// Computes the second derivatives along a direction of `n + m` numbers: the derivatives of the product of Jacobian and direction by all states and
    /// values that vary.
    pub fn second(&self, point: &[f64], direction: &[f64]) -> Matrix<f64> {
        let function = self.second_function.get_or_init(|| {
            let (mut graph, symbols) = (self.graph.clone(), symbols(self.n_states(), self.free.len()));
            let (first, names) = directions(&mut graph, &symbols, Symbol::Adjoint);
            let once = along(&mut graph, &self.rates, &first, HeldValues::Varying);
            let columns: Vec<Vec<NodeId>> = symbols
                .iter()
                .map(|symbol| forward(&mut graph, &once, *symbol, HeldValues::Varying))
                .collect();
            let entries: Vec<NodeId> =
                (0..once.len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
            Function::new(&graph, &[self.arguments.clone(), names].concat(), &entries)
        });
        let entries = function.compute(&[point, direction], &mut self.room.borrow_mut());
        Matrix::from_entries(self.n_states(), self.n_variables(), entries)
    }

    /// Computes the third derivative along three directions of `n + m` numbers each.
    pub fn third(&self, point: &[f64], a: &[f64], b: &[f64], c: &[f64]) -> Vec<f64> {
        let function = self.third_function.get_or_init(|| {
            let (mut graph, symbols) = (self.graph.clone(), symbols(self.n_states(), self.free.len()));
            let kinds: [fn(u16) -> Symbol; 3] = [Symbol::Adjoint, Symbol::DiagonalAdjoint, Symbol::Source];
            let (mut roots, mut arguments) = (self.rates.clone(), self.arguments.clone());
            for kind in kinds {
                let (direction, names) = directions(&mut graph, &symbols, kind);
                roots = along(&mut graph, &roots, &direction, HeldValues::Varying);
                arguments.extend(names);
            }
            Function::new(&graph, &arguments, &roots)
        });
        function.compute(&[point, a, b, c], &mut self.room.borrow_mut())
    }

    /// Computes the differences whose signs decide between the pieces of a piecewise model; an empty list for a smooth one.
    pub fn switches(&self, point: &[f64]) -> Vec<f64> {
        self.switches.function.compute(&[point], &mut self.room.borrow_mut())
    }
}

/// Copies nodes of a model's graph, where parameters and inputs that do not vary have their values and delayed states are present ones.
pub(crate) fn copied(
    model: &Model,
    setting: &Setting,
    free: &[Quantity],
    roots: &[NodeId],
) -> (Graph, Vec<NodeId>) {
    let mut graph = Graph::beside(&model.graph);
    let roots =
        copy(&model.graph, roots, &mut graph, |graph, symbol| present(graph, model, setting, free, symbol));
    (graph, roots)
}

/// The node of a symbol in a copy of a model's graph. A delayed observable is what its expression is at present, which may be made of delayed values in turn.
fn present(graph: &mut Graph, model: &Model, setting: &Setting, free: &[Quantity], symbol: Symbol) -> NodeId {
    match symbol {
        Symbol::Parameter(index) => given(graph, free, Quantity::Parameter(usize::from(index)), setting),
        Symbol::Input(index) if usize::from(index) < model.inputs.len() => {
            given(graph, free, Quantity::Input(usize::from(index)), setting)
        }
        Symbol::Input(index) => match model.delays[usize::from(index) - model.inputs.len()].signal {
            Signal::State(state) => graph.symbol(Symbol::State(state as u16)),
            Signal::Observable(observable) => {
                let root = model.observables[observable].node;
                let value = |graph: &mut Graph, symbol| present(graph, model, setting, free, symbol);
                copy(&model.graph, &[root], graph, value)[0]
            }
        },
        other => graph.symbol(other),
    }
}

/// Makes sure that no delayed observable depends on itself.
fn check_circles(model: &Model) -> Result<(), EquationsError> {
    // The delayed values that each of them reads in turn.
    let reads: Vec<Vec<usize>> = model.delays.iter().map(|delay| delays_read(model, delay.signal)).collect();
    for (index, delay) in model.delays.iter().enumerate() {
        let (mut reached, mut next) = (vec![false; reads.len()], reads[index].clone());
        while let Some(other) = next.pop() {
            if !std::mem::replace(&mut reached[other], true) {
                next.extend(&reads[other]);
            }
        }
        let is_own =
            |(other, reached): (usize, &bool)| *reached && model.delays[other].signal == delay.signal;
        if reached.iter().enumerate().any(is_own) {
            let signal = model.signal_name(delay.signal).to_owned();
            return Err(EquationsError::Circle { name: model.name.clone(), signal });
        }
    }
    Ok(())
}

/// The delayed values that a signal is made of, by their places.
fn delays_read(model: &Model, signal: Signal) -> Vec<usize> {
    let Signal::Observable(observable) = signal else { return Vec::new() };
    let needed = model.graph.reachable(&[model.observables[observable].node]);
    let ids = model.graph.ids().filter(|id| needed.get(id.index()) == Some(&true));
    ids.filter_map(|id| match model.graph.op(id) {
        Op::Symbol(Symbol::Input(index)) => usize::from(index).checked_sub(model.inputs.len()),
        _ => None,
    })
    .collect()
}

/// The symbols of a point: states, then values that vary.
fn symbols(states: usize, free: usize) -> Vec<Symbol> {
    let states = (0..states).map(|i| Symbol::State(i as u16));
    states.chain((0..free).map(|i| Symbol::Parameter(i as u16))).collect()
}

/// A direction of symbols: each symbol of a point with the symbol of its rate, and the nodes of these.
fn directions(
    graph: &mut Graph,
    symbols: &[Symbol],
    kind: fn(u16) -> Symbol,
) -> (Vec<(Symbol, NodeId)>, Vec<NodeId>) {
    let names: Vec<NodeId> = (0..symbols.len()).map(|i| graph.symbol(kind(i as u16))).collect();
    (symbols.iter().copied().zip(names.iter().copied()).collect(), names)
}

/// The node of a parameter or input: a symbol if it varies, else its value.
fn given(graph: &mut Graph, free: &[Quantity], quantity: Quantity, setting: &Setting) -> NodeId {
    match free.iter().position(|other| *other == quantity) {
        Some(place) => graph.symbol(Symbol::Parameter(place as u16)),
        None => graph.constant(setting.get(quantity)),
    }
}

/// Copies nodes of a graph into another one, where symbols are replaced and what has become constant is computed.
pub(crate) fn copy(
    from: &Graph,
    roots: &[NodeId],
    to: &mut Graph,
    mut value: impl FnMut(&mut Graph, Symbol) -> NodeId,
) -> Vec<NodeId> {
    let needed = from.reachable(roots);
    let mut moved: HashMap<NodeId, NodeId> = HashMap::new();
    for id in from.ids().filter(|id| needed[id.index()]) {
        let at = |id: NodeId| moved[&id];
        let new = match from.op(id) {
            Op::Constant(bits) => to.constant(f64::from_bits(bits)),
            Op::Symbol(symbol) => value(to, symbol),
            Op::Add(a, b) => to.add(at(a), at(b)),
            Op::Subtract(a, b) => to.subtract(at(a), at(b)),
            Op::Multiply(a, b) => to.multiply(at(a), at(b)),
            Op::Divide(a, b) => to.divide(at(a), at(b)),
            Op::Negate(a) => to.negate(at(a)),
            Op::PowerInteger(a, exponent) => to.power_integer(at(a), exponent),
            Op::Power(a, b) => to.power(at(a), at(b)),
            Op::Atan2(a, b) => to.atan2(at(a), at(b)),
            Op::Table(look_up, a, b) => to.look_up(look_up, at(a), b.map(at)),
            Op::Unary(function, a) => match to.value(at(a)).map(|a| unary(function, a)) {
                Some(value) if value.is_finite() => to.constant(value),
                _ => to.unary(function, at(a)),
            },
            Op::Min(a, b) => to.min(at(a), at(b)),
            Op::Max(a, b) => to.max(at(a), at(b)),
            Op::Compare(compare, a, b) => to.compare(compare, at(a), at(b)),
            Op::And(a, b) => to.and(at(a), at(b)),
            Op::Or(a, b) => to.or(at(a), at(b)),
            Op::Not(a) => to.not(at(a)),
            Op::Select(condition, yes, no) => to.select(at(condition), at(yes), at(no)),
            Op::Held(a) => at(a),
        };
        moved.insert(id, new);
    }
    roots.iter().map(|root| moved[root]).collect()
}

/// The differences whose signs decide between pieces: of the sides of comparisons, of what `min` and `max` choose from, and what `abs` is taken of.
fn differences(graph: &mut Graph, rates: &[NodeId]) -> Vec<NodeId> {
    let needed = graph.reachable(rates);
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed.get(id.index()) == Some(&true)).collect();
    let mut found = Vec::new();
    for id in ids {
        let difference = match graph.op(id) {
            Op::Compare(_, a, b) | Op::Min(a, b) | Op::Max(a, b) => graph.subtract(a, b),
            Op::Unary(brainmass_spec::graph::Unary::Abs | brainmass_spec::graph::Unary::Sign, a) => a,
            _ => continue,
        };
        if graph.value(difference).is_none() && !found.contains(&difference) {
            found.push(difference);
        }
    }
    found
}
