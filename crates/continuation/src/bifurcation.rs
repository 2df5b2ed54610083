//! Whole diagrams: equilibria and cycles of a model over a parameter or an input.

use brainmass_spec::model::Model;

use crate::cycles::Cycles;
use crate::diagram::{Equilibria, Range};
use crate::equations::{Equations, EquationsError, Quantity, Setting};
use crate::signal::Signal;
use crate::watch::Watch;

/// The longest part of a range that counts as no gap between stable states.
const SLACK: f64 = 2e-3;

/// The parts of a diagram that are computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Parts {
    /// Equilibria and limit cycles.
    #[default]
    All,
    /// Equilibria alone.
    Equilibria,
}

/// A bifurcation diagram of a model over a parameter or a constant input.
///
/// ```
/// use brainmass::Zoo;
/// use brainmass::continuation::{Diagram, Range, Setting, SpecialKind};
///
/// // Two folds bound the drives at which a Wilson-Cowan node has two stable states.
/// let model = Zoo::default().checked("WilsonCowanStep")?;
/// let diagram = Diagram::new(&model, &Setting::of(&model), "rE_inp", Range::new(-3.0, 3.0))?;
/// let folds: Vec<f64> = diagram
///     .equilibria
///     .special()
///     .into_iter()
///     .filter(|special| special.kind == SpecialKind::Fold)
///     .map(|special| special.point.value)
///     .collect();
/// assert!((folds[0] + 0.5109732).abs() < 1e-6 && (folds[1] - 0.2833500).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Diagram {
    /// The equations.
    pub equations: Equations,
    /// The name of what varies.
    pub over: String,
    /// The unit of what varies, `1` for a pure number.
    pub unit: String,
    /// The branches of equilibria.
    pub equilibria: Equilibria,
    /// The branches of limit cycles.
    pub cycles: Cycles,
    setting: Setting,
    quantity: Quantity,
}

impl Diagram {
    /// Computes the diagram of one node of a model at a setting, over the parameter or input of a name. Equilibria are searched for at five values of
    /// the range; cycles are followed from Hopf points and from runs that find some.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of that name, or the model has no equations of its own.
    pub fn new(model: &Model, setting: &Setting, over: &str, range: Range) -> Result<Self, EquationsError> {
        Self::watched(model, setting, (over, range), Parts::All, Watch::default())
    }

    /// Computes the diagram without cycles.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of that name, or the model has no equations of its own.
    pub fn of_equilibria(
        model: &Model,
        setting: &Setting,
        over: &str,
        range: Range,
    ) -> Result<Self, EquationsError> {
        Self::watched(model, setting, (over, range), Parts::Equilibria, Watch::default())
    }

    /// Computes a diagram or a part of it while a watch listens, which may end the computation; [`Diagram::is_cut`] tells whether it has.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of that name, or the model has no equations of its own.
    pub fn watched(
        model: &Model,
        setting: &Setting,
        (over, range): (&str, Range),
        parts: Parts,
        watch: Watch,
    ) -> Result<Self, EquationsError> {
        let quantity = Quantity::find(model, over)?;
        let equations = Equations::new(model, setting, &[quantity])?.watched(watch);
        let equilibria = Equilibria::search(&equations, range);
        let unit = match quantity {
            Quantity::Parameter(index) => &model.parameters[index].unit.text,
            Quantity::Input(index) => &model.inputs[index].unit.text,
        };
        let cycles = match parts {
            Parts::All => Cycles::of(&equations, &equilibria),
            Parts::Equilibria => Cycles { range, branches: Vec::new() },
        };
        Ok(Self {
            equations,
            over: over.to_owned(),
            unit: unit.clone(),
            equilibria,
            cycles,
            setting: setting.clone(),
            quantity,
        })
    }

    /// Adds the branches of equilibria and of cycles on which runs from given states, each at a value of what varies, end, where these are not there already.
    pub fn add_from_states(&mut self, starts: &[(Vec<f64>, f64)]) {
        self.equilibria.add_starts(&self.equations, starts);
        self.cycles.add_from_states(&self.equations, &self.equilibria, starts);
    }

    /// Returns whether a watch ended the computation, so that branches are missing or end early.
    pub fn is_cut(&self) -> bool {
        self.equations.watch().is_stopped()
    }

    /// Returns the parts of the range in which neither a stable equilibrium nor a stable cycle was found, in their order, each from its start to its
    /// end.
    pub fn without_stable(&self) -> Vec<(f64, f64)> {
        let mut covered: Vec<(f64, f64)> = Vec::new();
        let mut cover = |a: f64, b: f64| covered.push((a.min(b), a.max(b)));
        for branch in &self.equilibria.branches {
            for (places, _) in branch.stretches().into_iter().filter(|(_, unstable)| *unstable == 0) {
                branch.points[places].windows(2).for_each(|pair| cover(pair[0].value, pair[1].value));
            }
        }
        for branch in &self.cycles.branches {
            for (places, _) in branch.stretches().into_iter().filter(|(_, is_stable)| *is_stable) {
                branch.cycles[places].windows(2).for_each(|pair| cover(pair[0].value, pair[1].value));
            }
        }
        covered.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Range { from, to, .. } = self.equilibria.range;
        let mut gaps = Vec::new();
        let mut reached = from;
        for (start, end) in covered.into_iter().chain([(to, to)]) {
            // Between a Hopf point and the first cycle beside it nothing is missing.
            if start - reached > SLACK * (to - from) {
                gaps.push((reached, start));
            }
            reached = reached.max(end);
        }
        gaps
    }

    /// Finds a state or an observable of the model, which is that of the diagram; without a name its output.
    ///
    /// # Errors
    ///
    /// There is none of that name; the error says which may have been meant.
    pub fn signal(&self, model: &Model, name: Option<&str>) -> Result<Signal, EquationsError> {
        Signal::find(model, &self.setting, &[self.quantity], name)
    }
}
