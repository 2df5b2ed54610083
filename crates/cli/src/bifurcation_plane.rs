//! Charts over two parameters, for `brainmass bifurcation --and`.

use brainmass::continuation::{CycleKind, Plane, Region, SpecialKind};
use brainmass::viz::{Dash, Figure, Marker, Panel, Points, Series, Tags};

use crate::bifurcation_report::with_blank;
use crate::failure::Failure;
use crate::table::Table;
use crate::terminal::Terminal;

/// Prints the special points of the curves.
pub fn report(
    plane: &Plane,
    units: [&str; 2],
    subject: &str,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let curves = |kind| plane.curves.iter().filter(|curve| curve.kind == kind).count();
    let of_cycles = |kind| plane.cycle_curves.iter().filter(|curve| curve.kind == kind).count();
    terminal.line(format!(
        "{subject} over {} and {}: {} curves of folds, {} of Hopf points, {} of folds of cycles, {} of period doublings.",
        plane.over[0],
        plane.over[1],
        curves(SpecialKind::Fold),
        curves(SpecialKind::Hopf),
        of_cycles(CycleKind::Fold),
        of_cycles(CycleKind::PeriodDoubling),
    ))?;
    let mut table = Table::new(["", "point", "at", "and", "eigenvalues (1/ms)"]);
    for special in plane.special() {
        let value = |index: usize| {
            let unit = if units[index] == "1" { String::new() } else { format!(" {}", units[index]) };
            format!("{:.7}{unit}", special.values[index])
        };
        let eigenvalues: Vec<String> =
            special.eigenvalues.iter().map(|value| format!("{:.4}{:+.4}i", value.re, value.im)).collect();
        table.row([
            special.kind.letters().to_owned(),
            special.kind.name().to_owned(),
            value(0),
            value(1),
            eigenvalues.join(", "),
        ]);
    }
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))?;
    for curve in &plane.cycle_curves {
        let name = curve_of_cycles(curve.kind);
        for [first, second] in &curve.lost {
            let units = units.map(with_blank);
            terminal.line(format!(
                "A curve of {name} was not followed beyond {} = {first:.6}{}, {} = {second:.6}{}.",
                plane.over[0], units[0], plane.over[1], units[1]
            ))?;
        }
    }
    Ok(())
}

/// Returns the name of a curve of special cycles of a kind.
fn curve_of_cycles(kind: CycleKind) -> &'static str {
    match kind {
        CycleKind::Fold => "folds of cycles",
        CycleKind::PeriodDoubling => "period doublings",
        other => other.name(),
    }
}

/// Draws the curves, with their special points.
pub fn panel(plane: &Plane, units: [&str; 2]) -> Panel {
    let unit = |index: usize| if units[index] == "1" { "" } else { units[index] };
    let mut panel = Panel::new().x_label(&plane.over[0], unit(0)).y_label(&plane.over[1], unit(1));
    let colors = brainmass::viz::PALETTE;
    let mut named: Vec<SpecialKind> = Vec::new();
    for curve in &plane.curves {
        let [x, y] = [0, 1].map(|i| curve.points.iter().map(|point| point.values[i]).collect::<Vec<f64>>());
        let (color, name) = match curve.kind {
            SpecialKind::Hopf => (colors[1], "Hopf points"),
            _ => (colors[0], "folds"),
        };
        let name = if named.contains(&curve.kind) { "" } else { name };
        named.push(curve.kind);
        panel = panel.draw(Series::new(&x[..], &y[..]).color(color).width(1.6).label(name));
    }
    let mut named: Vec<CycleKind> = Vec::new();
    for curve in &plane.cycle_curves {
        let [x, y] = [0, 1].map(|i| curve.points.iter().map(|point| point.values[i]).collect::<Vec<f64>>());
        let color = if curve.kind == CycleKind::Fold { colors[2] } else { colors[4] };
        let name = if named.contains(&curve.kind) { "" } else { curve_of_cycles(curve.kind) };
        named.push(curve.kind);
        let series = Series::new(&x[..], &y[..]).color(color).width(1.4).dash(Dash::Dashed).label(name);
        panel = panel.draw(series);
    }
    let mut kinds: Vec<_> = plane.special().iter().map(|special| special.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for (index, kind) in kinds.into_iter().enumerate() {
        let own: Vec<_> = plane.special().into_iter().filter(|special| special.kind == kind).collect();
        let [x, y] = [0, 1].map(|i| own.iter().map(|special| special.values[i]).collect::<Vec<f64>>());
        let points = Points::new(&x[..], &y[..])
            .color(colors[(index + 2) % colors.len()])
            .radius(4.0)
            .marker(Marker::Filled)
            .label(format!("{} {}", kind.letters(), kind.name()));
        panel = panel.draw(points);
    }
    let special = plane.special();
    let named = special.iter().map(|special| (special.values[0], special.values[1], special.kind.letters()));
    let regions = plane.regions.iter().map(|region| (region.values[0], region.values[1], described(region)));
    panel.draw(Tags::new(named)).draw(Tags::new(regions).centred())
}

/// Says how many equilibria of a region are stable.
fn described(region: &Region) -> String {
    match (region.equilibria, region.stable) {
        (1, 1) => "stable".to_owned(),
        (1, _) => "unstable".to_owned(),
        (all, stable) => format!("{stable} of {all} stable"),
    }
}

/// Makes the figure of a chart.
pub fn figure(plane: &Plane, units: [&str; 2], title: &str) -> Figure {
    Figure::new()
        .title(format!("{title} over {} and {}", plane.over[0], plane.over[1]))
        .panel(panel(plane, units))
}

/// Writes the points of all curves as CSV.
pub fn table(plane: &Plane) -> String {
    let mut text =
        format!("curve,kind,special,{},{},frequency,first_lyapunov,period", plane.over[0], plane.over[1]);
    for state in plane.equations.states() {
        text.push(',');
        text.push_str(state);
    }
    text.push('\n');
    for (number, curve) in plane.curves.iter().enumerate() {
        for (place, point) in curve.points.iter().enumerate() {
            let special = curve.special.iter().find(|(at, _)| *at == place);
            let special = special.map_or("", |(_, special)| special.kind.letters());
            let numbers = [point.values[0], point.values[1], point.frequency, point.first_lyapunov];
            let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
            let states: Vec<String> = point.states.iter().map(f64::to_string).collect();
            text.push_str(&format!(
                "{},{},{special},{},,{}\n",
                number + 1,
                curve.kind.letters(),
                numbers.join(","),
                states.join(",")
            ));
        }
    }
    // Of cycles the states at the start of the period stand for all.
    for (number, curve) in plane.cycle_curves.iter().enumerate() {
        for point in &curve.points {
            let states: Vec<String> = point.cycle.profile.first().iter().map(f64::to_string).collect();
            text.push_str(&format!(
                "{},{},,{},{},,,{},{}\n",
                plane.curves.len() + number + 1,
                curve.kind.letters(),
                point.values[0],
                point.values[1],
                point.cycle.period,
                states.join(",")
            ));
        }
    }
    text
}
