//! Experiment files: values by the names of regions, random values, numbers by their addresses, limits, warnings.

use std::fs;
use std::path::Path;

use brainmass::Experiment;
use brainmass::experiment::{Limits, Reader};
use brainmass::io::npz::NpzWriter;
use ndarray::{Array1, Array2, array};
use tempfile::TempDir;

/// A folder with files of these names and texts.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

/// The experiment that a text describes, as if it stood in a folder.
fn read(folder: &Path, text: &str) -> Result<Experiment, String> {
    let name = folder.join("e.yaml").display().to_string();
    Experiment::read(&name, text).map_err(|report| report.to_string())
}

#[track_caller]
fn refused(folder: &Path, text: &str, message: &str) {
    let report = read(folder, text).err().unwrap_or_else(|| panic!("this passes: {text}"));
    assert!(report.contains(message), "{report}");
}

/// Returns the warnings of an experiment.
#[track_caller]
fn warnings(folder: &Path, text: &str) -> Vec<String> {
    let experiment = read(folder, text).unwrap_or_else(|report| panic!("{report}"));
    experiment.warnings.into_iter().map(|warning| warning.message).collect()
}

/// Three regions, whose connectome names them A, B and C.
const CONNECTOME: (&str, &str) = ("w.csv", "region,A,B,C\nA,0,0.5,2\nB,1,0,1\nC,3,0.25,0\n");

const THREE: &str = "model: LinearStep\nconnectome: {file: w.csv, orientation: target_source}\nscheme: euler\n\
                     dt: 1 ms\nduration: 1 ms\nparameters: {gamma: 0}\n";

#[test]
fn values_go_to_the_region_of_their_name_whatever_their_order() {
    let files = [
        CONNECTOME,
        ("x.csv", "region,x\nC,3\nA,1\nB,2\n"),
        ("drive.tsv", "C\tA\tB\n30\t10\t20\n"),
        ("w2.csv", "region,C,A,B\nC,0,3,1\nA,1,0,2\nB,2,3,0\n"),
        ("gain.csv", "region,Fz,Cz\nC,5,6\nA,1,2\nB,3,4\n"),
    ];
    let folder = folder(&files);
    let first = |text: &str, name: &str| {
        let run =
            read(folder.path(), &format!("{THREE}{text}")).unwrap_or_else(|report| panic!("{report}")).run();
        run.unwrap()[name].row(0).to_vec()
    };
    let coupled = "coupling: {rule: Additive, from: x, k: 1, weights: {file: w2.csv}}\n";
    assert_eq!(first(&format!("{coupled}initial: {{x: {{file: x.csv}}}}\nrecord: x"), "x"), [8.0, 11.0, 8.0]);
    // To A: 1 C + 2 B; to B: 2 C + 3 A; to C: 3 A + 1 B.
    let currents = format!("{coupled}initial: {{x: {{file: x.csv}}}}\nrecord: coupling_input");
    assert_eq!(first(&currents, "coupling_input"), [7.0, 9.0, 5.0]);
    let uncoupled = "coupling: {rule: Additive, from: x, k: 0}\n";
    assert_eq!(
        first(&format!("{uncoupled}inputs: {{x_inp: {{file: drive.tsv}}}}\nrecord: x_inp"), "x_inp"),
        [10.0, 20.0, 30.0]
    );
    let sensors = "observe: {eeg: {signal: x, instrument: sensors, gain: gain.csv, every: 1 ms}}";
    assert_eq!(first(&format!("{uncoupled}initial: {{x: [1, 10, 100]}}\n{sensors}"), "eeg"), [531.0, 642.0]);
    let against =
        "observe: {eeg: {signal: x, instrument: sensors, gain: gain.csv, every: 1 ms, reference: Cz}}";
    assert_eq!(first(&format!("{uncoupled}initial: {{x: [1, 10, 100]}}\n{against}"), "eeg"), [-111.0, 0.0]);
}

