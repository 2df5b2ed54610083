//! Methods on standard functions, whose minima are known.

use super::*;

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    let far = found.iter().zip(expected).any(|(found, expected)| (found - expected).abs() > tolerance);
    assert!(!far, "{found:?}, expected {expected:?}");
}

#[test]
fn lbfgs_reaches_the_minimum_of_rosenbrock_in_as_many_evaluations_as_the_textbooks() {
    let fit = Fitter::new(vector(&[-1.2, 1.0]), WithGradient(differentiable_rosenbrock))
        .method(Lbfgs::default())
        .run()
        .unwrap();
    assert_near(&fit.best["x"], &[1.0, 1.0], 1e-6);
    // Common implementations need 40 to 50 evaluations from this point.
    assert!(fit.evaluations() < 100, "{}", fit.evaluations());
    assert_eq!(fit.starts[0].ended, "the gradient is near 0");
    let many = Fitter::new(vector(&[-0.5; 20]), WithGradient(differentiable_rosenbrock))
        .method(Lbfgs::default())
        .run();
    assert_near(&many.unwrap().best["x"], &[1.0; 20], 1e-5);
}

#[test]
fn lbfgs_turns_back_from_where_the_loss_fails() {
    // -ln(x) + x, minimal at 1, and no number below 0, where a full first step would lead.
    let loss = WithGradient(|params: &ParamValues| {
        let x = params.scalar("x");
        Ok((x - x.ln(), ParamValues::new().with("x", [1.0 - 1.0 / x])))
    });
    let fit = Fitter::new(vector(&[20.0]), loss).method(Lbfgs::default()).run().unwrap();
    assert_near(&fit.best["x"], &[1.0], 1e-6);
    assert!(!fit.failures.is_empty());
}

#[test]
fn first_order_rules_reach_the_minimum_of_a_bowl() {
    let bowl = |params: &ParamValues| {
        let x = &params["x"];
        let loss = (x[0] - 3.0).powi(2) + 4.0 * (x[1] + 1.0).powi(2);
        Ok((loss, ParamValues::new().with("x", [2.0 * (x[0] - 3.0), 8.0 * (x[1] + 1.0)])))
    };
    let settling = Schedule::cosine(0.0);
    for grad in [Grad::adam(0.2), Grad::adamw(0.2, 1e-6), Grad::rmsprop(0.2), Grad::sgd(0.02)] {
        let method = Method::from(grad.schedule(settling));
        let name = method.name();
        let fit = Fitter::new(vector(&[0.0, 0.0]), WithGradient(bowl))
            .method(method)
            .iterations(400)
            .run()
            .unwrap();
        assert!(fit.loss < 1e-4, "{name}: {}", fit.loss);
    }
}

#[test]
fn a_step_into_failure_is_taken_back() {
    // Minimal at 2, just before where nothing can be computed.
    let cliff = WithGradient(|params: &ParamValues| {
        let x = params.scalar("x");
        if x > 2.1 {
            Err("over the cliff".into())
        } else {
            Ok(((x - 2.0).powi(2), ParamValues::new().with("x", [2.0 * (x - 2.0)])))
        }
    });
    let fit = Fitter::new(vector(&[0.0]), cliff).method(Grad::sgd(0.3)).iterations(60).run().unwrap();
    assert_near(&fit.best["x"], &[2.0], 0.05);
    assert_eq!(fit.failures[0].problem, "over the cliff");
}

#[test]
fn clipped_parameters_stop_at_their_bounds_and_come_back() {
    let bowl = |params: &ParamValues| {
        let x = params.scalar("x");
        Ok(((x - 3.0).powi(2), ParamValues::new().with("x", [2.0 * (x - 3.0)])))
    };
    let clipped = |lower, upper| Params::new().with("x", Param::new(0.0).clip(lower, upper));
    let fit = |params| {
        Fitter::new(params, WithGradient(bowl)).method(Grad::sgd(0.05)).iterations(300).run().unwrap()
    };
    assert_eq!(fit(clipped(-1.0, 2.0)).best.scalar("x"), 2.0);
    assert_near(&fit(clipped(-1.0, 3.5)).best["x"], &[3.0], 1e-6);
}

