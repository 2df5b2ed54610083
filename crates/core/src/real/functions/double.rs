//! Sums and products with their rounding errors, for the few places that need more than 53 bits.

use super::Vector;

/// `a + b` and its rounding error, for `|a| >= |b|` or `a = 0` (Dekker 1971).
#[inline(always)]
pub(super) fn fast_two_sum<V: Vector>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a + b` and its rounding error (Knuth 1969).
#[inline(always)]
pub(super) fn two_sum<V: Vector>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    let b_seen = sum - a;
    (sum, (a - (sum - b_seen)) + (b - b_seen))
}

/// `a * b` and its rounding error, while neither product nor error leaves the normal range (Dekker 1971 without FMA).
#[inline(always)]
pub(super) fn two_product<V: Vector>(a: V, b: V) -> (V, V) {
    let product = a * b;
    if V::FUSED {
        return (product, a.mul_add(b, -product));
    }
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    (product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

/// `a` as a sum of two numbers of 26 bits (Veltkamp 1968).
#[inline(always)]
fn halves<V: Vector>(a: V) -> (V, V) {
    let shifted = a * V::splat(134_217_729.0);
    let high = shifted - (shifted - a);
    (high, a - high)
}