#[test]
fn names_of_other_regions_are_refused_and_further_ones_told() {
    let files = [
        CONNECTOME,
        ("other.csv", "region,x\nV1,3\nV2,1\nV3,2\n"),
        ("more.csv", "region,x\nD,4\nC,3\nB,2\nA,1\n"),
        ("twice.csv", "region,x\nA,4\nB,3\nB,2\n"),
        ("numbered.csv", "node,x\n0,4\n1,3\n2,2\n"),
    ];
    let folder = folder(&files);
    let with = |file: &str| {
        format!(
            "{THREE}coupling: {{rule: Additive, from: x, k: 0}}\ninitial: {{x: {{file: {file}, array: x}}}}"
        )
    };
    refused(folder.path(), &with("other.csv"), "`x` has no values for the regions A, B, C");
    refused(
        folder.path(),
        &with("other.csv"),
        "it has values for V1, V2, V3, which the connectome does not have",
    );
    refused(folder.path(), &with("twice.csv"), "`x` names the region `B` twice");
    assert_eq!(
        warnings(folder.path(), &with("more.csv")),
        ["`x` has values for D, which are no regions here: they are left out"]
    );
    let experiment = read(folder.path(), &with("more.csv")).unwrap();
    assert_eq!(experiment.network.get("init_x").unwrap(), [1.0, 2.0, 3.0]);
    assert_eq!(experiment.labels, ["A", "B", "C"]);
    // Numbers count rows.
    assert_eq!(
        read(folder.path(), &with("numbered.csv")).unwrap().network.get("init_x").unwrap(),
        [4.0, 3.0, 2.0]
    );
}

#[test]
fn without_a_connectome_the_first_names_hold_for_all() {
    let folder = folder(&[("a.csv", "region,a\nA,1\nB,2\n"), ("w.csv", "region,w\nB,20\nA,10\n")]);
    let mut file = NpzWriter::new();
    file.add("x", &array![0.2, 0.1]).unwrap();
    file.add("labels", &Array1::from(vec!["B", "A"])).unwrap();
    file.save(folder.path().join("x.npz")).unwrap();
    let text = "model: HopfStep\nnodes: 2\nduration: 1 ms\nparameters: {a: {file: a.csv}, w: {file: w.csv}}\n\
                initial: {x: {file: x.npz}}\n";
    let experiment = read(folder.path(), text).unwrap();
    let get = |name: &str| experiment.network.get(name).unwrap();
    assert_eq!((get("a"), get("w"), get("init_x")), (vec![1.0, 2.0], vec![10.0, 20.0], vec![0.1, 0.2]));
    assert_eq!(experiment.labels, ["A", "B"]);
    assert_eq!(experiment.files.len(), 3);
}

#[test]
fn regions_are_addressed_by_their_names() {
    let folder = folder(&[CONNECTOME]);
    let coupled = format!("{THREE}coupling: {{rule: Additive, from: x, k: 0}}\nrecord: x_inp\n");
    let drive = |regions: &str| format!("{coupled}inputs: {{x_inp: {{pulse: 1, regions: {regions}}}}}");
    for (regions, expected) in [("[B]", [0.0, 1.0, 0.0]), ("[2, A]", [1.0, 0.0, 1.0])] {
        let run = read(folder.path(), &drive(regions)).unwrap().run().unwrap();
        assert_eq!(run["x_inp"].row(0).to_vec(), expected, "{regions}");
    }
    refused(folder.path(), &drive("[b]"), "there is no region `b`");
    refused(folder.path(), &drive("[b]"), "did you mean `B`? regions are A, B, C");
    refused(folder.path(), &drive("[3]"), "there is no region `3`");
    refused(folder.path(), &drive("[]"), "the stimulus would reach nothing");
    let initial = |values: &str| format!("{coupled}initial: {{x: {values}}}");
    let values = |values: &str| read(folder.path(), &initial(values)).unwrap().network.get("init_x").unwrap();
    assert_eq!(values("{regions: {C: 3, A: 1}, others: 7}"), [1.0, 7.0, 3.0]);
    assert_eq!(values("{regions: {C: 3, A: 1, B: 2}}"), [1.0, 2.0, 3.0]);
    refused(folder.path(), &initial("{regions: {C: 3}}"), "2 of 3 regions have no value of `x`");
    refused(folder.path(), &initial("{regions: {D: 3}, others: 0}"), "there is no region `D`");
    refused(folder.path(), &initial("{others: 3}"), "`others` goes with `regions`");
}

