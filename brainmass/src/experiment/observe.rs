//! `observe`: what instruments see of the run.

use std::fmt;
use std::sync::Arc;

use brainmass_spec::fields::{Fields, entries, number, truth};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::values::time;
use brainmass_spec::yaml::{Key, Node, Value};

use super::groups::Scope;
use super::{Timing, array_file, record};
use brainmass_core::info::Described;
use brainmass_core::population::Model as _;
use brainmass_sim::observation::{
    BoldSignal, DoubleExponential, FirstOrderVolterra, FunctionalConnectivity, Gamma, GlobalAverage, HrfBold,
    HrfBoldSettings, HrfKernel, LeadField, MixtureOfGammas, Modality, Monitor, ObservationError, Reference,
    SensorNoise, Sensors, Subsample, TemporalAverage,
};
use brainmass_sim::simulator::Simulator;
use brainmass_zoo::observation::BalloonWindkessel;

/// The instruments by the names that files call them.
const INSTRUMENTS: [&str; 7] =
    ["average", "subsample", "global_average", "bold", "hrf", "sensors", "functional_connectivity"];
const KERNELS: [&str; 4] = ["first_order_volterra", "gamma", "double_exponential", "mixture_of_gammas"];

/// An instrument that watches a signal.
#[derive(Clone)]
pub struct Observed {
    /// What its rows are called.
    pub name: String,
    /// What it watches.
    pub signal: String,
    attach: Arc<dyn Fn(Simulator) -> Simulator + Send + Sync>,
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name, self.signal)
    }
}

impl Observed {
    fn new(name: &str, signal: &str, monitor: impl Monitor + Clone + Sync + 'static) -> Self {
        let (as_named, of) = (name.to_owned(), signal.to_owned());
        let attach =
            move |simulator: Simulator| simulator.observe(as_named.clone(), of.clone(), monitor.clone());
        Self { name: name.to_owned(), signal: signal.to_owned(), attach: Arc::new(attach) }
    }

    /// Lets it watch a simulation.
    pub fn attach(&self, simulator: Simulator) -> Simulator {
        (self.attach)(simulator)
    }
}

/// The instruments of a file; `currents` are the names of projections.
pub fn read(
    fields: &mut Fields,
    scope: Option<&Scope>,
    timing: Option<&Timing>,
    currents: &[String],
    problems: &mut Problems,
) -> Vec<Observed> {
    let Some(node) = fields.take("observe") else { return Vec::new() };
    let (Some(scope), Some(timing)) = (scope, timing) else { return Vec::new() };
    let listed = entries(node, "a mapping with an instrument for each name", problems);
    listed.iter().filter_map(|(key, node)| one(key, node, scope, timing, currents, problems)).collect()
}

fn one(
    key: &Key,
    node: &Node,
    scope: &Scope,
    timing: &Timing,
    currents: &[String],
    problems: &mut Problems,
) -> Option<Observed> {
    let name = Spanned::new(key.text.clone(), key.span.clone());
    record::name(&name, problems);
    let mut fields = Fields::new(node, "the instrument", problems);
    let signal = fields.text("signal", problems);
    if let Some(signal) = &signal {
        record::known(signal, scope, currents, problems);
    } else {
        problems.push(Problem::new(
            fields.span(),
            "an instrument needs the `signal` that it watches, as in `signal: x`",
        ));
    }
    let instrument = instrument(&mut fields, problems);
    let correlated = match fields.take("functional_connectivity") {
        Some(node) => truth(node, problems)?,
        None => false,
    };
    let signal = signal?;
    let reader = Reader { name: &key.text, signal: &signal.value, timing, correlated, node };
    let found = reader.read(&instrument?, &mut fields, nodes(&signal.value, scope), problems);
    fields.finish(problems);
    found
}

