"""Instruments: what a scanner, electrodes or sensors see of a run.

An instrument watches a signal while a run goes on, `monitors={"bold": BOLDSignal(period=720 * u.ms).of("S_e")}`, so that the signal itself is not kept;
or it looks at a signal that is there, `BOLDSignal(period=720 * u.ms)(signal, dt=0.1 * u.ms)`. Its rows have times of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, units
from .models import MODELS
from .signals import Signal

__all__ = [
    "BOLDSignal",
    "DoubleExponentialHRFKernel",
    "EEGLeadFieldModel",
    "FirstOrderVolterraHRFKernel",
    "FunctionalConnectivity",
    "GammaHRFKernel",
    "GlobalAverage",
    "HRFBold",
    "HRFKernel",
    "Instrument",
    "LeadFieldModel",
    "LeadfieldReadout",
    "MEGLeadFieldModel",
    "MixtureOfGammasHRFKernel",
    "Subsample",
    "TemporalAverage",
]


class Watched:
    """An instrument with the signal that it watches."""

    def __init__(self, instrument: Instrument, signal: str) -> None:
        self.instrument, self.signal = instrument, signal

    def __repr__(self) -> str:
        return f"{self.instrument!r}.of({self.signal!r})"


class Instrument:
    """What observes a signal of shape (time, region), and gives rows of its own."""

    def of(self, signal: Any) -> Watched:
        """Says which state, observable or input of a run the instrument watches."""
        if isinstance(signal, Signal):
            if signal.name is None:
                raise ValueError(f"an instrument watches one signal of the model, and {signal!r} is an expression; record it and give the record to the instrument")
            signal = signal.name
        if not isinstance(signal, str):
            raise TypeError(f"an instrument watches a signal by its name, and {type(signal).__name__} was given")
        return Watched(self, signal)

    def _instrument(self, nodes: int) -> _core.Instrument:
        raise NotImplementedError

    def observe(self, signal: Any, dt: Any, unit: str = "1") -> tuple[Any, Any]:
        """Looks at a signal of shape (time, region) with samples `dt` apart (ms). Returns the rows and their times in ms from the first sample's step on."""
        signal = units.own(signal)
        if isinstance(signal, units.Quantity):
            signal, unit = signal.magnitude, signal.unit
        array = units.as_array(signal, "the signal")
        flat = array.ndim == 1
        if array.ndim not in (1, 2):
            raise ValueError(f"the signal has shape {array.shape}; (time, region) is needed")
        array = np.ascontiguousarray(array[:, None] if flat else array)
        rows, period, _ = self._instrument(array.shape[1]).observe(array, units.scalar_in(dt, "ms", "dt"), unit)
        times = (np.arange(len(rows)) + 1) * period
        return (rows[:, 0] if flat and rows.shape[1] == 1 else rows), times

    def __call__(self, signal: Any, dt: Any) -> Any:
        """Looks at a signal of shape (time, region) with samples `dt` apart (ms), and returns the rows."""
        return self.observe(signal, dt)[0]

    def __repr__(self) -> str:
        settings = (f"{name}={value!r}" for name, value in vars(self).items() if not isinstance(value, np.ndarray))
        return f"{type(self).__name__}({', '.join(settings)})"


class _Periodic(Instrument):
    def __init__(self, period: Any = 4.0) -> None:
        self.period = units.scalar_in(period, "ms", "period")
        """The time from row to row, in ms."""


class TemporalAverage(_Periodic):
    """The mean over each period (ms); an incomplete last one gives no row."""

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.average(self.period)


class Subsample(_Periodic):
    """The last value of each period (ms)."""

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.subsample(self.period)


class GlobalAverage(_Periodic):
    """The mean of all regions at the end of each period (ms)."""

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.global_average(self.period)


class FunctionalConnectivity(Instrument):
    """The correlations of all samples from the time `start` (ms) on, a (region, region) matrix at the end of the run, whatever its length."""

    def __init__(self, start: Any = 0.0) -> None:
        self.start = units.scalar_in(start, "ms", "start")

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.functional_connectivity(self.start)