#[test]
fn normal_values_have_their_mean_and_deviation() {
    let text = "{model: HopfStep, nodes: 4000, duration: 1, parameters: {w: {normal: [0.1 rad/ms, 0.01 rad/ms], seed: 1}}}";
    let w = Experiment::read("e.yaml", text).unwrap().network.get("w").unwrap();
    let mean = w.iter().sum::<f64>() / 4000.0;
    let deviation = (w.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 3999.0).sqrt();
    // Four standard errors.
    assert!((mean - 0.1).abs() < 4.0 * 0.01 / 4000_f64.sqrt(), "{mean}");
    assert!((deviation - 0.01).abs() < 4.0 * 0.01 / 8000_f64.sqrt(), "{deviation}");
    let here = Path::new("");
    let with =
        |values: &str| format!("{{model: HopfStep, nodes: 2, duration: 1, parameters: {{w: {values}}}}}");
    refused(here, &with("{normal: [0, -1]}"), "a standard deviation is not below 0");
    refused(here, &with("{normal: [0]}"), "`normal` is a list of two: [mean, deviation]");
    refused(here, &with("{uniform: [1, 0]}"), "the lower limit must be below the upper one");
    refused(here, &with("{gauss: [1, 0]}"), "random numbers: `uniform`, `normal`");
    refused(here, &with(""), "`w` has no value");
}

#[test]
fn every_number_has_one_address_and_one_value() {
    let here = Path::new("");
    let coupled = "model: HopfStep\nconnectome: synthetic_8\nduration: 1 ms\n";
    let read = |text: &str| read(here, &format!("{coupled}{text}"));
    let text = "coupling: Diffusive\nparameters: {k: 0.3, speed: 5 m/s, init_x: 0.2, noise_y: 0.1, x_inp: 0.7, a: 1}\n\
                record: x_inp\n";
    let experiment = read(text).unwrap();
    for (name, value) in [("k", 0.3), ("speed", 5.0), ("init_x", 0.2), ("noise_y", 0.1), ("a", 1.0)] {
        assert_eq!(experiment.network.get(name).unwrap(), [value], "{name}");
    }
    assert!(experiment.run().unwrap()["x_inp"].iter().all(|value| (value - 0.7).abs() < 1.0));
    let per_target = read("coupling: Diffusive\nparameters: {k: [1, 2, 3, 4, 5, 6, 7, 8]}\n").unwrap();
    assert_eq!(per_target.network.get("k").unwrap().len(), 8);

    let refused = |text: &str, message: &str| refused(here, &format!("{coupled}{text}"), message);
    refused("coupling: Diffusive\nparameters: {speeed: 5}\n", "did you mean `speed`?");
    refused(
        "coupling: {rule: Diffusive, k: 0.1}\nparameters: {k: 0.2}\n",
        "`k` has a value already, in the projection",
    );
    refused(
        "coupling: Diffusive\nparameters: {k: 0.2, coupling_input.k: 0.3}\n",
        "has a value already, in line 5",
    );
    refused(
        "coupling: Diffusive\nparameters: {init_x: 0.2}\ninitial: {x: 0.3}\n",
        "`x` has a value already, in line 5",
    );
    refused("coupling: Diffusive\nparameters: {k: [1, 2]}\n", "`k` has 2 values for 8 nodes");
    refused("coupling: Diffusive\nparameters: {speed: 5 mV}\n", "wrong unit: expected mm/ms, found mV");
    let groups =
        "groups:\n  one: {model: HopfStep, initial: {x: 0.1}}\n  two: {model: HopfStep}\nduration: 1 ms\n";
    let experiment = Experiment::read(
        "e.yaml",
        &format!("{groups}initial: {{two.x: 0.2}}\nparameters: {{two.noise_x: 0.3}}\n"),
    );
    let network = experiment.unwrap().network;
    assert_eq!(network.get("one.init_x").unwrap(), [0.1]);
    assert_eq!(network.get("two.init_x").unwrap(), [0.2]);
    assert_eq!(network.get("two.noise_x").unwrap(), [0.3]);
    let twice = Experiment::read("e.yaml", &format!("{groups}initial: {{one.x: 0.2}}\n")).unwrap_err();
    assert!(twice.to_string().contains("`one.x` has a value already, in line 2"), "{twice}");
}

#[test]
fn the_intensity_of_noise_has_the_unit_of_its_state_per_root_of_a_time() {
    let here = Path::new("");
    let with = |sigma: &str| format!("model: JansenRitStep\nnoise: {{M: {sigma}}}\nduration: 1 ms\n");
    let sigma = |sigma: &str| read(here, &with(sigma)).unwrap().network.get("noise_M").unwrap()[0];
    assert_eq!(sigma("0.1"), 0.1);
    refused(here, &with("0.1 mV"), "wrong unit: expected mV/sqrt(ms), found mV");
    refused(here, &with("-0.1"), "an intensity is not");
}

