"""Noise processes and stimuli, which drive input ports.

A number given to a model, `HopfStep(90, noise_x=0.02)`, is white noise on a state: sigma in the state's unit per sqrt(ms). A process drives an input
port: `noise_x=OUProcess(...)` that of the state, `inputs={"x_inp": OUProcess(...)}` any. Processes are driven by counters, so that runs have the same
noise whatever the number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, units

__all__ = [
    "BlueNoise",
    "BrownianNoise",
    "ColoredNoise",
    "GaussianNoise",
    "Noise",
    "OUProcess",
    "PinkNoise",
    "Stimulus",
    "VioletNoise",
    "WhiteNoise",
]


class Driver:
    """What can drive an input port beside constants and arrays. Drivers add up: `OUProcess(...) + Stimulus.pulse(...)`."""

    def _terms(self) -> list[Any]:
        return [self]

    def __add__(self, other: Any) -> Sum:
        return Sum([*self._terms(), *(other._terms() if isinstance(other, Driver) else [other])])

    def __radd__(self, other: Any) -> Sum:
        return Sum([other, *self._terms()])


class Sum(Driver):
    """The sum of several inputs."""

    def __init__(self, terms: list[Any]) -> None:
        self.terms = terms

    def _terms(self) -> list[Any]:
        return self.terms

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.terms))


class Noise(Driver):
    """A noise process. `in_size` is the number of nodes, which the simulation knows by itself; it is taken because the Python package asks for it. `mean` is
    added to the process; `covariance`, shape (node, node), correlates the nodes."""

    def __init__(self, in_size: Any = None, *, sigma: Any = 1.0, mean: Any = None, covariance: Any = None) -> None:
        self.in_size, self.sigma, self.mean, self.covariance = in_size, sigma, mean, covariance

    def _matrix(self) -> Any:
        if self.covariance is None:
            return None
        return np.ascontiguousarray(units.matrix_in(self.covariance, "1", "the covariance"))

    def _process_of(self, unit: str) -> _core.Process:
        raise NotImplementedError

    def _drift_of(self, unit: str) -> Any:
        """The constant that is added to the process; `None` where there is none."""
        return None if self.mean is None else units.values_in(self.mean, unit, "mean")

    def _sigma(self, unit: str) -> Any:
        return units.values_in(self.sigma, unit, "sigma")

    def __repr__(self) -> str:
        settings = (f"{name}={value!r}" for name, value in vars(self).items() if value is not None)
        return f"{type(self).__name__}({', '.join(settings)})"


class GaussianNoise(Noise):
    """Deviates that are independent from step to step and node to node.

    `sigma` is their standard deviation in the unit of the port; what they do depends on the time step.
    """

    def _process_of(self, unit: str) -> _core.Process:
        return _core.Process.gaussian(self._sigma(unit), self._matrix())


class WhiteNoise(Noise):
    """White noise, whatever the time step: `sigma` in the unit of the port times sqrt(ms)."""

    def _process_of(self, unit: str) -> _core.Process:
        intensity = "sqrt(ms)" if unit == "1" else f"{unit}*sqrt(ms)"
        return _core.Process.white(self._sigma(intensity), self._matrix())


class BrownianNoise(Noise):
    """A Wiener path, which begins at `init`: `sigma` in the unit of the port per sqrt(ms)."""

    def __init__(self, in_size: Any = None, *, sigma: Any = 1.0, mean: Any = None, init: Any = 0.0, covariance: Any = None) -> None:
        super().__init__(in_size, sigma=sigma, mean=mean, covariance=covariance)
        self.init = init

    def _process_of(self, unit: str) -> _core.Process:
        intensity = "1/sqrt(ms)" if unit == "1" else f"{unit}/sqrt(ms)"
        return _core.Process.brownian(self._sigma(intensity), units.values_in(self.init, unit, "init"), self._matrix())


class ColoredNoise(Noise):
    """Noise with a spectrum `1/f^beta` above the frequency `lowest` in Hz: `sigma` is its standard deviation."""

    def __init__(
        self, in_size: Any = None, beta: float = 1.0, *, sigma: Any = 1.0, mean: Any = None, lowest: Any = None, covariance: Any = None
    ) -> None:
        super().__init__(in_size, sigma=sigma, mean=mean, covariance=covariance)
        self.beta, self.lowest = beta, lowest

    def _process_of(self, unit: str) -> _core.Process:
        lowest = None if self.lowest is None else units.scalar_in(self.lowest, "Hz", "lowest")
        return _core.Process.colored(float(self.beta), self._sigma(unit), lowest, self._matrix())


class PinkNoise(ColoredNoise):
    """Noise with a spectrum `1/f`."""

    def __init__(self, in_size: Any = None, **settings: Any) -> None:
        super().__init__(in_size, 1.0, **settings)


class BlueNoise(ColoredNoise):
    """Noise with a spectrum that grows with the frequency."""

    def __init__(self, in_size: Any = None, **settings: Any) -> None:
        super().__init__(in_size, -1.0, **settings)


class VioletNoise(ColoredNoise):
    """Noise with a spectrum that grows with the square of the frequency."""

    def __init__(self, in_size: Any = None, **settings: Any) -> None:
        super().__init__(in_size, -2.0, **settings)


class OUProcess(Noise):
    """An Ornstein-Uhlenbeck process around `mean`: `sigma` is its standard deviation in the unit of the port, `tau` its
    correlation time, in ms if it is a plain number."""

    def __init__(self, in_size: Any = None, *, sigma: Any = 1.0, tau: Any = 10.0, mean: Any = None, covariance: Any = None) -> None:
        super().__init__(in_size, sigma=sigma, mean=mean, covariance=covariance)
        self.tau = tau

    def _drift_of(self, unit: str) -> Any:
        return None

    def _process_of(self, unit: str) -> _core.Process:
        mean = units.values_in(0.0 if self.mean is None else self.mean, unit, "mean")
        return _core.Process.ou(self._sigma(unit), units.values_in(self.tau, "ms", "tau"), mean, self._matrix())


class Stimulus(Driver):
    """A course in time that drives a port: `Stimulus.pulse(0.5, onset=100 * u.ms, duration=20 * u.ms)`.

    Amplitudes are in the unit of the port, one or one a node; times are in ms if they are plain numbers. `regions` are the indices of the nodes that
    are driven, `weights` one factor a node.
    """

    def __init__(self, shape: str, numbers: dict[str, Any], placed: dict[str, Any]) -> None:
        self.shape, self.numbers, self.placed = shape, numbers, placed

    @classmethod
    def pulse(cls, amplitude: Any, **placed: Any) -> Stimulus:
        """A constant from the onset on, for the duration."""
        return cls("pulse", {"amplitude": amplitude}, placed)

    @classmethod
    def pulse_train(cls, amplitude: Any, period: Any, width: Any, **placed: Any) -> Stimulus:
        """Pulses of a width, one each period."""
        return cls("pulse_train", {"amplitude": amplitude, "period": period, "width": width}, placed)

    @classmethod
    def sine(cls, amplitude: Any, frequency: Any, phase: float = 0.0, **placed: Any) -> Stimulus:
        """A sine of a frequency, in Hz if it is a plain number, and a phase in radians at the onset."""
        return cls("sine", {"amplitude": amplitude, "frequency": frequency, "phase": phase}, placed)

    @classmethod
    def ramp(cls, amplitude: Any, rise: Any, **placed: Any) -> Stimulus:
        """A line from 0 to the amplitude, which takes the time `rise`, and then the amplitude."""
        return cls("ramp", {"amplitude": amplitude, "rise": rise}, placed)

    @classmethod
    def gaussian(cls, amplitude: Any, peak: Any, width: Any, **placed: Any) -> Stimulus:
        """A bell around the time `peak` after the onset with a standard deviation `width`."""
        return cls("gaussian", {"amplitude": amplitude, "peak": peak, "width": width}, placed)

    def _stimulus_of(self, unit: str) -> _core.Stimulus:
        def number(name: str, of: str) -> float:
            return units.scalar_in(self.numbers[name], of, name)

        amplitude = units.values_in(self.numbers["amplitude"], unit, "the amplitude")
        if self.shape == "pulse":
            made = _core.Stimulus.pulse(amplitude)
        elif self.shape == "pulse_train":
            made = _core.Stimulus.pulse_train(amplitude, number("period", "ms"), number("width", "ms"))
        elif self.shape == "sine":
            made = _core.Stimulus.sine(amplitude, number("frequency", "Hz"), float(self.numbers["phase"]))
        elif self.shape == "ramp":
            made = _core.Stimulus.ramp(amplitude, number("rise", "ms"))
        else:
            made = _core.Stimulus.gaussian(amplitude, number("peak", "ms"), number("width", "ms"))
        known = {"onset", "duration", "regions", "weights"}
        for name in self.placed:
            if name not in known:
                raise TypeError(f"a stimulus has no keyword `{name}`; there is {', '.join(sorted(known))}")
        onset = units.scalar_in(self.placed.get("onset", 0.0), "ms", "onset")
        duration = self.placed.get("duration")
        regions, weights = self.placed.get("regions"), self.placed.get("weights")
        return made.placed(
            onset,
            None if duration is None else units.scalar_in(duration, "ms", "duration"),
            None if regions is None else [int(region) for region in regions],
            None if weights is None else [float(weight) for weight in weights],
        )

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in {**self.numbers, **self.placed}.items())
        return f"Stimulus.{self.shape}({settings})"
