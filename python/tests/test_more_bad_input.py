"""More that can go wrong, a row each: what is done, the class of the exception, and a word of its message."""

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u


def simulator(nodes=3, **settings):
    return bm.Simulator(bm.HopfStep(nodes, init_x=0.1), dt=0.1, **settings)


def network(**settings):
    return bm.Network(bm.HopfStep(3, init_x=0.1), conn=np.ones((3, 3)), **settings)


def run(**settings):
    return simulator().run(1.0, **settings)


def gradient(loss, by=("a",)):
    return simulator().value_and_grad(loss, by, 1.0)


class Broken:
    def __array__(self, *_, **__):
        raise RuntimeError("from inside")


CASES = {
    "complex weights": (lambda: bm.Network(bm.HopfStep(3), conn=np.ones((3, 3)) * 1j), TypeError, "complex128"),
    "weights of objects": (lambda: bm.Network(bm.HopfStep(3), conn=np.full((3, 3), None)), TypeError, "object"),
    "weights with three axes": (lambda: bm.Network(bm.HopfStep(3), conn=np.ones((3, 3, 3))), ValueError, "(3, 3) is needed"),
    "no weights": (lambda: bm.Network(bm.HopfStep(3), conn=[]), ValueError, "(0,)"),
    "a negative delay": (lambda: bm.Simulator(network(delays=-1.0)).run(1.0), ValueError, "the delay is -1 ms"),
    "delays that are not finite": (lambda: network(delays=np.full((3, 3), np.inf)), ValueError, "finite"),
    "a speed of 0": (lambda: bm.Simulator(network(distance=np.ones((3, 3)), speed=0.0)).run(1.0), ValueError, "above 0"),
    "several speeds": (lambda: network(distance=np.ones((3, 3)), speed=np.ones(2)), ValueError, "one number"),
    "negative lengths": (lambda: bm.Simulator(network(distance=-np.ones((3, 3)), speed=1.0)).run(1.0), ValueError, "tract length"),
    "a history of another shape": (lambda: bm.Simulator(network(delays=1.0, delay_init=np.ones((5, 2)))).run(1.0), ValueError, "10 x 3"),
    "a history with NaN": (lambda: bm.Simulator(network(delays=1.0, delay_init=np.nan)).run(1.0), ValueError, "NaN"),
    "a port that is no name": (lambda: network(coupled_var=3), TypeError, "coupled_var must be a name"),
    "a projection of another shape": (lambda: bm.Network.groups(a=bm.HopfStep(2), b=bm.HopfStep(3)).project("a.x", "b.x_inp", np.ones((2, 3))), ValueError, "(3, 2)"),
    "a value that raises": (lambda: bm.HopfStep(3, a=Broken()), RuntimeError, "from inside"),
    "a date": (lambda: bm.HopfStep(3, a=np.datetime64("2020-01-01")), TypeError, "datetime64"),
    "records of numpy": (lambda: bm.HopfStep(1, a=np.zeros(1, dtype=[("a", "f8")])), TypeError, "must be numbers"),
    "a set": (lambda: bm.HopfStep(3, a={1, 2, 3}), TypeError, "set"),
    "a number beyond doubles": (lambda: bm.HopfStep(1, a=10**400), ValueError, "beyond all doubles"),
    "no values": (lambda: bm.HopfStep(3, a=[]), ValueError, "0 values for 3 nodes"),
    "an initial value that raises": (lambda: bm.HopfStep(3, init_x=lambda shape: 1 / 0), ZeroDivisionError, "zero"),
    "an initial value of another shape": (lambda: bm.HopfStep(3, init_x=lambda shape: np.ones(7)), ValueError, "7 values"),
    "negative noise": (lambda: bm.HopfStep(3, noise_x=-1.0), ValueError, "not negative"),
    "a preset that is no name": (lambda: bm.HopfStep(3, preset=3), TypeError, "name of a preset"),
    "another number of nodes": (lambda: setattr(bm.HopfStep(3), "in_size", 5), AttributeError, "fixed"),
    "a step in mV": (lambda: bm.Simulator(bm.HopfStep(1), dt=1 * u.mV), ValueError, "mV"),
    "a step as text": (lambda: bm.Simulator(bm.HopfStep(1), dt="0.1"), TypeError, "must be numbers"),
    "memory below 0": (lambda: simulator(memory=-5).run(1.0), ValueError, "memory is -5"),
    "memory as text": (lambda: simulator(memory="1G").run(1.0), TypeError, "whole number"),
    "an unknown instruction set": (lambda: simulator(simd="sse9").run(1.0), ValueError, "`sse9` is not an instruction set"),
    "steps below 0": (lambda: run(most_steps=-1), ValueError, "most_steps is -1"),
    "a duration without end": (lambda: simulator().run(np.inf), ValueError, "finite"),
    "a batch beyond measure": (lambda: run(batch_size=10**9), ValueError, "batch_size"),
    "a batch of half a run": (lambda: run(batch_size=2.5), TypeError, "whole number"),
    "an unknown keyword": (lambda: run(monitor=["x"]), TypeError, "monitor"),
    "a monitor twice": (lambda: run(monitors=["x", "x"]), ValueError, "recorded twice"),
    "a monitor that decides": (lambda: run(monitors=lambda m: m.x if m.x > 0 else m.y), TypeError, ">"),
    "a monitor that asks for a number": (lambda: run(monitors=lambda m: float(m.x)), TypeError, "no value before the run"),
    "a monitor that asks for an array": (lambda: run(monitors=lambda m: np.fft.fft(m.x)), TypeError, "no values before the run"),
    "a monitor of a node that is not there": (lambda: run(monitors=lambda m: m.x[7]), IndexError, "7"),
    "an instrument of nothing": (lambda: run(monitors={"b": bm.TemporalAverage(1.0)}), ValueError, ".of("),
    "an instrument between the steps": (lambda: run(monitors={"b": bm.TemporalAverage(0.01).of("x")}), ValueError, "whole number of steps"),
    "an input of another kind each step": (lambda: run(inputs=lambda i, t: (1.0, 2.0) if i == 0 else 1.0), ValueError, "one kind"),
    "an input that loses a port": (lambda: run(inputs=lambda i, t: {"x_inp": 1.0} if i == 0 else {}), ValueError, "'x_inp' in step 0"),
    "an input that loses a value": (lambda: run(inputs=lambda i, t: (1.0, 2.0) if i == 0 else (1.0,)), ValueError, "1 values in step 1"),
    "an input without numbers": (lambda: run(inputs=lambda i, t: None), TypeError, "numbers"),
    "an input that becomes NaN": (lambda: run(inputs=lambda i, t: np.nan), ValueError, "NaN at step 0"),
    "an input of too many ports": (lambda: run(inputs=lambda i, t: (1, 2, 3, 4)), ValueError, "4 values"),
    "a stimulus of a region that is not there": (lambda: run(inputs=bm.Stimulus.pulse(1.0, onset=0.0, duration=1.0, regions=[9])), ValueError, "region 9"),
    "noise without time": (lambda: run(inputs=bm.OUProcess(sigma=1.0, tau=0.0)), ValueError, "tau"),
    "a file of no kind": (lambda: run().save("a.xyz"), OSError, ".npz"),
    "a folder that is not there": (lambda: run().save("/nowhere/a.npz"), OSError, "folder"),
    "a sweep of text": (lambda: simulator().sweep(1.0, "a"), TypeError, "points must be"),
    "a sweep of numbers": (lambda: simulator().sweep(1.0, [0, 1]), TypeError, "each point"),
    "a sweep of nothing": (lambda: simulator().sweep(1.0, {"a": []}), ValueError, "at least one point"),
    "a sweep that fails": (lambda: simulator().sweep(1.0, {"a": [np.nan]}), ValueError, "a finite number is needed"),
    "a loss without value": (lambda: gradient(lambda run: None), TypeError, "must return a number"),
    "a loss of one part": (lambda: gradient(lambda run: (1.0,)), TypeError, "tuple of a number and a dict"),
    "a complex loss": (lambda: gradient(lambda run: 1j), TypeError, "1j"),
    "a loss that is NaN": (lambda: gradient(lambda run: np.nan), ValueError, "NaN"),
    "derivatives that are NaN": (lambda: gradient(lambda run: (1.0, {"output": np.full((10, 3), np.nan)})), ValueError, "not finite"),
    "a loss that ends the program": (lambda: gradient(lambda run: sys.exit(3)), SystemExit, "3"),
    "derivatives by nothing": (lambda: gradient(lambda run: 0.0, None), TypeError, "wrt"),
    "a comparison with a record that is not there": (lambda: gradient(bm.objectives.timeseries_rmse().against(np.ones((10, 3)), of="zz")), ValueError, "`zz`"),
    "bounds the wrong way round": (lambda: bm.Fitter(simulator(), {"a": (1.0, 0.0)}, lambda run: 0.0, 1.0, method="pso").fit(2), ValueError, "lower"),
    "a fit whose losses are NaN": (lambda: bm.Fitter(simulator(), {"a": (0.0, 1.0)}, lambda run: np.nan, 1.0, method="pso").fit(2), ValueError, "the loss is NaN"),
    "a connectome that is not there": (lambda: bm.datasets.load_connectome("/nowhere.zip"), OSError, "nowhere.zip"),
    "a folder as a model": (lambda: bm.Model.open(os.sep), OSError, "folder"),
    "a text that is no text": (lambda: bm.Model.from_text("\ud800"), UnicodeError, "surrogates"),
    "a power of text": (lambda: u.ms ** "a", TypeError, "**"),
    "a sum of ms and mV": (lambda: 1 * u.ms + 1 * u.mV, ValueError, "mV"),
    "a session backwards": (lambda: simulator().start().run(-1.0), ValueError, "-1"),
    "times of another length": (lambda: bm.viz.plot_timeseries(np.ones((3, 3)), ts=np.ones(7)), ValueError, "7"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_an_exception_that_says_why(case):
    call, kind, word = CASES[case]
    with pytest.raises(kind) as caught:
        call()
    assert word in str(caught.value), str(caught.value)
    assert "crates/" not in str(caught.value) and type(caught.value).__name__ != "PanicException"


def test_numbers_in_any_layout_are_read():
    bytes_before = np.frombuffer(b"x" + np.arange(3.0).tobytes(), dtype=np.uint8)[1:].view(np.float64)
    assert not bytes_before.flags.aligned
    for values in (bytes_before, np.arange(3.0)[::-1][::-1], np.arange(3, dtype=">f8"), np.arange(3, dtype=np.longdouble), np.arange(3, dtype=np.float16)):
        assert (bm.HopfStep(3, a=values).a == [0, 1, 2]).all()
    assert (bm.HopfStep(3, a=np.broadcast_to(2.0, (3,))).a == 2).all() and bm.HopfStep(3, a=np.array(0.5)).a == 0.5


def test_a_subclass_is_its_model():
    assert (bm.Simulator(Mine(2, init_x=0.1)).run(1.0)["output"] == bm.Simulator(bm.HopfStep(2, init_x=0.1)).run(1.0)["output"]).all()
    assert Mine(2, a=0.5).doubled() == 1.0
    again = pickle.loads(pickle.dumps(Mine(2, a=0.5)))
    assert type(again) is Mine and again.a == 0.5


class Mine(bm.HopfStep):
    def doubled(self):
        return 2 * self.a


def everything():
    """An object of each kind that a program may want to keep."""
    node = bm.HopfStep(3, a=[0.1, 0.2, 0.3], init_x=bm.init.Uniform(0.0, 1.0, seed=1), noise_x=bm.OUProcess(sigma=0.1))
    made = bm.Simulator(network(delays=1.0, noise=bm.WhiteNoise(0.1)), dt=0.1)
    recorded = made.run(5.0, monitors=["x"])
    return [
        node, made, made.model, recorded, made.sweep(1.0, {"k": [0.1, 0.2]}), bm.coupling.Diffusive(k=0.3), bm.WhiteNoise(0.1), bm.PinkNoise(),
        bm.Stimulus.pulse(1.0, onset=0.0, duration=1.0), bm.BOLDSignal(), bm.TemporalAverage(1.0), bm.TemporalAverage(1.0).of("x"), bm.GammaHRFKernel(), bm.HRFBold(),
        bm.Param(0.1, bounds=(0.0, 1.0)), bm.objectives.fc_corr(), bm.objectives.fc_corr().against(np.ones((5, 3))), 3 * u.mV, u.mV, node.x, node.x - node.y, node.x.mean(),
        bm.datasets.load_dataset("synthetic_8"), bm.list_models(), bm.HORNSeqLayer(2, 3, seed=1), bm.init.KaimingNormal(1), bm.HopfStep, bm.WendlingStep,
        bm.Experiment.from_text("model: HopfStep\nduration: 1 ms\n"), gradient(lambda run: (1.0, {})),
        bm.Fitter(simulator(), {"a": (0.0, 1.0)}, bm.objectives.timeseries_rmse().against(np.ones((10, 3))), 1.0, method="pso").fit(1),
    ]  # fmt: skip


def test_everything_can_be_pickled_and_copied():
    for thing in everything():
        again = pickle.loads(pickle.dumps(thing))
        assert type(again) is type(thing) and repr(again) == repr(thing), thing
        assert type(copy.deepcopy(thing)) is type(thing)
    for error in (bm.DivergenceError, bm.RunStopped, bm.RunInterrupted):
        again = pickle.loads(pickle.dumps(error("why", run())))
        assert str(again) == "why" and again.run["output"].shape == (10, 3)


def _forked(queue):
    queue.put(simulator(threads=2).run(5.0)["output"].sum())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore")
def test_a_forked_program_runs_too():
    expected = simulator(threads=2).run(5.0)["output"].sum()
    bm.Simulator(network()).sweep(1.0, {"k": [0.1, 0.2]})
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [context.Process(target=_forked, args=(queue,)) for _ in range(2)]
    [child.start() for child in children]
    assert [queue.get(timeout=60) for _ in children] == [expected] * 2
    [child.join(60) for child in children]
    assert [child.exitcode for child in children] == [0, 0]


def test_one_session_is_run_by_one_thread_at_a_time():
    session = bm.Simulator(bm.HopfStep(500, init_x=0.1), dt=0.1).start(sample_every=1000)
    caught, begun = [], threading.Event()

    def long():
        session.run(200_000.0, progress=lambda done, total: begun.set() or not caught)

    thread = threading.Thread(target=lambda: pytest.raises(bm.RunStopped, long))
    thread.start()
    assert begun.wait(30)
    with pytest.raises(ValueError, match="another thread") as error:
        session.run(1.0)
    caught.append(error)
    thread.join(30)
    assert not thread.is_alive() and session.time > 0


def test_a_model_is_changed_while_another_thread_runs_it():
    node = bm.HopfStep(4, init_x=0.1)
    failed = []

    def change():
        try:
            for index in range(300):
                node.a = 0.001 * index
                bm.Simulator(node, dt=0.1).run(1.0)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=change) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    # Two threads that set one node at one moment may be told so; nothing else can happen.
    assert all("borrow" in str(error) for error in failed), failed


def test_ctrl_c_stops_gradients_and_trainings():
    """In a program of its own, in which nothing else listens to signals."""
    script = """
import os, signal, threading, time, numpy as np, brainmass_rs as bm
simulator = bm.Simulator(bm.HopfStep(90, init_x=0.1), dt=0.1)
loss = lambda run: (float((run["output"] ** 2).sum()), {"output": 2 * run["output"]})
items = bm.datasets.delayed_match_task(4000, seq_len=20)
network = bm.HORNSeqNetwork(4, 64, 2, seed=1)
started = network.weights
for call in (lambda: simulator.value_and_grad(loss, ["a"], 5e5, sample_every=1000), lambda: network.train(*items, epochs=1000)):
    sent = []
    timer = threading.Timer(0.5, lambda: (sent.append(time.perf_counter()), os.kill(os.getpid(), signal.SIGINT)))
    timer.start()
    try:
        call()
    except KeyboardInterrupt:
        print(time.perf_counter() - sent[0])
assert any((network.weights[name] != array).any() for name, array in started.items())
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    seconds = [float(line) for line in ran.stdout.split()]
    # Without an interruption, either would last for minutes.
    assert len(seconds) == 2 and max(seconds) < 10.0, seconds
