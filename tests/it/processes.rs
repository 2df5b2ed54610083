//! Noise processes and stimuli on the ports of runs.

use brainmass::noise::{BrownianNoise, ColoredNoise, GaussianNoise, OuProcess, Process, WhiteNoise};
use brainmass::prelude::*;
use brainmass::stimulus::Stimulus;
use brainmass::zoo::coupling::Additive;
use ndarray::{Array2, array, s};

fn processes() -> [Process; 6] {
    [
        OuProcess::new(0.3, 4.0.ms()).mean(0.1).into(),
        ColoredNoise::pink(0.2).into(),
        ColoredNoise::new(-1.5, 0.2).lowest(1.0.hz()).into(),
        BrownianNoise::new(0.1).into(),
        WhiteNoise::new(0.1).into(),
        GaussianNoise::new(0.1).into(),
    ]
}

/// A node whose input is recorded.
fn recorded(nodes: usize) -> Simulator {
    Simulator::new(HopfStep::new(nodes).init_x(0.1)).record(["x_inp", "x"]).seed(5)
}

fn runs(simulator: &Simulator, duration: f64) -> Run {
    simulator.run(duration).expect("it runs")
}

#[test]
fn every_process_in_pieces_has_the_bits_of_the_whole() {
    for process in processes() {
        let simulator = recorded(3).noise("x_inp", process.clone());
        let whole = runs(&simulator, 20.0);
        let mut session = simulator.start().expect("it starts");
        session.skip(0.3).expect("it goes on");
        let mut rows = Vec::new();
        for piece in [0.1, 9.6, 0.2, 9.8] {
            rows.extend(session.run(piece).expect("it goes on")["x_inp"].iter().copied());
        }
        assert_eq!(
            rows,
            whole["x_inp"].slice(s![3.., ..]).iter().copied().collect::<Vec<_>>(),
            "{process:?}"
        );
        assert_ne!(whole["x_inp"].row(0), whole["x_inp"].row(1), "{process:?} is noise");
    }
}

#[test]
fn what_a_process_gives_depends_on_seed_stream_node_and_step_alone() {
    for process in processes() {
        let input = |simulator: Simulator| runs(&simulator, 5.0)["x_inp"].clone();
        let noisy = |nodes: usize| recorded(nodes).noise("x_inp", process.clone());
        let few = input(noisy(3));
        assert_eq!(few, input(noisy(50)).slice(s![.., ..3]), "more nodes");
        assert_eq!(few, input(noisy(3).noise("y_inp", process.clone())), "another process later");
        let model = HopfStep::new(3).init_x(0.1).noise_y(0.1);
        let state_noise = Simulator::new(model).record(["x_inp"]).seed(5).noise("x_inp", process.clone());
        assert_eq!(few, input(state_noise), "noise on states");
        assert_eq!(few, input(noisy(3).scheme(Scheme::Rk4)), "another scheme");
        assert_ne!(few, input(noisy(3).seed(6)));
        assert_ne!(few.column(0), few.column(1), "nodes differ");
    }
}

#[test]
fn processes_have_streams_of_their_own() {
    let process = || GaussianNoise::new(1.0);
    let simulator = Simulator::new(HopfStep::new(1)).noise("x_inp", process()).noise("y_inp", process());
    let run = runs(&simulator.record(["x_inp", "y_inp"]), 1000.0);
    // Of 10000 pairs: a correlation of 0.045 is 4.5 standard errors.
    let correlation = run["x_inp"].column(0).dot(&run["y_inp"].column(0)) / 1e4;
    assert!(correlation.abs() < 0.045, "{correlation}");
}

#[test]
fn what_drives_a_port_is_added() {
    let port = |simulator: Simulator| runs(&simulator, 10.0)["x_inp"].clone();
    let pulse = || Stimulus::pulse([1.0, 2.0]).onset(2.0).duration(3.0);
    let noise = || OuProcess::new(0.3, 4.0);
    let parts = port(recorded(2).input("x_inp", pulse())) + port(recorded(2).noise("x_inp", noise())) + 0.25;
    let near = |found: Array2<f64>| (found - &parts).iter().all(|difference| difference.abs() < 1e-15);
    assert!(near(port(recorded(2).input("x_inp", Input::from(0.25) + pulse() + noise()))));
    assert!(near(port(recorded(2).input("x_inp", pulse() + 0.25).noise("x_inp", noise()))));
    // A network's currents come on top.
    let network = Network::new(HopfStep::new(2).init_x(0.1), array![[0.0, 1.0], [1.0, 0.0]])
        .coupling(Additive::new(), "x");
    let run = runs(
        &Simulator::new(network)
            .record(["x_inp", "coupling_input"])
            .input("x_inp", pulse() + 0.25)
            .noise("x_inp", noise())
            .seed(5),
        10.0,
    );
    assert!(near(&run["x_inp"] - &run["coupling_input"]));
}

#[test]
fn noise_goes_to_the_group_that_it_names() {
    let network = Network::groups().group("cortex", HopfStep::new(2)).group("thalamus", LinearStep::new(1));
    let run = runs(
        &Simulator::new(network)
            .dt(0.1)
            .noise("thalamus.x_inp", OuProcess::new(2.0.per_ms(), 5.0))
            .input("cortex.y_inp", Stimulus::sine(0.5, 40.0.hz()))
            .record(["cortex.x_inp", "cortex.y_inp", "thalamus.x_inp"]),
        10.0,
    );
    assert!(run["cortex.x_inp"].iter().all(|value| *value == 0.0));
    assert!((run["cortex.y_inp"][[50, 1]] - 0.5 * (0.4 * std::f64::consts::PI).sin()).abs() < 1e-12);
    assert!(run["thalamus.x_inp"].iter().all(|value| *value != 0.0));
}

#[test]
fn mistakes_name_the_port_and_what_is_wrong() {
    let fails =
        |simulator: Simulator| simulator.run(1.0).map(|_| ()).expect_err("a mistake is an error").to_string();
    insta::assert_snapshot!(
        [
            fails(recorded(2).noise("z_inp", OuProcess::new(1.0, 1.0))),
            fails(recorded(2).noise("x_inp", OuProcess::new(1.0, 0.0))),
            fails(recorded(2).noise("x_inp", WhiteNoise::new(1.0.mv()))),
            fails(recorded(2).input("x_inp", Stimulus::pulse(1.0).regions([2]))),
            fails(recorded(2).input("x_inp", Stimulus::pulse(1.0) + f64::NAN)),
            fails(recorded(2).input("x_inp", Stimulus::pulse(1.0)).input("x_inp", 1.0)),
        ]
        .join("\n")
    );
}