#[test]
fn the_simplex_reaches_the_minimum_of_rosenbrock() {
    let fit =
        Fitter::new(vector(&[-1.2, 1.0]), of_x(rosenbrock)).method(NelderMead::default()).run().unwrap();
    assert_near(&fit.best["x"], &[1.0, 1.0], 1e-3);
}

#[test]
fn cma_es_follows_the_valley_of_rosenbrock() {
    let fit = Fitter::new(vector(&[-1.0; 6]), of_x(rosenbrock))
        .method(CmaEs::default())
        .iterations(1500)
        .seed(3)
        .run();
    let fit = fit.unwrap();
    assert_near(&fit.best["x"], &[1.0; 6], 1e-6);
    // Hansen's implementation takes about 4000 evaluations in 6 dimensions.
    assert!(fit.evaluations() < 10_000, "{}", fit.evaluations());
}

#[test]
fn cma_es_does_not_care_for_scales() {
    fn ellipsoid(x: &[f64]) -> f64 {
        x.iter().enumerate().map(|(index, x)| 10f64.powf(1.5 * index as f64) * (x - 1.0) * (x - 1.0)).sum()
    }
    let fit = Fitter::new(vector(&[3.0; 5]), of_x(ellipsoid))
        .method(CmaEs::default())
        .iterations(1000)
        .run()
        .unwrap();
    assert_near(&fit.best["x"], &[1.0; 5], 1e-6);
}

#[test]
fn populations_find_the_lowest_of_many_minima() {
    let params = || Params::new().with("x", Param::new([3.0, -2.0]).bounds(-5.12, 5.12));
    let methods: [Method; 3] = [
        DifferentialEvolution::default().into(),
        ParticleSwarm::default().into(),
        CmaEs::default().candidates(50).into(),
    ];
    for method in methods {
        let name = method.name();
        let fit =
            Fitter::new(params(), of_x(rastrigin)).method(method).iterations(300).seed(1).run().unwrap();
        assert!(fit.loss < 1e-8, "{name}: {}", fit.loss);
    }
}

#[test]
fn box_methods_keep_to_the_bounds_and_find_minima_on_them() {
    let params = || {
        Params::new().with("x", Param::new(1.0).bounds(0.5, 2.0)).with("y", Param::new(0.3).sigmoid(0.0, 1.0))
    };
    for method in [Method::from(DifferentialEvolution::default()), ParticleSwarm::default().into()] {
        let name = method.name();
        let loss = |params: &ParamValues| {
            let (x, y) = (params.scalar("x"), params.scalar("y"));
            assert!((0.5..=2.0).contains(&x) && (0.0..=1.0).contains(&y), "{x}, {y}");
            Ok(x + (y - 0.7).powi(2))
        };
        let fit = Fitter::new(params(), loss).method(method).iterations(100).run().unwrap();
        assert!((fit.loss - 0.5).abs() < 1e-4, "{name}: {}", fit.loss);
    }
}

#[test]
fn settings_that_cannot_be_are_named() {
    let wrong: [(Method, &str); 9] = [
        (Grad::adam(0.0).into(), "the learning rate is 0"),
        (Grad::adam(0.1).clip(Clipping::Norm(0.0)).into(), "the length of clipped gradients is 0"),
        (Grad::new(UpdateRule::Sgd { momentum: 1.0, nesterov: false }, 0.1).into(), "the momentum is 1"),
        (Lbfgs::default().memory(0).into(), "the memory of lbfgs is 0"),
        (NelderMead::default().tolerance(-1.0).into(), "the tolerance of the simplex is -1"),
        (CmaEs::default().candidates(3).into(), "the number of candidates is 3"),
        (DifferentialEvolution::default().members(3).into(), "the size of the population is 3"),
        (DifferentialEvolution::default().factor(1.0, 0.5).into(), "the factor of differences is 1 to 0.5"),
        (ParticleSwarm::default().particles(1).into(), "the number of particles is 1"),
    ];
    for (method, expected) in wrong {
        let params = Params::new().with("x", Param::new(0.0).bounds(-1.0, 1.0));
        let error = Fitter::new(params, of_x(rosenbrock)).method(method).run().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
