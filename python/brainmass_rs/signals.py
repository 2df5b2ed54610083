"""Signals: what can be recorded of a model, and expressions of it, which are written down once and computed of whole records.

`model.E - model.I` is no number but an expression of two signals. A simulation records what it needs and evaluates it once, after the run; a lambda
that makes one is called once, before the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import units
from .units import Quantity, Unit, factor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Signal"]

# The derivatives of functions of one argument, by the argument and the value.
_DERIVATIVES: dict[str, Callable[[Any, Any], Any]] = {
    "exp": lambda x, y: y,
    "expm1": lambda x, y: y + 1,
    "log": lambda x, y: 1 / x,
    "log1p": lambda x, y: 1 / (1 + x),
    "log10": lambda x, y: 1 / (x * np.log(10.0)),
    "sqrt": lambda x, y: 0.5 / y,
    "square": lambda x, y: 2 * x,
    "sin": lambda x, y: np.cos(x),
    "cos": lambda x, y: -np.sin(x),
    "tan": lambda x, y: 1 + y * y,
    "tanh": lambda x, y: 1 - y * y,
    "sinh": lambda x, y: np.cosh(x),
    "cosh": lambda x, y: np.sinh(x),
    "arctan": lambda x, y: 1 / (1 + x * x),
    "negative": lambda x, y: -np.ones_like(x),
    "absolute": lambda x, y: np.sign(x),
    "sign": lambda x, y: np.zeros_like(x),
}

# Functions whose value has the unit of their argument.
_LINEAR = ("negative", "absolute")


class Signal:
    """A state, observable or input of a model, or an expression of some.

    `+ - * / **`, `abs`, functions of numpy such as `np.tanh`, a choice of nodes (`m.x[3]`, `m.x[:10]`), `mean()` and `sum()` over nodes make further
    signals. Units are checked as the expression is written: a sum of mV and Hz is a `ValueError`.
    """

    __slots__ = ("arguments", "operation", "unit")
    __array_priority__ = 200.0

    def __init__(self, operation: Any, arguments: tuple[Any, ...], unit: str) -> None:
        self.operation = operation
        self.arguments = arguments
        self.unit = unit
        """The unit of its values."""

    @classmethod
    def leaf(cls, name: str, unit: str) -> Signal:
        """Makes the signal of a name."""
        return cls("leaf", (name,), unit)

    @property
    def value(self) -> Signal:
        """The signal itself, because the Python package writes `m.x.value`."""
        return self

    def __call__(self) -> Signal:
        """Returns the signal itself, because observables are written as methods, `m.eeg()`."""
        return self

    @property
    def name(self) -> str | None:
        """The name of what is recorded; `None` for an expression."""
        return self.arguments[0] if self.operation == "leaf" else None

    def leaves(self) -> list[str]:
        """The names of the signals that the expression is made of, each once."""
        if self.operation == "leaf":
            return [self.arguments[0]]
        names: list[str] = []
        for argument in self.arguments:
            if isinstance(argument, Signal):
                names += [name for name in argument.leaves() if name not in names]
        return names

    def __repr__(self) -> str:
        if self.operation == "leaf":
            return str(self.arguments[0])
        name = self.operation if isinstance(self.operation, str) else self.operation.__name__
        return f"{name}({', '.join(map(repr, self.arguments))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Signal, (self.operation, self.arguments, self.unit))

    # Making expressions

    def _of(self, ufunc: Any, *arguments: Any) -> Signal:
        return Signal(ufunc, arguments, "1")

    def _converted(self, other: Any, unit: str) -> Any:
        """Returns another operand as a signal or plain numbers in a unit."""
        if isinstance(other, Signal):
            scale = factor(other.unit, unit)
            return other if scale == 1.0 else Signal(np.multiply, (other, scale), unit)
        return units.magnitude_in(other, unit, "what is added to a signal", plain="1")

    def _sum(self, ufunc: Any, left: Any, right: Any) -> Signal:
        # A sum is in the unit of its first signal.
        unit = left.unit if isinstance(left, Signal) else right.unit
        try:
            return Signal(ufunc, (self._converted(left, unit), self._converted(right, unit)), unit)
        except ValueError as error:
            raise ValueError(f"{left!r} and {right!r} cannot be added: {error}") from None

    @staticmethod
    def _split(value: Any) -> tuple[Any, str]:
        """Returns an operand and its unit."""
        value = units.own(value)
        if isinstance(value, Signal):
            return value, value.unit
        if isinstance(value, Quantity):
            return value.magnitude, value.unit
        return units.as_array(value, "what a signal is multiplied by") if not isinstance(value, (int, float)) else value, "1"

    def _times_unit(self, unit: Unit) -> Signal:
        return Signal(np.multiply, (self, 1.0), units._product(self.unit, unit.text))

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(f"the signal {self!r} has no values before the run; record it and use the record")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method != "__call__" or keywords:
            raise TypeError(f"numpy's {ufunc.__name__}.{method} of a signal is not known before the run; record the signal and compute it afterwards")
        name = ufunc.__name__
        if name in ("add", "subtract", "maximum", "minimum"):
            return self._sum(ufunc, *inputs)
        if name in ("multiply", "divide"):
            (left, one), (right, other) = map(self._split, inputs)
            join = units._product if name == "multiply" else units._quotient
            return Signal(ufunc, (left, right), join(one, other))
        if name == "power":
            base, exponent = inputs
            if isinstance(exponent, (int, float)) and isinstance(base, Signal):
                return Signal(ufunc, (base, float(exponent)), units._power(base.unit, exponent))
            return Signal(ufunc, tuple(self._pure(value, name) for value in inputs), "1")
        if name in _LINEAR:
            return Signal(ufunc, inputs, self.unit)
        if name in ("sqrt", "square"):
            return Signal(ufunc, inputs, units._power(self.unit, 0.5 if name == "sqrt" else 2.0))
        if name in _DERIVATIVES and len(inputs) == 1:
            return Signal(ufunc, (self._pure(inputs[0], name),), "1")
        raise TypeError(f"numpy's {name} of a signal is not known before the run; record the signal and compute it afterwards")

    def _pure(self, value: Any, name: str) -> Any:
        """Returns an operand that is a pure number; one with a unit is a `ValueError`."""
        if not isinstance(value, Signal):
            return units.magnitude_in(value, "1", f"the argument of {name}")
        try:
            scale = factor(value.unit, "1")
        except ValueError:
            raise ValueError(f"{name} needs a pure number, and {value!r} is in {value.unit}; divide it by a unit first") from None
        return value if scale == 1.0 else Signal(np.multiply, (value, scale), "1")

    def __add__(self, other: Any) -> Signal:
        return self._sum(np.add, self, other)

    def __radd__(self, other: Any) -> Signal:
        return self._sum(np.add, other, self)

    def __sub__(self, other: Any) -> Signal:
        return self._sum(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Signal:
        return self._sum(np.subtract, other, self)

    def __mul__(self, other: Any) -> Signal:
        if isinstance(other, Unit):
            return self._times_unit(other)
        result: Signal = self.__array_ufunc__(np.multiply, "__call__", self, other)
        return result

    def __rmul__(self, other: Any) -> Signal:
        product: Signal = self * other
        return product

    def __truediv__(self, other: Any) -> Signal:
        if isinstance(other, Unit):
            return Signal(np.multiply, (self, 1.0), units._quotient(self.unit, other.text))
        result: Signal = self.__array_ufunc__(np.divide, "__call__", self, other)
        return result

    def __rtruediv__(self, other: Any) -> Signal:
        result: Signal = self.__array_ufunc__(np.divide, "__call__", other, self)
        return result

    def __pow__(self, exponent: Any) -> Signal:
        result: Signal = self.__array_ufunc__(np.power, "__call__", self, exponent)
        return result

    def __neg__(self) -> Signal:
        return Signal(np.negative, (self,), self.unit)

    def __abs__(self) -> Signal:
        return Signal(np.absolute, (self,), self.unit)

    def __getitem__(self, nodes: Any) -> Signal:
        return Signal("nodes", (self, nodes), self.unit)

    def mean(self, axis: int = -1) -> Signal:
        """The mean over nodes, of which the record has one value a time."""
        return Signal("mean", (self,), self.unit)

    def sum(self, axis: int = -1) -> Signal:
        """The sum over nodes, of which the record has one value a time."""
        return Signal("sum", (self,), self.unit)

    def to(self, unit: str | Unit) -> Signal:
        """The signal in another unit; one that measures something else is a `ValueError`."""
        text = unit.text if isinstance(unit, Unit) else unit
        return Signal(np.multiply, (self, factor(self.unit, text)), text)

    def __bool__(self) -> bool:
        raise TypeError(f"the signal {self!r} has no value before the run, so that nothing can be decided by it")

    def __float__(self) -> float:
        raise TypeError(f"the signal {self!r} has no value before the run; record it and use the record")

    def __iter__(self) -> Any:
        raise TypeError(f"the signal {self!r} has no values before the run; record it and use the record")

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    # Computing expressions

    @property
    def _is_one(self) -> bool:
        """Whether there is one value a time, and not one a node."""
        if self.operation == "leaf":
            return False
        if self.operation == "nodes":
            return self.arguments[0]._is_one or isinstance(self.arguments[1], (int, np.integer))
        signals = [argument for argument in self.arguments if isinstance(argument, Signal)]
        others = [argument for argument in self.arguments if not isinstance(argument, Signal) and np.ndim(argument)]
        return self.operation in ("mean", "sum") or (not others and all(signal._is_one for signal in signals))

    def evaluate(self, records: Mapping[str, Any]) -> Any:
        """Computes the values from the records of its leaves, of shape (..., node)."""
        values = self._values(records)
        return values[..., 0] if self._is_one else values

    def _values(self, records: Mapping[str, Any]) -> Any:
        """Computes the values with an axis of nodes, which has length 1 where there is one value a time."""
        if self.operation == "leaf":
            return records[self.arguments[0]]
        values = [argument._values(records) if isinstance(argument, Signal) else argument for argument in self.arguments]
        if self.operation == "nodes":
            return values[0][..., _kept(values[1])]
        if self.operation == "mean":
            return values[0].mean(axis=-1, keepdims=True)
        if self.operation == "sum":
            return values[0].sum(axis=-1, keepdims=True)
        return self.operation(*values)

    def pull(self, records: Mapping[str, Any], adjoint: Any, into: dict[str, Any]) -> None:
        """Adds the adjoints of the leaves to `into`, given those of the values."""
        adjoint = np.asarray(adjoint, dtype=np.float64)
        self._pull(records, adjoint[..., None] if self._is_one else adjoint, into)

    def _pull(self, records: Mapping[str, Any], adjoint: Any, into: dict[str, Any]) -> None:
        if self.operation == "leaf":
            name = self.arguments[0]
            into[name] = into[name] + adjoint if name in into else np.asarray(adjoint, dtype=np.float64)
            return
        values = [argument._values(records) if isinstance(argument, Signal) else argument for argument in self.arguments]
        for argument, value, part in zip(self.arguments, values, self._parts(values, adjoint), strict=True):
            if isinstance(argument, Signal) and part is not None:
                argument._pull(records, _unbroadcast(part, np.shape(value)), into)

    def _parts(self, values: list[Any], adjoint: Any) -> list[Any]:
        """Returns the adjoint of each argument."""
        if self.operation == "nodes":
            whole = np.zeros(np.shape(values[0]))
            np.add.at(whole, (..., _kept(values[1])), adjoint)  # type: ignore[arg-type]
            return [whole, None]
        if self.operation in ("mean", "sum"):
            shape = np.shape(values[0])
            share = 1.0 / shape[-1] if self.operation == "mean" else 1.0
            return [np.broadcast_to(adjoint * share, shape)]
        name = self.operation.__name__
        if len(values) == 1:
            return [adjoint * _DERIVATIVES[name](values[0], self.operation(values[0]))]
        left, right = values
        if name == "add":
            return [adjoint, adjoint]
        if name == "subtract":
            return [adjoint, -adjoint]
        if name == "multiply":
            return [adjoint * right, adjoint * left]
        if name == "divide":
            return [adjoint / right, -adjoint * left / (right * right)]
        if name == "power":
            with np.errstate(divide="ignore", invalid="ignore"):
                return [adjoint * right * left ** (right - 1), adjoint * left**right * np.log(left)]
        larger = left >= right if name == "maximum" else left <= right
        return [adjoint * larger, adjoint * ~larger]


def _kept(nodes: Any) -> Any:
    """Returns a choice of nodes that keeps their axis."""
    return [nodes] if isinstance(nodes, (int, np.integer)) else nodes


def _unbroadcast(array: Any, shape: tuple[int, ...]) -> Any:
    """Sums an adjoint over the axes along which its argument was repeated."""
    while array.ndim > len(shape):
        array = array.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and array.shape[axis] != 1:
            array = array.sum(axis=axis, keepdims=True)
    return array


def signal_of(value: Any, names: Callable[[str], Signal]) -> Signal:
    """Returns what a monitor says as a signal: a signal itself, or the name of one. `names` finds it."""
    if isinstance(value, Signal):
        return value
    if isinstance(value, str):
        return names(value)
    raise TypeError(f"a monitor must be a name or an expression of signals, and {type(value).__name__} was given")
