//! Instruments: they watch a run while it goes on, or look at a signal that is there.

use brainmass::any::AnyModel;
use brainmass::observation::{
    BoldSignal, ConvolutionMethod, ConvolutionMode, DoubleExponential, FirstOrderVolterra,
    FunctionalConnectivity, Gamma, GlobalAverage, HrfBold, HrfBoldSettings, HrfConvention, HrfKernel,
    KernelGrid, LeadField, MixtureOfGammas, Modality, Monitor, Norm, ObservationError, Reference,
    SensorNoise, SensorUnit, Sensors, Subsample, TemporalAverage,
};
use brainmass::simulator::Simulator;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;

use crate::arrays::{Matrix, Vector, matrix, optional};
use crate::errors;
use crate::models::Nodes;

/// The settings from which an instrument is made when the time step is known.
enum Kind {
    Average { period: f64 },
    Subsample { period: f64 },
    GlobalAverage { period: f64 },
    Bold { vessels: Box<dyn AnyModel>, period: f64, step: Option<f64>, signal: Option<String> },
    Hrf { kernel: Box<dyn HrfKernel>, settings: HrfBoldSettings },
    Sensors { field: Box<LeadField>, period: Option<f64>, noise: Option<(SensorNoise, u64)> },
    FunctionalConnectivity { from: f64 },
}

/// Makes the instrument of a kind, and gives it to an expression that works for any monitor.
macro_rules! made {
    ($kind:expr, $dt:expr, |$monitor:ident| $result:expr) => {
        match $kind {
            Kind::Average { period } => {
                let $monitor = TemporalAverage::new(*period, $dt)?;
                Ok($result)
            }
            Kind::Subsample { period } => {
                let $monitor = Subsample::new(*period, $dt)?;
                Ok($result)
            }
            Kind::GlobalAverage { period } => {
                let $monitor = GlobalAverage::new(*period, $dt)?;
                Ok($result)
            }
            Kind::Bold { vessels, period, step, signal } => {
                let bold = BoldSignal::driven_every(step.unwrap_or($dt), vessels.clone(), *period, $dt)?;
                let $monitor = match signal {
                    Some(name) => bold.signal(name)?,
                    None => bold,
                };
                Ok($result)
            }
            Kind::Hrf { kernel, settings } => {
                let $monitor = HrfBold::new(kernel.as_ref(), settings.clone(), $dt)?;
                Ok($result)
            }
            Kind::Sensors { field, period, noise } => {
                let sensors = Sensors::new(LeadField::clone(field), period.unwrap_or($dt), $dt)?;
                let $monitor = match noise {
                    Some((noise, seed)) => sensors.with_noise(noise.clone(), *seed)?,
                    None => sensors,
                };
                Ok($result)
            }
            Kind::FunctionalConnectivity { from } => {
                let $monitor = FunctionalConnectivity::new($dt)?.after(*from)?;
                Ok($result)
            }
        }
    };
}

/// An instrument.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Instrument(Kind);

impl Instrument {
    /// Lets the instrument watch a signal of a simulation with steps of `dt` ms.
    pub fn attach(
        &self,
        simulator: Simulator,
        name: &str,
        signal: &str,
        dt: f64,
    ) -> Result<Simulator, ObservationError> {
        made!(&self.0, dt, |monitor| simulator.observe(name, signal, monitor))
    }

    /// Makes the instrument for samples `dt` ms apart.
    fn monitor(&self, dt: f64) -> Result<Box<dyn Monitor>, ObservationError> {
        made!(&self.0, dt, |monitor| Box::new(monitor) as Box<dyn Monitor>)
    }
}

/// Makes a haemodynamic response of a name and its numbers, in the order of the reference.
fn kernel_of(name: &str, numbers: &[f64]) -> PyResult<Box<dyn HrfKernel>> {
    Ok(match (name, numbers) {
        ("first_order_volterra", &[tau_s, tau_f, scaling]) => {
            Box::new(FirstOrderVolterra { tau_s, tau_f, scaling })
        }
        ("gamma", &[tau, n, a]) => Box::new(Gamma { tau, n, a }),
        ("double_exponential", &[tau_1, tau_2, f_1, f_2, amp_1, amp_2, a]) => {
            Box::new(DoubleExponential { tau_1, tau_2, f_1, f_2, amp_1, amp_2, a })
        }
        ("mixture_of_gammas", &[a_1, a_2, l, c]) => Box::new(MixtureOfGammas { a_1, a_2, l, c }),
        _ => {
            return Err(errors::value(format!("there is no response `{name}` of {} numbers", numbers.len())));
        }
    })
}

/// Finds what a name stands for.
fn chosen<T: Copy>(what: &str, name: &str, known: &[(&str, T)]) -> PyResult<T> {
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        errors::value(format!("{what} is `{name}`; it must be one of {}", names.join(", ")))
    })
}

#[pymethods]
impl Instrument {
    /// Creates the mean over each period in ms.
    #[staticmethod]
    fn average(period: f64) -> Self {
        Self(Kind::Average { period })
    }

    /// Creates the last value of each period in ms.
    #[staticmethod]
    fn subsample(period: f64) -> Self {
        Self(Kind::Subsample { period })
    }

    /// Creates the mean of all regions at the end of each period in ms.
    #[staticmethod]
    fn global_average(period: f64) -> Self {
        Self(Kind::GlobalAverage { period })
    }

    /// Creates the BOLD signal of haemodynamics, every `period` ms, driven by means over `step` ms.
    #[staticmethod]
    fn bold(vessels: &Nodes, period: f64, step: Option<f64>, signal: Option<String>) -> Self {
        Self(Kind::Bold { vessels: vessels.copied(), period, step, signal })
    }

