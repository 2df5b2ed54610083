//! The search methods by name: the one table from which files, commands and documents take them.

use super::{CmaEs, DifferentialEvolution, Grad, Lbfgs, Method, NelderMead, ParticleSwarm};
use crate::fit::error::FitError;
use crate::optimiser::{UpdateRule, need};
use brainmass_spec::problem::suggestion;

/// A search method that can be asked for by name.
pub struct MethodEntry {
    /// The name.
    pub name: &'static str,
    /// What the method does, in a line.
    pub doc: &'static str,
    /// Whether the loss must have a gradient.
    pub needs_gradient: bool,
    /// Whether every fitted parameter must have finite bounds.
    pub needs_bounds: bool,
    /// The settings that can be given by key.
    pub settings: &'static [MethodSetting],
    build: fn() -> Method,
}

/// A setting of a search method.
pub struct MethodSetting {
    /// The key in files.
    pub key: &'static str,
    /// What the setting does, in a line.
    pub doc: &'static str,
    /// The value if none is given: a number, or a formula in the number `n` of fitted numbers.
    pub default: &'static str,
    /// Whether only whole numbers are taken.
    pub whole: bool,
    change: fn(&mut Method, f64),
}

impl MethodEntry {
    /// Returns the method with its default settings.
    pub fn build(&self) -> Method {
        (self.build)()
    }

    /// Returns the setting of a key; `None` where the method has none of that name.
    pub fn setting(&self, key: &str) -> Option<&'static MethodSetting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Returns what the method needs in words: `a gradient`, `bounds`, or nothing.
    pub fn needs(&self) -> &'static str {
        match (self.needs_gradient, self.needs_bounds) {
            (true, true) => "a gradient and bounds",
            (true, false) => "a gradient",
            (false, true) => "bounds",
            (false, false) => "",
        }
    }
}

/// The learning rate of a first-order method that is asked for by name alone.
const DEFAULT_RATE: f64 = 0.05;

/// The weight decay of `adamw` that is asked for by name alone.
const DEFAULT_DECAY: f64 = 0.01;

/// All search methods: those that need a gradient first.
pub static METHODS: &[MethodEntry] = &[
    MethodEntry {
        name: "adam",
        doc: "descent along the gradient by Adam",
        needs_gradient: true,
        needs_bounds: false,
        settings: &[RATE, BETA1, BETA2, EPSILON],
        build: || Grad::adam(DEFAULT_RATE).into(),
    },
    MethodEntry {
        name: "adamw",
        doc: "Adam with decoupled weight decay",
        needs_gradient: true,
        needs_bounds: false,
        settings: &[RATE, DECAY, BETA1, BETA2, EPSILON],
        build: || Grad::adamw(DEFAULT_RATE, DEFAULT_DECAY).into(),
    },
    MethodEntry {
        name: "rmsprop",
        doc: "descent along the gradient by RMSprop",
        needs_gradient: true,
        needs_bounds: false,
        settings: &[RATE, SMOOTHING, RMSPROP_MOMENTUM, EPSILON],
        build: || Grad::rmsprop(DEFAULT_RATE).into(),
    },
    MethodEntry {
        name: "sgd",
        doc: "steepest descent with momentum",
        needs_gradient: true,
        needs_bounds: false,
        settings: &[RATE, SGD_MOMENTUM],
        build: || Grad::sgd(DEFAULT_RATE).into(),
    },
    MethodEntry {
        name: "lbfgs",
        doc: "quasi-Newton descent with a line search, for smooth losses",
        needs_gradient: true,
        needs_bounds: false,
        settings: Lbfgs::SETTINGS,
        build: || Lbfgs::default().into(),
    },
    MethodEntry {
        name: "nelder_mead",
        doc: "a simplex that moves downhill, for few parameters",
        needs_gradient: false,
        needs_bounds: false,
        settings: NelderMead::SETTINGS,
        build: || NelderMead::default().into(),
    },
    MethodEntry {
        name: "cma_es",
        doc: "evolution with an adapted covariance matrix",
        needs_gradient: false,
        needs_bounds: false,
        settings: CmaEs::SETTINGS,
        build: || CmaEs::default().into(),
    },
    MethodEntry {
        name: "differential_evolution",
        doc: "evolution by differences of candidates",
        needs_gradient: false,
        needs_bounds: true,
        settings: DifferentialEvolution::SETTINGS,
        build: || DifferentialEvolution::default().into(),
    },
    MethodEntry {
        name: "pso",
        doc: "a swarm of particles drawn to the best places seen",
        needs_gradient: false,
        needs_bounds: true,
        settings: ParticleSwarm::SETTINGS,
        build: || ParticleSwarm::default().into(),
    },
];

