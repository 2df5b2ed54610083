//! Lead fields of regions, from those of the cortical surface.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::error::{ObservationError, check_finite};

/// The order in which the three components of each vertex's dipole are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ComponentOrder {
    /// The x of all vertices, then all y, then all z.
    #[default]
    Blocked,
    /// The x, y and z of the first vertex, then those of the second: the order in which MNE stores a gain.
    Interleaved,
}

/// Computes the weights that turn free dipoles at vertices into regions of fixed orientation: the dipole of a vertex lies along
/// the surface normal, and a region is the sum of its vertices, by their share in it and their area (Dale & Sereno 1993,
/// J. Cogn. Neurosci. 5:162).
///
/// `normals` has shape (vertex, 3), `parcels` (vertex, region), `areas` one number per vertex (1 if absent). Returns
/// shape (3 vertices, region).
///
/// # Errors
///
/// Shapes that do not fit; entries that are not finite; normals whose length is not 1 to a thousandth.
pub fn orientation_weights(
    normals: ArrayView2<f64>,
    parcels: ArrayView2<f64>,
    areas: Option<ArrayView1<f64>>,
    order: ComponentOrder,
) -> Result<Array2<f64>, ObservationError> {
    let (vertices, regions) = parcels.dim();
    let shape = |what, expected: &[usize], given: &[usize]| {
        if given == expected {
            return Ok(());
        }
        Err(ObservationError::Shape { what, expected: expected.to_vec(), given: given.to_vec() })
    };
    shape("the normals (vertex, 3)", &[vertices, 3], normals.shape())?;
    check_finite("a share of a vertex in a region", parcels)?;
    if let Some(areas) = areas {
        shape("the areas of vertices", &[vertices], areas.shape())?;
        check_finite("the area of a vertex", areas)?;
    }
    for (vertex, normal) in normals.outer_iter().enumerate() {
        let length = normal.dot(&normal).sqrt();
        if length.is_nan() || (length - 1.0).abs() > 1e-3 {
            return Err(ObservationError::NotANormal { vertex, length });
        }
    }
    Ok(Array2::from_shape_fn((3 * vertices, regions), |(component, region)| {
        let (vertex, axis) = match order {
            ComponentOrder::Blocked => (component % vertices, component / vertices),
            ComponentOrder::Interleaved => (component / 3, component % 3),
        };
        areas.map_or(1.0, |areas| areas[vertex]) * parcels[[vertex, region]] * normals[[vertex, axis]]
    }))
}

/// Computes the lead field of regions, shape (region, sensor), from one of free dipoles at vertices, shape (sensor, 3 vertices),
/// and [`orientation_weights`].
///
/// # Errors
///
/// Shapes that do not fit.
pub fn compress_vertices(
    gain: ArrayView2<f64>,
    weights: ArrayView2<f64>,
) -> Result<Array2<f64>, ObservationError> {
    if gain.ncols() != weights.nrows() {
        return Err(ObservationError::Shape {
            what: "the gain of the vertices (sensor, 3 vertices)",
            expected: vec![gain.nrows(), weights.nrows()],
            given: gain.shape().to_vec(),
        });
    }
    Ok(weights.t().dot(&gain.t()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_data::analysis::testing::signal;
    use ndarray::{array, stack};

    #[test]
    fn a_region_is_the_sum_of_its_vertices_along_their_normals() {
        let normals = array![[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.6, 0.8]];
        let parcels = array![[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        let areas = array![2.0, 3.0, 10.0];
        let weights =
            orientation_weights(normals.view(), parcels.view(), Some(areas.view()), ComponentOrder::Blocked)
                .unwrap();
        let gain = signal(4, 9);
        let compressed = compress_vertices(gain.view(), weights.view()).unwrap();
        let expected = stack![
            ndarray::Axis(0),
            2.0 * &gain.column(0) + 3.0 * &gain.column(7),
            6.0 * &gain.column(5) + 8.0 * &gain.column(8)
        ];
        assert!((compressed - expected).iter().all(|d| d.abs() < 1e-14));
    }

    #[test]
    fn interleaved_components_are_the_same_in_another_order() {
        let normals = array![[0.0, 1.0, 0.0], [0.6, 0.0, 0.8]];
        let parcels = array![[1.0], [0.5]];
        let weights = |order| orientation_weights(normals.view(), parcels.view(), None, order).unwrap();
        assert_eq!(weights(ComponentOrder::Blocked).column(0), array![0.0, 0.3, 1.0, 0.0, 0.0, 0.4]);
        assert_eq!(weights(ComponentOrder::Interleaved).column(0), array![0.0, 1.0, 0.0, 0.3, 0.0, 0.4]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let order = ComponentOrder::Blocked;
        let error = orientation_weights(array![[1.0, 1.0, 0.0]].view(), array![[1.0]].view(), None, order)
            .unwrap_err();
        assert!(matches!(error, ObservationError::NotANormal { vertex: 0, .. }));
        assert!(orientation_weights(array![[1.0, 0.0]].view(), array![[1.0]].view(), None, order).is_err());
        assert!(compress_vertices(signal(4, 9).view(), signal(6, 2).view()).is_err());
    }
}
