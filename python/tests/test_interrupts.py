"""Ctrl-C stops runs, batches and fits at once and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import brainmass_rs as bm

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")


# Runs of the tests would last for minutes, so that whoever ends within seconds of a signal has heard it. Nothing stricter is asked of a machine that may
# be doing other things.
SOON = 5.0


def interrupted(call, after=0.2):
    """Calls a function that is interrupted after some seconds. Returns the exception and the seconds from signal to exception."""
    sent = []

    def send():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, send)
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        call()
    return caught.value, time.perf_counter() - sent[0]


def test_a_run_stops_and_keeps_what_was_recorded():
    simulator = bm.Simulator(bm.HopfStep(90, init_x=0.1), dt=0.1)
    error, seconds = interrupted(lambda: simulator.run(1e8, sample_every=1000, monitors=["x"]))
    assert isinstance(error, bm.RunInterrupted) and seconds < SOON
    assert 0 < len(error.run["ts"]) < 1e6 and error.run["x"].shape == (len(error.run["ts"]), 90)
    rows = min(5, len(error.run["ts"]))
    assert (error.run["x"][:rows] == simulator.run(100.0 * rows, sample_every=1000, monitors=["x"])["x"]).all()


def test_a_run_of_a_large_network_stops_too():
    generator = np.random.default_rng(0)
    network = bm.Network(bm.HopfStep(1500, init_x=0.1), conn=generator.random((1500, 1500)), k=1e-4)
    for threads in (1, 2):
        _, seconds = interrupted(lambda threads=threads: bm.Simulator(network, dt=0.1, threads=threads).run(1e6, sample_every=10_000), after=1.0)
        assert seconds < SOON


def test_batches_fits_and_sessions_stop():
    simulator = bm.Simulator(bm.HopfStep(10, init_x=0.1), dt=0.1)
    _, seconds = interrupted(lambda: simulator.sweep(1e7, {"a": [0.1, 0.2, 0.3]}, sample_every=100_000))
    assert seconds < SOON
    loss = bm.objectives.timeseries_rmse().against(np.zeros((10, 10)))
    _, seconds = interrupted(lambda: bm.Fitter(simulator, {"a": (0.0, 1.0)}, loss, 1e7, method="pso", run={"sample_every": 10_000_000}).fit(10))
    assert seconds < SOON
    session = simulator.start(sample_every=100_000)
    interrupted(lambda: session.run(1e8))
    reached = session.time
    session.run(10_000.0)
    assert session.time == pytest.approx(reached + 10_000.0)


def test_a_thousand_interrupted_runs_leave_nothing():
    """In a program of its own, whose memory is that of these runs alone."""
    script = """
import os, resource, brainmass_rs as bm
simulator = bm.Simulator(bm.HopfStep(90, init_x=0.1), dt=0.1)
def stop(done, total):
    raise KeyboardInterrupt
def cycle():
    try:
        simulator.run(1e8, sample_every=1000, progress=stop)
    except KeyboardInterrupt as error:
        assert error.run is not None
    else:
        raise AssertionError("it was not stopped")
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
for _ in range(100):
    cycle()
before, threads = resident(), len(os.listdir("/proc/self/task"))
for _ in range(1000):
    cycle()
assert len(os.listdir("/proc/self/task")) == threads
print(resident() - before)
"""
    if not os.path.exists("/proc/self/statm"):
        pytest.skip("memory is read from /proc")
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 4_000_000


def test_the_command_is_in_the_package():
    ran = subprocess.run([sys.executable, "-m", "brainmass_rs", "list", "--category", "network"], capture_output=True, text=True)
    assert ran.returncode == 0 and "KuramotoNetwork" in ran.stdout
    ran = subprocess.run([sys.executable, "-m", "brainmass_rs", "show", "HopfStpe"], capture_output=True, text=True)
    assert ran.returncode == 1 and "HopfStep" in ran.stderr
