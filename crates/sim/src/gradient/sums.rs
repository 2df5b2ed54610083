//! Sums of adjoints.

/// Adds `terms` to `values`, entry by entry.
pub(crate) fn add(values: &mut [f64], terms: &[f64]) {
    values.iter_mut().zip(terms).for_each(|(value, term)| *value += term);
}
