"""The recipe "Choose a Model", call by call as users of the Python package write it, prints the numbers that the package prints."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_recipe_differs_in_its_imports_alone(tmp_path):
    script = HERE / "choose_a_model.py"
    ran = subprocess.run([sys.executable, script, "brainmass_rs"], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    # What the reference prints; `choose_a_model.py brainmass` made it.
    assert ran.stdout == (HERE / "choose_a_model.txt").read_text()
    assert (tmp_path / "choose_a_model.png").stat().st_size > 10_000
