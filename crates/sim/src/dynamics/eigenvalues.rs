//! Eigenvalues of small real matrices.

use std::ops::{Index, IndexMut};

use ndarray::Array2;
use realfft::num_complex::Complex64;

/// The number of sweeps of QR after which an eigenvalue counts as not found.
const SWEEPS: usize = 60;

/// Computes the eigenvalues of a square matrix, by descending real part, of a conjugate pair the one above the real axis first; `None` for a
/// matrix with an entry that is not finite, and for the rare one on which the iteration does not converge.
///
/// The matrix is reduced to Hessenberg form by elimination, then Francis' QR iteration with implicit double shifts finds the eigenvalues (Golub &
/// Van Loan 2013, algorithms 7.4.2 and 7.5.1; the shifts and tests are those of EISPACK's `hqr`).
///
/// # Panics
///
/// The matrix is not square.
pub fn eigenvalues(matrix: &Array2<f64>) -> Option<Vec<Complex64>> {
    assert!(matrix.is_square(), "only square matrices have eigenvalues");
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return None;
    }
    let mut h = Square { n: matrix.nrows(), entries: matrix.iter().copied().collect() };
    to_hessenberg(&mut h);
    let mut values = hessenberg_eigenvalues(&mut h)?;
    values.sort_by(|a, b| b.re.total_cmp(&a.re).then(b.im.total_cmp(&a.im)));
    Some(values)
}

/// A square matrix whose entries are reached without the strides of an array: builds that are not optimised call a function for each entry of one.
struct Square {
    n: usize,
    /// The entries, row by row.
    entries: Vec<f64>,
}

impl Square {
    fn swap(&mut self, [i, j]: [usize; 2], [k, l]: [usize; 2]) {
        self.entries.swap(i * self.n + j, k * self.n + l);
    }
}

impl Index<[usize; 2]> for Square {
    type Output = f64;
    #[inline]
    fn index(&self, [row, column]: [usize; 2]) -> &f64 {
        &self.entries[row * self.n + column]
    }
}

impl IndexMut<[usize; 2]> for Square {
    #[inline]
    fn index_mut(&mut self, [row, column]: [usize; 2]) -> &mut f64 {
        &mut self.entries[row * self.n + column]
    }
}

/// Makes all but the first subdiagonal zero by a similarity.
fn to_hessenberg(a: &mut Square) {
    let n = a.n;
    for m in 1..n.saturating_sub(1) {
        let pivot =
            (m..n).fold(m, |best, j| if a[[j, m - 1]].abs() > a[[best, m - 1]].abs() { j } else { best });
        let x = a[[pivot, m - 1]];
        if x == 0.0 {
            continue;
        }
        if pivot != m {
            for j in 0..n {
                a.swap([pivot, j], [m, j]);
            }
            for j in 0..n {
                a.swap([j, pivot], [j, m]);
            }
        }
        for i in m + 1..n {
            let y = a[[i, m - 1]] / x;
            if y != 0.0 {
                for j in 0..n {
                    a[[i, j]] -= y * a[[m, j]];
                }
                for j in 0..n {
                    a[[j, m]] += y * a[[j, i]];
                }
            }
        }
    }
}

