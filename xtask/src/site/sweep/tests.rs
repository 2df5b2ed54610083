//! Sweeps that are not true, each of which must fail, and what true ones are made of.

use brainmass::dynamics::Stability;
use brainmass::info::Signal;

use super::branch::Branches;
use super::*;
use crate::site::zoo;

/// A model of which the picture is drawn.
fn item(text: &str) -> Item {
    let model = brainmass_spec::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
    Item::new(String::new(), model)
}

/// The sweep of a model's page.
fn swept(item: &Item, window: &[(f64, f64)]) -> Result<Drawn, String> {
    let sweep = item.info().plots.sweep.expect("a sweep");
    draw(item, item.run().expect("a run"), &sweep, window)
}

/// A model of the zoo.
fn of_zoo(name: &str) -> Item {
    zoo::all().expect("the zoo").into_iter().find(|item| item.model.name == name).expect("it is there")
}

const CIRCLE: [(f64, f64); 2] = [(-1.0, 1.0), (-1.0, 1.0)];

/// A Hopf normal form, whose cycle has the radius sqrt(a).
fn hopf(scheme: &str, dt: &str) -> Item {
    item(&format!(
        "name: CircleStep\ncategory: phenomenological\nintegration: {{scheme: {scheme}, dt: {dt}}}\n\
         states: {{x: {{init: 0.1}}, y: {{init: 0}}}}\n\
         parameters: {{a: {{default: 0.1 /ms}}, w: {{default: 0.2 rad/ms}}}}\n\
         derivatives: {{x: 'a*x - (x^2 + y^2)*x*1[/ms] - w*y', y: 'a*y - (x^2 + y^2)*y*1[/ms] + w*x'}}\n\
         plots:\n  run: {{duration: 100 ms}}\n  sweep: {{parameter: a, from: 0.05 /ms, to: 0.5 /ms, of: x}}\n"
    ))
}

#[test]
fn what_the_step_has_made_fails_and_what_the_model_does_passes() {
    // Euler's method widens the circle to x^2 = a + w^2 dt/2.
    let error = swept(&hopf("euler", "2 ms"), &CIRCLE).err().expect("the step shows");
    assert!(error.contains("the picture changes at half the step") && error.contains("a = 0.05"), "{error}");
    let drawn = swept(&hopf("rk4", "0.5 ms"), &CIRCLE).unwrap_or_else(|error| panic!("{error}"));
    assert!(drawn.change < 2e-3, "{}", drawn.change);
    assert_eq!(drawn.over, "a");
    assert!(!drawn.shown.caption.contains("chaos"), "{}", drawn.shown.caption);
}

#[test]
fn what_stays_where_nothing_stays_fails() {
    let text = "name: ForkStep\ncategory: phenomenological\nintegration: {scheme: heun, dt: 0.1 ms}\n\
                states: {x: {init: 0}}\nparameters: {a: {default: 1 /ms}}\nderivatives: {x: 'a*x - x^3*1[/ms]'}\n\
                plots:\n  run: {duration: 50 ms}\n  sweep: {parameter: a, from: 0.1 /ms, to: 1 /ms, of: x}\n";
    let error = swept(&item(text), &[(-2.0, 2.0)]).err().expect("0 is unstable");
    assert!(error.contains("stays on an unstable fixed point at a = 0.1"), "{error}");
    let beside = text.replace("init: 0}", "init: 0.1}");
    let drawn = swept(&item(&beside), &[(-2.0, 2.0)]).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        drawn.shown.svg.contains("stable fixed point") && drawn.shown.svg.contains("unstable fixed point")
    );
}

#[test]
fn motion_that_dies_out_beside_a_lone_stable_point_fails() {
    // It loses a tenth of a thousandth in each wait at first, and all of it in the end.
    let text = "name: RingStep\ncategory: phenomenological\nintegration: {scheme: rk4, dt: 0.1 ms}\n\
                states: {x: {init: 1}, y: {init: 0 /ms}}\nparameters: {w: {default: 0.2 rad/ms}, g: {default: 2e-6 /ms}}\n\
                derivatives: {x: y, y: -w^2*x - 2*g*y}\n\
                plots:\n  run: {duration: 100 ms}\n  sweep: {parameter: w, from: 0.2, to: 0.4, of: x}\n";
    let error = swept(&item(text), &CIRCLE).err().expect("it dies out");
    assert!(error.contains("the only fixed point found is stable, and comes to rest later"), "{error}");
}

