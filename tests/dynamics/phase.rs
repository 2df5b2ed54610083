//! Phase responses of cycles.

use std::f64::consts::TAU;

use brainmass::continuation::{CyclePoint, Diagram, PhaseResponse, Range, Setting};

use crate::model;

/// Stuart-Landau's oscillator with shear: the phase `theta + c ln r` grows evenly, so that the response is known.
const SHEAR: &str = "states: {x: {init: 0.5}, y: {init: 0}}\n\
    parameters: {a: {default: 0.3, doc: growth}, w: {default: 0.7, doc: frequency}, c: {default: 1.6, doc: shear}}\n\
    let: {r: x^2 + y^2}\n\
    derivatives: {x: '(a - r)*x - (w + c*(r - a))*y', y: '(a - r)*y + (w + c*(r - a))*x'}\n";

const VAN_DER_POL: &str = "states: {x: {init: 1}, y: {init: 0}}\n\
    parameters: {mu: {default: 1, doc: damping}}\n\
    derivatives: {x: y, y: mu*(1 - x^2)*y - x}\n";

/// The cycle at a value of what varies, and its response.
fn response(text: &str, over: &str, range: Range, value: f64) -> (CyclePoint, PhaseResponse) {
    let model = model(text);
    let diagram = Diagram::new(&model, &Setting::of(&model), over, range).expect("it is continued");
    let cycle = diagram.cycles.at(&diagram.equations, value).into_iter().next().expect("a cycle");
    let response = cycle.phase_response(&diagram.equations).expect("a response");
    (cycle, response)
}

#[test]
fn the_response_of_the_normal_form_is_known() {
    let (cycle, response) = response(SHEAR, "a", Range::new(-0.5, 1.0), 0.3);
    assert!((response.period - TAU / 0.7).abs() < 1e-7);
    for i in 0..40 {
        let share = f64::from(i) / 40.0;
        let state = cycle.profile.at(share);
        let found = response.response.at(share);
        let (x, y) = (state[0], state[1]);
        let square = x * x + y * y;
        let expected = [(-y + 1.6 * x) / square, (x + 1.6 * y) / square];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 2e-6, "{share}: {found} {expected}");
        }
    }
}

/// One step of Runge and Kutta's method for van der Pol's oscillator.
fn step([x, y]: [f64; 2], dt: f64) -> [f64; 2] {
    let rates = |[x, y]: [f64; 2]| [y, (1.0 - x * x) * y - x];
    let ahead = |k: [f64; 2], by: f64| [x + by * k[0], y + by * k[1]];
    let a = rates([x, y]);
    let b = rates(ahead(a, 0.5 * dt));
    let c = rates(ahead(b, 0.5 * dt));
    let d = rates(ahead(c, dt));
    [0, 1].map(|i| [x, y][i] + dt / 6.0 * (a[i] + 2.0 * (b[i] + c[i]) + d[i]))
}

/// The time of the eighth upward crossing of x = 0 from a state.
fn crossing(start: [f64; 2]) -> f64 {
    let (mut at, mut time, mut crossings, dt) = (start, 0.0, 0, 1e-3);
    loop {
        let next = step(at, dt);
        if at[0] < 0.0 && next[0] >= 0.0 {
            crossings += 1;
            if crossings == 8 {
                // The root within the step, by the secant method on steps of a part of it.
                let (mut low, mut high) = (0.0, dt);
                for _ in 0..60 {
                    let middle = 0.5 * (low + high);
                    if step(at, middle)[0] < 0.0 { low = middle } else { high = middle }
                }
                return time + low;
            }
        }
        (at, time) = (next, time + dt);
    }
}

#[test]
fn the_response_of_van_der_pol_is_that_of_pushes() {
    let (cycle, response) = response(VAN_DER_POL, "mu", Range::new(0.1, 5.0), 1.0);
    for i in 0..12 {
        // Away from the crossing of the section itself.
        let share = (f64::from(i) + 0.37) / 12.0;
        let state = cycle.profile.at(share);
        let found = response.response.at(share);
        for pushed in [0, 1] {
            let push = 1e-4;
            let at = |by: f64| {
                let mut start = [state[0], state[1]];
                start[pushed] += by;
                crossing(start)
            };
            // An earlier crossing is an advance of the phase.
            let mut earlier = at(-push) - at(push);
            // A push over the section counts a turn more or less.
            earlier -= (earlier / response.period).round() * response.period;
            let expected = earlier / (2.0 * push) * TAU / response.period;
            assert!((found[pushed] - expected).abs() < 2e-4, "{share}: {} {expected}", found[pushed]);
        }
    }
}
