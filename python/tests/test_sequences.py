"""Layers of oscillators that read sequences: the cases of the reference, derivatives, training, copies, bad input."""

import copy
import pickle

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u

from conftest import assert_close, golden


def shared(case):
    """What all layers of a case have. The cases with this defect do not divide the recurrent drive."""
    gain = None if case.get("known_defect") is None else 1.0
    return {name: row["value"] for name, row in case["params"].items()} | {"gain": gain, "dt": case["dt_ms"]}


def arrays(entry):
    """The arrays of a layer. With delays, the cases have targets in the rows of weights."""
    delayed = entry.get("delay_ms") is not None
    turn = np.transpose if delayed else np.asarray
    given = {"x_init": entry["x0"], "y_init": entry["y0"], "inp_w_init": entry["W_in"], "inp_b_init": entry["b_in"], "rec_w_init": turn(entry["W_rec"])}
    if delayed:
        return given | {"delay": np.transpose(entry["delay_ms"]) * u.ms, "delay_init": entry["history"]}
    return given | {"rec_b_init": entry["b_rec"]}


def cases(name):
    return [case for case in golden(name) if "at time 0" not in (case.get("known_defect") or "")]


@pytest.mark.parametrize("case", cases("HORNSeqLayer"), ids=lambda case: case["id"])
def test_layers_are_those_of_the_reference(case):
    layer = bm.HORNSeqLayer(case["n_input"], case["n_nodes"], **shared(case), **arrays(case["layer"]))
    states, out = layer(case["inputs"]["inputs"]["value"], record_state=True)
    assert (out == states["x"]).all()
    for name, series in case["recorded"].items():
        rows = np.array(case["recorded_steps"]) - 1
        assert_close(states[name][rows], series["values"], 1e-9)


@pytest.mark.parametrize("case", [case for case in cases("HORNSeqNetwork") if "delay" not in case["id"]], ids=lambda case: case["id"])
def test_networks_are_those_of_the_reference(case):
    network = bm.HORNSeqNetwork(case["n_input"], case["n_nodes"], case["n_output"], **shared(case))
    given = {f"layer{index + 1}.{name}": entry[name] for index, entry in enumerate(case["layers"]) for name in ("W_in", "b_in", "W_rec", "b_rec")}
    starts = {f"layer{index + 1}.init_{state}": np.atleast_1d(entry[f"{state}0"]) for index, entry in enumerate(case["layers"]) for state in "xy"}
    network.set_weights({**given, **starts, **case["readout"]})
    sequence = np.array(case["inputs"]["inputs"]["value"])
    assert_close(network(sequence), case["output"], 1e-9)
    hidden = network.hidden_activation(sequence)
    for name, series in case["recorded"].items():
        state, _, number = name.partition("_layer_")
        if state == "x":
            assert_close(hidden[int(number) - 1][np.array(case["recorded_steps"]) - 1], series["values"], 1e-9)
    # Sequences side by side have the numbers of each alone.
    both = np.stack([sequence, 0.5 * sequence], axis=1)
    assert (network(both)[0] == network(sequence)).all() and network(both).shape == (2, case["n_output"])
    assert network.hidden_activation(both)[0].shape == (len(sequence), 2, network.n_hidden[0])


def small(**settings):
    return bm.HORNSeqNetwork(2, [3, 4], 2, alpha=0.3, dt=1.0, seed=3, **settings)


def test_derivatives_are_those_of_differences():
    sequence = np.random.default_rng(1).standard_normal((12, 5, 2))

    def loss(outputs):
        return float((outputs**2).sum()), 2.0 * outputs

    network = small(delay=np.full(1, 2.0) * u.ms)
    value, gradient = network.value_and_grad(sequence, loss)
    assert value == pytest.approx(loss(network(sequence))[0])
    assert set(gradient) == set(network.weights)
    for name, array in network.weights.items():
        index = tuple(size // 2 for size in array.shape)
        sides = []
        for step in (1e-5, -1e-5):
            moved = array.copy()
            moved[index] += step
            network.set_weights({name: moved})
            sides.append(loss(network(sequence))[0])
        network.set_weights({name: array})
        assert gradient[name][index] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-7), name


