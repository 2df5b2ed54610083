//! Every derivative of every model against central differences at random points. Models are found in the catalogue, so that a new
//! file is covered without a new test.

use brainmass::Create;
use brainmass::any::AnyModel;
use brainmass::catalogue::COLLECTIONS;
use brainmass::coupling::{AnyRule, PostVjp, Terms};
use brainmass::engine::Point;
use brainmass::real::Simd;

/// Points a model.
const POINTS: u64 = 5;
/// Largest deviation relative to the largest derivative of the same output.
const TOLERANCE: f64 = 1e-6;

/// A small generator of uniform numbers: the test needs the same points every time, nothing more.
pub struct Uniform(pub u64);

impl Uniform {
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let unit = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// Near a value: within a fifth of it, or within 0.5 of zero.
    pub fn near(&mut self, value: f64) -> f64 {
        if value == 0.0 { self.between(-0.5, 0.5) } else { value * self.between(0.8, 1.2) }
    }
}

fn models() -> Vec<Box<dyn AnyModel>> {
    let entries = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    entries
        .filter_map(|entry| if let Create::Node(create) = &entry.create { Some(create(1)) } else { None })
        .collect()
}

/// The values of a point in one row, and where they are cut.
struct Flat {
    values: Vec<f64>,
    cuts: [usize; 2],
}

impl Flat {
    fn random(model: &dyn AnyModel, uniform: &mut Uniform) -> Self {
        let info = model.engine().info();
        let states: Vec<f64> = info
            .states
            .iter()
            .map(|state| match state.bounds {
                Some((low, high)) if high.is_finite() => {
                    uniform.between(low + 0.1 * (high - low), high - 0.1 * (high - low))
                }
                _ => uniform.near(state.init) + if state.bounds.is_some() { 1.0 } else { 0.0 },
            })
            .collect();
        let parameters: Vec<f64> =
            info.parameters.iter().map(|parameter| uniform.near(parameter.default)).collect();
        let inputs: Vec<f64> =
            (0..info.inputs.len() + info.delays.len()).map(|_| uniform.between(0.1, 0.9)).collect();
        let cuts = [states.len(), states.len() + parameters.len()];
        Self { values: [states, parameters, inputs].concat(), cuts }
    }

    fn point(&self) -> Point<'_> {
        let (states, rest) = self.values.split_at(self.cuts[0]);
        let (parameters, inputs) = rest.split_at(self.cuts[1] - self.cuts[0]);
        Point { states, parameters, inputs }
    }

    /// The derivative of each output of `f` by value `index`, by central differences of fourth order.
    fn central(&mut self, index: usize, f: &dyn Fn(&Point) -> Vec<f64>) -> Vec<f64> {
        let value = self.values[index];
        let step = 2e-4 * value.abs().max(1e-2);
        let mut at = |offset: f64| {
            self.values[index] = value + offset * step;
            f(&self.point())
        };
        let (far_below, below, above, far_above) = (at(-2.0), at(-1.0), at(1.0), at(2.0));
        self.values[index] = value;
        (0..below.len())
            .map(|i| (8.0 * (above[i] - below[i]) - (far_above[i] - far_below[i])) / (12.0 * step))
            .collect()
    }
}

/// Compares adjoints with central differences of `f`, whose outputs they belong to with these seeds.
fn compare(
    name: &str,
    what: &str,
    flat: &mut Flat,
    seeds: &[f64],
    adjoints: &[f64],
    f: &dyn Fn(&Point) -> Vec<f64>,
) {
    let expected: Vec<f64> = (0..flat.values.len())
        .map(|index| flat.central(index, f).iter().zip(seeds).map(|(slope, seed)| slope * seed).sum())
        .collect();
    // Derivatives by values of different units differ in size: each is scaled by its value.
    let scaled = |slopes: &[f64]| -> Vec<f64> {
        slopes.iter().zip(&flat.values).map(|(slope, value)| slope * value.abs().max(1e-2)).collect()
    };
    let (expected, actual) = (scaled(&expected), scaled(adjoints));
    let scale = expected.iter().fold(1e-9_f64, |largest, value| largest.max(value.abs()));
    for (index, (want, got)) in expected.iter().zip(&actual).enumerate() {
        assert!(
            (want - got).abs() <= TOLERANCE * scale,
            "{name}: {what}: derivative {index} is {got}, central differences give {want}"
        );
    }
}

