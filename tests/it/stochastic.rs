//! Runs with noise against theory. Seeds are fixed, so a test passes always or never; the bounds are those that a true sample would cross
//! with the probability stated.

use brainmass::noise::{ColoredNoise, GaussianNoise, OuProcess, WhiteNoise};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;
use ndarray::{Array1, Array2, Axis, array, s};

/// Mean of independent numbers, and its standard error.
fn mean(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    let numbers: Vec<f64> = numbers.collect();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// 4.5 standard errors: crossed with probability 7e-6.
#[track_caller]
fn assert_mean(numbers: impl Iterator<Item = f64>, expected: f64, what: &str) {
    let (mean, error) = mean(numbers);
    assert!(
        (mean - expected).abs() < 4.5 * error,
        "{what}: {mean}, {expected} expected, standard error {error}"
    );
}

/// `E r^2` of the noisy Hopf normal form in its stationary state: the density of r is proportional to
/// `r exp(2/sigma^2 (a r^2/2 - beta r^4/4))`, whatever w (the Fokker-Planck equation; rotation leaves it as it is).
fn squared_radius(a: f64, beta: f64, sigma: f64) -> f64 {
    let density = |r: f64| r * (2.0 / sigma.powi(2) * (0.5 * a * r * r - 0.25 * beta * r.powi(4))).exp();
    let grid = || (0..20_000).map(|i| 3e-4 * f64::from(i));
    grid().map(|r| r * r * density(r)).sum::<f64>() / grid().map(density).sum::<f64>()
}

/// Returns the deviation of the mean squared radius of a thousand noisy Hopf nodes from the exact one, and its standard error.
fn weak_error(scheme: Scheme, dt: f64) -> (f64, f64) {
    let (a, beta, sigma) = (1.0, 1.0, 0.8);
    let hopf = HopfStep::new(1000).a(a).beta(beta).w(1.5).init_x(1.0).noise_x(sigma).noise_y(sigma);
    let simulator = Simulator::new(hopf).dt(dt).scheme(scheme).record_with("r2", "1", |nodes| {
        let (x, y) = (nodes.state("x").unwrap_or_default(), nodes.state("y").unwrap_or_default());
        x.iter().zip(y).map(|(x, y)| x * x + y * y).collect()
    });
    let run = simulator.transient(6.0).average().sample_every(42.0).seed(3).run(48.0).expect("it runs");
    let (mean, error) = mean(run["r2"].row(0).iter().copied());
    (mean - squared_radius(a, beta, sigma), error)
}

#[test]
fn euler_maruyama_and_exponential_euler_have_weak_order_1() {
    // Kloeden & Platen 1992, section 14.1. The bound leaves 0.3 to terms of higher order and two standard errors to chance.
    for scheme in [Scheme::Euler, Scheme::ExpEuler] {
        let ((coarse, e), (fine, f)) = (weak_error(scheme, 0.1), weak_error(scheme, 0.05));
        let found = (coarse / fine).log2();
        let uncertainty = (e / coarse).hypot(f / fine) / std::f64::consts::LN_2;
        assert!(uncertainty < 0.25, "{scheme}: the sample tells too little, {uncertainty}");
        assert!((found - 1.0).abs() < 0.3 + 2.0 * uncertainty, "{scheme}: {found:.2}, {uncertainty:.2}");
    }
}

#[test]
fn stochastic_heun_has_weak_order_2_for_additive_noise() {
    // Kloeden & Platen 1992, section 15.1. x' = -x + noise of intensity 1 has the variance 1/2. Each step of the scheme multiplies x by
    // 1 - h + h^2/2 and the increment by 1 - h/2, for the predictor sees it too.
    let variance = |h: f64| {
        let node = LinearStep::new(60_000).gamma(-1.0).init_x(0.0).noise_x(1.0);
        let run =
            Simulator::new(node).dt(h).scheme(Scheme::Heun).transient(7.0).seed(8).run(8.0).expect("it runs");
        let squares = run["x"].row(0).mapv(|x| x * x);
        let of_scheme = h * (1.0 - 0.5 * h).powi(2) / (1.0 - (1.0 - h + 0.5 * h * h).powi(2));
        assert_mean(squares.iter().copied(), of_scheme, &format!("step {h}"));
        mean(squares.into_iter())
    };
    let ((coarse, e), (fine, f)) = (variance(1.0), variance(0.5));
    let (coarse, fine) = (0.5 - coarse, 0.5 - fine);
    let (found, uncertainty) =
        ((coarse / fine).log2(), (e / coarse).hypot(f / fine) / std::f64::consts::LN_2);
    assert!(uncertainty < 0.15, "the sample tells too little, {uncertainty}");
    assert!((found - 2.0).abs() < 0.2 + 2.0 * uncertainty, "{found:.2}, {uncertainty:.2}");
}

#[test]
fn white_noise_on_a_port_has_an_effect_that_does_not_depend_on_the_step_and_gaussian_noise_one_that_does() {
    // x' = -x/tau + input: the variance of x is sigma^2 tau/2 for white noise, and for what is drawn anew each step, dt times that.
    let (sigma, tau) = (0.5, 2.0);
    for dt in [0.02, 0.08] {
        let squares = |simulator: Simulator| {
            let run = simulator.dt(dt).transient(12.0).every(100).seed(9).run(20.0).expect("it runs");
            run["x"].row(0).mapv(|x| x * x)
        };
        let node = || Simulator::new(LinearStep::new(3000).gamma(-1.0 / tau).init_x(0.0));
        let theory = sigma * sigma * tau / 2.0;
        // Exponential Euler with an input held over a step: `(1 - e)^2 tau^2/(1 - e^2) sigma^2/dt`, e = exp(-dt/tau).
        let e = (-dt / tau).exp();
        let held = sigma * sigma / dt * tau * tau * (1.0 - e) / (1.0 + e);
        assert!((held / theory - 1.0).abs() < 1e-3);
        let (white, gaussian) = (WhiteNoise::new(sigma), GaussianNoise::new(sigma));
        assert_mean(squares(node().noise("x_inp", white)).into_iter(), held, "white");
        assert_mean(squares(node().noise("x_inp", gaussian)).into_iter(), held * dt, "Gaussian");
    }
}

#[test]
fn noise_that_multiplies_the_state_is_read_by_ito_or_by_stratonovich_as_the_scheme_says() {
    let (dt, sigma, nodes) = (1e-4, 50.0, 4000);
    let step = |scheme: Scheme, v: f64, input: Input| {
        let model = LarterBreakspearStep::new(nodes).init_V(v).init_W(0.1).init_Z(0.1);
        let simulator =
            Simulator::new(model).dt(dt).scheme(scheme).input("V_inp", input).record(["V"]).seed(6);
        simulator.run(dt).expect("it runs")["V"].row(0).to_owned()
    };
    // The rate of V is f(V) + g(V) V_inp.
    let g = |v: f64| (step(Scheme::Euler, v, 1.0.into())[0] - step(Scheme::Euler, v, 0.0.into())[0]) / dt;
    let (v, small) = (-0.2, 1e-3);
    let slope = (g(v + small) - g(v - small)) / (2.0 * small);
    // By this much per ms does the mean of a Stratonovich equation move away from that of the Ito equation of the same f and g.
    let drift = 0.5 * sigma * sigma * g(v) * slope;
    assert!(drift.abs() > 0.1, "{drift}");
    let noisy = |scheme: Scheme| step(scheme, v, WhiteNoise::new(sigma).into());
    let ito = noisy(Scheme::Euler);
    let (mean_step, error) = mean((&ito - &step(Scheme::Euler, v, 0.0.into())).into_iter());
    assert!(mean_step.abs() < 4.5 * error, "Euler's noise has mean 0");
    for scheme in [Scheme::ExpEuler, Scheme::Heun, Scheme::Midpoint, Scheme::Rk4] {
        // The noise is the same in both: what differs is of second order in it.
        let apart = (noisy(scheme) - &ito) / dt;
        assert_mean(apart.into_iter(), drift, scheme.name());
    }
}

#[test]
fn a_linear_node_filters_an_ornstein_uhlenbeck_process() {
    // x' = -x/a + u, u of variance s^2 and correlation time b: the variance of x is s^2 a^2 b/(a + b).
    let (a, b, sigma) = (5.0, 2.0, 0.4);
    let node = LinearStep::new(3000).gamma(-1.0 / a).init_x(0.0);
    let simulator = Simulator::new(node).noise("x_inp", OuProcess::new(sigma, b)).dt(0.05).seed(2);
    let run = simulator.transient(30.0).sample_every(5.0).run(40.0).expect("it runs");
    let squares = run["x"].row(1).mapv(|x| x * x);
    assert_mean(squares.into_iter(), sigma * sigma * a * a * b / (a + b), "variance");
}

/// The stationary covariance C of `dx = A x dt + sigma dW`, from the Lyapunov equation `A C + C A^T + sigma^2 = 0`.
fn lyapunov(a: &Array2<f64>, sigma: &Array1<f64>) -> Array2<f64> {
    let noise = Array2::from_diag(&sigma.mapv(|sigma| sigma * sigma));
    let mut c = Array2::<f64>::zeros(a.dim());
    // Steps towards the only point where the rate of change is 0.
    for _ in 0..5000 {
        let rate = a.dot(&c) + c.dot(&a.t()) + &noise;
        c = c + 0.1 * rate;
    }
    c
}

#[test]
fn a_noisy_linear_network_has_the_covariance_of_the_lyapunov_equation() {
    let (leak, dt, copies) = (0.25, 0.05, 150);
    let weights = array![[0.0, 0.8, 0.0], [0.1, 0.0, -0.6], [0.9, 0.3, 0.0]];
    let (k, sigma) = (0.2, array![0.1, 0.3, 0.2]);
    let theory = |weights: &Array2<f64>| lyapunov(&(weights * k - leak * Array2::<f64>::eye(3)), &sigma);
    let expected = theory(&weights);
    // Many networks that know nothing of each other.
    let wide = Array2::from_shape_fn((3 * copies, 3 * copies), |(i, j)| {
        if i / 3 == j / 3 { weights[[i % 3, j % 3]] } else { 0.0 }
    });
    let nodes = LinearStep::new(3 * copies).gamma(-leak).init_x(0.0).noise_x(sigma.to_vec().repeat(copies));
    let network = Network::new(nodes, wide).coupling(Additive::new(), "x").k(k);
    let simulator =
        Simulator::new(network).dt(dt).scheme(Scheme::Heun).sample_every(1.0).transient(40.0).seed(4);
    let x = simulator.run(160.0).expect("it runs")["x"].clone();
    for ((i, j), c) in expected.indexed_iter() {
        let products = (0..copies).map(|copy| {
            let (a, b) = (x.column(3 * copy + i), x.column(3 * copy + j));
            a.dot(&b) / a.len() as f64
        });
        let (found, error) = mean(products);
        assert!(error < 0.03 * (expected[[i, i]] * expected[[j, j]]).sqrt(), "the sample tells too little");
        // Currents are held over a step, which costs less than 1 %.
        let bound = 4.5 * error + 0.01 * c.abs();
        assert!((found - c).abs() < bound, "[{i}, {j}]: {found}, {c} expected, standard error {error}");
    }
    let turned = theory(&weights.t().to_owned()) - &expected;
    assert!(turned.iter().any(|c| c.abs() > 0.2 * expected[[0, 0]]), "rows taken for columns would show");
}

#[test]
fn pink_noise_makes_the_slow_part_of_a_node_stronger_than_white_noise_of_the_same_variance() {
    let slow = |simulator: Simulator| {
        let run = simulator.dt(0.5).seed(1).run(2000.0).expect("it runs");
        let blocks = run["x"].axis_chunks_iter(Axis(0), 400).filter_map(|block| block.mean_axis(Axis(0)));
        let means: Vec<Array1<f64>> = blocks.collect();
        let all = means.iter().flat_map(|row| row.iter().map(|x| x * x)).sum::<f64>();
        all / run["x"].slice(s![.., ..]).mapv(|x| x * x).sum()
    };
    let node = || Simulator::new(LinearStep::new(20).gamma(-1.0).init_x(0.0));
    let pink = slow(node().noise("x_inp", ColoredNoise::pink(1.0).lowest(0.5)));
    let white = slow(node().noise("x_inp", GaussianNoise::new(1.0)));
    assert!(pink > 10.0 * white, "{pink}, {white}");
}
