//! The explicit trapezoid rule, Heun's scheme of second order. With noise it is the stochastic Heun scheme: the predictor sees the increment of
//! the step too.

use super::description::{Family, NoiseRule, SchemeInfo};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = SchemeInfo {
    names: &["heun", "rk2"],
    order: 2,
    noise: NoiseRule::EveryStage,
    family: Family::RungeKutta(&TABLEAU),
};

static TABLEAU: Tableau = Tableau { a: &[&[1.0]], b: &[0.5, 0.5] };
