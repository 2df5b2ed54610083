//! The directions of the two branches that cross at a branch point.

use crate::curve::Scale;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix, dot, norm};

/// Finds the directions of the branches through a branch point, each of size 1, from the quadratic equation of second derivatives (Keller 1977).
/// Where the point is no simple one, the directions that span the plane of candidates.
pub(crate) fn crossing_directions(equations: &Equations, at: &[f64], scale: &Scale) -> Vec<Vec<f64>> {
    let n = equations.n_states();
    let mut linear = equations.linearised(at).1;
    for row in 0..n {
        linear.row_mut(row).iter_mut().zip(&scale.0).for_each(|(entry, size)| *entry *= size);
        let largest = linear.row(row).iter().fold(0.0, |size: f64, x| size.max(x.abs()));
        if largest > 0.0 {
            linear.row_mut(row).iter_mut().for_each(|entry| *entry /= largest);
        }
    }
    // An orthogonal basis of the kernel, which has two dimensions: the eigenvectors of J^T J with the smallest eigenvalues, by inverse iteration.
    let mut gram = Matrix::zeros(n + 1, n + 1);
    for i in 0..=n {
        for j in 0..=n {
            gram[(i, j)] = (0..n).map(|row| linear[(row, i)] * linear[(row, j)]).sum();
        }
    }
    for i in 0..=n {
        gram[(i, i)] += 1e-13;
    }
    let lu = Lu::new(gram);
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for seed in 0..2 {
        let mut v: Vec<f64> = (0..=n).map(|i| (1.3 * (i + 1) as f64 + 2.1 * f64::from(seed)).sin()).collect();
        for _ in 0..6 {
            v = lu.solve(&v);
            for other in &basis {
                let part = dot(&v, other);
                v.iter_mut().zip(other).for_each(|(x, y)| *x -= part * y);
            }
            let size = norm(&v);
            v.iter_mut().for_each(|x| *x /= size);
        }
        basis.push(v);
    }
    let full: Vec<Vec<f64>> =
        basis.iter().map(|v| v.iter().zip(&scale.0).map(|(x, size)| x * size).collect()).collect();
    let p = Lu::new(equations.jacobian(at).transposed()).null_vector();
    let form = |a: usize, b: usize| dot(&p, &equations.second(at, &full[a]).times(&full[b]));
    let (aa, ab, bb) = (form(0, 0), form(0, 1), form(1, 1));
    let largest = aa.abs().max(ab.abs()).max(bb.abs());
    let discriminant = ab * ab - aa * bb;
    let combined = |x: f64, y: f64| -> Vec<f64> {
        let v: Vec<f64> = full[0].iter().zip(&full[1]).map(|(a, b)| x * a + y * b).collect();
        let size = scale.size(&v);
        v.iter().map(|x| x / size).collect()
    };
    if discriminant.is_nan() || discriminant <= 1e-12 * largest * largest {
        return vec![combined(1.0, 0.0), combined(0.0, 1.0)];
    }
    // aa x^2 + 2 ab x y + bb y^2 = 0
    let root = discriminant.sqrt();
    let far = -(ab + root.copysign(ab));
    vec![combined(far, aa), combined(bb, far)]
}
