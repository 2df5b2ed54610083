"""The command `brainmass`, which is inside the package."""

from __future__ import annotations

import sys

from . import _core


def main() -> int:
    """Runs the command with the arguments of the program, and returns the status that it ends with."""
    return _core.run_command(["brainmass", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
