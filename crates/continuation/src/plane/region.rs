//! The curves of folds and of Hopf points of a model over two parameters or inputs.

use brainmass_spec::model::Model;

use super::curve::{PlanePoint, SpecialCurve, Walk};
use super::cycles::{CycleCurve, CycleWalk};
use super::regions::{Region, regions, row};
use super::special::SpecialPlane;
use crate::bifurcation::Parts;
use crate::cycles::{CycleKind, Cycles, SpecialCycle};
use crate::diagram::{Equilibria, Range};
use crate::equations::{Equations, EquationsError, Quantity, Setting};
use crate::equilibria::{SpecialEquilibrium, SpecialKind};
use crate::watch::Watch;

/// The most special cycles of a diagram whose curves are followed, and their longest period beside the shortest one: near homoclinic orbits there are folds of cycles
/// without number.
const MOST_STARTS: usize = 8;
const MOST_PERIODS: f64 = 6.0;

/// The number of second values, evenly spaced, at which diagrams are searched for folds and Hopf points beside that of the setting.
const DIAGRAMS: usize = 7;

/// The curves of folds and of Hopf points over two parameters or inputs of a model.
///
/// ```
/// use brainmass::Zoo;
/// use brainmass::continuation::{Plane, PlaneKind, Range, Setting};
///
/// // The two folds of the Montbrio-Pazo-Roxin model meet in a cusp.
/// let model = Zoo::default().checked("MontbrioPazoRoxinStep")?;
/// let mut setting = Setting::of(&model);
/// setting.parameters[model.parameters.iter().position(|it| it.name == "delta").unwrap()] = 1000.0;
/// let plane = Plane::new(&model, &setting, ("eta", Range::new(-10.0, 2.0)), ("J", Range::new(2.0, 25.0)))?;
/// let special = plane.special();
/// assert_eq!(special.len(), 1);
/// assert_eq!(special[0].kind, PlaneKind::Cusp);
/// assert!((special[0].values[0] + 3.0_f64.sqrt()).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Plane {
    /// The equations, in which both values vary.
    pub equations: Equations,
    /// The names of the two values.
    pub over: [String; 2],
    /// The ranges of the two values.
    pub ranges: [Range; 2],
    /// The curves of folds and Hopf points.
    pub curves: Vec<SpecialCurve>,
    /// The curves of folds of cycles and of period doublings.
    pub cycle_curves: Vec<CycleCurve>,
    /// The parts of the plane in which there are the same numbers of equilibria, as far as a grid of places tells.
    pub regions: Vec<Region>,
    sizes: Vec<f64>,
}

impl Plane {
    /// Computes the curves of one node of a model at a setting, over two parameters or inputs with their ranges.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of a name, or the model has no equations of its own.
    pub fn new(
        model: &Model,
        setting: &Setting,
        first: (&str, Range),
        second: (&str, Range),
    ) -> Result<Self, EquationsError> {
        Self::watched(model, setting, first, second, Parts::All, &Watch::default())
    }

    /// Computes the curves while a watch listens, which may end the computation; [`Plane::is_cut`] tells whether it has.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of a name, or the model has no equations of its own.
    pub fn watched(
        model: &Model,
        setting: &Setting,
        first: (&str, Range),
        second: (&str, Range),
        parts: Parts,
        watch: &Watch,
    ) -> Result<Self, EquationsError> {
        let quantities = [Quantity::find(model, first.0)?, Quantity::find(model, second.0)?];
        let equations = Equations::new(model, setting, &quantities)?.watched(watch.clone());
        let ranges = [first.1, second.1];
        let mut starts: Vec<(f64, SpecialEquilibrium)> = Vec::new();
        let mut sizes: Vec<f64> = equations.start().iter().map(|x| x.abs().max(1e-3)).collect();
        let own = setting.get(quantities[1]);
        let inside = |share: f64| second.1.from + share * (second.1.to - second.1.from);
        let spaced = (0..DIAGRAMS).map(|i| inside((i as f64 + 0.5) / DIAGRAMS as f64));
        let values =
            [own].into_iter().filter(|own| *own >= second.1.from && *own <= second.1.to).chain(spaced);
        let mut rows = Vec::new();
        for value in values {
            let mut setting = setting.clone();
            setting.set(quantities[1], value);
            let one = Equations::new(model, &setting, &quantities[..1])?.watched(watch.clone());
            let diagram = Equilibria::search(&one, first.1);
            if value != own {
                rows.push((value, row(&one, &diagram, first.1)));
            }
            for point in diagram.branches.iter().flat_map(|branch| &branch.points) {
                sizes.iter_mut().zip(&point.states).for_each(|(size, x)| *size = size.max(x.abs()));
            }
            starts.extend(diagram.special().into_iter().map(|special| (value, special.clone())));
        }
        let mut plane = Self {
            equations,
            over: [first.0.to_owned(), second.0.to_owned()],
            ranges,
            curves: Vec::new(),
            cycle_curves: Vec::new(),
            regions: regions(&rows, first.1),
            sizes,
        };
        for (value, special) in starts {
            plane.add(value, &special);
        }
        if parts == Parts::All {
            plane.add_curves_of_cycles(model, setting, quantities, own)?;
        }
        Ok(plane)
    }

