"""Runs: what drives them, what is kept, batches, networks, copies, threads."""

import copy
import multiprocessing
import pickle
import threading
import time

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u


def test_inputs_in_all_forms(hopf):
    simulator = bm.Simulator(hopf, dt=0.1 * u.ms)
    steps, wave = 100, lambda t: np.sin(0.3 * t)
    times = np.arange(steps) * 0.1
    drive = lambda inputs: simulator.run(10 * u.ms, inputs=inputs)["output"]  # noqa: E731
    expected = drive(wave(times))
    assert (drive(lambda i, t: u.math.sin(0.3 * (t / u.ms))) == expected).all()
    assert (drive(lambda i, t: wave(times[i])) == expected).all()
    assert (drive({"x_inp": wave(times)}) == expected).all()
    assert (drive(np.repeat(wave(times)[:, None], 4, axis=1)) == expected).all()
    assert (drive(lambda i, t: (wave(times[i]), 0.0)) == expected).all()
    assert (drive(0.8) == drive(lambda i, t: 0.8)).all() and (drive(0.8) == drive([0.8] * 4)).all()
    assert not (drive({"y_inp": 0.8}) == drive(0.8)).all()
    pulse = drive(bm.Stimulus.pulse(0.5, onset=2 * u.ms, duration=3 * u.ms))
    rows = np.where((times >= 2 - 1e-9) & (times < 5 - 1e-9), 0.5, 0.0)
    assert (pulse == drive(rows)).all()
    assert (drive(bm.Stimulus.pulse(0.5, onset=2, duration=3) + 0.1) == drive(rows + 0.1)).all()


def test_times_transients_and_strides(hopf):
    simulator = bm.Simulator(hopf, dt=0.1)
    whole = simulator.run(30.0, monitors=["x", "y"])
    part = simulator.run(30.0, monitors=["x", "y"], transient=10 * u.ms, sample_every=5)
    assert whole["ts"][0] == pytest.approx(0.1) and whole["ts"][-1] == pytest.approx(30.0)
    assert (part["x"] == whole["x"][104::5]).all() and np.allclose(part["ts"], whole["ts"][104::5])
    assert (simulator.run(30.0, sample_every=0.5 * u.ms)["output"] == whole["x"][4::5]).all()
    means = simulator.run(30.0, sample_every=5, average=True)["output"]
    assert np.allclose(means, whole["x"].reshape(60, 5, 4).mean(axis=1), rtol=1e-12)
    with pytest.raises(ValueError, match="average"):
        simulator.run(30.0, monitors=lambda m: m.x**2, average=True)
    assert whole.steps == 300 and whole.provenance["model"] == "HopfStep" and whole.provenance["dt"] == 0.1
    assert list(whole) == ["x", "y", "ts"] and len(whole) == 3 and dict(whole)["x"] is whole["x"]


def test_schemes_and_continued_runs(hopf):
    default = bm.Simulator(hopf, dt=0.5).run(20.0)["output"]
    assert (bm.Simulator(hopf, dt=0.5, method=hopf.info["scheme"]).run(20.0)["output"] == default).all()
    euler = bm.Simulator(hopf, dt=0.5, method="euler").run(20.0)["output"]
    assert np.abs(euler - default).max() > 1e-3
    hopf.method = "euler"
    assert (bm.Simulator(hopf, dt=0.5).run(20.0)["output"] == euler).all()
    hopf.method = None
    simulator = bm.Simulator(hopf, dt=0.5)
    pieces = [simulator.run(5.0, init_states=False)["output"] for _ in range(4)]
    assert (np.vstack(pieces) == default).all()
    session = simulator.start(monitors=["x"])
    assert (np.vstack([session.run(8.0)["x"], session.run(12.0)["x"]]) == default).all()
    assert session.time == 20.0 and (session.state("x") == default[-1]).all()


