//! Polynomials on an interval: their values and slopes at the points at which differential equations are to hold.

/// The degree of the polynomials, and the number of points at which the equations hold on each interval.
pub(super) const DEGREE: usize = 4;

/// The Gauss points of 0 to 1 and their weights, for [`DEGREE`] points.
pub(super) const GAUSS: [(f64, f64); DEGREE] = [
    (0.069_431_844_202_973_7, 0.173_927_422_568_726_93),
    (0.330_009_478_207_571_87, 0.326_072_577_431_273_07),
    (0.669_990_521_792_428_1, 0.326_072_577_431_273_07),
    (0.930_568_155_797_026_3, 0.173_927_422_568_726_93),
];

/// The values at a place between 0 and 1 of the polynomials of which each is 1 at one of the evenly spaced nodes and 0 at the others.
pub(super) fn values(place: f64) -> [f64; DEGREE + 1] {
    let mut result = [1.0; DEGREE + 1];
    for (j, value) in result.iter_mut().enumerate() {
        for k in (0..=DEGREE).filter(|k| *k != j) {
            *value *= (place * DEGREE as f64 - k as f64) / (j as f64 - k as f64);
        }
    }
    result
}

/// The slopes of the same polynomials, by the place.
pub(super) fn slopes(place: f64) -> [f64; DEGREE + 1] {
    let mut result = [0.0; DEGREE + 1];
    for (j, slope) in result.iter_mut().enumerate() {
        for l in (0..=DEGREE).filter(|l| *l != j) {
            let mut term = DEGREE as f64 / (j as f64 - l as f64);
            for k in (0..=DEGREE).filter(|k| *k != j && *k != l) {
                term *= (place * DEGREE as f64 - k as f64) / (j as f64 - k as f64);
            }
            *slope += term;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_of_the_degree_is_reproduced_and_integrated() {
        let f = |x: f64| 1.0 - 2.0 * x + 0.5 * x.powi(3) - 3.0 * x.powi(4);
        let slope = |x: f64| -2.0 + 1.5 * x.powi(2) - 12.0 * x.powi(3);
        let nodes: Vec<f64> = (0..=DEGREE).map(|j| f(j as f64 / DEGREE as f64)).collect();
        for (place, _) in GAUSS {
            let sum = |basis: [f64; DEGREE + 1]| basis.iter().zip(&nodes).map(|(b, x)| b * x).sum::<f64>();
            assert!((sum(values(place)) - f(place)).abs() < 1e-14);
            assert!((sum(slopes(place)) - slope(place)).abs() < 1e-13);
        }
        // Exact for polynomials of degree 7.
        let integral: f64 = GAUSS.iter().map(|(place, weight)| weight * place.powi(7)).sum();
        assert!((integral - 0.125).abs() < 1e-15);
    }
}
