"""Units: `u.ms`, `u.mV`, ... and quantities, which are numbers or arrays with a unit.

A plain number is in the unit that a model or function declares (times in ms, frequencies in Hz, lengths in mm). A quantity says its own unit and is
converted; one that measures something else is a `ValueError` that names both units. Quantities of pint and brainunit are taken wherever those of this
module are.

>>> from brainmass_rs import u
>>> (2 * u.s).to("ms")
2000.0
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from . import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Quantity", "Unit", "get_magnitude", "get_unit", "is_quantity", "magnitude_in", "math"]

# A text, because `numpy.typing` takes longer to import than this module.
Array: TypeAlias = "NDArray[np.float64]"


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float:
    """Returns how many `target` one `source` is. Units that measure different things are a `ValueError` that names both."""
    return 1.0 if source == target else _core.unit_factor(source, target)


def _power(text: str, exponent: float) -> str:
    if text == "1" or exponent == 0:
        return "1"
    return f"({text})^{exponent:g}" if exponent != 1 else text


def _product(left: str, right: str) -> str:
    if left == "1":
        return right
    return left if right == "1" else f"{left}*{right}"


def _quotient(left: str, right: str) -> str:
    if right == "1":
        return left
    inner = f"({right})" if any(sign in right for sign in "*/") else right
    return f"{left}/{inner}" if left != "1" else f"1/{inner}"


class Unit:
    """A unit, such as `u.mV` or `u.Hz / u.nA`. A number times a unit is a `Quantity`."""

    __slots__ = ("text",)
    __array_ufunc__ = None
    __array_priority__ = 100.0

    def __init__(self, text: str) -> None:
        factor(text, text) if text == "1" else _core.unit_factor(text, text)
        self.text = text
        """The unit as it is written, such as `mV/ms`."""

    @classmethod
    def _of(cls, text: str) -> Unit:
        unit = object.__new__(cls)
        object.__setattr__(unit, "text", text)
        return unit

    def __repr__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return (Unit, (self.text,))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unit):
            return NotImplemented
        try:
            return factor(self.text, other.text) == 1.0
        except ValueError:
            return False

    def __hash__(self) -> int:
        return hash("unit")

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Unit):
            return Unit._of(_product(self.text, other.text))
        if isinstance(other, Quantity):
            return other * self
        if hasattr(other, "_times_unit"):
            return other._times_unit(self)
        return Quantity(other, self.text)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Unit):
            return Unit._of(_quotient(self.text, other.text))
        return Quantity(1.0, self.text) / other

    def __rtruediv__(self, other: Any) -> Any:
        if isinstance(other, Quantity):
            return Quantity(other.magnitude, _quotient(other.unit, self.text))
        return Quantity(other, _quotient("1", self.text))

    def __pow__(self, exponent: float) -> Unit:
        if isinstance(exponent, bool) or not isinstance(exponent, (int, float, np.number)):
            return NotImplemented
        return Unit._of(_power(self.text, exponent))


def _numbers(value: Any) -> Any:
    """Returns numbers as a float or an array of doubles; everything else is a `TypeError`."""
    if isinstance(value, float) or isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1023:
        return float(value)
    return as_array(value, "a quantity")


class Quantity:
    """Numbers with a unit: `Quantity(3.25, "mV")` is `3.25 * u.mV`.

    Sums convert, products and quotients make further units, and what is a pure number counts as a plain one. Comparison of quantities that
    measure different things is a `ValueError`.
    """

    __slots__ = ("magnitude", "unit")
    __array_priority__ = 100.0

    def __init__(self, magnitude: ArrayLike, unit: str | Unit = "1") -> None:
        self.magnitude: Any = _numbers(magnitude)
        """The numbers, a float or an array."""
        self.unit: str = unit.text if isinstance(unit, Unit) else unit
        """The unit as it is written."""

    @property
    def mantissa(self) -> Any:
        """The numbers, as the Python package calls them."""
        return self.magnitude

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the numbers."""
        return np.shape(self.magnitude)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def to(self, unit: str | Unit) -> Any:
        """Returns the plain numbers in another unit. One that measures something else is a `ValueError`."""
        text = unit.text if isinstance(unit, Unit) else unit
        return self.magnitude * factor(self.unit, text)

    to_decimal = to

    def __repr__(self) -> str:
        return f"{self.magnitude} {self.unit}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Quantity, (self.magnitude, self.unit))

    def __len__(self) -> int:
        return len(self.magnitude)

    def __getitem__(self, index: Any) -> Quantity:
        return Quantity(self.magnitude[index], self.unit)

    def __iter__(self) -> Any:
        return (Quantity(value, self.unit) for value in self.magnitude)

    def __float__(self) -> float:
        return float(self.to("1"))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Gives a pure number to numpy; a quantity that is none is a `ValueError`."""
        return np.asarray(self.to("1"), dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method != "__call__" or keywords:
            return NotImplemented
        name = ufunc.__name__
        if name in _OPERATORS and len(inputs) == 2:
            left, right = (value if isinstance(value, Quantity) else Quantity(value) for value in inputs)
            return getattr(left, _OPERATORS[name])(right)
        if name in ("negative", "absolute"):
            return Quantity(ufunc(self.magnitude), self.unit)
        if name == "sqrt":
            return Quantity(np.sqrt(self.magnitude), _power(self.unit, 0.5))
        return ufunc(*(value.to("1") if isinstance(value, Quantity) else value for value in inputs))

    def _like(self, other: Any) -> Any:
        """Returns another value in the unit of this one."""
        return magnitude_in(other, self.unit, "the other value", plain="1")

    def __add__(self, other: Any) -> Any:
        if hasattr(other, "_times_unit"):
            return NotImplemented
        return Quantity(self.magnitude + self._like(other), self.unit)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        if hasattr(other, "_times_unit"):
            return NotImplemented
        return Quantity(self.magnitude - self._like(other), self.unit)

    def __rsub__(self, other: Any) -> Quantity:
        return Quantity(self._like(other) - self.magnitude, self.unit)

    def __mul__(self, other: Any) -> Any:
        if hasattr(other, "_times_unit"):
            return NotImplemented
        if isinstance(other, Unit):
            return Quantity(self.magnitude, _product(self.unit, other.text))
        if isinstance(other, Quantity):
            return _plain(Quantity(self.magnitude * other.magnitude, _product(self.unit, other.unit)))
        return Quantity(self.magnitude * _numbers(other), self.unit)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if hasattr(other, "_times_unit"):
            return NotImplemented
        if isinstance(other, Unit):
            return _plain(Quantity(self.magnitude, _quotient(self.unit, other.text)))
        if isinstance(other, Quantity):
            return _plain(Quantity(self.magnitude / other.magnitude, _quotient(self.unit, other.unit)))
        return Quantity(self.magnitude / _numbers(other), self.unit)

    def __rtruediv__(self, other: Any) -> Any:
        return Quantity(_numbers(other) / self.magnitude, _quotient("1", self.unit))

    def __pow__(self, exponent: float) -> Quantity:
        return Quantity(self.magnitude**exponent, _power(self.unit, exponent))

    def __neg__(self) -> Quantity:
        return Quantity(-self.magnitude, self.unit)

    def __abs__(self) -> Quantity:
        return Quantity(abs(self.magnitude), self.unit)

    def __eq__(self, other: object) -> Any:
        return self.magnitude == self._like(other)

    def __ne__(self, other: object) -> Any:
        return self.magnitude != self._like(other)

    def __lt__(self, other: Any) -> Any:
        return self.magnitude < self._like(other)

    def __le__(self, other: Any) -> Any:
        return self.magnitude <= self._like(other)

    def __gt__(self, other: Any) -> Any:
        return self.magnitude > self._like(other)

    def __ge__(self, other: Any) -> Any:
        return self.magnitude >= self._like(other)

    __hash__ = None  # type: ignore[assignment]


_OPERATORS = {
    "add": "__add__",
    "subtract": "__sub__",
    "multiply": "__mul__",
    "divide": "__truediv__",
    "less": "__lt__",
    "less_equal": "__le__",
    "greater": "__gt__",
    "greater_equal": "__ge__",
}


def _plain(quantity: Quantity) -> Any:
    """Returns a quantity that is a pure number as a plain one, so that `t / u.ms` can be used as a number."""
    try:
        return quantity.magnitude * factor(quantity.unit, "1")
    except ValueError:
        return quantity


def as_array(value: Any, what: str) -> Array:
    """Returns numbers as an array of doubles, without a copy where they are one already.

    Integers, smaller floats, any memory order, read-only arrays and lists of numbers are taken; objects, strings and complex numbers are a `TypeError`.
    """
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        # Numbers that stand where no double can be read, as those of a view into bytes, are copied.
        return value if value.flags.aligned else value.copy()
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{what} is not an array of numbers: {error}") from None
    if array.dtype.kind == "O" and array.ndim == 0 and isinstance(value, int):
        raise ValueError(f"{what} is a whole number of {value.bit_length()} bits, which is beyond all doubles")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{what} must be numbers, and {_described(value, array)} was given")
    return array.astype(np.float64)


def _described(value: Any, array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return f"{value!r} of type {type(value).__name__}"
    return f"an array of dtype {array.dtype}"


# The names of brainunit's dimensions, in its order.
_SI = ("m", "g", "s", "A", "K", "mol", "cd")


def _foreign(value: Any) -> tuple[Any, str] | None:
    """Returns the numbers and the unit of a quantity of pint or brainunit; `None` for anything else."""
    module = type(value).__module__
    if module.startswith("pint"):
        base = value.to_base_units()
        text = "1"
        for name, exponent in base.unit_items() if hasattr(base, "unit_items") else base._units.items():
            text = _product(text, _power(_PINT.get(name, name), float(exponent)))
        return base.magnitude, text
    if module.startswith(("brainunit", "saiunit")) and hasattr(value, "unit"):
        unit = value.unit
        text = "1"
        for name, exponent in zip(_SI, unit.dim._dims, strict=True):
            text = _product(text, _power(name, float(exponent)))
        # brainunit measures mass in kg, as the SI does.
        scale = float(unit.factor) * 10.0 ** float(unit.scale) if hasattr(unit, "factor") else 10.0 ** float(unit.scale)
        return np.asarray(value.mantissa, dtype=np.float64) * (scale * 1000.0 ** float(unit.dim._dims[1])), text
    return None


_PINT = {
    "meter": "m",
    "kilogram": "kg",
    "gram": "g",
    "second": "s",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "radian": "rad",
}


def is_quantity(value: Any) -> bool:
    """Tells whether a value has a unit of its own: one of this module, of pint or of brainunit."""
    return isinstance(value, (Quantity, Unit)) or _foreign(value) is not None


def own(value: Any) -> Any:
    """Returns a quantity of pint or brainunit, or a unit, as a `Quantity` of this module, and any other value as it is."""
    if isinstance(value, Unit):
        return Quantity(1.0, value.text)
    if isinstance(value, (Quantity, int, float, np.ndarray)) or value is None:
        return value
    found = _foreign(value)
    return value if found is None else Quantity(*found)


def magnitude_in(value: Any, unit: str, what: str, plain: str | None = None) -> Any:
    """Returns numbers in a unit, a float or an array of doubles.

    A quantity is converted; a plain number is in that unit, or in `plain` where that is given. `what` is what messages call the value. A quantity that
    measures something else is a `ValueError`, and so is a list of quantities of different kinds.
    """
    value = own(value)
    if isinstance(value, Quantity):
        try:
            return value.magnitude * factor(value.unit, unit)
        except ValueError as error:
            raise ValueError(f"{what} is in {value.unit}, and {unit} is needed: {error}") from None
    if isinstance(value, (list, tuple)) and any(is_quantity(entry) for entry in value):
        return np.array([magnitude_in(entry, unit, what, plain) for entry in value])
    if plain is not None and plain != unit:
        try:
            return _numbers(value) * factor(plain, unit)
        except ValueError:
            raise ValueError(f"{what} is a plain number, and {unit} is needed") from None
    if isinstance(value, float) or isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1023:
        return float(value)
    return as_array(value, what)


def scalar_in(value: Any, unit: str, what: str) -> float:
    """Returns one finite number in a unit; anything else is an error that says what `what` must be."""
    number = np.asarray(magnitude_in(value, unit, what))
    if number.size != 1:
        raise ValueError(f"{what} must be one number, and {number.size} were given")
    result = float(number.reshape(()))
    if not np.isfinite(result):
        raise ValueError(f"{what} is {result}; a finite number is needed")
    return result


def values_in(value: Any, unit: str, what: str) -> Array:
    """Returns one value, or one a node, as an array with one axis."""
    array = np.asarray(magnitude_in(value, unit, what), dtype=np.float64)
    if array.ndim > 1:
        raise ValueError(f"{what} has shape {array.shape}; one number, or an array with one a node, is needed")
    return np.ascontiguousarray(array.reshape(-1))


def matrix_in(value: Any, unit: str, what: str) -> Array:
    """Returns an array with two axes."""
    array = np.asarray(magnitude_in(value, unit, what), dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"{what} has shape {array.shape}; an array with two axes is needed")
    return array


def get_magnitude(value: Any) -> Any:
    """Returns the numbers of a quantity, in its own unit, or a plain value as it is."""
    value = own(value)
    return value.magnitude if isinstance(value, Quantity) else value


def get_unit(value: Any) -> Unit:
    """Returns the unit of a quantity; that of a plain number is 1."""
    value = own(value)
    return Unit._of(value.unit) if isinstance(value, Quantity) else Unit._of("1")


class _Math:
    """Functions of numpy that take quantities, as `u.math.sin(t / u.ms)`."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(np, name):
            raise AttributeError(f"u.math has no `{name}`")
        return getattr(np, name)

    def __dir__(self) -> list[str]:
        return [name for name in dir(np) if not name.startswith("_")]


