"""Coupling rules: what nodes send each other over the edges of a network.

A rule computes `post(sum over edges of w * pre)`. `Coupling.open(...)` makes one of a file, as `Model.open` makes models. The functions at the end
compute a rule of arrays, as those of the Python package do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import unknown_name
from .models import _ModelClass, library_classes

__all__: list[str] = [
    "Coupling",
    "additive_coupling",
    "diffusive_coupling",
    "hyperbolic_tangent_coupling",
    "laplacian_connectivity",
    "sigmoidal_coupling",
    "sigmoidal_jansen_rit_coupling",
]


class _CouplingClass(_ModelClass):
    @property
    def __signature__(cls) -> Any:
        import inspect

        kind = inspect.Parameter
        if not hasattr(cls, "info"):
            return inspect.Signature([kind("settings", kind.VAR_KEYWORD)])
        return inspect.Signature([kind(row["name"], kind.KEYWORD_ONLY, default=row["default"]) for row in cls.info["parameters"]])

    @property
    def __doc__(cls) -> str:  # type: ignore[override]
        if not hasattr(cls, "info"):
            return "A coupling rule; the classes of the library's rules are attributes of `brainmass_rs.coupling`, such as `Diffusive`."
        info = cls.info
        rows = "\n".join(
            f"{row['name']} : number or (target,) array, default {row['default']:g}\n    {row['doc']}" for row in info["parameters"]
        )
        equations = "\n".join(f"    {equation['text']}" for equation in info["equations"])
        return f"{info['title'] or info['name']}\n\n{info['description']}\n\nEquations\n---------\n{equations}\n\nParameters\n----------\n{rows}"


class Coupling(metaclass=_CouplingClass):
    info: dict[str, Any]
    _handle: _core.Model
    _path: str | None = None
    __module__ = "brainmass_rs"

    def __init__(self, **settings: Any) -> None:
        if not hasattr(type(self), "info"):
            raise TypeError("Coupling is the base of all rules; use one such as coupling.Diffusive")
        self._settings: dict[str, Any] = {}
        for name, value in settings.items():
            self._set(name, value)
        self._rule()

    def _set(self, name: str, value: Any) -> None:
        info = type(self).info
        row = next((row for row in info["parameters"] if row["name"] == name), None)
        if row is None:
            raise TypeError(unknown_name("keyword", name, info["name"], [row["name"] for row in info["parameters"]]))
        value = value.value if type(value).__name__ == "Param" else value
        self._settings[name] = units.values_in(units.get_magnitude(value), "1", f"{info['name']}'s `{name}`")

    def _rule(self) -> _core.Rule:
        cls = type(self)
        if "_handle" not in cls.__dict__:
            cls._handle = _core.Model.find(cls.info["name"])
        rule = cls._handle.rule()
        for name, value in self._settings.items():
            rule.set(name, value)
        return rule

    def __reduce__(self) -> tuple[Any, ...]:
        from . import coupling

        name = type(self).__name__
        text = None if getattr(coupling, name, None) is type(self) else type(self).info["yaml"]
        return (_restored, (name, text, self._settings))

    def __repr__(self) -> str:
        settings = (f"{name}={float(value[0]) if value.size == 1 else value}" for name, value in self._settings.items())
        return f"{type(self).__name__}({', '.join(settings)})"


def _restored(name: str, text: str | None, settings: dict[str, Any]) -> Coupling:
    """Makes a rule again of what was pickled."""
    from . import coupling
    from .models import _class_of_text

    cls = getattr(coupling, name) if text is None else _class_of_text(name, text)
    return cls(**settings)  # type: ignore[no-any-return]


RULES: dict[str, Any] = library_classes(Coupling, ("coupling",))
"""The classes of the library's rules by their names."""
if TYPE_CHECKING:
    from . import _rules
    from ._rules import *

    __all__ += _rules.__all__
else:
    # The classes of the library's rules; type checkers read them in `_rules.pyi`.
    globals().update(RULES)
    __all__ += list(RULES)

# The names by which networks of the Python package call rules.
NAMES = {
    "diffusive": "Diffusive",
    "additive": "Additive",
    "laplacian": "Laplacian",
    "sigmoidal": "Sigmoidal",
    "tanh": "HyperbolicTangent",
    "sigmoidal_jansen_rit": "SigmoidalJansenRit",
}


def rule_of(coupling: Any) -> Coupling:
    """Returns a rule, given as one, as a class of rules, or by a name."""
    if isinstance(coupling, Coupling):
        return coupling
    if isinstance(coupling, type) and issubclass(coupling, Coupling):
        return coupling()
    if not isinstance(coupling, str):
        raise TypeError(f"coupling must be a rule or the name of one, and {type(coupling).__name__} was given")
    name = NAMES.get(coupling, coupling)
    if name not in RULES:
        raise ValueError(unknown_name("coupling", coupling, "the library", [*NAMES, *RULES]))
    return RULES[name]()  # type: ignore[no-any-return]


