//! Gradients through whole runs against central differences of runs.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are part of the tests")]

use brainmass::Create;
use brainmass::Input;
use brainmass::catalogue::COLLECTIONS;
use brainmass::coupling::AnyRule;
use brainmass::network::{History, Setting};
use brainmass::noise::{BrownianNoise, ColoredNoise, OuProcess};
use brainmass::objectives::{OBJECTIVES, Settings};
use brainmass::observation::{
    BoldSignal, FirstOrderVolterra, FunctionalConnectivity, GlobalAverage, HrfBold, HrfBoldSettings,
    LeadField, LinearMonitor, Modality, Monitor, SensorNoise, Sensors, Subsample, TemporalAverage,
};
use brainmass::prelude::*;
use brainmass::scheme::Scheme;
use brainmass::zoo::coupling::{
    Additive, AdditiveSquared, Diffusive, HyperbolicTangent, KuramotoPhaseDifference, Laplacian,
};
use brainmass::zoo::observation::BalloonWindkessel;
use ndarray::{Array2, array};

use crate::derivatives::Uniform;

/// Largest deviation of a directional derivative, relative to the largest of the terms that it is the sum of.
const TOLERANCE: f64 = 1e-6;

/// A network that can be changed by name, and how it is run.
struct Setup<'a> {
    network: Network,
    prepare: &'a dyn Fn(Network) -> Simulator,
    duration: f64,
    /// The largest deviation that counts as agreement.
    tolerance: f64,
}

impl Setup<'_> {
    fn simulator(&self) -> Simulator {
        (self.prepare)(self.network.clone())
    }

    /// A weight for each number that is recorded.
    fn weights(run: &Run) -> Vec<(String, Array2<f64>)> {
        let mut uniform = Uniform(11);
        let columns = run.columns().iter();
        let weights = columns.map(|column| {
            let random = Array2::from_shape_simple_fn(column.values.dim(), || uniform.between(-1.0, 1.0));
            (column.name.clone(), random)
        });
        weights.collect()
    }

    /// The weighted sum of all that is recorded.
    fn weighted(run: &Run) -> Loss {
        Self::weights(run).into_iter().fold(Loss::new(0.0), |mut loss, (name, weights)| {
            loss.value += (&weights * &run[&*name]).sum();
            loss.by(name, weights)
        })
    }

    /// Compares the gradient of the weighted sum with central differences, and with what forward mode gives along a direction.
    fn check_all(&self, what: &str, names: &[String]) {
        self.check(what, names, &Self::weighted);
        let gradient =
            self.simulator().gradient(self.duration, names, |run| Ok(Self::weighted(run))).unwrap();
        let mut uniform = Uniform(17);
        let mut direction = Vec::new();
        let mut terms = Vec::new();
        for name in names {
            let values = self.network.get(name).unwrap();
            let along: Vec<f64> =
                values.iter().map(|value| uniform.between(-1.0, 1.0) * value.abs().max(1e-2)).collect();
            terms.extend(gradient[name].iter().zip(&along).map(|(slope, along)| slope * along));
            direction.push((name.as_str(), along));
        }
        let direction: Vec<(&str, &[f64])> =
            direction.iter().map(|(name, along)| (*name, &along[..])).collect();
        let tangent = self.simulator().tangent(self.duration, &direction).unwrap();
        let forth: f64 = Self::weights(&gradient.run)
            .iter()
            .map(|(name, weights)| {
                assert_eq!(tangent.run[name], gradient.run[name], "{what}: {name}");
                (weights * &tangent[name]).sum()
            })
            .sum();
        let back: f64 = terms.iter().sum();
        let scale = terms.iter().fold(1e-9_f64, |largest, term| largest.max(term.abs()));
        assert!(
            (forth - back).abs() <= 1e-10 * scale,
            "{what}: {back} by reverse mode, {forth} by forward mode"
        );
    }

    /// Compares the gradient by these names with central differences along random directions.
    fn check(&self, what: &str, names: &[String], loss: &dyn Fn(&Run) -> Loss) {
        let gradient = self.simulator().gradient(self.duration, names, |run| Ok(loss(run)));
        let gradient = gradient.unwrap_or_else(|error| panic!("{what}: {error}"));
        let plain = self.simulator().run(self.duration).unwrap();
        for (ours, theirs) in gradient.run.columns().iter().zip(plain.columns()) {
            assert_eq!(ours.values, theirs.values, "{what}: the run of a gradient is a run like others");
        }
        let mut uniform = Uniform(3);
        for _ in 0..3 {
            let mut directions = Vec::new();
            let mut terms = Vec::new();
            for name in names {
                let values = self.network.get(name).unwrap();
                let direction: Vec<f64> =
                    values.iter().map(|value| uniform.between(-1.0, 1.0) * value.abs().max(1e-2)).collect();
                terms.extend(gradient[name].iter().zip(&direction).map(|(slope, along)| slope * along));
                assert_eq!(gradient[name].len(), values.len(), "{what}: {name}");
                directions.push((name, values, direction));
            }
            let step = 3e-5;
            let at = |offset: f64| {
                let mut network = self.network.clone();
                for (name, values, direction) in &directions {
                    let moved: Vec<f64> = values
                        .iter()
                        .zip(direction)
                        .map(|(value, along)| value + offset * step * along)
                        .collect();
                    let moved =
                        if moved.len() == 1 { moved[0].into() } else { brainmass::Values::from(moved) };
                    network.set(name, moved).unwrap();
                }
                loss(&(self.prepare)(network).run(self.duration).unwrap()).value
            };
            let want = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step);
            let got: f64 = terms.iter().sum();
            let scale = terms.iter().fold(1e-9_f64, |largest, term| largest.max(term.abs()));
            assert!(
                (want - got).abs() <= self.tolerance * scale,
                "{what}: {got} along a direction, central differences give {want}"
            );
        }
    }
}

