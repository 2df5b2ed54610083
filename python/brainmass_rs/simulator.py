"""Simulations: a model or a network, a time step, what drives it, and what is kept of it."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core, units
from .errors import ended, unknown_name
from .models import Model
from .networks import Network
from .noise import Driver, Noise, Stimulus, Sum
from .observation import Instrument, Watched
from .results import Batch, Run, gathered, run_of
from .signals import Signal, signal_of
from .units import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .gradients import Gradient

__all__ = ["Session", "Simulator"]


class Simulator:
    """Runs a model or a network.

    Parameters
    ----------
    model : Model or Network
        What is simulated.
    dt : number or quantity, optional
        The time step, in ms; the model's own if not given, of several models the shortest.
    method : str, optional
        The integration scheme for all models, in place of their own: `euler`, `heun`, `rk4`, `exp_euler`, ...
    seed : int
        The seed of the noise.
    threads : int
        The number of threads that share a large network or the runs of a batch; results are the same to the last bit.
    memory : int, optional
        The memory that a run may take, in bytes; what the process can have if not given. A larger run is a `MemoryError` before it begins.
    simd : str, optional
        The instruction set; `portable` gives the same bits on every machine.
    past : dict, optional
        What states and observables that the model reads with a delay were before the run, by their names (`cortex.rE` in a network of groups): a number, one a node,
        or rows of shape (step, node), the last of them one step before the run. What is not named was what it is at its start.
    """

    def __init__(
        self,
        model: Model | Network,
        dt: Any = None,
        *,
        method: str | None = None,
        seed: int = 0,
        threads: int = 1,
        memory: int | None = None,
        simd: str | None = None,
        past: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(model, (Model, Network)):
            raise TypeError(f"a simulation needs a model such as HopfStep(90) or a Network, and {type(model).__name__} was given")
        self.model = model
        self.dt: float | None = None if dt is None else units.scalar_in(dt, "ms", "dt")
        """The time step in ms; `None` stands for that of the models."""
        if self.dt is not None and self.dt <= 0:
            raise ValueError(f"dt is {self.dt} ms; it must be above 0")
        self.method, self.seed, self.threads, self.memory, self.simd = method, seed, threads, memory, simd
        self.past = None if past is None else dict(past)
        self._session: _core.Session | None = None

    # What the model is

    @property
    def _models(self) -> dict[str, Model]:
        return {"": self.model} if isinstance(self.model, Model) else self.model._groups

    @property
    def _step(self) -> float:
        """The time step that a run has, in ms."""
        return self.dt if self.dt is not None else float(min(type(model).info["dt"] for model in self._models.values()))

    def _ports(self) -> dict[str, tuple[str, int]]:
        """The input ports by their full names, with unit and number of nodes."""
        ports = {}
        for group, model in self._models.items():
            for row in type(model).info["inputs"]:
                ports[f"{group}.{row['name']}" if group else row["name"]] = (row["unit"], model.in_size)
        return ports

    def _leaf(self, name: str) -> Signal:
        """Returns the signal of a name; its unit is known after the run where it is no state, observable or input."""
        group, _, what = name.rpartition(".")
        model = self._models.get(group)
        if model is not None:
            for section in ("states", "observables", "inputs"):
                if (row := type(model)._row(section, what)) is not None:
                    return Signal.leaf(name, row["unit"])
        return Signal.leaf(name, "1")

    # Building a simulation

    def _made(
        self, duration: float, inputs: Any, monitors: Any, transient: Any, sample_every: Any, most_steps: int | None, average: bool = False
    ) -> tuple[_core.Simulator, dict[str, Signal]]:
        """Makes the simulation of the compiled part, and says which signals make up what is recorded."""
        models = self._models
        made = _core.Simulator(_network_of(self.model, models), self.dt)
        methods = {model.method for model in models.values() if model.method is not None}
        if self.method is not None:
            methods = {self.method}
        if len(methods) > 1:
            raise ValueError(f"the models of a network are stepped by one scheme, and {', '.join(sorted(methods))} are given")
        for method in methods:
            made.scheme(method)
        made.seed(_whole(self.seed, "seed", 0, 2**64 - 1), _whole(self.threads, "threads", 1, 1024))
        if self.simd is not None and not isinstance(self.simd, str):
            raise TypeError(f"simd must be the name of an instruction set, and {type(self.simd).__name__} was given")
        memory = None if self.memory is None else _whole(self.memory, "memory", 1, 2**63)
        made.limits(memory, None if most_steps is None else _whole(most_steps, "most_steps", 1, 2**63), self.simd)
        every = 1 if sample_every is None else _stride(sample_every, self._step)
        made.window(_steps_of(transient, self._step, "transient"), every, bool(average))
        for name, value in (self.past or {}).items():
            self._remember(made, str(name), value)
        self._drive(made, inputs, duration, models)
        signals = self._record(made, monitors)
        for name, signal in signals.items():
            if average and signal.name is None:
                raise ValueError(f"`{name}` is an expression, whose mean is not that of what it is made of; record it without `average`")
        return made, signals

    def _remember(self, made: _core.Simulator, name: str, value: Any) -> None:
        """Says what a signal was before the run."""
        array = np.asarray(units.magnitude_in(value, self._leaf(name).unit, f"the past of `{name}`"), dtype=np.float64)
        if array.ndim == 2:
            made.past_rows(name, np.ascontiguousarray(array))
        elif array.ndim < 2:
            made.past_constant(name, np.ascontiguousarray(array.reshape(-1)))
        else:
            raise ValueError(f"the past of `{name}` has shape {array.shape}; a number, (node,) or (step, node) is needed")

    def _drive(self, made: _core.Simulator, inputs: Any, duration: float, models: Mapping[str, Model]) -> None:
        """Gives a simulation what drives it: the processes of the models, the noise of the network, and the inputs of the run."""
        ports = self._ports()
        driven: list[tuple[str, Any]] = []
        for group, model in models.items():
            driven += [(f"{group}.{port}" if group else port, process) for port, process in model._processes.items()]
        if isinstance(self.model, Network):
            driven += list(self.model._noises.items())
        for port, value in driven:
            self._give(made, port, value, ports, 0)
        if inputs is None:
            return
        steps = round(duration / self._step)
        if callable(inputs) and not isinstance(inputs, Driver):
            inputs = self._called(inputs, steps)
        if not isinstance(inputs, dict):
            inputs = {self._first_ports()[0]: inputs}
        for port, value in inputs.items():
            if port not in ports:
                raise ValueError(unknown_name("input", str(port), self._title(), ports))
            self._give(made, port, value, ports, steps)

    def _title(self) -> str:
        return type(self.model).__name__ if isinstance(self.model, Model) else "the network"

    def _first_ports(self) -> list[str]:
        """The ports that inputs without names are for: those of the only model in their order, without those that a coupling feeds."""
        if "" not in self._models:
            raise ValueError(f"this network has groups, so that inputs need names: {', '.join(self._ports())}")
        coupled = self.model._coupled_ports() if isinstance(self.model, Network) else []
        free = [port for port in self._ports() if port not in coupled]
        if not free:
            raise ValueError(f"{self._title()} has no input to be driven")
        return free

    def _called(self, inputs: Callable[[int, Quantity], Any], steps: int) -> dict[str, Any]:
        """Evaluates a function of step and time once for every step of the run."""
        times = np.arange(steps) * self._step
        rows = [inputs(step, Quantity(time, "ms")) for step, time in enumerate(times.tolist())]
        first: Any = rows[0] if rows else 0.0
        for step, row in enumerate(rows):
            if type(row) is not type(first) and (isinstance(row, (dict, tuple)) or isinstance(first, (dict, tuple))):
                raise ValueError(f"the input is a {type(first).__name__} in step 0 and a {type(row).__name__} in step {step}; it must be of one kind")
            if isinstance(row, dict) and row.keys() != first.keys() or isinstance(row, tuple) and len(row) != len(first):
                raise ValueError(f"the input gives {_listed(row)} in step {step} and {_listed(first)} in step 0; it must give the same in all steps")
        if isinstance(first, dict):
            return {port: _stacked([row[port] for row in rows], port) for port in first}
        if not isinstance(first, tuple):
            return {self._first_ports()[0]: _stacked(rows, "the input")}
        names = self._first_ports()
        if len(first) > len(names):
            raise ValueError(f"the input gives {len(first)} values, and {self._title()} has the inputs {', '.join(names)}")
        return {port: _stacked([row[index] for row in rows], port) for index, port in enumerate(names[: len(first)])}

    def _give(self, made: _core.Simulator, port: str, value: Any, ports: dict[str, tuple[str, int]], steps: int) -> None:
        """Lets one value drive a port."""
        unit, nodes = ports[port]
        if isinstance(value, Sum):
            for term in value.terms:
                self._give(made, port, term, ports, steps)
            return
        if isinstance(value, Noise):
            made.input_noise(port, value._process_of(unit))
            drift = value._drift_of(unit)
            if drift is not None:
                made.input_constant(port, drift)
            return
        if isinstance(value, Stimulus):
            made.input_stimulus(port, value._stimulus_of(unit))
            return
        array = np.asarray(units.magnitude_in(value, unit, f"the input `{port}`"), dtype=np.float64)
        if array.ndim == 0:
            made.input_constant(port, array.reshape(1))
        elif array.ndim == 1 and len(array) != steps and len(array) == nodes:
            made.input_constant(port, np.ascontiguousarray(array))
        elif array.ndim <= 2:
            if len(array) != steps:
                raise ValueError(f"the input `{port}` has {len(array)} rows, and the run has {steps} steps; a row a step is needed, or one value a node ({nodes})")
            rows = array[:, None] if array.ndim == 1 else array
            made.input_series(port, np.ascontiguousarray(rows))
        else:
            raise ValueError(f"the input `{port}` has shape {array.shape}; (step,) or (step, node) is needed")

    def _record(self, made: _core.Simulator, monitors: Any) -> dict[str, Signal]:
        """Asks for what monitors need; returns the signal of each record, in order."""
        wanted: dict[str, Any] = {}
        if monitors is None:
            wanted = {name: name for name in self._outputs()}
            if len(wanted) == 1:
                wanted = {"output": next(iter(wanted))}
        elif isinstance(monitors, (str, Signal, Watched)) or (callable(monitors) and not isinstance(monitors, (Instrument, type))):
            traced = monitors if isinstance(monitors, (str, Signal, Watched)) else monitors(self.model)
            if isinstance(traced, dict):
                wanted = dict(traced)
            else:
                wanted = {monitors if isinstance(monitors, str) else "output": traced}
        elif isinstance(monitors, dict):
            for name, value in monitors.items():
                is_function = callable(value) and not isinstance(value, (Signal, Instrument, type))
                wanted[str(name)] = value(self.model) if is_function else value
        elif isinstance(monitors, (list, tuple, set)):
            for value in monitors:
                name = value if isinstance(value, str) else repr(value)
                if name in wanted:
                    raise ValueError(f"`{name}` is recorded twice")
                wanted[name] = value
        else:
            raise TypeError(f"monitors must be names, a function of the model or a dict, and {type(monitors).__name__} was given")
        signals: dict[str, Signal] = {}
        needed: list[str] = []
        for name, value in wanted.items():
            if isinstance(value, Instrument):
                raise ValueError(f"the instrument `{name}` watches a signal: write `{name!r}: instrument.of('x')`")
            if isinstance(value, Watched):
                nodes = self._width(value.signal)
                made.observe(f"{_WATCHED}{name}", value.signal, value.instrument._instrument(nodes), self._step)
                signals[name] = Signal.leaf(f"{_WATCHED}{name}", "1")
                continue
            signals[name] = signal_of(value, self._leaf)
            needed += [leaf for leaf in signals[name].leaves() if leaf not in needed]
        for leaf in needed:
            made.record(leaf, leaf)
        return signals

    def _width(self, signal: str) -> int:
        """The number of nodes of a signal."""
        group = signal.rpartition(".")[0]
        if group in self._models:
            return self._models[group].in_size
        return next(iter(self._models.values())).in_size

    def _outputs(self) -> list[str]:
        """The output of each model."""
        names = []
        for group, model in self._models.items():
            output = type(model).info["output_name"] or type(model).info["states"][0]["name"]
            names.append(f"{group}.{output}" if group else output)
        return names

    def _told(self, told: dict[str, Any], signals: dict[str, Signal]) -> Run:
        """Makes a run of what was recorded: expressions are computed now, once."""
        raw = run_of(told)
        run = Run(raw.ts, *_evaluated(raw._arrays, raw.units, raw._times, signals), raw.provenance)
        run.steps, run.elapsed = raw.steps, raw.elapsed
        run.labels = getattr(self.model, "labels", []) if isinstance(self.model, Network) else []
        return run

    # Running

    def run(
        self,
        duration: Any,
        *,
        inputs: Any = None,
        monitors: Any = None,
        transient: Any = None,
        sample_every: Any = None,
        average: bool = False,
        batch_size: int | None = None,
        init_states: bool = True,
        progress: Any = None,
        most_steps: int | None = None,
        jit: bool = True,
    ) -> Run:
        """Runs for `duration`, the transient included.

        Parameters
        ----------
        duration : number or quantity
            The time simulated, in ms; a whole number of steps.
        inputs : number, array, callable, process, stimulus or dict, optional
            What drives the input ports. A number or a (node,) array is constant; an array of shape (step,) or (step, node) has a row a step; `inputs(i, t)`
            is evaluated once for every step before the run, with the step and the time as a quantity, and gives a value or a tuple for several ports. What has
            no name is for the first port that no coupling feeds; a dict says the names.
        monitors : str, list, callable or dict, optional
            What is recorded: names of states, observables, inputs or couplings; a function of the model such as `lambda m: m.E - m.I`, which is called once before
            the run and recorded as `output`; or a dict of names and any of these, or instruments with what they watch. The model's output if not given.
        transient : number or quantity, optional
            The time at the start that is not recorded, in ms.
        sample_every : int or quantity, optional
            The number of steps, or the time, from row to row; every step if not given.
        average : bool
            Whether a row is the mean since the row before, in place of the last state.
        batch_size : int, optional
            The number of runs that differ in the seeds of their noise and in what their initial values draw; arrays have shape (time, run, node) then.
        init_states : bool
            Whether the run begins at the initial state; if not, it goes on from where the last one ended, with the inputs of the first.
        progress : callable or True, optional
            Called some times a second with the steps done and the steps in all; the run stops when it returns `False`. `True` shows a bar of tqdm.
        most_steps : int, optional
            The largest number of steps, so that a slip of the duration is an error.
        jit : bool
            Nothing depends on it; the Python package has it.

        Returns
        -------
        Run
            Arrays of shape (time, node) by name; `ts` has the times in ms.

        Raises
        ------
        ValueError
            A value, a shape, a unit or a name that cannot be taken.
        DivergenceError
            A state left the finite numbers; `run` of the exception holds what was recorded until then.
        RunInterrupted
            Ctrl-C, a `KeyboardInterrupt`; `run` of the exception holds what was recorded until then.
        MemoryError
            What is recorded does not fit into memory, found before the run begins.
        """
        time = units.scalar_in(duration, "ms", "duration")
        if time <= 0:
            raise ValueError(f"duration is {time} ms; it must be above 0")
        if batch_size is not None:
            if not init_states:
                raise ValueError("a batch begins at the initial states; leave `init_states` as it is")
            return self._batched(time, _whole(batch_size, "batch_size", 1, 10**6), inputs, monitors, transient, sample_every, progress, most_steps, average)
        if not init_states:
            return self._continued(time, inputs, monitors, transient, sample_every, progress, most_steps, average)
        made, signals = self._made(time, inputs, monitors, transient, sample_every, most_steps, average)
        self._session = None
        with _listening(progress, "steps") as listener:
            try:
                return self._told(made.run(time, listener), signals)
            except _core.Ended as error:
                raise ended(error, lambda told: self._told(told, signals)) from None

    def start(self, *, duration: Any = None, inputs: Any = None, monitors: Any = None, sample_every: Any = None) -> Session:
        """Starts a session, which is run piece by piece: two pieces of 50 ms have the bits of one of 100 ms.

        Inputs that change from step to step need the `duration` of all pieces together.
        """
        time = 0.0 if duration is None else units.scalar_in(duration, "ms", "duration")
        made, signals = self._made(time, inputs, monitors, None, sample_every, None)
        return Session(self, made.start(), signals)

    def _continued(
        self, time: float, inputs: Any, monitors: Any, transient: Any, sample_every: Any, progress: Any, most_steps: int | None, average: bool
    ) -> Run:
        """Goes on from where the last continued run ended."""
        if self._session is None:
            made, signals = self._made(time, inputs, monitors, None, sample_every, most_steps, average)
            self._session, self._session_signals = made.start(), signals
        elif inputs is not None or monitors is not None:
            raise ValueError("a run that goes on has the inputs and monitors of the first; use `start` to say them once")
        skipped = _steps_of(transient, self._step, "transient") // (1 if sample_every is None else _stride(sample_every, self._step))
        session = Session(self, self._session, self._session_signals)
        run = session.run(time, progress=progress)
        for name, array in run._arrays.items():
            run._arrays[name] = array[skipped:]
        run.ts = run.ts[skipped:]
        return run

    # Batches

    def sweep(
        self,
        duration: Any,
        points: Any,
        *,
        seeds: Iterable[int] | None = None,
        inputs: Any = None,
        monitors: Any = None,
        transient: Any = None,
        sample_every: Any = None,
        average: bool = False,
        progress: Any = None,
        most_steps: int | None = None,
        journal: Any = None,
    ) -> Batch:
        """Runs once for each of many points.

        `points` is a list of dicts of what each run sets, or a dict of names and values, of which all combinations are run, the last name fastest. Names are
        parameters, `init_x`, `noise_x`, `k`, `speed`, constant inputs: those of `setting_names`. `seeds` repeats each point with each seed. The other keywords
        are those of `run`. A run that fails is NaN in the arrays, and `failures` says why.

        `journal` is a file to which what a run recorded is appended as soon as the run has ended. Whatever ends the process, the same call goes on where it
        stood, and ends with the same bits. The journal of another sweep is a `ValueError` that says what differs; one that another process appends to, or that
        cannot be written, is an `OSError`.
        """
        time = units.scalar_in(duration, "ms", "duration")
        if isinstance(points, str) or not hasattr(points, "__iter__"):
            raise TypeError(f"points must be a dict of names and values or a list of dicts, and {type(points).__name__} was given")
        if hasattr(points, "keys"):
            points = [dict(zip(points.keys(), each, strict=True)) for each in itertools.product(*(_levels(each) for each in points.values()))]
        points = list(points)
        for point in points:
            if not hasattr(point, "keys"):
                raise TypeError(f"each point must be a dict of names and values, and {type(point).__name__} was given")
        listed: list[dict[str, Any]] = [dict(point) for point in points]
        if seeds is not None:
            listed = [{**point, "seed": seed} for point, seed in itertools.product(listed, seeds)]
        if not listed:
            raise ValueError("a sweep needs at least one point")
        ports = self._ports()
        swept = {name for point in listed for name in point if name in ports}
        if swept and inputs is not None and not isinstance(inputs, dict):
            inputs = {self._first_ports()[0]: inputs} if not callable(inputs) or isinstance(inputs, Driver) else self._called(inputs, round(time / self._step))
        if not swept or journal is not None:
            if swept and inputs is not None:
                # What each run sets is no input of the simulation.
                inputs = {name: value for name, value in inputs.items() if name not in swept or any(name not in point for point in listed)}
            made, signals = self._made(time, inputs, monitors, transient, sample_every, most_steps, average)
            return self._swept(made, signals, listed, time, progress, journal)
        # Runs of a batch share their inputs: those with the same ones make a batch.
        alike: dict[Any, list[int]] = {}
        for index, point in enumerate(listed):
            alike.setdefault(tuple((name, np.asarray(point[name]).tobytes()) for name in point if name in ports), []).append(index)
        batches = []
        for indices in alike.values():
            constant = {name: value for name, value in listed[indices[0]].items() if name in ports}
            made, signals = self._made(time, {**(inputs or {}), **constant}, monitors, transient, sample_every, most_steps, average)
            settings = [{name: value for name, value in listed[index].items() if name not in ports} for index in indices]
            batches.append((indices, self._swept(made, signals, settings, time, progress)))
        return _joined(batches, listed, {name: ports[name][0] for name in swept})

    def _swept(
        self, made: _core.Simulator, signals: dict[str, Signal], points: list[dict[str, Any]], time: float, progress: Any, journal: Any = None
    ) -> Batch:
        given = []
        for point in points:
            seed = point.get("seed")
            settings = [(name, units.values_in(value, self.setting_unit(name), f"`{name}`")) for name, value in point.items() if name != "seed"]
            given.append((settings, None if seed is None else _whole(seed, "seed", 0, 2**64 - 1)))
        with _listening(progress, "runs") as listener:
            told = _core.run_batch(made, given, time, listener, None if journal is None else os.fspath(journal))
        failures = dict(told["failures"])
        if "ts" not in told:
            raise ValueError(f"all {len(points)} runs failed, the first because {failures[0]}")
        import json

        batch = Batch(told["ts"], *_evaluated(*gathered(told), signals), json.loads(told["provenance"]))
        batch.points, batch.failures, batch.elapsed = points, failures, told["elapsed"]
        batch.point_units = {name: self.setting_unit(name) for point in points for name in point if name != "seed"}
        batch.labels = getattr(self.model, "labels", []) if isinstance(self.model, Network) else []
        return batch

    def _batched(
        self, time: float, count: int, inputs: Any, monitors: Any, transient: Any, sample_every: Any, progress: Any, most_steps: int | None, average: bool
    ) -> Run:
        made, signals = self._made(time, inputs, monitors, transient, sample_every, most_steps, average)
        points = []
        for run in range(count):
            point: dict[str, Any] = {"seed": self.seed + run}
            for group, model in self._models.items():
                for name, draw in model._drawn.items():
                    point[f"{group}.{name}" if group else name] = _drawn(draw, model.in_size, run)
            points.append(point)
        batch = self._swept(made, signals, points, time, progress)
        if batch.failures:
            index, why = next(iter(batch.failures.items()))
            raise ValueError(f"run {index} of the batch failed: {why}")
        arrays = {name: np.moveaxis(array, 0, 1) for name, array in batch._arrays.items()}
        return Run(batch.ts, arrays, batch.units, batch._times, batch.provenance)

    # Numbers by name

    @property
    def setting_names(self) -> list[str]:
        """The names of all numbers that a sweep, a gradient or a fit can be about: parameters, initial values, noise, couplings, constant inputs."""
        return _core.Simulator(_network_of(self.model, self._models), self.dt).setting_names()

    def setting_unit(self, name: str) -> str:
        """Returns the unit of a number by its name."""
        from .models import noise_unit

        group, _, what = name.rpartition(".")
        model = self._models.get(group)
        if model is not None:
            for section in ("parameters", "inputs"):
                if (row := type(model)._row(section, what)) is not None:
                    return str(row["unit"])
            for prefix in ("init_", "noise_"):
                if what.startswith(prefix) and (row := type(model)._row("states", what[len(prefix) :])) is not None:
                    return str(row["unit"]) if prefix == "init_" else noise_unit(row["unit"])
        return "mm/ms" if what == "speed" else "1"

    # Gradients

    def value_and_grad(self, loss: Any, wrt: Any, duration: Any, **settings: Any) -> Gradient:
        """Runs and returns the value of a loss with its derivatives by numbers of the simulation, see `brainmass_rs.gradients`.

        `loss` is an objective with its target, `objectives.fc_corr().against(target, of="x")`, or a function of the run that returns the value and the derivatives by
        what was recorded. `wrt` names the numbers: parameters, `init_x`, `k`, `weights`, inputs. Further keywords are those of `run`.
        """
        from .gradients import value_and_grad

        return value_and_grad(self, loss, wrt, duration, **settings)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (self.model, self.dt, self.method, self.seed, self.threads, self.memory, self.simd, self.past))

    def __repr__(self) -> str:
        return f"Simulator({self.model!r}, dt={self._step:g} ms)"


class Session:
    """A started simulation, whose runs follow on one another. `time` is the time reached in ms."""

    def __init__(self, simulator: Simulator, session: _core.Session, signals: dict[str, Signal]) -> None:
        self._simulator, self._session, self._signals = simulator, session, signals

    @property
    def time(self) -> float:
        """The time reached, in ms."""
        return self._session.time()

    def state(self, name: str) -> Any:
        """Returns a state of all nodes at the time reached; a name that there is not is a `KeyError`."""
        return self._session.state(name)

    def run(self, duration: Any, *, progress: Any = None) -> Run:
        """Runs on for `duration` (ms), recording; errors are those of `Simulator.run`."""
        time = units.scalar_in(duration, "ms", "duration")
        with _listening(progress, "steps") as listener:
            try:
                return self._simulator._told(self._session.run(time, listener), self._signals)
            except _core.Ended as error:
                raise ended(error, lambda told: self._simulator._told(told, self._signals)) from None


# What instruments record has a name of its own in the compiled part, so that an instrument may be called as the signal that it watches.
_WATCHED = "instrument "


def _restored(model: Any, dt: Any, method: Any, seed: int, threads: int, memory: Any, simd: Any, past: Any) -> Simulator:
    """Makes a simulation again of what was pickled."""
    return Simulator(model, dt, method=method, seed=seed, threads=threads, memory=memory, simd=simd, past=past)


def _network_of(model: Model | Network, models: Mapping[str, Model]) -> _core.Network:
    if isinstance(model, Network):
        return model._build()
    return _core.Network.alone(models[""]._nodes)


def _drawn(draw: Any, nodes: int, run: int) -> Any:
    """Draws the initial values of a run of a batch."""
    from .init import Initial

    return draw((nodes,), run) if isinstance(draw, Initial) else draw((nodes,))


def _evaluated(
    arrays: dict[str, Any], units_of: dict[str, str], times: dict[str, Any], signals: dict[str, Signal]
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Computes what was asked for from what was recorded; returns arrays, units and times by name."""
    values: dict[str, Any] = {}
    named: dict[str, str] = {}
    own: dict[str, Any] = {}
    for name, signal in signals.items():
        values[name] = signal.evaluate(arrays)
        leaf = signal.name
        named[name] = units_of[leaf] if leaf is not None else signal.unit
        if leaf in times:
            own[name] = times[leaf]
    return values, named, own