/// Takes one or two eigenvalues at a time off the end of a Hessenberg matrix; `None` where the iteration does not converge.
fn hessenberg_eigenvalues(a: &mut Square) -> Option<Vec<Complex64>> {
    let n = a.n;
    let norm: f64 = a.entries.iter().map(|entry| entry.abs()).sum();
    let mut values = Vec::with_capacity(n);
    // The active block ends before `end`; `shift` has been taken off its diagonal so far.
    let (mut end, mut shift, mut sweeps) = (n, 0.0, 0);
    while end > 0 {
        let last = end - 1;
        let start = find_block(a, last, norm);
        let x = a[[last, last]];
        if start == last {
            values.push(Complex64::new(x + shift, 0.0));
            (end, sweeps) = (last, 0);
            continue;
        }
        let y = a[[last - 1, last - 1]];
        let product = a[[last, last - 1]] * a[[last - 1, last]];
        if start == last - 1 {
            values.extend(pair(x, y, product, shift));
            (end, sweeps) = (last - 1, 0);
            continue;
        }
        if sweeps == SWEEPS {
            return None;
        }
        let (mut x, mut y, mut product) = (x, y, product);
        if sweeps > 0 && sweeps % 10 == 0 {
            // An exceptional shift breaks a cycle.
            shift += x;
            for i in 0..end {
                a[[i, i]] -= x;
            }
            let size = a[[last, last - 1]].abs() + a[[last - 1, last - 2]].abs();
            (x, y, product) = (0.75 * size, 0.75 * size, -0.4375 * size * size);
        }
        sweeps += 1;
        double_step(a, start, last, x, y, product);
    }
    Some(values)
}

/// Finds the first row of the last block that no negligible subdiagonal entry divides, and makes the entry before it zero.
fn find_block(a: &mut Square, last: usize, norm: f64) -> usize {
    for row in (1..=last).rev() {
        let around = a[[row - 1, row - 1]].abs() + a[[row, row]].abs();
        let scale = if around == 0.0 { norm } else { around };
        if a[[row, row - 1]].abs() <= f64::EPSILON * scale {
            a[[row, row - 1]] = 0.0;
            return row;
        }
    }
    0
}

/// Computes the eigenvalues of the block `[[y, b], [c, x]]` with `product = b c`, both with `shift` added.
fn pair(x: f64, y: f64, product: f64, shift: f64) -> [Complex64; 2] {
    let half = 0.5 * (y - x);
    let discriminant = half * half + product;
    let root = discriminant.abs().sqrt();
    if discriminant >= 0.0 {
        let far = half + if half >= 0.0 { root } else { -root };
        let first = x + shift + far;
        let second = if far == 0.0 { first } else { x + shift - product / far };
        [Complex64::new(first, 0.0), Complex64::new(second, 0.0)]
    } else {
        let re = x + shift + half;
        [Complex64::new(re, root), Complex64::new(re, -root)]
    }
}

