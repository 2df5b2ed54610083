//! The classical Runge-Kutta scheme of fourth order.

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["rk4"], 4, &TABLEAU);

static TABLEAU: Tableau =
    Tableau { a: &[&[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]], b: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0] };
