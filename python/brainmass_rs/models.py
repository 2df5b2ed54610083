"""Models: a class for each, made from its file, whose objects are nodes.

`HopfStep(in_size=90, a=0.25)` makes ninety nodes. Keywords are the parameters of the model's file, `init_x` and `noise_x` for each state `x`, `preset`,
`method` for the integration scheme, and `conn` for the weights of a model whose nodes interact by themselves. `help(HopfStep)` lists them with units and
ranges.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .catalogue import COLLECTIONS, TEXTS
from .errors import file_mistakes, unknown_name
from .signals import Signal

if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterable

    from .bifurcations import BifurcationChart, BifurcationDiagram
    from .units import Array

__all__ = ["Model"]

_KINDS = {"node": "model", "coupling": "coupling rule", "observation": "model of observation"}


def noise_unit(unit: str) -> str:
    """Returns the unit of the intensity of noise on a state."""
    return "1/sqrt(ms)" if unit == "1" else f"{unit}/sqrt(ms)"


class _ModelClass(type):
    """The class of model classes: it makes signature and docs of what a file says when they are asked for."""

    info: dict[str, Any]

    @property
    def __signature__(cls) -> inspect.Signature:
        import inspect

        kind = inspect.Parameter
        if not hasattr(cls, "info"):
            return inspect.Signature([kind("in_size", kind.POSITIONAL_OR_KEYWORD), kind("settings", kind.VAR_KEYWORD)])
        parameters = [kind("in_size", kind.POSITIONAL_OR_KEYWORD, annotation=int | tuple)]
        parameters += [kind(name, kind.KEYWORD_ONLY, default=default) for name, default in cls._keywords()]
        return inspect.Signature(parameters)

    def _keywords(cls) -> Iterable[tuple[str, Any]]:
        """The keywords that the class takes, with what they are if not given."""
        info = cls.info
        for parameter in info["parameters"]:
            yield parameter["name"], parameter["default"]
        for state in info["states"]:
            yield f"init_{state['name']}", state["init"]
        for state in info["states"]:
            yield f"noise_{state['name']}", None
        if info["internal_coupling"] is not None:
            yield "conn", None
        yield "method", None
        yield "preset", None

    @property
    def __doc__(cls) -> str:  # type: ignore[override]
        return _documentation(cls.info) if hasattr(cls, "info") else _BASE_DOC

    def open(cls, path: str | os.PathLike[str]) -> Any:
        """Reads a model file and returns its class; a coupling rule gives a class of couplings.

        The file may build on models of the library and of its own folder. Mistakes are `FileMistakes`, with places; a file that cannot be read
        is an `OSError`.
        """
        try:
            handle = _core.Model.open(os.fspath(path))
        except _core.Mistakes as error:
            raise file_mistakes(error) from None
        return _class_of(handle, os.path.abspath(os.fspath(path)))

    def from_text(cls, text: str, name: str = "model") -> Any:
        """Reads a model from YAML text and returns its class; messages call the text `name`."""
        try:
            handle = _core.Model.read(name, text)
        except _core.Mistakes as error:
            raise file_mistakes(error) from None
        return _class_of(handle, None)

    def __repr__(cls) -> str:
        return f"<model {cls.__name__}>"


_BASE_DOC = """Nodes of a model. `Model.open("my.yaml")` and `Model.from_text(...)` make a class of a model file; the classes of the library's models are attributes of
the package, such as `HopfStep`."""


def _listed(rows: Iterable[tuple[str, str, str]]) -> str:
    return "\n".join(f"{name} : {kind}\n    {doc}" for name, kind, doc in rows)


def _documentation(info: dict[str, Any]) -> str:
    """Writes the docstring of a model from what its file says."""

    def section(title: str, rows: Iterable[tuple[str, str, str]]) -> str:
        text = _listed(rows)
        return f"\n\n{title}\n{'-' * len(title)}\n{text}" if text else ""

    def parameter(row: dict[str, Any]) -> tuple[str, str, str]:
        described = f"number or (node,) array in {row['unit']}, default {row['default']:g}"
        if row["range"] is not None:
            # An end that is infinite is none.
            low, high = ("" if end is None else f"{end:g}" for end in row["range"])
            described += f", usually {f'from {low}' if low else ''}{' ' if low and high else ''}{f'to {high}' if high else ''}{'' if high else ' on'}"
        return row["name"], described, row["doc"]

    states = info["states"]
    given = [("in_size", "int", "The number of nodes.")]
    given += [parameter(row) for row in info["parameters"]]
    for state in states:
        kind = f"number, (node,) array or callable of a shape, in {state['unit']}, default {state['init']:g}"
        given.append((f"init_{state['name']}", kind, f"The initial value of {state['name']}."))
    for state in states:
        kind = f"number or (node,) array in {noise_unit(state['unit'])}, or a noise process"
        given.append((f"noise_{state['name']}", kind, f"White noise on {state['name']}, or a process that drives its input."))
    if info["internal_coupling"] is not None:
        given.append(("conn", "(node, node) array", "The weights of the interaction of the nodes, [target][source]; all 1 if not given."))
    given.append(("method", "str", f"The integration scheme; `{info['scheme']}` if not given."))
    presets = ", ".join(f"`{preset['name']}`" for preset in info["presets"])
    given.append(("preset", "str", f"Parameters from the literature: {presets}." if presets else "There is none for this model."))
    equations = "\n".join(f"    {equation['text']}" for equation in info["equations"])
    text = f"{info['title'] or info['name']}\n\n{info['description']}".rstrip()
    text += f"\n\nThe default time step is {info['dt']:g} ms.\n\nEquations\n---------\n{equations}"
    text += section("Parameters", given)
    text += section("States, recorded by name", [(row["name"], f"in {row['unit']}", row["doc"]) for row in states])
    text += section("Observables, recorded by name and methods of the nodes", [(row["name"], f"in {row['unit']}", row["doc"]) for row in info["observables"]])
    text += section("Inputs", [(row["name"], f"in {row['unit']}", row["doc"]) for row in info["inputs"]])
    references = [f"- {row['cite']}" + (f" https://doi.org/{row['doi']}" if row["doi"] else "") for row in info["references"]]
    if references:
        text += "\n\nReferences\n----------\n" + "\n".join(references)
    return text


def _count(in_size: Any) -> int:
    """Returns the number of nodes that a size says."""
    if isinstance(in_size, (tuple, list)) and len(in_size) == 1:
        in_size = in_size[0]
    if isinstance(in_size, (bool, np.bool_)) or not isinstance(in_size, (int, np.integer)):
        raise TypeError(f"in_size must be the number of nodes, an int, and {in_size!r} was given")
    if in_size < 1:
        raise ValueError(f"in_size is {in_size}; at least one node is needed")
    return int(in_size)


class Model(metaclass=_ModelClass):
    info: dict[str, Any]
    """All that the file of the model says: states, parameters, inputs, observables, equations, references."""
    _handle: _core.Model
    _path: str | None = None
    __module__ = "brainmass_rs"

    def __init__(self, in_size: int | tuple[int], **settings: Any) -> None:
        cls = type(self)
        if not hasattr(cls, "info"):
            raise TypeError("Model is the base of all models; use one such as HopfStep, or Model.open(...)")
        write = super().__setattr__
        write("in_size", _count(in_size))
        write("_nodes", cls._class_handle().nodes(self.in_size))
        write("_given", {})
        write("_processes", {})
        write("_drawn", {})
        write("method", None)
        write("preset", None)
        # What a preset says comes before what is given beside it.
        if settings.get("preset") is not None:
            self._set("preset", settings["preset"])
        for name, value in settings.items():
            if value is not None and name != "preset":
                self._set(name, value)

    in_size: int
    """The number of nodes."""
    method: str | None
    """The integration scheme; `None` stands for that of the model's file."""
    preset: str | None
    """The preset that parameters were taken from, if one was."""
    _nodes: _core.Nodes
    _given: dict[str, Any]
    _processes: dict[str, Any]
    _drawn: dict[str, Any]

    @classmethod
    def _class_handle(cls) -> _core.Model:
        # A subclass has that of its model.
        if not hasattr(cls, "_handle"):
            cls._handle = _core.Model.find(cls.info["name"])
        return cls._handle

    @classmethod
    def _row(cls, section: str, name: str) -> dict[str, Any] | None:
        """What the file says of a state, parameter, input or observable."""
        return next((row for row in cls.info[section] if row["name"] == name), None)

    @property
    def varshape(self) -> tuple[int]:
        """The shape of a state of all nodes."""
        return (self.in_size,)

    @property
    def n_node(self) -> int:
        """The number of nodes."""
        return self.in_size

    @property
    def is_compiled(self) -> bool:
        """Whether compiled code runs the model, and not the interpreter; both give the same bits."""
        return type(self)._class_handle().is_compiled()

    # Settings

    def _set(self, name: str, value: Any) -> None:
        """Sets what a keyword stands for."""
        cls, what = type(self), f"{type(self).__name__}'s `{name}`"
        if name in ("method", "preset") and not isinstance(value, str):
            raise TypeError(f"{what} must be the name of a {'scheme' if name == 'method' else 'preset'}, and {type(value).__name__} was given")
        if name == "method":
            super().__setattr__("method", value)
        elif name == "preset":
            self._nodes.preset(value)
            super().__setattr__("preset", value)
        elif name == "conn" and cls.info["internal_coupling"] is not None:
            array = units.as_array(units.get_magnitude(value), what)
            if array.size != self.in_size**2:
                raise ValueError(f"{what} has shape {array.shape}; ({self.in_size}, {self.in_size}) is needed")
            self._nodes.weights(np.ascontiguousarray(array.reshape(self.in_size, self.in_size)))
        elif (row := cls._row("parameters", name)) is not None:
            self._nodes.set("parameter", name, units.values_in(_of_param(value), row["unit"], what))
        elif name.startswith("init_") and (row := cls._row("states", name[5:])) is not None:
            if callable(value):
                self._drawn[name] = value
                value = value((self.in_size,))
            else:
                self._drawn.pop(name, None)
            self._nodes.set("initial", row["name"], units.values_in(_of_param(value), row["unit"], what))
        elif name.startswith("noise_") and (row := cls._row("states", name[6:])) is not None:
            from .noise import Noise

            if isinstance(value, Noise):
                port = self._port_of(row["name"])
                value._process_of(cls._row("inputs", port)["unit"])  # type: ignore[index]
                self._processes[port] = value
            else:
                self._nodes.set("noise", row["name"], units.values_in(value, noise_unit(row["unit"]), what))
        else:
            raise TypeError(unknown_name("keyword", name, cls.__name__, ["in_size", *(key for key, _ in cls._keywords())]))
        if name not in ("method", "preset"):
            self._given[name] = value

    def _port_of(self, state: str) -> str:
        """The input port that drives a state: that of its name, or the one that stands at its place."""
        info = type(self).info
        ports = [row["name"] for row in info["inputs"]]
        if f"{state}_inp" in ports:
            return f"{state}_inp"
        raise ValueError(f"no input of {info['name']} is named after the state `{state}`, so that a process cannot be put there; give it to the simulation, as in `inputs={{'{ports[0] if ports else 'port'}': process}}`")

    def __setattr__(self, name: str, value: Any) -> None:
        if value is None and name in ("method", "preset"):
            super().__setattr__(name, value)
            return
        if name == "in_size":
            raise AttributeError(f"the number of nodes is fixed; make others, as in {type(self).__name__}({value!r})")
        try:
            self._set(name, value)
        except TypeError as error:
            if "has no keyword" in str(error):
                raise AttributeError(str(error)) from None
            raise

    def __getattr__(self, name: str) -> Any:
        cls = type(self)
        if name.startswith("__") or "_nodes" not in self.__dict__:
            raise AttributeError(name)
        if cls._row("parameters", name) is not None:
            return _one_or_all(self._nodes.get("parameter", name))
        for section in ("states", "observables", "inputs"):
            if (row := cls._row(section, name)) is not None:
                return Signal.leaf(name, row["unit"])
        for prefix, what in (("init_", "initial"), ("noise_", "noise")):
            if name.startswith(prefix) and cls._row("states", name[len(prefix) :]) is not None:
                return _one_or_all(self._nodes.get(what, name[len(prefix) :]))
        known = [row["name"] for section in ("parameters", "states", "observables", "inputs") for row in cls.info[section]]
        raise AttributeError(unknown_name("attribute", name, cls.__name__, known))

    def __dir__(self) -> list[str]:
        names = [row["name"] for section in ("parameters", "states", "observables", "inputs") for row in type(self).info[section]]
        return sorted({*super().__dir__(), *names, *(name for name, _ in type(self)._keywords())})

    # Bifurcations

    def bifurcation(
        self, over: str, between: Any, *, inputs: Mapping[str, Any] | None = None, cycles: bool = True, step: float = 0.02
    ) -> BifurcationDiagram:
        """Follows equilibria and limit cycles over a parameter or a constant input.

        Parameters
        ----------
        over : str
            The name of a parameter or an input of the model.
        between : pair of numbers or quantities
            The range in which it varies; plain numbers are in its declared unit.
        inputs : mapping
            Constants that drive other inputs, by name; 0 if not given.
        cycles : bool
            Whether limit cycles are followed as well.
        step : float
            The longest step along a branch, as a share of the range.

        Returns the diagram, whose branches are arrays. A name that there is not is a `KeyError`. Several nodes must have one value each for all.
        """
        from .bifurcations import BifurcationDiagram

        ends, cls = self._varying(over, between), type(self)
        handle = _core.bifurcation(cls._class_handle(), cls._path, self._constants(inputs), ends, _share(step), bool(cycles))
        return BifurcationDiagram(handle)

    def bifurcation_chart(
        self, over: str, between: Any, second: str, second_between: Any, *, inputs: Mapping[str, Any] | None = None, cycles: bool = True, step: float = 0.02
    ) -> BifurcationChart:
        """Follows folds and Hopf points, and folds and period doublings of cycles, while two parameters or inputs vary; the arguments are those of `bifurcation`, with a second name and range."""
        from .bifurcations import BifurcationChart

        if over == second:
            raise ValueError(f"`{over}` cannot vary twice")
        both, cls = [self._varying(over, between), self._varying(second, second_between)], type(self)
        return BifurcationChart(_core.bifurcation_chart(cls._class_handle(), cls._path, self._constants(inputs), both, _share(step), bool(cycles)))

    def _varying(self, name: str, between: Any) -> tuple[str, float, float]:
        """The name and the ends of the range of a parameter or input, in its declared unit."""
        cls = type(self)
        row = cls._row("parameters", name) or cls._row("inputs", name)
        if row is None:
            known = [row["name"] for section in ("parameters", "inputs") for row in cls.info[section]]
            raise KeyError(unknown_name("parameter or input", str(name), cls.__name__, known))
        if not isinstance(between, (tuple, list)) or len(between) != 2:
            raise ValueError(f"the range of `{name}` must be a pair such as (0, 400), and {between!r} was given")
        low, high = (units.scalar_in(end, row["unit"], f"an end of the range of `{name}`") for end in between)
        if not low < high:
            raise ValueError(f"the range of `{name}` is from {low:g} to {high:g}; one that rises is needed")
        return name, low, high

    def _constants(self, inputs: Mapping[str, Any] | None) -> list[tuple[str, float]]:
        """The values of all parameters, and those of inputs that are driven, by name."""
        cls = type(self)
        values = []
        for row in cls.info["parameters"]:
            numbers = self._nodes.get("parameter", row["name"])
            if np.any(numbers != numbers[0]):
                raise ValueError(f"`{row['name']}` differs from node to node, and a bifurcation diagram is of one node")
            values.append((row["name"], float(numbers[0])))
        for name, value in (inputs or {}).items():
            port = cls._row("inputs", name)
            if port is None:
                raise KeyError(unknown_name("input", str(name), cls.__name__, [row["name"] for row in cls.info["inputs"]]))
            values.append((name, units.scalar_in(value, port["unit"], f"the input `{name}`")))
        return values

    # Copies and pictures

    def __reduce__(self) -> tuple[Any, ...]:
        settings = {**self._given, **{name: value for name, value in self._drawn.items() if callable(value)}}
        # What a callable drew is kept, so that a copy has the same numbers.
        drawn = {name: self._given[name] for name in self._drawn}
        state = {"method": self.method, "preset": self.preset, "settings": {**settings, **drawn}, "drawn": dict(self._drawn)}
        return (_restored, (*self._key(), self.in_size, state))

    @classmethod
    def _key(cls) -> tuple[Any, str | None]:
        """What the class is found by in another program: its name, and the text of its file if the library does not have it; a subclass by itself."""
        if "info" not in cls.__dict__:
            return (cls, None)
        return (cls.__name__, None if getattr(sys.modules["brainmass_rs"], cls.__name__, None) is cls else cls.info["yaml"])

    def __repr__(self) -> str:
        settings = "".join(f", {name}={_short(value)}" for name, value in self._given.items())
        method = f", method={self.method!r}" if self.method else ""
        return f"{type(self).__name__}({self.in_size}{settings}{method})"

    def _repr_html_(self) -> str:
        from .html import model_page

        return model_page(type(self).info, self)


