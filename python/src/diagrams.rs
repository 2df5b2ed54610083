//! Bifurcation diagrams.

use std::sync::{Mutex, PoisonError};

use brainmass::Zoo;
use brainmass::continuation::{
    CyclePoint, Diagram, EquationsError, EquilibriumPoint, Parts, Plane, Quantity, Range, Setting, Signal,
    SpecialKind, Watch,
};
use brainmass::dynamics::Complex64;
use brainmass::loading::CheckedModel as Checked;
use ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors;
use crate::experiments::Experiment;
use crate::models::Model;
use crate::supervision::{Supervised, supervised};

/// A number for each point of a branch.
type Numbers<'py> = Bound<'py, PyArray1<f64>>;

/// Makes an exception of what is not in a model: a `KeyError` of a name, or a `ValueError`.
fn raised(error: EquationsError) -> PyErr {
    match error {
        EquationsError::Name { .. } | EquationsError::Signal { .. } => errors::key(error),
        EquationsError::NoEquations { .. }
        | EquationsError::DelayedObservable { .. }
        | EquationsError::Circle { .. } => errors::value(error),
    }
}

/// A bifurcation diagram of a node.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct BifurcationDiagram(Mutex<Computed>);

/// A diagram with its model and all states and observables of it.
struct Computed {
    diagram: Diagram,
    signals: Vec<Signal>,
    /// The signal that is shown if none is named.
    shown: String,
}

/// The equations of a model as the compiler has them: those of its file, or of its text.
fn checked(model: &Model, path: Option<&str>) -> PyResult<Checked> {
    let zoo = Zoo::default();
    let info = model.info();
    let is_own = |name: &str| zoo.find(name).is_some_and(|entry| entry.info.hash == info.hash);
    let checked = match path {
        _ if is_own(&info.name) => zoo.checked(&info.name),
        Some(path) => zoo.checked(path),
        None => zoo.checked_text(&info.name, &info.yaml),
    };
    checked.map_err(|error| errors::load(&error))
}

/// The values of parameters and inputs by their names; what is not named has its default.
fn setting(model: &Checked, values: Vec<(String, f64)>) -> PyResult<Setting> {
    let mut setting = Setting::of(model);
    for (name, value) in values {
        setting.set(Quantity::find(model, &name).map_err(raised)?, value);
    }
    Ok(setting)
}

/// The range of a value that varies, by its name.
fn range((name, from, to): (String, f64, f64), step: f64) -> (String, Range) {
    (name, Range { longest_step: step, ..Range::new(from, to) })
}

/// Computes on a thread of its own, with a watch that Ctrl-C stops.
fn watched<T: Send>(py: Python<'_>, compute: impl FnOnce(Watch) -> T + Send) -> PyResult<T> {
    let Supervised { outcome, interruption, .. } = supervised(py, None, |control| {
        let control = control.clone();
        compute(Watch::new(move |_| control.goes_on()))
    })?;
    interruption.map_or(Ok(outcome), Err)
}

impl BifurcationDiagram {
    fn of(diagram: Diagram, model: &Checked, shown: Option<&str>) -> PyResult<Self> {
        let states = model.states.iter().map(|state| state.name.as_str());
        let names = states.chain(model.observables.iter().map(|value| value.name.as_str()));
        let signals = names.map(|name| diagram.signal(model, Some(name)));
        let signals = signals.collect::<Result<Vec<_>, _>>().map_err(raised)?;
        let shown = diagram.signal(model, shown).map_err(raised)?.name;
        Ok(Self(Mutex::new(Computed { diagram, signals, shown })))
    }
}

/// Computes the diagram of a node of a model, given by its handle and the path of its file, over a parameter or input (name, from, to).
#[pyfunction]
pub fn bifurcation(
    py: Python<'_>,
    model: &Model,
    path: Option<&str>,
    values: Vec<(String, f64)>,
    over: (String, f64, f64),
    step: f64,
    with_cycles: bool,
) -> PyResult<BifurcationDiagram> {
    let model = checked(model, path)?;
    let setting = setting(&model, values)?;
    let (name, range) = range(over, step);
    if !model.delays.is_empty() {
        let message = format!("{} reads its own states with delays, of which no diagram is made", model.name);
        return Err(errors::value(message));
    }
    let parts = if with_cycles { Parts::All } else { Parts::Equilibria };
    let diagram = watched(py, |watch| Diagram::watched(&model, &setting, (&name, range), parts, watch))?;
    BifurcationDiagram::of(diagram.map_err(raised)?, &model, None)
}

