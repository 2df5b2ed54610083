//! Graph Laplacians: kinds `laplacian` and `laplacian_param`.

use brainmass::connectome::{LaplacianNormalization, degrees, laplacian};
use ndarray::Array2;
use serde_json::Value;

use super::{Deviation, Outcome};

/// The Laplacian of `W`, and its degrees.
pub fn run_laplacian(case: &Value) -> Outcome {
    run(case, |case| matrix(&case["W"]))
}

/// The Laplacian of a masked parameter.
///
/// The reference takes that of `W exp(W) mask` where `W mask` is meant; the product is formed here, so that what is
/// compared is the Laplacian itself. The library's own is that of the weights it is given.
pub fn run_laplacian_param(case: &Value) -> Outcome {
    run(case, |case| {
        let (weights, mask) = (matrix(&case["W"])?, matrix(&case["mask"])?);
        Some(weights.mapv(|w| w * w.exp()) * mask)
    })
}

fn run(case: &Value, weights: impl Fn(&Value) -> Option<Array2<f64>>) -> Outcome {
    let (Some(weights), Some(expected), Some(eps)) =
        (weights(case), matrix(&case["output"]), case["eps"].as_f64())
    else {
        return Outcome::Failed("W, mask, eps or output cannot be read".to_owned());
    };
    let normalization = match case["normalize"].as_str() {
        None => LaplacianNormalization::None,
        Some("rw") => LaplacianNormalization::RandomWalk,
        Some("sym") => LaplacianNormalization::Symmetric,
        Some(other) => return Outcome::Failed(format!("unknown normalization `{other}`")),
    };
    let mut deviation = Deviation::default();
    let actual = laplacian(weights.view(), normalization, eps);
    deviation.add("output", &flat(&expected), &flat(&actual));
    if let Some(expected) = numbers(&case["degree"]) {
        deviation.add("degree", &expected, &degrees(weights.view()).to_vec());
    }
    deviation.finish()
}

fn flat(matrix: &Array2<f64>) -> Vec<f64> {
    matrix.iter().copied().collect()
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

fn matrix(value: &Value) -> Option<Array2<f64>> {
    let rows: Vec<Vec<f64>> = value.as_array()?.iter().map(numbers).collect::<Option<_>>()?;
    Array2::from_shape_vec((rows.len(), rows.first()?.len()), rows.concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::run_case;

    #[test]
    fn every_laplacian_of_the_reference_is_met() {
        let text = include_str!("../../golden/coupling.json");
        let cases: Vec<Value> = serde_json::from_str(text).unwrap();
        let mut passed = 0;
        for case in cases
            .iter()
            .filter(|case| case["kind"].as_str().is_some_and(|kind| kind.starts_with("laplacian")))
        {
            let outcome = run_case(case);
            assert!(matches!(outcome, Outcome::Passed(_)), "{}: {outcome:?}", case["id"]);
            passed += 1;
        }
        println!("{passed} Laplacians");
        assert!(passed > 0);
    }
}
