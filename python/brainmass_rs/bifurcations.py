"""Bifurcation diagrams: equilibria and limit cycles of a node over a parameter or a constant input, followed through their special points.

>>> import brainmass_rs as bm
>>> diagram = bm.FitzHughNagumoStep(1).bifurcation("V_inp", (0.0, 2.0))
>>> [(point.kind, round(point.value, 5)) for point in diagram.special]
[('HB', 0.72606), ('HB', 1.33155)]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .units import Array

__all__ = ["BifurcationChart", "BifurcationDiagram", "ChartCurve", "ChartPoint", "CycleBranch", "EquilibriumBranch", "SpecialPoint"]

_STABLE, _UNSTABLE = {"linestyle": "-", "linewidth": 1.8}, {"linestyle": "--", "linewidth": 1.1}


class _Signals:
    """States and observables of points, by name."""

    signals: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        if name not in self.signals:
            raise KeyError(unknown_name("state or observable", str(name), "the model", self.signals))
        return self.signals[name]


@dataclass(repr=False)
class EquilibriumBranch(_Signals):
    """A connected curve of equilibria; `branch["x"]` is the state or observable `x` at each of its points, shape (point,)."""

    values: Array
    """The value of what varies at each point, in its declared unit."""
    signals: dict[str, Array]
    """States and observables by name, each of shape (point,)."""
    unstable: NDArray[np.int64]
    """The number of unstable directions at each point: 0 for a stable equilibrium."""
    eigenvalues: NDArray[np.complex128]
    """The eigenvalues of the Jacobian, shape (point, state), in 1/ms, by falling real part."""

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"EquilibriumBranch({len(self)} points from {self.values.min():g} to {self.values.max():g})"


@dataclass(repr=False)
class CycleBranch(_Signals):
    """A connected curve of limit cycles; `branch["x"]` is a pair: the smallest and the largest value of `x` over each cycle."""

    values: Array
    """The value of what varies at each cycle, in its declared unit."""
    periods: Array
    """The periods in ms."""
    signals: dict[str, tuple[Array, Array]]
    """The smallest and the largest values of states and observables, by name."""
    unstable: NDArray[np.int64]
    """1 where a cycle is unstable, 0 where perturbations across it decay."""
    multipliers: NDArray[np.complex128]
    """The Floquet multipliers but for the one that is always 1, shape (cycle, state - 1), by falling magnitude."""

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"CycleBranch({len(self)} cycles from {self.values.min():g} to {self.values.max():g})"


@dataclass
class SpecialPoint:
    """A point at which equilibria or cycles appear, vanish or change stability."""

    kind: str
    """The letters of the kind: LP, HB, BP of equilibria; LPC, PD, NS, BPC, HOM, SNIC of cycles."""
    name: str
    """The name of the kind."""
    value: float
    """The value of what varies, in its declared unit."""
    signals: dict[str, Any]
    """States and observables by name: a number each, or of a cycle a pair of the smallest and the largest value."""
    period: float | None = None
    """The period in ms: of a cycle, or of the cycles that are born at a Hopf point."""
    first_lyapunov: float | None = None
    """Of a Hopf point, the first Lyapunov coefficient divided by the frequency: negative where stable cycles are born."""
    eigenvalues: Any = None
    """Of equilibria, the eigenvalues in 1/ms."""
    multipliers: Any = None
    """Of cycles, the Floquet multipliers."""


@dataclass
class Cycle(_Signals):
    """A limit cycle at a value of what varies; `cycle["x"]` is one period of `x`, at evenly spaced times from its start on."""

    value: float
    """The value of what varies."""
    period: float
    """The period in ms."""
    is_stable: bool
    """Whether perturbations across the cycle decay."""
    multipliers: Any
    """The Floquet multipliers but for the one that is always 1."""
    signals: dict[str, Array]
    """One period of each state and observable, shape (time,)."""
    phase_response: dict[str, Array] | None
    """The infinitesimal phase response to pushes of each state, shape (time,), in rad per unit of the state: an advance is positive. `None` where the multipliers
    are too large to compute it."""

    @property
    def ts(self) -> Array:
        """The times of the samples in ms, from 0 on; the period itself is not among them."""
        count = len(next(iter(self.signals.values())))
        return np.arange(count, dtype=np.float64) * (self.period / count)


@dataclass
class Equilibrium(_Signals):
    """An equilibrium at a value of what varies; `equilibrium["x"]` is a state or an observable."""

    value: float
    """The value of what varies."""
    is_stable: bool
    """Whether all eigenvalues have negative real parts."""
    eigenvalues: Any
    """The eigenvalues of the Jacobian in 1/ms, by falling real part."""
    signals: dict[str, float]
    """States and observables by name."""


class BifurcationDiagram:
    """Equilibria and limit cycles of a node over a parameter or input, and the points at which they change. Made by `Model.bifurcation` and `Experiment.bifurcation`."""

    def __init__(self, handle: _core.BifurcationDiagram) -> None:
        self._handle = handle
        told = handle.describe()
        self.over: str
        """The name of what varies."""
        self.unit: str
        """The declared unit of what varies, `1` for a pure number."""
        self.over, self.unit = told["over"]
        self.range: tuple[float, float] = told["range"]
        """The range in which it varies."""
        self.of = handle.shown()
        """The state or observable that `plot` draws if none is named."""
        self.units: dict[str, str] = dict(told["signals"])
        """The unit of each state and observable."""
        self.equilibria = [
            EquilibriumBranch(row["values"], dict(row["signals"]), np.array(row["unstable"]), row["eigenvalues"]) for row in told["equilibria"]
        ]
        """The branches of equilibria."""
        self.cycles = [
            CycleBranch(row["values"], row["periods"], _pairs(row["extremes"]), np.array(row["unstable"]), row["multipliers"]) for row in told["cycles"]
        ]
        """The branches of limit cycles."""
        self.special = [_special(row) for row in told["special"]]
        """The special points, by rising value."""
        self.without_stable: list[tuple[float, float]] = told["without_stable"]
        """The parts of the range in which neither a stable equilibrium nor a stable cycle was found."""

    def cycles_at(self, value: Any, samples: int = 200) -> list[Cycle]:
        """Returns all cycles at a value of what varies, each solved for, with one period of every signal; those of a shorter period come first."""
        if samples < 1:
            raise ValueError(f"{samples} samples were asked for; at least one is needed")
        value = units.scalar_in(value, self.unit, f"`{self.over}`")
        rows = self._handle.cycles_at(value, samples)
        return [Cycle(value, row["period"], row["is_stable"], row["multipliers"], dict(row["signals"]), _named(row["phase_response"])) for row in rows]

    def equilibria_at(self, value: Any) -> list[Equilibrium]:
        """Returns all equilibria at a value of what varies, each solved for."""
        value = units.scalar_in(value, self.unit, f"`{self.over}`")
        rows = self._handle.equilibria_at(value)
        return [Equilibrium(value, row["is_stable"], row["eigenvalues"], dict(row["signals"])) for row in rows]

    def plot(self, of: str | None = None, *, ax: Any = None) -> Any:
        """Draws a state or an observable over what varies, and returns the axes: stable branches solid, unstable ones dashed, cycles by their smallest and largest
        values, special points with their letters. matplotlib must be installed."""
        from .viz import _axes

        name = self.of if of is None else of
        if name not in self.units:
            raise KeyError(unknown_name("state or observable", str(name), "the model", self.units))
        ax = _axes(ax)
        named: set[str] = set()

        def line(x: Any, y: Any, unstable: Any, color: str, what: str) -> None:
            for start, stop in _stretches(unstable):
                style = _UNSTABLE if unstable[stop - 1] else _STABLE
                label = f"{'unstable' if unstable[stop - 1] else 'stable'} {what}"
                ax.plot(x[start:stop], y[start:stop], color=color, label=None if label in named else label, **style)
                named.add(label)

        for branch in self.equilibria:
            line(branch.values, branch[name], np.minimum(branch.unstable, 1), "C0", "equilibrium")
        for cycles in self.cycles:
            for end in cycles[name]:
                line(cycles.values, end, cycles.unstable, "C1", "cycle (min, max)")
        for point in self.special:
            at = point.signals[name]
            for index, y in enumerate(at if isinstance(at, tuple) else (at,)):
                ax.plot([point.value], [y], "o", color="C3", markersize=4, fillstyle="none" if isinstance(at, tuple) else "full")
                if index == 0:
                    ax.annotate(point.kind, (point.value, y), textcoords="offset points", xytext=(4, 4), fontsize="small")
        ax.set_xlabel(self.over if self.unit == "1" else f"{self.over} ({self.unit})")
        ax.set_ylabel(name if self.units[name] == "1" else f"{name} ({self.units[name]})")
        if named:
            ax.legend(fontsize="small")
        return ax

    def __repr__(self) -> str:
        kinds = ", ".join(f"{point.kind} at {point.value:g}" for point in self.special[:6])
        more = f" and {len(self.special) - 6} more" if len(self.special) > 6 else ""
        return f"BifurcationDiagram(over {self.over}: {len(self.equilibria)} of equilibria, {len(self.cycles)} of cycles; {kinds or 'no special points'}{more})"


@dataclass
class ChartCurve:
    """A curve of folds or Hopf points, or of folds or period doublings of cycles, while two values vary."""

    kind: str
    """The letters of the kind of its points: LP, HB, LPC or PD."""
    values: tuple[Array, Array]
    """Both values at each point."""
    states: dict[str, Any]
    """The states at each point; of cycles a pair of the smallest and the largest values."""
    frequency: Any = None
    """Of Hopf points, the frequency in rad/ms."""
    first_lyapunov: Any = None
    """Of Hopf points, the first Lyapunov coefficient divided by the frequency."""
    period: Any = None
    """Of cycles, the period in ms."""


@dataclass
class ChartPoint:
    """A point at which a curve of folds or Hopf points changes or ends."""

    kind: str
    """The letters of the kind: CP, BT, GH, ZH, HH."""
    name: str
    """The name of the kind."""
    values: tuple[float, float]
    """Both values."""
    states: dict[str, float]
    """The states."""
    eigenvalues: Any
    """The eigenvalues in 1/ms."""


class BifurcationChart:
    """Curves of folds, Hopf points, folds of cycles and period doublings of a node over two parameters or inputs, and special points of the former two."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        (first, one), (second, other) = told["over"]
        self.over: tuple[str, str] = (first, second)
        """The names of both values."""
        self.unit: tuple[str, str] = (one, other)
        """Their declared units."""
        self.ranges: tuple[tuple[float, float], ...] = tuple(told["ranges"])
        """Their ranges."""
        self.curves = [
            ChartCurve(row["kind"], tuple(row["values"]), _pairs(row["extremes"]) if "extremes" in row else dict(row["states"]), row.get("frequency"), row.get("first_lyapunov"), row.get("period")) for row in told["curves"]
        ]
        """The curves."""
        self.special = [
            ChartPoint(row["kind"], row["name"], tuple(row["values"]), dict(row["states"]), row["eigenvalues"]) for row in told["special"]
        ]
        """The special points, by rising first value."""

    def plot(self, *, ax: Any = None) -> Any:
        """Draws the curves, with their special points, and returns the axes; matplotlib must be installed."""
        from .viz import _axes

        ax = _axes(ax)
        names = {"LP": ("C0", "folds"), "HB": ("C1", "Hopf points"), "LPC": ("C2", "folds of cycles"), "PD": ("C4", "period doublings")}
        named: set[str] = set()
        for curve in self.curves:
            color, name = names.get(curve.kind, ("C2", curve.kind))
            ax.plot(*curve.values, color=color, label=None if name in named else name)
            named.add(name)
        for point in self.special:
            ax.plot(*([value] for value in point.values), "o", color="C3", markersize=4)
            ax.annotate(point.kind, point.values, textcoords="offset points", xytext=(4, 4), fontsize="small")
        labels = [name if unit == "1" else f"{name} ({unit})" for name, unit in zip(self.over, self.unit, strict=True)]
        ax.set_xlabel(labels[0])
        ax.set_ylabel(labels[1])
        if named:
            ax.legend(fontsize="small")
        return ax

    def __repr__(self) -> str:
        kinds = ", ".join(f"{point.kind} at ({point.values[0]:g}, {point.values[1]:g})" for point in self.special)
        return f"BifurcationChart(over {self.over[0]} and {self.over[1]}: {len(self.curves)} curves; {kinds or 'no special points'})"


def _named(rows: Any) -> Any:
    return None if rows is None else dict(rows)


def _pairs(rows: Any) -> dict[str, Any]:
    return {name: (low, high) for name, low, high in rows}


def _special(row: dict[str, Any]) -> SpecialPoint:
    signals = _pairs(row["extremes"]) if "extremes" in row else dict(row["signals"])
    return SpecialPoint(row["kind"], row["name"], row["value"], signals, row["period"], row.get("first_lyapunov"), row.get("eigenvalues"), row.get("multipliers"))


def _stretches(unstable: Any) -> list[tuple[int, int]]:
    """Cuts points into stretches of one stability; neighbours share a point, so that lines meet."""
    cuts = [0, *(np.flatnonzero(np.diff(unstable)) + 1), len(unstable)]
    return [(max(start - 1, 0), stop) for start, stop in zip(cuts[:-1], cuts[1:], strict=True) if stop > start]
