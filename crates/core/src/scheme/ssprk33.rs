//! The strong-stability-preserving scheme of third order with three stages (Shu & Osher 1988, doi 10.1016/0021-9991(88)90177-5).

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["ssprk33"], 3, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[1.0], &[0.25, 0.25]], b: &[1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0] };
