//! The choice of an instruction set, once, at run time.

use std::sync::OnceLock;

use thiserror::Error;

use super::Lane;
#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
use super::plain::Plain;
use super::vector::Register;

/// An instruction set that this processor has.
///
/// `avx512` and `avx2` round a product and sum once (fused multiply-add) and give the same bits; `avx2-unfused` and `plain` round twice and give
/// the same bits, on every machine. `portable` names the faster of these two that the processor has.
///
/// ```
/// use brainmass::real::{Lane, LaneJob, Real, Simd};
///
/// struct Logistic<'a>(&'a mut [f64]);
///
/// impl LaneJob for Logistic<'_> {
///     type Output = ();
///     #[inline(always)]
///     fn run<R: Lane>(self) {
///         for values in self.0.chunks_mut(R::WIDTH) {
///             R::load_partial(values).sigmoid().store_partial(values);
///         }
///     }
/// }
///
/// let mut values = [-1.0, 0.0, 1.0];
/// Simd::from_environment()?.run(Logistic(&mut values));
/// assert_eq!(values[1], 0.5);
/// # Ok::<(), brainmass::real::SimdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simd(Set);

/// Private, so that a [`Simd`] is proof that the processor has the instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx2Unfused,
    Plain,
}

/// Work that is written once for every instruction set.
///
/// Mark `run` and every function that it calls in its loops `#[inline(always)]`, and use no closure that holds more than an
/// operation or two: only code that is inlined into the caller is compiled for the instruction set, and a vector operation
/// outside of it costs some thirty times as much. Of the standard library, `zip` and `cloned`, and `map` and `clone` of arrays are not
/// always inlined: count with an index over vectors in place of them.
pub trait LaneJob {
    /// The type that the work returns.
    type Output;
    /// Does the work with `R::WIDTH` numbers at a time.
    fn run<R: Lane>(self) -> Self::Output;
}

/// Work that is written once for every instruction set and needs the bits of single registers; otherwise as [`LaneJob`].
pub trait VectorJob {
    /// The type that the work returns.
    type Output;
    /// Does the work with `V::WIDTH` numbers at a time.
    fn run<V: Register>(self) -> Self::Output;
}

/// The name of an instruction set that is unknown, or that this processor does not have.
#[derive(Clone, Error, PartialEq, Eq)]
#[error("{}: `{given}` is not an instruction set of this processor; it has {}", Simd::VARIABLE, .available.join(", "))]
pub struct SimdError {
    /// The name that was asked for.
    pub given: String,
    /// The names of the instruction sets that this processor has.
    pub available: Vec<&'static str>,
}

impl Simd {
    /// The environment variable that names the instruction set to use, see [`Simd::from_environment`].
    pub const VARIABLE: &str = "BRAINMASS_SIMD";

    /// The fastest instruction set of this processor, with fused multiply-add where it has that.
    pub fn fastest() -> Self {
        Self::sets().next().map_or(Self(Set::Plain), |(_, simd)| simd)
    }

    /// The fastest instruction set of those that give the same bits on every machine.
    pub fn portable() -> Self {
        Self::sets().map(|(_, simd)| simd).find(|simd| !simd.is_fused()).unwrap_or(Self(Set::Plain))
    }

    /// The instruction set named `avx512`, `avx2`, `avx2-unfused`, `plain` or `portable`.
    ///
    /// # Errors
    ///
    /// There is no such instruction set, or this processor does not have it.
    pub fn named(name: &str) -> Result<Self, SimdError> {
        let sets = || Self::sets().chain([("portable", Self::portable())]);
        sets().find(|(known, _)| *known == name).map(|(_, simd)| simd).ok_or_else(|| SimdError {
            given: name.to_owned(),
            available: sets().map(|(known, _)| known).collect(),
        })
    }

    /// The instruction set that the environment variable `BRAINMASS_SIMD` names, [`Simd::fastest`] if it is unset or empty. The variable is
    /// read once: later changes have no effect.
    ///
    /// # Errors
    ///
    /// The variable names no instruction set of this processor, as for [`Simd::named`].
    pub fn from_environment() -> Result<Self, SimdError> {
        static CHOICE: OnceLock<Result<Simd, SimdError>> = OnceLock::new();
        let choose = || match std::env::var_os(Self::VARIABLE) {
            Some(name) if !name.is_empty() => Self::named(&name.to_string_lossy()),
            _ => Ok(Self::fastest()),
        };
        CHOICE.get_or_init(choose).clone()
    }

