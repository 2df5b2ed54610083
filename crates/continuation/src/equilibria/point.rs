//! Equilibria, special ones among them, and the coefficients of their normal forms.

use brainmass_sim::dynamics::Complex64;

use crate::equations::Equations;
use crate::linear::{Lu, Matrix, dot, norm};

/// An equilibrium at a value of what varies.
#[derive(Debug, Clone, PartialEq)]
pub struct EquilibriumPoint {
    /// The value of the parameter or input that varies, in its declared unit.
    pub value: f64,
    /// The states, each in its declared unit.
    pub states: Vec<f64>,
    /// The eigenvalues of the Jacobian in 1/ms, by descending real part.
    pub eigenvalues: Vec<Complex64>,
}

impl EquilibriumPoint {
    /// Counts the eigenvalues with positive real part: 0 for a stable equilibrium.
    pub fn unstable(&self) -> usize {
        self.eigenvalues.iter().filter(|value| value.re > 0.0).count()
    }

    /// Returns whether perturbations decay in all directions.
    pub fn is_stable(&self) -> bool {
        self.unstable() == 0
    }

    /// Returns the states and the value that varies in one list.
    pub(crate) fn variables(&self) -> Vec<f64> {
        [&self.states[..], &[self.value]].concat()
    }
}

/// The kinds of special points of equilibria while one value varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpecialKind {
    /// A fold, at which two equilibria meet and vanish: a saddle-node bifurcation.
    Fold,
    /// A Hopf point, at which a pair of eigenvalues crosses the imaginary axis and cycles are born.
    Hopf,
    /// A branch point, at which two branches cross: a pitchfork or transcritical bifurcation.
    BranchPoint,
}

impl SpecialKind {
    /// Returns the two letters by which AUTO and MatCont know the kind.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Fold => "LP",
            Self::Hopf => "HB",
            Self::BranchPoint => "BP",
        }
    }

    /// Returns the name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fold => "fold",
            Self::Hopf => "Hopf",
            Self::BranchPoint => "branch point",
        }
    }
}

/// The normal form of a fold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldPoint {
    /// The magnitude of the quadratic coefficient: |<p, B(q, q)>|/2 with |q| = 1 and <p, q> = 1.
    pub coefficient: f64,
    /// Whether the two equilibria that meet exist above the value of the fold; below it if not.
    pub opens_above: bool,
}

/// The normal form of a Hopf point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HopfPoint {
    /// The imaginary part of the eigenvalues that cross the axis, in rad/ms.
    pub frequency: f64,
    /// The first Lyapunov coefficient divided by the frequency, with |q| = 1 and <p, q> = 1 (Kuznetsov 2004, equation 5.62). Where it is negative,
    /// the cycles that are born are stable if the other eigenvalues are.
    pub first_lyapunov: f64,
}

impl HopfPoint {
    /// Returns the period of the cycles that are born, in ms.
    pub fn period(&self) -> f64 {
        std::f64::consts::TAU / self.frequency
    }
}

/// A special point of a branch of equilibria.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecialEquilibrium {
    /// The kind of the point.
    pub kind: SpecialKind,
    /// The equilibrium.
    pub point: EquilibriumPoint,
    /// The normal form of a fold; `None` for other kinds.
    pub fold: Option<FoldPoint>,
    /// The normal form of a Hopf point; `None` for other kinds.
    pub hopf: Option<HopfPoint>,
}

/// Computes the normal form of a fold at a point of states and the value that varies.
pub(super) fn normal_form_of_fold(equations: &Equations, at: &[f64]) -> FoldPoint {
    let n = equations.n_states();
    let (_, linear) = equations.linearised(at);
    let jacobian = linear.first_columns(n);
    let q = Lu::new(jacobian.clone()).null_vector();
    let mut p = Lu::new(jacobian.transposed()).null_vector();
    let product = dot(&p, &q);
    p.iter_mut().for_each(|x| *x /= product);
    let direction = extended(&q, equations.n_variables());
    let quadratic = 0.5 * dot(&p, &equations.second(at, &direction).times(&direction));
    let by_value: f64 = (0..n).map(|row| p[row] * linear[(row, n)]).sum();
    FoldPoint { coefficient: quadratic.abs(), opens_above: quadratic * by_value < 0.0 }
}

/// Lengthens a direction of states by zeros for the values that vary.
pub(crate) fn extended(states: &[f64], length: usize) -> Vec<f64> {
    let mut all = states.to_vec();
    all.resize(length, 0.0);
    all
}

/// Computes the first Lyapunov coefficient at a Hopf point of known frequency, divided by the frequency.
pub(crate) fn normal_form_of_hopf(equations: &Equations, at: &[f64], frequency: f64) -> HopfPoint {
    let (n, all) = (equations.n_states(), equations.n_variables());
    let jacobian = equations.jacobian(at);
    let turn = Complex64::new(0.0, frequency);
    let mut q = Lu::new(jacobian.shifted(turn)).null_vector();
    let size = norm(&q);
    q.iter_mut().for_each(|x| *x /= size);
    // The left eigenvector: conj(p) spans the kernel of the transposed matrix.
    let mut p = Lu::new(jacobian.transposed().shifted(turn)).null_vector();
    let product: Complex64 = p.iter().zip(&q).map(|(p, q)| p * q).sum();
    p.iter_mut().for_each(|x| *x /= product);
    let real: Vec<f64> = q.iter().map(|x| x.re).collect();
    let imaginary: Vec<f64> = q.iter().map(|x| x.im).collect();
    let (a, b) = (extended(&real, all), extended(&imaginary, all));
    let along_a = equations.second(at, &a).first_columns(n);
    let along_b = equations.second(at, &b).first_columns(n);
    let second = |v: &[Complex64], sign: f64| -> Vec<Complex64> {
        let (re, im): (Vec<f64>, Vec<f64>) = v.iter().map(|x| (x.re, x.im)).unzip();
        let [ar, ai, br, bi] =
            [along_a.times(&re), along_a.times(&im), along_b.times(&re), along_b.times(&im)];
        (0..n).map(|i| Complex64::new(ar[i] - sign * bi[i], ai[i] + sign * br[i])).collect()
    };
    let conjugate: Vec<Complex64> = q.iter().map(Complex64::conj).collect();
    let third = |x: &[f64], y: &[f64], z: &[f64]| equations.third(at, x, y, z);
    let (aaa, abb, aab, bbb) = (third(&a, &a, &a), third(&a, &b, &b), third(&a, &a, &b), third(&b, &b, &b));
    let cubic: Vec<Complex64> = (0..n).map(|i| Complex64::new(aaa[i] + abb[i], aab[i] + bbb[i])).collect();
    let mean = second(&conjugate, 1.0);
    let shift = Lu::new(jacobian.shifted(Complex64::new(0.0, 0.0))).solve(&mean);
    let from_mean = second(&shift, 1.0);
    let double = second(&q, 1.0);
    let mut resolvent: Matrix<Complex64> = jacobian.shifted(2.0 * turn);
    for i in 0..n {
        resolvent.row_mut(i).iter_mut().for_each(|entry| *entry = -*entry);
    }
    let harmonic = Lu::new(resolvent).solve(&double);
    let from_harmonic = second(&harmonic, -1.0);
    let sum: Complex64 = (0..n).map(|i| p[i] * (cubic[i] - 2.0 * from_mean[i] + from_harmonic[i])).sum();
    HopfPoint { frequency, first_lyapunov: sum.re / (2.0 * frequency) }
}
