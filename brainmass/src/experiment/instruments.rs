//! Instruments by name, and the responses of vessels.

use brainmass_spec::fields::number;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::Value;

use super::array_file;
use super::basics::{chosen, count};
use super::keys::{Key, Keys, MATRIX};
use super::observed::{Observed, Site};
use brainmass_core::info::Described;
use brainmass_core::population::Model as _;
use brainmass_data::io::table::Format;
use brainmass_sim::observation::{
    BoldSignal, DoubleExponential, FirstOrderVolterra, FunctionalConnectivity, Gamma, GlobalAverage, HrfBold,
    HrfBoldSettings, HrfKernel, LeadField, MixtureOfGammas, Modality, Reference, SensorNoise, Sensors,
    Subsample, TemporalAverage,
};
use brainmass_zoo::observation::BalloonWindkessel;

/// An instrument that can watch a run.
pub struct Instrument {
    /// The name.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    /// The keys of the instrument, beside those that every instrument has.
    pub keys: &'static [Key],
    /// Whether it gives a row each `every`, rather than everything at the end of the run.
    pub is_periodic: bool,
    /// Makes the instrument with its period in ms.
    pub make: fn(&Site, f64, &mut Keys, &mut Problems) -> Option<Observed>,
}

/// The instruments by name.
pub static INSTRUMENTS: &[Instrument] = &[
    Instrument {
        name: "average",
        doc: "the mean since the row before",
        keys: &[],
        is_periodic: true,
        make: |site, period, _, problems| {
            site.watching(TemporalAverage::new(period, site.timing.dt), site.nodes, problems)
        },
    },
    Instrument {
        name: "subsample",
        doc: "the value",
        keys: &[],
        is_periodic: true,
        make: |site, period, _, problems| {
            site.watching(Subsample::new(period, site.timing.dt), site.nodes, problems)
        },
    },
    Instrument {
        name: "global_average",
        doc: "the mean of all regions",
        keys: &[],
        is_periodic: true,
        make: |site, period, _, problems| {
            site.watching(GlobalAverage::new(period, site.timing.dt), 1, problems)
        },
    },
    Instrument {
        name: "bold",
        doc: "the signal of the Balloon-Windkessel model",
        keys: &[
            Key::new("preset", "`friston2003`, `stephan2007` or `obata2004`"),
            Key::new("step", "the haemodynamics are driven by means over it; `dt` if not given"),
        ],
        is_periodic: true,
        make: |site, period, keys, problems| {
            let vessels = vessels(keys, site.nodes, problems);
            let step = keys.time("step", problems).unwrap_or(site.timing.dt);
            let (vessels, linear) = vessels?;
            let bold = BoldSignal::driven_every(step, vessels.clone(), period, site.timing.dt);
            let bold = bold.and_then(|bold| if linear { bold.signal("bold_linear") } else { Ok(bold) });
            let mut observed = site.watching(bold, site.nodes, problems)?;
            observed.vessels = Some((vessels, linear));
            Some(observed)
        },
    },
    Instrument {
        name: "hrf",
        doc: "activity convolved with a haemodynamic response",
        keys: &[
            Key::new("kernel", "which response it is; `first_order_volterra` if not given"),
            Key::new("step", "activity is averaged over it first; 4 ms if not given"),
        ],
        is_periodic: true,
        make: |site, period, keys, problems| {
            let kernel = kernel(keys, problems);
            let step = keys.time("step", problems);
            let settings = HrfBoldSettings { period, ..Default::default() };
            let settings = match step {
                Some(downsample_period) => HrfBoldSettings { downsample_period, ..settings },
                None => settings,
            };
            let kernel = kernel?;
            if !site.holds(settings.duration / settings.downsample_period, problems) {
                return None;
            }
            site.watching(HrfBold::new(kernel.as_ref(), settings, site.timing.dt), site.nodes, problems)
        },
    },
    Instrument {
        name: "sensors",
        doc: "EEG, MEG or iEEG",
        keys: &[
            Key::new(
                "gain",
                "a file with a row a region and a column a sensor, whose names are those of the sensors",
            ),
            Key::new("modality", "`eeg` if not given, `meg` or `ieeg`"),
            Key::new("reference", "`average`, or the name of a sensor"),
            Key::new("noise", "the standard deviation of noise on the sensors"),
            Key::new("seed", "seed of that noise; 0 if not given"),
        ],
        is_periodic: true,
        make: |site, period, keys, problems| {
            let (field, noise) = sensors(keys, site, problems)?;
            let channels = field.sensors().len();
            let monitor = Sensors::new(field, period, site.timing.dt).and_then(|monitor| match noise {
                Some((noise, seed)) => monitor.with_noise(noise, seed),
                None => Ok(monitor),
            });
            site.watching(monitor, channels, problems)
        },
    },
    Instrument {
        name: "functional_connectivity",
        doc: "the correlations of the signal, at the end of the run alone",
        keys: &[],
        is_periodic: false,
        make: |site, dt, _, problems| {
            let fc = FunctionalConnectivity::new(dt).and_then(|fc| fc.after(site.timing.transient));
            site.watching(fc, site.nodes, problems)
        },
    },
];

/// A haemodynamic response.
pub struct Kernel {
    /// The name.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    make: fn() -> Box<dyn HrfKernel>,
}

