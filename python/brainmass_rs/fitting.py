"""Fits: the numbers of a simulation with which its loss is least."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import unknown_name
from .gradients import loss_of
from .simulator import Simulator, _listening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FitResult", "Fitter", "Param", "search_methods"]

_TRANSFORMS = {"identity": 0, "softplus": 1, "exp": 1, "sigmoid": 2, "clip": 2}
_PRIORS = {"l1": 1, "l2": 1, "gaussian": 2}


class Param:
    """A number that is fitted, or one a node.

    `value` is where the search begins; `bounds` are its limits, which searches without gradient need, and within which a gradient moves by a sigmoid;
    `transform` is a name with its numbers, `("softplus", 0.0)`, `("exp", 0.0)`, `("sigmoid", 0.0, 1.0)` or `("clip", 0.0, 1.0)`; `prior` is `("l1", weight)`,
    `("l2", weight)` or `("gaussian", mean, deviation)`, added to the loss; `fit=False` keeps the value; `scale` is how far the search looks at first.
    """

    def __init__(
        self,
        value: Any,
        *,
        bounds: tuple[float, float] | None = None,
        transform: tuple[Any, ...] | str | None = None,
        prior: tuple[Any, ...] | None = None,
        fit: bool = True,
        scale: float | None = None,
    ) -> None:
        self.value, self.bounds, self.fit, self.scale = value, bounds, fit, scale
        self.transform = _checked("transform", transform, _TRANSFORMS)
        self.prior = _checked("prior", prior, _PRIORS)
        if bounds is not None and not (len(bounds) == 2 and bounds[0] < bounds[1]):
            raise ValueError(f"bounds are {bounds}; a lower and a higher number are needed")

    def _given(self, name: str, unit: str) -> tuple[Any, ...]:
        value = units.values_in(self.value, unit, f"`{name}`")
        bounds = None
        if self.bounds is not None:
            low, high = (units.scalar_in(bound, unit, f"a bound of `{name}`") for bound in self.bounds)
            bounds = (low, high)
        transform = self.transform
        if transform is None and bounds is not None:
            transform = ("sigmoid", list(bounds))
        return (name, value, self.fit, transform, bounds, self.prior, self.scale)

    def __repr__(self) -> str:
        settings = (f"{name}={value!r}" for name, value in vars(self).items() if value is not None and name != "value")
        return f"Param({self.value!r}, {', '.join(settings)})"


def _checked(what: str, given: Any, known: Mapping[str, int]) -> tuple[str, list[float]] | None:
    """Returns a transform or a prior as its name and numbers."""
    if given is None:
        return None
    name, *numbers = (given,) if isinstance(given, str) else given
    if name not in known:
        raise ValueError(unknown_name(what, str(name), "the package", known))
    if len(numbers) != known[name]:
        raise ValueError(f"the {what} `{name}` takes {known[name]} numbers, and {len(numbers)} were given")
    return name, [float(number) for number in numbers]


def search_methods() -> list[dict[str, Any]]:
    """Returns the search methods: name, what they do, whether they need a gradient or bounds, and their settings."""
    methods: list[dict[str, Any]] = json.loads(_core.search_methods())
    return methods


class FitResult:
    """The outcome of a fit."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.best_params: dict[str, Any] = {name: float(array[0]) if array.size == 1 else array for name, array in told["best"]}
        """The numbers with which the loss was least, in declared units."""
        self.best_loss: float = told["loss"]
        """The least loss, priors included."""
        self.method: str = told["method"]
        """The search method."""
        self.rows: list[tuple[int, int, float | None, float | None, int]] = told["history"]
        """A row an iteration: start, iteration, its loss, the best one until then, evaluations."""
        self.history: list[float] = [np.nan if row[2] is None else row[2] for row in self.rows]
        """The loss of each iteration; NaN where every candidate failed."""
        self.warnings: list[str] = told["warnings"]
        """What may not be meant."""
        self.evaluations: int = told["evaluations"]
        """The number of runs."""
        self.json: str = told["json"]
        """All of it as JSON, as the command writes it."""

    @property
    def n_steps(self) -> int:
        """The number of iterations."""
        return len(self.rows)

    def __repr__(self) -> str:
        return f"FitResult({self.method}, best_loss={self.best_loss:.6g}, {self.best_params})"