/// All names of a network but delays, whose derivative is an error, noise that there is not, which has no difference below zero, and
/// second names of the same number.
fn names_of(network: &Network) -> Vec<String> {
    let is_delay = |name: &str| name.ends_with("speed") || name.contains("delay");
    let is_silent = |name: &str| name.contains("noise_") && network.get(name).unwrap()[0] == 0.0;
    let mut found: Vec<(Setting, String)> = Vec::new();
    for name in network.setting_names() {
        let setting = network.setting(&name).unwrap();
        if !is_delay(&name) && !is_silent(&name) && found.iter().all(|(known, _)| *known != setting) {
            found.push((setting, name));
        }
    }
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn of_every_model_and_scheme_agree_with_central_differences() {
    let mut checked = 0;
    for entry in COLLECTIONS.iter().flat_map(|collection| &collection.entries) {
        let Create::Node(create) = &entry.create else { continue };
        for (seed, scheme) in Scheme::ALL.into_iter().enumerate() {
            let mut uniform = Uniform(seed as u64 + 1);
            let mut model = create(2);
            let population = model.population_mut();
            for (index, state) in entry.info.states.iter().enumerate() {
                let inside = match state.bounds {
                    Some((low, high)) if high.is_finite() => {
                        uniform.between(low + 0.3 * (high - low), high - 0.3 * (high - low))
                    }
                    Some((low, _)) if state.init < low + 2.0 => low + uniform.between(1.0, 2.0),
                    // Far from a bound that is none of the equations, which may have no values there.
                    Some(_) => uniform.near(state.init),
                    // Rates below zero, which no bound forbids, would come near the poles of some models.
                    None if state.init == 0.0 => uniform.between(0.1, 0.5),
                    None => uniform.near(state.init),
                };
                population.set_initial(index, vec![inside, 1.01 * inside].into());
                population.set_noise(index, (0.01 * inside.abs()).into());
            }
            // One parameter for each node, the rest for all.
            if let Some(first) = entry.info.parameters.first() {
                population.set_parameter(0, vec![first.default, 1.1 * first.default].into());
            }
            let network = Network::from(model);
            let durations = entry.info.delays.iter().flat_map(|delay| delay.parameters.iter());
            let durations: Vec<&str> =
                durations.map(|parameter| entry.info.parameters[*parameter].name.as_str()).collect();
            let mut names = names_of(&network);
            names.retain(|name| !durations.contains(&name.as_str()));
            let prepare = |network: Network| {
                let simulator =
                    Simulator::new(network).dt(0.02).scheme(scheme).record(entry.info.signal_names());
                entry
                    .info
                    .inputs
                    .iter()
                    .fold(simulator, |simulator, input| simulator.input(input.name.clone(), 0.2))
            };
            // Differences meet the edges of the cells of tables, where slopes jump a little.
            let tolerance = if entry.info.tables.is_empty() { TOLERANCE } else { 0.02 };
            let setup = Setup { network, prepare: &prepare, duration: 0.16, tolerance };
            setup.check_all(&format!("{} by {scheme}", entry.info.name), &names);
            checked += 1;
        }
    }
    crate::tell(&format!("gradients checked for {checked} models and schemes"));
    assert!(checked >= 28 * 16);
}

fn random_weights(targets: usize, sources: usize) -> Array2<f64> {
    let mut uniform = Uniform(5);
    Array2::from_shape_fn((targets, sources), |(target, source)| {
        if (target + 2 * source) % 5 == 1 { 0.0 } else { uniform.between(-0.3, 1.0) }
    })
}

fn lengths(targets: usize, sources: usize) -> Array2<f64> {
    let mut uniform = Uniform(6);
    // From none to 4 ms at 10 mm/ms: blocks of every length.
    Array2::from_shape_fn((targets, sources), |_| (uniform.between(-5.0, 40.0)).max(0.0))
}

#[test]
fn through_every_coupling_rule_with_delays_and_without() {
    for entry in COLLECTIONS.iter().flat_map(|collection| &collection.entries) {
        let Create::Rule(create) = &entry.create else { continue };
        for (delayed, per_target) in [(false, false), (true, false), (true, true)] {
            let mut rule: Box<dyn AnyRule> = create();
            let mut uniform = Uniform(9);
            for (index, parameter) in entry.info.parameters.iter().enumerate() {
                let mut value = || uniform.near(parameter.default);
                let values: brainmass::Values = if per_target {
                    (0..7).map(|_| value()).collect::<Vec<_>>().into()
                } else {
                    value().into()
                };
                rule.settings_mut().set(index, values);
            }
            let hopf = HopfStep::new(7)
                .a([0.1, 0.2, -0.1, 0.3, 0.2, 0.1, 0.15])
                .init_x([0.3, -0.2, 0.5, 0.1, 0.4, -0.3, 0.2])
                .noise_y(0.05);
            let network = Network::new(hopf, (random_weights(7, 7), lengths(7, 7))).coupling(rule, "x");
            let network = if delayed { network.speed(10.0) } else { network };
            let names = names_of(&network);
            let prepare = |network: Network| Simulator::new(network).seed(4).record(["x", "coupling_input"]);
            let setup = Setup { network, prepare: &prepare, duration: 9.0, tolerance: TOLERANCE };
            let what = format!("{}, delayed: {delayed}, by target: {per_target}", entry.info.name);
            setup.check_all(&what, &names);
        }
    }
}

#[test]
fn through_every_form_of_the_laplacian() {
    use brainmass::connectome::LaplacianNormalization as Form;
    for form in [Form::None, Form::RandomWalk, Form::Symmetric] {
        for own in [false, true] {
            let hopf = HopfStep::new(5).init_x([0.3, -0.2, 0.5, 0.1, 0.4]);
            let weights = random_weights(5, 5).mapv(f64::abs);
            let network = Network::new(hopf, (weights, lengths(5, 5)))
                .coupling(Laplacian::new().k(0.3), "x")
                .speed(10.0)
                .self_connections(own)
                .normalize(form);
            let setup = Setup {
                network,
                prepare: &|network| Simulator::new(network).record(["x"]),
                duration: 3.0,
                tolerance: TOLERANCE,
            };
            setup.check_all(&format!("{form:?} {own}"), &names_of(&setup.network));
        }
    }
}

/// Two groups of different models and sizes, a delay inside of one, projections with delays, histories and observables.
fn cortex_and_thalamus() -> Network {
    let cortex = nodes_of("WilsonCowanDelayedStep", 3).expect("it is there");
    let cortex = cortex.init("rE", [0.2, 0.4, 0.3]).noise("rE", 0.02);
    let thalamus = HopfStep::new(2).init_x([0.3, -0.1]);
    let down = Projection::from("cortex", "rE")
        .to("thalamus", "x_inp")
        .weights(random_weights(2, 3))
        .delays(0.7)
        .rule(HyperbolicTangent::new())
        .history(History::from(vec![0.1, 0.5, 0.2]));
    let up = Projection::from("thalamus", "radius")
        .to("cortex", "rE_inp")
        .weights((random_weights(3, 2), lengths(3, 2)))
        .speed(20.0)
        .rule(Additive::new().k(0.4));
    let across = Projection::from("thalamus", "x")
        .to("thalamus", "y_inp")
        .weights(array![[0.0, 0.6], [0.4, 0.0]])
        .rule(Diffusive::new().k(0.3))
        .receiving("y")
        .name("across");
    Network::groups()
        .group("cortex", cortex)
        .group("thalamus", thalamus)
        .projection(down)
        .projection(up)
        .projection(across)
}

fn recorded(network: Network) -> Simulator {
    let names = ["cortex.rE", "thalamus.y", "thalamus.radius", "cortex.rE_inp", "across"];
    Simulator::new(network)
        .dt(0.1)
        .seed(2)
        .input("thalamus.y_inp", 0.1)
        .noise("thalamus.y_inp", BrownianNoise::new(0.01))
        .noise("cortex.rE_inp", ColoredNoise::pink(0.1))
        .noise("cortex.rI_inp", OuProcess::new(0.1, 5.0))
        .record(names)
}

#[test]
fn through_several_groups_delays_inside_and_between_and_observables() {
    for scheme in [Scheme::ExpEuler, Scheme::Heun, Scheme::Rk4] {
        let prepare = |network| recorded(network).scheme(scheme);
        let setup =
            Setup { network: cortex_and_thalamus(), prepare: &prepare, duration: 6.0, tolerance: TOLERANCE };
        setup.check_all(scheme.name(), &names_of(&setup.network));
    }
}

/// A node that reads an observable of the present, one of the step before, a named value and a state with delays that are made of parameters, through a
/// table beside it.
const LOOPS: &str = "
name: LoopsStep
category: network
time_unit: 1 ms
tables:
  f: {file: f.npy, axes: {u: {from: -3, to: 3}, v: {from: -2, to: 2}}}
states: {x: {init: 0.7, noise: 0.01}, y: {init: -0.4}}
parameters: {a: {default: 0.6}, b: {default: 0.3}, d: {default: 0.3 ms}, e: {default: 0.2 ms}}
inputs: {u: {}}
let:
  fed: {is: 'delay(own, d + e)', unit: 1}
  own: {is: 'f(a*x + 0.3*fed, y)', unit: 1}
derivatives:
  x: -x + own + b*delay(sent, d) + u
  y: a*delay(y, 2*e) - y + delay(shown, e)^2
observables:
  shown: {is: a*x*y + b*fed, unit: 1}
  sent: {is: own + b*u + x^2, unit: 1, at: start}
couples: {from: sent, to: u}
integration: {scheme: heun, dt: 0.1 ms}
";

/// The table of [`LOOPS`]: 25 x 17 numbers of a surface that is bilinear as a whole, so that differences of runs meet no edge of a cell.
fn surface() -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let header = format!("{:<117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (25, 17), }");
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    for row in 0..25 {
        for column in 0..17 {
            let (u, v) = (f64::from(row) * 0.25 - 3.0, f64::from(column) * 0.25 - 2.0);
            bytes.extend((0.2 + 0.5 * u - 0.3 * v + 0.15 * u * v).to_le_bytes());
        }
    }
    bytes
}

