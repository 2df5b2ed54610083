//! Integration schemes: which there are, and their coefficients.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// How a step is made from the rates of change. Inputs, coupling and delayed values are held over a step.
///
/// White noise on a state, `model.noise_x(sigma)` with sigma in state units per sqrt(ms), adds `sigma*sqrt(dt)*xi` to each step, `xi` standard
/// normal and independent from step to step, node to node and state to state. It is additive, sigma being the same whatever the
/// state, so that the readings of Ito and of Stratonovich are one and the same equation, `dx = f dt + sigma dW`. (Noise that the model
/// multiplies by its state comes in through a port: [`WhiteNoise`](brainmass::noise::WhiteNoise), whose page says which reading each scheme takes.)
///
/// | scheme | with noise it is | weak order | strong order |
/// | --- | --- | --- | --- |
/// | [`Scheme::Euler`] | the Euler-Maruyama scheme | 1 | 1 |
/// | [`Scheme::ExpEuler`] | exponential Euler with the increment added after the step | 1 | 1 |
/// | [`Scheme::Heun`] | the stochastic Heun scheme: the predictor sees the increment too | 2 | 1 |
/// | others | a Runge-Kutta step without noise, and the increment after it | 1 | 1 |
///
/// The orders are those for additive noise (Kloeden & Platen 1992, Numerical Solution of Stochastic Differential Equations, sections 10.2,
/// 14.1 and 15.1). Bounds are applied after the noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// `x + dt * exprel(dt*J) * f`, J the diagonal of the Jacobian: exact for a linear decay. The default. Order 1.
    ExpEuler,
    /// `x + dt * f`. Order 1.
    Euler,
    /// States advance one after the other, each with those already advanced. Order 1, keeps the energy of oscillators.
    SymplecticEuler,
    /// Explicit trapezoid, the field's Heun scheme (`rk2` of the Python package). Order 2.
    Heun,
    /// Explicit midpoint. Order 2.
    Midpoint,
    /// Ralston's scheme of second order.
    Ralston2,
    /// Kutta's scheme of third order.
    Rk3,
    /// Heun's scheme of third order (`heun` of the Python package).
    Heun3,
    /// Ralston's scheme of third order, also that of Bogacki and Shampine without its error estimate.
    Ralston3,
    /// Strong-stability-preserving scheme of Shu and Osher. Order 3.
    Ssprk33,
    /// The classical scheme of fourth order.
    Rk4,
    /// Kutta's 3/8 rule. Order 4.
    Rk4_38,
    /// Cash and Karp's scheme, fifth-order result.
    CashKarp,
    /// Fehlberg's scheme, fifth-order result.
    Fehlberg,
    /// Dormand and Prince's scheme of fifth order.
    Dopri5,
    /// Dormand and Prince's scheme of eighth order, DOP853.
    Dop853,
}

/// Most stages that a scheme has.
pub const MAX_STAGES: usize = 12;

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::ExpEuler,
        Self::Euler,
        Self::SymplecticEuler,
        Self::Heun,
        Self::Midpoint,
        Self::Ralston2,
        Self::Rk3,
        Self::Heun3,
        Self::Ralston3,
        Self::Ssprk33,
        Self::Rk4,
        Self::Rk4_38,
        Self::CashKarp,
        Self::Fehlberg,
        Self::Dopri5,
        Self::Dop853,
    ];

    /// The name by which it is chosen in files and on the command line.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// Its name and the others by which it is known.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::ExpEuler => &["exp_euler"],
            Self::Euler => &["euler"],
            Self::SymplecticEuler => &["symplectic_euler"],
            Self::Heun => &["heun", "rk2"],
            Self::Midpoint => &["midpoint"],
            Self::Ralston2 => &["ralston2", "ralston"],
            Self::Rk3 => &["rk3"],
            Self::Heun3 => &["heun3"],
            Self::Ralston3 => &["ralston3", "rk23", "bs32"],
            Self::Ssprk33 => &["ssprk33"],
            Self::Rk4 => &["rk4"],
            Self::Rk4_38 => &["rk4_38"],
            Self::CashKarp => &["cash_karp", "rk45"],
            Self::Fehlberg => &["fehlberg", "rkf45"],
            Self::Dopri5 => &["dopri5", "rk45_dopri"],
            Self::Dop853 => &["dop853", "dopri8", "rk87_dopri"],
        }
    }

    /// The order of convergence without noise.
    pub fn order(self) -> usize {
        match self {
            Self::ExpEuler | Self::Euler | Self::SymplecticEuler => 1,
            Self::Heun | Self::Midpoint | Self::Ralston2 => 2,
            Self::Rk3 | Self::Heun3 | Self::Ralston3 | Self::Ssprk33 => 3,
            Self::Rk4 | Self::Rk4_38 => 4,
            Self::CashKarp | Self::Fehlberg | Self::Dopri5 => 5,
            Self::Dop853 => 8,
        }
    }

    /// The coefficients of an explicit Runge-Kutta scheme; `None` for the others.
    pub fn tableau(self) -> Option<&'static Tableau> {
        Some(match self {
            Self::ExpEuler | Self::SymplecticEuler => return None,
            Self::Euler => &EULER,
            Self::Heun => &HEUN,
            Self::Midpoint => &MIDPOINT,
            Self::Ralston2 => &RALSTON2,
            Self::Rk3 => &RK3,
            Self::Heun3 => &HEUN3,
            Self::Ralston3 => &RALSTON3,
            Self::Ssprk33 => &SSPRK33,
            Self::Rk4 => &RK4,
            Self::Rk4_38 => &RK4_38,
            Self::CashKarp => &CASH_KARP,
            Self::Fehlberg => &FEHLBERG,
            Self::Dopri5 => &DOPRI5,
            Self::Dop853 => &DOP853,
        })
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.names().contains(&text));
        found.ok_or_else(|| {
            let known = Self::ALL.into_iter().map(Self::name);
            format!(
                "there is no scheme `{text}`: {}",
                brainmass_spec::problem::suggestion(text, "schemes", known)
            )
        })
    }
}

