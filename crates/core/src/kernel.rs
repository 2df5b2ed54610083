//! The contract between generated code and everything that runs it.
//!
//! A kernel is a set of pure functions of the numbers of one node, or of several nodes side by side (see [`Real`]). It allocates nothing and
//! knows neither units nor time. All of its functions are generated from the model's equations.

use crate::info::Described;
use crate::real::Real;

pub use crate::adjoints::Adjoints;

/// An array of fixed length: one value for each state, parameter, input or the like.
pub trait Array<R>: Copy + AsRef<[R]> + AsMut<[R]> + Send + Sync {
    /// The number of values.
    const LEN: usize;
    /// Makes the array of `value(0)`, `value(1)` and so on.
    fn from_fn(value: impl FnMut(usize) -> R) -> Self;
    /// Makes an array of one value.
    fn splat(value: R) -> Self;
}

impl<R: Real, const N: usize> Array<R> for [R; N] {
    const LEN: usize = N;

    #[inline(always)]
    fn from_fn(value: impl FnMut(usize) -> R) -> Self {
        std::array::from_fn(value)
    }

    #[inline(always)]
    fn splat(value: R) -> Self {
        [value; N]
    }
}

/// The equations of a node, compiled.
///
/// Time is in ms, every value in its declared unit. `inputs` are the input ports in their order and behind them the delayed values.
/// `coefficients` are what depends on parameters alone, computed once a run by [`Kernel::coefficients`].
pub trait Kernel: Described + Send + Sync + 'static {
    /// An array of one value a state.
    type States<R: Real>: Array<R>;
    /// An array of one value a parameter.
    type Parameters<R: Real>: Array<R>;
    /// An array of the coefficients.
    type Coefficients<R: Real>: Array<R>;
    /// An array of one value an input port, then one a delayed value.
    type Inputs<R: Real>: Array<R>;
    /// An array of one value an observable.
    type Observables<R: Real>: Array<R>;
    /// The Jacobian: a row for each rate, a column for each state.
    type Jacobian<R: Real>: AsRef<[Self::States<R>]>;

    /// Whether the diagonal entry of the Jacobian depends on parameters alone, for each state.
    const CONSTANT_DIAGONAL: &'static [bool];
    /// The order in which symplectic Euler advances the states; `None` for the order of the states.
    const SYMPLECTIC_ORDER: Option<&'static [usize]>;

    /// Computes the delays in ms, in the places of the delayed values; 0 for the ports.
    #[inline(always)]
    fn durations<R: Real>(_: Self::Parameters<R>) -> Self::Inputs<R> {
        Self::Inputs::<R>::splat(R::splat(0.0))
    }

    /// Computes the coefficients.
    fn coefficients<R: Real>(parameters: Self::Parameters<R>) -> Self::Coefficients<R>;

    /// Computes the rates of change, per ms.
    fn rhs<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::States<R>;

    /// Computes the rates of change and the derivative of each by its own state, both per ms. Values that the model holds over a step are
    /// constant in the derivative.
    fn rhs_diagonal<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> (Self::States<R>, Self::States<R>);

    /// Computes the derivatives of all rates by all states.
    fn jacobian<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::Jacobian<R>;

    /// Vector-Jacobian product of the rates: given the adjoint of each rate, returns the adjoints of states, parameters and inputs.
    fn rhs_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        rates: Self::States<R>,
    ) -> AdjointsOf<Self, R>;

    /// Vector-Jacobian product of the rates and of the diagonal that [`Kernel::rhs_diagonal`] returns.
    fn rhs_diagonal_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        rates: Self::States<R>,
        diagonal: Self::States<R>,
    ) -> AdjointsOf<Self, R>;

    /// Computes the observables.
    fn observe<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::Observables<R>;

    /// Vector-Jacobian product of the observables.
    fn observe_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        observables: Self::Observables<R>,
    ) -> AdjointsOf<Self, R>;

    /// Moves states into their bounds, and onto their circles by whole turns.
    #[inline(always)]
    fn project<R: Real>(states: Self::States<R>) -> Self::States<R> {
        states
    }
}

/// The [`Adjoints`] of a kernel.
pub type AdjointsOf<K, R> =
    Adjoints<<K as Kernel>::States<R>, <K as Kernel>::Parameters<R>, <K as Kernel>::Inputs<R>>;

/// The form of the term of an edge, which is the pre-synaptic function of a coupling: what it depends on decides how often it is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The term is the value of the source itself.
    Linear,
    /// The term is the value of the source less that of the target.
    Difference,
    /// The term is a function of the value of the source alone: evaluated once a source and step.
    Source,
    /// The term is a function of both values: evaluated once an edge and step.
    Pair,
}

/// A coupling, compiled: `post(sum over j of w_ij * pre(x_i, x_j))` for target i and sources j.
///
/// A coupling rule couples one signal; the interaction inside a model couples all of its states.
pub trait CouplingKernel: Described + Send + Sync + 'static {
    /// An array of the values of a node that the coupling reads.
    type Coupled<R: Real>: Array<R>;
    /// An array of the parameters, which are those of the target.
    type RuleParameters<R: Real>: Array<R>;

    /// The form of the pre-synaptic function.
    const FORM: Form;
    /// Whether the pre-synaptic function depends on a parameter, for each of them.
    const PRE_PARAMETERS: &'static [bool];
    /// Whether the weights are replaced by the graph Laplacian that they make.
    const LAPLACIAN: bool;

    /// Computes what takes the place of a weight in the sum, and its derivative by the weight.
    #[inline(always)]
    fn weight<R: Real>(weight: R) -> (R, R) {
        (weight, R::splat(1.0))
    }

    /// Pre-synaptic function: the term of one edge, without its weight.
    fn pre<R: Real>(
        receiving: Self::Coupled<R>,
        sending: Self::Coupled<R>,
        parameters: Self::RuleParameters<R>,
    ) -> R;

    /// Vector-Jacobian product of the pre-synaptic function: the adjoints of target, source and parameters.
    fn pre_vjp<R: Real>(
        adjoint: R,
        receiving: Self::Coupled<R>,
        sending: Self::Coupled<R>,
        parameters: Self::RuleParameters<R>,
    ) -> (Self::Coupled<R>, Self::Coupled<R>, Self::RuleParameters<R>);

    /// Post-synaptic function: the coupling input of a node, from the weighted sum over its edges and, for couplings that divide by it, the
    /// number of nodes.
    fn post<R: Real>(sum: R, count: R, parameters: Self::RuleParameters<R>) -> R;

    /// Vector-Jacobian product of the post-synaptic function: the adjoints of the sum and of the parameters.
    fn post_vjp<R: Real>(
        sum: R,
        count: R,
        adjoint: R,
        parameters: Self::RuleParameters<R>,
    ) -> (R, Self::RuleParameters<R>);
}
