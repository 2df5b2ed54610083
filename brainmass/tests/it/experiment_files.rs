//! Experiment files: those of `experiments/`, and how mistakes are told.

use std::fs;
use std::path::Path;

use brainmass::Experiment;

const EXPERIMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../experiments");

#[test]
fn every_experiment_of_the_folder_is_without_mistakes_and_documented() {
    let index =
        fs::read_to_string(Path::new(EXPERIMENTS).join("README.md")).expect("the index of the folder");
    let mut count = 0;
    for entry in fs::read_dir(EXPERIMENTS).expect("the folder is part of the repository") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            Experiment::open(&path).unwrap_or_else(|error| panic!("{error}"));
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            assert!(index.contains(&name), "{name} is not in experiments/README.md");
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} experiments");
}

#[test]
fn json_says_the_same_as_yaml() {
    let yaml =
        "model: HopfStep\nnodes: 2\nparameters: {a: 0.1 /ms}\ninitial: {x: [0.1, 0.2]}\nduration: 20 ms\n";
    let json = r#"{"model": "HopfStep", "nodes": 2, "parameters": {"a": "0.1 /ms"}, "initial": {"x": [0.1, 0.2]}, "duration": 20}"#;
    let [yaml, json] =
        [("e.yaml", yaml), ("e.json", json)].map(|(name, text)| Experiment::read(name, text).unwrap());
    assert_eq!(yaml.run().unwrap()["x"], json.run().unwrap()["x"]);
}

#[test]
fn tables_whose_names_are_numbers_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("w.csv", "1001,1002\n0,1\n2,0\n");
    write("x.csv", "1002,1001\n20,10\n");
    write("gain.csv", "region,1,2\n1002,3,4\n1001,1,2\n");
    let text = |keys: &str| {
        format!(
            "
model: LinearStep
connectome: {{file: w.csv, orientation: target_source{keys}}}
coupling: {{rule: Additive, k: 0}}
parameters: {{gamma: 0}}
initial: {{x: {{file: x.csv, header: true}}}}
observe: {{eeg: {{signal: x, instrument: sensors, every: 1 ms, gain: {{file: gain.csv, header: true, row_names: true}}}}}}
dt: 1 ms
scheme: euler
duration: 1 ms
record: x
"
        )
    };
    write("e.yaml", &text(", header: true"));
    let run = Experiment::open(folder.path().join("e.yaml")).unwrap().run().unwrap();
    assert_eq!(run["x"].row(0).to_vec(), [10.0, 20.0]);
    assert_eq!(run["eeg"].row(0).to_vec(), [10.0 + 60.0, 20.0 + 80.0]);
    write("e.yaml", &text(""));
    let error = Experiment::open(folder.path().join("e.yaml")).unwrap_err().to_string();
    assert!(
        error.contains("the table has 3 rows and 2 columns") && error.contains("`header: true`"),
        "{error}"
    );
}

#[test]
fn a_network_of_a_file_is_the_network_of_the_library() {
    use brainmass::datasets::synthetic_8;
    use brainmass::prelude::*;
    use brainmass::zoo::coupling::Sigmoidal;

    let text = "
model: WilsonCowanStep
connectome: synthetic_8
parameters: {tau_E: 2.5 ms}
initial: {rE: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]}
noise: {rE: 0.01}
coupling: {name: long_range, rule: Sigmoidal, from: rE, to: rE_inp, k: 0.5, midpoint: 0.2, speed: 4 m/s, history: 0.3}
inputs: {rI_inp: {series: [0, 0.5], hold: 100}}
integrator: heun
dt: 0.1 ms
duration: 20 ms
every: 5
seed: 3
record: {excitation: rE, current: long_range}
";
    let from_file = Experiment::read("e.yaml", text).unwrap().run().unwrap();
    let start: Vec<f64> = (1..=8).map(|node| f64::from(node) / 10.0).collect();
    let model = WilsonCowanStep::new(8).tau_E(2.5).init_rE(start).noise_rE(0.01);
    let network = Network::new(model, synthetic_8())
        .coupling(Sigmoidal::new().midpoint(0.2), "rE")
        .to("rE_inp")
        .k(0.5)
        .speed(4.0)
        .history(0.3)
        .name("long_range");
    let by_hand = Simulator::new(network)
        .input("rI_inp", Input::series(ndarray::array![0.0, 0.5]).hold(100))
        .dt(0.1)
        .scheme(Scheme::Heun)
        .every(5)
        .seed(3)
        .record_as("excitation", "rE")
        .record_as("current", "long_range")
        .run(20.0)
        .unwrap();
    for name in ["excitation", "current"] {
        assert_eq!(from_file[name], by_hand[name], "{name}");
    }
    assert_eq!(from_file["current"].dim(), (40, 8));
}