#[test]
fn through_tables_and_delays_of_observables() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("f.npy"), surface()).unwrap();
    std::fs::write(folder.path().join("loops.yaml"), LOOPS).unwrap();
    let model = brainmass::open_model(folder.path().join("loops.yaml")).unwrap();
    let nodes = || model.nodes(3).unwrap().init("x", vec![0.7, 0.2, -0.5]).set("a", vec![0.6, 0.5, 0.7]);
    let coupled = |network: Network| network.coupling(Additive::new(), "sent").to("u").k(0.2);
    let squared = |network: Network| network.coupling(AdditiveSquared::new(), "shown").to("u").k(0.1);
    let delays = lengths(3, 3) / 10.0;
    let pairs = |network: Network, signal: &str| {
        network.coupling(KuramotoPhaseDifference::new(), signal).to("u").k(0.2)
    };
    let remembered =
        squared(coupled(Network::new(nodes(), random_weights(3, 3))).delays(&delays).history(0.3));
    let networks: [(&str, Network); 5] = [
        ("alone", nodes().into()),
        ("a past of the projection alone", remembered),
        ("instant", squared(coupled(Network::new(nodes(), random_weights(3, 3))))),
        ("pairs", pairs(pairs(Network::new(nodes(), random_weights(3, 3)), "shown"), "sent")),
        ("delayed", squared(coupled(Network::new(nodes(), random_weights(3, 3))).delays(&delays))),
    ];
    let pasts: [&dyn Fn(Simulator) -> Simulator; 2] =
        [&|simulator| simulator, &|simulator| simulator.past("sent", 0.4).past("own", vec![0.1, 0.2, 0.3])];
    for (what, network) in networks {
        for past in pasts {
            let prepare = |network| {
                past(Simulator::new(network).dt(0.1).seed(3)).record(["x", "y", "shown", "sent", "own"])
            };
            let setup =
                Setup { network: network.clone(), prepare: &prepare, duration: 2.0, tolerance: TOLERANCE };
            let mut names = names_of(&network);
            names.retain(|name| !["d", "e"].contains(&name.as_str()));
            setup.check_all(what, &names);
        }
    }
}