class BOLDSignal(Instrument):
    """BOLD, the relative change of the signal, by the Balloon-Windkessel model of haemodynamics (Friston et al. 2003, doi 10.1016/S1053-8119(03)00202-7).

    `period` is the time from row to row (the repetition time, ms), `step` that of the haemodynamics, which are driven by means over it (ms; the step of the run
    if not given). `preset` is `friston2003`, `stephan2007` or `obata2004`; further keywords are parameters and initial states of `BalloonWindkessel`. `in_size` need
    not be given.
    """

    def __init__(self, in_size: Any = None, period: Any = 2000.0, step: Any = None, preset: str | None = None, signal: str | None = None, **settings: Any) -> None:
        self.in_size = in_size
        self.period = units.scalar_in(period, "ms", "period")
        self.step = None if step is None else units.scalar_in(step, "ms", "step")
        self.preset, self.signal = preset, signal or ("bold_linear" if preset == "obata2004" else None)
        self.settings = settings
        # What is wrong with them is said here.
        self._vessels(1 if in_size is None else in_size)

    def _vessels(self, nodes: Any) -> Any:
        return MODELS["BalloonWindkessel"](nodes, preset=self.preset, **self.settings)

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.bold(self._vessels(nodes)._nodes, self.period, self.step, self.signal)


# The units of the numbers of haemodynamic responses that have one.
_RESPONSE_UNITS = {"tau_s": "s", "tau_f": "s", "tau": "s", "tau_1": "s", "tau_2": "s", "f_1": "Hz", "f_2": "Hz", "l": "Hz"}


class HRFKernel:
    """A haemodynamic response: what BOLD does after a brief event. Called with times (ms), it gives the response at them."""

    _name = ""
    _names: tuple[str, ...] = ()

    def __init__(self, duration: Any, **numbers: Any) -> None:
        self.duration = units.scalar_in(duration, "ms", "duration")
        """The length of the response, in ms."""
        for name in self._names:
            setattr(self, name, units.scalar_in(numbers[name], _RESPONSE_UNITS.get(name, "1"), name))

    def _numbers(self) -> list[float]:
        """The numbers as the compiled part takes them, times in ms."""
        return [getattr(self, name) * (1000.0 if _RESPONSE_UNITS.get(name) == "s" else 1.0) for name in self._names]

    def __call__(self, t: Any) -> Any:
        """Returns the response at times, in ms if they are plain numbers."""
        times = np.asarray(units.magnitude_in(t, "ms", "t"), dtype=np.float64)
        return _core.hrf_response(self._name, self._numbers(), np.ascontiguousarray(times.reshape(-1))).reshape(times.shape)

    def __repr__(self) -> str:
        numbers = ", ".join(f"{name}={getattr(self, name):g}" for name in (*self._names, "duration"))
        return f"{type(self).__name__}({numbers})"


class FirstOrderVolterraHRFKernel(HRFKernel):
    """The first-order Volterra kernel of the balloon model, a damped oscillation; `tau_s` and `tau_f` are in seconds if they are plain numbers."""

    _name, _names = "first_order_volterra", ("tau_s", "tau_f", "scaling")

    def __init__(self, tau_s: Any = 0.8, tau_f: Any = 0.4, scaling: float = 1.0 / 3.0, duration: Any = 20_000.0) -> None:
        super().__init__(duration, tau_s=tau_s, tau_f=tau_f, scaling=scaling)


class GammaHRFKernel(HRFKernel):
    """A gamma function of height `a`; `tau` is in seconds if it is a plain number."""

    _name, _names = "gamma", ("tau", "n", "a")

    def __init__(self, tau: Any = 1.08, n: float = 3.0, a: float = 0.1, duration: Any = 20_000.0) -> None:
        super().__init__(duration, tau=tau, n=n, a=a)


