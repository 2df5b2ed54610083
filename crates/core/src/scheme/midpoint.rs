//! The explicit midpoint rule.

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["midpoint"], 2, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[0.5]], b: &[0.0, 1.0] };
