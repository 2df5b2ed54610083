"""Writes the stubs of the classes that are made of model files: `python generate_stubs.py`. A test holds that they are up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brainmass_rs import coupling
from brainmass_rs.models import MODELS, noise_unit

HERE = Path(__file__).parent / "brainmass_rs"
NOTE = "# Written by `generate_stubs.py` from the model files; changes here are lost."


def line(name: str, default: str, unit: str, doc: str) -> str:
    """Returns a parameter of a signature with its unit and what it is."""
    return f"        {name}: Any = {default},  # {unit}: {doc}".rstrip(": ")


def model_class(info: dict[str, Any]) -> str:
    """Returns the stub of a model."""
    states, parameters = info["states"], info["parameters"]
    lines = [f"class {info['name']}(Model):", f'    """{info["title"] or info["name"]}."""', "", "    def __init__(", "        self,"]
    lines += ["        in_size: int | tuple[int],", "        *,"]
    lines += [line(row["name"], f"{row['default']!r}", row["unit"], row["doc"]) for row in parameters]
    lines += [line(f"init_{row['name']}", f"{row['init']!r}", row["unit"], row["doc"]) for row in states]
    lines += [line(f"noise_{row['name']}", "None", noise_unit(row["unit"]), "") for row in states]
    if info["internal_coupling"] is not None:
        lines.append("        conn: Any = None,")
    lines += ["        method: str | None = None,", "        preset: str | None = None,", "    ) -> None: ..."]
    lines += [f"    {row['name']}: Any" for row in parameters]
    lines += [f"    {prefix}{row['name']}: Any" for row in states for prefix in ("init_", "noise_")]
    for row in [*states, *info["observables"], *info["inputs"]]:
        lines += ["    @property", f"    def {row['name']}(self) -> Signal: ..."]
    return "\n".join(lines)


def rule_class(info: dict[str, Any]) -> str:
    """Returns the stub of a coupling rule."""
    lines = [f"class {info['name']}(Coupling):", f'    """{info["title"] or info["name"]}."""', "", "    def __init__(", "        self,", "        *,"]
    lines += [line(row["name"], f"{row['default']!r}", row["unit"], row["doc"]) for row in info["parameters"]]
    return "\n".join([*lines, "    ) -> None: ..."])


def stubs() -> dict[str, str]:
    """Returns the text of each stub by the name of its file."""
    models = [model_class(cls.info) for cls in MODELS.values()]
    rules = [rule_class(cls.info) for cls in coupling.RULES.values()]
    head = f"{NOTE}\nfrom typing import Any\n\n"
    return {
        "_classes.pyi": f"{head}from .models import Model\nfrom .signals import Signal\n\n__all__: list[str] = {list(MODELS)!r}\n\n" + "\n\n".join(models) + "\n",
        "_rules.pyi": f"{head}from .coupling import Coupling\n\n__all__: list[str] = {list(coupling.RULES)!r}\n\n" + "\n\n".join(rules) + "\n",
    }


if __name__ == "__main__":
    for name, text in stubs().items():
        (HERE / name).write_text(text)
