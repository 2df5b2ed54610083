//! Noise processes by name.

use brainmass_spec::fields::{number, text};
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::values::finite_in_unit;
use brainmass_spec::yaml::Node;

use super::basics::{PerNode, entry, named_unit};
use super::context::Context;
use super::keys::{Key, Keys, NOISE};
use super::numbers::{matrix, per_node};
use super::sizes::pairs_fit;
use brainmass_core::quantity::Values;
use brainmass_sim::noise::{BrownianNoise, ColoredNoise, GaussianNoise, OuProcess, Process, WhiteNoise};

/// A noise process that can drive a port.
pub struct NamedProcess {
    /// The name.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    /// The keys of the process, beside those that every process has.
    pub keys: &'static [Key],
    /// An example, in YAML.
    pub example: &'static str,
    /// The unit of its sigma, from that of the port.
    sigma: fn(&NamedUnit) -> NamedUnit,
    make: fn(Values, &mut Numbers) -> Option<Process>,
}

/// Reads the numbers of a process.
struct Numbers<'r, 'n> {
    keys: &'r mut Keys<'n>,
    port: &'r PerNode<'r>,
    context: &'r Context<'r>,
    problems: &'r mut Problems,
}

impl Numbers<'_, '_> {
    /// Takes one value, or one a node.
    fn values(&mut self, name: &'static str, unit: &str) -> Option<Values> {
        let node = self.keys.take(name, self.problems)?;
        let wanted = PerNode { name, unit: named_unit(unit), nodes: self.port.nodes };
        per_node(node, &wanted, self.context, self.problems)
    }

    /// Takes one value, or one a node, in the unit of the port or one that is made of it.
    fn port_values(&mut self, name: &'static str, unit: impl Fn(&NamedUnit) -> NamedUnit) -> Option<Values> {
        let node = self.keys.take(name, self.problems)?;
        let wanted = PerNode { name, unit: unit(&self.port.unit), nodes: self.port.nodes };
        per_node(node, &wanted, self.context, self.problems)
    }

    fn needed<T>(&mut self, name: &'static str, found: Option<T>, example: &str) -> Option<T> {
        if found.is_none() && !self.is_given(name) {
            let problem = Problem::new(self.keys.span(), format!("there is no `{name}` in the noise"));
            self.problems.push(problem.help(format!("write for example `{example}`")));
        }
        found
    }

    fn is_given(&self, name: &str) -> bool {
        self.keys.had(name)
    }

    /// Takes the lowest frequency, and gives it to a coloured noise.
    fn lowest(&mut self, noise: ColoredNoise) -> Process {
        let lowest = self.keys.take("lowest", self.problems);
        match lowest.and_then(|node| finite_in_unit(node, &named_unit("Hz"), self.problems)) {
            Some(lowest) => noise.lowest(lowest).into(),
            None => noise.into(),
        }
    }
}

const LOWEST: Key = Key::new("lowest", "the frequency below which the spectrum is flat");

