//! First-order optimisation: how a gradient becomes a change of the numbers that are searched or learned.
//!
//! One step is `numbers -= rate * schedule(step) * direction`. The direction comes from an [`UpdateRule`] such as Adam, the factor on the
//! learning rate from a [`Schedule`], and the gradient may be shortened by [`Clipping`] before. Fits ([`Grad`](crate::fit::Grad)) and
//! trainings ([`Trainer`](crate::training::Trainer)) both descend with an [`Optimiser`], so that a rule gives the same bits in both.

mod clipping;
mod rule;
mod schedule;
mod setting;

pub use clipping::Clipping;
pub use rule::{Optimiser, UpdateRule};
pub use schedule::Schedule;
pub use setting::InvalidSetting;

pub(crate) use setting::need;
