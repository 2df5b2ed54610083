//! Starts, stops, failures and limits.

use super::*;

#[test]
fn results_depend_on_the_seed_and_not_on_the_number_of_threads() {
    for method in all_methods() {
        let fit = |threads, seed| {
            let loss = WithGradient(differentiable_rosenbrock);
            let fitter = Fitter::new(bounded(), loss).method(method.clone()).iterations(12).starts(3);
            bits(&fitter.seed(seed).threads(threads).run().unwrap())
        };
        assert_eq!(fit(1, 5), fit(3, 5), "{method}");
        assert_ne!(fit(1, 5), fit(1, 6), "{method}");
    }
}

#[test]
fn further_starts_find_what_the_first_misses() {
    let fit = |starts| {
        let method = NelderMead::default();
        Fitter::new(bounded(), of_x(rastrigin))
            .method(method)
            .starts(starts)
            .iterations(100)
            .seed(2)
            .run()
            .unwrap()
    };
    let (one, many) = (fit(1), fit(40));
    assert!(many.loss < one.loss, "{} after {}", many.loss, one.loss);
    assert_eq!(many.starts.len(), 40);
    assert_eq!(many.starts[0].loss, one.starts[0].loss);
    assert_eq!(many.loss, many.starts.iter().filter_map(|start| start.loss).fold(f64::INFINITY, f64::min));
}

#[test]
fn a_failed_candidate_is_named_and_does_not_end_the_fit() {
    for method in all_methods().filter(|method| !method.needs_gradient()) {
        let loss =
            |params: &ParamValues| Ok(if params["x"][0] > 3.25 { f64::NAN } else { rastrigin(&params["x"]) });
        let fit = Fitter::new(bounded(), loss).method(method.clone()).iterations(50).run().unwrap();
        let failure = fit.failures.first().unwrap_or_else(|| panic!("{method}: nothing failed"));
        assert_eq!(failure.problem, "the loss is NaN", "{method}");
        assert!(failure.params["x"][0] > 3.25, "{method}");
        assert!(fit.loss < 10.0 && fit.best["x"][0] <= 3.25, "{method}: {}", fit.loss);
    }
}

#[test]
fn a_fit_whose_every_candidate_fails_names_the_first() {
    let fails = |_: &ParamValues| -> Result<f64, LossError> { Err("the run diverged".into()) };
    let error = Fitter::new(vector(&[0.5]), fails).iterations(1).run().unwrap_err();
    assert_eq!(error.to_string(), "all 2 candidates failed; the first with x = 0.5: the run diverged");
}

#[test]
fn a_fit_stops_at_its_target_when_it_is_stuck_and_when_it_is_told_to() {
    let fit = Fitter::new(vector(&[-1.2, 1.0]), of_x(rosenbrock)).target(0.5).run().unwrap();
    assert!(fit.loss <= 0.5 && fit.loss > 1e-3);
    assert_eq!(fit.starts[0].ended, "the loss is small enough");
    let flat = |_: &ParamValues| Ok(1.0);
    let method = CmaEs::default();
    let stuck = Fitter::new(vector(&[0.0]), flat).method(method).patience(7, 0.0).run().unwrap();
    assert_eq!((stuck.history.len(), &stuck.starts[0].ended[..]), (8, "no improvement in 7 iterations"));
    let mut told = Vec::new();
    let fit = Fitter::new(vector(&[-1.2, 1.0]), of_x(rosenbrock))
        .callback(|progress| {
            told.push(progress.to_string());
            progress.now.iteration < 2
        })
        .run()
        .unwrap();
    assert_eq!(fit.starts[0].ended, "stopped by the callback");
    assert_eq!(told.len(), 3);
    assert!(told[2].starts_with("iteration 3/200: loss "), "{}", told[2]);
}

#[test]
fn priors_pull_and_are_part_of_the_loss() {
    // (x - 2)^2 + 3 (x - 1)^2/(2 * 3) is minimal at (2 * 2 + 1/0.5)/(2 + 1/0.5) = 1.5
    let params = Params::new().with("x", Param::new(0.0).gaussian(1.0, 0.5f64.sqrt()));
    let loss = WithGradient(|params: &ParamValues| {
        let x = params.scalar("x");
        Ok(((x - 2.0).powi(2), ParamValues::new().with("x", [2.0 * (x - 2.0)])))
    });
    let fit = Fitter::new(params, loss).method(Lbfgs::default()).run().unwrap();
    assert!((fit.best.scalar("x") - 1.5).abs() < 1e-7);
    assert!((fit.loss - (0.25 + 0.25)).abs() < 1e-12);
}

