//! Fits that go on from files, and files that they refuse.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use brainmass_core::scheme::Scheme;
use brainmass_data::objectives::{CosineSim, Objective as _, TimeseriesRmse};
use brainmass_rules::Diffusive;
use brainmass_sim::network::Network;
use brainmass_sim::observation::TemporalAverage;
use brainmass_sim::simulator::Simulator;
use brainmass_zoo::*;
use ndarray::{Array2, array};
use proptest::prelude::*;

#[test]
fn a_resumed_fit_ends_as_one_that_was_never_stopped_and_computes_nothing_twice_but_the_first_candidate() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fit.json");
    for method in all_methods() {
        let count = AtomicUsize::new(0);
        let loss = || {
            WithGradient(|params: &ParamValues| {
                count.fetch_add(1, Ordering::Relaxed);
                differentiable_rosenbrock(params)
            })
        };
        let fitter = |iterations| {
            Fitter::new(bounded(), loss()).method(method.clone()).iterations(iterations).starts(2)
        };
        let whole = fitter(15).run().unwrap();
        let evaluations = count.swap(0, Ordering::Relaxed);
        fitter(6).checkpoint(&file, 100).run().unwrap();
        // Going on in the same file.
        let resumed = fitter(15).resume(&file).checkpoint(&file, 4).run().unwrap();
        assert_eq!(bits(&resumed), bits(&whole), "{method}");
        assert_eq!(count.swap(0, Ordering::Relaxed), evaluations + 1, "{method}");
        let again = fitter(15).resume(&file).run().unwrap();
        assert_eq!(bits(&again), bits(&whole), "{method}");
    }
}

/// The parts of a fit of two oscillators to a line.
struct Experiment {
    simulator: Simulator,
    duration: f64,
    target: Array2<f64>,
    seed: u64,
    starts: usize,
    method: Method,
    a: Param,
}

impl Experiment {
    fn new() -> Self {
        Self {
            simulator: Simulator::new(network(0.3, 0.5)).record(["x"]),
            duration: 5.0,
            target: Array2::from_shape_fn((50, 2), |(row, node)| 0.01 * (row + node) as f64),
            seed: 1,
            starts: 2,
            method: NelderMead::default().into(),
            a: Param::new(-0.1).sigmoid(-0.3, 0.0),
        }
    }

    fn loss(&self) -> SimulationLoss {
        let target = self.target.clone();
        SimulationLoss::comparing(self.simulator.clone(), self.duration, "x", TimeseriesRmse, target)
    }

    fn fitter(&self, loss: SimulationLoss) -> Fitter<'static> {
        Fitter::new(Params::new().with("a", self.a.clone()), loss)
            .method(self.method.clone())
            .seed(self.seed)
            .starts(self.starts)
            .iterations(3)
    }
}

fn network(k: f64, weight: f64) -> Network {
    let nodes = HopfStep::new(2).init_x(0.5);
    Network::new(nodes, array![[0.0, weight], [1.0, 0.0]]).coupling(Diffusive::new(), "x").k(k)
}

