"""Results: what was recorded of runs, as arrays by name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from .errors import unknown_name
from .units import Quantity

if TYPE_CHECKING:
    from .units import Array

__all__ = ["Batch", "Run"]


class _Records(Mapping[str, Any]):
    """Arrays by name, with units and times. `ts` is among them."""

    def __init__(self, ts: Any, arrays: dict[str, Any], units: dict[str, str], times: dict[str, Any], provenance: dict[str, Any]) -> None:
        self.ts: Array = ts
        """The times of the rows in ms: the end of the step that a row was recorded after."""
        self._arrays, self._times = arrays, times
        self.units: dict[str, str] = units
        """The unit of each record, as text."""
        self.provenance: dict[str, Any] = provenance
        """The model with version and hash of its file, the scheme, the time step in ms, the seed, and the version of the library."""
        self.labels: list[str] = []
        """The names of the nodes, where the network has some."""

    def __getitem__(self, name: str) -> Array:
        if name == "ts":
            return self.ts
        if name not in self._arrays:
            raise KeyError(unknown_name("record", str(name), "the run", [*self._arrays, "ts"]))
        array: Array = self._arrays[name]
        return array

    def __iter__(self) -> Iterator[str]:
        return iter([*self._arrays, "ts"])

    def __len__(self) -> int:
        return len(self._arrays) + 1

    @property
    def names(self) -> list[str]:
        """The names of the records, without `ts`."""
        return list(self._arrays)

    def times(self, name: str) -> Array:
        """The times of the rows of a record in ms; those of instruments are their own."""
        _ = self[name]
        times: Array = self._times.get(name, self.ts)
        return times

    def quantity(self, name: str) -> Quantity:
        """A record as a quantity with its unit."""
        return Quantity(self[name], self.units[name])

    def __repr__(self) -> str:
        records = ", ".join(f"{name} {array.shape} {self.units[name]}" for name, array in self._arrays.items())
        return f"{type(self).__name__}({records})"

    def _nodes(self, array: Any) -> list[Any]:
        count = array.shape[-1]
        return list(self.labels) if len(self.labels) == count else list(range(count))


class Run(_Records):
    """What was recorded of a run: `run["x"]` is an array of shape (time, node), `run["ts"]` the times of its rows in ms."""

    steps: int = 0
    """The number of steps that were made, those of the transient included."""
    elapsed: float = 0.0
    """The time that the run took, in seconds."""
    def to_pandas(self, name: str | None = None) -> Any:
        """Returns the records as a pandas DataFrame, a row a time (ms) and a column a node; with `name`, of one record.

        Records of instruments have rows of their own and are left out unless they are named. pandas must be installed.
        """
        import pandas as pd

        names = [name] if name is not None else [each for each in self._arrays if each not in self._times]
        columns, parts = [], []
        for each in names:
            array = np.atleast_2d(self[each].T).T
            parts.append(array)
            columns += [(each, node) for node in self._nodes(array)]
        index = pd.Index(self.times(name) if name is not None else self.ts, name="t_ms")
        values = np.hstack(parts) if parts else np.empty((len(index), 0))
        return pd.DataFrame(values, index=index, columns=pd.MultiIndex.from_tuples(columns, names=["record", "node"]))

    def to_xarray(self) -> Any:
        """Returns the records as an xarray Dataset with the coordinates `time` (ms) and `node`; units are attributes. xarray must be installed."""
        return _dataset(self, ())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the run to a file, whose ending says how: `.npz`, `.csv` or `.json`. The file is written whole or not at all."""
        records = [
            (name, self.units[name], np.ascontiguousarray(self.times(name)), np.ascontiguousarray(array.reshape(len(array), -1)))
            for name, array in self._arrays.items()
        ]
        _core.save_run(os.fspath(path), np.ascontiguousarray(self.ts), records, json.dumps(self.provenance))

    def _repr_html_(self) -> str:
        from .html import run_page

        return run_page(self)


