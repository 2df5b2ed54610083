//! Integration schemes against exact solutions.

use brainmass::prelude::*;

/// The distance of a run of 20 ms from the exact solution.
fn error(scheme: Scheme, dt: f64) -> f64 {
    // The Stuart-Landau oscillator has one: its squared radius grows logistically while the phase turns at w.
    let (a, w, radius) = (0.25_f64, 0.2_f64, 0.1_f64);
    let model = StuartLandauStep::new(1).a(a).w(w).init_x(radius).init_y(0.0);
    let time = 20.0;
    let run = Simulator::new(model).dt(dt).scheme(scheme).record(["x", "y"]).run(time).expect("it converges");
    let growth = (2.0 * a * time).exp();
    let exact = (a * radius * radius * growth / (a + radius * radius * (growth - 1.0))).sqrt();
    let last = run["x"].nrows() - 1;
    let (x, y) = (run["x"][[last, 0]], run["y"][[last, 0]]);
    ((x - exact * (w * time).cos()).powi(2) + (y - exact * (w * time).sin()).powi(2)).sqrt()
}

#[test]
fn every_scheme_converges_with_its_order() {
    for scheme in Scheme::ALL.into_iter().filter(|scheme| *scheme != Scheme::SymplecticEuler) {
        // High orders reach rounding at small steps: theirs are larger.
        let dt = match scheme.order() {
            1 | 2 => 0.05,
            3 | 4 => 0.25,
            5 => 0.25,
            _ => 2.0,
        };
        let order = (error(scheme, dt) / error(scheme, dt / 2.0)).log2();
        let expected = scheme.order() as f64;
        // A smooth problem lets a scheme do a little better than its order, never worse.
        assert!(
            (expected - 0.5..expected + 0.8).contains(&order),
            "{scheme}: order {order:.2}, not {expected}"
        );
    }
}

#[test]
fn exponential_euler_is_exact_for_a_linear_decay() {
    let model = LinearStep::new(1).gamma(-3.0).init_x(1.0);
    let run = Simulator::new(model).scheme(Scheme::ExpEuler).dt(0.5).run(5.0).expect("it runs");
    for (row, time) in run.ts.iter().enumerate() {
        let exact = (-3.0 * time).exp();
        assert!((run["x"][[row, 0]] - exact).abs() < 1e-15, "at {time} ms");
    }
}

#[test]
fn symplectic_euler_keeps_the_energy_of_an_undamped_oscillator() {
    let model = HORNStep::new(1).gamma(0.0).init_x(1.0);
    let run = Simulator::new(model).dt(0.1).record(["x"]).run(10_000.0).expect("it runs");
    let last_period =
        run["x"].column(0).iter().rev().take(300).fold(0.0_f64, |largest, x| largest.max(x.abs()));
    assert!((last_period - 1.0).abs() < 0.02, "amplitude {last_period} after 357 periods");
}

#[test]
fn bounds_hold_after_every_step_of_every_scheme() {
    for scheme in Scheme::ALL {
        let model = ThresholdLinearStep::new(1).init_E(0.01).tau_E(0.001.s());
        let run = Simulator::new(model).dt(5.0).scheme(scheme).input("E_inp", -1.0).record(["E"]).run(50.0);
        let run = run.expect("projection keeps it finite");
        assert!(run["E"].iter().all(|value| *value >= 0.0), "{scheme}");
    }
}

#[test]
fn model_files_and_the_library_know_the_same_schemes() {
    let files: Vec<_> = brainmass_spec::scheme::Scheme::all().map(|scheme| scheme.names()).collect();
    let library: Vec<_> = Scheme::ALL.into_iter().map(Scheme::names).collect();
    assert_eq!(files, library);
}

#[test]
fn every_scheme_has_its_variant_in_generated_code() {
    for scheme in Scheme::ALL {
        let text = format!(
            "name: T\ncategory: phenomenological\nintegration: {{scheme: {scheme}, dt: 0.25 ms}}\n\
             states: {{x: {{init: 1}}}}\nparameters: {{tau: {{default: 10 ms}}}}\nderivatives: {{x: -x/tau}}\n"
        );
        let model = brainmass_spec::compile_one("t.yaml", &text).expect("it compiles");
        let code = brainmass_codegen::rust::formatted(&model);
        assert!(
            code.contains(&format!("scheme: Scheme::{scheme:?},")) && code.contains("dt: 0.25,"),
            "{code}"
        );
    }
}
