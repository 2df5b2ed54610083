"""Bifurcation diagrams, against closed forms."""

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


def test_the_hopf_normal_form_has_its_cycles():
    # x' = (a - beta r^2) x - w y: cycles of radius sqrt(a/beta) and period 2 pi/w for a > 0.
    diagram = bm.HopfStep(1, w=0.2, beta=2.0).bifurcation("a", (-0.1, 0.3))
    (hopf,) = diagram.special
    assert hopf.kind == "HB" and abs(hopf.value) < 1e-9 and hopf.first_lyapunov < 0
    assert hopf.period == pytest.approx(2 * np.pi / 0.2, rel=1e-9)
    (cycles,) = diagram.cycles
    low, high = cycles["x"]
    radius = np.sqrt(cycles.values / 2.0)
    assert np.allclose(high, radius, rtol=1e-6) and np.allclose(low, -radius, rtol=1e-6)
    assert np.allclose(cycles.periods, 2 * np.pi / 0.2, rtol=1e-7) and not cycles.unstable.any()
    # The multiplier across the cycle is exp(-2 a T).
    assert np.allclose(cycles.multipliers[:, 0].real, np.exp(-2 * cycles.values * cycles.periods), atol=1e-6)
    (branch,) = diagram.equilibria
    assert np.allclose(branch["x"], 0.0, atol=1e-9) and branch.eigenvalues.shape == (len(branch), 2)
    assert np.array_equal(branch.unstable[branch.values < -1e-6], np.zeros((branch.values < -1e-6).sum()))
    (cycle,) = diagram.cycles_at(0.08 / u.ms, samples=50)
    assert cycle.is_stable and np.allclose(np.hypot(cycle["x"], cycle["y"]), 0.2, rtol=1e-6) and cycle.ts[1] == pytest.approx(cycle.period / 50)
    # Pushes along the circle alone move the phase.
    response = cycle.phase_response
    assert np.allclose(response["x"], -cycle["y"] / 0.04, atol=1e-5) and np.allclose(response["y"], cycle["x"] / 0.04, atol=1e-5)
    (rest,) = diagram.equilibria_at(-0.05)
    assert rest.is_stable and np.allclose(rest.eigenvalues, [-0.05 + 0.2j, -0.05 - 0.2j])
    assert diagram.without_stable == []


def test_diagrams_are_drawn_and_charts_too():
    model = bm.MontbrioPazoRoxinStep(1, delta=1000 * u.Hz)
    chart = model.bifurcation_chart("eta", (-10, 2), "J", (2, 25))
    (cusp,) = chart.special
    assert cusp.kind == "CP" and cusp.values[0] == pytest.approx(-np.sqrt(3), abs=1e-8)
    assert {curve.kind for curve in chart.curves} == {"LP"}
    axes = chart.plot(ax=plt.figure().gca())
    assert axes.get_xlabel().startswith("eta")
    diagram = bm.JansenRitStep(1).bifurcation("E_inp", (-100 * u.Hz, 400 * u.Hz), cycles=False)
    assert [point.kind for point in diagram.special].count("HB") == 3 and diagram.cycles == []
    axes = diagram.plot("eeg", ax=plt.figure().gca())
    assert "Hz" in axes.get_xlabel() and axes.get_ylabel().startswith("eeg")
    plt.close("all")


def test_a_file_describes_a_diagram():
    text = "{model: FitzHughNagumoStep, continuation: {over: {V_inp: 0..2}, equilibria: true, of: w}}"
    diagram = bm.Experiment.from_text(text).bifurcation()
    assert [round(point.value, 5) for point in diagram.special] == [0.72606, 1.33155] and diagram.of == "w"
    chart = bm.Experiment.from_text("{model: JansenRitStep, continuation: {over: {E_inp: 0..400 Hz}, and: {C: 100..150}}}").bifurcation()
    assert isinstance(chart, bm.BifurcationChart) and chart.over == ("E_inp", "C")
    with pytest.raises(ValueError, match="no section `continuation`"):
        bm.Experiment.from_text("{model: HopfStep, duration: 1 s}").bifurcation()


def test_a_model_of_a_text_and_what_is_wrong():
    fold = bm.Model.from_text("{name: FoldStep, category: phenomenological, time_unit: 1 ms, states: {x: {init: 1}}, parameters: {a: {default: 1, doc: drive}}, derivatives: {x: a - x*x}}")
    (point,) = fold(1).bifurcation("a", (-1, 1)).special
    assert point.kind == "LP" and abs(point.value) < 1e-9
    node = bm.HopfStep(2)
    with pytest.raises(KeyError, match="did you mean"):
        node.bifurcation("bta", (0, 1))
    with pytest.raises(ValueError, match="one that rises"):
        node.bifurcation("a", (1, 0))
    with pytest.raises(ValueError, match="node to node"):
        bm.HopfStep(2, w=[0.1, 0.2]).bifurcation("a", (0, 1))
    with pytest.raises(ValueError, match="Hz|unit|is in"):
        node.bifurcation("a", (0 * u.mV, 1 * u.mV))
    with pytest.raises(ValueError, match="step"):
        node.bifurcation("a", (0, 1), step=0)
