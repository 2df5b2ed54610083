"""Whatever is wrong is a Python exception of a fitting class that says what was found, and what was expected."""

import subprocess
import sys

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u


def raises(kind, *words):
    class Check:
        def __enter__(self):
            self.context = pytest.raises(kind)
            self.info = self.context.__enter__()

        def __exit__(self, *exception):
            done = self.context.__exit__(*exception)
            for word in words:
                assert word in str(self.info.value), str(self.info.value)
            return done

    return Check()


def test_arrays_of_any_kind_of_number_are_taken():
    expected = bm.HopfStep(3, a=[0.0, 1.0, 2.0]).a
    read_only = np.array([0.0, 1.0, 2.0])
    read_only.flags.writeable = False
    strided = np.array([0.0, 9.0, 1.0, 9.0, 2.0])[::2]
    for values in ([0, 1, 2], np.arange(3), np.arange(3, dtype=np.float32), np.arange(3, dtype=np.int8), read_only, strided, (0, 1, 2), [False, True, 2]):
        assert (bm.HopfStep(3, a=values).a == expected).all()
    weights = np.random.default_rng(0).random((4, 4))
    wanted = bm.Simulator(bm.Network(bm.HopfStep(4, init_x=0.1), conn=weights)).run(5.0)["output"]
    for other in (np.asfortranarray(weights), np.lib.stride_tricks.as_strided(np.repeat(weights, 2, axis=1).copy(), (4, 4), (64, 16)), weights.reshape(-1), weights.tolist()):
        assert (bm.Simulator(bm.Network(bm.HopfStep(4, init_x=0.1), conn=other)).run(5.0)["output"] == wanted).all()
    rows = np.random.default_rng(1).random((50, 2))
    driven = lambda rows: bm.Simulator(bm.HopfStep(2), dt=0.1).run(5.0, inputs=rows)["output"]  # noqa: E731
    for other in (np.asfortranarray(rows), np.repeat(rows, 2, axis=0)[::2], rows.tolist()):
        assert (driven(other) == driven(rows)).all()
    assert np.allclose(driven(rows.astype(np.float32)), driven(rows), atol=1e-6)


def test_objects_strings_and_complex_numbers_are_refused():
    for value in (["a", "b", "c"], np.array([1, "x", None], dtype=object), np.array([1j, 2, 3]), "0.25", object(), {"a": 1}):
        with raises(TypeError, "must be numbers"):
            bm.HopfStep(3, a=value)
    with raises(ValueError, "not an array of numbers"):
        bm.HopfStep(3, a=[[1], [2, 3]])


def test_wrong_shapes_say_both():
    with raises(ValueError, "`a` has 2 values for 3 nodes"):
        bm.HopfStep(3, a=[1.0, 2.0])
    with raises(ValueError, "shape (2, 2)"):
        bm.HopfStep(4, a=np.ones((2, 2)))
    with raises(ValueError, "conn has shape (3, 4)", "(3, 3)"):
        bm.Network(bm.HopfStep(3), conn=np.ones((3, 4)))
    with raises(ValueError, "distance has shape (2, 2)"):
        bm.Network(bm.HopfStep(3), conn=np.ones((3, 3)), distance=np.ones((2, 2)), speed=1.0)
    with raises(ValueError, "has 7 rows", "50 steps"):
        bm.Simulator(bm.HopfStep(2), dt=0.1).run(5.0, inputs=np.ones(7))
    with raises(ValueError, "(50, 3)"):
        bm.Simulator(bm.HopfStep(2), dt=0.1).run(5.0, inputs=np.ones((50, 3)))
    with raises(ValueError, "shape (50, 2, 1)"):
        bm.Simulator(bm.HopfStep(2), dt=0.1).run(5.0, inputs=np.ones((50, 2, 1)))


def test_numbers_that_are_not_finite_say_where():
    with raises(ValueError, "`a`", "NaN", "node 1"):
        bm.HopfStep(3, a=[0.0, np.nan, 1.0])
    with raises(ValueError, "inf"):
        bm.HopfStep(1, init_x=np.inf)
    with raises(ValueError, "nan", "target 0"):
        bm.Network(bm.HopfStep(2), conn=[[0.0, np.nan], [1.0, 0.0]])
    series = np.zeros(50)
    series[9] = np.nan
    with raises(ValueError, "x_inp", "NaN", "step"):
        bm.Simulator(bm.HopfStep(1), dt=0.1).run(5.0, inputs=series)
    with raises(ValueError, "duration is nan"):
        bm.Simulator(bm.HopfStep(1)).run(np.nan)
    with raises(ValueError):
        bm.analysis.functional_connectivity([[1.0, np.nan], [0.0, 1.0], [1.0, 1.0]])


