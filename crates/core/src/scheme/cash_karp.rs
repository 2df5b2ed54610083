//! The fifth-order result of Cash and Karp's pair (Cash & Karp 1990, doi 10.1145/79505.79507).

use super::description::{SchemeInfo, explicit};
use super::tableau::Tableau;

pub(super) static SCHEME: SchemeInfo = explicit(&["cash_karp", "rk45"], 5, &TABLEAU);

static TABLEAU: Tableau = Tableau {
    a: &[
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[3.0 / 10.0, -9.0 / 10.0, 6.0 / 5.0],
        &[-11.0 / 54.0, 5.0 / 2.0, -70.0 / 27.0, 35.0 / 27.0],
        &[1631.0 / 55296.0, 175.0 / 512.0, 575.0 / 13824.0, 44275.0 / 110_592.0, 253.0 / 4096.0],
    ],
    b: &[37.0 / 378.0, 0.0, 250.0 / 621.0, 125.0 / 594.0, 0.0, 512.0 / 1771.0],
};