def test_noise_is_that_of_its_seed():
    node = bm.HopfStep(3, a=-0.1, noise_x=0.05)
    run = lambda seed, **settings: bm.Simulator(node, seed=seed, **settings).run(50.0)["output"]  # noqa: E731
    assert (run(1) == run(1)).all() and not (run(1) == run(2)).all()
    # The variance of a linear node, sigma^2/(2 rate), up to what a finite sample says.
    linear = bm.LinearStep(2000, gamma=-0.1, noise_x=0.2)
    final = bm.Simulator(linear, dt=0.5, seed=3).run(100.0)["output"][-1]
    assert final.var() == pytest.approx(0.2**2 / 0.2, rel=0.1)
    ou = bm.LinearStep(500, gamma=-1000.0, noise_x=bm.OUProcess(sigma=3.0, tau=20 * u.ms, mean=1.0))
    recorded = bm.Simulator(ou, dt=0.5, method="exp_euler", seed=4).run(200.0, monitors=["x_inp"], transient=100.0)["x_inp"]
    assert recorded.std() == pytest.approx(3.0, rel=0.1) and recorded.mean() == pytest.approx(1.0, abs=0.3)
    for process in (bm.GaussianNoise(sigma=1.0, mean=2.0), bm.WhiteNoise(sigma=1.0), bm.PinkNoise(sigma=1.0), bm.BrownianNoise(sigma=0.1), bm.VioletNoise(sigma=0.1)):
        assert np.isfinite(bm.Simulator(bm.LinearStep(3, noise_x=process)).run(10.0)["output"]).all()


def test_sweeps_have_the_bits_of_single_runs(hopf):
    simulator = bm.Simulator(hopf, dt=0.1)
    batch = simulator.sweep(20.0, {"a": [-0.1, 0.1], "w": [0.1, 0.2, 0.3]}, monitors=["x"], transient=10.0)
    assert batch["x"].shape == (6, 100, 4)
    for index, point in enumerate(batch.points):
        node = bm.HopfStep(4, a=point["a"], w=point["w"], init_x=[0.1, 0.2, 0.3, 0.4])
        alone = bm.Simulator(node, dt=0.1).run(20.0, monitors=["x"], transient=10.0)["x"]
        assert (batch["x"][index] == alone).all() and (batch.run(index)["x"] == alone).all()
    listed = simulator.sweep(10.0, [{"a": [0.1, 0.2, 0.3, 0.4], "x_inp": 0.1}], seeds=[1, 2])
    assert listed["output"].shape == (2, 100, 4)
    driven = simulator.sweep(10.0, {"x_inp": [0.0, 0.3], "a": [0.1, 0.2]})
    node = bm.HopfStep(4, a=0.1, w=0.3, init_x=[0.1, 0.2, 0.3, 0.4])
    assert (driven["output"][2] == bm.Simulator(node, dt=0.1).run(10.0, inputs=0.3)["output"]).all()
    failing = bm.Simulator(bm.HopfStep(1), dt=1.0, method="euler").sweep(100.0, {"init_x": [0.1, 100.0]})
    assert list(failing.failures) == [1] and np.isnan(failing["output"][1]).all() and np.isfinite(failing["output"][0]).all()
    with pytest.raises(ValueError, match="diverged"):
        failing.run(1)


def test_batches_draw_their_own_initial_values():
    node = bm.HopfStep(5, a=-0.1, noise_x=0.01, init_x=bm.init.Uniform(0.0, 0.5, seed=1))
    run = bm.Simulator(node, dt=0.1, seed=9).run(10.0, batch_size=3)
    assert run["output"].shape == (100, 3, 5)
    assert (run["output"][:, 0] == bm.Simulator(node, dt=0.1, seed=9).run(10.0)["output"]).all()
    assert not (run["output"][:, 0] == run["output"][:, 1]).all()


