//! The bifurcation diagram over what is swept, followed by continuation, with what the runs settle on beside it.
//!
//! The diagram and the runs must not contradict each other: a run that moves at a value where there is one equilibrium, which is stable, needs a cycle to
//! move on.

use brainmass::continuation::{
    CycleEnd, Diagram, EquilibriumPoint, Parts, Range, Setting as Values, Signal as Seen, Watch,
};
use brainmass::info::Swept;
use brainmass::viz::bifurcation_diagram;

use super::delayed;
use super::runs::Runs;
use super::settle::End;
use crate::site::shown::{Shown, short, unit_text};

/// The most cycles that are followed for a page, and that number times the cube of the number of states, which a cycle costs: the site is built in minutes.
const MOST_CYCLES: usize = 1200;
const MOST_WORK: usize = 250_000;
/// The most cycles of runs that are followed where the diagram lacks them.
const MOST_STARTS: usize = 6;
/// Extremes of a cycle and of a run are the same within this part of the height of the picture.
const SAME: f64 = 0.05;
/// The most special points that a caption lists.
const MOST_LISTED: usize = 8;

/// Draws the diagram; that of a model with delays has equilibria alone, by their characteristic roots.
///
/// # Errors
///
/// The parameter or input that is swept cannot be continued, or the runs contradict the diagram; the message says at which value.
pub fn draw(runs: &Runs) -> Result<Shown, String> {
    let info = runs.item.info();
    let (name, unit) = match runs.over {
        Swept::Parameter(index) => (&info.parameters[index].name, &info.parameters[index].unit),
        Swept::Input(index) => (&info.inputs[index].name, &info.inputs[index].unit),
    };
    let range = Range::new(runs.values[0], runs.values[runs.values.len() - 1]);
    if !info.delays.is_empty() {
        return delayed::draw(runs, &values(runs)?, (name, unit), range);
    }
    let most = (MOST_WORK / info.states.len().pow(3)).min(MOST_CYCLES);
    let watch = Watch::new(move |followed| followed.cycles < most);
    let model = &runs.item.model;
    let diagram = Diagram::watched(model, &values(runs)?, (name.as_str(), range), Parts::All, watch);
    let mut diagram = diagram.map_err(|error| error.to_string())?;
    let signal = diagram.signal(model, Some(runs.signal)).map_err(|error| error.to_string())?;
    complete(&mut diagram, &signal, runs);
    contradicted(&diagram, runs, name)?;
    let caption = caption(&diagram, runs.signal, name, unit);
    let panel = bifurcation_diagram(&diagram, &signal);
    let equilibria = diagram.equilibria.branches.iter().flat_map(|branch| &branch.points);
    let mut heights: Vec<f64> = equilibria.map(|point| signal.at(&point.states, point.value)).collect();
    for cycle in diagram.cycles.branches.iter().flat_map(|branch| &branch.cycles) {
        let (low, high) = signal.extremes(cycle);
        heights.extend([low, high]);
    }
    let special = diagram.equilibria.special().into_iter();
    let mut at: Vec<f64> =
        special.map(|special| signal.at(&special.point.states, special.point.value)).collect();
    at.extend(diagram.cycles.special().into_iter().map(|special| signal.extremes(&special.cycle).1));
    runs.shown(panel, (&heights, &at), caption)
}

/// The parameters and inputs of the page's run, as continuation takes them.
fn values(runs: &Runs) -> Result<Values, String> {
    let nodes = runs.item.nodes(1, Some(runs.setting)).ok_or("it has no nodes")?;
    let population = nodes.population();
    let mut values = Values::of(&runs.item.model);
    for (index, value) in values.parameters.iter_mut().enumerate() {
        *value = population.parameter_at(index, 0);
    }
    for &(index, value) in runs.setting.inputs.iter() {
        values.inputs[index] = value;
    }
    Ok(values)
}

/// Adds the equilibria and cycles that runs have found and the diagram lacks.
fn complete(diagram: &mut Diagram, signal: &Seen, runs: &Runs) {
    let outcome = runs.outcome;
    let mut added = 0;
    for (index, end) in outcome.ends.iter().enumerate() {
        let start = (outcome.last[index].clone(), runs.values[index]);
        match end {
            End::Rest => diagram.equilibria.add_starts(&diagram.equations, &[start]),
            End::Cycle if added < MOST_STARTS && !has_cycle(diagram, signal, runs, index) => {
                added += 1;
                diagram.add_from_states(&[start]);
            }
            _ => {}
        }
    }
}

