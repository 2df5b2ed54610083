//! The past of a signal before a run begins.

use ndarray::Array2;

use crate::network::{History, NetworkError};
use brainmass_core::quantity::{Quantity, Values};
use brainmass_core::shared::Text;
use brainmass_data::steps::{self, Steps};

/// The value that a source sent so many steps before t = 0: a function of the steps and the source.
pub(crate) type ValueBefore = Box<dyn Fn(usize, usize) -> f64>;

/// Returns the value that each source of a projection sent so many steps before t = 0, in the unit of the signal; at most `longest` steps. `label` is what
/// messages call the projection. A signal of which `is_before` says that it belongs to the state before a step has its value at t = 0 from the history, too: that
/// is the value of 0 steps before.
/// `initial` is what it sends at t = 0.
///
/// # Errors
///
/// The history has another shape, unit or time step, or is not finite.
pub(crate) fn value_before(
    history: &History,
    (label, is_before): (&str, bool),
    unit: &Text,
    initial: &[f64],
    longest: usize,
    dt: f64,
) -> Result<ValueBefore, NetworkError> {
    let projection = || label.to_owned();
    let sources = initial.len();
    let wrong =
        |given: String, expected: String| NetworkError::History { what: projection(), given, expected };
    let shift = usize::from(is_before);
    let needed = longest + shift;
    let rows = match history {
        History::Initial => {
            let initial = initial.to_vec();
            return Ok(Box::new(move |_, source| initial[source]));
        }
        History::Constant(values) => {
            let converted = |given: &Quantity| {
                given.in_unit(unit).ok_or_else(|| NetworkError::HistoryUnit {
                    projection: projection(),
                    expected: unit.clone(),
                    given: Box::new(given.clone()),
                })
            };
            let values = match values {
                Values::Scalar(value) => vec![*value; sources],
                Values::Quantity(quantity) => vec![converted(quantity)?; sources],
                Values::PerNode(values) => values.clone(),
                Values::Quantities(values) => values.iter().map(converted).collect::<Result<_, _>>()?,
            };
            if values.len() != sources {
                return Err(wrong(
                    format!("{} values", values.len()),
                    format!("give one, or one for each of {sources} sources"),
                ));
            }
            Array2::from_shape_fn((needed, sources), |(_, source)| values[source])
        }
        History::Rows { rows, dt: step } => {
            if let Some(given) = step.filter(|step| steps::count(*step, dt).and_then(Steps::whole) != Some(1))
            {
                return Err(wrong(
                    format!("a time step of {given} ms"),
                    format!("that of the run is {dt} ms"),
                ));
            }
            rows.clone()
        }
    };
    let (count, width) = rows.dim();
    if width != sources || count < needed {
        let more = if is_before { ", and one more for t = 0," } else { "" };
        let expected = format!(
            "{sources} sources and a longest delay of {longest} steps{more} need {needed} x {sources}"
        );
        return Err(wrong(format!("{count} rows of {width} values"), expected));
    }
    if let Some(((row, source), value)) = rows.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(wrong(
            format!("{value} in row {row}, source {source}"),
            "a finite number is needed".to_owned(),
        ));
    }
    Ok(Box::new(move |steps, source| rows[[count - steps - shift, source]]))
}
