//! Ralston's scheme of third order, which is also the scheme of Bogacki and Shampine (1989, doi 10.1016/0893-9659(89)90079-7) without its error
//! estimate.

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["ralston3", "rk23", "bs32"], 3, &TABLEAU);

static TABLEAU: Tableau = Tableau { a: &[&[0.5], &[0.0, 0.75]], b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0] };
