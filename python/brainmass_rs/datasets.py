"""Data to try things with, and connectomes from files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _core, units
from .errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Connectome", "delayed_match_task", "list_datasets", "load_connectome", "load_dataset", "register_dataset"]


class Connectome(NamedTuple):
    """Weights `[target][source]`, tract lengths in mm and names of regions."""

    weights: Any
    """Weights, shape (target, source)."""
    tract_lengths: Any
    """Tract lengths in mm, shape (target, source); `None` where there are none."""
    labels: list[str]
    """The names of the regions; empty where there are none."""
    centres: Any = None
    """Positions in mm, shape (region, 3); `None` where there are none."""

    @property
    def distances(self) -> Any:
        """The tract lengths as a quantity, as the Python package has them."""
        return None if self.tract_lengths is None else units.Quantity(self.tract_lengths, "mm")

    @property
    def n_node(self) -> int:
        """The number of regions."""
        return len(self.weights)

    def normalized(self, by: str = "max") -> Connectome:
        """Returns the connectome with weights divided by the largest one (`"max"`), or those of each target by their sum (`"row_sum"`)."""
        if by == "max":
            return self._replace(weights=self.weights / self.weights.max())
        if by != "row_sum":
            raise ValueError(f"weights are normalised by 'max' or 'row_sum', and {by!r} was given")
        sums = self.weights.sum(axis=1, keepdims=True)
        return self._replace(weights=self.weights / np.where(sums == 0, 1.0, sums))


def _connectome(told: dict[str, Any]) -> Connectome:
    return Connectome(told["weights"], told["tract_lengths"], told["labels"], told["centres"])


def load_connectome(path: str | os.PathLike[str], *, rows_are: str | None = None) -> Connectome:
    """Reads a connectome from a zip of The Virtual Brain, `.npz`, `.npy` or a text table.

    `rows_are` is `"targets"` or `"sources"`, where the file does not say which axis is which.
    """
    if rows_are not in (None, "targets", "sources"):
        raise ValueError(f"rows_are is {rows_are!r}; it must be 'targets' or 'sources'")
    return _connectome(_core.load_connectome(os.fspath(path), None if rows_are is None else rows_are == "sources"))


def delayed_match_task(n_samples: int = 128, *, seq_len: int = 10, n_symbols: int = 4, seed: int = 0) -> tuple[Any, Any]:
    """Returns sequences of one-hot symbols, shape (sample, time, symbol), and whether first and last symbol are the same (0 or 1)."""
    if min(n_samples, n_symbols) < 1 or seq_len < 2:
        raise ValueError("a task needs at least one sample and one symbol, and sequences of at least two")
    generator = np.random.default_rng(seed)
    symbols = generator.integers(n_symbols, size=(n_samples, seq_len))
    match = generator.random(n_samples) < 0.5
    symbols[match, -1] = symbols[match, 0]
    return np.eye(n_symbols)[symbols], (symbols[:, 0] == symbols[:, -1]).astype(np.int64)


_LOADERS: dict[str, tuple[Callable[[], Any], str]] = {
    "synthetic_8": (lambda: _connectome(_core.dataset("synthetic_8")), "a connectome of 8 regions, made up"),
    "synthetic_90": (lambda: _connectome(_core.dataset("synthetic_90")), "a connectome of 90 regions with tract lengths, made up"),
    "delayed_match_task": (delayed_match_task, "sequences of symbols whose first and last are to be compared"),
}


def register_dataset(name: str, loader: Callable[[], Any], *, description: str | None = None) -> None:
    """Adds a dataset of one's own under a name that is not taken; `loader` is called each time it is loaded."""
    if name in _LOADERS:
        raise ValueError(f"there is a dataset called `{name}` already")
    if not callable(loader):
        raise TypeError(f"the loader must be a function, and {type(loader).__name__} was given")
    _LOADERS[name] = (loader, description or (loader.__doc__ or "").strip().partition("\n")[0])


def list_datasets() -> list[tuple[str, str]]:
    """Returns names and descriptions of all datasets."""
    return sorted((name, description) for name, (_, description) in _LOADERS.items())


def load_dataset(name: str) -> Any:
    """Loads a dataset by its name; one that there is not is a `KeyError`."""
    if name not in _LOADERS:
        raise KeyError(unknown_name("dataset", name, "the package", _LOADERS))
    return _LOADERS[name][0]()
