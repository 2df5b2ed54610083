"""Gradients: derivatives of a loss by numbers of a simulation, exact to rounding, by going back through the run.

    gradient = sim.value_and_grad(objectives.timeseries_rmse().against(target, of="x"), ["a", "k"], 100 * u.ms, monitors=["x"])
    gradient.value, gradient["a"]

`as_jax` and `as_torch` make functions of a simulation, which programs of jax and torch differentiate through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import ended, unknown_name
from .results import Run
from .signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .simulator import Simulator

__all__ = ["Gradient", "as_jax", "as_torch", "value_and_grad"]


class Gradient:
    """The value of a loss and its derivatives: `gradient["a"]` is a number, or an array with one a node. It unpacks into value and dict."""

    def __init__(self, value: float, derivatives: dict[str, Any], run: Run) -> None:
        self.value, self.derivatives, self.run = value, derivatives, run

    def __getitem__(self, name: str) -> Any:
        if name not in self.derivatives:
            raise KeyError(unknown_name("derivative", name, "the gradient", self.derivatives))
        return self.derivatives[name]

    def __iter__(self) -> Iterator[Any]:
        return iter((self.value, self.derivatives))

    def __repr__(self) -> str:
        return f"Gradient({self.value!r}, {self.derivatives!r})"


def loss_of(loss: Any, signals: dict[str, Signal]) -> Callable[[Any], tuple[float, list[tuple[str, Any]]]]:
    """Returns the function that the compiled part calls: it takes what was recorded, and gives the value and the derivatives by that.

    Records that are expressions are computed before the loss sees them, and their derivatives are passed on to what they are made of.
    """

    def call(recorded: list[tuple[str, str, Any, Any]]) -> tuple[float, list[tuple[str, Any]]]:
        arrays = {name: array for name, _, _, array in recorded}
        times = {name: ts for name, _, ts, _ in recorded}
        records: dict[str, Any] = {name: signal.evaluate(arrays) for name, signal in signals.items()}
        first = next(iter(times.values()), np.empty(0))
        answer = loss({**records, "ts": first})
        if not isinstance(answer, tuple):
            answer = (answer, {})
        if len(answer) != 2 or not hasattr(answer[1], "items"):
            raise TypeError("a loss must return a number, or a tuple of a number and a dict of derivatives by records")
        value, derivatives = answer
        if np.ndim(value) or not np.asarray(value).dtype.kind in "fiub":
            raise TypeError(f"a loss must return a number, or a number and the derivatives by records, and its value is {value!r}")
        pulled: dict[str, Any] = {}
        for name, adjoint in derivatives.items():
            if name not in signals:
                raise ValueError(unknown_name("record", str(name), "the run", signals))
            adjoint = units.as_array(adjoint, f"the derivatives by `{name}`")
            shape = np.shape(records[name])
            if adjoint.shape != shape:
                raise ValueError(f"the derivatives by `{name}` have shape {adjoint.shape}, and the record has {shape}")
            signals[name].pull(arrays, adjoint, pulled)
        return float(value), [(name, np.ascontiguousarray(adjoint)) for name, adjoint in pulled.items()]

    return call


def value_and_grad(
    sim: Simulator,
    loss: Any,
    wrt: str | Sequence[str],
    duration: Any,
    *,
    inputs: Any = None,
    monitors: Any = None,
    transient: Any = None,
    sample_every: Any = None,
    most_steps: int | None = None,
) -> Gradient:
    """Runs a simulation for `duration` (ms) and returns the value of a loss with its derivatives by the numbers that `wrt` names.

    `loss` gets the records by name, with `ts`, and returns the value and a dict of its derivatives by records, of their shapes. Objectives do so by themselves:
    `objectives.fc_corr(as_loss=True).against(target)`. Names are those of `sim.setting_names`, and `weights`. An exception inside the loss comes out as it is.
    """
    time = units.scalar_in(duration, "ms", "duration")
    if wrt is None:
        raise TypeError("wrt must be the names of what the loss is differentiated by, as in wrt=['a'], and None was given")
    names = [wrt] if isinstance(wrt, str) else [str(name) for name in wrt]
    if not names:
        raise ValueError("say by what the loss is to be differentiated, as in wrt=['a']")
    made, signals = sim._made(time, inputs, monitors, transient, sample_every, most_steps)
    try:
        value, parts, told = _core.gradient(made, time, names, loss_of(loss, signals))
    except _core.Ended as error:
        raise ended(error, lambda told: sim._told(told, signals)) from None
    derivatives = {name: float(array[0]) if array.size == 1 else array for name, array in parts}
    return Gradient(value, derivatives, sim._told(told, signals))


class _Through:
    """A simulation as a function of numbers, of which the derivatives are known."""

    def __init__(self, sim: Simulator, wrt: Sequence[str], duration: Any, settings: dict[str, Any]) -> None:
        self.sim, self.names, self.settings = sim, list(wrt), settings
        self.time = units.scalar_in(duration, "ms", "duration")

    def _prepared(self, values: Sequence[Any]) -> tuple[_core.Simulator, dict[str, Signal]]:
        settings = {"inputs": None, "monitors": None, "transient": None, "sample_every": None, "most_steps": None, **self.settings}
        made, signals = self.sim._made(self.time, **settings)
        for name, value in zip(self.names, values, strict=True):
            made.set(name, units.values_in(np.asarray(value, dtype=np.float64), "1", f"`{name}`"))
        return made, signals

    def forward(self, *values: Any) -> dict[str, Any]:
        """Returns the records of the run with these numbers."""
        made, signals = self._prepared(values)
        try:
            run = self.sim._told(made.run(self.time, None), signals)
        except _core.Ended as error:
            raise ended(error, lambda told: self.sim._told(told, signals)) from None
        return {name: run[name] for name in signals}

    def backward(self, values: Sequence[Any], adjoints: dict[str, Any]) -> list[Any]:
        """Returns the derivatives by the numbers, given those by the records."""
        made, signals = self._prepared(values)
        given = {name: np.asarray(adjoint, dtype=np.float64) for name, adjoint in adjoints.items()}
        try:
            _, parts, _ = _core.gradient(made, self.time, self.names, loss_of(lambda _: (0.0, given), signals))
        except _core.Ended as error:
            raise ended(error, lambda told: self.sim._told(told, signals)) from None
        found = dict(parts)
        reshaped = []
        for name, value in zip(self.names, values, strict=True):
            array = found[name]
            # A number that all nodes share has the sum of their derivatives.
            reshaped.append(np.reshape(array if array.size == np.size(value) else array.sum(), np.shape(value)))
        return reshaped


def as_jax(sim: Simulator, wrt: Sequence[str], duration: Any, **settings: Any) -> Callable[..., Any]:
    """Returns a function of jax arrays, one for each name of `wrt`, that gives the records by name and can be differentiated in reverse mode.

    It may stand inside `jax.grad` and, by a callback, inside `jax.jit` and `jax.vmap`, which runs one after the other; jax must be installed. Numbers are in declared units, `settings` are those of `run`.
    """
    import jax
    import jax.numpy as jnp

    through = _Through(sim, wrt, duration, settings)

    def shapes(values: Sequence[Any]) -> Any:
        # A short look at what a run gives: its shapes do not depend on the numbers.
        if not hasattr(through, "shapes"):
            records = through.forward(*[np.zeros(np.shape(value)) + sim_value(name) for name, value in zip(through.names, values, strict=True)])
            through.shapes = {name: np.shape(array) for name, array in records.items()}  # type: ignore[attr-defined]
        return through.shapes  # type: ignore[attr-defined]

    def sim_value(name: str) -> Any:
        from .simulator import _network_of

        try:
            return _network_of(sim.model, sim._models).get(name)
        except ValueError:
            return 0.0

    def run(*values: Any) -> Any:
        kind = jnp.result_type(float)
        out = {name: jax.ShapeDtypeStruct(shape, kind) for name, shape in shapes(values).items()}

        def host(*values: Any) -> Any:
            records = through.forward(*[np.asarray(value) for value in values])
            return {name: np.asarray(array, dtype=kind) for name, array in records.items()}

        return jax.pure_callback(host, out, *values, vmap_method="sequential")

    @jax.custom_vjp  # type: ignore[untyped-decorator]
    def simulate(*values: Any) -> Any:
        return run(*values)

    def forward(*values: Any) -> Any:
        return run(*values), values

    def backward(values: Any, adjoints: Any) -> Any:
        out = tuple(jax.ShapeDtypeStruct(jnp.shape(value), jnp.result_type(value)) for value in values)

        def host(values: Any, adjoints: Any) -> Any:
            parts = through.backward([np.asarray(value) for value in values], adjoints)
            return tuple(np.asarray(part, dtype=kind.dtype) for part, kind in zip(parts, out, strict=True))

        return jax.pure_callback(host, out, values, adjoints, vmap_method="sequential")

    simulate.defvjp(forward, backward)
    return simulate  # type: ignore[no-any-return]


def as_torch(sim: Simulator, wrt: Sequence[str], duration: Any, **settings: Any) -> Callable[..., Any]:
    """Returns a function of torch tensors, one for each name of `wrt`, that gives the records by name and can be differentiated by `backward()`.

    torch must be installed. Numbers are in declared units, `settings` are those of `run`.
    """
    import torch

    through = _Through(sim, wrt, duration, settings)
    names: list[str] = []

    class Simulate(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, *values: Any) -> Any:
            ctx.save_for_backward(*values)
            records = through.forward(*[value.detach().cpu().numpy() for value in values])
            names[:] = list(records)
            # Where the numbers are, and of their kind.
            like = values[0]
            return tuple(torch.from_numpy(np.ascontiguousarray(array)).to(device=like.device, dtype=like.dtype) for array in records.values())

        @staticmethod
        def backward(ctx: Any, *adjoints: Any) -> Any:
            values = [value.detach().cpu().numpy() for value in ctx.saved_tensors]
            given = {name: adjoint.detach().cpu().numpy() for name, adjoint in zip(names, adjoints, strict=True) if adjoint is not None}
            parts = through.backward(values, given)
            return tuple(torch.as_tensor(part, dtype=value.dtype, device=value.device) for part, value in zip(parts, ctx.saved_tensors, strict=True))

    def simulate(*values: Any) -> dict[str, Any]:
        records = Simulate.apply(*values)
        return dict(zip(names, records, strict=True))

    return simulate