def _share(step: Any) -> float:
    """Returns the longest step of a diagram as a share of the range."""
    share = units.scalar_in(step, "1", "step")
    if not 0.0 < share <= 0.2:
        raise ValueError(f"step is {share:g}; a share of the range is needed, above 0 and at most 0.2")
    return share


def _one_or_all(values: Array) -> Any:
    return float(values[0]) if values.size == 1 else values


def _of_param(value: Any) -> Any:
    """Returns the value of a parameter that is to be fitted, or any other value as it is."""
    return value.value if type(value).__name__ == "Param" and hasattr(value, "value") else value


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 3:
        return f"<{value.size} values>"
    return repr(value)


def _restored(name: Any, text: str | None, in_size: int, state: dict[str, Any]) -> Model:
    """Makes nodes again of what was pickled."""
    import brainmass_rs

    if isinstance(name, type):
        cls: Any = name
    else:
        cls = getattr(brainmass_rs, name) if text is None else _class_of_text(name, text)
    model = cls(in_size, preset=state["preset"], method=state["method"], **state["settings"])
    model._drawn.update(state["drawn"])
    return model  # type: ignore[no-any-return]


_TEXTS: dict[tuple[str, str], Any] = {}


def _class_of_text(name: str, text: str) -> Any:
    """Returns the class of a pickled model file; the same one each time, so that copies are of one class."""
    if (name, text) not in _TEXTS:
        _TEXTS[name, text] = Model.from_text(text, name)
    return _TEXTS[name, text]