def test_a_task_is_learned_and_the_same_again():
    sequences, classes = bm.datasets.delayed_match_task(128, seq_len=4, n_symbols=2, seed=1)
    runs = []
    for _ in range(2):
        network = bm.HORNSeqNetwork(2, 16, 2, alpha=1.0, omega=0.5, gamma=0.05, gain=1.0, dt=1.0, seed=5)
        told = []
        epochs = network.train(sequences, classes, epochs=40, rate=0.02, held_out=(sequences[:20], classes[:20]), progress=lambda done, total: told.append((done, total)))
        runs.append(epochs)
        assert told[-1] == (40, 40)
    assert runs[0] == runs[1]
    assert runs[0][-1].accuracy > 0.9 > runs[0][0].accuracy and runs[0][-1].held_out_accuracy > 0.9
    # What is named alone is learned alone.
    before = network.weights
    network.train(sequences, classes, epochs=1, learn=["omega"], rule="sgd", clip=1.0)
    changed = {name for name, array in network.weights.items() if (array != before[name]).any()}
    assert changed == {"layer1.omega"}
    values = network.train(sequences, np.zeros((128, 2)), epochs=1)[0]
    assert values.accuracy is None and values.loss > 0


def test_copies_have_the_weights():
    sequence = np.ones((5, 2))
    network = small()
    network.set_weights({"b_out": [1.0, 2.0]})
    for again in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert (again(sequence) == network(sequence)).all() and repr(again) == repr(network)
        again.set_weights({"b_out": [0.0, 0.0]})
        assert (again(sequence) != network(sequence)).any()
    layer = bm.HORNSeqLayer(2, 3, seed=1)
    assert (pickle.loads(pickle.dumps(layer))(sequence) == layer(sequence)).all()
    assert (bm.HORNSeqLayer(2, 3, seed=1)(sequence) == layer(sequence)).all()
    assert (bm.HORNSeqLayer(2, 3, seed=2)(sequence) != layer(sequence)).any()


def test_bad_input():
    network = small()
    sequence = np.ones((5, 2))
    with pytest.raises(ValueError, match=r"\(5, 3\); \(time, 2\) or \(time, item, 2\) is needed"):
        network(np.ones((5, 3)))
    with pytest.raises(ValueError, match="NaN|finite"):
        network(np.full((5, 2), np.nan))
    with pytest.raises(ValueError, match="no steps"):
        network(np.ones((0, 2)))
    with pytest.raises(TypeError, match="numbers"):
        network([["a", "b"]])
    with pytest.raises(ValueError, match="did you mean `W_in`"):
        network.set_weights({"layer1.W_im": 0.0})
    kept = network.weights
    with pytest.raises(ValueError, match="shape"):
        network.set_weights({"b_out": [5.0, 5.0], "layer1.b_in": np.ones(7)})
    assert (network.weights["b_out"] == kept["b_out"]).all()
    with pytest.raises(ZeroDivisionError):
        network.value_and_grad(sequence, lambda outputs: 1 / 0)
    with pytest.raises(TypeError, match="derivatives by the outputs"):
        network.value_and_grad(sequence, lambda outputs: 1.0)
    with pytest.raises(ValueError, match="shape"):
        network.value_and_grad(sequence, lambda outputs: (1.0, np.ones(9)))
    with pytest.raises(ValueError, match="did you mean `adam`"):
        network.train(np.ones((3, 5, 2)), [0, 1, 0], rule="adan")
    with pytest.raises(ValueError, match="targets for 3 sequences"):
        network.train(np.ones((3, 5, 2)), [0, 1])
    with pytest.raises(ValueError, match="class 7"):
        network.train(np.ones((3, 5, 2)), [0, 1, 7])
    with pytest.raises(ValueError, match="counted from 0"):
        network.train(np.ones((3, 5, 2)), [0, 1, -1])
    with pytest.raises(ValueError, match="learning rate"):
        network.train(np.ones((3, 5, 2)), [0, 1, 0], rate=0.0)
    with pytest.raises(ValueError, match="omega"):
        network.train(np.ones((3, 5, 2)), [0, 1, 0], learn=["omgea"])
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="at least 1"):
            bm.HORNSeqLayer(2, wrong)
    with pytest.raises(TypeError, match="whole number"):
        bm.HORNSeqLayer(2.0, 3)
    with pytest.raises(ValueError, match="at least one layer"):
        bm.HORNSeqNetwork(2, [], 1)
    with pytest.raises(ValueError, match="mV.*ms"):
        bm.HORNSeqLayer(2, 3, delay=3 * u.mV)
    with pytest.raises(ValueError, match=r"\(2, 3\) is needed"):
        bm.HORNSeqLayer(2, 3, inp_w_init=np.ones((3, 2)))