class DoubleExponentialHRFKernel(HRFKernel):
    """A difference of two damped oscillations of height `a`; plain times are in seconds, frequencies in Hz."""

    _name, _names = "double_exponential", ("tau_1", "tau_2", "f_1", "f_2", "amp_1", "amp_2", "a")

    def __init__(
        self,
        tau_1: Any = 7.22,
        tau_2: Any = 7.4,
        f_1: Any = 0.03,
        f_2: Any = 0.12,
        amp_1: float = 0.1,
        amp_2: float = 0.1,
        a: float = 0.1,
        duration: Any = 40_000.0,
    ) -> None:
        super().__init__(duration, tau_1=tau_1, tau_2=tau_2, f_1=f_1, f_2=f_2, amp_1=amp_1, amp_2=amp_2, a=a)


class MixtureOfGammasHRFKernel(HRFKernel):
    """A gamma function with an undershoot, which is another one."""

    _name, _names = "mixture_of_gammas", ("a_1", "a_2", "l", "c")

    def __init__(self, a_1: float = 6.0, a_2: float = 13.0, l: Any = 1.0, c: float = 0.4, duration: Any = 20_000.0) -> None:  # noqa: E741
        super().__init__(duration, a_1=a_1, a_2=a_2, l=l, c=c)


class HRFBold(Instrument):
    """BOLD by convolution of the activity, averaged over `downsample_period` (ms), with a haemodynamic response, a row each `period` (ms).

    `convention="tvb"` scales as The Virtual Brain does, `k_1 V_0 (h * x - 1)` for the Volterra kernel with taps as if they were 4 ms apart, and samples the response
    at evenly spaced times; `convention="brainmass"` is that of the Python package. `history`, shape (tap, region), is averaged activity before the run.
    """

    def __init__(
        self,
        k_1: float = 5.6,
        V_0: float = 0.02,  # noqa: N803
        period: Any = 1000.0,
        downsample_period: Any = 4.0,
        kernel: HRFKernel | None = None,
        convolution_mode: str = "valid",
        method: str = "auto",
        history: Any = None,
        convention: str = "tvb",
    ) -> None:
        self.k_1, self.V_0 = float(k_1), float(V_0)
        self.period = units.scalar_in(period, "ms", "period")
        self.downsample_period = units.scalar_in(downsample_period, "ms", "downsample_period")
        self.kernel = FirstOrderVolterraHRFKernel() if kernel is None else kernel
        if not isinstance(self.kernel, HRFKernel):
            raise TypeError(f"kernel must be a haemodynamic response such as GammaHRFKernel(), and {type(kernel).__name__} was given")
        self.convolution_mode, self.method, self.convention = convolution_mode, method, convention
        self.history = None if history is None else np.ascontiguousarray(units.matrix_in(history, "1", "the history"))
        self._instrument(1)

    def _instrument(self, nodes: int) -> _core.Instrument:
        grid = "endpoint" if self.convention == "brainmass" else "periodic"
        return _core.Instrument.hrf(
            self.kernel._name, self.kernel._numbers(), self.period, self.downsample_period, self.kernel.duration, self.k_1, self.V_0,
            self.convention, grid, self.convolution_mode, self.method, self.history,
        )  # fmt: skip