def _class_of(handle: _core.Model, path: str | None) -> Any:
    """Makes the class of a model that was read at run time."""
    info = json.loads(handle.describe())
    key = (info["name"], info["yaml"])
    if key in _TEXTS:
        return _TEXTS[key]
    if info["kind"] == "coupling":
        from .coupling import Coupling

        base: Any = Coupling
    elif info["kind"] in ("node", "observation"):
        base = Model
    else:
        raise ValueError(f"{info['name']} is a {info['kind'].replace('_', ' ')}, which has no nodes to be simulated")
    cls = type(base)(info["name"], (base,), {"info": info, "_handle": handle, "_path": path, "__module__": "brainmass_rs"})
    _TEXTS[key] = cls
    return cls


def _library_class(base: Any, info: dict[str, Any]) -> Any:
    return type(base)(info["name"], (base,), {"info": info, "__module__": "brainmass_rs", "__qualname__": info["name"]})


def library_classes(base: Any, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Makes the classes of the library's compiled models of some kinds, by their names."""
    models = (info for models in COLLECTIONS.values() for info in models if info["kind"] in kinds)
    return {info["name"]: _library_class(base, info) for info in models}


class _Models(Mapping[str, Any]):
    """The classes of models by name; that of a model that is kept as its text is made when it is first asked for."""

    def __init__(self) -> None:
        self.made = library_classes(Model, ("node", "observation"))
        self._names = [*self.made, *TEXTS]

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            if name not in TEXTS:
                raise KeyError(name)
            self.made[name] = _library_class(Model, json.loads(_core.Model.find(name).describe()))
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


MODELS = _Models()
"""The classes of the library's models by their names."""