#[test]
fn through_averages_strides_and_transients() {
    let variants: [&dyn Fn(Simulator) -> Simulator; 3] = [
        &|simulator| simulator.every(7),
        &|simulator| simulator.every(7).average().transient(1.3),
        &|simulator| simulator.transient(2.0),
    ];
    for change in variants {
        let prepare = |network| change(recorded(network));
        let setup =
            Setup { network: cortex_and_thalamus(), prepare: &prepare, duration: 6.0, tolerance: TOLERANCE };
        setup.check_all("strides", &names_of(&setup.network));
    }
}

#[test]
fn checkpoints_change_no_bit_of_a_gradient() {
    let network = cortex_and_thalamus();
    let names = names_of(&network);
    let of = |memory: usize| {
        let simulator = recorded(network.clone()).gradient_memory(memory);
        simulator.gradient(20.0, &names, |run| Ok(Setup::weighted(run)))
    };
    let whole = of(1 << 30).unwrap();
    for memory in [20_000, 30_000, 80_000] {
        let parts = of(memory).unwrap();
        assert_eq!(parts.run["cortex.rE"], whole.run["cortex.rE"], "{memory}");
        assert_eq!(parts.flat(), whole.flat(), "{memory}");
    }
    let error = of(100).unwrap_err().to_string();
    assert!(error.contains("100 bytes are too few"), "{error}");
}