/// Makes one implicit double shift on the block from `start` to `last`.
fn double_step(a: &mut Square, start: usize, last: usize, x: f64, y: f64, product: f64) {
    let mut m = last - 2;
    let (mut p, mut q, mut r);
    loop {
        let z = a[[m, m]];
        let (s, t) = (x - z, y - z);
        p = (s * t - product) / a[[m + 1, m]] + a[[m, m + 1]];
        q = a[[m + 1, m + 1]] - z - s - t;
        r = a[[m + 2, m + 1]];
        let size = p.abs() + q.abs() + r.abs();
        (p, q, r) = (p / size, q / size, r / size);
        if m == start {
            break;
        }
        let small = a[[m, m - 1]].abs() * (q.abs() + r.abs());
        let around = p.abs() * (a[[m - 1, m - 1]].abs() + z.abs() + a[[m + 1, m + 1]].abs());
        if small <= f64::EPSILON * around {
            break;
        }
        m -= 1;
    }
    for i in m + 2..=last {
        a[[i, i - 2]] = 0.0;
        if i > m + 2 {
            a[[i, i - 3]] = 0.0;
        }
    }
    // A bulge is chased down the subdiagonal by reflections of three rows.
    for k in m..last {
        let mut size = 1.0;
        if k > m {
            p = a[[k, k - 1]];
            q = a[[k + 1, k - 1]];
            r = if k + 1 < last { a[[k + 2, k - 1]] } else { 0.0 };
            size = p.abs() + q.abs() + r.abs();
            if size == 0.0 {
                continue;
            }
            (p, q, r) = (p / size, q / size, r / size);
        }
        let s = (p * p + q * q + r * r).sqrt().copysign(p);
        if k > m {
            a[[k, k - 1]] = -s * size;
        } else if start != m {
            a[[k, k - 1]] = -a[[k, k - 1]];
        }
        p += s;
        let (u, v, w) = (p / s, q / s, r / s);
        (q, r) = (q / p, r / p);
        let third = k + 1 < last;
        // Eigenvalues are those of the block alone, so that what stands above and beside it may stay as it was.
        for j in k..=last {
            let mut t = a[[k, j]] + q * a[[k + 1, j]];
            if third {
                t += r * a[[k + 2, j]];
                a[[k + 2, j]] -= t * w;
            }
            a[[k + 1, j]] -= t * v;
            a[[k, j]] -= t * u;
        }
        for i in start..=last.min(k + 3) {
            let mut t = u * a[[i, k]] + v * a[[i, k + 1]];
            if third {
                t += w * a[[i, k + 2]];
                a[[i, k + 2]] -= t * r;
            }
            a[[i, k + 1]] -= t * q;
            a[[i, k]] -= t;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn close(found: &[Complex64], expected: &[(f64, f64)], tolerance: f64) {
        assert_eq!(found.len(), expected.len());
        for (value, &(re, im)) in found.iter().zip(expected) {
            assert!((value - Complex64::new(re, im)).norm() < tolerance, "{value} is not {re} + {im}i");
        }
    }

    #[test]
    fn companion_matrices_have_the_roots_of_their_polynomials() {
        // (x - 1)(x - 2)(x - 3)(x - 4) and (x^2 + 1)(x - 2)
        let real = array![
            [10.0, -35.0, 50.0, -24.0],
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 0.0]
        ];
        close(&eigenvalues(&real).unwrap(), &[(4.0, 0.0), (3.0, 0.0), (2.0, 0.0), (1.0, 0.0)], 1e-11);
        let mixed = array![[2.0, -1.0, 2.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        close(&eigenvalues(&mixed).unwrap(), &[(2.0, 0.0), (0.0, 1.0), (0.0, -1.0)], 1e-13);
    }

    #[test]
    fn the_second_difference_has_its_closed_form() {
        // 2 - 2 cos(k pi/(n + 1))
        let n = 12;
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        });
        let expected: Vec<(f64, f64)> = (1..=n)
            .rev()
            .map(|k| (2.0 - 2.0 * (k as f64 * std::f64::consts::PI / (n + 1) as f64).cos(), 0.0))
            .collect();
        close(&eigenvalues(&matrix).unwrap(), &expected, 1e-12);
    }

    #[test]
    fn a_cyclic_shift_has_the_roots_of_unity() {
        // The case that needs an exceptional shift.
        let n = 5;
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| if (i + 1) % n == j { 1.0 } else { 0.0 });
        for value in eigenvalues(&matrix).unwrap() {
            assert!((value.powi(5) - 1.0).norm() < 1e-12, "{value}");
        }
    }

    #[test]
    fn trace_and_determinant_are_kept() {
        let matrix =
            array![[0.3, -1.2, 2.0, 0.5], [4.0, 0.1, -0.7, 0.0], [1.0, 1.0, -3.0, 2.2], [0.0, 0.9, 0.4, 0.6]];
        let values = eigenvalues(&matrix).unwrap();
        let sum: Complex64 = values.iter().sum();
        assert!((sum - matrix.diag().sum()).norm() < 1e-12);
        let squares: Complex64 = values.iter().map(|value| value * value).sum();
        assert!((squares - matrix.dot(&matrix).diag().sum()).norm() < 1e-11);
        let cubes: Complex64 = values.iter().map(|value| value.powi(3)).sum();
        assert!((cubes - matrix.dot(&matrix).dot(&matrix).diag().sum()).norm() < 1e-10);
    }

    #[test]
    fn what_is_not_finite_has_none() {
        assert_eq!(eigenvalues(&array![[f64::NAN]]), None);
        assert_eq!(eigenvalues(&Array2::zeros((0, 0))), Some(vec![]));
    }
}
