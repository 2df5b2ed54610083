//! The contents of a connectome, each checked when it is set.

use std::collections::HashMap;
use std::fmt;

use ndarray::{Array1, Array2};

use super::error::ConnectomeError;
use super::suggest;
use crate::io::is_control;

/// The side of the brain that a region lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hemisphere {
    /// The left side.
    Left,
    /// The right side.
    Right,
}

/// Regions and the connections between them. All of its contents have been checked.
///
/// Weights are finite and may be negative (inhibitory or effective connections; what needs them not to be says so).
/// Tract lengths are finite and not negative, in mm. Labels are not empty, all different and free of control
/// characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Connectome {
    pub(super) weights: Array2<f64>,
    pub(super) labels: Vec<String>,
    /// Whether the labels were given, rather than made of the indices.
    pub(super) named: bool,
    pub(super) tract_lengths: Option<Array2<f64>>,
    pub(super) centres: Option<Array2<f64>>,
    pub(super) hemispheres: Option<Vec<Hemisphere>>,
    pub(super) areas: Option<Array1<f64>>,
    pub(super) cortical: Option<Vec<bool>>,
    pub(super) orientations: Option<Array2<f64>>,
}

impl Connectome {
    /// Creates a connectome of these weights, `[target][source]`, of shape `(n, n)`. Until labels are given the regions
    /// are called `region_000` and so on, and count as unnamed (see [`Connectome::is_named`]).
    ///
    /// # Errors
    /// Where the matrix is empty, not square, or has an entry that is not finite.
    pub fn new(weights: Array2<f64>) -> Result<Self, ConnectomeError> {
        let (rows, columns) = weights.dim();
        if rows != columns {
            return Err(ConnectomeError::NotSquare { rows, columns });
        }
        if rows == 0 {
            return Err(ConnectomeError::Empty);
        }
        check_finite("weights", &weights)?;
        let labels = (0..rows).map(default_label).collect();
        Ok(Connectome {
            weights,
            labels,
            named: false,
            tract_lengths: None,
            centres: None,
            hemispheres: None,
            areas: None,
            cortical: None,
            orientations: None,
        })
    }

    /// Sets the lengths of the tracts in mm, `[target][source]`, of shape `(n, n)`.
    ///
    /// # Errors
    /// Where the shape differs from that of the weights, or a length is negative or not finite.
    pub fn with_tract_lengths(mut self, lengths: Array2<f64>) -> Result<Self, ConnectomeError> {
        self.check_shape("tract lengths", lengths.shape(), &[self.len(), self.len()])?;
        check_finite("tract lengths", &lengths)?;
        if let Some(((target, source), &value)) = lengths.indexed_iter().find(|(_, length)| **length < 0.0) {
            return Err(ConnectomeError::NegativeLength { target, source_region: source, value });
        }
        self.tract_lengths = Some(lengths);
        Ok(self)
    }

    /// Sets the tract lengths to the straight distances between the centres: a lower bound where none were measured.
    ///
    /// # Errors
    /// Where the centres are not known.
    pub fn with_euclidean_lengths(self) -> Result<Self, ConnectomeError> {
        let centres = self.centres.as_ref().ok_or(ConnectomeError::Unknown { what: "centres" })?;
        let n = self.len();
        let lengths = Array2::from_shape_fn((n, n), |(i, j)| {
            let difference = &centres.row(i) - &centres.row(j);
            difference.dot(&difference).sqrt()
        });
        self.with_tract_lengths(lengths)
    }

