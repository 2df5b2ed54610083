//! The functions of the language.

use crate::graph::Unary;

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// Takes and gives a pure number.
    Pure(Unary),
    /// `sinh`, by way of `expm1`.
    Sinh,
    /// `cosh`.
    Cosh,
    /// `tan`.
    Tan,
    /// Square root, of a unit too.
    Sqrt,
    /// Cube root, of a unit too.
    Cbrt,
    /// The angle of a point, from two quantities of one unit.
    Atan2,
    /// 1 where a quantity is positive, else 0.
    Heaviside,
    /// Magnitude, in the argument's unit.
    Abs,
    /// Sign of a quantity, a pure number.
    Sign,
    /// The smaller of two.
    Min,
    /// The larger of two.
    Max,
    /// The first, moved between the other two.
    Clip,
    /// The second where the first holds, else the third.
    Where,
    /// A state some time ago.
    Delay,
    /// The derivative of the first by the second.
    Diff,
}

/// Every function: its name, its arguments for messages, what it computes.
#[rustfmt::skip]
pub const BUILTINS: [(&str, &[&str], Builtin); 33] = [
    ("exp",     &["x"], Builtin::Pure(Unary::Exp)),
    ("expm1",   &["x"], Builtin::Pure(Unary::Expm1)),
    ("log",     &["x"], Builtin::Pure(Unary::Ln)),
    ("log10",   &["x"], Builtin::Pure(Unary::Log10)),
    ("log1p",   &["x"], Builtin::Pure(Unary::Ln1p)),
    ("sqrt",    &["x"], Builtin::Sqrt),
    ("cbrt",    &["x"], Builtin::Cbrt),
    ("sin",     &["x"], Builtin::Pure(Unary::Sin)),
    ("cos",     &["x"], Builtin::Pure(Unary::Cos)),
    ("tan",     &["x"], Builtin::Tan),
    ("asin",    &["x"], Builtin::Pure(Unary::Asin)),
    ("acos",    &["x"], Builtin::Pure(Unary::Acos)),
    ("atan",    &["x"], Builtin::Pure(Unary::Atan)),
    ("atan2",   &["y", "x"], Builtin::Atan2),
    ("sinh",    &["x"], Builtin::Sinh),
    ("cosh",    &["x"], Builtin::Cosh),
    ("tanh",    &["x"], Builtin::Pure(Unary::Tanh)),
    ("erf",     &["x"], Builtin::Pure(Unary::Erf)),
    ("erfc",    &["x"], Builtin::Pure(Unary::Erfc)),
    ("erfcx",   &["x"], Builtin::Pure(Unary::Erfcx)),
    ("siegert", &["x"], Builtin::Pure(Unary::Siegert)),
    ("sigmoid", &["x"], Builtin::Pure(Unary::Sigmoid)),
    ("exprel",  &["x"], Builtin::Pure(Unary::Exprel(0))),
    ("floor",   &["x"], Builtin::Pure(Unary::Floor)),
    ("abs",     &["x"], Builtin::Abs),
    ("sign",    &["x"], Builtin::Sign),
    ("heaviside", &["x"], Builtin::Heaviside),
    ("min",     &["a", "b"], Builtin::Min),
    ("max",     &["a", "b"], Builtin::Max),
    ("clip",    &["x", "low", "high"], Builtin::Clip),
    ("where",   &["condition", "yes", "no"], Builtin::Where),
    ("delay",   &["state", "duration"], Builtin::Delay),
    ("diff",    &["expression", "name"], Builtin::Diff),
];

/// Names that an author cannot give: functions, operators, constants.
pub fn is_reserved(name: &str) -> bool {
    matches!(name, "pi" | "and" | "or" | "not") || BUILTINS.iter().any(|(known, ..)| *known == name)
}

/// A function by its name.
pub fn find(name: &str) -> Option<(&'static [&'static str], Builtin)> {
    BUILTINS.iter().find(|(known, ..)| *known == name).map(|(_, arguments, builtin)| (*arguments, *builtin))
}

/// The name here of a function that other languages call otherwise.
pub fn usual_name(other: &str) -> Option<&'static str> {
    let names = [
        ("ln", "log"),
        ("arcsin", "asin"),
        ("arccos", "acos"),
        ("arctan", "atan"),
        ("arctan2", "atan2"),
        ("fabs", "abs"),
        ("sgn", "sign"),
        ("minimum", "min"),
        ("maximum", "max"),
        ("fmin", "min"),
        ("fmax", "max"),
        ("logistic", "sigmoid"),
        ("expit", "sigmoid"),
        ("step", "heaviside"),
    ];
    let name = names.iter().find(|(theirs, _)| *theirs == other)?.1;
    find(name).map(|_| name)
}

/// The names of all functions, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|(name, ..)| *name)
}