def test_networks(network):
    run = bm.Simulator(network, dt=0.5, seed=1).run(100.0, monitors=["x", "x_inp"])
    assert run["x"].shape == (200, 8) and run.labels == network.labels and np.abs(run["x_inp"]).max() > 0
    assert (bm.Simulator(network, dt=0.5, seed=1, threads=2).run(100.0, monitors=["x"])["x"] == run["x"]).all()
    assert (bm.Simulator(network, dt=0.5, seed=1).run(100.0, monitors=lambda m: m.node.x.value)["output"] == run["x"]).all()
    weights = np.array([[0.0, 1.0], [0.5, 0.0]])
    node = bm.HopfStep(2, init_x=[0.1, 0.3], method="euler")
    own = bm.Simulator(bm.Network(node, conn=weights, coupled_var="x", k=0.5), dt=0.1).run(0.1, monitors=["x_inp"])["x_inp"][0]
    assert own.tolist() == pytest.approx([0.5 * (0.3 - 0.1), 0.5 * 0.5 * (0.1 - 0.3)])
    assert bm.Network(node, conn=weights, k=0.5).setting_names.count("k") == 1


def test_groups():
    network = bm.Network.groups(cortex=bm.WilsonCowanStep(2, init_rE=[0.2, 0.4]), thalamus=bm.HopfStep(1))
    network.project("cortex.rE", "thalamus.x_inp", [[0.5, 0.5]], delays=8 * u.ms).project("thalamus.x", "cortex.rE_inp", [[1.0], [0.0]], k=0.3)
    run = bm.Simulator(network, dt=0.1).run(20.0, monitors=["cortex.rE", "thalamus.x"], inputs={"cortex.rI_inp": 0.1})
    assert run["cortex.rE"].shape == (200, 2) and run["thalamus.x"].shape == (200, 1)
    both = bm.Simulator(network, dt=0.1).run(20.0, monitors=lambda n: n.cortex.rE.mean() - n.thalamus.x[0], inputs={"cortex.rI_inp": 0.1})["output"]
    assert np.allclose(both, run["cortex.rE"].mean(axis=1) - run["thalamus.x"][:, 0])
    with pytest.raises(ValueError, match="`cortx`.*`cortex`"):
        network.project("cortx.rE", "thalamus.x_inp", [[1.0, 1.0]])


def test_the_past_of_delayed_signals():
    node = bm.WilsonCowanDelayedStep(2)
    run = bm.Simulator(node, past={"rE": 0.8}).run(20.0, monitors=["rE"])["rE"]
    assert (bm.Simulator(node, past={"rE": [0.8, 0.8]}).run(20.0, monitors=["rE"])["rE"] == run).all()
    assert (pickle.loads(pickle.dumps(bm.Simulator(node, past={"rE": 0.8}))).run(20.0, monitors=["rE"])["rE"] == run).all()
    assert (bm.Simulator(node).run(20.0, monitors=["rE"])["rE"] != run).any()
    with pytest.raises(ValueError, match="rX"):
        bm.Simulator(node, past={"rX": 0.8}).run(20.0)


def test_instruments_watch_and_look():
    node = bm.WongWangExcInhStep(4, noise_S_e=0.002)
    watched = {"bold": bm.BOLDSignal(period=720 * u.ms, step=4.0).of("S_e"), "mean": bm.TemporalAverage(4.0).of("S_e"), "S_e": "S_e"}
    run = bm.Simulator(node, dt=0.5).run(3 * u.s, monitors=watched)
    assert run["bold"].shape == (4, 4) and run.times("bold").tolist() == [720.0, 1440.0, 2160.0, 2880.0]
    assert np.allclose(run["mean"], run["S_e"].reshape(750, 8, 4).mean(axis=1), rtol=1e-12)
    looked, times = bm.BOLDSignal(period=720.0, step=4.0).observe(run["S_e"], 0.5)
    assert np.allclose(looked, run["bold"], rtol=1e-12) and (times == run.times("bold")).all()
    gain = np.random.default_rng(0).random((4, 6))
    eeg = bm.EEGLeadFieldModel(L=gain)
    assert np.allclose(eeg(run["S_e"], 0.5), run["S_e"] @ gain)
    fc = bm.Simulator(node, dt=0.5).run(500.0, monitors={"fc": bm.FunctionalConnectivity().of("S_e"), "S_e": "S_e"})
    assert np.allclose(fc["fc"], np.corrcoef(fc["S_e"].T), atol=1e-9)
    with pytest.raises(ValueError, match="of\\('x'\\)"):
        bm.Simulator(node).run(10.0, monitors={"bold": bm.BOLDSignal()})
    hrf = bm.HRFBold(period=500.0, downsample_period=10.0, kernel=bm.GammaHRFKernel(duration=300.0))
    assert hrf(run["S_e"], 0.5).shape == (6, 4)