def _joined(batches: list[tuple[list[int], Batch]], points: list[dict[str, Any]], port_units: dict[str, str]) -> Batch:
    """Makes one batch of several, whose runs have these indices, and in which ports of these units were set."""
    first = batches[0][1]
    arrays = {}
    for name in first._arrays:
        whole = np.empty((len(points), *first._arrays[name].shape[1:]))
        for indices, batch in batches:
            whole[indices] = batch._arrays[name]
        arrays[name] = whole
    joined = Batch(first.ts, arrays, first.units, first._times, first.provenance)
    joined.points, joined.labels = points, first.labels
    joined.point_units = {name: unit for _, batch in batches for name, unit in batch.point_units.items()} | port_units
    joined.elapsed = sum(batch.elapsed for _, batch in batches)
    joined.failures = {indices[index]: why for indices, batch in batches for index, why in batch.failures.items()}
    return joined


def _listed(row: Any) -> str:
    """Says what a function of the input gives in a step."""
    return f"{len(row)} values" if isinstance(row, tuple) else ", ".join(map(repr, row)) or "nothing"


def _levels(values: Any) -> list[Any]:
    """Returns the values of an axis one by one; those of a quantity keep its unit."""
    if isinstance(values, (list, tuple, range)):
        return list(values)
    values = units.own(values)
    if isinstance(values, Quantity):
        return [Quantity(value, values.unit) for value in np.atleast_1d(values.magnitude)]
    return list(np.atleast_1d(values))