#[test]
fn the_checkpoint_of_another_fit_is_refused_with_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fit.json");
    let plain = Experiment::new();
    plain.fitter(plain.loss()).checkpoint(&file, 1).run().unwrap();
    plain.fitter(plain.loss()).iterations(5).resume(&file).run().unwrap();

    let refused = |expected: &str, fitter: Fitter| {
        let error = fitter.resume(&file).run().unwrap_err().to_string();
        let intro = format!("`{}` cannot be resumed: it belongs to another fit: ", file.display());
        assert_eq!(error.strip_prefix(&intro), Some(expected), "{error}");
    };
    let with = |change: &dyn Fn(&mut Experiment)| {
        let mut other = Experiment::new();
        change(&mut other);
        let loss = other.loss();
        other.fitter(loss)
    };
    refused("`target` differs", with(&|it| it.target[[49, 1]] += 1e-9));
    refused(
        "`duration` is 6 ms and was 5 ms; `target` is 60 x 2 and was 50 x 2",
        with(&|it| {
            it.duration = 6.0;
            it.target = Array2::zeros((60, 2));
        }),
    );
    refused("`seed of the fit` is 2 and was 1", with(&|it| it.seed = 2));
    refused("`starts` is 1 and was 2", with(&|it| it.starts = 1));
    refused(
        "`search method` is CmaEs(CmaEs { candidates: None, sigma: 1.0, tolerance: 1e-9 }) and was \
         NelderMead(NelderMead { tolerance: 1e-10 })",
        with(&|it| it.method = CmaEs::default().into()),
    );
    refused(
        "`fitted a` is [-0.1] by sigmoid(-0.4, 0) and was [-0.1] by sigmoid(-0.3, 0)",
        with(&|it| it.a = Param::new(-0.1).sigmoid(-0.4, 0.0)),
    );
    let simulating = |change: &dyn Fn(Simulator) -> Simulator| {
        let mut other = Experiment::new();
        other.simulator = change(other.simulator.clone());
        let loss = other.loss();
        other.fitter(loss)
    };
    let on = |network: Network| simulating(&move |_| Simulator::new(network.clone()).record(["x"]));
    refused("`coupling_input.k` is 0.4 and was 0.3", on(network(0.4, 0.5)));
    refused("`weights of coupling_input` differs", on(network(0.3, 0.6)));
    let other_model = Network::new(StuartLandauStep::new(2).init_x(0.5), array![[0.0, 0.5], [1.0, 0.0]]);
    let error = on(other_model.coupling(Diffusive::new(), "x").k(0.3)).resume(&file).run().unwrap_err();
    assert!(error.to_string().contains("`model` is StuartLandauStep"), "{error}");
    refused("`init_x` is 0.9 and was 0.5", on(network_from(0.9)));
    refused(
        "`dt` is 0.05 ms and was 0.1 ms; `sampling interval` is 2 steps and was 1 step",
        simulating(&|simulator| simulator.dt(0.05).every(2)),
    );
    refused("`scheme` is rk4 and was heun", simulating(&|simulator| simulator.scheme(Scheme::Rk4)));
    refused("`input x_inp` is new", simulating(&|simulator| simulator.input("x_inp", 0.1)));
    refused("`seed of the noise` is 5 and was 0", simulating(&|simulator| simulator.seed(5)));

    let objective = || {
        let target = Experiment::new().target;
        SimulationLoss::comparing(
            Experiment::new().simulator,
            5.0,
            "x",
            CosineSim::default().as_loss(),
            target,
        )
    };
    refused(
        "`objective` is AsLoss(CosineSim { epsilon: 0.0 }) and was TimeseriesRmse",
        plain.fitter(objective()),
    );
    let seen = Experiment::new().loss().through(|| TemporalAverage::new(0.1, 0.1));
    refused("`instrument of the comparison` is new", plain.fitter(seen));
}

fn network_from(x: f64) -> Network {
    let nodes = HopfStep::new(2).init_x(x);
    Network::new(nodes, array![[0.0, 0.5], [1.0, 0.0]]).coupling(Diffusive::new(), "x").k(0.3)
}

#[test]
fn a_closure_that_has_changed_is_noticed_by_the_first_candidate() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fit.json");
    Fitter::new(bounded(), of_x(rosenbrock)).iterations(4).checkpoint(&file, 1).run().unwrap();
    let error = Fitter::new(bounded(), of_x(rastrigin)).resume(&file).run().unwrap_err().to_string();
    assert!(
        error.contains("its first candidate has the loss 15232.4")
            && error.contains(", and now has the loss 23.469"),
        "{error}"
    );
}

/// Resumes a fit by L-BFGS from a file with this content.
fn resumed_from(content: &str) -> Result<Fit, FitError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fit.json");
    fs::write(&file, content).unwrap();
    differentiable().resume(&file).run()
}

fn differentiable() -> Fitter<'static> {
    Fitter::new(bounded(), WithGradient(differentiable_rosenbrock)).method(Lbfgs::default()).iterations(6)
}

fn checkpoint() -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fit.json");
    differentiable().checkpoint(&file, 1).run().unwrap();
    fs::read_to_string(&file).unwrap()
}

#[test]
fn a_changed_checkpoint_is_refused() {
    let text = checkpoint();
    resumed_from(&text).unwrap();
    // Values count, and not the white space between them.
    let tree: serde_json::Value = serde_json::from_str(&text).unwrap();
    resumed_from(&format!("{tree:#}")).unwrap();

    let message = |text: &str| resumed_from(text).unwrap_err().to_string();
    let damaged = "its checksum does not fit: it is damaged or was changed after it was written";
    let mut removed = tree.clone();
    removed["starts"][0].as_array_mut().unwrap().remove(2);
    assert!(message(&removed.to_string()).ends_with(damaged));
    let mut lowered = tree.clone();
    lowered["starts"][0][3]["value"] = 0.0.into();
    assert!(message(&lowered.to_string()).ends_with(damaged));
    let mut other = tree.clone();
    other["fingerprint"]["starts"] = "7".into();
    assert!(message(&other.to_string()).ends_with(damaged));
    for broken in [
        "",
        "{}",
        "[]",
        "null",
        "7",
        "\u{0}",
        &text[..text.len() / 2],
        "{\"fit\": \"Params\", \"starts\": [[]]}",
    ] {
        assert!(message(broken).contains("it is not the checkpoint of a fit"), "{broken}");
    }
    assert!(message(&"[".repeat(100_000)).contains("it is not the checkpoint of a fit"));
}