    /// Follows the curves through the folds of cycles and the period doublings of some diagrams: that of the setting and others.
    fn add_curves_of_cycles(
        &mut self,
        model: &Model,
        setting: &Setting,
        quantities: [Quantity; 2],
        own: f64,
    ) -> Result<(), EquationsError> {
        let [first, second] = self.ranges;
        let inside = |share: f64| second.from + share * (second.to - second.from);
        let own = [own].into_iter().filter(|own| *own >= second.from && *own <= second.to);
        let values: Vec<f64> = own.chain([0.2, 0.5, 0.8].map(inside)).collect();
        let watch = self.equations.watch().clone();
        let mut both = Equations::new(model, setting, &quantities)?.watched(watch.clone());
        let turned = [quantities[1], quantities[0]];
        let mut turned = Equations::new(model, setting, &turned)?.watched(watch.clone());
        for value in values {
            let mut setting = setting.clone();
            setting.set(quantities[1], value);
            let one = Equations::new(model, &setting, &quantities[..1])?.watched(watch.clone());
            let equilibria = Equilibria::search(&one, first);
            let cycles = Cycles::of(&one, &equilibria);
            let shortest = cycles.branches.iter().flat_map(|branch| &branch.cycles);
            let shortest = shortest.map(|cycle| cycle.period).fold(f64::INFINITY, f64::min);
            let is_start = |special: &&&SpecialCycle| {
                matches!(special.kind, CycleKind::Fold | CycleKind::PeriodDoubling)
                    && special.cycle.period < MOST_PERIODS * shortest
            };
            let starts: Vec<SpecialCycle> = cycles
                .special()
                .iter()
                .filter(is_start)
                .take(MOST_STARTS)
                .map(|special| (*special).clone())
                .collect();
            for special in starts {
                if self.has_on_curve(&special, value) {
                    continue;
                }
                let ranges = self.ranges;
                let equations = [&mut both, &mut turned];
                let mut walk = CycleWalk { equations, kind: special.kind, ranges, varies: 0 };
                self.cycle_curves.extend(walk.both(&special, value));
            }
        }
        Ok(())
    }

    /// Whether a curve passes through a special cycle, found at a second value.
    fn has_on_curve(&self, special: &SpecialCycle, second: f64) -> bool {
        let width = self.ranges[0].to - self.ranges[0].from;
        let mut own = self.cycle_curves.iter().filter(|curve| curve.kind == special.kind);
        own.any(|curve| {
            let mut pairs = curve.points.windows(2);
            pairs.any(|pair| {
                let (a, b) = (&pair[0], &pair[1]);
                if (a.values[1] - second) * (b.values[1] - second) > 0.0 {
                    return false;
                }
                let (low, high) = (a.values[0].min(b.values[0]), a.values[0].max(b.values[0]));
                let slack = 2e-3 * width + 0.2 * (high - low);
                let near =
                    |x: f64, a: f64, b: f64| (x - a).abs().min((x - b).abs()) < 0.05 * x + (a - b).abs();
                special.value > low - slack
                    && special.value < high + slack
                    && near(special.cycle.period, a.cycle.period, b.cycle.period)
            })
        })
    }

    /// Returns whether a watch ended the computation, so that curves are missing or end early.
    pub fn is_cut(&self) -> bool {
        self.equations.watch().is_stopped()
    }

    fn walk(&self, kind: SpecialKind) -> Walk<'_> {
        Walk::new(&self.equations, kind, self.ranges, self.sizes.clone())
    }

    /// Follows the curve through a fold or a Hopf point, unless it is there.
    fn add(&mut self, second: f64, special: &SpecialEquilibrium) {
        if special.kind == SpecialKind::BranchPoint {
            return;
        }
        let walk = self.walk(special.kind);
        let width = self.ranges[0].to - self.ranges[0].from;
        let is_this = |point: &PlanePoint| {
            let mut pairs = point.states.iter().zip(&special.point.states).zip(&self.sizes);
            (point.values[0] - special.point.value).abs() < 1e-5 * width
                && pairs.all(|((a, b), size)| (a - b).abs() < 1e-3 * size)
        };
        let own = self.curves.iter().filter(|curve| curve.kind == special.kind);
        if own.flat_map(|curve| walk.at_second(curve, second)).any(|point| is_this(&point)) {
            return;
        }
        let frequency = special.hopf.map_or(0.0, |hopf| hopf.frequency);
        let values = [special.point.value, second];
        let Some(start) = walk.solved(&special.point.states, values, frequency) else { return };
        let curve = walk.both(&start);
        if curve.points.len() > 1 {
            self.curves.push(curve);
        }
    }

    /// Returns the folds and Hopf points of all curves at a value of the second, each solved for, by rising first value.
    pub fn at_second(&self, value: f64) -> Vec<(SpecialKind, PlanePoint)> {
        let mut found: Vec<(SpecialKind, PlanePoint)> = self
            .curves
            .iter()
            .flat_map(|curve| {
                self.walk(curve.kind).at_second(curve, value).into_iter().map(|point| (curve.kind, point))
            })
            .collect();
        found.sort_by(|a, b| a.1.values[0].total_cmp(&b.1.values[0]));
        found
    }

    /// Returns the special points of all curves, each once, by rising first value.
    pub fn special(&self) -> Vec<&SpecialPlane> {
        let widths = self.ranges.map(|range| range.to - range.from);
        let mut found: Vec<&SpecialPlane> = Vec::new();
        for (_, special) in self.curves.iter().flat_map(|curve| &curve.special) {
            let is_same = |other: &&SpecialPlane| {
                other.kind == special.kind
                    && (0..2).all(|i| (other.values[i] - special.values[i]).abs() < 1e-5 * widths[i])
            };
            if !found.iter().any(is_same) {
                found.push(special);
            }
        }
        found.sort_by(|a, b| a.values[0].total_cmp(&b.values[0]));
        found
    }
}