#[test]
fn inputs_have_gradients_in_the_shape_in_which_they_are_given() {
    let inputs: [(&str, Input, Vec<f64>); 4] = [
        ("one value", 0.3.into(), vec![0.3]),
        ("one a node", vec![0.3, 0.1].into(), vec![0.3, 0.1]),
        ("a series", array![0.3, 0.1, 0.2, 0.5].into(), vec![0.3, 0.1, 0.2, 0.5]),
        ("held rows", Input::from(array![[0.3, 0.1], [0.2, 0.5]]).hold(2), vec![0.3, 0.1, 0.2, 0.5]),
    ];
    let build = |what: &str, values: &[f64]| -> Input {
        match what {
            "one value" => values[0].into(),
            "one a node" => values.to_vec().into(),
            "a series" => ndarray::Array1::from(values.to_vec()).into(),
            _ => Input::from(array![[values[0], values[1]], [values[2], values[3]]]).hold(2),
        }
    };
    for (what, input, values) in inputs {
        let simulator = |input: Input| {
            let network = Network::new(HopfStep::new(2).init_x(0.4), array![[0.0, 1.0], [0.5, 0.0]])
                .coupling(Additive::new(), "radius");
            let noise = OuProcess::new(0.1, 5.0);
            Simulator::new(network)
                .input("x_inp", input)
                .noise("x_inp", noise)
                .record(["x", "radius", "x_inp"])
        };
        let gradient = simulator(input).gradient(0.4, &["x_inp"], |run| Ok(Setup::weighted(run))).unwrap();
        assert_eq!(gradient["x_inp"].len(), values.len(), "{what}");
        for index in 0..values.len() {
            let at = |by: f64| {
                let mut moved = values.clone();
                moved[index] += by;
                Setup::weighted(&simulator(build(what, &moved)).run(0.4).unwrap()).value
            };
            let want = (at(1e-5) - at(-1e-5)) / 2e-5;
            let got = gradient["x_inp"][index];
            assert!((want - got).abs() < 1e-8 * want.abs().max(1.0), "{what} {index}: {got}, not {want}");
        }
    }
    let free = Simulator::new(HopfStep::new(2)).record(["x"]);
    let gradient = free.gradient(0.4, &["y_inp"], |run| Ok(Setup::weighted(run))).unwrap();
    assert_eq!(gradient["y_inp"].len(), 4 * 2, "without an input: one a step and node");
}