/// The haemodynamic responses by name, the usual one first.
pub static KERNELS: &[Kernel] = &[
    Kernel {
        name: "first_order_volterra",
        doc: "the first-order Volterra kernel of the balloon model, a damped oscillation",
        make: || Box::new(FirstOrderVolterra::default()),
    },
    Kernel { name: "gamma", doc: "a gamma function", make: || Box::new(Gamma::default()) },
    Kernel {
        name: "double_exponential",
        doc: "a difference of two damped oscillations",
        make: || Box::new(DoubleExponential::default()),
    },
    Kernel {
        name: "mixture_of_gammas",
        doc: "a gamma function with an undershoot, which is another one",
        make: || Box::new(MixtureOfGammas::default()),
    },
];

fn kernel(keys: &mut Keys, problems: &mut Problems) -> Option<Box<dyn HrfKernel>> {
    let kernel = match keys.text("kernel", problems) {
        None => &KERNELS[0],
        Some(name) => {
            let found = KERNELS.iter().find(|kernel| kernel.name == name.value);
            if found.is_none() {
                let help = suggestion(&name.value, "kernels", KERNELS.iter().map(|kernel| kernel.name));
                let message = format!("there is no kernel `{}`", name.value);
                problems.push(Problem::new(&name.span, message).help(help));
            }
            found?
        }
    };
    Some((kernel.make)())
}

/// Reads the vessels of each region, and whether their signal is the linear one.
fn vessels(keys: &mut Keys, nodes: usize, problems: &mut Problems) -> Option<(BalloonWindkessel, bool)> {
    let vessels = BalloonWindkessel::new(nodes);
    let Some(preset) = keys.text("preset", problems) else { return Some((vessels, false)) };
    let presets = &BalloonWindkessel::INFO.presets;
    if presets.iter().all(|known| known.name != preset.value) {
        let help = suggestion(&preset.value, "presets", presets.iter().map(|preset| &preset.name));
        let message = format!("BalloonWindkessel has no preset `{}`", preset.value);
        problems.push(Problem::new(&preset.span, message).help(help));
        return None;
    }
    // The coefficients of Obata et al. are those of their own, linear, signal.
    Some((vessels.preset(&preset.value), preset.value == "obata2004"))
}

/// The kinds of sensors by name, the usual one first.
const MODALITIES: [(&str, Modality); 3] =
    [("eeg", Modality::Eeg), ("meg", Modality::Meg), ("ieeg", Modality::Ieeg)];

/// Reads the lead field, and the noise of the sensors with its seed.
fn sensors(
    keys: &mut Keys,
    site: &Site,
    problems: &mut Problems,
) -> Option<(LeadField, Option<(SensorNoise, u64)>)> {
    let [gain, noise, seed] = ["gain", "noise", "seed"].map(|key| keys.take(key, problems));
    let modality = match keys.text("modality", problems) {
        None => Some(MODALITIES[0].1),
        Some(name) => chosen(&name, "modalities", &MODALITIES, problems),
    };
    let reference = keys.text("reference", problems).map(|name| match name.value.as_str() {
        "average" => Reference::Average,
        _ => Reference::Electrode(name.value),
    });
    let noise = noise.map(|node| number(node, problems));
    let seed = match seed {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems)?,
        None => 0,
    };
    let Some(gain) = gain else {
        let problem =
            Problem::new(&site.node.span, "sensors need their `gain`, a row a region and a column a sensor");
        problems.push(problem.help("write for example `gain: {file: gain.npz, array: gain}`"));
        return None;
    };
    let (file, array, format) = match gain.value {
        Value::Map(_) => {
            let mut keys = Keys::open(gain, "the gain", &[&MATRIX], problems);
            let (file, array) = (keys.take("file", problems), keys.text("array", problems));
            let format = array_file::layout(&mut keys, problems);
            keys.finish(problems);
            (file?, array, format)
        }
        _ => (gain, None, Format::default()),
    };
    let gain = array_file::read(file, array.as_ref(), &format, site.context, problems)?;
    let mut values = gain.values;
    let rows = gain.rows.or(gain.names).filter(|names| names.len() == values.nrows());
    if let Some(names) = rows
        && let Some(order) = site.context.order(&names, "the gain", site.nodes, &file.span, problems)?
    {
        values = values.select(ndarray::Axis(0), &order);
    }
    if values.nrows() != site.nodes {
        let (rows, columns) = values.dim();
        let message = format!(
            "the gain is {rows} x {columns}; it needs a row for each of the {} nodes of `{}`, and a column a sensor",
            site.nodes, site.signal
        );
        problems.push(Problem::new(&file.span, message));
        return None;
    }
    let field = LeadField::new(modality?, values).and_then(|field| match gain.columns {
        Some(names) => field.sensor_names(names),
        None => Ok(field),
    });
    let field = field.and_then(|field| match reference {
        Some(reference) => field.reference(reference),
        None => Ok(field),
    });
    let field = site.told(field, problems)?;
    let noise = match noise {
        Some(deviation) => {
            let noise = SensorNoise::independent(deviation?.value, field.sensors().len());
            Some((site.told(noise, problems)?, seed))
        }
        None => None,
    };
    Some((field, noise))
}