    /// The name of the instruction set: `avx512`, `avx2`, `avx2-unfused` or `plain`.
    pub fn name(self) -> &'static str {
        Self::sets().find(|(_, simd)| *simd == self).map_or("plain", |(name, _)| name)
    }

    /// Whether products and sums are rounded once, which makes the last bits differ from those of other sets.
    pub fn is_fused(self) -> bool {
        self.run_vector(IsFused)
    }

    /// Runs `job` on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes.
    #[inline]
    pub fn run<J: LaneJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists each only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { with_avx512(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { with_avx2(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2Unfused => unsafe { with_avx2_unfused(Blocks(job)) },
            Set::Plain => Blocks(job).run::<Plain>(),
        }
    }

    /// Runs `job` on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes or fewer, compiled for as few instruction sets as matter: those that
    /// are not fused give the same bits as plain numbers, which take their place.
    #[inline]
    pub(crate) fn run_compact<J: LaneJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists these two only where the processor has their instructions.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { with_avx512(Short(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { with_avx2(Short(job)) },
            _ => Short(job).run::<Plain>(),
        }
    }

    /// Runs `job` on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes, or one by one where numbers are plain although the processor may have better:
    /// only x86 processors without AVX2 need them there, and eight side by side would be a fifth of the library's code.
    #[inline]
    pub(crate) fn run_wide<J: LaneJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists each only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { with_avx512(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { with_avx2(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2Unfused => unsafe { with_avx2_unfused(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            Set::Plain => Short(job).run::<Plain>(),
            #[cfg(not(target_arch = "x86_64"))]
            Set::Plain => Blocks(job).run::<Plain>(),
        }
    }

    /// Runs `job`, which is seldom run or takes little time, as [`Simd::run_wide`] does, compiled for no more sets than there are different bits:
    /// AVX2 stands in for AVX-512, and plain numbers for all that is not fused.
    #[inline]
    pub(crate) fn run_seldom<J: LaneJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists these two only where the processor has the instructions of AVX2.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 | Set::Avx2 => unsafe { with_avx2(Blocks(job)) },
            #[cfg(target_arch = "x86_64")]
            _ => Short(job).run::<Plain>(),
            #[cfg(not(target_arch = "x86_64"))]
            Set::Plain => Blocks(job).run::<Plain>(),
        }
    }

    /// Runs `job` as [`Simd::run_seldom`] does, on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes or fewer.
    #[inline]
    pub(crate) fn run_compact_seldom<J: LaneJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists these two only where the processor has the instructions of AVX2.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 | Set::Avx2 => unsafe { with_avx2(Short(job)) },
            _ => Short(job).run::<Plain>(),
        }
    }

    /// Runs `job` on single registers of at most four numbers.
    #[doc(hidden)]
    #[inline]
    pub fn run_vector<J: VectorJob>(self, job: J) -> J::Output {
        match self.0 {
            // SAFETY: `sets` lists each only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 | Set::Avx2 => unsafe { with_avx2(job) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2Unfused => unsafe { with_avx2_unfused(job) },
            Set::Plain => job.run::<Plain>(),
        }
    }

    /// Runs `job` on the widest registers of this processor, with each product and each sum rounded: the bits are the same on every machine.
    #[doc(hidden)]
    #[inline]
    pub fn run_unfused<J: VectorJob>(job: J) -> J::Output {
        match Self::fastest().0 {
            // SAFETY: `sets` lists each only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { with_avx512_unfused(job) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 | Set::Avx2Unfused => unsafe { with_avx2_unfused(job) },
            Set::Plain => job.run::<Plain>(),
        }
    }

    /// Every instruction set of this processor, the fastest first.
    fn sets() -> impl Iterator<Item = (&'static str, Self)> {
        #[cfg(target_arch = "x86_64")]
        let vector =
            std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma");
        #[cfg(target_arch = "x86_64")]
        let wide = vector && std::arch::is_x86_feature_detected!("avx512f");
        [
            #[cfg(target_arch = "x86_64")]
            wide.then_some(("avx512", Self(Set::Avx512))),
            #[cfg(target_arch = "x86_64")]
            vector.then_some(("avx2", Self(Set::Avx2))),
            #[cfg(target_arch = "x86_64")]
            vector.then_some(("avx2-unfused", Self(Set::Avx2Unfused))),
            Some(("plain", Self(Set::Plain))),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
fn with_avx512<J: VectorJob>(job: J) -> J::Output {
    job.run::<Avx512<true>>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
fn with_avx512_unfused<J: VectorJob>(job: J) -> J::Output {
    job.run::<Avx512<false>>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<J: VectorJob>(job: J) -> J::Output {
    job.run::<Avx2<true>>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2_unfused<J: VectorJob>(job: J) -> J::Output {
    job.run::<Avx2<false>>()
}

/// A [`LaneJob`] on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes.
struct Blocks<J>(J);

impl<J: LaneJob> VectorJob for Blocks<J> {
    type Output = J::Output;
    #[inline(always)]
    fn run<V: Register>(self) -> J::Output {
        self.0.run::<V::Block>()
    }
}

/// A [`LaneJob`] on blocks of [`LANE_WIDTH`](super::LANE_WIDTH) lanes or fewer.
struct Short<J>(J);

impl<J: LaneJob> VectorJob for Short<J> {
    type Output = J::Output;
    #[inline(always)]
    fn run<V: Register>(self) -> J::Output {
        self.0.run::<V::Short>()
    }
}

struct IsFused;

impl VectorJob for IsFused {
    type Output = bool;
    #[inline(always)]
    fn run<V: Register>(self) -> bool {
        V::FUSED
    }
}

brainmass_spec::debug_as_text!(SimdError);
