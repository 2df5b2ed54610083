//! Bifurcation diagrams as panels.

use brainmass_continuation::{
    CycleBranch, CycleKind, DelayedEquilibrium, DelayedHopf, Diagram, Equilibria, EquilibriumBranch, Signal,
    SpecialKind,
};
use brainmass_viz::{Color, Dash, Marker, PALETTE, Panel, Points, Series, Tags};

/// The most special points that are named beside their marks.
const MOST_TAGS: usize = 24;

/// Draws a bifurcation diagram of a state or an observable: stable equilibria as solid lines and unstable ones dashed, cycles by their smallest and
/// largest values, special points marked and named in the legend.
///
/// ```
/// use brainmass::Zoo;
/// use brainmass::continuation::{Diagram, Range, Setting};
/// use brainmass::viz::{Figure, bifurcation_diagram};
///
/// let model = Zoo::default().checked("FitzHughNagumoStep")?;
/// let diagram = Diagram::new(&model, &Setting::of(&model), "V_inp", Range::new(0.0, 2.0))?;
/// let panel = bifurcation_diagram(&diagram, &diagram.signal(&model, Some("V"))?);
/// assert!(Figure::new().panel(panel).to_svg()?.contains("Hopf"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bifurcation_diagram(diagram: &Diagram, signal: &Signal) -> Panel {
    let unit = |unit: &str| if unit == "1" { String::new() } else { unit.to_owned() };
    let panel =
        Panel::new().x_label(&diagram.over, unit(&diagram.unit)).y_label(&signal.name, unit(&signal.unit));
    let mut drawing = Drawing { panel: Some(panel), named: Vec::new() };
    for branch in &diagram.equilibria.branches {
        drawing.equilibria(branch, signal);
    }
    for branch in &diagram.cycles.branches {
        drawing.cycles(branch, signal);
    }
    drawing.special(diagram, signal);
    drawing.panel.unwrap_or_default()
}

/// Draws the equilibria of a model that reads its own states with delays over a value of this name and unit: those at which all characteristic roots decay as solid
/// lines and others dashed, with folds, branch points and Hopf points. `branches` has the roots at all points of the equilibria, see
/// [`DelayedNode::branches`](brainmass_continuation::DelayedNode::branches); cycles are not followed.
pub fn delayed_bifurcation_diagram(
    (name, unit): (&str, &str),
    equilibria: &Equilibria,
    branches: &[Vec<DelayedEquilibrium>],
    hopf: &[DelayedHopf],
    signal: &Signal,
) -> Panel {
    let written = |unit: &str| if unit == "1" { String::new() } else { unit.to_owned() };
    let panel = Panel::new().x_label(name, written(unit)).y_label(&signal.name, written(&signal.unit));
    let mut drawing = Drawing { panel: Some(panel), named: Vec::new() };
    for branch in branches {
        let mut from = 0;
        for to in 1..=branch.len() {
            let is_stable = |place: usize| branch[place].unstable() == 0;
            if to < branch.len() && is_stable(to) == is_stable(from) {
                continue;
            }
            // A part reaches to the first point of the next one.
            let part = &branch[from..(to + 1).min(branch.len())];
            let x = part.iter().map(|point| point.value).collect();
            let y = part.iter().map(|point| signal.at(&point.states, point.value)).collect();
            drawing.line(x, y, PALETTE[0], is_stable(from), "equilibrium");
            from = to;
        }
    }
    let mut marks: Vec<(String, f64, f64, Marker)> = Vec::new();
    // Folds and branch points are the same with delays and without.
    let special = equilibria.special();
    for special in special.iter().filter(|special| special.kind != SpecialKind::Hopf) {
        let name = format!("{} {}", special.kind.letters(), special.kind.name());
        let point = &special.point;
        marks.push((name, point.value, signal.at(&point.states, point.value), Marker::Filled));
    }
    for DelayedHopf { point, .. } in hopf {
        let name = format!("{} {}", SpecialKind::Hopf.letters(), SpecialKind::Hopf.name());
        marks.push((name, point.value, signal.at(&point.states, point.value), Marker::Filled));
    }
    drawing.marks(marks);
    drawing.panel.unwrap_or_default()
}

