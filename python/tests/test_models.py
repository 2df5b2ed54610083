"""The catalogue, models, units and signals."""

import copy
import inspect
import pickle
import pydoc

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u

from conftest import HINDMARSH_ROSE


def test_the_catalogue_has_a_class_for_every_node_model():
    records = bm.list_models()
    assert len(records) == 20 and records[0] == ("HopfStep", "phenomenological", 2, "Oscillation onset, rhythm generation")
    assert all(hasattr(bm, record.name) for record in records)
    assert bm.list_models.to_table().splitlines()[2].startswith("HopfStep  ")


@pytest.mark.parametrize("name", sorted(bm.models.MODELS))
def test_every_model_has_a_signature_help_and_runs(name):
    cls = getattr(bm, name)
    parameters = inspect.signature(cls).parameters
    for row in cls.info["parameters"]:
        assert parameters[row["name"]].default == row["default"]
    text = pydoc.render_doc(cls)
    for row in [*cls.info["parameters"], *cls.info["states"], *cls.info["inputs"]]:
        assert row["name"] in text and row["unit"] in text
    node = cls(3)
    run = bm.Simulator(node).run(cls.info["dt"] * 5, monitors=[row["name"] for row in [*cls.info["states"], *cls.info["observables"]]])
    for row in [*cls.info["states"], *cls.info["observables"]]:
        assert run[row["name"]].shape == (5, 3) and run.units[row["name"]] == row["unit"]
        assert isinstance(getattr(node, row["name"]), bm.Signal)
    assert "<math" in node._repr_html_()
    # What the base class has would hide what the model has.
    own = {row["name"] for part in ("parameters", "states", "observables", "inputs") for row in cls.info[part]}
    assert not own & set(dir(bm.Model))


def test_presets_and_settings():
    node = bm.JansenRitStep(2, C=100.0)
    assert node.C == 100.0 and node.Ae == 3.25
    node.Ae = [3.0, 4.0] * u.mV
    assert node.Ae.tolist() == [3.0, 4.0]
    node.init_M = 0.001 * u.V
    assert node.init_M == pytest.approx(1.0)
    with_preset = [cls for cls in bm.models.MODELS.values() if cls.info["presets"]]
    cls = with_preset[0]
    preset = cls.info["presets"][0]
    node = cls(1, preset=preset["name"])
    index, value = preset["values"][0]
    assert getattr(node, cls.info["parameters"][index]["name"]) == value


def test_units():
    assert (2 * u.s).to("ms") == 2000.0
    assert (5 * u.mV / u.ms).to("V/s") == 5.0
    assert (3 * u.ms) / u.ms == 3.0
    assert u.math.sin(np.pi / 2 * u.ms / u.ms) == 1.0
    assert (1 * u.s + 5 * u.ms).to(u.ms) == pytest.approx(1005.0)
    assert (10 * u.Hz).to("1/s") == 10.0
    assert u.Quantity([1.0, 2.0], "mV").to("uV").tolist() == [1000.0, 2000.0]
    assert (np.arange(3) * u.mV)[1] == 1 * u.mV and (2 * u.s > 1999 * u.ms)
    assert pickle.loads(pickle.dumps(3 * u.mV)).to("mV") == 3.0
    assert float(3 * u.s / (1 * u.ms)) == 3000.0
    for wrong in (lambda: (3 * u.mV).to("ms"), lambda: 3 * u.mV + 2 * u.s, lambda: np.asarray(3 * u.mV), lambda: 3 * u.mV < 1.0):
        with pytest.raises(ValueError, match="mV"):
            wrong()


def test_a_wrong_unit_names_both():
    with pytest.raises(ValueError, match="Ae.*ms.*mV"):
        bm.JansenRitStep(1, Ae=3 * u.ms)
    with pytest.raises(ValueError, match="mV.*ms"):
        bm.Simulator(bm.HopfStep(1), dt=1 * u.mV)
    # A cycle is no radian.
    with pytest.raises(ValueError, match="Hz.*rad/ms"):
        bm.HopfStep(1, w=10 * u.Hz)
    with pytest.raises(ValueError, match="E_inp.*mV.*Hz"):
        bm.Simulator(bm.JansenRitStep(1)).run(5.0, inputs={"E_inp": 3 * u.mV})


def test_quantities_of_pint_and_brainunit():
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    assert bm.JansenRitStep(1, Ae=0.00325 * registry.volt).Ae == pytest.approx(3.25)
    assert bm.Simulator(bm.HopfStep(1), dt=100 * registry.microsecond).dt == pytest.approx(0.1)
    with pytest.raises(ValueError, match="mV"):
        bm.JansenRitStep(1, Ae=3 * registry.second)