#[test]
fn two_groups_of_a_file_are_the_groups_of_the_library() {
    use brainmass::prelude::*;
    use brainmass::zoo::coupling::Additive;
    use ndarray::array;

    let text = "
groups:
  cortex: {model: WilsonCowanStep, nodes: 2, initial: {rE: [0.2, 0.4]}, inputs: {rI_inp: 0.1}}
  thalamus: {model: HopfStep}
parameters: {thalamus.a: 0.1}
projections:
  - {from: cortex.rE, to: thalamus.x_inp, weights: [[0.5, 0.25]], rule: Additive, delay: 8 ms}
  - {from: thalamus.x, to: cortex.rE_inp, weights: 1, rule: Additive, k: 0.3}
duration: 20 ms
record: [cortex.rE, thalamus.x]
";
    let from_file = Experiment::read("e.yaml", text).unwrap().run().unwrap();
    let network = Network::groups()
        .group("cortex", WilsonCowanStep::new(2).init_rE([0.2, 0.4]))
        .group("thalamus", HopfStep::new(1).a(0.1))
        .projection(
            Projection::from("cortex", "rE")
                .to("thalamus", "x_inp")
                .weights(array![[0.5, 0.25]])
                .rule(Additive::new())
                .delays(8.0),
        )
        .projection(
            Projection::from("thalamus", "x")
                .to("cortex", "rE_inp")
                .weights(array![[1.0], [1.0]])
                .rule(Additive::new())
                .k(0.3),
        );
    let by_hand = Simulator::new(network)
        .input("cortex.rI_inp", 0.1)
        .record(["cortex.rE", "thalamus.x"])
        .run(20.0)
        .unwrap();
    for name in ["cortex.rE", "thalamus.x"] {
        assert_eq!(from_file[name], by_hand[name], "{name}");
    }
    assert!(from_file["thalamus.x"].iter().any(|x| *x != 0.0), "the thalamus is driven");
}

#[test]
fn stimuli_and_noise_of_a_file_are_those_of_the_library() {
    use brainmass::noise::OuProcess;
    use brainmass::prelude::*;
    use brainmass::stimulus::Stimulus;

    let text = "
model: FitzHughNagumoStep
nodes: 3
inputs:
  V_inp:
    sum:
      - 0.1
      - {pulse: 0.6, onset: 5 ms, duration: 5 ms, regions: [0, 2]}
      - {sine: 0.2, frequency: 40 Hz, phase: 1, weights: [1, 2, 3]}
      - {noise: ornstein_uhlenbeck, sigma: 0.05, tau: 5 ms}
dt: 0.1 ms
duration: 20 ms
seed: 7
record: V_inp
";
    let from_file = Experiment::read("e.yaml", text).unwrap().run().unwrap();
    let flash = Stimulus::pulse(0.6).onset(5.0).duration(5.0).regions([0, 2]);
    let flicker = Stimulus::sine(0.2, 40.0.hz()).phase(1.0).weights([1.0, 2.0, 3.0]);
    let by_hand = Simulator::new(FitzHughNagumoStep::new(3))
        .input("V_inp", Input::from(0.1) + flash + flicker + OuProcess::new(0.05, 5.0))
        .seed(7)
        .record(["V_inp"])
        .run(20.0)
        .unwrap();
    assert_eq!(from_file["V_inp"], by_hand["V_inp"]);
}

#[test]
fn every_kind_of_source_can_be_said_in_a_file() {
    let sources = [
        "{pulse: 1}",
        "{pulse_train: 1, period: 5 ms, width: 1 ms}",
        "{sine: [1, 2], frequency: 0.1 kHz}",
        "{ramp: 1, rise: 3 ms}",
        "{gaussian: 1, peak: 5 ms, width: 2 ms}",
        "{noise: ornstein_uhlenbeck, sigma: 1, tau: 2, mean: 3}",
        "{noise: pink, sigma: 1, lowest: 1 Hz}",
        "{noise: blue, sigma: 1}",
        "{noise: violet, sigma: 1}",
        "{noise: colored, beta: 1.5, sigma: [1, 2]}",
        "{noise: brownian, sigma: 1}",
        "{noise: white, sigma: 1, covariance: [[1, 0.5], [0.5, 1]]}",
        "{noise: gaussian, sigma: 1}",
    ];
    for source in sources {
        let text = format!(
            "{{model: HopfStep, nodes: 2, inputs: {{x_inp: {source}}}, duration: 10, record: x_inp}}"
        );
        let run =
            Experiment::read("e.yaml", &text).unwrap_or_else(|report| panic!("{report}")).run().unwrap();
        assert!(run["x_inp"].iter().any(|value| *value != 0.0), "{source}");
    }
}