/// A panel that is being drawn, and the names that its legend has.
struct Drawing {
    panel: Option<Panel>,
    named: Vec<String>,
}

impl Drawing {
    /// Returns a name the first time that it is asked for.
    fn name(&mut self, name: &str) -> String {
        if self.named.iter().any(|known| known == name) {
            return String::new();
        }
        self.named.push(name.to_owned());
        name.to_owned()
    }

    fn line(&mut self, x: Vec<f64>, y: Vec<f64>, color: Color, is_stable: bool, name: &str) {
        let (dash, width) = if is_stable { (Dash::Solid, 1.8) } else { (Dash::Dashed, 1.2) };
        let name = self.name(&format!("{} {name}", if is_stable { "stable" } else { "unstable" }));
        let series = Series::new(&x[..], &y[..]).color(color).dash(dash).width(width).label(name);
        self.panel = self.panel.take().map(|panel| panel.draw(series));
    }

    fn equilibria(&mut self, branch: &EquilibriumBranch, signal: &Signal) {
        for (range, unstable) in branch.stretches() {
            let points = &branch.points[range];
            let x = points.iter().map(|point| point.value).collect();
            let y = points.iter().map(|point| signal.at(&point.states, point.value)).collect();
            self.line(x, y, PALETTE[0], unstable == 0, "equilibrium");
        }
    }

    fn cycles(&mut self, branch: &CycleBranch, signal: &Signal) {
        for (range, is_stable) in branch.stretches() {
            let cycles = &branch.cycles[range];
            let x: Vec<f64> = cycles.iter().map(|cycle| cycle.value).collect();
            let (low, high) = cycles.iter().map(|cycle| signal.extremes(cycle)).unzip();
            self.line(x.clone(), low, PALETTE[1], is_stable, "cycle (min, max)");
            self.line(x, high, PALETTE[1], is_stable, "cycle (min, max)");
        }
    }

    fn special(&mut self, diagram: &Diagram, signal: &Signal) {
        let mut marks: Vec<(String, f64, f64, Marker)> = Vec::new();
        for special in diagram.equilibria.special() {
            let name = format!("{} {}", special.kind.letters(), special.kind.name());
            let point = &special.point;
            marks.push((name, point.value, signal.at(&point.states, point.value), Marker::Filled));
        }
        for special in diagram.cycles.special() {
            let name = match special.kind {
                CycleKind::SaddleNodeOnCircle => "SNIC".to_owned(),
                kind => format!("{} {}", kind.letters(), kind.name()),
            };
            let (low, high) = signal.extremes(&special.cycle);
            marks.push((name.clone(), special.value, low, Marker::Open));
            marks.push((name, special.value, high, Marker::Open));
        }
        self.marks(marks);
    }

    /// Draws points with their names, the first word of which stands beside them.
    fn marks(&mut self, marks: Vec<(String, f64, f64, Marker)>) {
        let tags = marks.iter().map(|(name, x, y, _)| (*x, *y, name.split(' ').next().unwrap_or_default()));
        let tags = Tags::new(tags.take(MOST_TAGS));
        let mut kinds: Vec<String> = Vec::new();
        for (name, ..) in &marks {
            if !kinds.contains(name) {
                kinds.push(name.clone());
            }
        }
        for (index, kind) in kinds.into_iter().enumerate() {
            let of_kind: Vec<_> = marks.iter().filter(|mark| mark.0 == kind).collect();
            let x: Vec<f64> = of_kind.iter().map(|mark| mark.1).collect();
            let y: Vec<f64> = of_kind.iter().map(|mark| mark.2).collect();
            let color = PALETTE[(index + 2) % PALETTE.len()];
            let points =
                Points::new(&x[..], &y[..]).color(color).radius(4.0).marker(of_kind[0].3).label(kind);
            self.panel = self.panel.take().map(|panel| panel.draw(points));
        }
        self.panel = self.panel.take().map(|panel| panel.draw(tags));
    }
}
