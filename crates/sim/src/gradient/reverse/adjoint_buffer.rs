//! Adjoints that are given to earlier steps, on the way back through a run.

/// A row of adjoints for the present step and for each of `longest` steps before it.
///
/// It is the counterpart of a delay buffer: a value that was read D steps after it was sent gives its adjoint to the step D steps before.
pub(crate) struct AdjointBuffer {
    rows: Vec<f64>,
    width: usize,
    /// The number of rows, which are used in turn.
    length: usize,
    /// The row of the present step.
    present: usize,
}

impl AdjointBuffer {
    /// Creates a buffer of rows of `width` values, all zero, for delays of up to `longest` steps.
    pub fn new(width: usize, longest: usize) -> Self {
        Self { rows: vec![0.0; (longest + 1) * width], width, length: longest + 1, present: 0 }
    }

    /// Adds an adjoint to a value of `steps` steps before the present one.
    pub fn give(&mut self, steps: usize, index: usize, adjoint: f64) {
        self.rows[(self.present + steps) % self.length * self.width + index] += adjoint;
    }

    /// Takes out the adjoints of the present step, and goes on to the step before.
    pub fn take(&mut self, out: &mut [f64]) {
        let row = &mut self.rows[self.present * self.width..][..self.width];
        out.copy_from_slice(row);
        row.fill(0.0);
        self.present = (self.present + 1) % self.length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjoints_are_taken_as_many_steps_later_as_they_were_given_for() {
        let mut buffer = AdjointBuffer::new(2, 3);
        let mut taken = Vec::new();
        for step in 0..6 {
            if step < 2 {
                buffer.give(3, 0, 1.0);
                buffer.give(0, 1, 10.0);
                buffer.give(1, 1, 5.0);
            }
            let mut row = [0.0; 2];
            buffer.take(&mut row);
            taken.push(row);
        }
        assert_eq!(taken, [[0.0, 10.0], [0.0, 15.0], [0.0, 5.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]);
    }
}
