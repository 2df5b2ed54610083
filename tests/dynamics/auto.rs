//! Special points of models of the library against AUTO, whose numbers `tests/oracle/auto.py` computed.

use brainmass::Zoo;
use brainmass::continuation::{Diagram, Quantity, Range, Setting, SpecialKind};
use serde_json::Value;

/// The largest relative distance.
const TOLERANCE: f64 = 1e-5;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The value of a list that is nearest to another, and the distance as a share of that.
fn nearest(values: &[f64], to: f64) -> f64 {
    values.iter().map(|value| (value / to - 1.0).abs()).fold(f64::INFINITY, f64::min)
}

#[test]
fn special_points_are_those_of_auto() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../oracle/auto.json")).expect("JSON");
    assert_eq!(cases.len(), 6);
    let (mut equilibria, mut cycles) = (0, 0);
    for case in &cases {
        let name = case["model"].as_str().expect("a name");
        let model = Zoo::default().checked(name).expect("it is in the library");
        let mut setting = Setting::of(&model);
        for (parameter, value) in case["set"].as_object().into_iter().flatten() {
            setting.set(Quantity::find(&model, parameter).expect("it has one"), number(value));
        }
        let over = case["over"].as_str().expect("a name");
        let range = Range::new(number(&case["from"]), number(&case["to"]));
        let diagram = Diagram::new(&model, &setting, over, range).expect("it has equations");
        let special = diagram.equilibria.special();
        for (kind, letters) in [(SpecialKind::Fold, "LP"), (SpecialKind::Hopf, "HB")] {
            let of_kind = special.iter().filter(|point| point.kind.letters() == letters);
            let found: Vec<f64> = of_kind.map(|point| point.point.value).collect();
            let points = case["equilibria"].as_array().expect("a list").iter();
            let expected: Vec<f64> = points
                .filter(|point| point["kind"] == letters)
                .map(|point| number(&point["value"]))
                .collect();
            assert_eq!(found.len(), expected.len(), "{name}: {kind:?} at {found:?}, by AUTO at {expected:?}");
            for value in expected {
                assert!(
                    nearest(&found, value) < TOLERANCE,
                    "{name}: {kind:?} at {found:?}, by AUTO at {value}"
                );
                equilibria += 1;
            }
        }
        for point in case["cycles"].as_array().expect("a list") {
            let (value, period) = (number(&point["value"]), number(&point["period"]));
            let found = diagram.cycles.special();
            let found = found.iter().filter(|cycle| point["kind"] == cycle.kind.letters());
            let pairs: Vec<[f64; 2]> = found.map(|cycle| [cycle.value, cycle.cycle.period]).collect();
            let is_it =
                |[v, p]: &[f64; 2]| (v / value - 1.0).abs() < TOLERANCE && (p / period - 1.0).abs() < 1e-3;
            assert!(
                pairs.iter().any(is_it),
                "{name}: {} at {pairs:?}, by AUTO at {value}, {period}",
                point["kind"]
            );
            cycles += 1;
        }
    }
    assert!(equilibria >= 18 && cycles >= 2, "only {equilibria} and {cycles} points were compared");
}