class Batch(_Records):
    """What was recorded of many runs: `batch["x"]` is an array of shape (run, time, node). Runs that failed are NaN, see `failures`."""

    points: list[dict[str, Any]]
    """What was set in each run, with its `seed` where it had one of its own."""
    point_units: dict[str, str]
    """The unit of what plain numbers in `points` set, by name."""
    failures: dict[int, str]
    """Why runs failed, by their index."""
    elapsed: float = 0.0
    """The time that all runs took together, in seconds."""

    def __getitem__(self, name: str) -> Array:
        return super().__getitem__(name)

    def run(self, index: int) -> Run:
        """Returns one run of the batch; one that failed is a `ValueError` that says why."""
        count = len(self.points)
        if not -count <= index < count:
            raise IndexError(f"there is no run {index} in a batch of {count}")
        index %= count
        if index in self.failures:
            raise ValueError(f"run {index} failed: {self.failures[index]}")
        arrays = {name: array[index] for name, array in self._arrays.items()}
        run = Run(self.ts, arrays, dict(self.units), dict(self._times), dict(self.provenance))
        run.labels = self.labels
        return run

    def save(self, path: str | os.PathLike[str], measure: Any = None) -> None:
        """Writes the batch to a file, whose ending says how. The file is written whole or not at all.

        An `.npz` has the records, shape (run, time, node), their times as `ts`, and what was set as `sweep.k` and `sweep.seed`. A `.csv` or `.parquet` is a table
        with a row a run: what was set, what `measure` computes of a `Run` (a dict of numbers or quantities), and `error`, the reason why the run failed.
        """
        from .sweeps import save_batch

        save_batch(self, path, measure)

    def _coordinates(self) -> dict[str, Any]:
        """What was set in each run, by name: one number a run; NaN for what is not one number."""
        names = list(dict.fromkeys(name for point in self.points for name in point))

        def number(value: Any) -> float:
            return float(np.asarray(value).reshape(())) if np.size(value) == 1 else np.nan

        return {name: np.array([number(point.get(name, np.nan)) for point in self.points]) for name in names}

    def to_pandas(self, measure: Any = None) -> Any:
        """Returns a pandas DataFrame with a row a run: what was set, and what `measure` computes of a `Run`, a dict of numbers. pandas must be installed."""
        import pandas as pd

        rows: dict[str, Any] = dict(self._coordinates())
        if measure is not None:
            measured = [{} if index in self.failures else dict(measure(self.run(index))) for index in range(len(self.points))]
            for name in dict.fromkeys(name for row in measured for name in row):
                rows[name] = [row.get(name, np.nan) for row in measured]
        return pd.DataFrame(rows, index=pd.RangeIndex(len(self.points), name="run"))

    def to_xarray(self) -> Any:
        """Returns an xarray Dataset with the coordinates `run`, `time` (ms) and `node`; what was set in each run stands beside `run`. xarray must be installed."""
        return _dataset(self, ("run",)).assign_coords({name: ("run", values) for name, values in self._coordinates().items()})


def _dataset(records: _Records, lead: tuple[str, ...]) -> Any:
    import xarray as xr

    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {"time": ("time", records.ts, {"units": "ms"})}
    for name, array in records._arrays.items():
        own = name in records._times
        time = f"time_{name}" if own else "time"
        if own:
            coordinates[time] = (time, records.times(name), {"units": "ms"})
        dims: tuple[str, ...] = (*lead, time)
        if array.ndim > len(dims):
            nodes = records._nodes(array)
            known = next((dim for dim, (_, values, *_rest) in coordinates.items() if dim.startswith("node") and values == nodes), None)
            node = known or ("node" if "node" not in coordinates else f"node_{name}")
            coordinates[node] = (node, nodes)
            dims = (*dims, node)
        variables[name] = (dims, array, {"units": records.units[name]})
    return xr.Dataset(variables, coordinates, attrs={name: str(value) for name, value in records.provenance.items()})


def gathered(told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Returns arrays, units and times of what the compiled part recorded."""
    arrays, units, times = {}, {}, {}
    for name, unit, own, array in told["records"]:
        arrays[name], units[name] = array, unit
        if own is not None:
            times[name] = own
    return arrays, units, times


def run_of(told: dict[str, Any]) -> Run:
    """Makes a `Run` of what the compiled part recorded."""
    run = Run(told["ts"], *gathered(told), json.loads(told["provenance"]))
    run.steps, run.elapsed = told["steps"], told["elapsed"]
    return run
