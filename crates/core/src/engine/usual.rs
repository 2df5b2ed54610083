//! The steps that a model is usually made: they are compiled for more instruction sets than others, which give the same bits.

use crate::info::ModelInfo;
use crate::scheme::Scheme;
use crate::scheme::step::MethodKind;

/// Whether a model is meant to be stepped by a method of this kind.
pub(super) const fn is_usual(kind: MethodKind, info: &ModelInfo) -> bool {
    kind.is(match info.scheme {
        Scheme::ExpEuler => MethodKind::ExponentialEuler,
        Scheme::Euler => MethodKind::Euler,
        Scheme::SymplecticEuler => MethodKind::SymplecticEuler,
        Scheme::Heun => MethodKind::Heun,
        _ => MethodKind::RungeKutta,
    })
}
