//! Normal deviates of all nodes, independent of each other or not.

use ndarray::{Array2, ArrayView2};

use super::{ProcessError, Site};
use crate::noise::NormalStream;
use brainmass_data::analysis::cholesky_semidefinite;

/// Standard normal deviates, one a node and step.
pub(super) struct Deviates {
    stream: NormalStream,
    /// Independent ones.
    plain: Vec<f64>,
    mixed: Vec<f64>,
}

/// How independent deviates become those of a covariance: by its Cholesky factor, which is lower triangular.
pub(super) struct Mixing(Option<Array2<f64>>);

impl Deviates {
    pub fn new(site: &Site) -> Self {
        let (plain, mixed) = (vec![0.0; site.nodes], vec![0.0; site.nodes]);
        Self { stream: NormalStream::new(site.seed, site.stream), plain, mixed }
    }

    /// The deviates of a step.
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
    /// That of a covariance, or none.
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
        Self::of(covariance.view())
    }

    /// That of a matrix that is symmetric by construction.
    pub fn of(covariance: ArrayView2<f64>) -> Result<Self, ProcessError> {
        let factor = cholesky_semidefinite(covariance);
        factor.map(|factor| Self(Some(factor))).map_err(|node| ProcessError::NotCovariance { node })
    }
}