#[test]
fn random_values_lie_within_their_limits_and_differ_by_name_and_seed() {
    let read = |seed: u64| {
        let text = format!(
            "{{model: HopfStep, nodes: 500, duration: 1, initial: {{x: {{uniform: [2, 3], seed: {seed}}}, y: {{uniform: [2, 3]}}}}}}"
        );
        let experiment = Experiment::read("e.yaml", &text).unwrap();
        ["init_x", "init_y"].map(|name| experiment.network.get(name).unwrap())
    };
    let ([x, y], [other, same]) = (read(0), read(1));
    assert!(x.iter().all(|value| (2.0..3.0).contains(value)));
    let mean = x.iter().sum::<f64>() / 500.0;
    // The standard error of the mean is 0.013.
    assert!((mean - 2.5).abs() < 0.05, "{mean}");
    assert!(x != y && x != other && y == same);
}

/// Mistakes by what they are about.
const MISTAKES: [(&str, &str); 37] = [
    ("no_mapping", "- HopfStep"),
    ("not_yaml", "model: [HopfStep\nduration: 1"),
    ("nothing_needed_is_there", "nodes: 3"),
    ("unknown_key", "model: HopfStep\nduration: 1 s\nparamters: {a: 1}"),
    ("key_twice", "model: HopfStep\nduration: 1\nduration: 2"),
    ("unknown_model", "model: HopfSteep\nduration: 1"),
    ("not_a_node", "model: Diffusive\nduration: 1"),
    ("no_nodes", "model: HopfStep\nnodes: 0\nduration: 1"),
    ("unknown_preset", "model: HopfStep\npreset: fast\nduration: 1"),
    ("unknown_parameter", "model: HopfStep\nduration: 1\nparameters: {omga: 1}"),
    ("wrong_unit", "model: JansenRitStep\nduration: 1\nparameters:\n  Ae: 3.25 mA"),
    ("unknown_unit", "model: JansenRitStep\nduration: 1\nparameters:\n  Ae: 3.25 mVolt"),
    ("not_a_number", "model: HopfStep\nduration: 1\nparameters: {a: quick}"),
    ("not_finite", "model: HopfStep\nduration: 1\nparameters: {a: .nan}"),
    ("wrong_length", "model: HopfStep\nnodes: 3\nduration: 1\ninitial: {x: [1, 2]}"),
    ("negative_noise", "model: HopfStep\nduration: 1\nnoise: {x: -0.1}"),
    ("unknown_input", "model: HopfStep\nduration: 1\ninputs: {x_in: 1}"),
    (
        "sources",
        "\
model: HopfStep
duration: 1
inputs:
  x_inp:
    sum:
      - {pulse: 1 mV, onset: 1 Hz}
      - {sine: 1}
      - {pulse: 1, regions: [1]}
      - {noise: purple, sigma: 1}
      - {noise: pink}
",
    ),
    (
        "correlation_time",
        "model: HopfStep\nduration: 1\ninputs:\n  x_inp: {noise: ornstein_uhlenbeck, sigma: 1, tau: -5 ms}",
    ),
    ("two_shapes", "model: HopfStep\nduration: 1\ninputs:\n  x_inp: {pulse: 1, ramp: 2, rise: 3 ms}"),
    ("short_series", "model: HopfStep\nduration: 1\ninputs: {x_inp: {series: [1, 2, 3]}}"),
    ("ragged_rows", "model: HopfStep\nnodes: 2\nduration: 0.2\ninputs: {x_inp: {series: [[1, 2], [3]]}}"),
    ("unknown_scheme", "model: HopfStep\nduration: 1\nintegrator: rk5"),
    ("time_in_volts", "model: HopfStep\nduration: 1 mV"),
    ("no_whole_steps", "model: HopfStep\nduration: 1.05 ms\ndt: 0.1 ms"),
    ("negative_dt", "model: HopfStep\nduration: 1\ndt: -0.1"),
    ("transient_too_long", "model: HopfStep\nduration: 1\ntransient: 1"),
    ("two_strides", "model: HopfStep\nduration: 1\nevery: 2\nsample_every: 0.5"),
    ("unknown_record", "model: HopfStep\nduration: 1\nrecord: [x, raduis]"),
    ("recorded_twice", "model: HopfStep\nduration: 1\nrecord: [x, x]"),
    ("output_ending", "model: HopfStep\nduration: 1\noutput: run.mat\nplot: run.pdf"),
    ("missing_file", "model: HopfStep\nnodes: 2\nduration: 1\ninitial: {x: {file: nowhere.npz}}"),
    (
        "connectome",
        "model: HopfStep\nduration: 1\nconnectome: {name: synthetic_80, normalize: [max, rows]}\ncoupling: {rule: Diffusive}",
    ),
    (
        "projections",
        "\
groups:
  cortex: {model: WilsonCowanStep, nodes: 2}
  thalamus: {model: HopfStep}
projections:
  - {from: cortex.rX, to: thalamus.x_inp, weights: [[1, 1]], rule: Additive}
  - {from: cortx.rE, to: thalamus.x_inp, weights: [[1, 1]], rule: Additive}
  - {from: cortex.rE, to: thalamus.x_inp, weights: [[1], [1]], rule: Additive}
  - {from: cortex.rE, to: thalamus.x_inp, weights: one_to_one, rule: Additve}
  - {from: cortex.rE, to: thalamus.x_inp, rule: Additive, gain: 3}
duration: 1
record: cortex.x
",
    ),
    (
        "coupling",
        "model: HopfStep\nduration: 1\nconnectome: synthetic_8\ncoupling: {rule: Diffusive, from: x, speed: -3 mm/ms}",
    ),
    (
        "observe",
        "\
model: HopfStep
nodes: 2
duration: 100 ms
transient: 20 ms
dt: 0.5 ms
record: x
observe:
  x: {signal: x, instrument: average, every: 10 ms}
  ts: {signal: y, instrument: average, every: 0.7 ms}
  bold: {signal: z, instrument: bolt, every: 10 ms}
  hrf: {instrument: hrf, every: 10 ms}
  vessels: {signal: x, instrument: bold, preset: friston2030, every: 10 ms}
  eeg: {signal: x, instrument: sensors, every: 10 ms, modality: ecg}
  fc: {signal: x, instrument: functional_connectivity, every: 10 ms}
",
    ),
    (
        "observe_together",
        "model: HopfStep\nnodes: 2\nduration: 100\nrecord: x\nobserve: {x: {signal: x, instrument: average, every: 10}}",
    ),
];

