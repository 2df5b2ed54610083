//! The times of an experiment.

/// The times of an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Time step, ms.
    pub dt: f64,
    /// Time run, ms; the transient is a part of it.
    pub duration: f64,
    /// Time at the start that is not recorded, ms.
    pub transient: f64,
    /// Steps from one recorded row to the next.
    pub every: usize,
}

impl Timing {
    /// Returns the number of steps of the run, the transient included.
    pub fn steps(&self) -> usize {
        (self.duration / self.dt).round() as usize
    }

    /// Returns the number of steps that are not recorded.
    pub fn transient_steps(&self) -> usize {
        (self.transient / self.dt).round() as usize
    }
}