    /// Sets the names of the regions; white space around a name is taken off.
    ///
    /// # Errors
    /// Where their number is not that of the regions, one is empty or holds a control character, or two are the same.
    pub fn with_labels<L: Into<String>>(
        mut self,
        labels: impl IntoIterator<Item = L>,
    ) -> Result<Self, ConnectomeError> {
        let labels: Vec<String> = labels.into_iter().map(|label| label.into().trim().to_owned()).collect();
        self.check_shape("labels", &[labels.len()], &[self.len()])?;
        let mut seen = HashMap::new();
        for (index, label) in labels.iter().enumerate() {
            if label.is_empty() {
                return Err(ConnectomeError::EmptyLabel { index });
            }
            if label.contains(is_control) {
                return Err(ConnectomeError::BadLabel { label: label.clone(), index });
            }
            if let Some(first) = seen.insert(label, index) {
                return Err(ConnectomeError::DuplicateLabel { label: label.clone(), first, second: index });
            }
        }
        // A file that keeps the names that were made for want of others does not name the regions.
        self.named = labels.iter().enumerate().any(|(index, label)| *label != default_label(index));
        self.labels = labels;
        Ok(self)
    }

    /// Sets the positions of the regions in mm, of shape `(n, 3)`.
    ///
    /// # Errors
    /// Where the shape is another, or a coordinate is not finite.
    pub fn with_centres(mut self, centres: Array2<f64>) -> Result<Self, ConnectomeError> {
        self.check_shape("centres", centres.shape(), &[self.len(), 3])?;
        check_finite("centres", &centres)?;
        self.centres = Some(centres);
        Ok(self)
    }

    /// Sets the hemisphere of each region.
    ///
    /// # Errors
    /// Where their number is not that of the regions.
    pub fn with_hemispheres(mut self, hemispheres: Vec<Hemisphere>) -> Result<Self, ConnectomeError> {
        self.check_shape("hemispheres", &[hemispheres.len()], &[self.len()])?;
        self.hemispheres = Some(hemispheres);
        Ok(self)
    }

    /// Sets the area of the surface of each region, in mm^2.
    ///
    /// # Errors
    /// Where their number is not that of the regions, or an area is negative or not finite.
    pub fn with_areas(mut self, areas: Array1<f64>) -> Result<Self, ConnectomeError> {
        self.check_shape("areas", areas.shape(), &[self.len()])?;
        if let Some((index, &value)) =
            areas.iter().enumerate().find(|(_, area)| !(**area >= 0.0 && area.is_finite()))
        {
            return Err(ConnectomeError::BadArea { index, value });
        }
        self.areas = Some(areas);
        Ok(self)
    }

    /// Sets whether each region is part of the cortex.
    ///
    /// # Errors
    /// Where their number is not that of the regions.
    pub fn with_cortical(mut self, cortical: Vec<bool>) -> Result<Self, ConnectomeError> {
        self.check_shape("cortical flags", &[cortical.len()], &[self.len()])?;
        self.cortical = Some(cortical);
        Ok(self)
    }

    /// Sets the mean normal of the surface of each region, of shape `(n, 3)`; zeros where unknown.
    ///
    /// # Errors
    /// Where the shape is another, or a component is not finite.
    pub fn with_orientations(mut self, orientations: Array2<f64>) -> Result<Self, ConnectomeError> {
        self.check_shape("orientations", orientations.shape(), &[self.len(), 3])?;
        check_finite("orientations", &orientations)?;
        self.orientations = Some(orientations);
        Ok(self)
    }

    /// Returns the number of regions.
    #[expect(clippy::len_without_is_empty, reason = "a connectome has at least one region")]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns the weights, `[target][source]`, of shape `(n, n)`.
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// Returns the lengths of the tracts in mm, `[target][source]`, of shape `(n, n)`, if they are known.
    pub fn tract_lengths(&self) -> Option<&Array2<f64>> {
        self.tract_lengths.as_ref()
    }

    /// Returns the names of the regions.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Returns the positions of the regions in mm, of shape `(n, 3)`, if they are known.
    pub fn centres(&self) -> Option<&Array2<f64>> {
        self.centres.as_ref()
    }

    /// Returns the hemisphere of each region, if they are known.
    pub fn hemispheres(&self) -> Option<&[Hemisphere]> {
        self.hemispheres.as_deref()
    }

    /// Returns the area of the surface of each region in mm^2, if they are known.
    pub fn areas(&self) -> Option<&Array1<f64>> {
        self.areas.as_ref()
    }

