"""Layers of harmonic oscillators that read sequences, stacks of them with a readout, and their training.

    network = bm.HORNSeqNetwork(4, [32, 32], 2, seed=1)
    sequences, classes = bm.datasets.delayed_match_task(256)
    network.train(sequences, classes, epochs=20)

Sequences have the shape (time, input), or (time, item, input) where there are several; `train` takes (item, time, input), as datasets have them. Each
sequence begins at the initial states.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _core, units
from .errors import unknown_name
from .init import Initial, KaimingNormal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Epoch", "HORNSeqLayer", "HORNSeqNetwork"]

_RULES = ("adam", "adamw", "rmsprop", "sgd")


class Epoch(NamedTuple):
    """A pass of a training through all examples."""

    number: int
    """The number of the epoch, from 1."""
    loss: float
    """The mean loss over the batches, each before its step."""
    accuracy: float | None
    """The share of sequences that were put into their class; `None` where there are no classes."""
    held_out_loss: float | None
    """The loss on what is held out, after the epoch; `None` where nothing is."""
    held_out_accuracy: float | None
    """The accuracy on what is held out; `None` where nothing is, or where there are no classes."""
    rate: float
    """The learning rate of the last batch."""
    gradient: float
    """The mean Euclidean length of the gradient, before it was clipped."""


def _count(value: Any, what: str) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{what} must be a whole number, and {value!r} was given")
    if value < 1:
        raise ValueError(f"{what} is {value}; at least 1 is needed")
    return int(value)


def _drawn(value: Any, shape: tuple[int, ...], what: str, number: int) -> Any:
    """Returns an array of a shape: from numbers, or from a function of the shape. `number` tells arrays apart that are drawn with one seed."""
    if isinstance(value, Initial):
        value = value(shape, number)
    elif callable(value):
        value = value(shape)
    array = units.as_array(units.get_magnitude(value), what)
    if array.size == 1:
        return np.full(shape, float(array.reshape(())))
    if array.shape != shape:
        raise ValueError(f"{what} has shape {array.shape}; {shape} is needed")
    return np.ascontiguousarray(array)


class _Cells(NamedTuple):
    """What makes up a layer beside its size."""

    alpha: Any
    omega: Any
    gamma: Any
    v: Any
    x_init: Any
    y_init: Any
    delay_init: Any
    delay: Any
    rec_w_init: Any
    rec_b_init: Any
    inp_w_init: Any
    inp_b_init: Any
    gain: Any

    def layer(self, n_input: int, n_hidden: int, number: int) -> tuple[Any, dict[str, Any]]:
        """Returns what the compiled part makes a layer of, and the arrays that are set by name afterwards."""
        cells, first = (n_hidden,), 4 * number
        w_in = _drawn(self.inp_w_init, (n_input, n_hidden), "inp_w_init", first)
        w_rec = _drawn(self.rec_w_init, (n_hidden, n_hidden), "rec_w_init", first + 1)
        delays = None
        if self.delay is not None:
            delay = self.delay((n_hidden, n_hidden)) if callable(self.delay) else self.delay
            delays = _drawn(units.magnitude_in(delay, "ms", "delay"), (n_hidden, n_hidden), "delay", first)
        history = None if self.delay_init is None else _drawn(self.delay_init, cells, "delay_init", first)
        gain = None if self.gain is None else units.scalar_in(self.gain, "1", "gain")
        own = {"b_in": 0.0 if self.inp_b_init is None else self.inp_b_init, "b_rec": 0.0 if self.rec_b_init is None else self.rec_b_init}
        arrays = {name: _drawn(value, cells, name, first + 2) for name, value in own.items()}
        declared = {"alpha": "1/ms^2", "omega": "rad/ms", "gamma": "1/ms", "v": "1"}
        for name, unit in declared.items():
            # One value for all cells stays one, so that it is learned as one.
            array = units.values_in(getattr(self, name), unit, name)
            arrays[name] = array if array.size == 1 else _drawn(array, cells, name, first)
        for name, state in (("init_x", self.x_init), ("init_y", self.y_init)):
            array = _drawn(0.0 if state is None else state, cells, name, first + 3)
            arrays[name] = array[:1] if (array == array[0]).all() else array
        return (w_in, w_rec, delays, history, gain), arrays


class _Stack:
    """What layers and stacks of them have in common."""

    n_input: int
    """The number of inputs."""
    _sequence: _core.Sequence
    _dt: float
    _parts: tuple[Any, ...]

    def _build(self, layers: list[tuple[Any, dict[str, Any]]], readout: Any, dt: Any) -> None:
        from .models import MODELS

        self._dt = float(MODELS["HORNStep"].info["dt"]) if dt is None else units.scalar_in(dt, "ms", "dt")
        if self._dt <= 0:
            raise ValueError(f"dt is {self._dt} ms; it must be above 0")
        self._parts = ([layer for layer, _ in layers], readout)
        self._sequence = _core.Sequence(*self._parts)
        self.set_weights({f"layer{index + 1}.{name}": array for index, (_, arrays) in enumerate(layers) for name, array in arrays.items()})

    @property
    def dt(self) -> float:
        """The time of a step of a sequence in ms."""
        return self._dt

    @property
    def weights(self) -> dict[str, Any]:
        """Everything that can be learned, by name: `layer1.W_in`, `layer1.alpha`, ..., `W_out`; copies, which `set_weights` takes back.

        Weights have the source of a signal in rows and its target in columns.
        """
        return dict(self._sequence.weights())

    def set_weights(self, arrays: Mapping[str, Any]) -> None:
        """Sets some of `weights`; names that there are not, other shapes and NaN are a `ValueError`, after which nothing has changed."""
        self._sequence.set([(str(name), units.as_array(units.get_magnitude(array), f"`{name}`")) for name, array in arrays.items()])

    def _batch(self, inputs: Any) -> tuple[Any, bool]:
        """Returns sequences as (item, time, input), and whether it was one without the axis of items."""
        array = units.as_array(units.get_magnitude(inputs), "the sequence")
        if array.ndim not in (2, 3) or array.shape[-1] != self.n_input:
            raise ValueError(f"the sequence has shape {array.shape}; (time, {self.n_input}) or (time, item, {self.n_input}) is needed")
        alone = array.ndim == 2
        return (array[None] if alone else np.moveaxis(array, 1, 0)), alone

    def _states(self, inputs: Any) -> tuple[list[dict[str, Any]], Any]:
        """Returns the states of each layer, of shape (time, cell) or (time, item, cell), and the outputs."""
        batch, alone = self._batch(inputs)
        runs = self._sequence.states(batch, self._dt)
        if alone:
            return list(runs[0][0]), runs[0][1]
        count = len(runs[0][0])
        layers = [{name: np.stack([layers[index][name] for layers, _ in runs], axis=1) for name in runs[0][0][index]} for index in range(count)]
        return layers, np.stack([output for _, output in runs])

    def value_and_grad(self, inputs: Any, loss: Callable[[Any], tuple[float, Any]]) -> tuple[float, dict[str, Any]]:
        """Returns the value of a loss and its derivatives by all `weights`, exact to rounding.

        `loss` gets the outputs, shape (item, output), with one item for a single sequence, and returns its value and its derivatives by them. An exception in it
        comes out as it is.
        """
        batch, _ = self._batch(inputs)

        def checked(outputs: Any) -> tuple[float, Any]:
            answer = loss(outputs)
            if not isinstance(answer, tuple) or len(answer) != 2:
                raise TypeError(f"a loss must return its value and its derivatives by the outputs, and {type(answer).__name__} came")
            value, derivatives = answer
            derivatives = units.as_array(derivatives, "the derivatives by the outputs")
            if derivatives.shape != outputs.shape:
                raise ValueError(f"the derivatives by the outputs have shape {derivatives.shape}, and the outputs {outputs.shape}")
            return units.scalar_in(value, "1", "the loss"), np.ascontiguousarray(derivatives)

        value, derivatives = self._sequence.gradient(batch, self._dt, checked)
        return value, dict(derivatives)

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in ("_sequence", "layers")}
        return {**kept, "weights": self.weights}

    def __setstate__(self, state: dict[str, Any]) -> None:
        weights = state.pop("weights")
        self.__dict__.update(state)
        self._sequence = _core.Sequence(*self._parts)
        self.set_weights(weights)


class HORNSeqLayer(_Stack):
    """A layer of harmonic oscillators that reads a sequence.

    The cells are driven by `s W_in + b_in + gain (y W_rec + b_rec)`, where s is a row of the sequence and y their velocities before the step, or the delay ago.

    Parameters
    ----------
    n_input : int
        The number of inputs.
    n_hidden : int
        The number of oscillators.
    alpha, omega, gamma, v : number or (cell,) array
        The parameters of `HORNStep`, in 1/ms^2, rad/ms, 1/ms and 1.
    delay_init : number or (cell,) array, optional
        The velocities before the sequence, where there are delays; as at its start if not given.
    x_init, y_init : number, (cell,) array or callable of a shape
        The initial states.
    delay : number, quantity, (from, to) array or callable of a shape, optional
        The delays of the recurrent connections in ms.
    rec_w_init, inp_w_init : array or callable of a shape
        The weights `W_rec`, shape (from, to), and `W_in`, shape (input, cell); drawn with a variance of 2 by the number of rows if not given.
    rec_b_init, inp_b_init : number, (cell,) array, callable of a shape or None
        The biases `b_rec` and `b_in`; `None` stands for none.
    gain : number, optional
        The factor on the recurrent sum; 1/sqrt(cells) if not given. The Python package has 1.
    dt : number or quantity, optional
        The time of a step of the sequence, in ms; that of `HORNStep` if not given.
    seed : int, optional
        The seed of the weights; without one they differ from program to program.
    """

    def __init__(
        self,
        n_input: int,
        n_hidden: int,
        alpha: Any = 0.04,
        omega: Any = 2.0 * math.pi / 28.0,
        gamma: Any = 0.01,
        v: Any = 0.0,
        delay_init: Any = None,
        x_init: Any = 0.0,
        y_init: Any = 0.0,
        delay: Any = None,
        rec_w_init: Any = None,
        rec_b_init: Any = 0.0,
        inp_w_init: Any = None,
        inp_b_init: Any = 0.0,
        *,
        gain: Any = None,
        dt: Any = None,
        seed: int | None = None,
    ) -> None:
        self.n_input, self.n_hidden = _count(n_input, "n_input"), _count(n_hidden, "n_hidden")
        drawn = KaimingNormal(seed)
        cells = _Cells(
            alpha, omega, gamma, v, x_init, y_init, delay_init, delay, drawn if rec_w_init is None else rec_w_init, rec_b_init,
            drawn if inp_w_init is None else inp_w_init, inp_b_init, gain,
        )  # fmt: skip
        self._build([cells.layer(self.n_input, self.n_hidden, 0)], None, dt)

    def update(self, inputs: Any, record_state: bool = False) -> Any:
        """Reads sequences of shape (time, input) or (time, item, input), and returns the positions of the cells after each step, shape (time, cell) or
        (time, item, cell).

        With `record_state` it returns a dict of the states `x` and `y`, and the positions.
        """
        (states,), _ = self._states(inputs)
        return (states, states["x"]) if record_state else states["x"]

    __call__ = update

    def __repr__(self) -> str:
        return f"HORNSeqLayer({self.n_input}, {self.n_hidden}, dt={self._dt:g} ms)"


class HORNSeqNetwork(_Stack):
    """A stack of layers of harmonic oscillators, of which each reads the positions of the one below, with a linear readout of the last one at the end of the
    sequence.

    Parameters
    ----------
    n_input, n_output : int
        The numbers of inputs and outputs.
    n_hidden : int or sequence of int
        The number of oscillators of each layer.
    alpha, omega, gamma, v, x_init, y_init, delay_init, delay, rec_w_init, rec_b_init, inp_w_init, inp_b_init, gain, dt, seed
        What all layers take, see `HORNSeqLayer`; the readout has the weights and biases of an input.
    """

    def __init__(
        self,
        n_input: int,
        n_hidden: int | Sequence[int],
        n_output: int,
        alpha: Any = 0.04,
        omega: Any = 2.0 * math.pi / 28.0,
        gamma: Any = 0.01,
        v: Any = 0.0,
        x_init: Any = 0.0,
        y_init: Any = 0.0,
        delay_init: Any = None,
        delay: Any = None,
        rec_w_init: Any = None,
        rec_b_init: Any = 0.0,
        inp_w_init: Any = None,
        inp_b_init: Any = 0.0,
        *,
        gain: Any = None,
        dt: Any = None,
        seed: int | None = None,
    ) -> None:
        self.n_input, self.n_output = _count(n_input, "n_input"), _count(n_output, "n_output")
        sizes = [n_hidden] if isinstance(n_hidden, (int, np.integer)) else list(n_hidden)
        if not sizes:
            raise ValueError("n_hidden is empty; a network needs at least one layer")
        self.n_hidden = [_count(size, "n_hidden") for size in sizes]
        drawn = KaimingNormal(seed)
        inp_w_init = drawn if inp_w_init is None else inp_w_init
        cells = _Cells(
            alpha, omega, gamma, v, x_init, y_init, delay_init, delay, drawn if rec_w_init is None else rec_w_init, rec_b_init, inp_w_init, inp_b_init, gain
        )
        below = [self.n_input, *self.n_hidden]
        layers = [cells.layer(below[index], size, index) for index, size in enumerate(self.n_hidden)]
        last = 4 * len(layers)
        readout = (
            _drawn(inp_w_init, (self.n_hidden[-1], self.n_output), "inp_w_init", last),
            _drawn(0.0 if inp_b_init is None else inp_b_init, (self.n_output,), "inp_b_init", last + 1),
        )
        self._build(layers, readout, dt)

    def update(self, inputs: Any) -> Any:
        """Reads sequences of shape (time, input) or (time, item, input), and returns the outputs at their end, shape (output,) or (item, output)."""
        batch, alone = self._batch(inputs)
        outputs = self._sequence.outputs(batch, self._dt)
        return outputs[0] if alone else outputs

    __call__ = update

    def hidden_activation(self, inputs: Any) -> list[Any]:
        """Reads sequences and returns the positions of the cells of each layer after each step, shape (time, cell) or (time, item, cell)."""
        return [states["x"] for states in self._states(inputs)[0]]

    def train(
        self,
        inputs: Any,
        targets: Any,
        *,
        held_out: tuple[Any, Any] | None = None,
        epochs: int = 20,
        batch: int = 32,
        rate: float = 1e-3,
        rule: str = "adam",
        decay: float = 0.01,
        clip: float | None = None,
        seed: int = 0,
        learn: Iterable[str] | None = None,
        memory: int | None = None,
        progress: Any = None,
    ) -> list[Epoch]:
        """Learns examples, and returns the epochs.

        Parameters
        ----------
        inputs : (item, time, input) array
            The sequences.
        targets : (item,) array of int, or (item, output) array
            The class of each, from 0, whose loss is the cross-entropy; or the outputs that are wanted, whose loss is the mean square of the differences.
        held_out : tuple of such inputs and targets, optional
            What is tested after each epoch, and not learned.
        epochs, batch : int
            The number of passes through all examples, and of the sequences of a step.
        rate : number
            The learning rate.
        rule : str
            `adam`, `adamw` (with `decay`), `rmsprop` or `sgd` (with a momentum of 0.9).
        clip : number, optional
            The greatest Euclidean length of a gradient.
        seed : int
            The seed of the order of the examples; the same gives the same bits.
        learn : iterable of str, optional
            Names of `weights`, or what stands behind their dot for all layers; weights and biases if not given.
        memory : int, optional
            The bytes that a batch may take; 1 GiB if not given.
        progress : callable or True, optional
            Called some times a second with the epochs done and the epochs in all; the training stops when it returns `False`. `True` shows a bar of tqdm.

        Ctrl-C stops after a batch, and keeps what was learned.
        """
        from .simulator import _listening, _whole

        if rule not in _RULES:
            raise ValueError(unknown_name("update rule", str(rule), "a training", _RULES))
        settings: dict[str, Any] = {
            "dt": self._dt,
            "epochs": _whole(epochs, "epochs", 1, 2**31),
            "batch": _whole(batch, "batch", 1, 2**31),
            "rate": units.scalar_in(rate, "1", "rate"),
            "rule": rule,
            "decay": units.scalar_in(decay, "1", "decay"),
            "seed": _whole(seed, "seed", 0, 2**64 - 1),
        }
        if clip is not None:
            settings["clip"] = units.scalar_in(clip, "1", "clip")
        if learn is not None:
            settings["learn"] = [learn] if isinstance(learn, str) else [str(name) for name in learn]
        if memory is not None:
            settings["memory"] = _whole(memory, "memory", 1, 2**63)
        learned = self._examples(inputs, targets)
        tested = None if held_out is None else self._examples(*held_out)
        with _listening(progress, "epochs") as listener:
            return [Epoch(*row) for row in self._sequence.train(learned, tested, settings, listener)]

    def _examples(self, inputs: Any, targets: Any) -> tuple[Any, list[int] | None, Any]:
        """Returns examples as the compiled part takes them: sequences, and classes or values."""
        sequences = units.as_array(units.get_magnitude(inputs), "the sequences")
        if sequences.ndim != 3 or sequences.shape[2] != self.n_input:
            raise ValueError(f"the sequences have shape {sequences.shape}; (item, time, {self.n_input}) is needed")
        given = np.asarray(units.get_magnitude(targets))
        if given.ndim == 1 and given.dtype.kind in "iub":
            if given.size and given.min() < 0:
                raise ValueError(f"a class is {given.min()}; classes are counted from 0")
            return sequences, given.astype(np.int64).tolist(), None
        values = units.as_array(given, "the targets")
        if values.ndim != 2 or values.shape[1] != self.n_output:
            raise ValueError(f"the targets have shape {values.shape}; whole numbers of shape (item,), or (item, {self.n_output}), are needed")
        return sequences, None, values

    def __repr__(self) -> str:
        return f"HORNSeqNetwork({self.n_input}, {self.n_hidden}, {self.n_output}, dt={self._dt:g} ms)"