/// Computes the curves of folds and Hopf points of a node over two parameters or inputs (name, from, to).
#[pyfunction]
pub fn bifurcation_chart<'py>(
    py: Python<'py>,
    model: &Model,
    path: Option<&str>,
    values: Vec<(String, f64)>,
    over: [(String, f64, f64); 2],
    step: f64,
    with_cycles: bool,
) -> PyResult<Bound<'py, PyDict>> {
    let model = checked(model, path)?;
    let setting = setting(&model, values)?;
    if !model.delays.is_empty() {
        let message = format!("{} reads its own states with delays, of which no chart is made", model.name);
        return Err(errors::value(message));
    }
    let [first, second] = over.map(|over| range(over, step));
    let parts = if with_cycles { Parts::All } else { Parts::Equilibria };
    let plane = watched(py, |watch| {
        Plane::watched(&model, &setting, (&first.0, first.1), (&second.0, second.1), parts, &watch)
    })?;
    chart(py, &plane.map_err(raised)?, &model)
}

/// Makes the section `continuation` of an experiment: a diagram, or a chart as a mapping.
#[pyfunction]
pub fn experiment_bifurcation<'py>(py: Python<'py>, experiment: &Experiment) -> PyResult<Bound<'py, PyAny>> {
    let plan = experiment.inner().continuation.as_ref();
    let plan = plan.ok_or_else(|| errors::value("this experiment has no section `continuation`"))?;
    if plan.and.is_some() {
        let plane = watched(py, |watch| plan.plane(&watch))?.map_err(raised)?;
        let plane = plane.ok_or_else(|| errors::value("one value varies alone"))?;
        return Ok(chart(py, &plane, &plan.model)?.into_any());
    }
    if !plan.model.delays.is_empty() {
        let message =
            format!("{} reads its own states with delays, of which no diagram is made", plan.model.name);
        return Err(errors::value(message));
    }
    let diagram = watched(py, |watch| plan.diagram(watch))?.map_err(raised)?;
    let diagram = BifurcationDiagram::of(diagram, &plan.model, plan.of.as_deref())?;
    Ok(Bound::new(py, diagram)?.into_any())
}

/// Returns the name and the unit of a parameter or input.
fn named(model: &Checked, name: &str) -> (String, String) {
    let unit = match Quantity::find(model, name) {
        Ok(Quantity::Parameter(index)) => model.parameters[index].unit.text.clone(),
        Ok(Quantity::Input(index)) => model.inputs[index].unit.text.clone(),
        Err(_) => "1".to_owned(),
    };
    (name.to_owned(), unit)
}

/// Describes a chart.
fn chart<'py>(py: Python<'py>, plane: &Plane, model: &Checked) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    let over: Vec<(String, String)> = plane.over.iter().map(|name| named(model, name)).collect();
    told.set_item("over", over)?;
    told.set_item("ranges", plane.ranges.map(|range| (range.from, range.to)))?;
    let mut curves = Vec::new();
    for curve in &plane.curves {
        let row = PyDict::new(py);
        row.set_item("kind", curve.kind.letters())?;
        let column = |of: &dyn Fn(&brainmass::continuation::PlanePoint) -> f64| {
            curve.points.iter().map(of).collect::<Array1<f64>>().into_pyarray(py)
        };
        row.set_item("values", [column(&|point| point.values[0]), column(&|point| point.values[1])])?;
        if curve.kind == SpecialKind::Hopf {
            row.set_item("frequency", column(&|point| point.frequency))?;
            row.set_item("first_lyapunov", column(&|point| point.first_lyapunov))?;
        }
        let states = plane.equations.states().iter().enumerate();
        let states = states.map(|(index, name)| (name.clone(), column(&|point| point.states[index])));
        row.set_item("states", states.collect::<Vec<_>>())?;
        curves.push(row);
    }
    for curve in &plane.cycle_curves {
        let row = PyDict::new(py);
        row.set_item("kind", curve.kind.letters())?;
        let column = |of: &dyn Fn(&brainmass::continuation::CycleCurvePoint) -> f64| {
            curve.points.iter().map(of).collect::<Array1<f64>>().into_pyarray(py)
        };
        row.set_item("values", [column(&|point| point.values[0]), column(&|point| point.values[1])])?;
        row.set_item("period", column(&|point| point.cycle.period))?;
        let states = plane.equations.states().iter().enumerate();
        let ends = states.map(|(index, name)| {
            (name.clone(), column(&|point| point.cycle.min[index]), column(&|point| point.cycle.max[index]))
        });
        row.set_item("extremes", ends.collect::<Vec<_>>())?;
        curves.push(row);
    }
    told.set_item("curves", curves)?;
    let mut special = Vec::new();
    for point in plane.special() {
        let row = PyDict::new(py);
        row.set_item("kind", point.kind.letters())?;
        row.set_item("name", point.kind.name())?;
        row.set_item("values", point.values)?;
        row.set_item("states", by_name(plane.equations.states(), &point.states))?;
        row.set_item("eigenvalues", Array1::from(point.eigenvalues.clone()).into_pyarray(py))?;
        special.push(row);
    }
    told.set_item("special", special)?;
    Ok(told)
}