def test_unknown_names_come_with_what_may_have_been_meant():
    with raises(TypeError, "`beto`", "`beta`"):
        bm.HopfStep(1, beto=1.0)
    node = bm.HopfStep(1)
    with raises(AttributeError, "`bta`", "`beta`"):
        node.bta = 1.0
    with raises(AttributeError, "`radus`", "`radius`"):
        node.radus()
    with raises(AttributeError, "HopfStpe", "HopfStep"):
        bm.HopfStpe
    with raises(AttributeError, "`mv`", "`mV`"):
        u.mv
    with raises(ValueError, "`z`"):
        bm.Simulator(node).run(1.0, monitors=["z"])
    with raises(AttributeError, "`z`"):
        bm.Simulator(node).run(1.0, monitors=lambda m: m.z)
    with raises(ValueError, "`x_imp`", "`x_inp`"):
        bm.Simulator(node).run(1.0, inputs={"x_imp": 1.0})
    with raises(ValueError, "scheme"):
        bm.Simulator(node, method="hoin").run(1.0)
    with raises(ValueError, "preset"):
        bm.HopfStep(1, preset="none")
    with raises(ValueError, "`difusive`", "`diffusive`"):
        bm.Network(bm.HopfStep(2), conn=np.ones((2, 2)), coupling="difusive")
    with raises(KeyError, "`y`"):
        bm.Simulator(node).run(1.0, monitors=["x"])["y"]
    with raises(KeyError, "synthetic_9"):
        bm.datasets.load_dataset("synthetic_9")
    with raises(ValueError, "`aa`"):
        bm.Simulator(node).sweep(1.0, {"aa": [1.0]})


def test_sizes_and_counts():
    for size in (0, -1):
        with raises(ValueError, "at least one"):
            bm.HopfStep(size)
    for size in (2.5, "3", None, (2, 3), True):
        with raises(TypeError, "number of nodes"):
            bm.HopfStep(size)
    with raises(ValueError, "dt is -0.1"):
        bm.Simulator(bm.HopfStep(1), dt=-0.1)
    with raises(ValueError, "duration is 0"):
        bm.Simulator(bm.HopfStep(1)).run(0.0)
    with raises(ValueError, "transient"):
        bm.Simulator(bm.HopfStep(1)).run(5.0, transient=5.0)
    with raises(ValueError, "transient"):
        bm.Simulator(bm.HopfStep(1)).run(5.0, transient=-1.0)
    with raises(ValueError, "multiple"):
        bm.Simulator(bm.HopfStep(1), dt=0.1).run(5.05)
    for every in (0, -2):
        with raises(ValueError, "sample_every"):
            bm.Simulator(bm.HopfStep(1)).run(5.0, sample_every=every)
    with raises(MemoryError, "memory"):
        bm.Simulator(bm.HopfStep(90), memory=10_000_000).run(1e7)
    with raises(ValueError, "steps"):
        bm.Simulator(bm.HopfStep(1)).run(100.0, most_steps=10)
    with raises(TypeError, "seed"):
        bm.Simulator(bm.HopfStep(1), seed=1.5).run(1.0)


def test_wrong_kinds_of_objects():
    with raises(TypeError, "a simulation needs a model"):
        bm.Simulator("HopfStep")
    with raises(TypeError, "node must be"):
        bm.Network(bm.HopfStep, conn=np.ones((2, 2)))
    with raises(TypeError, "monitors must be"):
        bm.Simulator(bm.HopfStep(1)).run(1.0, monitors=3)
    with raises(TypeError, "a monitor must be"):
        bm.Simulator(bm.HopfStep(1)).run(1.0, monitors=lambda m: 3)
    with raises(TypeError, "progress"):
        bm.Simulator(bm.HopfStep(1)).run(1.0, progress="yes")


def test_callbacks_that_raise_come_out_as_they_are():
    class Mine(Exception):
        pass

    def fails(*_):
        raise Mine("from inside")

    simulator = bm.Simulator(bm.HopfStep(2, init_x=0.1), dt=0.1)
    with raises(Mine, "from inside"):
        simulator.run(5.0, inputs=fails)
    with raises(Mine, "from inside"):
        simulator.run(5.0, monitors=fails)
    with raises(Mine, "from inside"):
        simulator.run(1e5, progress=fails)
    with raises(Mine, "from inside"):
        simulator.value_and_grad(fails, ["a"], 5.0)
    with raises(Mine, "from inside"):
        bm.Fitter(simulator, {"a": bm.Param(0.1)}, fails, 5.0, method="lbfgs").fit(3)
    with raises(Mine, "from inside"):
        bm.Fitter(simulator, {"a": bm.Param(0.1)}, fails, 5.0, method="nelder_mead").fit(3)


