//! Connectomes as named arrays in an npz file.

use ndarray::{Array1, array};

use super::contents::{Connectome, Hemisphere};
use super::error::ConnectomeError;
use super::orientation::Orientation;
use super::resolve;
use crate::io::npy::NpyArray;
use crate::io::npz::{Npz, NpzWriter};
use crate::io::{IoError, list};

/// Reads a connectome from named arrays. An optional array without entries counts as one that is not there.
pub(super) fn from_npz(file: &Npz, stated: Option<Orientation>) -> Result<Connectome, ConnectomeError> {
    let find = |name: &str| Ok::<_, IoError>(file.find(name)?.filter(|array| !array.shape().contains(&0)));
    let matrix = |name: &str| find(name)?.map(NpyArray::into_matrix).transpose();
    let vector = |name: &str| find(name)?.map(NpyArray::into_vector).transpose();
    let strings = |name: &str| find(name)?.map(NpyArray::into_strings).transpose();

    let defined = match strings("orientation")?.as_deref() {
        None => None,
        Some([name]) if name == Orientation::TargetSource.name() => Some(Orientation::TargetSource),
        Some([name]) if name == Orientation::SourceTarget.name() => Some(Orientation::SourceTarget),
        Some(other) => {
            let why = format!(
                "the array `orientation` holds {}; it must be `target_source` or `source_target`",
                list(other)
            );
            return Err(ConnectomeError::Inexpressible { origin: file.origin().to_owned(), why });
        }
    };
    // Without weights nothing else is worth a complaint.
    let weights = file.get("weights")?.into_matrix()?;
    let orientation = resolve::orientation(stated, defined, file.origin())?;

    // Names that other programs write, of which a file may have one.
    let under_one_name = |what: &'static str, names: [&str; 2]| {
        let found = names.map(|name| file.find(name).map(|array| array.is_some()));
        match found {
            [Ok(true), Ok(true)] => Err(ConnectomeError::SeveralMembers {
                origin: file.origin().to_owned(),
                what,
                first: names[0].to_owned(),
                second: names[1].to_owned(),
            }),
            _ => Ok(()),
        }
    };
    under_one_name("tract lengths", ["tract_lengths", "lengths"])?;
    under_one_name("labels", ["labels", "region_labels"])?;
    under_one_name("centres", ["centres", "centers"])?;

    let mut connectome = Connectome::new(orientation.apply(weights))?;
    if let Some(lengths) = matrix("tract_lengths")?.or(matrix("lengths")?) {
        connectome = connectome.with_tract_lengths(orientation.apply(lengths))?;
    }
    if let Some(labels) = strings("labels")?.or(strings("region_labels")?) {
        connectome = connectome.with_labels(labels)?;
    }
    if let Some(centres) = matrix("centres")?.or(matrix("centers")?) {
        connectome = connectome.with_centres(centres)?;
    }
    if let Some(flags) = vector("hemispheres")? {
        connectome = connectome.with_hemispheres(to_hemispheres(&flags)?)?;
    }
    if let Some(areas) = vector("areas")? {
        connectome = connectome.with_areas(areas)?;
    }
    if let Some(cortical) = vector("cortical")? {
        connectome = connectome.with_cortical(to_flags("cortical flags", &cortical)?)?;
    }
    if let Some(orientations) = matrix("orientations")? {
        connectome = connectome.with_orientations(orientations)?;
    }
    Ok(connectome)
}

/// Gathers all that a connectome has as named arrays.
pub(super) fn to_npz(connectome: &Connectome) -> Result<NpzWriter, IoError> {
    let mut file = NpzWriter::new();
    file.add("weights", &connectome.weights)?;
    if connectome.named {
        file.add("labels", &Array1::from_vec(connectome.labels.clone()))?;
    }
    file.add("orientation", &array![Orientation::TargetSource.name()])?;
    for (name, matrix) in [
        ("tract_lengths", &connectome.tract_lengths),
        ("centres", &connectome.centres),
        ("orientations", &connectome.orientations),
    ] {
        if let Some(matrix) = matrix {
            file.add(name, matrix)?;
        }
    }
    if let Some(hemispheres) = &connectome.hemispheres {
        file.add(
            "hemispheres",
            &hemispheres.iter().map(|&side| i64::from(side == Hemisphere::Right)).collect::<Array1<_>>(),
        )?;
    }
    if let Some(areas) = &connectome.areas {
        file.add("areas", areas)?;
    }
    if let Some(cortical) = &connectome.cortical {
        file.add("cortical", &cortical.iter().map(|&flag| i64::from(flag)).collect::<Array1<_>>())?;
    }
    Ok(file)
}

/// Reads numbers that are 0 or 1 as truth values.
pub(super) fn to_flags(what: &'static str, values: &Array1<f64>) -> Result<Vec<bool>, ConnectomeError> {
    let flag = |(index, &value): (usize, &f64)| match value {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(ConnectomeError::BadFlag { what, index, value }),
    };
    values.iter().enumerate().map(flag).collect()
}

/// Reads numbers as hemispheres, of which 1 is the right one.
pub(super) fn to_hemispheres(values: &Array1<f64>) -> Result<Vec<Hemisphere>, ConnectomeError> {
    let side = |right| if right { Hemisphere::Right } else { Hemisphere::Left };
    Ok(to_flags("hemispheres", values)?.into_iter().map(side).collect())
}
