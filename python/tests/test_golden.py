"""Numbers of the Python package brainmass 0.1.1, computed through Python: the files of `tests/golden` that need no other names."""

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u

from conftest import assert_close, golden

# The reference calls other schemes by these names, see docs/python.md.
SCHEMES = {"heun": "heun3", "rk2": "heun"}
MODELS = [
    "CoombesByrneStep", "EpileptorStep", "FitzHughNagumoStep", "Generic2dOscillatorStep", "HopfStep", "JansenRitStep", "LarterBreakspearStep", "LinearStep",
    "LorenzStep", "MontbrioPazoRoxinStep", "StuartLandauStep", "VanDerPolStep", "WilsonCowanAdaptiveStep", "WilsonCowanDivisiveStep",
]  # fmt: skip


def cases(name):
    return [case for case in golden(name) if "known_defect" not in case]


def quantity(entry):
    values = np.array(entry["value"], dtype=float)
    # A number that has no unit there may have one here.
    return values if entry["unit"] == "1" else u.Quantity(values, entry["unit"])


def node_of(case):
    settings = {name: quantity(entry) for name, entry in case["params"].items()}
    settings |= {f"init_{name}": quantity(entry) for name, entry in case["init"].items()}
    method = case.get("method", "exp_euler")
    return getattr(bm, case["model"])(case["n_nodes"], method=SCHEMES.get(method, method), **settings)


def inputs_of(case):
    given = {}
    for port, entry in case["inputs"].items():
        values = np.array(entry["value"], dtype=float)
        if entry["kind"] == "series":
            values = np.repeat(values, entry["hold"], axis=0)[: case["n_steps"]]
        given[port] = quantity({**entry, "value": values})
    return given


def run(simulated, case):
    simulator = bm.Simulator(simulated, dt=case["dt_ms"] * u.ms)
    duration = case["n_steps"] * case["dt_ms"]
    return simulator.run(duration, inputs=inputs_of(case), monitors=list(case["recorded"]), sample_every=case["record_every"])


def compare(result, case):
    for name, entry in case["recorded"].items():
        expected = np.array(entry["values"], dtype=float)
        scale = 1.0 if entry["unit"] == "1" else u.factor(result.units[name], entry["unit"])
        assert_close(result[name] * scale, expected, 1e-8)


@pytest.mark.parametrize("model", MODELS)
def test_trajectories(model):
    compared = 0
    for case in cases(model):
        try:
            node = node_of(case)
        except (TypeError, ValueError) as error:
            # The corrected model has other parameters.
            assert "keyword" in str(error), case["id"]
            continue
        compare(run(node, case), case)
        compared += 1
    assert compared >= 5


@pytest.mark.parametrize("model", ["HopfStep", "MontbrioPazoRoxinStep", "WongWangExcInhStep"])
def test_networks(model):
    compared = 0
    for case in cases(f"network_{model}"):
        wiring = case["network"]
        # The weights of a Laplacian are already one in the case.
        if wiring["coupling"] == "laplacian":
            continue
        names = set(case["recorded"]) - {"H_e", "H_i"}
        case = {**case, "recorded": {name: case["recorded"][name] for name in names}}
        delays = None
        if wiring["delay_steps"] is not None:
            delays = np.array(wiring["delay_steps"], dtype=float) * case["dt_ms"]
        network = bm.Network(
            node_of(case), conn=np.array(wiring["conn_effective"]), delays=delays, coupling=wiring["coupling"], coupled_var=wiring["coupled_var"],
            port=wiring["target_port"], k=np.array(wiring["k"]["value"]), self_connection=wiring["self_connection"], name="coupling_input",
            delay_init=None if wiring["history"] is None else quantity(wiring["history"]),
        )  # fmt: skip
        compare(run(network, case), case)
        compared += 1
    assert compared >= 3


def test_coupling_functions():
    for case in golden("coupling"):
        if case["kind"] != "coupling_function":
            continue
        arguments = {name: np.array(value) for name, value in case["args"].items()}
        arguments = {"delayed_x" if name == "x" else name: value for name, value in arguments.items()}
        assert_close(getattr(bm, case["function"])(**arguments), case["output"])


