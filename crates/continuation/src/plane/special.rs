//! Special points of curves in two parameters, and the numbers that pass through zero there.

use brainmass_sim::dynamics::Complex64;

use crate::equations::Equations;
use crate::equilibria::{extended, normal_form_of_hopf};
use crate::linear::{Lu, dot};

/// The kinds of special points while two values vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaneKind {
    /// A cusp, at which two curves of folds meet.
    Cusp,
    /// A Bogdanov-Takens point: two eigenvalues are zero, and a curve of Hopf points ends on a curve of folds.
    BogdanovTakens,
    /// A generalised Hopf (Bautin) point: the first Lyapunov coefficient is zero, and a curve of folds of cycles begins.
    GeneralisedHopf,
    /// A zero-Hopf (fold-Hopf) point: one eigenvalue is zero and a pair imaginary.
    ZeroHopf,
    /// A double Hopf point: two pairs are imaginary.
    DoubleHopf,
}

impl PlaneKind {
    /// Returns the two letters by which MatCont knows the kind.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Cusp => "CP",
            Self::BogdanovTakens => "BT",
            Self::GeneralisedHopf => "GH",
            Self::ZeroHopf => "ZH",
            Self::DoubleHopf => "HH",
        }
    }

    /// Returns the name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cusp => "cusp",
            Self::BogdanovTakens => "Bogdanov-Takens",
            Self::GeneralisedHopf => "generalised Hopf",
            Self::ZeroHopf => "zero-Hopf",
            Self::DoubleHopf => "double Hopf",
        }
    }
}

/// A special point of a curve in two parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecialPlane {
    /// The kind of the point.
    pub kind: PlaneKind,
    /// The two values.
    pub values: [f64; 2],
    /// The states.
    pub states: Vec<f64>,
    /// The eigenvalues of the Jacobian in 1/ms, by descending real part.
    pub eigenvalues: Vec<Complex64>,
}

/// The numbers that pass through zero at special points of a curve of folds, and the left null vector, which stays on one side.
pub(super) struct FoldTests {
    pub cusp: f64,
    pub bogdanov_takens: f64,
    pub left: Vec<f64>,
    /// The real part of the complex pair that is nearest to the imaginary axis, if there is one.
    pub pair: Option<f64>,
}

impl FoldTests {
    /// Computes them at a point whose null vector is known. `like` is the left null vector of the point before.
    pub fn at(equations: &Equations, point: &[f64], vector: &[f64], like: Option<&[f64]>) -> Self {
        let all = equations.n_variables();
        let jacobian = equations.jacobian(point);
        // Units do not matter to signs; each number is taken beside the sizes of what it is made of.
        let mut left = Lu::new(jacobian.transposed()).null_vector();
        if like.is_some_and(|like| dot(like, &left) < 0.0) {
            left.iter_mut().for_each(|x| *x = -*x);
        }
        let direction = extended(vector, all);
        let cusp = dot(&left, &equations.second(point, &direction).times(&direction));
        let eigenvalues = jacobian.eigenvalues();
        let pair = nearest_pair(&eigenvalues, None);
        Self { cusp, bogdanov_takens: dot(&left, vector), left, pair }
    }
}

/// The numbers that pass through zero at special points of a curve of Hopf points.
pub(super) struct HopfTests {
    pub first_lyapunov: f64,
    /// The sign of the product of all eigenvalues but the imaginary pair.
    pub product: f64,
    /// The real part of another pair that is nearest to the imaginary axis, if there is one.
    pub pair: Option<f64>,
}

impl HopfTests {
    /// Computes them at a point of known frequency.
    pub fn at(equations: &Equations, point: &[f64], frequency: f64) -> Self {
        let eigenvalues = equations.jacobian(point).eigenvalues();
        let largest = eigenvalues.iter().map(|value| value.norm()).fold(0.0, f64::max);
        let own =
            |value: &Complex64| (value.im.abs() - frequency.abs()).abs() + value.re.abs() < 1e-5 * largest;
        let product = eigenvalues.iter().filter(|value| !own(value)).map(|value| value / largest);
        let first_lyapunov = normal_form_of_hopf(equations, point, frequency.abs()).first_lyapunov;
        let pair = nearest_pair(&eigenvalues, Some(frequency.abs()));
        Self { first_lyapunov, product: product.product::<Complex64>().re, pair }
    }
}

/// The real part of the complex pair nearest to the imaginary axis, but for one of a given frequency.
fn nearest_pair(eigenvalues: &[Complex64], but: Option<f64>) -> Option<f64> {
    let largest = eigenvalues.iter().map(|value| value.norm()).fold(0.0, f64::max);
    let is_own =
        |value: &Complex64| but.is_some_and(|but| (value.im - but).abs() + value.re.abs() < 1e-5 * largest);
    let pairs = eigenvalues.iter().filter(|value| value.im > 1e-6 * largest && !is_own(value));
    pairs.map(|value| value.re).min_by(|a, b| a.abs().total_cmp(&b.abs()))
}
