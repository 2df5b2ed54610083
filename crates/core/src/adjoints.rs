//! The adjoints of what equations depend on.

/// The adjoints of the arguments of an equation: states, parameters, inputs.
#[derive(Debug, Clone, Copy)]
pub struct Adjoints<S, P, I> {
    /// One adjoint a state.
    pub states: S,
    /// One adjoint a parameter.
    pub parameters: P,
    /// One adjoint an input port, then one a delayed state.
    pub inputs: I,
}