#[test]
fn through_every_objective() {
    let network = Network::new(
        HopfStep::new(4).a([0.1, 0.2, 0.05, 0.3]).w(0.3).init_x([0.5, -0.3, 0.8, 0.2]).noise_x(0.1),
        (random_weights(4, 4), lengths(4, 4)),
    )
    .coupling(Diffusive::new().k(0.2), "x")
    .speed(10.0);
    let target = Simulator::new(network.clone()).seed(8).every(5).run(60.0).unwrap()["x"].mapv(|x| x + 3.0);
    let settings = Settings::of_windows(30, 6).unwrap();
    for entry in OBJECTIVES {
        let objective = entry.build(&settings);
        let loss = |run: &Run| {
            let shifted = run["x"].mapv(|x| x + 3.0);
            let (value, gradient) = objective.value_and_gradient(shifted.view(), target.view()).unwrap();
            Loss::new(value).by("x", gradient)
        };
        let prepare = |network| Simulator::new(network).seed(3).every(5).record(["x"]);
        let setup =
            Setup { network: network.clone(), prepare: &prepare, duration: 60.0, tolerance: TOLERANCE };
        setup.check(entry.name, &names_of(&network), &loss);
    }
}

#[test]
fn through_bold_of_the_balloon_model() {
    let cortex = WongWangExcInhStep::new(3).init_S_e([0.1, 0.2, 0.3]).noise_S_e(0.001);
    let network = Network::groups()
        .group("cortex", cortex)
        .group("bold", BalloonWindkessel::new(3))
        .projection(
            Projection::from("cortex", "S_e")
                .to("cortex", "coupling")
                .weights(random_weights(3, 3))
                .rule(Additive::new()),
        )
        .projection(
            Projection::from("cortex", "S_e").to("bold", "z").weights(Array2::eye(3)).rule(Additive::new()),
        );
    let prepare = |network| Simulator::new(network).dt(1.0).seed(5).record(["bold.bold"]).every(100);
    let setup = Setup { network, prepare: &prepare, duration: 500.0, tolerance: TOLERANCE };
    setup.check_all("BOLD", &names_of(&setup.network));
}

#[test]
fn through_monitors_and_lead_fields() {
    let eeg = LeadField::new(Modality::Eeg, array![[1.0, 0.3], [-0.4, 2.0], [0.1, 0.7]]).unwrap();
    let hrf = HrfBoldSettings { period: 2.0, downsample_period: 0.5, duration: 8.0, ..Default::default() };
    let bold = HrfBold::new(&FirstOrderVolterra::default(), hrf, 0.1).unwrap();
    let monitors: [(&str, Box<dyn LinearMonitor>); 4] = [
        ("temporal average", Box::new(TemporalAverage::new(0.7, 0.1).unwrap())),
        ("subsample", Box::new(Subsample::new(0.7, 0.1).unwrap())),
        ("global average", Box::new(GlobalAverage::new(0.7, 0.1).unwrap())),
        ("BOLD", Box::new(bold)),
    ];
    let network = Network::new(HopfStep::new(3).init_x([0.3, 0.1, 0.2]), random_weights(3, 3))
        .coupling(Diffusive::new(), "x");
    let setup = |_: &str| Setup {
        network: network.clone(),
        prepare: &|network| Simulator::new(network).record(["x"]),
        duration: 20.0,
        tolerance: TOLERANCE,
    };
    for (name, mut monitor) in monitors {
        let monitor = std::cell::RefCell::new(&mut monitor);
        let loss = |run: &Run| {
            let mut monitor = monitor.borrow_mut();
            let rows = monitor.observe(run["x"].view()).unwrap();
            let back = monitor.pullback(run["x"].dim(), (2.0 * &rows).view()).unwrap();
            Loss::new((&rows * &rows).sum()).by("x", back)
        };
        setup(name).check(name, &names_of(&network), &loss);
    }
    let loss = |run: &Run| {
        let sensors = eeg.project(run["x"].view()).unwrap();
        Loss::new((&sensors * &sensors).sum()).by("x", eeg.pullback((2.0 * &sensors).view()).unwrap())
    };
    setup("lead field").check("lead field", &names_of(&network), &loss);
}

