//! Phase responses of cycles, for `brainmass bifurcation --phase-response`.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use brainmass::continuation::{CyclePoint, Diagram, PhaseResponse, Signal};
use brainmass::viz::{Figure, PALETTE, Panel, Series};

use crate::bifurcation_report::with_blank;
use crate::failure::Failure;
use crate::table::Table;
use crate::terminal::Terminal;

/// The number of phases at which responses are drawn and written.
const SAMPLES: usize = 400;

/// A cycle and its phase response, over phases that begin where the signal that is shown is largest.
pub struct Response {
    cycle: CyclePoint,
    response: PhaseResponse,
    /// The share of the period at which the phase is 0.
    start: f64,
}

/// Computes the phase responses of all cycles at a value.
pub fn of(diagram: &Diagram, signal: &Signal, value: f64) -> Result<Vec<Response>, Failure> {
    let unit = with_blank(&diagram.unit);
    let cycles = diagram.cycles.at(&diagram.equations, value);
    if cycles.is_empty() {
        let failure = Failure::new(format!("there is no cycle at {} = {value}{unit}", diagram.over));
        return Err(failure.hint("without `--phase-response` the command shows where cycles are"));
    }
    let all = cycles.into_iter().filter_map(|cycle| {
        let response = cycle.phase_response(&diagram.equations)?;
        let shares = (0..SAMPLES).map(|i| i as f64 / SAMPLES as f64);
        let of = |share: f64| signal.at(&cycle.profile.at(share), value);
        let start = shares.max_by(|a, b| of(*a).total_cmp(&of(*b))).unwrap_or(0.0);
        Some(Response { cycle, response, start })
    });
    let all: Vec<Response> = all.collect();
    match all.is_empty() {
        false => Ok(all),
        true => Err(Failure::new(format!(
            "the multipliers of the cycle at {} = {value}{unit} are too large for a phase response",
            diagram.over
        ))),
    }
}

impl Response {
    /// The states and the responses at a phase from 0 to 1.
    fn at(&self, phase: f64) -> (Vec<f64>, Vec<f64>) {
        let share = (self.start + phase).rem_euclid(1.0);
        (self.cycle.profile.at(share), self.response.response.at(share))
    }
}

/// Prints the largest advance and the largest delay by each state.
pub fn print(
    all: &[Response],
    diagram: &Diagram,
    signal: &Signal,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let unit = with_blank(&diagram.unit);
    for response in all {
        terminal.line(format!(
            "A {} cycle at {} = {}{unit}, period {:.6} ms; its phase is 0 where {} is largest.",
            if response.cycle.is_stable() { "stable" } else { "unstable" },
            diagram.over,
            response.cycle.value,
            response.response.period,
            signal.name
        ))?;
        let mut table = Table::new([
            "state",
            "largest advance (rad per unit)",
            "at phase (rad)",
            "largest delay",
            "at phase",
        ]);
        for (index, state) in diagram.equations.states().iter().enumerate() {
            let samples = (0..SAMPLES)
                .map(|i| i as f64 / SAMPLES as f64)
                .map(|phase| (response.at(phase).1[index], phase));
            let samples: Vec<(f64, f64)> = samples.collect();
            let extreme = |sign: f64| {
                let largest = samples.iter().max_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
                largest.map_or((0.0, 0.0), |(value, phase)| (*value, TAU * phase))
            };
            let (advance, delay) = (extreme(1.0), extreme(-1.0));
            table.row([
                state.clone(),
                format!("{:.6}", advance.0),
                format!("{:.4}", advance.1),
                format!("{:.6}", delay.0),
                format!("{:.4}", delay.1),
            ]);
        }
        table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))?;
    }
    Ok(())
}

/// Writes states and responses over one period as CSV.
pub fn table(all: &[Response], diagram: &Diagram) -> String {
    let mut text = "cycle,phase,time".to_owned();
    for state in diagram.equations.states() {
        let _ = write!(text, ",{state},response_{state}");
    }
    text.push('\n');
    for (number, response) in all.iter().enumerate() {
        for i in 0..=SAMPLES {
            let phase = i as f64 / SAMPLES as f64;
            let (states, responses) = response.at(phase);
            let _ = write!(text, "{},{},{}", number + 1, TAU * phase, phase * response.response.period);
            for (state, response) in states.iter().zip(&responses) {
                let _ = write!(text, ",{state},{response}");
            }
            text.push('\n');
        }
    }
    text
}

/// Draws the signal over one period, and the response to pushes of each state in a panel of its own, as their units differ.
pub fn figure(all: &[Response], diagram: &Diagram, signal: &Signal, units: &[&str], title: &str) -> Figure {
    let phases: Vec<f64> = (0..=SAMPLES).map(|i| TAU * i as f64 / SAMPLES as f64).collect();
    let panel = |name: &str, unit: &str, value: &dyn Fn(&Response, f64) -> f64| {
        let mut panel = Panel::new().x_label("phase", "rad").y_label(name, unit);
        for (line, response) in all.iter().enumerate() {
            let y: Vec<f64> = phases.iter().map(|phase| value(response, phase / TAU)).collect();
            let stable = if response.cycle.is_stable() { "stable" } else { "unstable" };
            let label = format!("{stable}, {:.4} ms", response.response.period);
            let label = if all.len() > 1 { label } else { String::new() };
            panel = panel
                .draw(Series::new(&phases[..], &y[..]).color(PALETTE[line % PALETTE.len()]).label(label));
        }
        panel
    };
    let unit = if signal.unit == "1" { "" } else { signal.unit.as_str() };
    let course = |response: &Response, phase: f64| signal.at(&response.at(phase).0, response.cycle.value);
    let mut figure = Figure::new().title(title).columns(2).panel(panel(&signal.name, unit, &course));
    for (index, (state, unit)) in diagram.equations.states().iter().zip(units).enumerate() {
        let per = if *unit == "1" { "rad".to_owned() } else { format!("rad per {unit}") };
        figure = figure
            .panel(panel(&format!("push of {state}"), &per, &|response, phase| response.at(phase).1[index]));
    }
    figure
}
