//! What drives an input port.

use std::fmt;
use std::sync::Arc;

use ndarray::{Array1, Array2};

use super::RunError;
use crate::info::ModelInfo;
use crate::quantity::{Quantity, Values};

/// A function of the number of steps done, the time at the start of the step (ms), and the node.
type Drive = Arc<dyn Fn(usize, f64, usize) -> f64 + Send + Sync>;

/// A source of input, in the port's unit, held over each step.
#[derive(Clone)]
pub enum Input {
    /// The same in every step: one value, or one a node.
    Constant(Values),
    /// Rows of one value or of one a node; each row is held for so many steps.
    Series {
        /// `(row, 1)` or `(row, node)`.
        rows: Array2<f64>,
        /// Steps a row.
        hold: usize,
    },
    /// Computed in each step.
    Function(Drive),
}

impl Input {
    /// A value a step for all nodes.
    pub fn series(values: Array1<f64>) -> Self {
        let rows = values.len();
        Self::Series { rows: Array2::from_shape_fn((rows, 1), |(row, _)| values[row]), hold: 1 }
    }

    /// Holds each row of a series for `steps` steps. Nothing happens to other inputs.
    pub fn hold(self, steps: usize) -> Self {
        match self {
            Self::Series { rows, .. } => Self::Series { rows, hold: steps },
            other => other,
        }
    }

    /// A function of the number of steps done, the time at the start of the step in ms, and the node.
    pub fn per_node(function: impl Fn(usize, f64, usize) -> f64 + Send + Sync + 'static) -> Self {
        Self::Function(Arc::new(function))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(values) => f.debug_tuple("Constant").field(values).finish(),
            Self::Series { rows, hold } => write!(f, "Series({:?}, hold {hold})", rows.dim()),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

impl From<f64> for Input {
    fn from(value: f64) -> Self {
        Self::Constant(value.into())
    }
}

impl From<Quantity> for Input {
    fn from(value: Quantity) -> Self {
        Self::Constant(value.into())
    }
}

impl From<Vec<f64>> for Input {
    /// One constant a node.
    fn from(values: Vec<f64>) -> Self {
        Self::Constant(values.into())
    }
}

impl From<Values> for Input {
    fn from(values: Values) -> Self {
        Self::Constant(values)
    }
}

impl From<Array1<f64>> for Input {
    /// A value a step for all nodes.
    fn from(values: Array1<f64>) -> Self {
        Self::series(values)
    }
}

impl From<Array2<f64>> for Input {
    /// A row a step, a column a node.
    fn from(rows: Array2<f64>) -> Self {
        Self::Series { rows, hold: 1 }
    }
}

impl<F: Fn(usize, f64) -> f64 + Send + Sync + 'static> From<F> for Input {
    /// The same for all nodes: a function of the number of steps done and the time at the start of the step in ms.
    fn from(function: F) -> Self {
        Self::Function(Arc::new(move |step, time, _| function(step, time)))
    }
}

/// An input checked against a population, ready to fill a port.
#[derive(Clone)]
pub(crate) struct Source {
    port: usize,
    name: &'static str,
    drive: Input,
}

impl Source {
    pub fn new(info: &'static ModelInfo, nodes: usize, port: usize, input: &Input) -> Result<Self, RunError> {
        let name = info.inputs[port].name;
        let unit = info.inputs[port].unit;
        let drive = match input {
            Input::Constant(values) => Input::Constant(Values::PerNode(constant(name, unit, nodes, values)?)),
            Input::Series { rows, hold } => {
                let (n_rows, width) = rows.dim();
                if (width != 1 && width != nodes) || n_rows == 0 || *hold == 0 {
                    let given = format!("({n_rows}, {width}), each row held for {hold} steps");
                    let expected =
                        format!("rows of 1 or {nodes} values are needed, held for at least one step");
                    return Err(RunError::InputShape { port: name, given, expected });
                }
                if let Some(((row, node), &given)) = rows.indexed_iter().find(|(_, value)| !value.is_finite())
                {
                    return Err(RunError::InputNotFinite { port: name, given, step: row * hold, node });
                }
                input.clone()
            }
            Input::Function(_) => input.clone(),
        };
        Ok(Self { port, name, drive })
    }

    /// Reports a series that ends before the run does.
    pub fn covers(&self, steps: usize) -> Result<(), RunError> {
        match &self.drive {
            Input::Series { rows, hold } if rows.nrows().saturating_mul(*hold) < steps => {
                Err(RunError::InputShape {
                    port: self.name,
                    given: format!("{:?}", rows.dim()),
                    expected: format!("{} rows are needed for {steps} steps", steps.div_ceil(*hold)),
                })
            }
            _ => Ok(()),
        }
    }

    /// The port that it drives.
    pub fn port(&self) -> usize {
        self.port
    }

    /// Whether it is the same in every step, so that the port is filled once.
    pub fn is_constant(&self) -> bool {
        matches!(self.drive, Input::Constant(_))
    }

    /// Fills the port for the step after `step` steps, at `time`.
    pub fn fill(&self, step: usize, time: f64, nodes: usize, inputs: &mut [f64]) -> Result<(), RunError> {
        let port = &mut inputs[self.port * nodes..(self.port + 1) * nodes];
        match &self.drive {
            Input::Constant(Values::PerNode(values)) => port.copy_from_slice(values),
            Input::Constant(_) => {}
            Input::Series { rows, hold } => {
                let row = rows.row(step / hold);
                for (node, value) in port.iter_mut().enumerate() {
                    *value = row[if row.len() == 1 { 0 } else { node }];
                }
            }
            Input::Function(function) => {
                for (node, value) in port.iter_mut().enumerate() {
                    *value = function(step, time, node);
                    if !value.is_finite() {
                        return Err(RunError::InputNotFinite { port: self.name, given: *value, step, node });
                    }
                }
            }
        }
        Ok(())
    }
}

fn constant(
    name: &'static str,
    unit: &'static str,
    nodes: usize,
    values: &Values,
) -> Result<Vec<f64>, RunError> {
    let converted = |given: &Quantity| {
        let fault = || RunError::InputUnit { port: name, expected: unit, given: given.to_string() };
        given.in_unit(unit).ok_or_else(fault)
    };
    let list = match values {
        Values::Scalar(value) => vec![*value; nodes],
        Values::Quantity(quantity) => vec![converted(quantity)?; nodes],
        Values::PerNode(values) => values.clone(),
        Values::Quantities(values) => values.iter().map(converted).collect::<Result<_, _>>()?,
    };
    if list.len() != nodes {
        let expected = format!("one value or {nodes} are needed");
        return Err(RunError::InputShape { port: name, given: format!("({})", list.len()), expected });
    }
    match list.iter().position(|value| !value.is_finite()) {
        Some(node) => Err(RunError::InputNotFinite { port: name, given: list[node], step: 0, node }),
        None => Ok(list),
    }
}