fn by_name(names: &[String], values: &[f64]) -> Vec<(String, f64)> {
    names.iter().cloned().zip(values.iter().copied()).collect()
}

/// Lays lists of complex numbers out as an array with a row for each, NaN where one is shorter.
fn complex_rows<'py>(py: Python<'py>, rows: &[&[Complex64]]) -> Bound<'py, PyArray2<Complex64>> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let missing = Complex64::new(f64::NAN, f64::NAN);
    Array2::from_shape_fn((rows.len(), width), |(row, column)| {
        rows[row].get(column).copied().unwrap_or(missing)
    })
    .into_pyarray(py)
}

fn column<'py, T>(py: Python<'py>, points: &[T], of: impl Fn(&T) -> f64) -> Numbers<'py> {
    points.iter().map(of).collect::<Array1<f64>>().into_pyarray(py)
}

#[pymethods]
impl BifurcationDiagram {
    /// Returns the name of the signal that is drawn if none is named.
    fn shown(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).shown.clone()
    }

    /// Describes the diagram: what varies, the branches as arrays, the special points, and the parts of the range without anything stable.
    fn describe<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let computed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Computed { diagram, signals, .. } = &*computed;
        let told = PyDict::new(py);
        told.set_item("over", (&diagram.over, &diagram.unit))?;
        told.set_item("range", (diagram.equilibria.range.from, diagram.equilibria.range.to))?;
        let units = signals.iter().map(|signal| (signal.name.clone(), signal.unit.clone()));
        told.set_item("signals", units.collect::<Vec<_>>())?;
        let mut branches = Vec::new();
        for branch in &diagram.equilibria.branches {
            let points: &[EquilibriumPoint] = &branch.points;
            let row = PyDict::new(py);
            row.set_item("values", column(py, points, |point| point.value))?;
            let of = |signal: &Signal| column(py, points, |point| signal.at(&point.states, point.value));
            let named = signals.iter().map(|signal| (signal.name.clone(), of(signal)));
            row.set_item("signals", named.collect::<Vec<_>>())?;
            let eigenvalues: Vec<&[Complex64]> =
                points.iter().map(|point| point.eigenvalues.as_slice()).collect();
            row.set_item("eigenvalues", complex_rows(py, &eigenvalues))?;
            row.set_item("unstable", counts(branch.stretches(), points.len()))?;
            branches.push(row);
        }
        told.set_item("equilibria", branches)?;
        let mut branches = Vec::new();
        for branch in &diagram.cycles.branches {
            let cycles: &[CyclePoint] = &branch.cycles;
            let row = PyDict::new(py);
            row.set_item("values", column(py, cycles, |cycle| cycle.value))?;
            row.set_item("periods", column(py, cycles, |cycle| cycle.period))?;
            let ends = |signal: &Signal| {
                let (low, high): (Vec<f64>, Vec<f64>) =
                    cycles.iter().map(|cycle| signal.extremes(cycle)).unzip();
                (signal.name.clone(), Array1::from(low).into_pyarray(py), Array1::from(high).into_pyarray(py))
            };
            row.set_item("extremes", signals.iter().map(ends).collect::<Vec<_>>())?;
            let multipliers: Vec<&[Complex64]> =
                cycles.iter().map(|cycle| cycle.multipliers.as_slice()).collect();
            row.set_item("multipliers", complex_rows(py, &multipliers))?;
            let stretches =
                branch.stretches().into_iter().map(|(places, stable)| (places, usize::from(!stable)));
            row.set_item("unstable", counts(stretches.collect(), cycles.len()))?;
            branches.push(row);
        }
        told.set_item("cycles", branches)?;
        told.set_item("special", special(py, diagram, signals)?)?;
        told.set_item("without_stable", diagram.without_stable())?;
        Ok(told)
    }

    /// Returns all cycles at a value: period, multipliers, and one period of each signal at so many evenly spaced times.
    fn cycles_at<'py>(
        &self,
        py: Python<'py>,
        value: f64,
        samples: usize,
    ) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let computed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Computed { diagram, signals, .. } = &*computed;
        let mut found = Vec::new();
        for cycle in diagram.cycles.at(&diagram.equations, value) {
            let row = PyDict::new(py);
            row.set_item("period", cycle.period)?;
            row.set_item("is_stable", cycle.is_stable())?;
            row.set_item("multipliers", Array1::from(cycle.multipliers.clone()).into_pyarray(py))?;
            let states: Vec<Vec<f64>> =
                (0..samples).map(|i| cycle.profile.at(i as f64 / samples as f64)).collect();
            let course = |signal: &Signal| column(py, &states, |states| signal.at(states, value));
            let named = signals.iter().map(|signal| (signal.name.clone(), course(signal)));
            row.set_item("signals", named.collect::<Vec<_>>())?;
            let response = cycle.phase_response(&diagram.equations).map(|response| {
                let all: Vec<Vec<f64>> =
                    (0..samples).map(|i| response.response.at(i as f64 / samples as f64)).collect();
                let names = diagram.equations.states().iter().enumerate();
                let named =
                    names.map(|(index, name)| (name.clone(), column(py, &all, |values| values[index])));
                named.collect::<Vec<_>>()
            });
            row.set_item("phase_response", response)?;
            found.push(row);
        }
        Ok(found)
    }

    /// Returns all equilibria at a value: states and eigenvalues.
    fn equilibria_at<'py>(&self, py: Python<'py>, value: f64) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let computed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Computed { diagram, signals, .. } = &*computed;
        let mut found = Vec::new();
        for point in diagram.equilibria.at(&diagram.equations, value) {
            let row = PyDict::new(py);
            row.set_item("is_stable", point.is_stable())?;
            row.set_item("eigenvalues", Array1::from(point.eigenvalues.clone()).into_pyarray(py))?;
            let named = signals.iter().map(|signal| (signal.name.clone(), signal.at(&point.states, value)));
            row.set_item("signals", named.collect::<Vec<_>>())?;
            found.push(row);
        }
        Ok(found)
    }
}

