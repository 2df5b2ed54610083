"""Writes the notebooks of `examples/` from scripts, executed, and a page of the site for each: `python notebooks.py`. A test holds that their code is that of the scripts
and that it still prints what they show.

A script is cut at lines that begin with `# %%`: `# %% [markdown]` begins text, in the comments that follow. What a cell prints, the value of its last line and the figures
that it draws are put below it.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "examples"
DOCS = Path(__file__).resolve().parent.parent / "docs"


def cells(text: str) -> list[tuple[str, str]]:
    """Cuts a script into cells: kind and source."""
    parts = re.split(r"^# %%(.*)\n", text, flags=re.M)
    found = []
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        kind = "markdown" if "[markdown]" in head else "code"
        source = body.strip("\n")
        if kind == "markdown":
            source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.splitlines())
        found.append((kind, source))
    return found


def _display(value: Any) -> dict[str, Any]:
    """Returns how a notebook shows a value."""
    data: dict[str, Any] = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return data


def execute(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Runs a cell and returns its outputs."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    outputs: list[dict[str, Any]] = []
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last is not None else None
    if printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": printed.getvalue().splitlines(keepends=True)})
    if value is not None and not source.rstrip().endswith(";"):
        outputs.append({"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": _display(value)})
    for number in plt.get_fignums():
        picture = io.BytesIO()
        plt.figure(number).savefig(picture, format="png", dpi=80, bbox_inches="tight", metadata={"Software": None})
        outputs.append({"output_type": "display_data", "metadata": {}, "data": {"image/png": base64.b64encode(picture.getvalue()).decode()}})
    plt.close("all")
    return outputs


def notebook(text: str) -> dict[str, Any]:
    """Makes an executed notebook of a script."""
    names: dict[str, Any] = {}
    made: list[dict[str, Any]] = []
    for number, (kind, source) in enumerate(cells(text)):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source.splitlines(keepends=True)}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": execute(source, names)}
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": made, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def page(made: dict[str, Any], name: str) -> tuple[str, dict[str, bytes]]:
    """Makes a page of the site of an executed notebook. Returns its text, and its pictures by their names."""
    parts, pictures = [], {}
    for cell in made["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            if "text/html" in output.get("data", {}):
                # What is wider than the page is scrolled; a blank line would end the block.
                parts.append(f"<div style='overflow-x:auto'>{output['data']['text/html']}</div>".replace("\n\n", "\n"))
            elif output["output_type"] == "execute_result":
                parts.append(f"```text\n{output['data']['text/plain'].rstrip()}\n```")
            elif output["output_type"] == "stream":
                parts.append(f"```text\n{''.join(output['text']).rstrip()}\n```")
            elif "image/png" in output["data"]:
                picture = f"python_{name}_{len(pictures) + 1}.png"
                pictures[picture] = base64.b64decode(output["data"]["image/png"])
                parts.append(f"![What the cell draws](../images/{picture})")
    return "\n\n".join(parts) + "\n", pictures


def main() -> int:
    """Writes the notebook and the page of each script."""
    for script in sorted(FOLDER.glob("*.py")):
        made = notebook(script.read_text())
        script.with_suffix(".ipynb").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
        text, pictures = page(made, script.stem)
        (DOCS / "tutorials" / f"python-{script.stem.replace('_', '-')}.md").write_text(text)
        for name, data in pictures.items():
            (DOCS / "images" / name).write_bytes(data)
        print(script.with_suffix(".ipynb").name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