#[test]
fn mistakes_are_found_before_anything_is_computed() {
    let never = |_: &ParamValues| -> Result<f64, LossError> { panic!("computed") };
    let error = |fitter: Fitter| fitter.run().unwrap_err().to_string();
    let fitter = || Fitter::new(vector(&[0.0]), never);
    assert_eq!(
        error(fitter().method(Lbfgs::default())),
        "lbfgs needs the gradient of the loss, and there is none: a closure that gives a value alone has no derivatives; see \
         `WithGradient`; nelder_mead, cma_es, differential_evolution and pso need none"
    );
    let unbounded = "needs finite bounds of every parameter that is fitted, and `x` has none";
    assert!(error(fitter().method(ParticleSwarm::default())).starts_with(&format!("pso {unbounded}")));
    assert!(error(fitter().starts(2)).starts_with(&format!("a fit from several starts {unbounded}")));
    assert!(error(fitter().iterations(0)).starts_with("the number of iterations is 0"));
    for starts in [0, MAX_STARTS + 1, 1_000_000_000_000, usize::MAX] {
        let expected = format!("the number of starts is {starts}; 1 to 100000 are allowed");
        assert_eq!(error(fitter().starts(starts)), expected);
    }
    for threads in [0, MAX_THREADS + 1, usize::MAX] {
        let expected = format!("the number of threads is {threads}; 1 to 1024 are allowed");
        assert_eq!(error(fitter().threads(threads)), expected);
    }
    assert!(error(fitter().target(f64::NAN)).starts_with("the loss that ends the fit is NaN"));
    assert!(error(fitter().patience(3, f64::NAN)).starts_with("the improvement that ends a start is NaN"));
    assert!(error(fitter().patience(0, 0.0)).starts_with("the patience is 0"));
    assert!(error(fitter().resume("/nowhere/fit.json")).contains("/nowhere/fit.json"));
    assert!(error(fitter().checkpoint("/nowhere/fit.json", 1)).contains("its folder does not exist"));
    let fixed = Params::new().with("x", Param::new(0.0).fixed());
    assert!(error(Fitter::new(fixed, never)).starts_with("there is nothing to fit"));
}

#[test]
fn memory_is_counted_before_it_is_taken() {
    // A covariance matrix of 100,000 numbers would take 75 GiB, and four copies of it are needed.
    let params = Params::new().with("weights", Param::new(0.1).per_node(100_000));
    let never = |_: &ParamValues| -> Result<f64, LossError> { panic!("computed") };
    let error = Fitter::new(params, never).method(CmaEs::default()).run().unwrap_err().to_string();
    assert!(error.starts_with("cma_es needs about 305"), "{error}");
    assert!(error.contains("MiB for 1 starts over 100000 numbers, and 4096 MiB are allowed"), "{error}");
    let fitter = |bytes| Fitter::new(bounded(), of_x(rosenbrock)).iterations(2).starts(3).memory(bytes);
    assert!(matches!(fitter(100).run(), Err(FitError::Memory { starts: 3, dimension: 2, .. })));
    fitter(1000).run().unwrap();
    for method in all_methods() {
        assert!(method.memory(2) >= 2.0 && method.memory(usize::MAX) > 1e19, "{method}");
    }
}

#[test]
fn a_descent_that_diverges_is_told() {
    // Twice the distance is overshot by each step.
    let bowl = || {
        WithGradient(|params: &ParamValues| {
            let x = params.scalar("x");
            Ok((x * x, ParamValues::new().with("x", [2.0 * x])))
        })
    };
    let plain = UpdateRule::Sgd { momentum: 0.0, nesterov: false };
    let fit = |rate| {
        let params = Params::new().with("x", Param::new(1.0));
        Fitter::new(params, bowl()).method(Grad::new(plain, rate)).iterations(30).run().unwrap()
    };
    let wild = fit(1.5);
    assert_eq!(wild.loss, 1.0);
    assert!(wild.warnings[0].starts_with("1 of 1 starts found no candidate better than the first"));
    assert!(wild.to_json().contains("try a smaller learning rate"));
    assert_eq!(fit(0.1).warnings, Vec::<String>::new());
}

#[test]
fn a_derivative_that_is_not_finite_is_named() {
    let kinked = WithGradient(|params: &ParamValues| {
        let x = &params["x"];
        let slope = if x[1] < -2.0 { f64::NAN } else { 1.0 };
        Ok((x[0] * x[0] + x[1] * x[1], ParamValues::new().with("x", [2.0 * x[0], slope])))
    });
    let fit = Fitter::new(bounded(), kinked).method(Grad::adam(0.1)).iterations(3).run().unwrap_err();
    assert!(fit.to_string().ends_with("the derivative of the loss by `x[1]` is NaN"), "{fit}");
}

#[test]
fn what_was_found_is_written_as_json_and_as_a_table() {
    let fit = Fitter::new(vector(&[-1.2, 1.0]), of_x(rosenbrock)).iterations(3).run().unwrap();
    let read: serde_json::Value = serde_json::from_str(&fit.to_json()).unwrap();
    assert_eq!(read["params"]["x"][0].as_f64(), Some(fit.best["x"][0]));
    assert_eq!(read["history"].as_array().map(Vec::len), Some(3));
    assert_eq!(fit.to_csv().lines().count(), 4);
    assert_eq!(fit.params().values(), fit.best);
}
