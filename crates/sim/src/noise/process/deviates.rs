//! Normal deviates of all nodes, independent of each other or not.

use ndarray::{Array2, ArrayView2};

use super::error::ProcessError;
use super::site::ProcessSite;
use crate::noise::normal::NormalStream;
use brainmass_data::analysis::cholesky_semidefinite;

/// Standard normal deviates, one a node and step.
pub(super) struct Deviates {
    stream: NormalStream,
    /// The independent deviates of the last step.
    plain: Vec<f64>,
    /// The deviates of the last step, mixed.
    mixed: Vec<f64>,
}

/// The Cholesky factor of a covariance, by which independent deviates become those of the covariance. It is lower triangular; `None` leaves the
/// deviates independent.
pub(super) struct Mixing(Option<Array2<f64>>);

impl Deviates {
    /// Creates the deviates of a process.
    pub fn new(site: &ProcessSite) -> Self {
        let (plain, mixed) = (vec![0.0; site.nodes], vec![0.0; site.nodes]);
        Self { stream: NormalStream::new(site.seed, site.stream), plain, mixed }
    }

    /// Draws the deviates of a step, one a node.
    pub fn draw(&mut self, step: u64, mixing: &Mixing) -> &[f64] {
        self.stream.fill(step, 0, &mut self.plain);
        let Mixing(Some(factor)) = mixing else { return &self.plain };
        for (node, mixed) in self.mixed.iter_mut().enumerate() {
            *mixed = factor.row(node).iter().zip(&self.plain[..=node]).map(|(l, z)| l * z).sum();
        }
        &self.mixed
    }
}

impl Mixing {
    /// Creates the mixing by a covariance of `nodes` nodes, or none.
    ///
    /// # Errors
    ///
    /// A covariance of another shape, or that is not symmetric or not positive semidefinite.
    pub fn new(covariance: Option<&Array2<f64>>, nodes: usize) -> Result<Self, ProcessError> {
        let Some(covariance) = covariance else { return Ok(Self(None)) };
        let (rows, columns) = covariance.dim();
        if (rows, columns) != (nodes, nodes) {
            return Err(ProcessError::CovarianceShape { rows, columns, nodes });
        }
        let largest = covariance.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        for ((row, column), &given) in covariance.indexed_iter() {
            let mirrored = covariance[[column, row]];
            if given.is_nan() || (given - mirrored).abs() > 1e-12 * largest {
                return Err(ProcessError::Asymmetric { row, column, given, mirrored });
            }
        }
        Self::from_symmetric(covariance.view())
    }

    /// Creates the mixing by a matrix that is symmetric by construction.
    ///
    /// # Errors
    ///
    /// The matrix is not positive semidefinite.
    pub fn from_symmetric(covariance: ArrayView2<f64>) -> Result<Self, ProcessError> {
        let factor = cholesky_semidefinite(covariance);
        factor.map(|factor| Self(Some(factor))).map_err(|node| ProcessError::NotCovariance { node })
    }
}
