//! A register of eight numbers with the AVX-512 instructions of x86-64: F alone, because where a compiler has the products of 64 bits of DQ, it
//! takes them for those of 32 bits, which are three times as fast.

use std::arch::x86_64::*;

use super::vector::{Vector, vector_operator};

/// Eight `f64`. Each instruction rounds as that of AVX2 does, so that both give the same bits.
///
/// The type is private to the crate, and only [`Simd`](super::Simd), which has asked the processor, starts code that uses it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512<const FUSED: bool>(__m512d);

/// Calls an intrinsic on unwrapped registers.
macro_rules! intrinsic {
    ($function:ident $(::<$generic:ident>)? ($($argument:expr),*)) => {
        // SAFETY: values of `Avx512` exist only where `Simd` found AVX-512 on this processor.
        unsafe { $function $(::<$generic>)? ($($argument),*) }
    };
}

vector_operator!([const FUSED: bool] Avx512<FUSED>, Add add(a, b) = intrinsic!(_mm512_add_pd(a, b)));
vector_operator!([const FUSED: bool] Avx512<FUSED>, Sub sub(a, b) = intrinsic!(_mm512_sub_pd(a, b)));
vector_operator!([const FUSED: bool] Avx512<FUSED>, Mul mul(a, b) = intrinsic!(_mm512_mul_pd(a, b)));
vector_operator!([const FUSED: bool] Avx512<FUSED>, Div div(a, b) = intrinsic!(_mm512_div_pd(a, b)));
vector_operator!([const FUSED: bool] Avx512<FUSED>, Neg neg(a) = Self(a).bits_xor(Self::splat(-0.0)).0);

#[inline(always)]
fn integers(bits: __m512d) -> __m512i {
    intrinsic!(_mm512_castpd_si512(bits))
}

#[inline(always)]
fn numbers<const FUSED: bool>(bits: __m512i) -> Avx512<FUSED> {
    Avx512(intrinsic!(_mm512_castsi512_pd(bits)))
}

impl<const FUSED: bool> Vector for Avx512<FUSED> {
    type Mask = __mmask8;
    const WIDTH: usize = 8;
    const FUSED: bool = FUSED;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(intrinsic!(_mm512_set1_pd(value)))
    }
    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        let values = &values[..8];
        // SAFETY: the slice holds eight numbers, and no alignment is asked for; AVX-512 as above.
        Self(unsafe { _mm512_loadu_pd(values.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        let values = &mut values[..8];
        // SAFETY: the slice holds eight numbers, and no alignment is asked for; AVX-512 as above.
        unsafe { _mm512_storeu_pd(values.as_mut_ptr(), self.0) };
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        if FUSED { Self(intrinsic!(_mm512_fmadd_pd(self.0, factor.0, term.0))) } else { self * factor + term }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(intrinsic!(_mm512_sqrt_pd(self.0)))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        // SAFETY: as in `intrinsic`.
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(intrinsic!(_mm512_min_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(intrinsic!(_mm512_max_pd(self.0, other.0)))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> __mmask8 {
        intrinsic!(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn le(self, other: Self) -> __mmask8 {
        intrinsic!(_mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> __mmask8 {
        intrinsic!(_mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn and(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn or(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }
    #[inline(always)]
    fn not(a: __mmask8) -> __mmask8 {
        !a
    }
    #[inline(always)]
    fn any(mask: __mmask8) -> bool {
        mask != 0
    }
    #[inline(always)]
    fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        Self(intrinsic!(_mm512_mask_blend_pd(mask, no.0, yes.0)))
    }
    #[inline(always)]
    fn scale(self, power: Self, _biased: Self) -> Self {
        Self(intrinsic!(_mm512_scalef_pd(self.0, power.0)))
    }
    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_and_si512(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_or_si512(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_xor_si512(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_add(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_add_epi64(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_sub(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_sub_epi64(integers(self.0), integers(other.0))))
    }
    #[inline(always)]
    fn bits_shl<const COUNT: i32>(self) -> Self {
        numbers(intrinsic!(_mm512_sll_epi64(integers(self.0), _mm_cvtsi32_si128(COUNT))))
    }
    #[inline(always)]
    fn bits_shr<const COUNT: i32>(self) -> Self {
        numbers(intrinsic!(_mm512_srl_epi64(integers(self.0), _mm_cvtsi32_si128(COUNT))))
    }
    #[inline(always)]
    fn bits_mul_low(self, other: Self) -> Self {
        numbers(intrinsic!(_mm512_mul_epu32(integers(self.0), integers(other.0))))
    }
}