fn instrument(fields: &mut Fields, problems: &mut Problems) -> Option<Spanned<String>> {
    let Some(name) = fields.text("instrument", problems) else {
        let problem = Problem::new(fields.span(), "say which `instrument` it is");
        problems.push(problem.label(format!("instruments are {}", INSTRUMENTS.join(", "))));
        return None;
    };
    if !INSTRUMENTS.contains(&name.value.as_str()) {
        let label = suggestion(&name.value, "instruments", INSTRUMENTS);
        problems
            .push(Problem::new(&name.span, format!("there is no instrument `{}`", name.value)).label(label));
        return None;
    }
    Some(name)
}

/// The number of nodes that a signal has.
fn nodes(signal: &str, scope: &Scope) -> usize {
    let listed = scope.list(|info| {
        let inputs = info.inputs.iter().map(|input| input.name);
        info.signal_names().chain(inputs).collect()
    });
    let group = listed.iter().find(|(name, ..)| name == signal).map_or(0, |(_, group, _)| *group);
    scope.members[group].nodes()
}

/// What the keys of an instrument are read for.
struct Reader<'a> {
    name: &'a str,
    signal: &'a str,
    timing: &'a Timing,
    /// Whether its rows are to be correlated.
    correlated: bool,
    node: &'a Node,
}

impl Reader<'_> {
    fn read(
        &self,
        instrument: &Spanned<String>,
        fields: &mut Fields,
        nodes: usize,
        problems: &mut Problems,
    ) -> Option<Observed> {
        let dt = self.timing.dt;
        if instrument.value == "functional_connectivity" {
            let monitor = FunctionalConnectivity::new(dt).and_then(|fc| fc.after(self.timing.transient));
            return self
                .told(monitor.map(|monitor| Observed::new(self.name, self.signal, monitor)), problems);
        }
        let Some(period) = fields.take("every") else {
            let problem = Problem::new(&self.node.span, "say how often it samples");
            problems.push(problem.help("write for example `every: 720 ms`"));
            return None;
        };
        let period = time(period, problems)?;
        match instrument.value.as_str() {
            "average" => self.watching(TemporalAverage::new(period, dt), problems),
            "subsample" => self.watching(Subsample::new(period, dt), problems),
            "global_average" => self.watching(GlobalAverage::new(period, dt), problems),
            "hrf" => {
                let kernel = kernel(fields, problems)?;
                let settings = HrfBoldSettings { period, ..Default::default() };
                let settings = match fields.take("step") {
                    Some(node) => HrfBoldSettings { downsample_period: time(node, problems)?, ..settings },
                    None => settings,
                };
                self.watching(HrfBold::new(kernel.as_ref(), settings, dt), problems)
            }
            "sensors" => {
                let sensors = sensors(fields, self.node, problems)?;
                let monitor = Sensors::new(sensors.0, period, dt).and_then(|monitor| match sensors.1 {
                    Some((noise, seed)) => monitor.with_noise(noise, seed),
                    None => Ok(monitor),
                });
                self.watching(monitor, problems)
            }
            _ => {
                let (vessels, linear) = vessels(fields, nodes, problems)?;
                let step = match fields.take("step") {
                    Some(node) => time(node, problems)?,
                    None => dt,
                };
                let monitor = BoldSignal::driven_every(step, vessels, period, dt);
                self.watching(
                    monitor.and_then(|bold| if linear { bold.signal("bold_linear") } else { Ok(bold) }),
                    problems,
                )
            }
        }
    }

    fn watching<M: Monitor + Clone + Sync + 'static>(
        &self,
        monitor: Result<M, ObservationError>,
        problems: &mut Problems,
    ) -> Option<Observed> {
        let observed = monitor.and_then(|monitor| {
            if !self.correlated {
                return Ok(Observed::new(self.name, self.signal, monitor));
            }
            let fc = FunctionalConnectivity::new(monitor.period())?.after(self.timing.transient)?;
            Ok(Observed::new(self.name, self.signal, monitor.then(fc)?))
        });
        self.told(observed, problems)
    }

    fn told<T>(&self, outcome: Result<T, ObservationError>, problems: &mut Problems) -> Option<T> {
        outcome.map_err(|error| problems.push(Problem::new(&self.node.span, error.to_string()))).ok()
    }
}

