"""Tests the package as it is installed: `python run_tests.py --library target/debug/deps/lib_core.so`.

A wheel is put together from a compiled part that is there, so that nothing is compiled twice, and installed into a virtual environment of its own in the folder
`target/python`. With `--wheel FILE`, a wheel that maturin built is tested. Ends with the status 77 where Python, or what the tests need of it, is not to be had.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOLDER = ROOT / "target" / "python"
NEEDED = ["numpy", "pytest", "mypy", "matplotlib", "pandas", "xarray", "tqdm", "joblib"]
NOT_TO_BE_HAD = 77


def version() -> str:
    """Returns the version of the workspace."""
    found = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M)
    assert found is not None
    return found[1]


def assemble(library: Path) -> Path:
    """Makes a wheel of the Python files and a compiled part, as maturin does. Returns its path."""
    tag = f"cp310-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
    info = f"brainmass_rs-{version()}.dist-info"
    ending = ".pyd" if os.name == "nt" else ".abi3.so"
    contents = {f"brainmass_rs/_core{ending}": library.read_bytes()}
    for path in sorted((HERE / "brainmass_rs").iterdir()):
        if path.suffix in (".py", ".pyi", ".typed") or path.name == "py.typed":
            contents[f"brainmass_rs/{path.name}"] = path.read_bytes()
    contents[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: brainmass-rs\nVersion: {version()}\nRequires-Python: >=3.10\nRequires-Dist: numpy>=1.23\n".encode()
    contents[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: run_tests.py\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    contents[f"{info}/entry_points.txt"] = b"[console_scripts]\nbrainmass=brainmass_rs._command:main\n"
    rows = []
    for name, data in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(data)}")
    contents[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    FOLDER.mkdir(parents=True, exist_ok=True)
    wheel = FOLDER / f"brainmass_rs-{version()}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return wheel


def give_up(why: str) -> None:
    """Ends because something is not to be had."""
    print(f"the Python package is not tested: {why}")
    sys.exit(NOT_TO_BE_HAD)


def environment() -> Path:
    """Makes the virtual environment with what the tests need. Returns its interpreter."""
    python = FOLDER / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        made = subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], capture_output=True, text=True)
        if made.returncode != 0:
            give_up(f"no virtual environment can be made ({made.stdout.strip() or made.stderr.strip()})")
    if subprocess.run([python, "-c", f"import {', '.join(NEEDED)}"], capture_output=True).returncode != 0:
        installed = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED], capture_output=True, text=True)
        if installed.returncode != 0:
            give_up(f"{', '.join(NEEDED)} cannot be installed ({installed.stderr.strip().splitlines()[-1:]})")
    return python


def main() -> int:
    """Installs the package and runs its tests; returns their status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    given = arguments.add_mutually_exclusive_group(required=True)
    given.add_argument("--library", type=Path, help="the compiled part")
    given.add_argument("--wheel", type=Path, help="a wheel")
    options, others = arguments.parse_known_args()
    if sys.version_info < (3, 10):
        give_up(f"CPython 3.10 is needed, and this is {sys.version.split()[0]}")
    python = environment()
    wheel = options.wheel.resolve() if options.wheel else assemble(options.library)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall", wheel], check=True)
    if not options.wheel:
        # What is installed is as large as the wheel, which nothing needs any more.
        wheel.unlink()
    # Not in the folder of the package, whose files would be imported in place of those that are installed.
    return subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *others], cwd=HERE / "tests").returncode


if __name__ == "__main__":
    sys.exit(main())
