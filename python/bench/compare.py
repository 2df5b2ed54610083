"""Measures the workloads of `docs/performance.md` beside the Python package brainmass: `python bench/compare.py [--write]`.

Both packages must be installed. Each workload is run in both, in one program, by turns; a time is the best of some. For the reference the time of compiling a run is
left out. "Overhead" is what the Python face adds to the call of the compiled part. `--write` puts the table into `docs/python.md`.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

import brainmass_rs as bm
from brainmass_rs import u

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"
BEGIN, END = "<!-- python/bench/compare.py --write -->", "<!-- end: python/bench/compare.py --write -->"


def initial(nodes: int) -> Any:
    """Initial values that differ from node to node."""
    return 0.1 + 0.8 * np.modf(0.37 * np.arange(nodes))[0]


def dense(nodes: int, at_once: bool = False) -> tuple[Any, Any]:
    """Weights between all pairs, and delays of 10 to 150 steps."""
    generator = np.random.default_rng(1)
    weights = generator.random((nodes, nodes)) / nodes
    np.fill_diagonal(weights, 0.0)
    return weights, None if at_once else generator.integers(10, 151, (nodes, nodes))


class Ours:
    """The workloads in this package. Each method makes a function that runs and returns the seconds that the compiled part took."""

    def hopf_alone(self) -> Any:
        simulator = bm.Simulator(bm.HopfStep(90, init_x=initial(90)), dt=0.1 * u.ms, method="exp_euler")
        return lambda: simulator.run(10 * u.s, monitors=["x"], sample_every=10)

    def jansen_rit_network(self) -> Any:
        weights, delays = dense(90)
        node = bm.JansenRitStep(90, init_M=0.05 + 0.1 * initial(90), init_E=15.0, init_I=10.0)
        network = bm.Network(node, conn=weights, delays=delays * 0.1, coupling="additive", coupled_var="eeg", k=1.0)
        simulator = bm.Simulator(network, dt=0.1 * u.ms, method="exp_euler")
        return lambda: simulator.run(2 * u.s, inputs={"E_inp": 120 * u.Hz}, monitors=["eeg"])

    def wong_wang_bold(self) -> Any:
        weights, _ = dense(90, at_once=True)
        node = bm.WongWangExcInhStep(90, noise_S_e=0.001, noise_S_i=0.001)
        network = bm.Network(node, conn=weights, coupling="additive", coupled_var="S_e")
        simulator = bm.Simulator(network, dt=0.5 * u.ms, method="euler")
        return lambda: simulator.run(60 * u.s, monitors={"bold": bm.BOLDSignal(period=1 * u.s, step=5 * u.ms).of("S_e")})

    def montbrio_sweep(self) -> Any:
        weights, delays = dense(90)
        node = bm.MontbrioPazoRoxinStep(90, preset="rabuffo_2021", init_r=100.0, init_v=-2.0, noise_r=10.0, noise_v=0.01)
        network = bm.Network(node, conn=weights, delays=delays * 0.01, coupling="additive", coupled_var="r", k=0.0)
        simulator = bm.Simulator(network, dt=0.01 * u.ms, method="euler", threads=2)
        points = [{"k": 1e-5 * index, "seed": index} for index in range(64)]
        return lambda: simulator.sweep(100 * u.ms, points, monitors=["r"], sample_every=10_000, average=True)

    def hopf_gradient(self) -> Any:
        weights, delays = dense(90)
        node = bm.HopfStep(90, a=np.full(90, 0.25), init_x=initial(90))
        network = bm.Network(node, conn=weights, delays=delays * 0.1, coupled_var="x", k=0.1)
        simulator = bm.Simulator(network, dt=0.1 * u.ms, method="exp_euler")

        def loss(records: Any) -> Any:
            x = records["x"]
            return (x * x).mean(), {"x": (2.0 / x.size) * x}

        return lambda: simulator.value_and_grad(loss, ["k", "a"], 200 * u.ms, monitors=["x"]).run


class Reference:
    """The workloads in the Python package brainmass."""

    def __init__(self) -> None:
        import brainmass
        import brainstate
        import brainunit
        import jax

        jax.config.update("jax_enable_x64", True)
        self.bm, self.bst, self.u, self.jax = brainmass, brainstate, brainunit, jax
        brainstate.environ.set(precision=64)

    def _weights(self, dt: float, at_once: bool = False) -> tuple[Any, Any]:
        """Weights and delays in ms; networks of the package ask the environment for the step as they are made."""
        self.bst.environ.set(dt=dt * self.u.ms)
        weights, delays = dense(90, at_once)
        return weights, None if delays is None else delays * dt

    def _ready(self, run: Any) -> Any:
        return lambda: self.jax.block_until_ready(self.jax.tree.leaves(run()))

    def _jitted(self, simulator: Any, duration: Any, **settings: Any) -> Any:
        # A run traces and compiles again each time it is called; compiled once, it is as fast as the package can be.
        jitted = self.bst.transform.jit(lambda: simulator.run(duration, jit=False, **settings))
        return self._ready(jitted)

    def _start(self, values: Any) -> Any:
        return lambda shape, *_, **__: self.jax.numpy.asarray(values)

    def hopf_alone(self) -> Any:
        node = self.bm.HopfStep(90, init_x=self._start(initial(90)))
        simulator = self.bm.Simulator(node, dt=0.1 * self.u.ms)
        return self._jitted(simulator, 10_000 * self.u.ms, monitors=["x"], sample_every=10)

    def jansen_rit_network(self) -> Any:
        weights, delays = self._weights(0.1)
        unit = self.u
        node = self.bm.JansenRitStep(90)
        # It couples states alone, so that E is sent in place of the EEG.
        network = self.bm.Network(node, conn=weights, distance=delays, speed=1.0, coupling="additive", coupled_var="E", k=1.0)
        simulator = self.bm.Simulator(network, dt=0.1 * unit.ms)
        return self._jitted(simulator, 2000 * unit.ms, inputs=lambda i, t: 120 * unit.Hz, monitors=lambda m: m.node.eeg())

    def wong_wang_bold(self) -> Any:
        weights, _ = self._weights(0.5, at_once=True)
        unit = self.u
        noise = lambda: self.bm.GaussianNoise(90, sigma=0.03)  # noqa: E731
        node = self.bm.WongWangExcInhStep(90, noise_e=noise(), noise_i=noise())
        network = self.bm.Network(node, conn=weights, coupling="additive", coupled_var="S_e", k=1.0)
        bold, environ = self.bm.BOLDSignal(90), self.bst.environ

        class Both(self.bst.nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.network, self.bold = network, bold

            def update(self) -> Any:
                self.network.update()
                # It knows no units: its step is a plain number of seconds.
                with environ.context(dt=0.0005):
                    self.bold.update(self.network.node.S_e.value)
                return self.bold.bold()

        simulator = self.bm.Simulator(Both(), dt=0.5 * unit.ms)
        return self._jitted(simulator, 60_000 * unit.ms, sample_every=2000)

    def montbrio_sweep(self) -> Any:
        weights, delays = self._weights(0.01)
        unit = self.u
        noise = lambda sigma: self.bm.GaussianNoise(90, mean=0.0 * sigma, sigma=sigma)  # noqa: E731

        def run(k: Any) -> Any:
            node = self.bm.MontbrioPazoRoxinStep(90, noise_r=noise(1.0 * unit.Hz), noise_v=noise(0.01))
            # Its additive coupling adds a plain 0 to Hz, which is an error, so that differences are coupled.
            network = self.bm.Network(node, conn=weights, distance=delays, speed=1.0, coupling="diffusive", coupled_var="r", k=k)
            simulator = self.bm.Simulator(network, dt=0.01 * unit.ms)
            return simulator.run(100 * unit.ms, monitors=lambda m: m.node.r.value.mean(), sample_every=10_000, jit=False)["output"]

        strengths = self.jax.numpy.arange(64) * 1e-5
        return self._ready(self.bst.transform.jit(lambda: self.bst.transform.for_loop(run, strengths)))

    def hopf_gradient(self) -> Any:
        weights, delays = self._weights(0.1)
        param = self.bst.nn.Param
        node = self.bm.HopfStep(90, a=param(self.jax.numpy.full(90, 0.25)))
        network = self.bm.Network(node, conn=weights, distance=delays, speed=1.0, coupled_var="x", k=param(0.1))
        simulator = self.bm.Simulator(network, dt=0.1 * self.u.ms)

        def loss() -> Any:
            x = simulator.run(200 * self.u.ms, monitors=lambda m: m.node.x.value, jit=False)["output"]
            return (x * x).mean()

        states = network.states(self.bst.ParamState)
        return self._ready(self.bst.transform.jit(self.bst.transform.grad(loss, states, return_value=True)))


# Name of the method, workload, number of steps times nodes times runs.
WORKLOADS = [
    ("hopf_alone", "W1", "90 Hopf nodes uncoupled, 100,000 steps, x every 10", 9_000_000),
    ("jansen_rit_network", "W3", "90 Jansen-Rit nodes, dense delays, 20,000 steps", 1_800_000),
    ("wong_wang_bold", "W4", "90 reduced Wong-Wang nodes, dense, noise, 60 s at 0.5 ms, BOLD every 1 s", 10_800_000),
    ("montbrio_sweep", "W5", "64 parameter sets of 90 Montbrio-Pazo-Roxin nodes, dense delays, noise, 10,000 steps", 57_600_000),
    ("hopf_gradient", "W7", "90 Hopf nodes, dense delays, 2000 steps: loss and gradient by k and each a", 180_000),
]


def best(call: Any, repeats: int) -> tuple[float, Any]:
    """Returns the least time of some calls, in seconds, and what that call returned."""
    least, kept = float("inf"), None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = call()
        seconds = time.perf_counter() - begun
        if seconds < least:
            least, kept = seconds, result
    return least, kept


def overhead(call: Any, repeats: int) -> float:
    """Returns the part that the Python face adds to the compiled part, the median over some calls."""
    parts = []
    for _ in range(repeats):
        # What the call before returned is freed before the clock starts: every program has to free its results.
        result = None
        begun = time.perf_counter()
        result = call()
        parts.append((time.perf_counter() - begun) / result.elapsed - 1.0)
    return statistics.median(parts)


def import_time() -> float:
    """Returns the least time of importing the package in a new program after numpy, in seconds."""
    script = "import numpy, time; begun = time.perf_counter(); import brainmass_rs; print(time.perf_counter() - begun)"
    return min(float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout) for _ in range(5))


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/python.md")
    parser.add_argument("--without-reference", action="store_true", help="measure this package alone")
    parser.add_argument("--only", help="a workload, such as W3")
    options = parser.parse_args()
    ours, reference = Ours(), None if options.without_reference else Reference()
    lines = ["| workload | what | ns per node-step | overhead of Python | brainmass 0.1.1, ns | times faster |", "|---|---|---|---|---|---|"]
    for name, label, what, steps in WORKLOADS:
        if options.only and options.only != label:
            continue
        call = getattr(ours, name)()
        call()
        seconds, _ = best(call, 5)
        added = overhead(call, 5 if seconds > 1.0 else 25)
        line = f"| {label} | {what} | {seconds / steps * 1e9:.2f} | {100 * added:.1f} % |"
        if reference is not None:
            try:
                other = getattr(reference, name)()
                other()
                slow, _ = best(other, 2)
                line += f" {slow / steps * 1e9:.1f} | {slow / seconds:.0f} |"
            except Exception as error:  # noqa: BLE001
                print(f"{label} does not run in the reference: {type(error).__name__}: {error}", file=sys.stderr)
                line += " – | – |"
        else:
            line += " | |"
        print(line, flush=True)
        lines.append(line)
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    machine = processor[1] if processor else platform.machine()
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    lines.append(
        f"\nMeasured in one run on {machine}, Python {platform.python_version()}, while {busy:.1f} programs ran on {os.cpu_count()} processors. Our time is that of the whole call, of which the\n"
        "overhead is what the call takes beyond its compiled part. The package brainmass runs compiled by jax, in double precision, and the time of compiling is left out; it has\n"
        "no sweep, so that W5 is one compiled loop over the parameter sets, and cannot couple observables, so that E is sent in W3. The import takes\n"
        f"{1000 * import_time():.0f} ms beside numpy."
    )
    print(lines[-1])
    if options.write:
        text = PAGE.read_text()
        head, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