/// Whether the diagram has a stable cycle with the extremes of a run, as far as its neighbours there tell.
fn has_cycle(diagram: &Diagram, signal: &Seen, runs: &Runs, index: usize) -> bool {
    let (value, slack) = (runs.values[index], SAME * runs.outcome.height());
    diagram.cycles.branches.iter().any(|branch| {
        let mut pairs = branch.cycles.windows(2);
        pairs.any(|pair| {
            let (a, b) = (&pair[0], &pair[1]);
            if (a.value - value) * (b.value - value) > 0.0 || !(a.is_stable() || b.is_stable()) {
                return false;
            }
            let ((low, high), (other_low, other_high)) = (signal.extremes(a), signal.extremes(b));
            let near = |x: f64, a: f64, b: f64| x > a.min(b) - slack && x < a.max(b) + slack;
            near(runs.outcome.low[index], low, other_low) && near(runs.outcome.high[index], high, other_high)
        })
    })
}

/// Reports a run that moves where the diagram has nothing to move on: one equilibrium, which is stable, and no cycle.
fn contradicted(diagram: &Diagram, runs: &Runs, name: &str) -> Result<(), String> {
    for (index, end) in runs.outcome.ends.iter().enumerate() {
        if *end != End::Cycle {
            continue;
        }
        let value = runs.values[index];
        let rests: Vec<EquilibriumPoint> = diagram.equilibria.at(&diagram.equations, value);
        let has_cycles = diagram.cycles.branches.iter().any(|branch| {
            let mut values = branch.cycles.windows(2).map(|pair| (pair[0].value, pair[1].value));
            values.any(|(a, b)| (a - value) * (b - value) <= 0.0)
        });
        if let [rest] = &rests[..]
            && rest.is_stable()
            && !has_cycles
            && !diagram.is_cut()
        {
            let (low, high) = (runs.outcome.low[index], runs.outcome.high[index]);
            return Err(format!(
                "the run contradicts the bifurcation diagram: at {name} = {} the settled {} goes from {} to {}, where the only equilibrium is stable and \
                 there is no cycle",
                short(value),
                runs.signal,
                short(low),
                short(high)
            ));
        }
    }
    Ok(())
}

/// Says what the picture shows.
fn caption(diagram: &Diagram, signal: &str, name: &str, unit: &str) -> String {
    let unit = if unit_text(unit).is_empty() { String::new() } else { format!(" {unit}") };
    let equilibria = diagram.equilibria.special().into_iter();
    let mut special: Vec<(f64, &str)> =
        equilibria.map(|special| (special.point.value, special.kind.letters())).collect();
    special
        .extend(diagram.cycles.special().into_iter().map(|special| (special.value, special.kind.letters())));
    special.sort_by(|a, b| a.0.total_cmp(&b.0));
    let listed: Vec<String> = special
        .iter()
        .take(MOST_LISTED)
        .map(|(value, letters)| format!("{letters} at {}", short(*value)))
        .collect();
    let more = special.len().saturating_sub(MOST_LISTED);
    let mut text = format!(
        "Equilibria and cycles of {signal} over {name}, followed by continuation: stable ones are solid, unstable ones dashed."
    );
    if !listed.is_empty() {
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!(" Special points: {}{more}{unit}.", listed.join(", ")));
    }
    let missing = diagram.without_stable();
    if !missing.is_empty() {
        let parts: Vec<String> = missing
            .iter()
            .map(|(from, to)| format!("from {} to {}{unit}", short(*from), short(*to)))
            .collect();
        text.push_str(&format!(
            " Nothing stable was found {}: runs there settle on what is not shown as a line.",
            parts.join(", ")
        ));
    }
    let is_cut = |end: CycleEnd| matches!(end, CycleEnd::Stopped | CycleEnd::Lost | CycleEnd::Crowded);
    if diagram.cycles.branches.iter().any(|branch| is_cut(branch.end)) {
        text.push_str(" Not all branches of cycles were followed to their ends.");
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::site::zoo::Item;

    /// A model that climbs towards `a` and begins anew at 1: a run moves for ever, and the equations have one equilibrium, which is stable.
    const FIRES: &str = "name: FiresStep\ncategory: network\nstates: {x: {init: 0.1, bounds: {wrap: [0, 1]}}}\n\
                         parameters: {a: {default: 1.5, doc: drive}}\nintegration: {scheme: heun, dt: 0.01 ms}\n\
                         derivatives: {x: '(a - x)/10[ms]'}\n\
                         plots:\n  run: {duration: 100 ms}\n  sweep: {parameter: a, from: 1.5, to: 2, of: x}\n";

    #[test]
    fn a_run_that_contradicts_its_diagram_fails_the_build() {
        let model =
            brainmass_spec::compile_one("fires.yaml", FIRES).unwrap_or_else(|report| panic!("{report}"));
        let item = Item::new(String::new(), model);
        let sweep = item.info().plots.sweep.expect("a sweep");
        let error = super::super::draw(&item, item.run().expect("a run"), &sweep, &[(0.0, 1.0)]).err();
        let error = error.expect("the run moves beside a lone stable equilibrium");
        assert!(error.contains("contradicts the bifurcation diagram: at a = 1.5"), "{error}");
    }
}
