"""Experiment files: a run written down, as the command `brainmass` takes them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from . import _core
from .errors import ended, file_mistakes
from .results import Run, run_of
from .simulator import _listening

if TYPE_CHECKING:
    from .bifurcations import BifurcationChart, BifurcationDiagram
    from .sweeps import SweepResults

__all__ = ["Experiment"]


class Experiment:
    """A run that a file describes. `Experiment.open("experiment.yaml").run()` repeats it exactly; `docs/experiment-files.md` defines the format."""

    def __init__(self, experiment: _core.Experiment, source: tuple[str, str]) -> None:
        self._experiment, self._source = experiment, source
        self.title, self.labels, self.warnings, self.duration = experiment.describe()

    title: str | None
    """The title, if the file has one."""
    labels: list[str]
    """The names of the regions, where files name them."""
    warnings: list[str]
    """What is no mistake but may not be meant."""
    duration: float
    """The time simulated, in ms."""

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Experiment:
        """Reads a file; paths in it are relative to its folder. Mistakes are `FileMistakes`; a file that cannot be read is an `OSError`."""
        name = os.path.abspath(os.fspath(path))
        try:
            return cls(_core.Experiment.open(name, True), ("", name))
        except _core.Mistakes as error:
            raise file_mistakes(error) from None

    @classmethod
    def from_text(cls, text: str, name: str = "experiment.yaml") -> Experiment:
        """Reads the text of a file, which messages call `name`; paths in it are relative to the folder of that name."""
        try:
            return cls(_core.Experiment.read(name, text, True), (text, name))
        except _core.Mistakes as error:
            raise file_mistakes(error) from None

    def run(self, *, progress: Any = None) -> Run:
        """Runs the experiment; errors are those of `Simulator.run`."""

        def labelled(told: dict[str, Any]) -> Run:
            run = run_of(told)
            run.labels = self.labels
            return run

        with _listening(progress, "steps") as listener:
            try:
                return labelled(self._experiment.run(listener))
            except _core.Ended as error:
                raise ended(error, labelled) from None

    def fit(self, *, threads: int = 1, progress: Any = None) -> dict[str, Any]:
        """Fits what the section `fit` describes. Returns the outcome as the command writes it, with `best` and `loss`."""
        with _listening(progress, "iterations") as listener:
            told = self._experiment.fit(threads, listener)
        outcome: dict[str, Any] = json.loads(told["json"])
        outcome["best"] = {name: float(array[0]) if array.size == 1 else array for name, array in told["best"]}
        outcome["loss"] = told["loss"]
        return outcome

    def sweep(self, *, journal: Any = None, threads: int | None = None, progress: Any = None) -> SweepResults:
        """Runs the section `sweep` of the file on all threads of the machine, or so many.

        Results are appended to `journal`, or to the one that the file names, as they come: whatever ends the process, the same call goes on where it stood, and the
        results are the same. The command `brainmass sweep` goes on with the same journal. The journal of another sweep is a `ValueError` that says what differs; one
        that another process appends to, or that cannot be written, is an `OSError`. `progress` is called with the runs done and the runs in all; the sweep ends with
        a `RuntimeError` when it returns `False`.
        """
        from .sweeps import SweepResults

        with _listening(progress, "runs") as listener:
            return SweepResults(*_core.run_sweep(self._experiment, None if journal is None else os.fspath(journal), threads, listener))

    def bifurcation(self) -> BifurcationDiagram | BifurcationChart:
        """Makes the bifurcation diagram that the section `continuation` describes; a chart where two values vary. One that there is not is a `ValueError`."""
        from .bifurcations import BifurcationChart, BifurcationDiagram

        found = _core.experiment_bifurcation(self._experiment)
        return BifurcationChart(found) if isinstance(found, dict) else BifurcationDiagram(found)

    def __reduce__(self) -> tuple[Any, ...]:
        text, name = self._source
        return (Experiment.from_text, (text, name)) if text else (Experiment.open, (name,))

    def __repr__(self) -> str:
        return f"Experiment({self.title or self._source[1]!r}, {self.duration:g} ms)"