#[test]
fn what_does_not_fit_into_memory_or_time_is_refused_before_it_is_made() {
    let here = Path::new("");
    let hopf = |text: &str| format!("model: HopfStep\n{text}\n");
    refused(
        here,
        &hopf("nodes: 400\nduration: 2 h\nlimits: {memory: 8 GB}"),
        "the records need 231 GB of memory; 8.0 GB are allowed",
    );
    refused(here, &hopf("duration: 1e300 ms"), "steps of 0.1 ms; 1e10 are allowed");
    refused(here, &hopf("dt: 1e-300 ms\nduration: 1 ms"), "1.0e300 steps");
    refused(
        here,
        &hopf(
            "nodes: 100000\nduration: 1 ms\ncoupling: {rule: Diffusive, weights: 1}\nlimits: {memory: 8 GB}",
        ),
        "the connections need 960 GB",
    );
    refused(
        here,
        &hopf(
            "nodes: 1000\nduration: 1 ms\ncoupling: {rule: Diffusive, weights: 1, delay: 1e9 ms}\nlimits: {memory: 8 GB}",
        ),
        "the delays need",
    );
    refused(here, &hopf("nodes: 100000000\nduration: 0.1 ms\nlimits: {memory: 8 GB}"), "the nodes need");
    let far = "duration: 1 ms\ndt: 1e-9 ms\nevery: 1000000\nobserve: {b: {signal: x, instrument: hrf, every: 1 ms, step: 1e-9 ms}}\nlimits: {memory: 8 GB}";
    refused(here, &hopf(far), "in the instrument the records need");
    // Limits are said, and can be changed, by a file and by a program.
    let large = "nodes: 1000\nduration: 10 s\nlimits: {memory: 100 MB}";
    refused(here, &hopf(large), "the records need 801 MB of memory; 100 MB are allowed");
    refused(here, &hopf("duration: 1 s\nlimits: {steps: 100}"), "1.0e4 steps of 0.1 ms; 1e2 are allowed");
    refused(here, &hopf("duration: 1 s\nlimits: {steps: 1e20}"), "a limit of 1e20 steps cannot be");
    refused(
        here,
        &hopf("duration: 1 s\nlimits: {memory: lots}"),
        "expected an amount of memory such as `64 GB`",
    );
    let small = Limits { memory: Some(1000), ..Limits::default() };
    let report = Reader::new().limits(small).read("e.yaml", &hopf("duration: 1 s")).unwrap_err();
    assert!(report.to_string().contains("the records need 160 kB"), "{report}");
    // One connection a node needs no matrix.
    let many = "nodes: 100000\nduration: 0.1 ms\nrecord: x\ncoupling: {rule: Additive, weights: one_to_one, k: 0.5}\ninitial: {x: 1}";
    let run = read(here, &hopf(&format!("{many}\nscheme: euler\nparameters: {{a: 0, beta: 0, w: 0}}")))
        .unwrap()
        .run();
    assert!(run.unwrap()["x"].iter().all(|x| (x - 1.05).abs() < 1e-12));
}

#[test]
fn an_option_that_ends_in_nothing_says_so() {
    let files = [
        ("upper.csv", "0,1,2\n0,0,3\n0,0,0\n"),
        ("own.csv", "1,1,2\n1,0,3\n1,1,0\n"),
        ("none.csv", "0,0\n0,0\n"),
    ];
    let folder = folder(&files);
    let with = |text: &str| format!("model: HopfStep\nduration: 1 ms\n{text}\n");
    let coupled = |connectome: &str, rest: &str| {
        with(&format!(
            "connectome: {{file: {connectome}, orientation: target_source{rest}}}\ncoupling: {{rule: Diffusive, k: 0.1}}"
        ))
    };
    let told = |text: &str| warnings(folder.path(), text).join("; ");
    assert!(told(&with("connectome: synthetic_8")).contains("nothing uses this connectome"));
    assert!(told(&coupled("upper.csv", "")).contains("the weights fill the upper triangle alone"));
    assert!(told(&coupled("upper.csv", ", symmetrize: mean")).contains("halves every weight"));
    assert_eq!(told(&coupled("upper.csv", ", symmetrize: max")), "");
    assert!(told(&coupled("own.csv", "")).contains("1 weights of nodes to themselves are left out"));
    assert!(told(&coupled("none.csv", "")).contains("no connections"));
    let weighted = |rest: &str| with(&format!("nodes: 2\ncoupling: {{rule: Additive, k: 1, {rest}}}"));
    assert!(
        told(&weighted("weights: [[1, 1], [1, 0]]"))
            .contains("1 weights of nodes to themselves are left out")
    );
    assert_eq!(told(&weighted("weights: [[1, 1], [1, 0]], self_connections: false")), "");
    assert_eq!(told(&weighted("weights: one_to_one")), "");
    assert!(told(&weighted("weights: one_to_one, self_connections: false")).contains("no connections"));
    assert!(told(&weighted("weights: 1, history: 0.3")).contains("this `history` has no effect"));
    let past = |rows: &str| {
        weighted(&format!("weights: 1, delay: 0.2 ms, history: {{series: {rows}}}"))
            + "initial: {x: [0.3, 0.4]}\n"
    };
    assert!(
        told(&past("[[0.1, 0.2], [0.3, 0.4]]")).contains("the last row of this history is the initial state")
    );
    assert_eq!(told(&past("[[0.1, 0.2], [0.2, 0.3]]")), "");
    refused(folder.path(), &with("output:"), "`output` has no value");
}

