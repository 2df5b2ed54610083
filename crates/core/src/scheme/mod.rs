//! Integration schemes: which there are, and what is known of each.
//!
//! A scheme is one file of this folder and one row of the table below. The file says its names, its order, how it treats noise, and how it
//! makes a step; the row gives the scheme its variant of [`Scheme`] and the sentence by which it is listed. The explicit Runge-Kutta schemes
//! share one engine, the module `runge_kutta`: their files hold a tableau and no code.
//!
//! Steps are written over the equations of one node or node block, see the modules `equations` and `step`. The loops over all nodes are in
//! [`engine`](crate::engine).

mod description;
pub(crate) mod equations;
mod exp_euler;
pub(crate) mod runge_kutta;
pub(crate) mod step;
mod symplectic_euler;
pub(crate) mod tableau;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use description::{Family, SchemeInfo};
use euler::Euler;
use exp_euler::ExponentialEuler;
use heun::Heun;
use runge_kutta::RungeKutta;
use step::MethodJob;
use symplectic_euler::SymplecticEuler;

pub use description::NoiseRule;
pub(crate) use runge_kutta::Stages;

/// Makes the list of schemes: a row is the sentence that describes the scheme, its variant, and the module that holds it.
macro_rules! schemes {
    ($count:literal: $(#[doc = $doc:literal] $variant:ident = $module:ident;)*) => {
        /// An integration scheme: how a step follows from the rates of change.
        ///
        /// # What is held over a step
        ///
        /// Inputs, the coupling of a network and delayed values are held over a step by every scheme: a step from t to t + dt computes with
        /// their values at t, so that a run driven by them converges with order 1 whatever the scheme. (The Virtual Brain does the same.) The
        /// interaction inside a model, such as that of `KuramotoNetwork`, is held over a step by the schemes of one stage ([`ExpEuler`],
        /// [`Euler`], [`SymplecticEuler`]) and evaluated at every stage by the others, which keep their order.
        ///
        /// # Noise
        ///
        /// White noise on a state, `model.noise_x(sigma)` with sigma in state units per sqrt(ms), adds `sigma*sqrt(dt)*xi` to each step, `xi`
        /// standard normal and independent from step to step, node to node and state to state. It is additive, sigma being the same whatever
        /// the state, so that the readings of Ito and of Stratonovich are one and the same equation, `dx = f dt + sigma dW`. (Noise that the
        /// model multiplies by its state comes in through a port: `brainmass::noise::WhiteNoise`, whose page says which reading
        /// each scheme takes.)
        ///
        /// | scheme | with noise it is | weak order | strong order |
        /// | --- | --- | --- | --- |
        /// | [`Euler`] | the Euler-Maruyama scheme | 1 | 1 |
        /// | [`ExpEuler`] | exponential Euler with the increment added after the step | 1 | 1 |
        /// | [`SymplecticEuler`] | symplectic Euler with the increment of a state added in its turn | 1 | 1 |
        /// | [`Heun`] | the stochastic Heun scheme: the predictor sees the increment too | 2 | 1 |
        /// | others | a Runge-Kutta step without noise, and the increment after it | 1 | 1 |
        ///
        /// The orders are those for additive noise (Kloeden & Platen 1992, Numerical Solution of Stochastic Differential Equations, sections
        /// 10.2, 14.1 and 15.1). Bounds are applied after the noise.
        ///
        /// [`ExpEuler`]: Scheme::ExpEuler
        /// [`Euler`]: Scheme::Euler
        /// [`SymplecticEuler`]: Scheme::SymplecticEuler
        /// [`Heun`]: Scheme::Heun
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Scheme {
            $(#[doc = $doc] $variant,)*
        }

        impl Scheme {
            /// Every scheme, in the order of the documentation.
            pub const ALL: [Self; $count] = [$(Self::$variant),*];

            fn row(self) -> (&'static SchemeInfo, &'static str) {
                match self {
                    $(Self::$variant => (&$module::SCHEME, $doc),)*
                }
            }
        }
    };
}

mod cash_karp;
mod dop853;
mod dopri5;
mod euler;
mod fehlberg;
mod heun;
mod heun3;
mod midpoint;
mod ralston2;
mod ralston3;
mod rk3;
mod rk4;
mod rk4_38;
mod ssprk33;

schemes! { 16:
    #[doc = "Exponential Euler, `x + dt exprel(dt J) f` with J the diagonal of the Jacobian: exact for a linear decay without noise. Order 1."]
    ExpEuler = exp_euler;
    #[doc = "Euler's scheme, `x + dt f`. Order 1."]
    Euler = euler;
    #[doc = "Symplectic Euler: states advance one after the other, each with those already advanced. Order 1; keeps the energy of oscillators."]
    SymplecticEuler = symplectic_euler;
    #[doc = "The explicit trapezoid rule, which the field calls Heun's scheme (`rk2` of the Python package). Order 2."]
    Heun = heun;
    #[doc = "The explicit midpoint rule. Order 2."]
    Midpoint = midpoint;
    #[doc = "Ralston's scheme of second order, which has the smallest error bound of its kind."]
    Ralston2 = ralston2;
    #[doc = "Kutta's scheme of third order."]
    Rk3 = rk3;
    #[doc = "Heun's scheme of third order (`heun` of the Python package)."]
    Heun3 = heun3;
    #[doc = "Ralston's scheme of third order, which is also that of Bogacki and Shampine without its error estimate."]
    Ralston3 = ralston3;
    #[doc = "The strong-stability-preserving scheme of Shu and Osher. Order 3."]
    Ssprk33 = ssprk33;
    #[doc = "The classical Runge-Kutta scheme. Order 4."]
    Rk4 = rk4;
    #[doc = "Kutta's 3/8 rule. Order 4."]
    Rk4_38 = rk4_38;
    #[doc = "The fifth-order result of Cash and Karp's pair."]
    CashKarp = cash_karp;
    #[doc = "The fifth-order result of Fehlberg's pair."]
    Fehlberg = fehlberg;
    #[doc = "The fifth-order result of Dormand and Prince's pair."]
    Dopri5 = dopri5;
    #[doc = "The eighth-order result of Dormand and Prince's scheme DOP853."]
    Dop853 = dop853;
}

impl Scheme {
    fn info(self) -> &'static SchemeInfo {
        self.row().0
    }

    /// The name by which the scheme is chosen in files and on the command line.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// All names of the scheme, the one by which it is shown first.
    pub fn names(self) -> &'static [&'static str] {
        self.info().names
    }

    /// One sentence that says what the scheme is.
    pub fn doc(self) -> &'static str {
        self.row().1
    }

    /// The order of convergence without noise.
    pub fn order(self) -> usize {
        self.info().order
    }

    /// The place at which the white noise on states enters a step.
    pub fn noise_rule(self) -> NoiseRule {
        self.info().noise
    }

    /// Does work by the method of the scheme. Work is compiled once for each family, not for each scheme.
    pub(crate) fn with_method<J: MethodJob>(self, job: J) -> J::Output {
        match self.info().family {
            Family::Heun(tableau) => job.run::<Heun>(Stages { tableau, noise: self.noise_rule() }),
            _ => self.with_shared_method(job),
        }
    }

    /// Does work by the method of the scheme, and by that of all explicit Runge-Kutta schemes for Heun's: the results are the same, and what
    /// gains nothing from known coefficients, such as going back through a step, need not be compiled twice.
    pub(crate) fn with_shared_method<J: MethodJob>(self, job: J) -> J::Output {
        match self.info().family {
            Family::ExponentialEuler => job.run::<ExponentialEuler>(()),
            Family::Euler => job.run::<Euler>(()),
            Family::SymplecticEuler => job.run::<SymplecticEuler>(()),
            Family::Heun(tableau) | Family::RungeKutta(tableau) => {
                job.run::<RungeKutta>(Stages { tableau, noise: self.noise_rule() })
            }
        }
    }

    /// Whether the scheme reads [`Equations::factor`](equations::Equations::factor).
    pub(crate) fn needs_factors(self) -> bool {
        matches!(self.info().family, Family::ExponentialEuler)
    }

    /// The stages of a scheme that evaluates the rates more than once in a step, so that an interaction inside a model has to be evaluated
    /// with them; `None` for a scheme of one stage.
    pub(crate) fn stages(self) -> Option<Stages> {
        match self.info().family {
            Family::ExponentialEuler | Family::Euler | Family::SymplecticEuler => None,
            Family::Heun(tableau) | Family::RungeKutta(tableau) => {
                Some(Stages { tableau, noise: self.noise_rule() })
            }
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scheme {
    type Err = String;

    /// Finds a scheme by any of its names; the error says which names there are, or which one may have been meant.
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.names().contains(&text));
        found.ok_or_else(|| {
            format!("there is no scheme `{text}`: {}", brainmass_spec::scheme::Scheme::hint(text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::tableau::MAX_STAGES;
    use super::*;

    #[test]
    fn tableaus_are_explicit_and_their_weights_sum_to_one() {
        for scheme in Scheme::ALL {
            let Some(Stages { tableau, .. }) = scheme.stages() else { continue };
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

    #[test]
    fn every_scheme_is_described_by_a_sentence() {
        for scheme in Scheme::ALL {
            let doc = scheme.doc();
            assert!(doc.ends_with('.') && doc.starts_with(char::is_uppercase), "{scheme}: {doc}");
        }
    }
}
