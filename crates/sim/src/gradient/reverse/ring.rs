//! What is given to the present step and to those before it.

/// A row of values for the present step and for each of so many steps before, on the way back.
pub(crate) struct Ring {
    rows: Vec<f64>,
    width: usize,
    slots: usize,
    present: usize,
}

impl Ring {
    /// Nothing given to any of `longest + 1` steps.
    pub fn new(width: usize, longest: usize) -> Self {
        Self { rows: vec![0.0; (longest + 1) * width], width, slots: longest + 1, present: 0 }
    }

    /// Gives to a value of so many steps before the present one.
    pub fn give(&mut self, steps: usize, index: usize, value: f64) {
        self.rows[(self.present + steps) % self.slots * self.width + index] += value;
    }

    /// Takes out what the present step was given, and goes on to the step before.
    pub fn take(&mut self, out: &mut [f64]) {
        let row = &mut self.rows[self.present * self.width..][..self.width];
        out.copy_from_slice(row);
        row.fill(0.0);
        self.present = (self.present + 1) % self.slots;
    }

    /// How many steps before the present one can be given to.
    pub fn longest(&self) -> usize {
        self.slots - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_is_taken_so_many_steps_later() {
        let mut ring = Ring::new(2, 3);
        let mut taken = Vec::new();
        for step in 0..6 {
            if step < 2 {
                ring.give(3, 0, 1.0);
                ring.give(0, 1, 10.0);
                ring.give(1, 1, 5.0);
            }
            let mut row = [0.0; 2];
            ring.take(&mut row);
            taken.push(row);
        }
        assert_eq!(taken, [[0.0, 10.0], [0.0, 15.0], [0.0, 5.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]);
    }
}
