//! A register of four numbers with the AVX2 instructions of x86-64, with or without fused multiply-add.

use std::arch::x86_64::*;

use super::vector::{Vector, vector_operator};

/// Four `f64`.
///
/// Loops over arrays of numbers, left to the compiler to vectorise, were tried first: as soon as a kernel holds more than
/// a few operations they stay scalar here and there (eight lanes of a Jansen-Rit step took six times as long), so the
/// instructions are named one by one.
///
/// The type is private to the crate, and only [`Simd`](super::Simd), which has asked the processor, starts code that uses it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2<const FUSED: bool>(__m256d);

/// Calls an intrinsic on unwrapped registers.
macro_rules! intrinsic {
    ($function:ident $(::<$generic:ident>)? ($($argument:expr),*)) => {
        // SAFETY: values of `Avx2` exist only where `Simd` found AVX2 (and FMA) on this processor.
        unsafe { $function $(::<$generic>)? ($($argument),*) }
    };
}

vector_operator!([const FUSED: bool] Avx2<FUSED>, Add add(a, b) = intrinsic!(_mm256_add_pd(a, b)));
vector_operator!([const FUSED: bool] Avx2<FUSED>, Sub sub(a, b) = intrinsic!(_mm256_sub_pd(a, b)));
vector_operator!([const FUSED: bool] Avx2<FUSED>, Mul mul(a, b) = intrinsic!(_mm256_mul_pd(a, b)));
vector_operator!([const FUSED: bool] Avx2<FUSED>, Div div(a, b) = intrinsic!(_mm256_div_pd(a, b)));
vector_operator!([const FUSED: bool] Avx2<FUSED>, Neg neg(a) = intrinsic!(_mm256_xor_pd(a, Self::splat(-0.0).0)));

#[inline(always)]
fn integers(bits: __m256d) -> __m256i {
    intrinsic!(_mm256_castpd_si256(bits))
}

#[inline(always)]
fn numbers<const FUSED: bool>(bits: __m256i) -> Avx2<FUSED> {
    Avx2(intrinsic!(_mm256_castsi256_pd(bits)))
}

impl<const FUSED: bool> Vector for Avx2<FUSED> {
    type Mask = __m256d;
    const WIDTH: usize = 4;
    const FUSED: bool = FUSED;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(intrinsic!(_mm256_set1_pd(value)))
    }
    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        let values = &values[..4];
        // SAFETY: the slice holds four numbers, and no alignment is asked for; AVX2 as above.
        Self(unsafe { _mm256_loadu_pd(values.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        let values = &mut values[..4];
        // SAFETY: the slice holds four numbers, and no alignment is asked for; AVX2 as above.
        unsafe { _mm256_storeu_pd(values.as_mut_ptr(), self.0) };
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        if FUSED { Self(intrinsic!(_mm256_fmadd_pd(self.0, factor.0, term.0))) } else { self * factor + term }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(intrinsic!(_mm256_sqrt_pd(self.0)))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(intrinsic!(_mm256_floor_pd(self.0)))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(intrinsic!(_mm256_min_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(intrinsic!(_mm256_max_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> __m256d {
        intrinsic!(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn le(self, other: Self) -> __m256d {
        intrinsic!(_mm256_cmp_pd::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> __m256d {
        intrinsic!(_mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn and(a: __m256d, b: __m256d) -> __m256d {
        intrinsic!(_mm256_and_pd(a, b))
    }
    #[inline(always)]
    fn or(a: __m256d, b: __m256d) -> __m256d {
        intrinsic!(_mm256_or_pd(a, b))
    }
    #[inline(always)]
    fn not(a: __m256d) -> __m256d {
        intrinsic!(_mm256_xor_pd(a, Self::splat_bits(u64::MAX).0))
    }
    #[inline(always)]
    fn any(mask: __m256d) -> bool {
        intrinsic!(_mm256_movemask_pd(mask)) != 0
    }
    #[inline(always)]
    fn select(mask: __m256d, yes: Self, no: Self) -> Self {
        Self(intrinsic!(_mm256_blendv_pd(no.0, yes.0, mask)))
    }
    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        Self(intrinsic!(_mm256_and_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        Self(intrinsic!(_mm256_or_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        Self(intrinsic!(_mm256_xor_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn bits_add(self, other: Self) -> Self {
        numbers(intrinsic!(_mm256_add_epi64(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_sub(self, other: Self) -> Self {
        numbers(intrinsic!(_mm256_sub_epi64(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_shl<const COUNT: i32>(self) -> Self {
        numbers(intrinsic!(_mm256_slli_epi64::<COUNT>(integers(self.0))))
    }
    #[inline(always)]
    fn bits_shr<const COUNT: i32>(self) -> Self {
        numbers(intrinsic!(_mm256_srli_epi64::<COUNT>(integers(self.0))))
    }
    #[inline(always)]
    fn bits_mul_low(self, other: Self) -> Self {
        numbers(intrinsic!(_mm256_mul_epu32(integers(self.0), integers(other.0))))
    }
}
