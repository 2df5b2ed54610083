//! Inputs: the drives of input ports.

use std::fmt;
use std::ops::Add;
use std::sync::Arc;

use ndarray::{Array1, Array2};

use crate::noise::{BrownianNoise, ColoredNoise, GaussianNoise, OuProcess, Process, WhiteNoise};
use crate::stimulus::Stimulus;
use brainmass_core::quantity::{Quantity, Values};

/// A function of the number of steps done, the time at the start of the step (ms), and the node.
pub(crate) type Drive = Arc<dyn Fn(usize, f64, usize) -> f64 + Send + Sync>;

/// A source of input, in the port's unit, held over each step. Sources of one port are added:
///
/// ```
/// use brainmass::noise::OuProcess;
/// use brainmass::stimulus::Stimulus;
/// use brainmass::Input;
///
/// let drive = Input::from(0.3) + Stimulus::pulse(0.5).onset(100.0).duration(20.0) + OuProcess::new(0.1, 5.0);
/// assert!(matches!(drive, Input::Sum(terms) if terms.len() == 3));
/// ```
#[derive(Clone)]
pub enum Input {
    /// A constant: one value, or one a node.
    Constant(Values),
    /// Rows of one value or of one a node; each row is held for so many steps.
    Series {
        /// The rows, shape (row, 1) or (row, node).
        rows: Array2<f64>,
        /// The number of steps that a row is held for.
        hold: usize,
    },
    /// A function that is computed in each step.
    Function(Drive),
    /// A noise process.
    Process(Process),
    /// A stimulus.
    Stimulus(Stimulus),
    /// The sum of several inputs.
    Sum(Vec<Input>),
}

impl Input {
    /// Creates a series of one value a step, which all nodes share.
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

    /// Creates an input from a function of the number of steps done, the time at the start of the step in ms, and the node.
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
            Self::Process(process) => process.fmt(f),
            Self::Stimulus(stimulus) => stimulus.fmt(f),
            Self::Sum(terms) => f.debug_tuple("Sum").field(terms).finish(),
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
    /// Creates an input of one constant a node.
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
    /// Creates a series of one value a step, which all nodes share.
    fn from(values: Array1<f64>) -> Self {
        Self::series(values)
    }
}

impl From<Array2<f64>> for Input {
    /// Creates a series of rows, one a step, with a column for each node.
    fn from(rows: Array2<f64>) -> Self {
        Self::Series { rows, hold: 1 }
    }
}

impl<F: Fn(usize, f64) -> f64 + Send + Sync + 'static> From<F> for Input {
    /// Creates an input that all nodes share, from a function of the number of steps done and the time at the start of the step in ms.
    fn from(function: F) -> Self {
        Self::Function(Arc::new(move |step, time, _| function(step, time)))
    }
}

impl<T: Into<Self>> Add<T> for Input {
    type Output = Self;

    fn add(self, other: T) -> Self {
        let mut terms = self.into_terms();
        terms.extend(other.into().into_terms());
        Self::Sum(terms)
    }
}

impl Input {
    /// The terms of a sum, or the input itself.
    fn into_terms(self) -> Vec<Self> {
        match self {
            Self::Sum(terms) => terms,
            one => vec![one],
        }
    }
}

macro_rules! inputs {
    ($($variant:ident($source:ident)),*) => {$(
        impl From<$source> for Input {
            fn from(source: $source) -> Self {
                Self::$variant(source.into())
            }
        }

        impl<T: Into<Input>> Add<T> for $source {
            type Output = Input;

            fn add(self, other: T) -> Input {
                Input::from(self) + other
            }
        }
    )*};
}

inputs! {
    Process(Process), Process(OuProcess), Process(ColoredNoise), Process(BrownianNoise), Process(WhiteNoise),
    Process(GaussianNoise), Stimulus(Stimulus)
}
