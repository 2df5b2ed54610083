"""Analysis of signals of shape (time, region): connectivity, spectra, phases."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, units

__all__ = ["band_pass", "fcd", "functional_connectivity", "kuramoto_order", "phases", "power_spectrum"]


def signal(value: Any, what: str = "the signal") -> Any:
    """Returns a signal as an array of shape (time, region); one region may be given as (time,)."""
    array = units.as_array(units.get_magnitude(value), what)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ValueError(f"{what} has shape {array.shape}; (time, region) is needed")
    return np.ascontiguousarray(array)


def functional_connectivity(data: Any) -> Any:
    """Returns the correlation matrix of a signal; a region that does not vary has NaN, and NaN in the signal is a `ValueError` that names its place."""
    return _core.functional_connectivity(signal(data))


def fcd(data: Any, window_size: int = 30, step_size: int = 5) -> Any:
    """Returns the functional connectivity dynamics: correlations of the connectivities of windows of `window_size` samples, every `step_size` samples."""
    return _core.fcd(signal(data), window_size, step_size)


def power_spectrum(data: Any, dt: Any, segment: int | None = None) -> tuple[Any, Any]:
    """Estimates spectra by Welch's method with half-overlapping segments (samples; the whole signal, at most 4096, if not given).

    `dt` is in ms. Returns the frequencies in Hz and the power per Hz, shape (frequency, region).
    """
    array = signal(data)
    return _core.power_spectrum(array, units.scalar_in(dt, "ms", "dt"), min(len(array), 4096) if segment is None else segment)


def band_pass(data: Any, dt: Any, low: Any, high: Any, order: int = 2) -> Any:
    """Filters a signal forth and back by a Butterworth filter between two frequencies (Hz); `dt` is in ms."""
    low, high = units.scalar_in(low, "Hz", "low"), units.scalar_in(high, "Hz", "high")
    return _core.band_pass(signal(data), units.scalar_in(dt, "ms", "dt"), low, high, order)


def phases(data: Any) -> Any:
    """Returns the phases of a signal by the Hilbert transform, in radians, shape (time, region)."""
    return _core.phases(signal(data))


def kuramoto_order(data: Any) -> Any:
    """Returns the order parameter `|mean of exp(i phase)|` at each time of phases in radians, shape (time, region)."""
    return _core.kuramoto_order(signal(data, "the phases"))
