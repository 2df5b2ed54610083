"""Results of many runs: the sweeps of experiment files, and batches in files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import unknown_name
from .units import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from .results import Batch, Run

__all__ = ["SweepResults"]


class SweepResults(Mapping[str, Any]):
    """What was measured in the runs of a sweep: `results["k"]` is an array with a number for each run, in the order of the runs.

    There is a column for each axis and each measure. Runs that failed are NaN, and `failures` says why. Made by `Experiment.sweep`.
    """

    def __init__(self, results: _core.SweepResults, resumed: int) -> None:
        self._results = results
        self.resumed = resumed
        """The number of runs that the journal had already."""
        self._columns: dict[str, Any] = {}
        self.units: dict[str, str] = {}
        """The unit of each column, as text."""
        for name, unit, cells in results.columns():
            if name != "error":
                self._columns[name] = cells if isinstance(cells, np.ndarray) else np.array(cells)
                self.units[name] = unit
        names, levels = results.grid()
        self.axes: list[str] = names
        """The names of the axes of the grid; those that change together are joined by `+`."""
        self.shape: tuple[int, ...] = tuple(levels)
        """The number of levels of each axis; the last one changes fastest."""
        self.failures: dict[int, str] = dict(results.failures())
        """Why runs failed, by their index."""
        self.provenance: dict[str, Any] = json.loads(results.provenance())
        """What made the results: the models with the hashes of their files, and everything that the results depend on."""

    def __getitem__(self, name: str) -> Any:
        if name not in self._columns:
            raise KeyError(unknown_name("column", str(name), "the sweep", self._columns))
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def grid(self, name: str) -> Any:
        """Returns a column as a grid: an array with an axis for each of `axes`."""
        return self[name].reshape(self.shape)

    @property
    def records(self) -> list[str]:
        """The names of whole records that were kept of each run."""
        return self._results.records()

    def record(self, name: str, run: int) -> Any:
        """Returns the whole record of a run, shape (time, node). One that there is not is a `KeyError`."""
        array = self._results.record(name, run) if run >= 0 else None
        if array is None:
            raise KeyError(f"run {run} has no record `{name}`" if name in self.records else unknown_name("record", name, "the sweep", self.records))
        return array

    def to_pandas(self) -> Any:
        """Returns a pandas DataFrame with a row a run and a column for each axis, each measure, and `error`, the reason why the run failed. pandas must be installed."""
        import pandas as pd

        frame = pd.DataFrame(self._columns, index=pd.RangeIndex(int(np.prod(self.shape)), name="run"))
        frame["error"] = [self.failures.get(run) for run in frame.index]
        return frame

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the results to a file, whose ending says how: `.csv`, `.npz` or `.parquet`, with units and provenance. The file is written whole or not at all."""
        if _ending(path) not in ("csv", "npz", "parquet"):
            raise ValueError(f"cannot tell from `{os.fspath(path)}` how to write the results of a sweep; its ending must be .csv, .npz or .parquet")
        self._results.save(os.fspath(path))

    def __repr__(self) -> str:
        axes = " x ".join(f"{levels} {name}" for name, levels in zip(self.axes, self.shape, strict=True))
        measured = [name for name in self._columns if not any(name in axis.split("+") for axis in self.axes)]
        return f"SweepResults({axes}: {', '.join([*measured, *self.records])})"


def save_batch(batch: Batch, path: str | os.PathLike[str], measure: Callable[[Run], Mapping[str, Any]] | None) -> None:
    """Writes a batch to a file: whole records to an `.npz`, a table with a row a run to a `.csv` or `.parquet`."""
    given, ending = os.fspath(path), _ending(path)
    if ending == "npz":
        if measure is not None:
            raise ValueError("an .npz holds whole records; `measure` is for .csv and .parquet")
        _save_records(batch, given)
    elif ending in ("csv", "parquet"):
        columns = [*_points(batch), *_measured(batch, measure)]
        columns.append(("error", "", [batch.failures.get(run, "") for run in range(len(batch.points))]))
        _core.save_table(given, columns, json.dumps(batch.provenance))
    else:
        raise ValueError(f"cannot tell from `{given}` how to write a batch; its ending must be .npz, .csv or .parquet")


def _ending(path: str | os.PathLike[str]) -> str:
    return os.path.splitext(os.fspath(path))[1][1:].lower()


def _save_records(batch: Batch, path: str) -> None:
    """Writes the records, their times, and what was set in each run."""
    arrays = [("ts", batch.ts), *batch._arrays.items(), *((f"ts.{name}", times) for name, times in batch._times.items())]
    names = dict.fromkeys(name for point in batch.points for name in point if name != "seed")
    arrays += [(f"sweep.{name}", _stacked([_values(batch, point, name) for point in batch.points])) for name in names]
    arrays.append(("sweep.seed", _seeds(batch)))
    words = [("units", [batch.units[name] for name in batch._arrays]), ("provenance", [json.dumps(batch.provenance)])]
    _core.save_arrays(path, [(name, np.ascontiguousarray(array, dtype=np.float64)) for name, array in arrays], words)


def _values(batch: Batch, point: dict[str, Any], name: str) -> Any:
    """The numbers that are set in a run under a name, in its declared unit; none where the run leaves it as it is."""
    if name not in point:
        return np.empty(0)
    return np.atleast_1d(units.values_in(point[name], batch.point_units.get(name, "1"), f"`{name}`"))


def _stacked(rows: list[Any]) -> Any:
    """Stacks rows of numbers, NaN where one is shorter; an array with one axis where all have one number."""
    width = max((len(row) for row in rows), default=0)
    values = np.full((len(rows), width), np.nan)
    for to, row in zip(values, rows, strict=True):
        to[: len(row)] = row
    return values[:, 0] if width == 1 else values


def _seeds(batch: Batch) -> Any:
    return np.array([point.get("seed", batch.provenance.get("seed", 0)) for point in batch.points], dtype=np.uint64)


def _points(batch: Batch) -> Iterator[tuple[str, str, Any]]:
    """The columns of what was set in each run: one a name, or one a node."""
    for name in dict.fromkeys(name for point in batch.points for name in point if name != "seed"):
        values = _stacked([_values(batch, point, name) for point in batch.points])
        yield from _split(name, batch.point_units.get(name, "1"), values)
    yield "seed", "1", _seeds(batch)


def _measured(batch: Batch, measure: Callable[[Run], Mapping[str, Any]] | None) -> Iterator[tuple[str, str, Any]]:
    """The columns of what is measured of each run; quantities have their units."""
    if measure is None:
        return
    runs = range(len(batch.points))
    rows = [{} if run in batch.failures else dict(measure(batch.run(run))) for run in runs]
    for name in dict.fromkeys(name for row in rows for name in row):
        found = [units.own(row[name]) for row in rows if name in row]
        unit = next((str(value.unit) for value in found if isinstance(value, Quantity)), "1")
        values = [np.ravel(units.magnitude_in(row[name], unit, f"`{name}`")) if name in row else np.empty(0) for row in rows]
        yield from _split(name, unit, _stacked(values))


def _split(name: str, unit: str, values: Any) -> Iterator[tuple[str, str, Any]]:
    """Makes a column of values, or of several a run one for each."""
    if values.ndim == 1:
        yield name, unit, np.ascontiguousarray(values)
    else:
        for index in range(values.shape[1]):
            yield f"{name}[{index}]", unit, np.ascontiguousarray(values[:, index])
