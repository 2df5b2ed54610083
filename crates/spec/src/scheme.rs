//! The integration schemes that a model file may name.

use crate::problem::{Problem, suggestion};
use crate::source::Span;

/// An integration scheme, by its names. What it does is the library's matter, whose own list has the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scheme {
    names: &'static [&'static str],
}

/// The names of each scheme: the one by which it is shown first, then the others by which it is known.
const NAMES: [&[&str]; 16] = [
    &["exp_euler"],
    &["euler"],
    &["symplectic_euler"],
    &["heun", "rk2"],
    &["midpoint"],
    &["ralston2", "ralston"],
    &["rk3"],
    &["heun3"],
    &["ralston3", "rk23", "bs32"],
    &["ssprk33"],
    &["rk4"],
    &["rk4_38"],
    &["cash_karp", "rk45"],
    &["fehlberg", "rkf45"],
    &["dopri5", "rk45_dopri"],
    &["dop853", "dopri8", "rk87_dopri"],
];

/// Names of methods with adaptive steps in other programs, and the scheme here that is closest to each.
const ADAPTIVE: [(&str, &str); 14] = [
    ("rk45", "dopri5"),
    ("ode45", "dopri5"),
    ("dopri", "dopri5"),
    ("dormand_prince", "dopri5"),
    ("tsit5", "dopri5"),
    ("rk23", "rk3"),
    ("ode23", "rk3"),
    ("bosh3", "rk3"),
    ("dop853", "dop853"),
    ("lsoda", "rk4"),
    ("odeint", "rk4"),
    ("bdf", "rk4"),
    ("radau", "rk4"),
    ("adaptive", "dopri5"),
];

impl Scheme {
    /// Heun's scheme of second order, which models have that name no scheme.
    pub const HEUN: Self = Self { names: NAMES[3] };
    /// States advance one after the other, in the order of the derivatives.
    pub const SYMPLECTIC_EULER: Self = Self { names: NAMES[2] };

    /// Every scheme, in the order of the library's list.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        NAMES.into_iter().map(|names| Self { names })
    }

    /// The scheme that has this name among its names.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|scheme| scheme.names.contains(&name))
    }

    /// Returns the scheme that is closest to one that other programs know by this name, and whose steps they adapt, which is done by no scheme here.
    pub fn adaptive_elsewhere(name: &str) -> Option<Self> {
        let lower = name.to_lowercase();
        let found = ADAPTIVE.iter().find(|(known, _)| *known == lower);
        found.and_then(|(_, scheme)| Self::named(scheme))
    }

    /// Returns a warning where a scheme is given by a name under which other programs have a method that adapts its steps.
    pub fn fixed_step_warning(self, name: &str, span: &Span) -> Option<Problem> {
        let is_adaptive = self.name() != name && Self::adaptive_elsewhere(name).is_some();
        is_adaptive.then(|| {
            let scheme = self.name();
            let message =
                format!("`{name}` is {scheme} here, whose steps are fixed: `dt` says how long they are");
            let help =
                format!("say `{scheme}` to be told no more; `brainmass accuracy` finds a step that suffices");
            Problem::new(span, message).help(help)
        })
    }

    /// Says what may be meant by the name of a scheme that there is not.
    pub fn hint(name: &str) -> String {
        match Self::adaptive_elsewhere(name) {
            Some(scheme) => {
                format!("did you mean `{}`? steps are fixed here: `dt` says how long they are", scheme.name())
            }
            None => suggestion(name, "schemes", Self::all().map(Self::name)),
        }
    }

    /// The name by which the scheme is shown.
    pub fn name(self) -> &'static str {
        self.names[0]
    }

    /// All names of the scheme, the one by which it is shown first.
    pub fn names(self) -> &'static [&'static str] {
        self.names
    }
}