/// A row of settings: `setting!(CmaEs, "sigma", "1", real, "...", |settings, value| ...)`.
macro_rules! setting {
    ($method:ident, $key:literal, $default:literal, $kind:ident, $doc:literal, |$settings:ident, $value:ident| $change:expr) => {
        $crate::fit::method::MethodSetting::new(
            $key,
            $doc,
            $default,
            setting!(@whole $kind),
            |method, $value| {
                if let $crate::fit::method::Method::$method($settings) = method {
                    $change;
                }
            },
        )
    };
    (@whole whole) => { true };
    (@whole real) => { false };
}
pub(super) use setting;

impl MethodSetting {
    /// A setting, for the tables beside the methods.
    pub(super) const fn new(
        key: &'static str,
        doc: &'static str,
        default: &'static str,
        whole: bool,
        change: fn(&mut Method, f64),
    ) -> Self {
        Self { key, doc, default, whole, change }
    }
}

const RATE: MethodSetting = setting!(
    Grad,
    "rate",
    "0.05",
    real,
    "learning rate, in the numbers that the transforms start from",
    |grad, value| grad.rate = value
);
const DECAY: MethodSetting = setting!(
    Grad,
    "decay",
    "0.01",
    real,
    "weight decay: the share of each number, times the rate, that every step takes away",
    |grad, value| if let UpdateRule::Adam { decay, .. } = &mut grad.rule {
        *decay = value
    }
);
const BETA1: MethodSetting =
    setting!(Grad, "beta1", "0.9", real, "decay of the running mean of gradients", |grad, value| {
        if let UpdateRule::Adam { beta1, .. } = &mut grad.rule {
            *beta1 = value
        }
    });
const BETA2: MethodSetting = setting!(
    Grad,
    "beta2",
    "0.999",
    real,
    "decay of the running mean of squared gradients",
    |grad, value| if let UpdateRule::Adam { beta2, .. } = &mut grad.rule {
        *beta2 = value
    }
);
const SMOOTHING: MethodSetting = setting!(
    Grad,
    "smoothing",
    "0.99",
    real,
    "decay of the running mean of squared gradients",
    |grad, value| if let UpdateRule::RmsProp { smoothing, .. } = &mut grad.rule {
        *smoothing = value
    }
);
const RMSPROP_MOMENTUM: MethodSetting = setting!(
    Grad,
    "momentum",
    "0",
    real,
    "share of the step before that is added to each step",
    |grad, value| if let UpdateRule::RmsProp { momentum, .. } = &mut grad.rule {
        *momentum = value
    }
);
const SGD_MOMENTUM: MethodSetting = setting!(
    Grad,
    "momentum",
    "0.9",
    real,
    "share of the step before that is added to each step",
    |grad, value| if let UpdateRule::Sgd { momentum, .. } = &mut grad.rule {
        *momentum = value
    }
);
const EPSILON: MethodSetting =
    setting!(Grad, "epsilon", "1e-8", real, "number added to the root of the mean square", |grad, value| {
        match &mut grad.rule {
            UpdateRule::Adam { epsilon, .. } | UpdateRule::RmsProp { epsilon, .. } => *epsilon = value,
            UpdateRule::Sgd { .. } => {}
        }
    });