/// The vessels of each region, and whether their signal is the linear one.
fn vessels(fields: &mut Fields, nodes: usize, problems: &mut Problems) -> Option<(BalloonWindkessel, bool)> {
    let vessels = BalloonWindkessel::new(nodes);
    let Some(preset) = fields.text("preset", problems) else { return Some((vessels, false)) };
    let presets = BalloonWindkessel::INFO.presets;
    if presets.iter().all(|known| known.name != preset.value) {
        let label = suggestion(&preset.value, "presets", presets.iter().map(|preset| preset.name));
        let message = format!("BalloonWindkessel has no preset `{}`", preset.value);
        problems.push(Problem::new(&preset.span, message).label(label));
        return None;
    }
    // The coefficients of Obata et al. are those of their own, linear, signal.
    Some((vessels.preset(&preset.value), preset.value == "obata2004"))
}

fn kernel(fields: &mut Fields, problems: &mut Problems) -> Option<Box<dyn HrfKernel>> {
    let Some(name) = fields.text("kernel", problems) else {
        return Some(Box::new(FirstOrderVolterra::default()));
    };
    Some(match name.value.as_str() {
        "first_order_volterra" => Box::new(FirstOrderVolterra::default()),
        "gamma" => Box::new(Gamma::default()),
        "double_exponential" => Box::new(DoubleExponential::default()),
        "mixture_of_gammas" => Box::new(MixtureOfGammas::default()),
        other => {
            let label = suggestion(other, "kernels", KERNELS);
            problems.push(Problem::new(&name.span, format!("there is no kernel `{other}`")).label(label));
            return None;
        }
    })
}

/// The lead field, with noise and its seed.
fn sensors(
    fields: &mut Fields,
    node: &Node,
    problems: &mut Problems,
) -> Option<(LeadField, Option<(SensorNoise, u64)>)> {
    let modality = match fields.text("modality", problems) {
        None => Modality::Eeg,
        Some(name) => match name.value.as_str() {
            "eeg" => Modality::Eeg,
            "meg" => Modality::Meg,
            "ieeg" => Modality::Ieeg,
            other => {
                let label = suggestion(other, "modalities", ["eeg", "meg", "ieeg"]);
                problems
                    .push(Problem::new(&name.span, format!("there is no modality `{other}`")).label(label));
                return None;
            }
        },
    };
    let reference = fields.text("reference", problems).map(|name| match name.value.as_str() {
        "average" => Reference::Average,
        _ => Reference::Electrode(name.value),
    });
    let noise = fields.take("noise").map(|node| number(node, problems));
    let seed = match fields.take("seed") {
        Some(node) => super::numbers::count(node, "the seed", 0..=u64::MAX, problems)?,
        None => 0,
    };
    let Some(gain) = fields.take("gain") else {
        let problem =
            Problem::new(&node.span, "sensors need their `gain`, a row a region and a column a sensor");
        problems.push(problem.help("write for example `gain: {file: gain.npz, array: gain}`"));
        return None;
    };
    let gain = match gain.value {
        Value::Map(_) => {
            let mut fields = Fields::new(gain, "the gain", problems);
            let (file, array) = (fields.take("file"), fields.text("array", problems));
            fields.finish(problems);
            array_file::read(file?, array.as_ref(), problems)?
        }
        _ => array_file::read(gain, None, problems)?,
    };
    let made = LeadField::new(modality, gain).and_then(|field| match reference {
        Some(reference) => field.reference(reference),
        None => Ok(field),
    });
    let field = made.map_err(|error| problems.push(Problem::new(&node.span, error.to_string()))).ok()?;
    let noise = match noise {
        Some(deviation) => {
            let noise = SensorNoise::independent(deviation?.value, field.sensors().len());
            Some(noise.map_err(|error| problems.push(Problem::new(&node.span, error.to_string()))).ok()?)
        }
        None => None,
    };
    Some((field, noise.map(|noise| (noise, seed))))
}