    /// Returns whether each region is part of the cortex, if that is known.
    pub fn cortical(&self) -> Option<&[bool]> {
        self.cortical.as_deref()
    }

    /// Returns the mean normal of the surface of each region, of shape `(n, 3)`, if they are known.
    pub fn orientations(&self) -> Option<&Array2<f64>> {
        self.orientations.as_ref()
    }

    /// Returns the number of connections, that is of weights that are not 0, self-connections included.
    pub fn edges(&self) -> usize {
        self.weights.iter().filter(|weight| **weight != 0.0).count()
    }

    /// Returns the index of the region called `label`.
    ///
    /// # Errors
    /// Where there is none; the error names the closest one.
    pub fn index_of(&self, label: &str) -> Result<usize, ConnectomeError> {
        self.labels.iter().position(|present| present == label).ok_or_else(|| ConnectomeError::UnknownLabel {
            label: label.to_owned(),
            regions: self.len(),
            suggestion: suggest::closest(label, &self.labels).map(str::to_owned),
        })
    }

    /// Returns the connectome if every weight equals that of the opposite direction to within `tolerance`, absolute.
    ///
    /// # Errors
    /// Where one does not; the error names the pair of regions that differ most.
    pub fn require_symmetric(self, tolerance: f64) -> Result<Self, ConnectomeError> {
        let difference = |(i, j): (usize, usize)| (self.weights[[i, j]] - self.weights[[j, i]]).abs();
        let pairs = (0..self.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let worst = pairs.max_by(|&a, &b| difference(a).total_cmp(&difference(b)));
        match worst.filter(|&pair| difference(pair) > tolerance) {
            Some((i, j)) => Err(ConnectomeError::Asymmetric {
                first: self.labels[i].clone(),
                second: self.labels[j].clone(),
                to_first: self.weights[[i, j]],
                to_second: self.weights[[j, i]],
            }),
            None => Ok(self),
        }
    }

    fn check_shape(
        &self,
        what: &'static str,
        found: &[usize],
        expected: &[usize],
    ) -> Result<(), ConnectomeError> {
        if found == expected {
            return Ok(());
        }
        let (found, expected) = (found.to_vec(), expected.to_vec());
        Err(ConnectomeError::Size { what, found, expected, regions: self.len() })
    }
}

/// Returns the name of a region that was given none.
fn default_label(index: usize) -> String {
    format!("region_{index:03}")
}

fn check_finite(what: &'static str, matrix: &Array2<f64>) -> Result<(), ConnectomeError> {
    match matrix.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), &value)) => Err(ConnectomeError::NotFinite { what, row, column, value }),
        None => Ok(()),
    }
}