def test_labelled_arrays(network):
    pd, xr = pytest.importorskip("pandas"), pytest.importorskip("xarray")
    run = bm.Simulator(network, dt=0.5).run(50.0, monitors={"x": "x", "mean": bm.TemporalAverage(5.0).of("x")})
    frame = run.to_pandas("x")
    assert isinstance(frame, pd.DataFrame) and frame.shape == (100, 8) and (frame[("x", run.labels[2])].to_numpy() == run["x"][:, 2]).all()
    dataset = run.to_xarray()
    assert isinstance(dataset, xr.Dataset) and dataset["x"].dims == ("time", "node") and dataset["mean"].shape == (10, 8)
    assert list(dataset["node"].values) == run.labels and dataset["x"].attrs["units"] == "1"
    batch = bm.Simulator(network, dt=0.5).sweep(50.0, {"k": [0.0, 0.1]}, seeds=[1, 2], monitors=["x"])
    dataset = batch.to_xarray()
    assert dataset["x"].shape == (4, 100, 8) and dataset["k"].values.tolist() == [0.0, 0.0, 0.1, 0.1]
    table = batch.to_pandas(lambda run: {"deviation": run["x"].std()})
    assert list(table.columns) == ["k", "seed", "deviation"] and table["deviation"][2] == pytest.approx(batch["x"][2].std())


def test_files(tmp_path, hopf):
    run = bm.Simulator(hopf, dt=0.1).run(5.0, monitors=["x", "radius"])
    run.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz") as saved:
        assert (saved["x"] == run["x"]).all() and (saved["ts"] == run["ts"]).all()
    run.save(tmp_path / "run.csv")
    assert (tmp_path / "run.csv").read_text().startswith("t_ms,x[0]")
    with pytest.raises(OSError, match="\\.npz"):
        run.save(tmp_path / "run.xyz")


def test_experiment_files(tmp_path):
    path = tmp_path / "hopf.yaml"
    path.write_text("{model: HopfStep, nodes: 2, initial: {x: [0.1, 0.2]}, dt: 0.1, duration: 30 ms, record: [x, radius]}")
    experiment = bm.Experiment.open(path)
    run = experiment.run()
    expected = bm.Simulator(bm.HopfStep(2, init_x=[0.1, 0.2]), dt=0.1).run(30.0, monitors=["x", "radius"])
    assert (run["x"] == expected["x"]).all() and (run["radius"] == expected["radius"]).all()
    assert (pickle.loads(pickle.dumps(experiment)).run()["x"] == run["x"]).all()


def test_copies_and_pickles(network):
    simulator = bm.Simulator(network, dt=0.5, seed=2)
    run = simulator.run(20.0)
    for copied in (pickle.loads(pickle.dumps(simulator)), copy.deepcopy(simulator)):
        again = copied.run(20.0)
        assert (again["output"] == run["output"]).all() and again.provenance == run.provenance
    kept = pickle.loads(pickle.dumps(run))
    assert (kept["output"] == run["output"]).all() and kept.units == run.units and kept.provenance == run.provenance
    batch = pickle.loads(pickle.dumps(simulator.sweep(5.0, {"k": [0.1, 0.2]})))
    assert batch["output"].shape == (2, 10, 8) and batch.points[1]["k"] == 0.2
    process = bm.HopfStep(2, noise_x=bm.OUProcess(sigma=0.1))
    assert (bm.Simulator(copy.deepcopy(process)).run(5.0)["output"] == bm.Simulator(process).run(5.0)["output"]).all()


