"""Initial values that are drawn when a model is made, and anew for each run of a batch.

A seed makes the draw repeatable; without one it differs from program to program.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Constant", "KaimingNormal", "Normal", "Uniform"]


class Initial:
    """A way to make initial values of a shape, of which each run of a batch has its own."""

    def __call__(self, shape: tuple[int, ...], run: int = 0) -> Any:
        """Returns values of a shape; `run` tells runs of a batch apart."""
        raise NotImplementedError


class Constant(Initial):
    """The same value for all nodes."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, shape: tuple[int, ...], run: int = 0) -> Any:
        """Returns the value."""
        return self.value

    def __repr__(self) -> str:
        return f"Constant({self.value!r})"


class _Drawn(Initial):
    def __init__(self, first: Any, second: Any, seed: int | None = None) -> None:
        self.first, self.second = first, second
        self.seed = int(np.random.SeedSequence().entropy) % 2**63 if seed is None else seed  # type: ignore[arg-type]

    def _generator(self, run: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, run])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.first!r}, {self.second!r}, seed={self.seed})"


class Uniform(_Drawn):
    """Independent values between `low` and `high`, which may be quantities of one unit."""

    def __call__(self, shape: tuple[int, ...], run: int = 0) -> Any:
        """Draws values of a shape; `run` tells runs of a batch apart."""
        return self.first + self._generator(run).random(shape) * (self.second - self.first)


class Normal(_Drawn):
    """Independent values of a normal distribution with a mean and a standard deviation."""

    def __call__(self, shape: tuple[int, ...], run: int = 0) -> Any:
        """Draws values of a shape; `run` tells runs of a batch apart."""
        return self.first + self._generator(run).standard_normal(shape) * self.second


class KaimingNormal(Initial):
    """Weights of shape (from, to), of a normal distribution with mean 0 and a variance of 2 by the number of rows (He, Zhang, Ren & Sun 2015)."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = int(np.random.SeedSequence().entropy) % 2**63 if seed is None else seed  # type: ignore[arg-type]

    def __call__(self, shape: tuple[int, ...], run: int = 0) -> Any:
        """Draws weights of a shape; `run` tells arrays apart that are drawn with one seed."""
        return np.random.default_rng([self.seed, run]).standard_normal(shape) * np.sqrt(2.0 / shape[0])

    def __repr__(self) -> str:
        return f"KaimingNormal(seed={self.seed})"
