//! The search methods by name: the one table from which files, commands and documents take them.

use std::any::Any;
use std::fmt;

use super::cma_es::CmaEs;
use super::differential_evolution::DifferentialEvolution;
use super::grad::Grad;
use super::lbfgs::Lbfgs;
use super::nelder_mead::NelderMead;
use super::pso::ParticleSwarm;
use super::search::{Search, SearchStart};
use super::setting::{MethodSetting, setting};
use crate::fit::error::FitError;
use crate::optimiser::{InvalidSetting, UpdateRule, need};
use brainmass_spec::problem::suggestion;

/// A search method with its settings.
///
/// [`METHODS`] lists them by name, with their settings and what they need:
///
/// | name | method | needs |
/// |---|---|---|
/// | `adam` | descent along the gradient by Adam | a gradient |
/// | `adamw` | Adam with decoupled weight decay | a gradient |
/// | `rmsprop` | descent along the gradient by RMSprop | a gradient |
/// | `sgd` | steepest descent with momentum | a gradient |
/// | `lbfgs` | quasi-Newton descent with a line search, for smooth losses | a gradient |
/// | `nelder_mead` | a simplex that moves downhill, for few parameters | |
/// | `cma_es` | evolution with an adapted covariance matrix | |
/// | `differential_evolution` | evolution by differences of candidates | bounds |
/// | `pso` | a swarm of particles drawn to the best places seen | bounds |
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is documented where its settings are")]
pub enum Method {
    Grad(Grad),
    Lbfgs(Lbfgs),
    NelderMead(NelderMead),
    CmaEs(CmaEs),
    DifferentialEvolution(DifferentialEvolution),
    ParticleSwarm(ParticleSwarm),
}

impl Method {
    /// Returns the method of a name with its default settings; `None` where none has that name. `grad` is another name of `adam`.
    pub fn named(name: &str) -> Option<Self> {
        entry_of(name).map(MethodEntry::build)
    }

    /// Returns the row of [`METHODS`] that describes this method.
    pub fn entry(&self) -> &'static MethodEntry {
        let name = match self {
            Self::Grad(grad) => grad.name(),
            Self::Lbfgs(_) => "lbfgs",
            Self::NelderMead(_) => "nelder_mead",
            Self::CmaEs(_) => "cma_es",
            Self::DifferentialEvolution(_) => "differential_evolution",
            Self::ParticleSwarm(_) => "pso",
        };
        // A test holds that every name has an entry.
        entry_of(name).unwrap_or(&METHODS[0])
    }

    /// Returns the name of the method, as in [`METHODS`].
    pub fn name(&self) -> &'static str {
        self.entry().name
    }

    /// Returns whether the method needs the gradient of the loss.
    pub fn needs_gradient(&self) -> bool {
        self.entry().needs_gradient
    }

    /// Returns whether the method searches between bounds, which every fitted parameter must have then.
    pub fn needs_bounds(&self) -> bool {
        self.entry().needs_bounds
    }

    /// Checks that every setting is within its range.
    ///
    /// # Errors
    ///
    /// The first setting that is not.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        match self {
            Self::Grad(grad) => grad.check(),
            Self::Lbfgs(lbfgs) => lbfgs.check(),
            Self::NelderMead(simplex) => simplex.check(),
            Self::CmaEs(evolution) => evolution.check(),
            Self::DifferentialEvolution(evolution) => evolution.check(),
            Self::ParticleSwarm(swarm) => swarm.check(),
        }
    }

    /// Sets one of the settings that [`MethodEntry::settings`] lists for this method, by its key, as files give it.
    ///
    /// ```
    /// use brainmass::fit::{CmaEs, Method};
    ///
    /// let mut method = Method::named("cma_es").ok_or("no such method")?;
    /// method.set("candidates", 20.0)?;
    /// assert_eq!(method, CmaEs::default().candidates(20).into());
    /// assert!(method.set("rate", 0.1).unwrap_err().to_string().contains("adam"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The method has no such setting, or a whole number is needed. Ranges are checked by [`Method::check`].
    pub fn set(&mut self, key: &str, value: f64) -> Result<(), FitError> {
        let entry = self.entry();
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
        need(
            !setting.whole || is_whole,
            setting.key,
            value,
            "a whole number that is not negative is needed",
        )?;
        setting.apply(self.settings_mut(), value);
        Ok(())
    }

    /// Returns the settings of the method itself.
    fn settings_mut(&mut self) -> &mut dyn Any {
        match self {
            Self::Grad(grad) => grad,
            Self::Lbfgs(lbfgs) => lbfgs,
            Self::NelderMead(simplex) => simplex,
            Self::CmaEs(evolution) => evolution,
            Self::DifferentialEvolution(evolution) => evolution,
            Self::ParticleSwarm(swarm) => swarm,
        }
    }

    /// Returns the method as it acts in a fit of so many iterations: with the length of its schedule said.
    pub(crate) fn resolved(self, iterations: usize) -> Self {
        match self {
            Self::Grad(grad) => Self::Grad(grad.resolved(iterations)),
            other => other,
        }
    }

    /// Begins a search.
    pub(crate) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        match self {
            Self::Grad(grad) => grad.search(start),
            Self::Lbfgs(lbfgs) => lbfgs.search(start),
            Self::NelderMead(simplex) => simplex.search(start),
            Self::CmaEs(evolution) => evolution.search(start),
            Self::DifferentialEvolution(evolution) => evolution.search(start),
            Self::ParticleSwarm(swarm) => swarm.search(start),
        }
    }

    /// Estimates how many numbers one search over `dimension` numbers keeps; infinite rather than too large to be counted.
    pub(crate) fn memory(&self, dimension: usize) -> f64 {
        let n = dimension as f64;
        match self {
            Self::Grad(_) => 6.0 * n,
            Self::Lbfgs(lbfgs) => lbfgs.memory_of(n),
            Self::NelderMead(_) => 3.0 * (n + 1.0) * n,
            Self::CmaEs(evolution) => evolution.memory_of(n),
            Self::DifferentialEvolution(evolution) => evolution.memory_of(n),
            Self::ParticleSwarm(swarm) => swarm.memory_of(n),
        }
    }
}