def _run_in_process(simulator):
    return simulator.run(20.0)["output"]


def test_processes_and_threads(network):
    simulators = [bm.Simulator(network, dt=0.5, seed=seed) for seed in range(4)]
    expected = [simulator.run(20.0)["output"] for simulator in simulators]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for given, wanted in zip(pool.map(_run_in_process, simulators), expected):
            assert (given == wanted).all()
    found = [None] * 4
    threads = [threading.Thread(target=lambda i=i: found.__setitem__(i, simulators[i].run(20.0)["output"])) for i in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all((given == wanted).all() for given, wanted in zip(found, expected))
    # One simulator may be run by several threads at once.
    shared = [threading.Thread(target=lambda i=i: found.__setitem__(i, simulators[0].run(20.0)["output"])) for i in range(4)]
    [thread.start() for thread in shared]
    [thread.join() for thread in shared]
    assert all((given == expected[0]).all() for given in found)


def test_joblib(network):
    joblib = pytest.importorskip("joblib")
    simulators = [bm.Simulator(network, dt=0.5, seed=seed) for seed in range(3)]
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(_run_in_process)(simulator) for simulator in simulators)
    assert all((given == simulator.run(20.0)["output"]).all() for given, simulator in zip(found, simulators))


def test_other_threads_go_on_while_a_run_does():
    counted = 0
    stop = threading.Event()

    def count():
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    bm.Simulator(bm.HopfStep(200, init_x=0.1), dt=0.1).run(100_000.0, sample_every=1000)
    during = counted - before
    stop.set()
    thread.join()
    # A run that kept the lock of the interpreter would let the other thread count once or twice at most.
    assert during > 20


def test_progress(hopf):
    told = []
    bm.Simulator(bm.HopfStep(50), dt=0.1).run(2e4, progress=lambda done, total: told.append((done, total)), sample_every=1000)
    assert told == sorted(told) and told[-1] == (200_000, 200_000) and len(told) > 1
    with pytest.raises(bm.RunStopped) as caught:
        bm.Simulator(bm.HopfStep(50), dt=0.1).run(1e7, progress=lambda done, total: False, sample_every=1000)
    assert caught.value.run["output"].shape[1] == 50
    pytest.importorskip("tqdm")
    bm.Simulator(hopf).run(5.0, progress=True)


def test_pictures(network):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    run = bm.Simulator(network, dt=0.5).run(400.0, monitors=["x", "y"])
    figure, axes = plt.subplots(2, 3)
    assert len(bm.viz.plot_timeseries(run["x"], ts=run["ts"], labels=run.labels, ax=axes[0, 0]).lines) == 8
    assert len(bm.viz.plot_phase_portrait(run["x"], run["y"], ax=axes[0, 1]).lines) == 8
    assert len(bm.viz.plot_functional_connectivity(run["x"], ax=axes[0, 2]).images) == 1
    assert len(bm.viz.plot_connectivity(bm.datasets.load_dataset("synthetic_8"), ax=axes[1, 0]).images) == 1
    assert len(bm.viz.plot_power_spectrum(run["x"], 0.5, ax=axes[1, 1]).lines) == 8
    assert len(bm.viz.plot_carpet(run["x"], run["ts"], ax=axes[1, 2]).images) == 1
    plt.close(figure)
    html = run._repr_html_()
    assert html.count("<svg") == 2 and "HopfStep" in html and "<table" in network._repr_html_()
