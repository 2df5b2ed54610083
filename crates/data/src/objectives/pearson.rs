//! Pearson correlation of two vectors.

use ndarray::Array1;

use crate::analysis::varies;

/// Returns the correlation of two vectors and its gradient with respect to the first; both are 0 if one of the vectors
/// does not vary.
pub(super) fn pearson(x: &Array1<f64>, y: &Array1<f64>) -> (f64, Array1<f64>) {
    match (unit(x), unit(y)) {
        (Some((x, length)), Some((y, _))) => {
            let r = x.dot(&y).clamp(-1.0, 1.0);
            let gradient = (y - r * &x) / length;
            (r, gradient)
        }
        _ => (0.0, Array1::zeros(x.len())),
    }
}

/// Returns a vector without its mean, scaled to length 1, and the length it had; `None` if it does not vary.
fn unit(x: &Array1<f64>) -> Option<(Array1<f64>, f64)> {
    if x.is_empty() || !varies(x.view()) {
        return None;
    }
    let centred = x - x.sum() / x.len() as f64;
    let length = centred.dot(&centred).sqrt();
    Some((centred / length, length))
}
