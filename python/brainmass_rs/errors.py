"""The exceptions of the package.

Values that cannot be taken are `ValueError`, names that do not exist `KeyError` or `AttributeError`, unknown keywords `TypeError`, files that
cannot be read `OSError`, and runs that do not fit into memory `MemoryError`. The classes here say more than these do.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .results import Run

__all__ = ["Diagnostic", "DivergenceError", "FileMistakes", "RunInterrupted", "RunStopped"]


class Diagnostic(NamedTuple):
    """A mistake in a text, with its place."""

    file: str
    """The name of the file or text."""
    line: int
    """The line of the first character that the mistake is about, from 1."""
    column: int
    """The column of that character, from 1."""
    end_line: int
    """The line of the character behind the last one, from 1."""
    end_column: int
    """The column of that character, from 1."""
    text: str
    """The text that the mistake is about."""
    message: str
    """The mistake in words."""
    label: str
    """A remark about the text, such as the name that may have been meant; may be empty."""
    help: str | None
    """What to do about it, where that is known."""


class FileMistakes(ValueError):
    """Mistakes in a model file, an experiment file or a text; its message shows them with the lines that they are about."""

    def __init__(self, rendered: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(rendered)
        self.diagnostics = diagnostics
        """All mistakes, in the order in which they were found."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.diagnostics))


class _Ended(Exception):
    """A run that ended before its time; `run` holds what was recorded until then."""

    def __init__(self, message: str, run: Run) -> None:
        super().__init__(message)
        self.run = run
        """What was recorded until the end, a `Run`."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.run))


class DivergenceError(_Ended, ArithmeticError):
    """A state left the finite numbers. The message says when, which node and which state; `run` holds what was recorded until then."""


class RunStopped(_Ended, RuntimeError):
    """The listener of a run answered `False`; `run` holds what was recorded until then."""


class RunInterrupted(_Ended, KeyboardInterrupt):
    """Ctrl-C stopped a run; `run` holds what was recorded until then. It is a `KeyboardInterrupt`."""


def file_mistakes(error: _core.Mistakes) -> FileMistakes:
    """Makes the exception of mistakes that the compiled part found."""
    rendered, text = error.args
    return FileMistakes(rendered, [Diagnostic(**entry) for entry in json.loads(text)])


def ended(error: _core.Ended, finish: Callable[[dict[str, Any]], Run]) -> BaseException:
    """Makes the exception of a run that ended early. `finish` makes a `Run` of what was recorded."""
    kind, told, recorded = error.args
    run = finish(recorded)
    if kind == "diverged":
        return DivergenceError(told, run)
    if kind == "stopped":
        return RunStopped(told, run)
    if isinstance(told, KeyboardInterrupt):
        reached = f" at t = {run.ts[-1]:g} ms" if len(run.ts) else ""
        return RunInterrupted(f"the run was interrupted{reached}; what was recorded until then is in `run`", run)
    assert isinstance(told, BaseException)
    return told


def unknown_name(what: str, given: str, of: str, known: Iterable[str]) -> str:
    """Returns a message about a name that there is not, with the one that may have been meant or all there are."""
    import difflib

    names = list(known)
    same = [name for name in names if name.lower() == given.lower()]
    near = same or difflib.get_close_matches(given, names, n=1, cutoff=0.5)
    if near:
        return f"{of} has no {what} `{given}`; did you mean `{near[0]}`?"
    listed = ", ".join(names) if names else "none"
    return f"{of} has no {what} `{given}`; there is {listed}"
