"""What the tests share."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest

import brainmass_rs as bm

# What a shell starts in the background ignores Ctrl-C, and so does what that starts; the tests of interrupts would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[2]

HINDMARSH_ROSE = """
name: HindmarshRoseStep
category: phenomenological
time_unit: 1 ms
parameters: {I: {default: 3.25, doc: drive}, r: {default: 0.005, doc: rate of adaptation}}
states: {x: {init: -1.6}, y: {init: -10}, z: {init: 3}}
derivatives:
  x: y - x^3 + 3*x^2 - z + I
  y: 1 - 5*x^2 - y
  z: r*(4*(x + 1.6) - z)
output: x
"""


@pytest.fixture
def hopf():
    """Four oscillators on their limit cycles."""
    return bm.HopfStep(4, a=0.25, w=0.3, init_x=[0.1, 0.2, 0.3, 0.4])


@pytest.fixture
def network():
    """Eight oscillators on a connectome with delays and noise."""
    node = bm.HopfStep(8, a=-0.02, w=0.06, noise_x=0.02, init_x=0.1)
    return bm.Network(node, conn=bm.datasets.load_dataset("synthetic_8"), speed=10.0, coupled_var="x", k=0.02)


def golden(name):
    """The reference cases of a file."""
    return json.loads((ROOT / "tests" / "golden" / f"{name}.json").read_text())


def assert_close(given, expected, tolerance=1e-9):
    """Compares to a tolerance relative to the largest number."""
    expected = np.asarray(expected, dtype=float)
    assert np.shape(given) == expected.shape
    scale = max(np.nanmax(np.abs(expected)), 1e-12)
    assert np.nanmax(np.abs(given - expected)) <= tolerance * scale
    assert (np.isnan(given) == np.isnan(expected)).all()