impl fmt::Display for Connectome {
    /// Writes one line: the numbers of regions and connections, and the longest tract.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} regions, {} connections", self.len(), self.edges())?;
        match &self.tract_lengths {
            Some(lengths) => {
                write!(f, ", tracts up to {:.1} mm", lengths.iter().copied().fold(0.0, f64::max))
            }
            None => write!(f, ", tract lengths unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn pair() -> Connectome {
        Connectome::new(array![[0.0, 2.0], [4.0, 0.0]]).unwrap()
    }

    #[track_caller]
    fn check_error<T: fmt::Debug>(result: Result<T, ConnectomeError>, message: &str) {
        assert_eq!(result.unwrap_err().to_string(), message);
    }

    #[test]
    fn bad_weights_are_refused() {
        check_error(
            Connectome::new(array![[0.0, 1.0, 2.0], [1.0, 0.0, 2.0]]),
            "the weights are 2 x 3; a connectome needs a square matrix",
        );
        check_error(Connectome::new(Array2::zeros((0, 0))), "the weights are empty");
        check_error(
            Connectome::new(array![[0.0, f64::NAN], [1.0, 0.0]]),
            "weights[0][1] is NaN; every entry must be finite",
        );
        check_error(
            Connectome::new(array![[0.0, 1.0], [f64::NEG_INFINITY, 0.0]]),
            "weights[1][0] is -inf; every entry must be finite",
        );
    }

    #[test]
    fn negative_weights_are_kept() {
        assert_eq!(Connectome::new(array![[0.0, -1.0], [1.0, 0.0]]).unwrap().weights()[[0, 1]], -1.0);
    }

    #[test]
    fn bad_tract_lengths_are_refused() {
        check_error(
            pair().with_tract_lengths(array![[0.0, 10.0], [-10.0, 0.0]]),
            "the tract from region 0 to region 1 has length -10 mm; lengths are 0 or more",
        );
        check_error(
            pair().with_tract_lengths(array![[0.0, f64::NAN], [10.0, 0.0]]),
            "tract lengths[0][1] is NaN; every entry must be finite",
        );
        check_error(
            pair().with_tract_lengths(Array2::zeros((3, 3))),
            "the tract lengths have shape [3, 3]; for 2 regions it must be [2, 2]",
        );
    }

    #[test]
    fn bad_labels_are_refused() {
        check_error(pair().with_labels(["a"]), "the labels have shape [1]; for 2 regions it must be [2]");
        check_error(pair().with_labels(["a", "a"]), "the label `a` is given to region 0 and to region 1");
        check_error(pair().with_labels(["a", ""]), "the label of region 1 is empty");
    }

    #[test]
    fn labels_are_trimmed_and_free_of_control_characters() {
        // MATLAB pads the rows of a matrix of characters.
        assert_eq!(pair().with_labels(["V1  ", " V10"]).unwrap().labels(), ["V1", "V10"]);
        check_error(
            pair().with_labels(["a", "b\u{1b}[2J"]),
            "the label \"b\\u{1b}[2J\" of region 1 holds a control character",
        );
    }

    #[test]
    fn bad_companions_are_refused() {
        check_error(
            pair().with_centres(Array2::zeros((2, 2))),
            "the centres have shape [2, 2]; for 2 regions it must be [2, 3]",
        );
        check_error(
            pair().with_centres(array![[0.0, 0.0, f64::NAN], [0.0, 0.0, 0.0]]),
            "centres[0][2] is NaN; every entry must be finite",
        );
        check_error(
            pair().with_hemispheres(vec![Hemisphere::Left]),
            "the hemispheres have shape [1]; for 2 regions it must be [2]",
        );
        check_error(
            pair().with_areas(array![1.0, -1.0]),
            "region 1 has area -1 mm^2; areas are finite and not negative",
        );
        assert!(pair().with_cortical(vec![true; 3]).is_err());
        assert!(pair().with_orientations(Array2::zeros((2, 2))).is_err());
    }

    #[test]
    fn an_unknown_label_suggests_the_closest() {
        let connectome = pair().with_labels(["thalamus", "cortex"]).unwrap();
        assert_eq!(connectome.index_of("cortex").unwrap(), 1);
        check_error(
            connectome.index_of("Talamus"),
            "no region is called `Talamus`; did you mean `thalamus`?",
        );
        check_error(connectome.index_of("pons"), "no region is called `pons` among the 2 regions");
    }

    #[test]
    fn promised_symmetry_is_held_to() {
        check_error(
            pair().with_labels(["a", "b"]).unwrap().require_symmetric(1.0),
            "the weights are not symmetric: `b` receives 4 from `a`, which receives 2 back",
        );
        assert!(pair().require_symmetric(2.0).is_ok());
    }

    #[test]
    fn euclidean_lengths_are_distances_between_centres() {
        check_error(pair().with_euclidean_lengths(), "the centres of this connectome are not known");
        let connectome = pair().with_centres(array![[0.0, 0.0, 0.0], [2.0, 3.0, 6.0]]).unwrap();
        let connectome = connectome.with_euclidean_lengths().unwrap();
        assert_eq!(connectome.tract_lengths().unwrap(), array![[0.0, 7.0], [7.0, 0.0]]);
        assert_eq!(connectome.to_string(), "2 regions, 2 connections, tracts up to 7.0 mm");
    }
}