/// All instruments at once, watching a run of which the first part is left out.
fn watched(network: Network) -> Simulator {
    let eeg = LeadField::new(Modality::Eeg, array![[1.0, 0.3], [-0.4, 2.0], [0.1, 0.7]]).unwrap();
    let noise = SensorNoise::independent(0.1, 2).unwrap();
    let sensors = Sensors::new(eeg, 0.5, 0.1).unwrap().with_noise(noise, 3).unwrap();
    let hrf = HrfBoldSettings { period: 2.0, downsample_period: 0.5, duration: 8.0, ..Default::default() };
    let average = || TemporalAverage::new(0.5, 0.1).unwrap();
    let vessels = || BalloonWindkessel::new(3);
    Simulator::new(network)
        .seed(6)
        .transient(3.3)
        .record(["y"])
        .every(7)
        .observe("average", "x", average())
        .observe("subsample", "radius", Subsample::new(0.7, 0.1).unwrap())
        .observe("global", "x_inp", GlobalAverage::new(0.7, 0.1).unwrap())
        .observe("hrf", "x", HrfBold::new(&FirstOrderVolterra::default(), hrf, 0.1).unwrap())
        .observe("bold", "radius", BoldSignal::driven_every(0.2, vessels(), 1.0, 0.1).unwrap())
        .observe("means", "x", average().then(BoldSignal::new(vessels(), 1.0, 0.5).unwrap()).unwrap())
        .observe("eeg", "x", sensors)
        .observe(
            "fc",
            "x",
            average().then(FunctionalConnectivity::new(0.5).unwrap().after(3.3).unwrap()).unwrap(),
        )
}

#[test]
fn through_what_instruments_see_of_the_run() {
    let hopf = HopfStep::new(3).a([0.2, 0.1, 0.15]).init_x([0.3, 0.1, 0.2]).noise_y(0.05);
    let network =
        Network::new(hopf, (random_weights(3, 3), lengths(3, 3))).coupling(Diffusive::new(), "x").speed(10.0);
    let names = names_of(&network);
    let setup = Setup { network: network.clone(), prepare: &watched, duration: 20.0, tolerance: TOLERANCE };
    setup.check("instruments", &names, &Setup::weighted);
    let of = |memory: usize| {
        let simulator = watched(network.clone()).gradient_memory(memory);
        simulator.gradient(20.0, &names, |run| Ok(Setup::weighted(run))).unwrap().flat()
    };
    assert_eq!(of(10_000), of(1 << 30), "instruments see each step once, however often it is made");
}

#[test]
fn the_lorenz_system_has_its_known_exponent() {
    // 0.9056: Viswanath 1998 (thesis, Cornell), Sprott 2003 (Chaos and Time-Series Analysis).
    let simulator = Simulator::new(LorenzStep::new(1)).dt(0.02).scheme(Scheme::Rk4).transient(20.0);
    let exponent = simulator.lyapunov_exponent(320.0).unwrap();
    assert!((exponent - 0.906).abs() < 0.03, "{exponent}");
}

#[test]
fn linear_delayed_feedback_has_the_exponent_of_its_characteristic_equation() {
    // x' = -0.3 x + 0.2 x(t - 2), y' = -0.3 y: the largest root of s = -0.3 + 0.2 exp(-2 s), that of the delayed state.
    let decay = HopfStep::new(1).a(-0.3).beta(0.0).w(0.0).init_x(1.0);
    let network = Network::new(decay, array![[1.0]])
        .coupling(Additive::new(), "x")
        .k(0.2)
        .delays(2.0)
        .self_connections(true);
    let root = (0..200).fold(0.0_f64, |root, _| -0.3 + 0.2 * (-2.0 * root).exp());
    let simulator = Simulator::new(network).dt(0.002).scheme(Scheme::Euler).transient(20.0);
    let exponent = simulator.lyapunov_exponent(40.0).unwrap();
    assert!((exponent - root).abs() < 1e-3, "{exponent}, not {root}");
}

