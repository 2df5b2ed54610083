//! Heun's scheme of third order (Heun 1900).

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["heun3"], 3, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[1.0 / 3.0], &[0.0, 2.0 / 3.0]], b: &[0.25, 0.0, 0.75] };
