"""Figures on matplotlib axes. Every function draws on `ax`, or on the present axes, and returns the axes; matplotlib must be installed."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import analysis, units

__all__ = [
    "plot_carpet",
    "plot_connectivity",
    "plot_fit",
    "plot_functional_connectivity",
    "plot_phase_portrait",
    "plot_power_spectrum",
    "plot_timeseries",
]


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise ImportError("figures need matplotlib: `pip install matplotlib`") from error
    return plt.gca()


def _columns(value: Any, what: str) -> Any:
    array = units.as_array(units.get_magnitude(value), what)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ValueError(f"{what} has shape {array.shape}; (time,) or (time, region) is needed")
    return array


def plot_timeseries(signal: Any, ts: Any = None, *, labels: Any = None, ax: Any = None, **kwargs: Any) -> Any:
    """Draws a line for each region of a signal of shape (time, region) over times, or over samples where none are given."""
    data = _columns(signal, "the signal")
    x = np.arange(len(data)) if ts is None else np.asarray(units.get_magnitude(ts))
    if x.shape != (len(data),):
        raise ValueError(f"ts has shape {x.shape}, and the signal has {len(data)} rows")
    names = [None] * data.shape[1] if labels is None else list(labels)
    if len(names) != data.shape[1]:
        raise ValueError(f"there are {len(names)} labels for {data.shape[1]} regions")
    ax = _axes(ax)
    for column, name in zip(data.T, names, strict=True):
        ax.plot(x, column, label=name, **kwargs)
    unit = getattr(units.own(signal), "unit", None) if units.is_quantity(signal) else None
    ax.set_xlabel("time" if ts is None else "time (ms)")
    ax.set_ylabel(f"signal ({unit})" if unit else "signal")
    if labels is not None:
        ax.legend()
    return ax


def plot_carpet(signal: Any, ts: Any = None, *, ax: Any = None, cmap: str = "viridis", colorbar: bool = True, **kwargs: Any) -> Any:
    """Draws a signal of shape (time, region) as an image, a row a region."""
    data = _columns(signal, "the signal")
    times = np.arange(len(data)) if ts is None else np.asarray(units.get_magnitude(ts))
    ax = _axes(ax)
    image = ax.imshow(
        data.T, aspect="auto", origin="lower", interpolation="nearest", cmap=cmap, extent=(times[0], times[-1], -0.5, data.shape[1] - 0.5), **kwargs
    )
    ax.set_xlabel("time" if ts is None else "time (ms)")
    ax.set_ylabel("region")
    if colorbar:
        ax.figure.colorbar(image, ax=ax)
    return ax


def plot_phase_portrait(x: Any, y: Any, *, ax: Any = None, **kwargs: Any) -> Any:
    """Draws one signal over another, a line a region."""
    ax = _axes(ax)
    ax.plot(_columns(x, "x"), _columns(y, "y"), **kwargs)
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    return ax


def plot_connectivity(matrix: Any, *, labels: Any = None, ax: Any = None, cmap: str = "viridis", colorbar: bool = True, **kwargs: Any) -> Any:
    """Draws a matrix as an image; a connectome stands for its weights and labels."""
    if hasattr(matrix, "weights"):
        labels = labels if labels is not None or not matrix.labels else matrix.labels
        matrix = matrix.weights
    data = units.matrix_in(units.get_magnitude(matrix), "1", "the matrix")
    ax = _axes(ax)
    image = ax.imshow(data, cmap=cmap, **kwargs)
    if labels is not None:
        ax.set_xticks(range(len(labels)))
        ax.set_yticks(range(len(labels)))
        ax.set_xticklabels(labels, rotation=90)
        ax.set_yticklabels(labels)
    if colorbar:
        ax.figure.colorbar(image, ax=ax)
    return ax


def plot_functional_connectivity(data: Any, *, is_matrix: bool = False, labels: Any = None, ax: Any = None, **kwargs: Any) -> Any:
    """Draws the correlations of a signal of shape (time, region), or a matrix of correlations."""
    matrix = data if is_matrix else analysis.functional_connectivity(data)
    return plot_connectivity(matrix, labels=labels, ax=ax, **{"cmap": "coolwarm", "vmin": -1.0, "vmax": 1.0, **kwargs})


def plot_power_spectrum(signal: Any, dt: Any, *, ax: Any = None, loglog: bool = True, **kwargs: Any) -> Any:
    """Draws the power spectrum of each region by Welch's method; `dt` is in ms."""
    frequencies, power = analysis.power_spectrum(signal, dt)
    ax = _axes(ax)
    # The mean is taken off, so that there is nothing to be seen at 0 Hz.
    (ax.loglog if loglog else ax.plot)(frequencies[1:], power[1:], **kwargs)
    ax.set_xlabel("frequency (Hz)")
    ax.set_ylabel("power per Hz")
    return ax


def plot_fit(result: Any, *, ax: Any = None, **kwargs: Any) -> Any:
    """Draws the loss of each iteration of a fit, and the best one until then."""
    ax = _axes(ax)
    best = [np.nan if row[3] is None else row[3] for row in result.rows]
    ax.plot(result.history, ".", alpha=0.4, label="iteration")
    ax.plot(best, label="best", **kwargs)
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