macro_rules! methods {
    ($($variant:ident: $settings:ty;)*) => {
        $(impl From<$settings> for Method {
            fn from(settings: $settings) -> Self {
                Self::$variant(settings)
            }
        })*
    };
}

methods! {
    Grad: Grad;
    Lbfgs: Lbfgs;
    NelderMead: NelderMead;
    CmaEs: CmaEs;
    DifferentialEvolution: DifferentialEvolution;
    ParticleSwarm: ParticleSwarm;
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A search method that can be asked for by name.
pub struct MethodEntry {
    /// The name.
    pub name: &'static str,
    /// The search of the method, in a line.
    pub doc: &'static str,
    /// Whether the loss must have a gradient.
    pub needs_gradient: bool,
    /// Whether every fitted parameter must have finite bounds.
    pub needs_bounds: bool,
    /// The settings that can be given by key.
    pub settings: &'static [MethodSetting],
    build: fn() -> Method,
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
        *decay = value;
    }
);
const BETA1: MethodSetting =
    setting!(Grad, "beta1", "0.9", real, "decay of the running mean of gradients", |grad, value| {
        if let UpdateRule::Adam { beta1, .. } = &mut grad.rule {
            *beta1 = value;
        }
    });
const BETA2: MethodSetting = setting!(
    Grad,
    "beta2",
    "0.999",
    real,
    "decay of the running mean of squared gradients",
    |grad, value| if let UpdateRule::Adam { beta2, .. } = &mut grad.rule {
        *beta2 = value;
    }
);
const SMOOTHING: MethodSetting = setting!(
    Grad,
    "smoothing",
    "0.99",
    real,
    "decay of the running mean of squared gradients",
    |grad, value| if let UpdateRule::RmsProp { smoothing, .. } = &mut grad.rule {
        *smoothing = value;
    }
);
const RMSPROP_MOMENTUM: MethodSetting = setting!(
    Grad,
    "momentum",
    "0",
    real,
    "share of the step before that is added to each step",
    |grad, value| if let UpdateRule::RmsProp { momentum, .. } = &mut grad.rule {
        *momentum = value;
    }
);
const SGD_MOMENTUM: MethodSetting = setting!(
    Grad,
    "momentum",
    "0.9",
    real,
    "share of the step before that is added to each step",
    |grad, value| if let UpdateRule::Sgd { momentum, .. } = &mut grad.rule {
        *momentum = value;
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
fn entry_of(name: &str) -> Option<&'static MethodEntry> {
    let name = if name == "grad" { "adam" } else { name };
    METHODS.iter().find(|entry| entry.name == name)
}

/// The names of the methods that need no gradient: `nelder_mead, cma_es, ... and pso`.
pub(crate) fn without_gradient() -> String {
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
        let documented: Vec<&str> = include_str!("registry.rs")
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