#[test]
fn an_input_is_swept_in_place_of_the_one_that_the_run_holds() {
    let text = "name: FollowStep\ncategory: phenomenological\nintegration: {scheme: heun, dt: 0.1 ms}\n\
                states: {x: {init: 0}}\nparameters: {tau: {default: 10 ms}}\ninputs: {drive: {unit: 1}}\n\
                derivatives: {x: (drive - x)/tau}\n\
                plots:\n  run: {duration: 200 ms, inputs: {drive: 5}}\n  sweep: {input: drive, from: -1, to: 1, of: x}\n";
    let item = item(text);
    let circumstances =
        Circumstances { item: &item, setting: item.run().expect("a run"), over: Some(Swept::Input(0)) };
    let values = [-1.0, 0.0, 1.0];
    let course = Course { circumstances, of: Signal::State(0), signal: "x", values: &values, dt: 0.1 };
    let outcome = course.settle().expect("it settles");
    assert!(outcome.high.iter().zip(values).all(|(high, value)| (high - value).abs() < 1e-6), "{outcome:?}");
    assert!(outcome.ends.iter().all(|end| *end == End::Rest));
    swept(&item, &[(-1.0, 1.0)]).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn chaos_is_decided_by_its_exponent() {
    let exponent = |item: &Item, signal: &str| {
        let circumstances = Circumstances::of_run(item, item.run().expect("a run"));
        let (duration, dt) = (circumstances.duration(), circumstances.dt());
        let start = circumstances.advance(&[0.0], None, dt, 2.0 * duration).expect("it runs");
        let of = item.info().signal(signal).expect("a signal");
        is_chaotic(&circumstances, of, signal, &start).expect("it runs")
    };
    let lorenz = of_zoo("LorenzStep");
    let (found, change) = exponent(&lorenz, "x").expect("chaos");
    // 0.9056, Sprott 2003, Chaos and Time-Series Analysis.
    assert!((found - 0.9056).abs() < 0.03 && change < AGREED, "{found}, {change}");
    let simulator = Circumstances::of_run(&lorenz, lorenz.run().expect("a run")).simulator(&[0.0], None);
    let tangent = simulator.expect("it is made").transient(20.0).lyapunov_exponent(200.0).expect("it runs");
    assert!((found - tangent).abs() < 0.1, "{found} by runs, {tangent} by the tangent");
    assert_eq!(exponent(&of_zoo("HopfStep"), "x"), None);
    assert_eq!(exponent(&of_zoo("VanDerPolStep"), "x"), None);
}

#[test]
fn a_branch_goes_round_its_folds() {
    // x^3 - x = p has folds at p = +-2/(3 sqrt(3)).
    let item = item(
        "name: CuspStep\ncategory: phenomenological\nstates: {x: {init: 0}}\nparameters: {p: {default: 0}}\n\
         derivatives: {x: '(p + x - x^3)*1[/ms]'}\nplots: {run: {duration: 1 ms}}\n",
    );
    let circumstances =
        Circumstances { item: &item, setting: item.run().expect("a run"), over: Some(Swept::Parameter(0)) };
    let branches = Branches { circumstances, range: (-1.0, 1.0), window: &[(-2.0, 2.0)] };
    let line = branches.follow(0.0, &[0.0]).expect("it is followed");
    let fold = 2.0 / 27.0_f64.sqrt();
    let turns = line.windows(3).filter(|three| (three[1].0 - three[0].0) * (three[2].0 - three[1].0) < 0.0);
    let turns: Vec<f64> = turns.map(|three| three[1].0).collect();
    assert_eq!(turns.len(), 2, "{turns:?}");
    assert!(turns.iter().all(|value| (value.abs() - fold).abs() < 1e-3), "{turns:?}");
    assert!(line.iter().all(|(p, x)| (p + x[0] - x[0].powi(3)).abs() < 1e-8));
    let (first, last) = (line[0].0, line[line.len() - 1].0);
    assert!(first.abs() >= 1.0 && last.abs() >= 1.0 && first * last < 0.0, "from {first} to {last}");
}

#[test]
fn a_product_of_states_counts_where_it_is_zero() {
    // The origin of Lorenz's equations is a saddle above rho = 1, though z does not depend on x there to first order.
    let item = of_zoo("LorenzStep");
    let setting = item.run().expect("a run");
    let rho = item.info().parameter("rho").expect("it is there");
    let circumstances = Circumstances { item: &item, setting, over: Some(Swept::Parameter(rho)) };
    let values = [5.0, 10.0];
    let course = Course { circumstances, of: Signal::State(2), signal: "z", values: &values, dt: 0.005 };
    let outcome = course.settle().expect("it settles");
    let found =
        followed(&course, &outcome, &[(-25.0, 25.0), (-25.0, 25.0), (-1.0, 50.0)]).expect("they are found");
    for (rests, rho) in found.iter().zip(values) {
        let mut seen: Vec<(f64, Stability)> =
            rests.iter().map(|rest| (rest.signal, rest.stability)).collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(seen[0].0.abs() < 1e-9 && seen[0].1 == Stability::Saddle, "{seen:?}");
        let rolls = &seen[1..];
        assert!(!rolls.is_empty());
        assert!(
            rolls
                .iter()
                .all(|(z, stability)| (z - (rho - 1.0)).abs() < 1e-9 && *stability == Stability::Stable),
            "{seen:?}"
        );
    }
}

#[test]
fn equilibria_of_models_with_delays_are_shown_by_their_characteristic_roots() {
    // x' = -g tanh(x(t - lag)): the rest at 0 has an imaginary pair at g lag = pi/2, a lag of 15.708 ms, beyond which the model oscillates.
    let text = "name: LagStep\ncategory: phenomenological\nintegration: {scheme: heun, dt: 0.02 ms}\nstates: {x: {init: 0.1}}\n\
                parameters: {g: {default: 0.1 /ms}, lag: {default: 10 ms}}\nderivatives: {x: '-g*tanh(delay(x, lag))'}\n\
                plots:\n  run: {duration: 2 s, transient: 1 s}\n  sweep: {parameter: lag, from: 5.7 ms, to: 25.7 ms, of: x}\n";
    let drawn = swept(&item(text), &[(-2.0, 2.0)]).unwrap_or_else(|error| panic!("{error}"));
    let caption = &drawn.diagram.caption;
    assert!(caption.contains("Special points: HB at 15.71 ms."), "{caption}");
    assert!(
        drawn.diagram.svg.contains("stable equilibrium")
            && drawn.diagram.svg.contains("unstable equilibrium")
    );
}
