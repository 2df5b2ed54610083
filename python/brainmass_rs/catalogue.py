"""The catalogue: which models there are, and what their files say."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from . import _core

__all__ = ["ModelInfo", "list_models"]


class ModelInfo(NamedTuple):
    """A row of the catalogue, which unpacks like a tuple."""

    name: str
    """The name of the class of the model, such as `HopfStep`."""
    category: str
    """`phenomenological`, `physiological` or `network`."""
    n_state_vars: int
    """The number of state variables of a node."""
    use_case: str
    """What the model is typically used for."""


_ALL: list[dict[str, Any]] = json.loads(_core.catalogue())

COLLECTIONS: dict[str, list[dict[str, Any]]] = {collection["name"]: collection["models"] for collection in _ALL}
"""The compiled models by their collection, each as all that its file says."""

TEXTS: list[str] = [name for collection in _ALL for name in collection["texts"]]
"""The names of the models that are kept as their texts, and read when they are first asked for."""


def _rows() -> list[ModelInfo]:
    return [
        ModelInfo(model["name"], model["category"], len(model["states"]), model["use_case"])
        for model in COLLECTIONS["catalogue"]
    ]


class _ListModels:
    """The function `list_models`, which has a method as the Python package's function has."""

    __name__ = __qualname__ = "list_models"

    def __call__(self) -> list[ModelInfo]:
        """Returns a row for each model of the catalogue.

        >>> import brainmass_rs as bm
        >>> len(bm.list_models())
        20
        """
        return _rows()

    def to_table(self) -> str:
        """Returns the catalogue as text in columns."""
        header = ("name", "category", "#states", "use_case")
        rows = [(row.name, row.category, str(row.n_state_vars), row.use_case) for row in _rows()]
        widths = [max(len(cells[column]) for cells in [header, *rows]) for column in range(4)]
        rule = tuple("-" * width for width in widths)
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in [header, rule, *rows])

    def __repr__(self) -> str:
        return "<function list_models>"


list_models = _ListModels()
