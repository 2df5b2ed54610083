//! The integration schemes that a model file may name.

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

    /// The name by which the scheme is shown.
    pub fn name(self) -> &'static str {
        self.names[0]
    }

    /// All names of the scheme, the one by which it is shown first.
    pub fn names(self) -> &'static [&'static str] {
        self.names
    }
}
