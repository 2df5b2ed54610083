//! Ralston's scheme of second order (Ralston 1962, Math. Comp. 16:431, doi 10.1090/S0025-5718-1962-0150954-0).

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["ralston2", "ralston"], 2, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[2.0 / 3.0]], b: &[0.25, 0.75] };