#[test]
fn shares_of_connections_are_what_they_are_called() {
    // Ten connections among five regions, of the strengths 1, 2, 4, ..., 512.
    let mut weights = Array2::<f64>::zeros((5, 5));
    let mut strength = 1.0;
    for target in 0..5 {
        for source in target + 1..5 {
            weights[[target, source]] = strength;
            strength *= 2.0;
        }
    }
    let rows: Vec<String> = weights
        .rows()
        .into_iter()
        .map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(","))
        .collect();
    let folder = folder(&[("w.csv", &rows.join("\n"))]);
    let kept = |share: &str| {
        let text = format!(
            "model: LinearStep\nconnectome: {{file: w.csv, orientation: target_source, {share}}}\n\
             coupling: {{rule: Additive, k: 1}}\nduration: 1 ms\n"
        );
        let weights = read(folder.path(), &text).unwrap().network.get("weights").unwrap();
        weights.into_iter().fold(0.0, |sum, weight| sum + weight)
    };
    assert_eq!(kept("strongest: 0.5"), 32.0 + 64.0 + 128.0 + 256.0 + 512.0);
    // Of the twenty pairs, a fifth.
    assert_eq!(kept("density: 0.2"), 64.0 + 128.0 + 256.0 + 512.0);
}

#[test]
fn both_names_of_the_scheme_are_one_key() {
    let here = Path::new("");
    let text = "model: HopfStep\nduration: 1 ms\n";
    for key in ["scheme", "integrator"] {
        let experiment = read(here, &format!("{text}{key}: rk4\n")).unwrap();
        assert_eq!(experiment.scheme.map(|scheme| scheme.name()), Some("rk4"), "{key}");
    }
    refused(
        here,
        &format!("{text}scheme: rk4\nintegrator: heun\n"),
        "`integrator` is another name of `scheme`",
    );
}

#[test]
fn instruments_that_would_see_nothing_are_refused() {
    let here = Path::new("");
    let with = |rest: &str| {
        format!(
            "model: HopfStep\nnodes: 2\nduration: 20 ms\ntransient: 5 ms\nobserve: {{o: {{signal: x, {rest}}}}}\n"
        )
    };
    refused(here, &with("instrument: average, every: 50 ms"), "no row of `o` would be complete");
    refused(
        here,
        &with("instrument: bold, every: 8 ms, functional_connectivity: true"),
        "`o` would correlate 2 of the 3 samples that it needs at least",
    );
    let run =
        read(here, &with("instrument: bold, every: 4 ms, functional_connectivity: true")).unwrap().run();
    assert_eq!(run.unwrap()["o"].dim(), (2, 2));
    refused(
        here,
        &with("instrument: functional_connectivity, every: 1 ms"),
        "gives its rows at the end of the run",
    );
}

#[test]
fn a_model_file_is_known_for_what_it_is() {
    let model =
        "name: MyStep\nstates: {x: {init: 0}}\nparameters: {k: {default: 1}}\nderivatives: {x: -k*x}\n";
    refused(Path::new(""), model, "this is a model file, and an experiment is expected");
    refused(Path::new(""), "model: my_model.yaml\nduration: 1 ms", "my_model.yaml: cannot be read");
}
