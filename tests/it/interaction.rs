//! Interactions inside a model, which Runge-Kutta schemes evaluate at every stage.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are part of the tests")]

use brainmass::Values;
use brainmass::prelude::*;
use brainmass::real::Simd;
use brainmass::simulator::Sweep;
use ndarray::{Array2, array};

/// Two oscillators of one frequency w. Their phase difference obeys p' = -K sin(p), so tan(p/2) = tan(p0/2) exp(-K t), and their mean turns at w.
fn error_after(duration: f64, scheme: Scheme, dt: f64) -> f64 {
    let (w, k, first) = (0.2, 0.5, 2.0_f64);
    let model = KuramotoNetwork::new(2).omega(w).K(k).init_theta([first, 0.0]);
    let run = Simulator::new(model).scheme(scheme).dt(dt).run(duration).unwrap();
    let found = run["theta"].row(run.ts.len() - 1).to_vec();
    let difference = 2.0 * ((first / 2.0).tan() * (-k * duration).exp()).atan();
    let mean = first / 2.0 + w * duration;
    (found[0] - mean - difference / 2.0).abs().max((found[1] - mean + difference / 2.0).abs())
}

#[test]
fn every_scheme_has_its_order_on_coupled_oscillators() {
    for scheme in Scheme::ALL {
        // As coarse as the error follows its power, as fine as it is above rounding.
        let coarse = match scheme.order() {
            0..=4 => 0.5,
            5 => 0.25,
            _ => 2.0,
        };
        let (large, small) = (error_after(8.0, scheme, coarse), error_after(8.0, scheme, coarse / 2.0));
        assert!(small > 1e-13, "{scheme}: the error {small} is all rounding");
        // Schemes that hold the coupling over a step have order 1, which is what they promise.
        let slope = (large / small).log2();
        assert!(slope > scheme.order() as f64 - 0.35, "{scheme}: order {slope} from {large} and {small}");
    }
}

/// Seven oscillators with weights, lags and noise of their own.
fn oscillators() -> KuramotoNetwork {
    let weights =
        Array2::from_shape_fn((7, 7), |(i, j)| if i == j { 0.0 } else { ((3 * i + 5 * j) % 7) as f64 / 5.0 });
    KuramotoNetwork::new(7)
        .weights(weights)
        .omega([0.1, 0.12, 0.2, 0.05, 0.3, 0.15, 0.22])
        .K(0.4)
        .alpha([0.1, 0.0, 0.2, 0.3, 0.1, 0.0, 0.4])
        .init_theta([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        .noise_theta(0.05)
}

#[test]
fn runs_side_by_side_have_the_bits_of_runs_alone() {
    for scheme in [Scheme::Euler, Scheme::Heun, Scheme::Rk4, Scheme::Dop853] {
        for simd in ["avx512", "avx2", "plain"].into_iter().filter_map(|name| Simd::named(name).ok()) {
            let simulator = Simulator::new(oscillators()).scheme(scheme).dt(0.5).simd(simd);
            let sweep = || Sweep::grid([("K", vec![0.1, 0.4, 0.9])]).with_seeds([1, 2, 3]);
            let together = simulator.sweep(sweep(), 40.0).unwrap();
            let alone = simulator.batch(sweep()).side_by_side(false).run(40.0).unwrap();
            for (one, other) in together.runs.iter().zip(&alone.runs) {
                let (one, other) = (one.as_ref().unwrap(), other.as_ref().unwrap());
                assert_eq!(one["theta"], other["theta"], "{scheme} with {}", simd.name());
            }
        }
    }
}

#[test]
fn gradients_and_tangents_go_through_the_stages() {
    let names = ["K", "omega", "alpha", "init_theta", "noise_theta", "theta_inp"];
    for scheme in [Scheme::Euler, Scheme::Heun, Scheme::Midpoint, Scheme::Rk4, Scheme::Dopri5] {
        let simulator = Simulator::new(oscillators())
            .scheme(scheme)
            .dt(0.5)
            .input("theta_inp", 0.02)
            .record(["theta", "wave"])
            .every(3)
            .seed(3);
        // A smooth number of all that is recorded.
        let loss = |run: &Run| {
            let (theta, wave) = (&run["theta"], &run["wave"]);
            let value = theta.mapv(|x| (0.3 * x).sin()).sum() + wave.mapv(|x| x * x).sum();
            (value, theta.mapv(|x| 0.3 * (0.3 * x).cos()), 2.0 * wave)
        };
        let gradient = simulator
            .gradient(30.0, &names, |run| {
                let (value, theta, wave) = loss(run);
                Ok(Loss::new(value).by("theta", theta).by("wave", wave))
            })
            .unwrap();
        for name in names {
            let count = gradient[name].len();
            let direction: Vec<f64> = (0..count).map(|i| 0.3 + 0.1 * i as f64).collect();
            let along: f64 = gradient[name].iter().zip(&direction).map(|(slope, d)| slope * d).sum();
            let at = |by: f64| {
                let mut moved = simulator.clone();
                let known = || Network::from(oscillators()).get(name).unwrap();
                let base = if name == "theta_inp" { vec![0.02] } else { known() };
                let values: Vec<f64> = base.iter().zip(&direction).map(|(value, d)| value + by * d).collect();
                let values: Values = if count == 1 { values[0].into() } else { values.into() };
                moved.set(name, values).unwrap();
                loss(&moved.run(30.0).unwrap()).0
            };
            let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
            let size = difference.abs().max(1.0);
            assert!((along - difference).abs() < 1e-6 * size, "{scheme}, {name}: {along} {difference}");
            if name != "theta_inp" {
                let tangent = simulator.tangent(30.0, &[(name, &direction)]).unwrap();
                let (_, theta, wave) = loss(&tangent.run);
                let forward = (&tangent["theta"] * &theta).sum() + (&tangent["wave"] * &wave).sum();
                assert!((along - forward).abs() < 1e-9 * size, "{scheme}, {name}: {along} {forward}");
            }
        }
    }
}

#[test]
fn neighbouring_oscillators_meet_at_the_rate_of_the_linearised_coupling() {
    // Around synchrony of all-to-all oscillators, differences decay at K; the mean phase neither grows nor decays, so the largest exponent is 0.
    let model = KuramotoNetwork::new(4).omega(0.1).K(0.3);
    let exponent =
        Simulator::new(model).scheme(Scheme::Rk4).transient(200.0).lyapunov_exponent(400.0).unwrap();
    assert!(exponent.abs() < 1e-9, "{exponent}");
    let model = KuramotoNetwork::new(2).omega(0.1).K(0.3).init_theta([0.0, 0.0]);
    let tangent = Simulator::new(model)
        .scheme(Scheme::Rk4)
        .dt(0.1)
        .tangent(10.0, &[("init_theta", &[1.0, -1.0])])
        .unwrap();
    let last = tangent["theta"].row(99).to_vec();
    let expected = (-0.3 * 10.0_f64).exp();
    assert!(
        (&array![last[0], last[1]] - &array![expected, -expected]).iter().all(|d| d.abs() < 1e-7),
        "{last:?}"
    );
}