class Fitter:
    """Fits numbers of a simulation.

    Parameters
    ----------
    sim : Simulator
        What is run for each candidate.
    params : dict of Param
        The numbers by their names (`sim.setting_names`); a plain pair of numbers stands for bounds.
    loss : Comparison or callable
        `objectives.fc_corr(as_loss=True).against(target, of="x")`, or a function of the records that returns a number, or a number and the derivatives by records.
    duration : number or quantity
        The time of each run, in ms.
    method : str
        `adam`, `adamw`, `rmsprop`, `sgd`, `lbfgs`, which need derivatives; `nelder_mead`, `cma_es`, `differential_evolution`, `pso`, which do not. `search_methods()`
        lists them with their settings, which are given by `settings`.
    run : dict, optional
        Further keywords of `Simulator.run`: monitors, inputs, transient, sample_every.
    """

    def __init__(
        self,
        sim: Simulator,
        params: Mapping[str, Any],
        loss: Callable[..., Any],
        duration: Any,
        *,
        method: str = "adam",
        settings: Mapping[str, float] | None = None,
        run: Mapping[str, Any] | None = None,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        if not isinstance(sim, Simulator):
            raise TypeError(f"a fit needs a Simulator, and {type(sim).__name__} was given")
        if not callable(loss):
            raise TypeError(f"the loss must be a function of the records, and {type(loss).__name__} was given")
        known = {entry["name"]: entry for entry in search_methods()}
        if method not in known:
            raise ValueError(unknown_name("search method", method, "the package", known))
        self.sim, self.loss, self.method, self.seed, self.threads = sim, loss, method, seed, threads
        self.duration = units.scalar_in(duration, "ms", "duration")
        self.settings = {name: float(value) for name, value in (settings or {}).items()}
        self.run = dict(run or {})
        names = sim.setting_names
        self.params: dict[str, Param] = {}
        for name, param in params.items():
            if name not in names:
                raise ValueError(unknown_name("setting", name, "the simulation", names))
            if isinstance(param, tuple):
                param = Param(0.5 * (param[0] + param[1]), bounds=param)
            if not isinstance(param, Param):
                raise TypeError(f"`{name}` must be a Param, or a pair of bounds, and {type(param).__name__} was given")
            self.params[name] = param

    def fit(
        self, n_steps: int = 100, *, starts: int = 1, target: float | None = None, patience: int | None = None, progress: Any = None
    ) -> FitResult:
        """Searches for at most `n_steps` iterations from each of `starts` points.

        It ends early at the loss `target`, or after `patience` iterations without a better one. `progress` is as that of `Simulator.run`, in iterations. An exception
        inside the loss comes out as it is where every candidate fails by it.
        """
        settings = {"inputs": None, "monitors": None, "transient": None, "sample_every": None, "most_steps": None, **self.run}
        made, signals = self.sim._made(self.duration, **settings)
        params = [param._given(name, self.sim.setting_unit(name)) for name, param in self.params.items()]
        failures: list[BaseException] = []
        inner = loss_of(self.loss, signals)

        def loss(recorded: Any) -> Any:
            try:
                return inner(recorded)
            except BaseException as error:
                failures.append(error)
                raise

        with _listening(progress, "iterations") as listener:
            try:
                told = _core.fit(
                    made, params, self.duration, loss, self.method, list(self.settings.items()), n_steps, starts, self.seed, target, patience,
                    self.threads, listener,
                )  # fmt: skip
            except ValueError as error:
                if failures:
                    raise failures[0] from error
                raise
        return FitResult(told)
