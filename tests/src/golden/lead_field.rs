//! Lead fields.

use brainmass::observation::{
    ComponentOrder, LeadField, LeadFieldReadout, Modality, Norm, ObservationError, SensorUnit,
    compress_vertices, orientation_weights,
};
use ndarray::Array1;
use serde_json::Value;

use super::Outcome;
use super::read::{flat, last_axis, number, numbers, outcome, rows};

/// `leadfield`: activity through a gain. The MEG cases name the output's unit wrongly, a known defect: here it is T, the
/// numbers are the same.
pub fn project(case: &Value) -> Outcome {
    let modality = if case["model"] == "MEGLeadFieldModel" { Modality::Meg } else { Modality::Eeg };
    let unit = match case["L"]["unit"].as_str() {
        Some("V/(nA*m)") => SensorUnit::Volt,
        Some("mV/(nA*m)") => SensorUnit::Millivolt,
        Some("T/(nA*m)") => SensorUnit::Tesla,
        _ => return Outcome::Skipped(format!("unknown unit {}", case["L"]["unit"])),
    };
    outcome(|deviation| {
        let lead_field = LeadField::new(modality, rows(&case["L"]["value"]))?
            .gain_unit(unit)?
            .dipole_moment(number(&case["scale"]["value"]))?;
        let stated = case["output"]["unit"].as_str().unwrap_or_default();
        if stated != lead_field.unit().to_string() && case["known_defect"].is_null() {
            deviation.fail(format!("the output is in {}, {stated} is expected", lead_field.unit()));
        }
        let actual = lead_field.project(last_axis(&case["input"]["value"]).view())?;
        deviation.add("output", &numbers(&case["output"]["value"]), &flat(&actual));
        Ok::<_, ObservationError>(())
    })
}

/// `leadfield_compress`: from vertices to regions. The cases hold the transpose, (sensor, region), a known defect.
pub fn compress(case: &Value) -> Outcome {
    outcome(|deviation| {
        let areas = case["area"].is_array().then(|| Array1::from(numbers(&case["area"])));
        let (normals, parcels) = (rows(&case["normals"]), rows(&case["parcel"]));
        let weights = orientation_weights(
            normals.view(),
            parcels.view(),
            areas.as_ref().map(|areas| areas.view()),
            ComponentOrder::Blocked,
        )?;
        deviation.add("weights", &numbers(&case["weights"]), &flat(&weights));
        let gain = compress_vertices(rows(&case["L_vertex"]).view(), weights.view())?;
        let transposed = gain.t().iter().copied().collect::<Vec<_>>();
        deviation.add("output", &numbers(&case["output"]), &transposed);
        Ok::<_, ObservationError>(())
    })
}

/// `leadfield_readout`: the readout with trainable gain.
pub fn readout(case: &Value) -> Outcome {
    let gain = rows(&case["lm"]);
    let offset = match numbers(&case["y0"]).as_slice() {
        [common] => Array1::from_elem(gain.nrows(), *common),
        each => Array1::from(each.to_vec()),
    };
    let normalise = match &case["normalize"] {
        Value::Bool(false) => None,
        Value::String(norm) if norm == "l2" => Some(Norm::L2),
        _ => Some(Norm::L1),
    };
    let demean = case["demean"] == true;
    let readout = LeadFieldReadout { gain, scale: number(&case["cy0"]), offset, normalise, demean };
    outcome(|deviation| {
        deviation.add("effective_lm", &numbers(&case["effective_lm"]), &flat(&readout.effective_gain()?));
        let actual = readout.read(last_axis(&case["input"]).view())?;
        deviation.add("output", &numbers(&case["output"]), &flat(&actual));
        Ok::<_, ObservationError>(())
    })
}
