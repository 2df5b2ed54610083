//! The equilibria of a model that reads its own states with delays, over what is swept, with what the runs settle on beside them.
//!
//! Stability is that of the characteristic roots, and Hopf points are where a pair of these is imaginary. Cycles are not followed; the runs show them.

use brainmass::continuation::{
    DelayedEquilibrium, DelayedNode, Equilibria, Quantity, Range, Setting, Signal,
};
use brainmass::viz::delayed_bifurcation_diagram;

use super::runs::Runs;
use super::settle::{AGREED, End};
use crate::site::shown::{Shown, short, unit_text};

/// The characteristic roots that tell whether an equilibrium is stable.
const ROOTS: usize = 6;

/// Draws the diagram over a value of this name and unit.
///
/// # Errors
///
/// An error is returned where the swept quantity cannot be continued or the runs contradict the diagram; it says at which value.
pub fn draw(
    runs: &Runs,
    values: &Setting,
    (name, unit): (&str, &str),
    range: Range,
) -> Result<Shown, String> {
    let model = &runs.item.model;
    let node = DelayedNode::new(model, values, name).map_err(|error| error.to_string())?;
    let mut equilibria = Equilibria::search(node.equations(), range);
    for (index, _) in runs.outcome.ends.iter().enumerate().filter(|(_, end)| **end == End::Rest) {
        let start = (runs.outcome.last[index].clone(), runs.values[index]);
        equilibria.add_starts(node.equations(), &[start]);
    }
    let quantity = Quantity::find(model, name).map_err(|error| error.to_string())?;
    let signal =
        Signal::find(model, values, &[quantity], Some(runs.signal)).map_err(|error| error.to_string())?;
    let branches = node.branches(&equilibria);
    let hopf = node.hopf_points_of(&branches, range);
    let at = |value: f64| node.at(&equilibria, value, ROOTS);
    contradicted(runs, &at, &signal, !hopf.is_empty(), name)?;

    let unit_of = if unit_text(unit).is_empty() { String::new() } else { format!(" {unit}") };
    let mut special: Vec<(f64, &str)> = hopf.iter().map(|hopf| (hopf.point.value, "HB")).collect();
    let others = equilibria.special();
    let others = others.iter().filter(|special| special.kind.letters() != "HB");
    special.extend(others.map(|special| (special.point.value, special.kind.letters())));
    special.sort_by(|a, b| a.0.total_cmp(&b.0));
    let listed: Vec<String> =
        special.iter().map(|(value, letters)| format!("{letters} at {}", short(*value))).collect();
    let mut caption = format!(
        "Equilibria of {} over {name}, followed by continuation: stable ones are solid, unstable ones dashed, by the characteristic roots of the equations \
         with their delays. Cycles are not followed; the runs show the stable ones.",
        runs.signal
    );
    if !listed.is_empty() {
        caption.push_str(&format!(" Special points: {}{unit_of}.", listed.join(", ")));
    }
    let panel = delayed_bifurcation_diagram((name, unit), &equilibria, &branches, &hopf, &signal);
    let points = branches.iter().flatten();
    let heights: Vec<f64> = points.map(|point| signal.at(&point.states, point.value)).collect();
    let of_hopf = hopf.iter().map(|hopf| (&hopf.point.states, hopf.point.value));
    let of_others = equilibria.special();
    let of_others = of_others.iter().filter(|special| special.kind.letters() != "HB");
    let places = of_hopf.chain(of_others.map(|special| (&special.point.states, special.point.value)));
    let at: Vec<f64> = places.map(|(states, value)| signal.at(states, value)).collect();
    runs.shown(panel, (&heights, &at), caption)
}

/// Reports a run that rests where no equilibrium is stable, and one that moves where a lone equilibrium is stable and there is no Hopf point, from which cycles
/// beside a stable equilibrium would come.
fn contradicted(
    runs: &Runs,
    at: &dyn Fn(f64) -> Vec<DelayedEquilibrium>,
    signal: &Signal,
    has_hopf: bool,
    name: &str,
) -> Result<(), String> {
    let outcome = runs.outcome;
    for (index, end) in outcome.ends.iter().enumerate() {
        let (value, low, high) = (runs.values[index], outcome.low[index], outcome.high[index]);
        let place = format!("at {name} = {} the settled {}", short(value), runs.signal);
        match end {
            End::Rest => {
                let is_near = |rest: &DelayedEquilibrium| {
                    let height = signal.at(&rest.states, rest.value);
                    (height - 0.5 * (low + high)).abs() <= AGREED * outcome.height()
                };
                if !at(value).iter().any(|rest| is_near(rest) && rest.unstable() == 0) {
                    return Err(format!(
                        "the run contradicts the bifurcation diagram: {place} rests at {}, where there is no stable equilibrium",
                        short(0.5 * (low + high))
                    ));
                }
            }
            End::Cycle if !has_hopf => {
                if matches!(&at(value)[..], [rest] if rest.unstable() == 0) {
                    return Err(format!(
                        "the run contradicts the bifurcation diagram: {place} goes from {} to {}, where the only equilibrium is stable",
                        short(low),
                        short(high)
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