class LeadFieldModel(Instrument):
    """Sensors: `y = x L` with the gain `L` of shape (region, sensor) in `gain_unit` per nA m.

    `scale` is the dipole moment that a unit of activity stands for, in nA m; `reference` is `"average"` or the name of a sensor; `normalize` divides each
    sensor by its L1 or L2 norm; `noise_cov`, shape (sensor, sensor), adds noise to each row. A row is given each `period` (ms), or each sample if it is not given.
    `in_size` and `out_size` need not be given.
    """

    _modality = "eeg"
    _unit = "V"

    def __init__(
        self,
        in_size: Any = None,
        out_size: Any = None,
        L: Any = None,  # noqa: N803
        *,
        sensor_unit: Any = None,
        gain_unit: Any = None,
        scale: Any = 1.0,
        reference: str | None = None,
        normalize: str | None = None,
        sensor_names: list[str] | None = None,
        noise_cov: Any = None,
        seed: int = 0,
        period: Any = None,
    ) -> None:
        if L is None:
            raise TypeError("a lead field needs its gain `L`, of shape (region, sensor)")
        self.L = np.ascontiguousarray(units.matrix_in(units.get_magnitude(L), "1", "L"))
        for size, axis, name in ((in_size, 0, "in_size"), (out_size, 1, "out_size")):
            if size is not None and int(np.prod(size)) != self.L.shape[axis]:
                raise ValueError(f"{name} is {size}, and L has shape {self.L.shape}; (region, sensor) is needed")

        def text(unit: Any) -> str | None:
            return unit.text if isinstance(unit, units.Unit) else unit

        self.gain_unit = text(gain_unit) or text(sensor_unit) or self._unit
        self.sensor_unit = text(sensor_unit) or self.gain_unit
        self.scale = units.scalar_in(units.get_magnitude(scale), "1", "scale")
        self.reference, self.normalize, self.sensor_names = reference, normalize, sensor_names
        self.noise_cov = None if noise_cov is None else np.ascontiguousarray(units.matrix_in(noise_cov, "1", "noise_cov"))
        self.seed = seed
        self.period = None if period is None else units.scalar_in(period, "ms", "period")
        self._instrument(self.L.shape[0])

    def _instrument(self, nodes: int) -> _core.Instrument:
        return _core.Instrument.sensors(
            self._modality, self.L, self.gain_unit, self.sensor_unit, self.scale, self.reference, self.normalize, self.sensor_names,
            self.period, self.noise_cov, self.seed,
        )  # fmt: skip

    def __call__(self, signal: Any, dt: Any = 1.0) -> Any:
        """Returns what the sensors see of activity of shape (time, region), or of one row."""
        array = units.as_array(units.get_magnitude(signal), "the signal")
        if array.ndim == 1:
            return self.observe(array[None, :], dt)[0][0]
        return self.observe(array, dt)[0]


class EEGLeadFieldModel(LeadFieldModel):
    """Electrodes on the scalp; the gain is in V per nA m if nothing else is said."""


class MEGLeadFieldModel(LeadFieldModel):
    """Magnetometers; the gain is in T per nA m if nothing else is said."""

    _modality, _unit = "meg", "T"


class LeadfieldReadout:
    """The readout of the Python package's Jansen-Rit fits: `cy0 (lm x) - y0`, with rows of `lm` normalised and their mean taken off.

    `lm` has shape (sensor, region). `normalize` divides each row by its sum of magnitudes, or by its length where it is `"l2"`; `demean` subtracts the mean of all rows.
    """

    def __init__(self, lm: Any, y0: Any = 0.0, cy0: Any = 1.0, normalize: bool | str = True, demean: bool = True) -> None:
        self.lm = units.matrix_in(lm, "1", "lm")
        self.y0, self.cy0, self.normalize, self.demean = y0, cy0, normalize, demean

    def normalize_leadfield(self, lm: Any) -> Any:
        """Returns a lead field with normalised rows, less their mean."""
        array = units.matrix_in(lm, "1", "lm")
        if self.normalize:
            order = 2 if self.normalize == "l2" else 1
            lengths = np.linalg.norm(array, order, axis=1, keepdims=True)
            if (lengths == 0).any():
                raise ValueError(f"row {int(np.argmin(lengths))} of the lead field is 0, so that it cannot be normalised")
            array = array / lengths
        return array - array.mean(axis=0) if self.demean else array

    def __call__(self, x: Any) -> Any:
        """Returns what the sensors see of activity of shape (..., region), shape (..., sensor)."""
        array = units.as_array(units.get_magnitude(x), "the activity")
        return self.cy0 * (array @ self.normalize_leadfield(self.lm).T) - self.y0