#[test]
fn mistakes_are_told_with_their_places() {
    for (name, text) in MISTAKES {
        let report =
            Experiment::read("experiment.yaml", text).err().unwrap_or_else(|| panic!("{name} passes"));
        insta::assert_snapshot!(name, report.to_string());
    }
}

#[test]
fn instruments_of_a_file_are_those_of_the_library() {
    use brainmass::observation::{BoldSignal, FunctionalConnectivity, Monitor as _, TemporalAverage};
    use brainmass::prelude::*;
    use brainmass::zoo::observation::BalloonWindkessel;

    let text = "
model: HopfStep
nodes: 3
initial: {x: [0.3, 0.1, 0.2]}
noise: {x: 0.1}
dt: 0.1 ms
duration: 300 ms
transient: 60 ms
observe:
  bold: {signal: x, instrument: bold, preset: obata2004, every: 50 ms, step: 5 ms}
  means: {signal: radius, instrument: average, every: 20 ms}
  fc: {signal: radius, instrument: average, every: 20 ms, functional_connectivity: true}
";
    let run = Experiment::read("observe.yaml", text).unwrap().run().unwrap();
    let vessels = BalloonWindkessel::new(3).preset("obata2004");
    let means = || TemporalAverage::new(20.0, 0.1).unwrap();
    let fc = FunctionalConnectivity::new(20.0).and_then(|fc| fc.after(60.0)).unwrap();
    let simulator = Simulator::new(HopfStep::new(3).init_x([0.3, 0.1, 0.2]).noise_x(0.1))
        .transient(60.0)
        .observe(
            "bold",
            "x",
            BoldSignal::driven_every(5.0, vessels, 50.0, 0.1).unwrap().signal("bold_linear").unwrap(),
        )
        .observe("means", "radius", means())
        .observe("fc", "radius", means().then(fc).unwrap());
    let expected = simulator.run(300.0).unwrap();
    assert_eq!(run.names().collect::<Vec<_>>(), ["bold", "means", "fc"]);
    for name in run.names() {
        assert_eq!((&run[name], run.times(name)), (&expected[name], expected.times(name)), "{name}");
    }
}