/// An explicit Runge-Kutta scheme: `k_s = f(y + dt sum_j a_sj k_j)`, `y + dt sum_s b_s k_s`.
pub struct Tableau {
    /// Rows of the second and further stages.
    pub a: &'static [&'static [f64]],
    /// Weights of the stages.
    pub b: &'static [f64],
}

static EULER: Tableau = Tableau { a: &[], b: &[1.0] };
static HEUN: Tableau = Tableau { a: &[&[1.0]], b: &[0.5, 0.5] };
static MIDPOINT: Tableau = Tableau { a: &[&[0.5]], b: &[0.0, 1.0] };
static RALSTON2: Tableau = Tableau { a: &[&[2.0 / 3.0]], b: &[0.25, 0.75] };
static RK3: Tableau = Tableau { a: &[&[0.5], &[-1.0, 2.0]], b: &[1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0] };
static HEUN3: Tableau = Tableau { a: &[&[1.0 / 3.0], &[0.0, 2.0 / 3.0]], b: &[0.25, 0.0, 0.75] };
static RALSTON3: Tableau = Tableau { a: &[&[0.5], &[0.0, 0.75]], b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0] };
static SSPRK33: Tableau = Tableau { a: &[&[1.0], &[0.25, 0.25]], b: &[1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0] };
static RK4: Tableau =
    Tableau { a: &[&[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]], b: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0] };
