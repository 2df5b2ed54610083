//! Settings of search methods by key.

use std::any::Any;

/// A setting of a search method.
pub struct MethodSetting {
    /// The key in files.
    pub key: &'static str,
    /// The effect of the setting, in a line.
    pub doc: &'static str,
    /// The value if none is given: a number, or a formula in the number `n` of fitted numbers.
    pub default: &'static str,
    /// Whether only whole numbers are taken.
    pub whole: bool,
    change: fn(&mut dyn Any, f64),
}

impl MethodSetting {
    /// Describes a setting, for the tables beside the methods; `change` sets it in a method of the type that the table belongs to.
    pub(super) const fn new(
        key: &'static str,
        doc: &'static str,
        default: &'static str,
        whole: bool,
        change: fn(&mut dyn Any, f64),
    ) -> Self {
        Self { key, doc, default, whole, change }
    }

    /// Changes the setting of a method.
    pub(super) fn apply(&self, method: &mut dyn Any, value: f64) {
        (self.change)(method, value);
    }
}

/// Makes a row of settings: `setting!(CmaEs, "sigma", "1", real, "...", |settings, value| ...)`.
macro_rules! setting {
    ($method:ident, $key:literal, $default:literal, $kind:ident, $doc:literal, |$settings:ident, $value:ident| $change:expr) => {
        $crate::fit::method::setting::MethodSetting::new(
            $key,
            $doc,
            $default,
            setting!(@whole $kind),
            |method, $value| {
                if let Some($settings) = method.downcast_mut::<$method>() {
                    $change;
                }
            },
        )
    };
    (@whole whole) => { true };
    (@whole real) => { false };
}
pub(super) use setting;