    /// Creates the BOLD signal of a haemodynamic response.
    #[staticmethod]
    #[expect(clippy::too_many_arguments, reason = "it is called from one place, by keywords")]
    fn hrf(
        kernel: &str,
        numbers: Vec<f64>,
        period: f64,
        downsample_period: f64,
        duration: f64,
        k_1: f64,
        v_0: f64,
        convention: &str,
        grid: &str,
        mode: &str,
        method: &str,
        history: Option<Matrix>,
    ) -> PyResult<Self> {
        let conventions =
            [("tvb", HrfConvention::TheVirtualBrain), ("brainmass", HrfConvention::PythonPackage)];
        let grids = [("periodic", KernelGrid::Periodic), ("endpoint", KernelGrid::EndpointIncluded)];
        let modes = [
            ("valid", ConvolutionMode::Valid),
            ("same", ConvolutionMode::Same),
            ("full", ConvolutionMode::Full),
        ];
        let methods = [
            ("auto", ConvolutionMethod::Auto),
            ("direct", ConvolutionMethod::Direct),
            ("fft", ConvolutionMethod::Fft),
        ];
        let settings = HrfBoldSettings {
            period,
            downsample_period,
            duration,
            k_1,
            v_0,
            convention: chosen("the convention", convention, &conventions)?,
            grid: chosen("the grid", grid, &grids)?,
            mode: chosen("the mode of convolution", mode, &modes)?,
            method: chosen("the method of convolution", method, &methods)?,
            history: optional(history.as_ref()),
        };
        Ok(Self(Kind::Hrf { kernel: kernel_of(kernel, &numbers)?, settings }))
    }

    /// Creates sensors from their gain, shape (region, sensor).
    #[staticmethod]
    #[expect(clippy::too_many_arguments, reason = "it is called from one place, by keywords")]
    fn sensors(
        modality: &str,
        gain: Matrix,
        gain_unit: &str,
        output_unit: &str,
        dipole_moment: f64,
        reference: Option<&str>,
        normalise: Option<&str>,
        sensor_names: Option<Vec<String>>,
        period: Option<f64>,
        noise_covariance: Option<Matrix>,
        seed: u64,
    ) -> PyResult<Self> {
        let modalities = [("eeg", Modality::Eeg), ("meg", Modality::Meg), ("ieeg", Modality::Ieeg)];
        let units = [
            ("V", SensorUnit::Volt),
            ("mV", SensorUnit::Millivolt),
            ("uV", SensorUnit::Microvolt),
            ("T", SensorUnit::Tesla),
            ("pT", SensorUnit::Picotesla),
            ("fT", SensorUnit::Femtotesla),
        ];
        let modality = chosen("the modality", modality, &modalities)?;
        let gain_unit = chosen("the unit of the gain", gain_unit, &units)?;
        let output_unit = chosen("the unit of the sensors", output_unit, &units)?;
        let norm = normalise
            .map(|name| chosen("the norm", name, &[("l1", Norm::L1), ("l2", Norm::L2)]))
            .transpose()?;
        let field = || -> Result<LeadField, ObservationError> {
            let mut field =
                LeadField::new(modality, matrix(&gain))?.gain_unit(gain_unit)?.output_unit(output_unit)?;
            field = field.dipole_moment(dipole_moment)?;
            if let Some(names) = sensor_names {
                field = field.sensor_names(names)?;
            }
            if let Some(norm) = norm {
                field = field.normalise(norm)?;
            }
            match reference {
                Some("average") => field.reference(Reference::Average),
                Some(name) => field.reference(Reference::Electrode(name.to_owned())),
                None => Ok(field),
            }
        };
        let field = Box::new(field().map_err(errors::value)?);
        let noise = match noise_covariance {
            Some(covariance) => Some((SensorNoise::new(matrix(&covariance)).map_err(errors::value)?, seed)),
            None => None,
        };
        Ok(Self(Kind::Sensors { field, period, noise }))
    }

    /// Creates the correlations of all samples from `from` ms on, given at the end of a run.
    #[staticmethod]
    fn functional_connectivity(from: f64) -> Self {
        Self(Kind::FunctionalConnectivity { from })
    }

    /// Looks at a signal that is there as a whole, shape (time, region), with samples `dt` ms apart. Returns the rows, the time from row to row in ms,
    /// and the unit of the rows.
    fn observe<'py>(
        &self,
        py: Python<'py>,
        signal: Matrix,
        dt: f64,
        unit: &str,
    ) -> PyResult<(Bound<'py, PyArray2<f64>>, f64, String)> {
        let mut monitor = self.monitor(dt).map_err(errors::value)?;
        let signal = matrix(&signal);
        let rows = py.detach(|| monitor.observe(signal.view())).map_err(errors::value)?;
        Ok((rows.into_pyarray(py), monitor.period(), monitor.unit(unit)))
    }

    /// Returns the adjoints of the samples of a signal, given those of the rows that the instrument gives.
    fn vjp<'py>(
        &self,
        py: Python<'py>,
        signal: Matrix,
        adjoint: Matrix,
        dt: f64,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let mut monitor = self.monitor(dt).map_err(errors::value)?;
        let adjoints = monitor.vjp(signal.as_array(), adjoint.as_array()).map_err(errors::value)?;
        Ok(adjoints.into_pyarray(py))
    }
}

/// Samples a haemodynamic response at times in ms.
#[pyfunction]
pub fn hrf_response<'py>(
    py: Python<'py>,
    kernel: &str,
    numbers: Vec<f64>,
    times: Vector,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let response = kernel_of(kernel, &numbers)?.sample(&times.as_array().to_vec()).map_err(errors::value)?;
    Ok(response.into_pyarray(py))
}