/// Puts a checksum that fits to changed content, as no accident does.
fn sealed(tree: &serde_json::Value) -> String {
    let mut digest = brainmass_sim::simulator::Digest::default();
    // The order of keys is that of the structs.
    let starts: Vec<Vec<evaluator::Found>> = serde_json::from_value(tree["starts"].clone()).unwrap();
    digest.bytes(serde_json::to_string(&tree["fingerprint"]).unwrap().as_bytes());
    digest.bytes(serde_json::to_string(&starts).unwrap().as_bytes());
    let mut tree = tree.clone();
    tree["checksum"] = digest.to_string().into();
    tree.to_string()
}

#[test]
fn content_that_no_search_can_bear_is_refused_even_with_a_fitting_checksum() {
    let tree: serde_json::Value = serde_json::from_str(&checkpoint()).unwrap();
    resumed_from(&sealed(&tree)).unwrap();
    let message = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut tree = tree.clone();
        change(&mut tree);
        resumed_from(&sealed(&tree)).unwrap_err().to_string()
    };
    type Change<'c> = &'c dyn Fn(&mut serde_json::Value);
    let cases: [(&str, Change); 5] = [
        ("a gradient has 1 derivatives, and 2 are needed", &|tree| {
            tree["starts"][0][4]["gradient"] = serde_json::json!([0.5]);
        }),
        ("a gradient has 3 derivatives, and 2 are needed", &|tree| {
            tree["starts"][0][0]["gradient"] = serde_json::json!([0.5, 0.1, 0.2]);
        }),
        ("a candidate has no gradient", &|tree| {
            tree["starts"][0][1] = serde_json::json!({"value": 0.5});
        }),
        ("a failed candidate has a gradient", &|tree| {
            tree["starts"][0][1] = serde_json::json!({"value": null, "gradient": [0.1, 0.2]});
        }),
        ("it has 2 starts, and 1 are needed", &|tree| {
            let starts = tree["starts"].as_array_mut().unwrap();
            starts.push(serde_json::json!([]));
        }),
    ];
    for (expected, change) in cases {
        let found = message(change);
        assert!(found.ends_with(expected), "{found}, expected {expected}");
    }
    // Any losses are borne.
    let mut failed = tree.clone();
    for entry in failed["starts"][0].as_array_mut().unwrap() {
        *entry = serde_json::json!({"value": null, "problem": "gone"});
    }
    let error = resumed_from(&sealed(&failed)).unwrap_err().to_string();
    assert!(error.contains("its first candidate failed, and now has the loss 15232.4"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A checkpoint with any byte changed is refused, or holds the same values; it never ends the program.
    #[test]
    fn any_changed_byte_is_survived(at in 0.0..1.0_f64, byte in 0_u8..=255) {
        thread_local! {
            static TEXT: String = checkpoint();
        }
        TEXT.with(|text| {
            let mut bytes = text.clone().into_bytes();
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("fit.json");
            fs::write(&file, bytes).unwrap();
            if let Ok(fit) = differentiable().resume(&file).run() {
                assert_eq!(bits(&fit), bits(&differentiable().run().unwrap()));
            }
        });
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_a_warning_and_the_former_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sub").join("fit.json");
    fs::create_dir(folder.path().join("sub")).unwrap();
    let mut told = Vec::new();
    let remove = |path: &Path| fs::remove_dir_all(path).unwrap();
    let fit = Fitter::new(bounded(), of_x(rosenbrock))
        .iterations(8)
        .checkpoint(&file, 2)
        .callback(|progress| {
            if progress.now.iteration == 2 {
                remove(&folder.path().join("sub"));
            }
            told.extend(progress.warning.map(|warning| (progress.now.iteration, warning.to_owned())));
            true
        })
        .run()
        .unwrap();
    assert_eq!(bits(&fit), bits(&Fitter::new(bounded(), of_x(rosenbrock)).iterations(8).run().unwrap()));
    let expected = format!(
        "the checkpoint could not be written: {}: cannot be written: its folder does not exist",
        file.display()
    );
    assert_eq!(told, [4, 6].map(|iteration| (iteration, expected.clone())));
    assert_eq!(fit.warnings, [expected]);
}