/// Returns the entry of a name; `grad` is another name of `adam`.
pub(super) fn entry(name: &str) -> Option<&'static MethodEntry> {
    let name = if name == "grad" { "adam" } else { name };
    METHODS.iter().find(|entry| entry.name == name)
}

/// Sets a setting of a method by its key.
pub(super) fn set(method: &mut Method, key: &str, value: f64) -> Result<(), FitError> {
    let entry = method.entry();
    let Some(setting) = entry.setting(key) else {
        let having: Vec<&str> =
            METHODS.iter().filter(|entry| entry.setting(key).is_some()).map(|entry| entry.name).collect();
        let hint = match &having[..] {
            [] => suggestion(key, "settings", entry.settings.iter().map(|setting| setting.key)),
            names => format!("it is one of {}", names.join(", ")),
        };
        return Err(FitError::NoSetting { method: entry.name, key: key.to_owned(), hint });
    };
    // Beyond 2^53 a number of this kind is no longer exact.
    let is_whole = value.fract() == 0.0 && (0.0..9.0e15).contains(&value);
    need(!setting.whole || is_whole, setting.key, value, "a whole number that is not negative is needed")?;
    (setting.change)(method, value);
    Ok(())
}

/// The names of the methods that need no gradient: `nelder_mead, cma_es, ... and pso`.
pub(in crate::fit) fn without_gradient() -> String {
    let names: Vec<&str> =
        METHODS.iter().filter(|entry| !entry.needs_gradient).map(|entry| entry.name).collect();
    match names.split_last() {
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_gives_its_method_and_every_method_its_entry() {
        for entry in METHODS {
            let method = Method::named(entry.name).unwrap();
            assert_eq!((method.name(), method.entry().name), (entry.name, entry.name));
            method.check().unwrap();
        }
        assert_eq!(Method::named("grad"), Method::named("adam"));
        assert_eq!(Method::named("newton"), None);
    }

    #[test]
    fn every_setting_changes_the_method_that_lists_it() {
        for entry in METHODS {
            for (index, setting) in entry.settings.iter().enumerate() {
                let others = &entry.settings[..index];
                assert!(others.iter().all(|other| other.key != setting.key), "{}: twice", setting.key);
                let mut method = entry.build();
                method.set(setting.key, 7.0).unwrap();
                assert_ne!(method, entry.build(), "{}: {}", entry.name, setting.key);
                if let Ok(default) = setting.default.parse() {
                    let mut method = entry.build();
                    method.set(setting.key, default).unwrap();
                    assert_eq!(method, entry.build(), "{}: {}", entry.name, setting.key);
                }
            }
        }
    }

    #[test]
    fn settings_that_there_are_not_name_the_methods_that_have_them() {
        let message = |name: &str, key: &str, value: f64| {
            Method::named(name).unwrap().set(key, value).unwrap_err().to_string()
        };
        assert_eq!(
            message("pso", "rate", 0.1),
            "pso has no setting `rate`: it is one of adam, adamw, rmsprop, sgd"
        );
        assert!(message("lbfgs", "memmory", 3.0).contains("memory"));
        assert_eq!(
            message("cma_es", "candidates", 4.5),
            "candidates is 4.5; a whole number that is not negative is needed"
        );
        assert!(message("cma_es", "candidates", -1.0).starts_with("candidates is -1"));
        assert!(message("cma_es", "candidates", f64::NAN).starts_with("candidates is NaN"));
    }

    /// The table in the documentation of [`Method`] is that of the registry.
    #[test]
    fn the_documented_table_is_the_registry() {
        let documented: Vec<&str> = include_str!("mod.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("/// "))
            .filter(|line| line.starts_with("| `"))
            .collect();
        let rows: Vec<String> = METHODS
            .iter()
            .map(|MethodEntry { name, doc, .. }| format!("| `{name}` | {doc} | "))
            .zip(METHODS.iter().map(MethodEntry::needs))
            .map(|(row, needs)| format!("{row}{needs} |").replace("|  |", "| |"))
            .collect();
        assert_eq!(documented, rows);
    }
}