/// A distance from the origin has no derivative there. A node that rests at it counts with the subgradient 0, and the others keep theirs.
#[test]
fn a_node_at_the_origin_of_its_radius_does_not_spoil_the_others() {
    let sum = |name: &'static str| {
        move |run: &Run| Ok(Loss::new(run[name].sum()).by(name, Array2::ones(run[name].dim())))
    };
    let names = ["w", "a", "init_x"];
    let gradient = |nodes: HopfStep| {
        Simulator::new(nodes).record(["radius"]).gradient(5.0, &names, sum("radius")).unwrap()
    };
    let alone = gradient(HopfStep::new(1).init_x(0.5));
    let both = gradient(HopfStep::new(2).init_x([0.0, 0.5]));
    for name in ["w", "a"] {
        assert!(both[name][0] == alone[name][0] && alone[name][0] != 0.0, "{name}: {:?}", &both[name]);
    }
    assert_eq!(both["init_x"], [0.0, alone["init_x"][0]]);
    let tangent = Simulator::new(HopfStep::new(2).init_x([0.0, 0.5])).record(["radius"]);
    let tangent = tangent.tangent(5.0, &[("a", &[1.0])]).unwrap();
    let (resting, moving) = (tangent["radius"].column(0).sum(), tangent["radius"].column(1).sum());
    assert!(resting == 0.0 && (moving - alone["a"][0]).abs() < 1e-9 * moving.abs(), "{resting}, {moving}");
}

/// The derivatives of a chaotic run grow until they are no numbers any more, long before the run itself is in trouble.
#[test]
fn derivatives_that_leave_the_finite_numbers_are_errors_that_say_where() {
    let simulator = Simulator::new(LorenzStep::new(1)).dt(0.02).scheme(Scheme::Rk4).record(["x"]);
    let sum = |run: &Run| Ok(Loss::new(run["x"].sum()).by("x", Array2::ones(run["x"].dim())));
    let short = simulator.gradient(100.0, &["rho"], sum).unwrap();
    assert!(short["rho"][0].abs() > 1e20, "{}", short["rho"][0]);
    let error = simulator.gradient(900.0, &["rho", "sigma"], sum).unwrap_err();
    let GradientError::Diverged { time, node: 0, value, .. } = &error else { panic!("{error}") };
    // The exponent is 0.9 per ms: from 900 ms back, 1e308 is passed some 780 ms earlier.
    assert!((50.0..250.0).contains(time) && !value.is_finite(), "{error}");
    let message = error.to_string();
    assert!(
        message.starts_with("the gradient by `rho`, `sigma` is not finite: on the way back"),
        "{message}"
    );
    assert!(message.contains("the derivative of the loss by the "), "{message}");
    let forward = simulator.tangent(900.0, &[("rho", &[1.0])]).unwrap_err().to_string();
    assert!(forward.starts_with("the derivative of `x` along the direction became "), "{forward}");
}

#[test]
fn what_has_no_gradient_is_an_error_that_says_why() {
    type LossOf = fn(&Run) -> Loss;
    let simulator = recorded(cortex_and_thalamus());
    let error = |names: &[&str], loss: LossOf| {
        simulator.gradient(1.0, names, |run| Ok(loss(run))).unwrap_err().to_string()
    };
    let cases: [(&str, LossOf, &[&str]); 6] = [
        ("delays are whole steps", Setup::weighted, &["coupling_input_2.speed"]),
        ("delays are whole steps", Setup::weighted, &["cortex.delay_EE"]),
        ("did you mean `cortex.wEE`", Setup::weighted, &["cortex.wE"]),
        ("asked for twice", Setup::weighted, &["thalamus.a", "thalamus.a"]),
        ("which was not recorded", |_| Loss::new(0.0).by("x", Array2::zeros((1, 1))), &["thalamus.a"]),
        ("has shape [1, 1]", |_| Loss::new(0.0).by("across", Array2::zeros((1, 1))), &["thalamus.a"]),
    ];
    for (text, loss, names) in cases {
        let message = error(names, loss);
        assert!(message.contains(text), "{message}");
    }
    assert!(error(&["thalamus.a"], |_| Loss::new(f64::NAN)).contains("NaN"));
    let failed = simulator.gradient(1.0, &["thalamus.a"], |_| Err("no target".into())).unwrap_err();
    assert_eq!(failed.to_string(), "the loss: no target");
    let closure = simulator.record_with("own", "1", |view| vec![view.time()]);
    let by_closure = |run: &Run| Ok(Loss::new(0.0).by("own", run["own"].clone()));
    let message = closure.gradient(1.0, &["thalamus.a"], by_closure).unwrap_err().to_string();
    assert!(message.contains("recorded by a closure"), "{message}");
}
