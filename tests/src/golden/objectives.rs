//! Losses and scores.

use std::error::Error;

use brainmass::analysis::{AnalysisError, Bandwidth, FcdDistribution, fcd, functional_connectivity};
use brainmass::objectives::{
    Combine, CosineSim, FcCorr, KsDistance, Objective, Settings, TimeseriesRmse, Wasserstein1d, objective,
};
use ndarray::{Array1, ArrayView2};
use serde_json::Value;

use super::read::{flat, number, numbers, outcome, rows};
use super::{Deviation, Outcome};

/// `objective`: everything that compares two signals.
pub fn signals(case: &Value) -> Outcome {
    outcome(|deviation| compare_signals(case, deviation))
}

fn compare_signals(case: &Value, deviation: &mut Deviation) -> Result<(), Box<dyn Error>> {
    let (options, outputs) = (&case["options"], &case["outputs"]);
    let custom = &options["custom"];
    let (prediction, target) = (rows(&case["prediction"]), rows(&case["target"]));

    let samples = |name: &str| number(&options[name]) as usize;
    let settings = Settings::of_windows(samples("window_size"), samples("step_size"))?;
    let points = FcdDistribution::default().points(Array1::from(numbers(&custom["midpoints"])))?;
    let distribution = points
        .clone()
        .bandwidth(Bandwidth::Factor(number(&custom["bw_method"])))?
        .diagonal(number(&custom["n_diag"]) as usize);
    let customised = Settings { distribution: distribution.clone(), ..settings.clone() };

    for (name, expected) in outputs.as_object().into_iter().flatten() {
        let value = |objective: &dyn Objective| objective.value(prediction.view(), target.view());
        let matrix = || fcd(prediction.view(), settings.windows);
        let actual = match name.as_str() {
            "fc_prediction" => flat(&functional_connectivity(prediction.view())?),
            "fcd_matrix" => flat(&matrix()?),
            "fcd_distribution" => density(&settings.distribution, matrix()?.view())?,
            "fcd_distribution_custom" => density(&distribution, matrix()?.view())?,
            "fcd_distribution_unnormalized" => density(&points.clone().normalised(false), matrix()?.view())?,
            "fcd_distribution_silverman" => {
                density(&points.clone().bandwidth(Bandwidth::Silverman)?, matrix()?.view())?
            }
            "combine" => {
                let half = FcCorr::default().as_loss();
                vec![value(&Combine::default().with(2.0, TimeseriesRmse).with(0.5, half))?]
            }
            name if name.ends_with("_as_loss") => {
                vec![value(&objective(name.trim_end_matches("_as_loss"), &settings)?.as_loss())?]
            }
            name if name.ends_with("_custom") => {
                vec![value(&objective(name.trim_end_matches("_custom"), &customised)?)?]
            }
            name => vec![value(&objective(name, &settings)?)?],
        };
        deviation.add(name, &numbers(expected), &actual);
    }
    Ok(())
}

fn density(distribution: &FcdDistribution, matrix: ArrayView2<f64>) -> Result<Vec<f64>, AnalysisError> {
    Ok(distribution.density(matrix)?.values().to_vec())
}

/// `distance`: everything that compares two densities.
pub fn distance(case: &Value) -> Outcome {
    let (p, q, x) = (rows(&case["p"]), rows(&case["q"]), numbers(&case["x"]));
    let spacing = x.get(1).unwrap_or(&f64::NAN) - x.first().unwrap_or(&f64::NAN);
    outcome(|deviation| {
        let expected = &case["outputs"];
        for (name, actual) in [
            ("ks_distance", KsDistance.value(p.view(), q.view())?),
            ("wasserstein_1d", Wasserstein1d { spacing }.value(p.view(), q.view())?),
        ] {
            deviation.add(name, &numbers(&expected[name]), &[actual]);
        }
        Ok::<_, Box<dyn Error>>(())
    })
}

/// `cosine`: the cosine with a least length.
pub fn cosine(case: &Value) -> Outcome {
    let (prediction, target) = (rows(&case["prediction"]), rows(&case["target"]));
    outcome(|deviation| {
        let cosine = CosineSim { epsilon: number(&case["epsilon"]) };
        let actual = cosine.value(prediction.view(), target.view())?;
        deviation.add("output", &numbers(&case["output"]), &[actual]);
        Ok::<_, Box<dyn Error>>(())
    })
}