/// The processes by name.
pub static PROCESSES: &[NamedProcess] = &[
    NamedProcess {
        name: "ornstein_uhlenbeck",
        doc: "exponentially correlated in time; `sigma` is its standard deviation",
        keys: &[
            Key::new("tau", "the time over which it is correlated, one value or one a node"),
            Key::new("mean", "its mean, one value or one a node; 0 if not given"),
        ],
        example: "{noise: ornstein_uhlenbeck, sigma: 0.1, tau: 5 ms, mean: 0}",
        sigma: NamedUnit::clone,
        make: |sigma, numbers| {
            let tau = numbers.values("tau", "ms");
            let (tau, mean) =
                (numbers.needed("tau", tau, "tau: 5 ms"), numbers.port_values("mean", NamedUnit::clone));
            let process = OuProcess::new(sigma, tau?);
            Some(match mean {
                Some(mean) => process.mean(mean).into(),
                None => process.into(),
            })
        },
    },
    NamedProcess {
        name: "pink",
        doc: "with a spectrum of 1/f; `sigma` is its standard deviation",
        keys: &[LOWEST],
        example: "{noise: pink, sigma: 0.1, lowest: 1 Hz}",
        sigma: NamedUnit::clone,
        make: |sigma, numbers| Some(numbers.lowest(ColoredNoise::pink(sigma))),
    },
    NamedProcess {
        name: "blue",
        doc: "with a spectrum of f",
        keys: &[LOWEST],
        example: "{noise: blue, sigma: 0.1}",
        sigma: NamedUnit::clone,
        make: |sigma, numbers| Some(numbers.lowest(ColoredNoise::blue(sigma))),
    },
    NamedProcess {
        name: "violet",
        doc: "with a spectrum of f^2",
        keys: &[LOWEST],
        example: "{noise: violet, sigma: 0.1}",
        sigma: NamedUnit::clone,
        make: |sigma, numbers| Some(numbers.lowest(ColoredNoise::violet(sigma))),
    },
    NamedProcess {
        name: "colored",
        doc: "with a spectrum of 1/f^beta",
        keys: &[Key::new("beta", "the exponent of the spectrum"), LOWEST],
        example: "{noise: colored, sigma: 0.1, beta: 1.5}",
        sigma: NamedUnit::clone,
        make: |sigma, numbers| {
            let beta = numbers.keys.take("beta", numbers.problems);
            let beta = beta.and_then(|node| number(node, numbers.problems));
            let beta = numbers.needed("beta", beta, "beta: 1.5");
            Some(numbers.lowest(ColoredNoise::new(beta?.value, sigma)))
        },
    },
    NamedProcess {
        name: "brownian",
        doc: "a Wiener path, whose standard deviation grows as `sigma` times the root of the time in ms",
        keys: &[],
        example: "{noise: brownian, sigma: 0.1}",
        sigma: NamedUnit::per_root_ms,
        make: |sigma, _| Some(BrownianNoise::new(sigma).into()),
    },
    NamedProcess {
        name: "white",
        doc: "white noise, whatever the time step: `sigma` is an intensity, per root of a ms",
        keys: &[],
        example: "{noise: white, sigma: 0.1}",
        sigma: NamedUnit::times_root_ms,
        make: |sigma, _| Some(WhiteNoise::new(sigma).into()),
    },
    NamedProcess {
        name: "gaussian",
        doc: "a number in each step, independent of the others, of standard deviation `sigma`",
        keys: &[],
        example: "{noise: gaussian, sigma: 0.1}",
        sigma: NamedUnit::clone,
        make: |sigma, _| Some(GaussianNoise::new(sigma).into()),
    },
];

/// Reads `{noise: ornstein_uhlenbeck, sigma: 0.1, tau: 5 ms}`.
pub fn read(node: &Node, wanted: &PerNode, context: &Context, problems: &mut Problems) -> Option<Process> {
    let named = entry(node, "noise").and_then(|node| text(node, problems))?;
    let Some(process) = PROCESSES.iter().find(|process| process.name == named.value) else {
        let help = suggestion(&named.value, "processes", PROCESSES.iter().map(|process| process.name));
        problems.push(Problem::new(&named.span, format!("there is no noise `{}`", named.value)).help(help));
        return None;
    };
    let before = problems.len();
    let mut keys = Keys::open(node, "the noise", &[process.keys, &NOISE], problems);
    keys.take("noise", problems);
    let covariance = keys.take("covariance", problems);
    let shape = (wanted.nodes, wanted.nodes);
    let covariance = covariance.filter(|node| pairs_fit(shape, node, context, problems));
    let covariance = covariance.and_then(|node| matrix(node, ("covariances", "1"), shape, context, problems));
    let mut numbers = Numbers { keys: &mut keys, port: wanted, context, problems };
    let sigma = numbers.port_values("sigma", process.sigma);
    let sigma = numbers.needed("sigma", sigma, "sigma: 0.1");
    // The other keys are looked at even where there is no size.
    let made = (process.make)(sigma.unwrap_or(Values::Scalar(0.0)), &mut numbers);
    keys.finish(problems);
    let made = made.filter(|_| problems.len() == before)?;
    let Some(covariance) = covariance else { return Some(made) };
    Some(match made {
        Process::OrnsteinUhlenbeck(process) => process.covariance(covariance).into(),
        Process::Colored(process) => process.covariance(covariance).into(),
        Process::Brownian(process) => process.covariance(covariance).into(),
        Process::White(process) => process.covariance(covariance).into(),
        Process::Gaussian(process) => process.covariance(covariance).into(),
    })
}