static RK4_38: Tableau = Tableau {
    a: &[&[1.0 / 3.0], &[-1.0 / 3.0, 1.0], &[1.0, -1.0, 1.0]],
    b: &[1.0 / 8.0, 3.0 / 8.0, 3.0 / 8.0, 1.0 / 8.0],
};
/// Cash & Karp (1990), doi 10.1145/79505.79507.
static CASH_KARP: Tableau = Tableau {
    a: &[
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[3.0 / 10.0, -9.0 / 10.0, 6.0 / 5.0],
        &[-11.0 / 54.0, 5.0 / 2.0, -70.0 / 27.0, 35.0 / 27.0],
        &[1631.0 / 55296.0, 175.0 / 512.0, 575.0 / 13824.0, 44275.0 / 110_592.0, 253.0 / 4096.0],
    ],
    b: &[37.0 / 378.0, 0.0, 250.0 / 621.0, 125.0 / 594.0, 0.0, 512.0 / 1771.0],
};
/// Fehlberg (1969), NASA TR R-315.
static FEHLBERG: Tableau = Tableau {
    a: &[
        &[1.0 / 4.0],
        &[3.0 / 32.0, 9.0 / 32.0],
        &[1932.0 / 2197.0, -7200.0 / 2197.0, 7296.0 / 2197.0],
        &[439.0 / 216.0, -8.0, 3680.0 / 513.0, -845.0 / 4104.0],
        &[-8.0 / 27.0, 2.0, -3544.0 / 2565.0, 1859.0 / 4104.0, -11.0 / 40.0],
    ],
    b: &[16.0 / 135.0, 0.0, 6656.0 / 12825.0, 28561.0 / 56430.0, -9.0 / 50.0, 2.0 / 55.0],
};
/// Dormand & Prince (1980), doi 10.1016/0771-050X(80)90013-3.
static DOPRI5: Tableau = Tableau {
    a: &[
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
        &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
        &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    ],
    b: &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
};
/// Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, second edition, section II.5.
#[expect(clippy::excessive_precision, reason = "the digits of the source")]
static DOP853: Tableau = Tableau {
    a: &[
        &[5.26001519587677318785587544488e-2],
        &[1.97250569845378994544595329183e-2, 5.91751709536136983633785987549e-2],
        &[2.95875854768068491816892993775e-2, 0.0, 8.87627564304205475450678981324e-2],
        &[
            2.41365134159266685502369798665e-1,
            0.0,
            -8.84549479328286085344864962717e-1,
            9.24834003261792003115737966543e-1,
        ],
        &[
            3.7037037037037037037037037037e-2,
            0.0,
            0.0,
            1.70828608729473871279604482173e-1,
            1.25467687566822425016691814123e-1,
        ],
        &[
            3.7109375e-2,
            0.0,
            0.0,
            1.70252211019544039314978060272e-1,
            6.02165389804559606850219397283e-2,
            -1.7578125e-2,
        ],
        &[
            3.70920001185047927108779319836e-2,
            0.0,
            0.0,
            1.70383925712239993810214054705e-1,
            1.07262030446373284651809199168e-1,
            -1.53194377486244017527936158236e-2,
            8.27378916381402288758473766002e-3,
        ],
        &[
            6.24110958716075717114429577812e-1,
            0.0,
            0.0,
            -3.36089262944694129406857109825,
            -8.68219346841726006818189891453e-1,
            2.75920996994467083049415600797e1,
            2.01540675504778934086186788979e1,
            -4.34898841810699588477366255144e1,
        ],
        &[
            4.77662536438264365890433908527e-1,
            0.0,
            0.0,
            -2.48811461997166764192642586468,
            -5.90290826836842996371446475743e-1,
            2.12300514481811942347288949897e1,
            1.52792336328824235832596922938e1,
            -3.32882109689848629194453265587e1,
            -2.03312017085086261358222928593e-2,
        ],
        &[
            -9.3714243008598732571704021658e-1,
            0.0,
            0.0,
            5.18637242884406370830023853209,
            1.09143734899672957818500254654,
            -8.14978701074692612513997267357,
            -1.85200656599969598641566180701e1,
            2.27394870993505042818970056734e1,
            2.49360555267965238987089396762,
            -3.0467644718982195003823669022,
        ],
        &[
            2.27331014751653820792359768449,
            0.0,
            0.0,
            -1.05344954667372501984066689879e1,
            -2.00087205822486249909675718444,
            -1.79589318631187989172765950534e1,
            2.79488845294199600508499808837e1,
            -2.85899827713502369474065508674,
            -8.87285693353062954433549289258,
            1.23605671757943030647266201528e1,
            6.43392746015763530355970484046e-1,
        ],
    ],
    b: &[
        5.42937341165687622380535766363e-2,
        0.0,
        0.0,
        0.0,
        0.0,
        4.45031289275240888144113950566,
        1.89151789931450038304281599044,
        -5.8012039600105847814672114227,
        3.1116436695781989408891606237e-1,
        -1.52160949662516078558186806805e-1,
        2.01365400804030348374776537501e-1,
        4.47106157277725905176885569043e-2,
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_consistent() {
        for scheme in Scheme::ALL {
            let Some(tableau) = scheme.tableau() else { continue };
            assert_eq!(tableau.a.len() + 1, tableau.b.len(), "{scheme}");
            assert!(tableau.b.len() <= MAX_STAGES, "{scheme}");
            assert!((tableau.b.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{scheme}: the weights sum to 1");
            for (stage, row) in tableau.a.iter().enumerate() {
                assert_eq!(row.len(), stage + 1, "{scheme}: stage {stage} is explicit");
            }
        }
    }

    #[test]
    fn every_name_finds_its_scheme_and_no_other() {
        for scheme in Scheme::ALL {
            for name in scheme.names() {
                assert_eq!(name.parse(), Ok(scheme));
            }
        }
        assert!("hune".parse::<Scheme>().unwrap_err().contains("did you mean `heun`"));
    }
}
