//! Curves of special cycles while two values vary.

use brainmass::Zoo;
use brainmass::continuation::{
    CycleCurvePoint, CycleKind, Diagram, Plane, PlaneKind, Quantity, Range, Setting,
};

use crate::model;

/// The normal form of a generalised Hopf point: cycles of radius `r` for `mu + nu r^2 - r^4 = 0`, whose folds lie at `mu = -nu^2/4`.
const BAUTIN: &str = "states: {x: {init: 0.1}, y: {init: 0}}\n\
    parameters: {mu: {default: -0.1, doc: distance}, nu: {default: 1, doc: first coefficient}}\n\
    let: {r: x^2 + y^2}\n\
    derivatives: {x: '(mu + nu*r - r^2)*x - y', y: '(mu + nu*r - r^2)*y + x'}\n";

/// The equations of Roessler (1976), whose cycles double their periods.
const ROESSLER: &str = "states: {x: {init: 1}, y: {init: 0}, z: {init: 0}}\n\
    parameters: {a: {default: 0.2, doc: a}, b: {default: 0.2, doc: b}, c: {default: 2, doc: c}}\n\
    derivatives: {x: -y - z, y: x + a*y, z: b + z*(x - c)}\n";

#[test]
fn folds_of_cycles_lie_on_the_curve_of_the_normal_form() {
    let model = model(BAUTIN);
    let (mu, nu) = (("mu", Range::new(-0.5, 0.5)), ("nu", Range::new(-1.0, 1.0)));
    let plane = Plane::new(&model, &Setting::of(&model), mu, nu).expect("it is continued");
    let [curve] = &plane.cycle_curves[..] else { panic!("{} curves", plane.cycle_curves.len()) };
    assert_eq!(curve.kind, CycleKind::Fold);
    let seconds = curve.points.iter().map(|point| point.values[1]);
    let (low, high) =
        seconds.fold((f64::INFINITY, 0.0), |(low, high), x| (f64::min(low, x), f64::max(high, x)));
    // It begins at the generalised Hopf point, where nu = 0, and ends at the edge of the range.
    assert!(low > 0.0 && low < 0.01 && high > 0.99, "{low} {high}");
    for point in &curve.points {
        let [mu, nu] = point.values;
        assert!((mu + 0.25 * nu * nu).abs() < 1e-9, "{mu} {nu}");
        let radius = (0.5 * nu).sqrt();
        assert!((point.cycle.max[0] / radius - 1.0).abs() < 1e-3, "{} {radius}", point.cycle.max[0]);
    }
}

#[test]
fn period_doublings_are_those_of_diagrams_at_the_second_value() {
    let model = model(ROESSLER);
    let (c, b) = (("c", Range::new(1.0, 6.0)), ("b", Range::new(0.1, 1.0)));
    let plane = Plane::new(&model, &Setting::of(&model), c, b).expect("it is continued");
    let doublings: Vec<_> =
        plane.cycle_curves.iter().filter(|curve| curve.kind == CycleKind::PeriodDoubling).collect();
    assert_eq!(doublings.len(), 2);
    for curve in doublings {
        for part in [1, 2, 3] {
            let point = &curve.points[part * curve.points.len() / 4];
            assert!((point.cycle.multipliers[0].re + 1.0).abs() < 1e-6, "{:?}", point.cycle.multipliers);
            let mut setting = Setting::of(&model);
            setting.parameters[1] = point.values[1];
            let diagram = Diagram::new(&model, &setting, "c", c.1).expect("it is continued");
            let special = diagram.cycles.special();
            let found = special.iter().filter(|special| special.kind == CycleKind::PeriodDoubling);
            let nearest = found.map(|special| (special.value - point.values[0]).abs()).fold(1.0, f64::min);
            assert!(nearest < 1e-7, "{:?}: {nearest}", point.values);
        }
    }
}

/// The first period doubling at a = b = 0.2 as published (Kuznetsov's book and others give 2.83).
#[test]
fn the_first_period_doubling_is_where_the_literature_has_it() {
    let model = model(ROESSLER);
    let diagram =
        Diagram::new(&model, &Setting::of(&model), "c", Range::new(1.0, 6.0)).expect("it is continued");
    let special = diagram.cycles.special();
    let first =
        special.iter().find(|special| special.kind == CycleKind::PeriodDoubling).expect("there is one");
    assert!((first.value - 2.83).abs() < 5e-3, "{}", first.value);
}

/// The folds of cycles of the Jansen-Rit model turn back in a cusp, pass the place at which branches of cycles over the drive meet, and end where the first Lyapunov
/// coefficient on the curve of Hopf points is zero.
#[test]
fn folds_of_cycles_of_jansen_rit_end_in_the_generalised_hopf_point() {
    let model = Zoo::default().checked("JansenRitStep").expect("it is in the library");
    let (drive, c) = (("E_inp", Range::new(0.0, 250.0)), ("C", Range::new(134.0, 144.0)));
    let plane = Plane::new(&model, &Setting::of(&model), drive, c).expect("it is continued");
    let special = plane.special();
    let hopf =
        special.iter().find(|special| special.kind == PlaneKind::GeneralisedHopf).expect("it is there");
    let [curve] = &plane.cycle_curves[..] else { panic!("{} curves", plane.cycle_curves.len()) };
    let mut points: Vec<_> = curve.points.iter().collect();
    let width = |point: &CycleCurvePoint| point.cycle.max[0] - point.cycle.min[0];
    if width(points[0]) < width(points[points.len() - 1]) {
        points.reverse();
    }
    // Values are linear in the square of the width of small cycles.
    let (a, b) = (points[points.len() - 4], points[points.len() - 1]);
    let squares = [a, b].map(|point| width(point).powi(2));
    for value in [0, 1] {
        let slope = (a.values[value] - b.values[value]) / (squares[0] - squares[1]);
        let end = b.values[value] - slope * squares[1];
        let range = plane.ranges[value].to - plane.ranges[value].from;
        assert!((end - hopf.values[value]).abs() < 1e-4 * range, "{end}, {:?}", hopf.values);
    }
    assert!(width(b) < 0.03 * width(points[0]), "{}", width(b));
    // On the way there are a largest drive, that of the cusp, and a smallest second value.
    let largest = points.iter().map(|point| point.values[0]).fold(0.0, f64::max);
    let smallest =
        points[points.len() / 2..].iter().map(|point| point.values[1]).fold(f64::INFINITY, f64::min);
    assert!((largest - 203.1).abs() < 0.5 && (smallest - 136.353).abs() < 2e-3, "{largest} {smallest}");
    // On either side of that place the curve is that of diagrams over the drive.
    for drive in [46.0, 116.0] {
        let distance = |point: &&&CycleCurvePoint| (point.values[0] - drive).abs();
        let second_half = &points[points.len() / 3..];
        let point = second_half.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).expect("points");
        let mut setting = Setting::of(&model);
        setting.set(Quantity::find(&model, "C").expect("a parameter"), point.values[1]);
        let diagram = Diagram::new(&model, &setting, "E_inp", plane.ranges[0]).expect("it is continued");
        let folds = diagram.cycles.special();
        let folds = folds.iter().filter(|special| special.kind == CycleKind::Fold);
        let nearest =
            folds.map(|special| (special.value - point.values[0]).abs()).fold(f64::INFINITY, f64::min);
        assert!(nearest < 1e-4, "{:?}: {nearest}", point.values);
    }
}
