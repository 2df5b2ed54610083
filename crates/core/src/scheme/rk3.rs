//! Kutta's scheme of third order (Kutta 1901).

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["rk3"], 3, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[0.5], &[-1.0, 2.0]], b: &[1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0] };
