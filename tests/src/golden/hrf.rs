//! HRF kernels and BOLD by convolution.

use brainmass::observation::{
    ConvolutionMethod, ConvolutionMode, DoubleExponential, FirstOrderVolterra, Gamma, HrfBold,
    HrfBoldSettings, HrfConvention, HrfKernel, KernelGrid, MixtureOfGammas, Monitor, ObservationError,
};
use serde_json::Value;

use super::Outcome;
use super::read::{flat, number, numbers, outcome, rows};

/// `hrf_kernel`: a kernel on a grid.
pub fn kernel(case: &Value) -> Outcome {
    let Some(kernel) = kernel_of(case) else {
        return Outcome::Skipped(format!("unknown kernel {}", case["kernel"]));
    };
    outcome(|deviation| {
        let actual = kernel.sample(&numbers(&case["t"]["value"]))?;
        deviation.add("output", &numbers(&case["output"]), &actual);
        Ok::<_, ObservationError>(())
    })
}

/// `hrf_bold`: a run through a kernel. The cases sample the kernel on a grid with its end, a known defect.
pub fn bold(case: &Value) -> Outcome {
    let Some(kernel) = kernel_of(case) else {
        return Outcome::Skipped(format!("unknown kernel {}", case["kernel"]));
    };
    let mode = match case["convolution_mode"].as_str() {
        Some("full") => ConvolutionMode::Full,
        Some("same") => ConvolutionMode::Same,
        _ => ConvolutionMode::Valid,
    };
    let fft = case["method"] == "fft";
    let settings = HrfBoldSettings {
        period: number(&case["period_ms"]),
        downsample_period: number(&case["downsample_period_ms"]),
        duration: number(&case["kernel_duration_ms"]),
        k_1: number(&case["k_1"]),
        v_0: number(&case["V_0"]),
        convention: HrfConvention::PythonPackage,
        grid: KernelGrid::EndpointIncluded,
        mode,
        method: if fft { ConvolutionMethod::Fft } else { ConvolutionMethod::Direct },
        history: case["history"].is_array().then(|| rows(&case["history"])),
    };
    outcome(|deviation| {
        let mut bold = HrfBold::new(kernel.as_ref(), settings, number(&case["dt_ms"]))?;
        let taps = bold.kernel().len() as f64;
        deviation.add("n_kernel_samples", &numbers(&case["n_kernel_samples"]), &[taps]);
        let actual = bold.observe(rows(&case["signal"]).view())?;
        deviation.add("output", &numbers(&case["output"]), &flat(&actual));
        Ok::<_, ObservationError>(())
    })
}

/// The kernel of a case. The library takes times in ms and frequencies in Hz.
fn kernel_of(case: &Value) -> Option<Box<dyn HrfKernel>> {
    let value = |name: &str| {
        let parameter = &case["params"][name];
        let scale = if parameter["unit"] == "s" { 1000.0 } else { 1.0 };
        number(&parameter["value"]) * scale
    };
    Some(match case["kernel"].as_str()? {
        "FirstOrderVolterraHRFKernel" => Box::new(FirstOrderVolterra {
            tau_s: value("tau_s"),
            tau_f: value("tau_f"),
            scaling: value("scaling"),
        }),
        "GammaHRFKernel" => Box::new(Gamma { tau: value("tau"), n: value("n"), a: value("a") }),
        "DoubleExponentialHRFKernel" => Box::new(DoubleExponential {
            tau_1: value("tau_1"),
            tau_2: value("tau_2"),
            f_1: value("f_1"),
            f_2: value("f_2"),
            amp_1: value("amp_1"),
            amp_2: value("amp_2"),
            a: value("a"),
        }),
        "MixtureOfGammasHRFKernel" => {
            Box::new(MixtureOfGammas { a_1: value("a_1"), a_2: value("a_2"), l: value("l"), c: value("c") })
        }
        _ => return None,
    })
}
