"""Objectives: how well a prediction matches a target, with exact derivatives.

Each function makes an objective, which is called with prediction and target of shape (time, region). Scores, of which higher is better, become losses by
`as_loss=True`, which is one less the score. `.against(target, of="x")` makes the loss of a run that gradients and fits take.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, analysis, units
from .errors import unknown_name

__all__ = [
    "Objective",
    "combine",
    "cosine_sim",
    "fc_corr",
    "fc_rmse",
    "fcd",
    "fcd_distribution",
    "fcd_ks",
    "fcd_wasserstein",
    "ks_distance",
    "timeseries_rmse",
    "wasserstein_1d",
]


class Objective:
    """An objective by its name with its settings; it is called with prediction and target."""

    def __init__(self, name: str, as_loss: bool = False, **settings: Any) -> None:
        self.name, self.as_loss, self.settings = name, as_loss, settings

    def _evaluate(self, prediction: Any, target: Any, gradient: bool) -> tuple[float, Any]:
        settings = self.settings
        bandwidth = settings.get("bw_method")
        value, derivatives = _core.evaluate_objective(
            self.name,
            analysis.signal(prediction, "the prediction"),
            analysis.signal(target, "the target"),
            gradient,
            settings.get("window_size", 30),
            settings.get("step_size", 5),
            float(settings.get("epsilon", 0.0)),
            _points(settings.get("midpoints")),
            float(bandwidth) if isinstance(bandwidth, (int, float)) else None,
            bandwidth == "silverman",
            settings.get("n_diag", 1),
        )
        if not self.as_loss:
            return value, derivatives
        return 1.0 - value, None if derivatives is None else -derivatives

    def __call__(self, prediction: Any, target: Any) -> float:
        """Returns the value for two signals of shape (time, region)."""
        return self._evaluate(prediction, target, False)[0]

    def value_and_grad(self, prediction: Any, target: Any) -> tuple[float, Any]:
        """Returns the value and its derivatives by the prediction, of its shape."""
        value, derivatives = self._evaluate(prediction, target, True)
        return value, derivatives.reshape(np.shape(prediction))

    def against(self, target: Any, of: str | None = None, skip: int = 0, through: Any = None) -> Comparison:
        """Makes the loss of a run: this objective between what was recorded as `of` (the only record if not given), without its first `skip` rows, and a target.

        `through` is an instrument that sees the record before it is compared.
        """
        return Comparison([(1.0, self, target)], of, skip, through)

    def __repr__(self) -> str:
        settings = "".join(f", {name}={value!r}" for name, value in self.settings.items() if value is not None)
        return f"objectives.{self.name}(as_loss={self.as_loss}{settings})"


class _Combined(Objective):
    def __init__(self, parts: list[tuple[float, Any]]) -> None:
        super().__init__("combine")
        self.parts = parts

    def _evaluate(self, prediction: Any, target: Any, gradient: bool) -> tuple[float, Any]:
        total, derivatives = 0.0, None
        for weight, objective in self.parts:
            if not gradient:
                total += weight * objective(prediction, target)
                continue
            if not isinstance(objective, Objective):
                raise TypeError(f"{objective!r} has no derivatives; objectives of this module have")
            value, part = objective._evaluate(prediction, target, True)
            total += weight * value
            derivatives = weight * part if derivatives is None else derivatives + weight * part
        return total, derivatives


class Comparison:
    """A loss of a run: objectives between a record and a target. It is called with the records by name, and gives the value and the derivatives by records."""

    def __init__(self, terms: list[tuple[float, Any, Any]], of: str | None, skip: int, through: Any) -> None:
        self.terms, self.of, self.skip, self.through = terms, of, skip, through

    def __call__(self, records: Any) -> tuple[float, dict[str, Any]]:
        """Returns the value and its derivatives by the record that is compared."""
        name = self._name(records)
        array = records[name]
        seen, dt = array, None
        if self.through is not None:
            times = records["ts"]
            dt = float(times[1] - times[0])
            seen = self.through.observe(array, dt)[0]
        rows = seen[self.skip :]
        value, adjoint = 0.0, np.zeros(np.shape(seen))
        for weight, objective, target in self.terms:
            part, derivatives = objective.value_and_grad(rows, target)
            value += weight * part
            adjoint[self.skip :] += weight * derivatives
        if self.through is not None:
            assert dt is not None
            flat = np.ascontiguousarray(np.atleast_2d(adjoint.T).T)
            adjoint = self.through._instrument(array.shape[1]).vjp(np.ascontiguousarray(array), flat, dt)
        return value, {name: adjoint}

    def __repr__(self) -> str:
        terms = " + ".join(f"{weight:g}*{objective!r}" if weight != 1.0 else repr(objective) for weight, objective, _ in self.terms)
        return f"{terms}.against(<{np.shape(self.terms[0][2])}>{f', of={self.of!r}' if self.of else ''})"

    def _name(self, records: Any) -> str:
        if self.of is not None:
            if self.of not in records:
                raise ValueError(unknown_name("record", self.of, "the run", [name for name in records if name != "ts"]))
            return self.of
        names = [name for name in records if name != "ts"]
        if len(names) != 1:
            raise ValueError(f"the run has the records {', '.join(names)}; say with `of` which one is compared")
        return str(names[0])


def _points(points: Any) -> Any:
    return None if points is None else np.ascontiguousarray(units.values_in(points, "1", "midpoints"))


def timeseries_rmse() -> Objective:
    """The root mean squared difference of the signals; lower is better."""
    return Objective("timeseries_rmse")


def fc_corr(as_loss: bool = False) -> Objective:
    """The correlation of the functional connectivities, without diagonals; higher is better."""
    return Objective("fc_corr", as_loss)


def fc_rmse() -> Objective:
    """The root mean squared difference of the functional connectivities; lower is better."""
    return Objective("fc_rmse")


def cosine_sim(as_loss: bool = False, epsilon: float = 0.0) -> Objective:
    """The cosine between the signals, whose lengths count as at least `epsilon`; higher is better."""
    return Objective("cosine_sim", as_loss, epsilon=epsilon)


def fcd(window_size: int = 30, step_size: int = 5, as_loss: bool = False) -> Objective:
    """The correlation of the functional connectivity dynamics of windows (samples); higher is better."""
    return Objective("fcd", as_loss, window_size=window_size, step_size=step_size)


def fcd_ks(window_size: int = 30, step_size: int = 5, midpoints: Any = None, bw_method: Any = None, n_diag: int = 1) -> Objective:
    """The Kolmogorov-Smirnov distance of the distributions of FCD entries; lower is better."""
    return Objective("fcd_ks", window_size=window_size, step_size=step_size, midpoints=midpoints, bw_method=bw_method, n_diag=n_diag)


def fcd_wasserstein(window_size: int = 30, step_size: int = 5, midpoints: Any = None, bw_method: Any = None, n_diag: int = 1) -> Objective:
    """The Wasserstein distance of the distributions of FCD entries; lower is better."""
    return Objective("fcd_wasserstein", window_size=window_size, step_size=step_size, midpoints=midpoints, bw_method=bw_method, n_diag=n_diag)


def fcd_distribution(fcd_matrix: Any, midpoints: Any = None, n_diag: int = 1, bw_method: Any = None, normalize: bool = True) -> Any:
    """Returns the density of the entries of an FCD matrix, on and above its diagonal `n_diag`, at `midpoints` (100 from -0.99 to 0.99 if not given).

    `bw_method` is `"scott"`, `"silverman"` or a factor; the density sums to 1 times the spacing unless `normalize` is `False`.
    """
    matrix = np.ascontiguousarray(units.matrix_in(fcd_matrix, "1", "the matrix"))
    factor = float(bw_method) if isinstance(bw_method, (int, float)) else None
    return _core.fcd_density(matrix, _points(midpoints), factor, bw_method == "silverman", n_diag, normalize)[1]


def ks_distance(p: Any, q: Any) -> float:
    """Returns the largest difference of the cumulative sums of two densities on the same points, each divided by its last entry."""
    p, q = (np.cumsum(units.values_in(density, "1", "a density")) for density in (p, q))
    return float(np.abs(p / p[-1] - q / q[-1]).max())


def wasserstein_1d(p: Any, q: Any, x: Any) -> float:
    """Returns the Wasserstein distance of two densities on evenly spaced points `x`."""
    p, q = (np.cumsum(units.values_in(density, "1", "a density")) for density in (p, q))
    points = units.values_in(x, "1", "x")
    return float((points[1] - points[0]) * np.abs(p / p[-1] - q / q[-1]).sum())


def combine(*weighted_objectives: tuple[float, Any]) -> Objective:
    """The weighted sum of objectives: `combine((2.0, timeseries_rmse()), (0.5, fc_corr(as_loss=True)))`."""
    parts = [(float(weight), objective) for weight, objective in weighted_objectives]
    if not parts:
        raise ValueError("combine needs at least one pair of weight and objective")
    return _Combined(parts)