math = _Math()


def _define() -> None:
    """Makes the units with a name: prefixes and base units, and the words for some of them."""
    here = sys.modules[__name__]
    plain = ["s", "Hz", "V", "A", "S", "F", "T", "m", "g", "J", "W", "N", "C", "L", "K", "mol", "Ohm", "rad"]
    prefixed = {
        "s": "munpf", "Hz": "kMG", "V": "mun", "A": "munp", "S": "munp", "F": "munpf", "T": "munpf", "m": "kmcun", "g": "kmun",
    }  # fmt: skip
    for name in plain:
        setattr(here, name, Unit._of(name))
        for prefix in prefixed.get(name, ""):
            setattr(here, prefix + name, Unit._of(prefix + name))
    words = {
        "second": "s", "minute": "min", "hour": "h", "meter": "m", "metre": "m", "volt": "V", "amp": "A", "ampere": "A", "hertz": "Hz",
        "siemens": "S", "farad": "F", "tesla": "T", "ohm": "Ohm", "msecond": "ms", "mvolt": "mV", "UNITLESS": "1",
    }  # fmt: skip
    for word, text in words.items():
        setattr(here, word, Unit._of(text))


_define()


def __getattr__(name: str) -> Unit:
    """Says which unit there is not, for `u.mv` and the like."""
    if name.startswith("__"):
        raise AttributeError(name)
    from .errors import unknown_name

    known = [name for name, value in globals().items() if isinstance(value, Unit)]
    raise AttributeError(unknown_name("unit", name, "brainmass_rs.u", known))


def unit_of(text: str) -> Unit:
    """Returns the unit of a text, such as `Hz/nA`; a text that is no unit is a `ValueError`."""
    return Unit(text)