def test_quantities_of_brainunit():
    other = pytest.importorskip("brainunit")
    assert bm.JansenRitStep(1, Ae=3250.0 * other.uvolt).Ae == pytest.approx(3.25)
    assert bm.Simulator(bm.HopfStep(1), dt=0.1 * other.ms).dt == pytest.approx(0.1)
    assert bm.LinearStep(2, init_x=np.array([1.0, 2.0])).init_x.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="mV"):
        bm.JansenRitStep(1, Ae=3.0 * other.ms)


def test_signals_are_written_down_once_and_checked():
    node = bm.JansenRitStep(3)
    calls = []

    def monitor(model):
        calls.append(model)
        return np.tanh((model.E - model.I) / (1 * u.mV)) + 2.0 * model.eeg()[0] / u.mV

    run = bm.Simulator(node, dt=0.5).run(50.0, monitors={"out": monitor, "E": "E", "I": "I", "eeg": node.eeg()})
    assert len(calls) == 1
    assert np.allclose(run["out"], np.tanh(run["E"] - run["I"]) + 2.0 * run["eeg"][:, [0]])
    assert (run["E"] - run["I"] == run["eeg"]).all() and run.units["eeg"] == "mV"
    with pytest.raises(ValueError, match="mV/s"):
        node.E - node.Ev
    with pytest.raises(ValueError, match="pure number"):
        np.exp(node.E)
    with pytest.raises(TypeError, match="before the run"):
        float(node.E)
    with pytest.raises(TypeError, match="before the run"):
        if node.E:
            pass
    means = bm.Simulator(node, dt=0.5).run(50.0, monitors=lambda m: m.E.mean())["output"]
    assert means.shape == (100,) and np.allclose(means, run["E"].mean(axis=1))


def test_derivatives_of_signals_are_those_of_differences():
    generator = np.random.default_rng(2)
    records = {"a": 0.5 + generator.random((4, 3)), "b": 0.5 + generator.random((4, 3))}
    a, b = bm.Signal.leaf("a", "1"), bm.Signal.leaf("b", "1")
    expressions = [
        a + b, a - 2 * b, 3 - a, a * b, a / b, 1 / a, a**3, a**b, 2.0 - abs(-a), np.exp(a), np.log(a), np.sqrt(b), np.tanh(a * b), np.sin(a) * np.cos(b),
        np.maximum(a, b), np.minimum(a, b), a.mean() * 2, b.sum(), a[1] * b[2], a[:2] + b[1:], np.square(a), np.array([1.0, 2.0, 3.0]) * a,
    ]  # fmt: skip
    for expression in expressions:
        value = expression.evaluate(records)
        adjoint = generator.random(np.shape(value))
        found = {}
        expression.pull(records, adjoint, found)
        for name in expression.leaves():
            for place in ((0, 0), (2, 1), (3, 2)):
                moved = {key: array.copy() for key, array in records.items()}
                moved[name][place] += 1e-6
                up = (expression.evaluate(moved) * adjoint).sum()
                moved[name][place] -= 2e-6
                down = (expression.evaluate(moved) * adjoint).sum()
                assert found[name][place] == pytest.approx((up - down) / 2e-6, rel=1e-6, abs=1e-8), repr(expression)


def test_models_of_texts_run_and_are_pickled():
    cls = bm.Model.from_text(HINDMARSH_ROSE)
    node = cls(2, I=[3.25, 2.0], init_x=bm.init.Uniform(-2.0, 0.0, seed=1))
    assert not node.is_compiled and bm.HopfStep(1).is_compiled
    run = bm.Simulator(node, dt=0.01).run(20.0)
    for copied in (pickle.loads(pickle.dumps(node)), copy.deepcopy(node)):
        assert type(copied) is type(node) and (copied.init_x == node.init_x).all()
        assert (bm.Simulator(copied, dt=0.01).run(20.0)["output"] == run["output"]).all()
    assert cls.info["parameters"][0]["doc"] == "drive"


def test_model_and_rule_files(tmp_path):
    path = tmp_path / "rose.yaml"
    path.write_text(HINDMARSH_ROSE)
    assert bm.Model.open(path)(1).in_size == 1
    rule = tmp_path / "cubic.yaml"
    rule.write_text(bm.coupling.Additive.info["yaml"].replace("name: Additive", "name: MineRule"))
    made = bm.Coupling.open(rule)(k=0.5)
    network = bm.Network(bm.HopfStep(2, init_x=[0.1, 0.2]), conn=np.ones((2, 2)), coupling=made)
    library = bm.Network(bm.HopfStep(2, init_x=[0.1, 0.2]), conn=np.ones((2, 2)), coupling=bm.coupling.Additive(k=0.5))
    first, second = (bm.Simulator(each).run(20.0)["output"] for each in (network, library))
    assert (first == second).all()
    assert (bm.Simulator(pickle.loads(pickle.dumps(network))).run(20.0)["output"] == first).all()