/// Lays the counts of stretches out point by point; a point that two stretches share counts to the later one.
fn counts(stretches: Vec<(std::ops::RangeInclusive<usize>, usize)>, points: usize) -> Vec<usize> {
    let mut counts = vec![0; points];
    for (places, count) in stretches {
        counts[places].fill(count);
    }
    counts
}

/// Describes the special points by rising value.
fn special<'py>(py: Python<'py>, diagram: &Diagram, signals: &[Signal]) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let mut rows: Vec<(f64, Bound<'py, PyDict>)> = Vec::new();
    for point in diagram.equilibria.special() {
        let row = PyDict::new(py);
        row.set_item("kind", point.kind.letters())?;
        row.set_item("name", point.kind.name())?;
        row.set_item("value", point.point.value)?;
        let at = |signal: &Signal| signal.at(&point.point.states, point.point.value);
        row.set_item("signals", signals.iter().map(|it| (it.name.clone(), at(it))).collect::<Vec<_>>())?;
        row.set_item("eigenvalues", Array1::from(point.point.eigenvalues.clone()).into_pyarray(py))?;
        row.set_item("period", point.hopf.map(|hopf| hopf.period()))?;
        row.set_item("first_lyapunov", point.hopf.map(|hopf| hopf.first_lyapunov))?;
        rows.push((point.point.value, row));
    }
    for point in diagram.cycles.special() {
        let row = PyDict::new(py);
        row.set_item("kind", point.kind.letters())?;
        row.set_item("name", point.kind.name())?;
        row.set_item("value", point.value)?;
        let ends = signals.iter().map(|signal| {
            let (low, high) = signal.extremes(&point.cycle);
            (signal.name.clone(), low, high)
        });
        row.set_item("extremes", ends.collect::<Vec<_>>())?;
        row.set_item("multipliers", Array1::from(point.cycle.multipliers.clone()).into_pyarray(py))?;
        row.set_item("period", point.cycle.period)?;
        rows.push((point.value, row));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