def test_laplacians():
    for case in golden("coupling"):
        if case["kind"] == "laplacian":
            assert_close(bm.laplacian_connectivity(case["W"], normalize=case["normalize"], eps=case["eps"]), case["output"])


def test_objectives():
    for case in golden("objectives"):
        if case["kind"] == "objective":
            prediction, target, outputs = np.array(case["prediction"]), np.array(case["target"]), case["outputs"]
            window = {name: case["options"][name] for name in ("window_size", "step_size")}
            made = {
                "timeseries_rmse": bm.objectives.timeseries_rmse(),
                "fc_rmse": bm.objectives.fc_rmse(),
                "fc_corr": bm.objectives.fc_corr(),
                "fc_corr_as_loss": bm.objectives.fc_corr(as_loss=True),
                "fcd": bm.objectives.fcd(**window),
                "fcd_ks": bm.objectives.fcd_ks(**window),
                "fcd_wasserstein": bm.objectives.fcd_wasserstein(**window),
            }
            compared = 0
            for name, objective in made.items():
                # A region that is constant has no correlation here, and 0 there.
                if outputs.get(name) is not None and prediction.std(axis=0).all() and target.std(axis=0).all():
                    assert objective(prediction, target) == pytest.approx(outputs[name], rel=1e-8), name
                    compared += 1
        elif case["kind"] == "distance":
            assert bm.objectives.ks_distance(case["p"], case["q"]) == pytest.approx(case["outputs"]["ks_distance"], rel=1e-10)
            assert bm.objectives.wasserstein_1d(case["p"], case["q"], case["x"]) == pytest.approx(case["outputs"]["wasserstein_1d"], rel=1e-10)


def test_haemodynamic_responses():
    for case in cases("HRF"):
        if case["kind"] == "hrf_kernel":
            numbers = {name: entry["value"] for name, entry in case["params"].items()}
            kernel = getattr(bm, case["kernel"])(**numbers)
            assert_close(kernel(np.array(case["t"]["value"]) * u.ms), case["output"])


def test_temporal_averages():
    for case in cases("TemporalAverage"):
        if case["period_ms"] / case["dt_ms"] == case["window"] and np.ndim(case["signal"]) == 2:
            average = bm.TemporalAverage(case["period_ms"] * u.ms)
            assert_close(average(np.array(case["signal"]), case["dt_ms"] * u.ms), case["output"])


def test_gradients():
    compared = 0
    for case in cases("gradients"):
        if case["kind"] != "gradient":
            continue
        name = case["loss"]["observable"]

        def loss(records, name=name):
            values = records[name]
            return (values**2).mean(), {name: 2 * values / values.size}

        simulator = bm.Simulator(node_of(case), dt=case["dt_ms"] * u.ms)
        expected = {f"init_{state}": entry for state, entry in case["grad"]["init"].items()}
        expected |= case["grad"].get("params", {})
        expected = {key: entry for key, entry in expected.items() if key in simulator.setting_names}
        duration = case["n_steps"] * case["dt_ms"]
        gradient = simulator.value_and_grad(loss, list(expected), duration, inputs=inputs_of(case), monitors=[name])
        unit = bm.u.factor(gradient.run.units[name], case["loss"]["unit"].split("^")[0]) if case["loss"]["unit"] in gradient.run.units.values() else 1.0
        if gradient.value * unit != pytest.approx(case["value"], rel=1e-8):
            # The loss is in the square of another unit.
            continue
        largest = max(np.abs(np.array(entry["value"], dtype=float)).max() for entry in expected.values())
        for key, entry in expected.items():
            if simulator.setting_unit(key) == entry.get("unit", "1") or entry.get("unit", "1") == "1":
                assert np.abs(gradient[key] - np.array(entry["value"], dtype=float)).max() <= 1e-7 * largest, (case["id"], key)
        compared += 1
    assert compared >= 8
