//! Networks of The Virtual Brain and of neurolib, translated as `docs/coming-from.md` says.
//!
//! The numbers were computed by the packages themselves, tvb-library 2.10.0 and neurolib 0.6.2: three regions, 200 steps of 0.1 ms by Euler's scheme,
//! the histories constant at the initial states. The Virtual Brain keeps histories in single precision, which its numbers show.

use brainmass::any::AnyModel;
use brainmass::coupling::AnyRule;
use brainmass::noise::OuProcess;
use brainmass::prelude::*;
use brainmass::zoo::coupling::{
    Additive, Diffusive, KuramotoPhaseDifference, PreHyperbolicTangent, Sigmoidal, SigmoidalJansenRit,
};
use ndarray::array;

/// The tolerance where a package keeps its histories in single precision.
const SINGLE: f64 = 1e-7;
/// The tolerance where all is computed in double precision.
const DOUBLE: f64 = 1e-11;

/// A simulation of three regions: weights `[target][source]` as the packages take them, and tract lengths of 0 to 9 mm at 3 mm/ms, delays of 5 to 30 steps.
fn network(
    model: impl Into<Box<dyn AnyModel>>,
    rule: impl Into<Box<dyn AnyRule>>,
    signal: &str,
) -> Simulator {
    let weights = array![[0.0, 1.0, 2.0], [0.5, 0.0, 1.0], [1.0, 0.25, 0.0]];
    let delays = array![[0.0, 3.0, 6.0], [1.5, 0.0, 9.0], [3.0, 6.0, 0.0]] / 3.0;
    Simulator::new(Network::new(model, &weights).coupling(rule, signal).delays(&delays))
}

/// Asserts that the last row of a signal agrees with the package's numbers.
#[track_caller]
fn ends_at(simulator: Simulator, signal: &str, expected: [f64; 3], tolerance: f64) {
    let run = simulator.scheme(Scheme::Euler).dt(0.1).record([signal]).run(20.0).expect("it runs");
    let last = run[signal].row(run[signal].nrows() - 1).to_vec();
    for (value, expected) in last.iter().zip(expected) {
        assert!(
            (value - expected).abs() < tolerance,
            "{signal} ends at {last:?}; in the package at {expected}"
        );
    }
}

fn oscillators() -> Generic2dOscillatorStep {
    Generic2dOscillatorStep::new(3).a(2.0).init_V([0.4, -0.3, 0.9]).init_W([0.0, 0.2, -0.1])
}

#[test]
fn hyperbolic_tangent_coupling_of_the_virtual_brain() {
    // coupling.HyperbolicTangent(a=0.5, b=2, midpoint=0.3, sigma=1.5)
    let rule = PreHyperbolicTangent::new().a(0.5).b(2.0).midpoint(0.3).sigma(1.5);
    let ends = [1.7114842493744091, 0.5566620865529937, 1.7156714756287965];
    ends_at(network(oscillators(), rule, "V"), "V", ends, SINGLE);
}

#[test]
fn linear_and_difference_coupling_of_the_virtual_brain() {
    // coupling.Linear(a=0.1, b=0.05), coupling.Difference(a=0.1)
    let ends = [0.5629627279525566, 0.13733681061918565, 1.2545938684747766];
    ends_at(network(oscillators(), Additive::new().k(0.1).b(0.05), "V"), "V", ends, SINGLE);
    let ends = [0.4656990150530182, 0.12343569475610955, 1.143424131570077];
    ends_at(network(oscillators(), Diffusive::new().k(0.1), "V"), "V", ends, SINGLE);
}

#[test]
fn sigmoidal_coupling_of_the_virtual_brain_is_a_rule_and_a_constant_input() {
    // coupling.Sigmoidal(cmin=-1, cmax=1, midpoint=0.2, a=1.3, sigma=0.7)
    let rule = Sigmoidal::new().k(2.0).slope(1.3 / 0.7).midpoint(0.2);
    let ends = [0.9314015524504945, 0.3457383416894036, 1.3953183924217591];
    ends_at(network(oscillators(), rule, "V").input("V_inp", -1.0), "V", ends, SINGLE);
}

#[test]
fn kuramoto_coupling_of_the_virtual_brain_is_not_divided_by_the_number_of_regions() {
    // models.Kuramoto(omega=0.1), coupling.Kuramoto(a=0.3): documented as a/N, computed as a over the number of coupling variables, which is 1.
    let phases = KuramotoNetwork::new(3).omega(0.1).init_theta([0.0, 1.0, 2.5]);
    let ends = [2.8407216067612158, 2.857211626544597, 2.896716989558192];
    ends_at(network(phases, KuramotoPhaseDifference::new().k(0.3), "theta"), "theta", ends, SINGLE);
}

#[test]
fn jansen_rit_coupling_of_the_virtual_brain_is_in_khz() {
    // models.JansenRit(mu=0.22, v0=6), coupling.SigmoidalJansenRit(a=2)
    let columns = JansenRitStep::new(3);
    let columns = columns.init_M([0.02, 0.05, 0.1]).init_E([5.0, 8.0, 12.0]).init_I([3.0, 4.0, 7.0]);
    let coupled = network(columns, SigmoidalJansenRit::new().k(2000.0), "eeg").input("E_inp", 220.0.hz());
    ends_at(coupled, "eeg", [4.896176537312969, 9.748169418386983, 10.786633248626085], 10.0 * SINGLE);
}

#[test]
fn couplings_of_neurolib() {
    // HopfModel with a=0.25, w=0.2, K_gl=0.1, signalV=3, sigma_ou=0
    let nodes = || HopfStep::new(3).a(0.25).w(0.2).init_x([0.4, -0.3, 0.9]).init_y([0.0, 0.2, -0.1]);
    let ends = [-0.6697571482896403, -0.5818747118703432, -0.5810594546602338];
    ends_at(network(nodes(), Additive::new().k(0.1), "x"), "x", ends, DOUBLE);
    let ends = [-0.448193535460458, -0.4206992092401954, -0.408604032883626];
    ends_at(network(nodes(), Diffusive::new().k(0.1), "x"), "x", ends, DOUBLE);
}

#[test]
fn noise_of_the_other_packages_has_the_standard_deviation_that_the_translation_gives() {
    // Standard deviations measured of the packages: 1000 or more samples, 2 % or less of sampling error each.
    let spread = |process: OuProcess| {
        let run = Simulator::new(LinearStep::new(4000).gamma(-1.0))
            .dt(0.5)
            .noise("x_inp", process)
            .record(["x_inp"])
            .seed(1)
            .run(40.0)
            .expect("it runs");
        run["x_inp"].row(run["x_inp"].nrows() - 1).std(0.0)
    };
    let near = |ours: f64, theirs: f64| (ours / theirs - 1.0).abs() < 0.04;
    // Python brainmass: OUProcess(sigma=0.01, tau=5 ms) at dt = 0.01 ms.
    assert!(near(spread(OuProcess::new(0.01 / 2.0_f64.sqrt(), 5.0.ms())), 0.007_133));
    // The Virtual Brain: noise.Additive(nsig=0.02, ntau=5) at dt = 0.1 ms, an increment divided by dt.
    assert!(near(spread(OuProcess::new((2.0 * 0.02 / 5.0_f64).sqrt(), 5.0.ms())), 0.089_11));
    // neurolib: sigma_ou = 0.01, tau_ou = 5 ms at dt = 0.01 ms.
    assert!(near(spread(OuProcess::new(0.01 * 2.5_f64.sqrt(), 5.0.ms())), 0.015_66));
}
