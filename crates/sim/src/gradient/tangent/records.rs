//! Tangents of what is recorded.

use ndarray::Array2;

use crate::gradient::derivatives::add;
use crate::gradient::error::GradientError;
use crate::runtime::Record;
use crate::runtime::record::RecordSource;

/// The tangents of a record, gathered row by row.
pub(super) struct RecordTangents {
    pub name: String,
    pub source: RecordSource,
    /// The number of values of a row.
    width: usize,
    /// The sum over the samples of the present stride, where means are recorded.
    sum: Vec<f64>,
    rows: Vec<f64>,
}

impl RecordTangents {
    /// Creates the tangents of a record without rows.
    ///
    /// # Errors
    ///
    /// It is recorded by a closure, which has no derivative.
    pub fn new(record: &Record) -> Result<Self, GradientError> {
        let name = record.name.clone();
        match record.source() {
            RecordSource::Closure(_) => Err(GradientError::Closure { name }),
            source => Ok(Self { name, source: source.clone(), width: 0, sum: Vec::new(), rows: Vec::new() }),
        }
    }

    /// Takes the tangents of a sample: as a row of its own where the sample ends a stride of `stride` samples, or into the mean of the stride.
    pub fn take(&mut self, tangents: &[f64], averaged: bool, ends_stride: bool, stride: usize) {
        self.width = tangents.len();
        if !averaged {
            if ends_stride {
                self.rows.extend_from_slice(tangents);
            }
            return;
        }
        self.sum.resize(tangents.len(), 0.0);
        add(&mut self.sum, tangents);
        if ends_stride {
            self.rows.extend(self.sum.drain(..).map(|sum| sum / stride as f64));
        }
    }

    /// Finds the first tangent that is not finite: its row, its node and its value.
    pub fn find_not_finite(&self) -> Option<(usize, usize, f64)> {
        let at = self.rows.iter().position(|tangent| !tangent.is_finite())?;
        Some((at / self.width, at % self.width, self.rows[at]))
    }

    /// Returns the name and all rows, shape (time, node).
    pub fn into_rows(self) -> (String, Array2<f64>) {
        let rows = self.rows.len().checked_div(self.width).unwrap_or(0);
        let rows = Array2::from_shape_vec((rows, self.width), self.rows);
        (self.name, rows.unwrap_or_default())
    }
}
