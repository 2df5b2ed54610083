//! The coefficients of explicit Runge-Kutta schemes.

/// The most stages that a scheme has.
pub(crate) const MAX_STAGES: usize = 12;

/// The coefficients of an explicit Runge-Kutta scheme: `k_s = f(x + dt sum_j a_sj k_j)`, and `x + dt sum_s b_s k_s` after the step.
pub(crate) struct Tableau {
    /// The rows of the second and further stages; row `s` has `s + 1` entries.
    pub a: &'static [&'static [f64]],
    /// The weights of the stages.
    pub b: &'static [f64],
}
