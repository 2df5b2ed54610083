"""Networks: nodes coupled over a connectome, and groups of nodes of several models."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, units
from .coupling import rule_of
from .errors import unknown_name
from .models import Model
from .noise import Driver
from .signals import Signal

__all__ = ["Network"]


class Network:
    """Nodes of one model on a connectome.

    Parameters
    ----------
    node : Model
        The nodes, one a region.
    conn : (node, node) array, flat array or Connectome
        Weights `[target][source]`; a `Connectome` brings its tract lengths.
    distance : (node, node) array, optional
        Tract lengths in mm.
    speed : number or quantity, optional
        The conduction speed in mm/ms. With `distance`, the delay of an edge is distance/speed; without one of the two there is none.
    delays : number, quantity or (node, node) array, optional
        Delays in ms, in place of distance and speed.
    coupling : str or Coupling
        `diffusive`, `additive`, `laplacian`, `sigmoidal`, `tanh`, `sigmoidal_jansen_rit`, or a rule such as `coupling.Diffusive(k=0.3)`.
    coupled_var : str, optional
        The state or observable that is sent; what the model says if not given.
    port : str, optional
        The input port that receives; what the model says if not given.
    k : number or (node,) array
        The coupling strength.
    delay_init : number, (node,) array, (time, node) array or callable, optional
        The signal sent before t = 0; the initial value if not given. Rows are one step apart, the oldest first, the last one step before t = 0.
    self_connection : bool
        Whether nodes send to themselves; if not, the diagonal of the weights counts as 0.
    noise : Noise, optional
        A process that is added to the port.
    normalize : {"rw", "sym"}, optional
        The normalisation of the graph Laplacian, for the laplacian rule.

    Networks of several models are made by `Network.groups(cortex=..., thalamus=...)` and `project`.
    """

    def __init__(
        self,
        node: Model,
        *,
        conn: Any,
        distance: Any = None,
        speed: Any = None,
        delays: Any = None,
        coupling: Any = "diffusive",
        coupled_var: str | None = None,
        port: str | None = None,
        k: Any = None,
        delay_init: Any = None,
        self_connection: bool = False,
        noise: Any = None,
        normalize: str | None = None,
        name: str | None = None,
    ) -> None:
        if not isinstance(node, Model):
            raise TypeError(f"node must be the nodes of a model, such as HopfStep(90), and {type(node).__name__} was given")
        self._groups: dict[str, Model] = {"": node}
        self._projections: list[dict[str, Any]] = []
        self._noises: dict[str, Any] = {}
        self.labels: list[str] = list(getattr(conn, "labels", None) or [])
        """The names of the regions, where the connectome has some."""
        for what, given in (("coupled_var", coupled_var), ("port", port)):
            if given is not None and not isinstance(given, str):
                raise TypeError(f"{what} must be a name, and {type(given).__name__} was given")
        info = type(node).info
        source = coupled_var or info["couples_from_name"] or info["output_name"]
        target = port or _port_of(node)
        self._add(
            ("", source), ("", target), conn, distance=distance, speed=speed, delays=delays, coupling=coupling, k=k, history=delay_init,
            self_connection=self_connection, normalize=normalize, name=name,
        )  # fmt: skip
        if noise is not None:
            if not isinstance(noise, Driver):
                raise TypeError(f"noise must be a process such as OUProcess(...), and {type(noise).__name__} was given")
            self._noises[target] = noise

    @classmethod
    def groups(cls, **models: Model) -> Network:
        """Makes a network of several groups, which are not coupled yet: `Network.groups(cortex=WilsonCowanStep(66), thalamus=HopfStep(1))`.

        What belongs to a group is called `group.name`: `monitors=["cortex.rE"]`, `inputs={"thalamus.x_inp": 0.1}`.
        """
        network = object.__new__(cls)
        if not models:
            raise ValueError("a network needs at least one group of nodes")
        for name, model in models.items():
            if not isinstance(model, Model):
                raise TypeError(f"the group `{name}` must be the nodes of a model, and {type(model).__name__} was given")
        network._groups, network._projections, network._noises, network.labels = dict(models), [], {}, []
        return network

    def project(
        self,
        source: str,
        target: str,
        conn: Any,
        *,
        distance: Any = None,
        speed: Any = None,
        delays: Any = None,
        coupling: Any = "additive",
        k: Any = None,
        history: Any = None,
        self_connection: bool = True,
        normalize: str | None = None,
        name: str | None = None,
    ) -> Network:
        """Adds a projection from a signal to an input port, `project("cortex.rE", "thalamus.x_inp", weights)`, and returns the network.

        Weights have shape (target, source); the other keywords are those of `Network`.
        """
        ends = []
        for end, section in ((source, ("states", "observables")), (target, ("inputs",))):
            group, _, what = end.rpartition(".")
            if group not in self._groups:
                raise ValueError(unknown_name("group", group, "the network", self._groups))
            info = type(self._groups[group]).info
            known = [row["name"] for part in section for row in info[part]]
            if what not in known:
                raise ValueError(unknown_name("input" if section == ("inputs",) else "signal", what, f"the group `{group}`", known))
            ends.append((group, what))
        self._add(
            ends[0], ends[1], conn, distance=distance, speed=speed, delays=delays, coupling=coupling, k=k, history=history,
            self_connection=self_connection, normalize=normalize, name=name,
        )  # fmt: skip
        return self

    def _add(self, source: tuple[str, str], target: tuple[str, str], conn: Any, **settings: Any) -> None:
        """Keeps a projection after its numbers have been checked."""
        targets, sources = self._groups[target[0]].in_size, self._groups[source[0]].in_size
        lengths = settings["distance"]
        if hasattr(conn, "weights") and hasattr(conn, "labels"):
            lengths = conn.tract_lengths if lengths is None else lengths
            conn = conn.weights
        weights = _square(conn, targets, sources, "conn", "1")
        rule = rule_of(settings["coupling"])
        if settings["k"] is not None:
            copied = type(rule)(**rule._settings)
            copied._set("k", settings["k"])
            rule = copied
        speed, delays, history = settings["speed"], settings["delays"], settings["history"]
        options: dict[str, Any] = {"self_connections": bool(settings["self_connection"])}
        if settings["name"] is not None:
            options["name"] = str(settings["name"])
        if settings["normalize"] is not None:
            if settings["normalize"] not in ("rw", "sym"):
                raise ValueError(f"normalize is {settings['normalize']!r}; it must be 'rw' or 'sym'")
            options["normalize"] = settings["normalize"]
        if delays is not None:
            if speed is not None:
                raise ValueError("give either delays, or distance and speed")
            array = np.asarray(units.magnitude_in(delays, "ms", "delays"))
            if array.size == 1:
                options["delay"] = float(array.reshape(()))
            else:
                options["delays"] = _square(array, targets, sources, "delays", "ms")
            lengths = None
        elif speed is not None and lengths is not None:
            options["speed"] = units.scalar_in(speed, "mm/ms", "speed")
        else:
            lengths = None
        if lengths is not None:
            lengths = _square(lengths, targets, sources, "distance", "mm")
        if callable(history):
            history = history((sources,))
        if history is not None:
            row = self._signal_row(source)
            array = np.asarray(units.magnitude_in(history, row["unit"], "the history"), dtype=np.float64)
            if array.ndim == 2:
                options["history"] = np.ascontiguousarray(array)
            else:
                options["history_constant"] = np.ascontiguousarray(array.reshape(-1))
        self._signal_row(source)
        projection = {"source": source, "target": target, "weights": weights, "lengths": lengths, "rule": rule, "options": options}
        self._projections.append(projection)
        try:
            self._build()
        except Exception:
            self._projections.pop()
            raise

    def _signal_row(self, end: tuple[str, str]) -> dict[str, Any]:
        """What the model says of a signal that is sent."""
        group, name = end
        model = self._groups[group]
        for section in ("states", "observables"):
            if (row := type(model)._row(section, name)) is not None:
                return row
        info = type(model).info
        known = [row["name"] for section in ("states", "observables") for row in info[section]]
        raise ValueError(unknown_name("signal", name, info["name"], known))

    def _build(self) -> _core.Network:
        """Makes the network of the compiled part."""
        network = _core.Network()
        for name, model in self._groups.items():
            network.group(name, model._nodes)
        for projection in self._projections:
            (source, signal), (target, port) = projection["source"], projection["target"]
            rule = projection["rule"]._rule()
            network.projection(source, signal, target, port, rule, projection["weights"], projection["lengths"], projection["options"])
        return network

    def _coupled_ports(self) -> list[str]:
        return [projection["target"][1] for projection in self._projections if not projection["target"][0]]

    @property
    def node(self) -> Model:
        """The nodes of a network of one model."""
        if "" not in self._groups:
            raise AttributeError(f"this network has groups: {', '.join(self._groups)}")
        return self._groups[""]

    @property
    def n_node(self) -> int:
        """The number of nodes of all groups."""
        return sum(model.in_size for model in self._groups.values())

    @property
    def setting_names(self) -> list[str]:
        """The names of all numbers that a sweep, a gradient or a fit can be about."""
        return self._build().setting_names()

    def __getattr__(self, name: str) -> Any:
        groups = self.__dict__.get("_groups")
        if groups is None or name.startswith("__"):
            raise AttributeError(name)
        if name in groups and name:
            return _Group(name, groups[name])
        if "" in groups:
            # What is coupled has the name of its port, as `coupling_input` where nobody named it.
            return getattr(groups[""], name)
        raise AttributeError(unknown_name("attribute", name, "the network", groups))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (self._groups, self._projections, self._noises, self.labels))

    def __repr__(self) -> str:
        groups = ", ".join(f"{name}={model!r}" if name else repr(model) for name, model in self._groups.items())
        edges = ", ".join(
            f"{'.'.join(filter(None, p['source']))} -> {'.'.join(filter(None, p['target']))} by {p['rule']!r}" for p in self._projections
        )
        return f"Network({groups}; {edges or 'not coupled'})"

    def _repr_html_(self) -> str:
        from .html import network_page

        return network_page(self)


class _Group:
    """A group of a network, whose signals have the name of the group before theirs."""

    def __init__(self, name: str, model: Model) -> None:
        self._name, self._model = name, model

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._model, name)
        return Signal.leaf(f"{self._name}.{name}", value.unit) if isinstance(value, Signal) else value


def _restored(groups: Any, projections: Any, noises: Any, labels: Any) -> Network:
    """Makes a network again of what was pickled."""
    network = object.__new__(Network)
    network._groups, network._projections, network._noises, network.labels = groups, projections, noises, labels
    return network


def _port_of(node: Model) -> str:
    info = type(node).info
    if not info["inputs"]:
        raise ValueError(f"{info['name']} has no input that a coupling could feed")
    index = info["couples_to"]
    return str(info["inputs"][index if index is not None else 0]["name"])


def _square(value: Any, targets: int, sources: int, what: str, unit: str) -> Any:
    """Returns a matrix of shape (target, source) of one that may be flat."""
    array = np.asarray(units.magnitude_in(value, unit, what), dtype=np.float64)
    if array.ndim == 1 and array.size == targets * sources:
        array = array.reshape(targets, sources)
    if array.shape != (targets, sources):
        raise ValueError(f"{what} has shape {array.shape}; ({targets}, {sources}) is needed, a row a target and a column a source")
    if not np.isfinite(array).all():
        target, source = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"{what} is {array[target, source]} from source {source} to target {target}; finite numbers are needed")
    return np.ascontiguousarray(array)