def _currents(rule: str, x: Any, conn: Any, own: Any = None, **settings: Any) -> Any:
    """Computes the coupling inputs of all targets of signals sent, shape (..., target, source) or flat, and weights."""
    weights = units.as_array(units.get_magnitude(conn), "conn")
    sent = units.as_array(units.get_magnitude(x() if callable(x) else x), "delayed_x")
    if weights.ndim == 1:
        side = round(weights.size**0.5)
        if side * side != weights.size:
            raise ValueError(f"conn has {weights.size} entries, which is no square")
        weights = weights.reshape(side, side)
    if weights.ndim != 2:
        raise ValueError(f"conn has shape {weights.shape}; (target, source) is needed")
    targets, sources = weights.shape
    if sent.shape[-1] == targets * sources and (sent.ndim == 1 or sent.shape[-2:] != weights.shape):
        sent = sent.reshape(*sent.shape[:-1], targets, sources)
    if sent.shape[-2:] != weights.shape:
        raise ValueError(f"delayed_x has shape {sent.shape}; (..., {targets}, {sources}) is needed")
    lead = sent.shape[:-2]
    mine = np.zeros((*lead, targets))
    if own is not None:
        mine = np.broadcast_to(units.as_array(units.get_magnitude(own() if callable(own) else own), "y"), (*lead, targets))
    compiled = RULES[rule](**settings)._rule()
    flat = sent.reshape(-1, targets, sources)
    rows = [
        compiled.currents(np.ascontiguousarray(weights), np.ascontiguousarray(sending), np.ascontiguousarray(receiving))
        for sending, receiving in zip(flat, mine.reshape(-1, targets), strict=True)
    ]
    return np.array(rows).reshape(*lead, targets)


def diffusive_coupling(delayed_x: Any, y: Any, conn: Any, k: Any = 1.0) -> Any:
    """Computes `k sum_j conn_ij (x_ij - y_i)`.

    `delayed_x` has shape (..., target, source) or is flat, `y` (..., target), `conn` (target, source) or is flat; the result has shape (..., target).
    """
    return _currents("Diffusive", delayed_x, conn, y, k=k)


def additive_coupling(delayed_x: Any, conn: Any, k: Any = 1.0, b: Any = 0.0) -> Any:
    """Computes `k sum_j conn_ij x_ij + b`; shapes as in `diffusive_coupling`."""
    return _currents("Additive", delayed_x, conn, k=k, b=b)


def sigmoidal_coupling(delayed_x: Any, conn: Any, k: Any = 1.0, a: Any = 1.0, b: Any = 0.0, slope: Any = 1.0, midpoint: Any = 0.0) -> Any:
    """Computes `k/(1 + exp(-slope (a sum_j conn_ij x_ij + b - midpoint)))`; shapes as in `diffusive_coupling`."""
    return _currents("Sigmoidal", delayed_x, conn, k=k, a=a, b=b, slope=slope, midpoint=midpoint)


def hyperbolic_tangent_coupling(delayed_x: Any, conn: Any, k: Any = 0.5, scale: Any = 2.0) -> Any:
    """Computes `k tanh(scale sum_j conn_ij x_ij)`; shapes as in `diffusive_coupling`."""
    return _currents("HyperbolicTangent", delayed_x, conn, k=k, scale=scale)


def sigmoidal_jansen_rit_coupling(
    delayed_x: Any, conn: Any, k: Any = 1.0, cmin: Any = 0.0, cmax: Any = 0.005, midpoint: Any = 6.0, r: Any = 0.56
) -> Any:
    """Computes `k sum_j conn_ij (cmin + (cmax - cmin)/(1 + exp(r (midpoint - x_ij))))`; shapes as in `diffusive_coupling`."""
    return _currents("SigmoidalJansenRit", delayed_x, conn, k=k, cmin=cmin, cmax=cmax, midpoint=midpoint, r=r)


def laplacian_connectivity(W: Any, *, normalize: str | None = None, eps: float = 1e-12, return_diag: bool = False) -> Any:  # noqa: N803
    """Returns the graph Laplacian of weights `[target][source]`, with the sign that lets activity spread: `W - diag(sum_j W_ij)`.

    `normalize` divides by the degree of the target (`"rw"`) or by the root of both degrees (`"sym"`), which are at least `eps`. With `return_diag` a tuple of the
    Laplacian and the degrees, shape (target,), is returned.
    """
    weights = np.ascontiguousarray(units.matrix_in(W, "1", "W"))
    laplacian = _core.laplacian_of(weights, normalize, float(eps))
    return (laplacian, weights.sum(axis=1)) if return_diag else laplacian
