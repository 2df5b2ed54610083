//! The contract between generated code and everything that runs it.
//!
//! A kernel is pure: it is given the numbers of one node (or of several side by side, see [`Real`]) and gives numbers back. It
//! allocates nothing, knows no units and no time. All of its functions are generated from the model's equations.

use crate::info::Described;
use crate::real::Real;

/// A fixed number of values, one a state, parameter, ...
pub trait Array<R>: Copy + AsRef<[R]> + AsMut<[R]> + Send + Sync {
    /// How many.
    const LEN: usize;
    /// The array of `value(0)`, `value(1)`, ...
    fn from_fn(value: impl FnMut(usize) -> R) -> Self;
    /// The same value everywhere.
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
/// Time is in ms, every value in its declared unit. `inputs` are the ports in their order and behind them the delayed states.
/// `coefficients` is what depends on parameters alone, computed once a run by [`Kernel::coefficients`].
pub trait Kernel: Described + Send + Sync + 'static {
    /// One value a state.
    type States<R: Real>: Array<R>;
    /// One value a parameter.
    type Parameters<R: Real>: Array<R>;
    /// What is computed once a run.
    type Coefficients<R: Real>: Array<R>;
    /// One value an input port, then one a delayed state.
    type Inputs<R: Real>: Array<R>;
    /// One value an observable.
    type Observables<R: Real>: Array<R>;
    /// Rows are rates, columns are states.
    type Jacobian<R: Real>: AsRef<[Self::States<R>]>;

    /// Of each state, whether its diagonal entry of the Jacobian depends on parameters alone.
    const CONSTANT_DIAGONAL: &'static [bool];
    /// The order in which symplectic Euler advances the states, for models that ask for it.
    const SYMPLECTIC_ORDER: Option<&'static [usize]>;

    /// What depends on parameters alone.
    fn coefficients<R: Real>(parameters: Self::Parameters<R>) -> Self::Coefficients<R>;

    /// Rates of change, per ms.
    fn rhs<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::States<R>;

    /// Rates of change, and of each the derivative by its own state. Values that the model holds over a step are constant in it.
    fn rhs_diagonal<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> (Self::States<R>, Self::States<R>);

    /// Derivatives of all rates by all states.
    fn jacobian<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::Jacobian<R>;

    /// What adjoints of the rates give to states, parameters and inputs.
    fn rhs_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        rates: Self::States<R>,
    ) -> AdjointsOf<Self, R>;

    /// What adjoints of the rates and of the diagonal give.
    fn rhs_diagonal_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        rates: Self::States<R>,
        diagonal: Self::States<R>,
    ) -> AdjointsOf<Self, R>;

    /// Observables.
    fn observe<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
    ) -> Self::Observables<R>;

    /// What adjoints of the observables give.
    fn observe_vjp<R: Real>(
        states: Self::States<R>,
        coefficients: Self::Coefficients<R>,
        inputs: Self::Inputs<R>,
        observables: Self::Observables<R>,
    ) -> AdjointsOf<Self, R>;

    /// States moved into their bounds.
    #[inline(always)]
    fn project<R: Real>(states: Self::States<R>) -> Self::States<R> {
        states
    }
}

/// What reverse mode gives to whatever a kernel was given.
#[derive(Debug, Clone, Copy)]
pub struct Adjoints<S, P, I> {
    /// One a state.
    pub states: S,
    /// One a parameter.
    pub parameters: P,
    /// One an input.
    pub inputs: I,
}

/// The adjoints of a kernel.
pub type AdjointsOf<K, R> =
    Adjoints<<K as Kernel>::States<R>, <K as Kernel>::Parameters<R>, <K as Kernel>::Inputs<R>>;

/// What the term of a connection depends on; this decides how often it is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// It is the source's value itself.
    Linear,
    /// It is the source's value less the receiver's.
    Difference,
    /// A function of the source's value alone.
    Source,
    /// A function of both.
    Pair,
}

/// A coupling, compiled: `post(sum of w_ij * pre(i, j))`.
///
/// A rule couples one signal; a model that interacts inside couples all of its states.
pub trait CouplingKernel: Described + Send + Sync + 'static {
    /// What of a node the coupling sees.
    type Coupled<R: Real>: Array<R>;
    /// The parameters, of the receiving node.
    type RuleParameters<R: Real>: Array<R>;

    /// What `pre` depends on.
    const FORM: Form;
    /// Of each parameter, whether `pre` depends on it.
    const PRE_PARAMETERS: &'static [bool];
    /// Whether the graph Laplacian takes the place of the weights.
    const LAPLACIAN: bool;

    /// The term of one connection, without its weight.
    fn pre<R: Real>(
        receiving: Self::Coupled<R>,
        sending: Self::Coupled<R>,
        parameters: Self::RuleParameters<R>,
    ) -> R;

    /// What adjoints of a term give to the receiving node, the sending node and the parameters.
    fn pre_vjp<R: Real>(
        adjoint: R,
        receiving: Self::Coupled<R>,
        sending: Self::Coupled<R>,
        parameters: Self::RuleParameters<R>,
    ) -> (Self::Coupled<R>, Self::Coupled<R>, Self::RuleParameters<R>);

    /// What is made of the weighted sum; `count` is the number of nodes to divide by.
    fn post<R: Real>(sum: R, count: R, parameters: Self::RuleParameters<R>) -> R;

    /// What the adjoint of the result gives to the sum and the parameters.
    fn post_vjp<R: Real>(
        sum: R,
        count: R,
        adjoint: R,
        parameters: Self::RuleParameters<R>,
    ) -> (R, Self::RuleParameters<R>);
}
