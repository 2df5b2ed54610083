//! Whole diagrams: equilibria and cycles of a model over a parameter or an input.

use brainmass_spec::model::Model;

use crate::cycles::Cycles;
use crate::diagram::{Equilibria, Range};
use crate::equations::{Equations, EquationsError, Quantity, Setting};
use crate::signal::Signal;

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
        let mut diagram = Self::of_equilibria(model, setting, over, range)?;
        diagram.cycles = Cycles::of(&diagram.equations, &diagram.equilibria);
        Ok(diagram)
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
        let quantity = Quantity::find(model, over)?;
        let equations = Equations::new(model, setting, &[quantity])?;
        let equilibria = Equilibria::search(&equations, range);
        let unit = match quantity {
            Quantity::Parameter(index) => &model.parameters[index].unit.text,
            Quantity::Input(index) => &model.inputs[index].unit.text,
        };
        Ok(Self {
            equations,
            over: over.to_owned(),
            unit: unit.clone(),
            equilibria,
            cycles: Cycles { range, branches: Vec::new() },
            setting: setting.clone(),
            quantity,
        })
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
