"""How models, networks and runs look in notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from .mathml import mathml

if TYPE_CHECKING:
    from .networks import Network
    from .results import Run

__all__: list[str] = []

_WIDTH, _HEIGHT = 420, 110
_LINES = 12
_POINTS = 600
_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")


def _table(head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    top = "".join(f"<th style='text-align:left'>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td style='text-align:left'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def model_page(info: dict[str, Any], nodes: Any) -> str:
    """Describes nodes of a model: equations, which the browser typesets, and tables with the values that they have."""

    def value(name: str, default: float) -> str:
        values = np.atleast_1d(getattr(nodes, name))
        text = f"{values[0]:g}" if (values == values[0]).all() else f"{values.min():g} to {values.max():g}"
        return f"<b>{text}</b>" if (values != default).any() else text

    count = f", {nodes.in_size} node{'s' if nodes.in_size > 1 else ''}"
    parts = [f"<h4>{escape(info['name'])}{count}</h4><p>{escape(info['title'])}. {escape(info['use_case'])}</p>"]
    lines = "".join(f"<div style='margin:0.4em 0'>{mathml(equation['latex'], block=True)}</div>" for equation in info["equations"])
    parts.append(lines)
    rows = [
        [mathml(row["latex"]), f"<code>{escape(row['name'])}</code>", value(row["name"], row["default"]), escape(row["unit"]), escape(row["doc"])]
        for row in info["parameters"]
    ]
    parts.append(_table(["", "parameter", "value", "unit", ""], rows))
    rows = [
        [mathml(row["latex"]), f"<code>{escape(row['name'])}</code>", value(f"init_{row['name']}", row["init"]), escape(row["unit"]), escape(row["doc"])]
        for row in info["states"]
    ]
    parts.append(_table(["", "state", "initial", "unit", ""], rows))
    others = [(kind, row) for kind, section in (("observable", "observables"), ("input", "inputs")) for row in info[section]]
    rows = [[kind, f"<code>{escape(row['name'])}</code>", escape(row["unit"]), escape(row["doc"])] for kind, row in others]
    parts.append(_table(["", "name", "unit", ""], rows))
    return f"<div>{''.join(parts)}</div>"


def network_page(network: Network) -> str:
    """Describes a network: its groups and projections in tables."""
    groups = [[escape(name or "nodes"), escape(type(model).__name__), str(model.in_size)] for name, model in network._groups.items()]
    edges = []
    for projection in network._projections:
        source, target = (".".join(filter(None, end)) for end in (projection["source"], projection["target"]))
        weights = projection["weights"]
        edges.append([escape(source), escape(target), escape(repr(projection["rule"])), f"{np.count_nonzero(weights)} of {weights.size}"])
    return f"<div>{_table(['group', 'model', 'nodes'], groups)}{_table(['from', 'to', 'rule', 'edges'], edges)}</div>"


def _figure(times: Any, values: Any, unit: str) -> str:
    """Draws a record of shape (time, node) as a small SVG: the first nodes, every few samples."""
    lines = np.atleast_2d(values.T)[:_LINES]
    if lines.ndim != 2 or lines.shape[1] < 2 or not np.isfinite(lines).any():
        return ""
    every = max(1, lines.shape[1] // _POINTS)
    lines, times = lines[:, ::every], times[::every]
    low, high = float(np.nanmin(lines)), float(np.nanmax(lines))
    span = high - low or 1.0
    x = 8 + (times - times[0]) / ((times[-1] - times[0]) or 1.0) * (_WIDTH - 16)
    drawn = ""
    for index, line in enumerate(lines):
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, 8 + (high - line) / span * (_HEIGHT - 16), strict=True) if np.isfinite(b))
        drawn += f'<polyline points="{points}" fill="none" stroke="{_COLOURS[index % len(_COLOURS)]}" stroke-width="1"/>'
    label = f"{low:.3g} to {high:.3g}{'' if unit == '1' else ' ' + escape(unit)}"
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{label}">{drawn}</svg><div><small>{label}</small></div>'


def run_page(run: Run) -> str:
    """Describes a run: its records with small figures, and what made it."""
    provenance = run.provenance
    made = f"{escape(str(provenance.get('model')))}, {escape(str(provenance.get('scheme')))}, dt = {provenance.get('dt')} ms, {run.steps} steps in {run.elapsed:.3g} s"
    rows = [
        [f"<code>{escape(name)}</code>", escape(str(array.shape)), escape(run.units[name]), _figure(run.times(name), array, run.units[name])]
        for name, array in run._arrays.items()
    ]
    return f"<div><p>{made}</p>{_table(['record', 'shape', 'unit', ''], rows)}</div>"