#[test]
fn of_every_model_agree_with_central_differences() {
    let mut checked = 0;
    for model in models() {
        let engine = model.engine();
        let name = &engine.info().name;
        for seed in 0..POINTS {
            let mut uniform = Uniform(seed + 1);
            let mut flat = Flat::random(model.as_ref(), &mut uniform);
            let n = engine.info().states.len();
            let rates: Vec<f64> = (0..n).map(|_| uniform.between(-1.0, 1.0)).collect();
            let diagonal: Vec<f64> = (0..n).map(|_| uniform.between(-1.0, 1.0)).collect();
            let observables: Vec<f64> =
                engine.info().observables.iter().map(|_| uniform.between(-1.0, 1.0)).collect();

            let together = |a: brainmass::engine::PointAdjoints| [a.states, a.parameters, a.inputs].concat();
            let of_rates = together(engine.rates_vjp_at(&flat.point(), &rates, None));
            let of_both = together(engine.rates_vjp_at(&flat.point(), &rates, Some(&diagonal)));
            let of_observables = together(engine.observables_vjp_at(&flat.point(), &observables));
            compare(name, "adjoint of the rates", &mut flat, &rates, &of_rates, &|p| engine.rates_at(p));
            let seeds = [rates.clone(), diagonal].concat();
            let both = |p: &Point| [engine.rates_at(p), engine.diagonal_at(p)].concat();
            compare(name, "adjoint of rates and diagonal", &mut flat, &seeds, &of_both, &both);
            let observe = |p: &Point| engine.observables_at(p);
            compare(name, "adjoint of the observables", &mut flat, &observables, &of_observables, &observe);

            let jacobian = engine.jacobian_at(&flat.point());
            let diagonal = engine.diagonal_at(&flat.point());
            let columns: Vec<Vec<f64>> = (0..n).map(|j| flat.central(j, &|p| engine.rates_at(p))).collect();
            for i in 0..n {
                let scale = columns.iter().map(|column| column[i].abs()).fold(1e-9, f64::max);
                for (j, column) in columns.iter().enumerate() {
                    let (want, got) = (column[i], jacobian[i * n + j]);
                    assert!(
                        (want - got).abs() <= TOLERANCE * scale,
                        "{name}: Jacobian {i}, {j}: {got}, not {want}"
                    );
                }
                // A model that holds values over a step leaves them out of the diagonal; WongWangStep is the one that does.
                if name != "WongWangStep" {
                    let (want, got) = (jacobian[i * n + i], diagonal[i]);
                    assert!(
                        (want - got).abs() <= 1e-12 * scale.max(1.0),
                        "{name}: diagonal {i}: {got}, not {want}"
                    );
                }
            }
            checked += 1;
        }
    }
    crate::tell(&format!("derivatives checked at {checked} points of {} models", models().len()));
    assert!(models().len() >= 28, "18 models of the catalogue, 9 variants, 1 observation model");
}

#[test]
fn of_every_coupling_rule_agree_with_central_differences() {
    let entries = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    let rules: Vec<Box<dyn AnyRule>> = entries
        .filter_map(|entry| if let Create::Rule(create) = &entry.create { Some(create()) } else { None })
        .collect();
    assert!(rules.len() >= 6, "the six rules of the reference at least");
    for mut rule in rules {
        let mut uniform = Uniform(7);
        for (index, parameter) in rule.settings().shared_info().parameters.iter().enumerate() {
            rule.settings_mut().set(index, uniform.near(parameter.default).into());
        }
        let (receiving, sending, sum) =
            (uniform.between(-1.0, 1.0), uniform.between(-1.0, 1.0), uniform.between(-1.0, 1.0));
        let h = 1e-5;
        let pre = |rule: &dyn AnyRule, receiving: f64, sending: f64| {
            let (parameters, mut out) = (parameters_of(rule), [0.0]);
            let (receiving, sending) = (&[receiving], &[sending]);
            let terms = Terms { parameters: &parameters, columns: 1, receiver: 0, receiving, sending };
            rule.pre(Simd::portable(), terms, &mut out);
            out[0]
        };
        let post = |rule: &dyn AnyRule, sum: f64| {
            let mut out = [0.0];
            rule.post(Simd::portable(), &parameters_of(rule), &[sum], &mut out);
            out[0]
        };
        let slope = |f: &dyn Fn(f64) -> f64| (f(h) - f(-h)) / (2.0 * h);
        let near = |want: f64, got: f64, what: &str| {
            assert!((want - got).abs() < 1e-8, "{}: {what}: {got}, not {want}", rule.info().name);
        };
        let n = rule.info().parameters.len();
        let (mut to_sending, mut to_parameters) = ([0.0], vec![0.0; n]);
        let to_receiving =
            rule.pre_vjp(0, receiving, &[sending], &[1.0], &mut to_sending, &mut to_parameters);
        let [to_sending] = to_sending;
        near(slope(&|h| pre(rule.as_ref(), receiving + h, sending)), to_receiving, "by the receiver");
        near(slope(&|h| pre(rule.as_ref(), receiving, sending + h)), to_sending, "by the sender");
        let (mut to_sum, mut sum_to_parameters) = ([0.0], vec![0.0; n]);
        let back = PostVjp {
            sums: &[sum],
            adjoint: &[1.0],
            sums_adjoint: &mut to_sum,
            parameters_adjoint: &mut sum_to_parameters,
        };
        let parameters: Vec<f64> = (0..n).map(|index| rule.settings().values(index)[0]).collect();
        rule.post_vjp(Simd::fastest(), &parameters, back);
        let [to_sum] = to_sum;
        near(slope(&|h| post(rule.as_ref(), sum + h)), to_sum, "by the sum");
        for index in 0..rule.info().parameters.len() {
            let value = rule.settings().values(index)[0];
            let moved = |h: f64| {
                let mut moved = rule.boxed();
                moved.settings_mut().set(index, (value + h).into());
                moved
            };
            near(
                slope(&|h| pre(moved(h).as_ref(), receiving, sending)),
                to_parameters[index],
                "term by a parameter",
            );
            near(slope(&|h| post(moved(h).as_ref(), sum)), sum_to_parameters[index], "result by a parameter");
        }
    }
}

fn parameters_of(rule: &dyn AnyRule) -> Vec<f64> {
    (0..rule.info().parameters.len()).map(|index| rule.settings().values(index)[0]).collect()
}