def _stacked(rows: list[Any], what: str) -> Any:
    """Puts the values of all steps together, shape (step,) or (step, node); quantities must be of one kind."""
    first = units.own(rows[0]) if rows else 0.0
    if isinstance(first, Quantity):
        unit = first.unit
        return Quantity(np.array([units.magnitude_in(row, unit, what, plain="1") for row in rows]), unit)
    try:
        return units.as_array(np.array(rows), what)
    except (ValueError, TypeError) as error:
        raise type(error)(f"{what}: its values are not numbers of one shape ({error})") from None


def _whole(value: Any, what: str, low: int, high: int) -> int:
    """Returns a whole number of a range; anything else is an error that says so."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{what} must be a whole number, and {value!r} was given")
    if not low <= value <= high:
        raise ValueError(f"{what} is {value}; it must be from {low} to {high}")
    return int(value)


def _steps_of(value: Any, step: float, what: str) -> int:
    """Returns a time as a number of steps."""
    if value is None:
        return 0
    time = units.scalar_in(value, "ms", what)
    steps = round(time / step)
    if time < 0:
        raise ValueError(f"{what} is {time} ms; it must not be negative")
    if abs(steps * step - time) > 1e-6 * max(step, abs(time)):
        raise ValueError(f"{what} is {time} ms, which is no whole number of steps of {step} ms")
    return steps


def _stride(value: Any, step: float) -> int:
    """Returns the number of steps from row to row: a plain number is one of steps, a quantity a time."""
    if units.is_quantity(value):
        return max(1, _steps_of(value, step, "sample_every"))
    return _whole(value, "sample_every", 1, 2**53)


class _listening:
    """Calls a listener of progress, or shows a bar of tqdm where `True` stands for one."""

    def __init__(self, progress: Any, unit: str) -> None:
        self.progress, self.unit, self.bar = progress, unit, None

    def __enter__(self) -> Any:
        if self.progress is None or self.progress is False:
            return None
        if self.progress is not True:
            if not callable(self.progress):
                raise TypeError(f"progress must be a function of what is done and what is to be done, and {type(self.progress).__name__} was given")
            return self.progress
        from tqdm.auto import tqdm

        bar: Any = tqdm(unit=f" {self.unit}", leave=False)
        self.bar = bar

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return show

    def __exit__(self, *_: Any) -> None:
        if self.bar is not None:
            self.bar.close()