def test_losses_that_give_something_else():
    simulator = bm.Simulator(bm.HopfStep(2, init_x=0.1), dt=0.1)
    with raises(ValueError, "shape"):
        simulator.value_and_grad(lambda run: (1.0, {"output": np.ones(3)}), ["a"], 5.0)
    with raises(ValueError, "`y`"):
        simulator.value_and_grad(lambda run: (1.0, {"y": np.ones(3)}), ["a"], 5.0)
    with raises(TypeError):
        simulator.value_and_grad(lambda run: "no number", ["a"], 5.0)
    with raises(ValueError, "nobody"):
        simulator.value_and_grad(lambda run: (1.0, {}), ["nobody"], 5.0)
    with raises(ValueError, "differentiated"):
        simulator.value_and_grad(lambda run: (1.0, {}), [], 5.0)


def test_mistakes_in_texts_have_places():
    with pytest.raises(bm.FileMistakes) as caught:
        bm.Model.from_text("name: BadStep\ncategory: phenomenological\nstates: {x: {init: 0}}\nderivatives: {x: -k*x}\noutput: x\n", "bad.yaml")
    first = caught.value.diagnostics[0]
    assert (first.file, first.line) == ("bad.yaml", 4) and "k" in first.text
    assert "derivatives: {x: -k*x}" in str(caught.value)
    with raises(ValueError, "experiment"):
        bm.Experiment.from_text("{model: HopfStep, parameters: {b: 1}, duration: 30 mV}", "experiment.yaml")
    with raises(OSError, "nowhere.yaml"):
        bm.Model.open("/tmp/nowhere.yaml")
    with raises(OSError, "nowhere.yaml"):
        bm.Experiment.open("/tmp/nowhere.yaml")


def test_a_run_that_diverges_keeps_what_was_recorded():
    with pytest.raises(bm.DivergenceError) as caught:
        bm.Simulator(bm.HopfStep(3, init_x=[0.1, 100.0, 0.1], method="euler"), dt=1.0).run(100.0)
    assert "node 1" in str(caught.value)
    run = caught.value.run
    assert 0 < len(run["ts"]) < 100 and run["output"].shape == (len(run["ts"]), 3)


def test_nothing_aborts_the_interpreter():
    """Values at the edge of what is possible, in a program of their own, because an abort would end the tests."""
    script = """
import numpy as np, brainmass_rs as bm
from brainmass_rs import u
huge = [2**62, 2**63, 2**64, 10**30]
for call in [
    *[lambda n=n: bm.HopfStep(n) for n in huge],
    *[lambda n=n: bm.Simulator(bm.HopfStep(1), seed=n).run(1.0) for n in huge + [-1]],
    *[lambda n=n: bm.Simulator(bm.HopfStep(1), threads=n).run(1.0) for n in huge + [0]],
    *[lambda n=n: bm.Simulator(bm.HopfStep(1)).run(1.0, sample_every=n) for n in huge],
    *[lambda n=n: bm.Simulator(bm.HopfStep(1)).run(float(n)) for n in huge],
    lambda: bm.Simulator(bm.HopfStep(1), dt=1e-300).run(1.0),
    lambda: bm.Simulator(bm.HopfStep(1), dt=1e300).run(1.0),
    lambda: bm.Network(bm.HopfStep(2), conn=np.ones((2, 2)), delays=1e300),
    lambda: bm.Simulator(bm.Network(bm.HopfStep(2), conn=np.ones((2, 2)), delays=1e9), dt=1e-3).run(1.0),
    lambda: bm.analysis.fcd(np.ones((4, 2)), 10**18, 10**18),
    lambda: bm.analysis.power_spectrum(np.ones((4, 2)), 0.1, 10**18),
    lambda: bm.analysis.band_pass(np.ones((4, 2)), 0.1, 1.0, 2.0, 10**6),
    lambda: bm.analysis.functional_connectivity(np.ones((0, 2))),
    lambda: bm.TemporalAverage(1e300)(np.ones((4, 2)), 0.1),
    lambda: bm.HRFBold(period=1e300)(np.ones((4, 2)), 0.1),
    lambda: bm.BOLDSignal(period=1e300)(np.ones((4, 2)), 0.1),
    lambda: u.Quantity(1.0, "m" * 10**6).to("ms"),
    lambda: u.Quantity(1.0, "(" * 1000).to("ms"),
    lambda: bm.Model.from_text("[" * 10**5),
    lambda: bm.Model.from_text(chr(0)),
    lambda: bm.Fitter(bm.Simulator(bm.HopfStep(1)), {"a": (0.0, 1.0)}, lambda run: 0.0, 1.0, method="pso", settings={"particles": 1e15}).fit(10**9),
]:
    try:
        call()
    except Exception as error:
        assert type(error).__name__ != "PanicException", error
        assert str(error), call
print("all")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert ran.stdout.strip() == "all", ran.stderr[-3000:]
