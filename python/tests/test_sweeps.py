"""Sweeps that go on after a kill, and their results in files."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import u

SWEEP = """
model: HopfStep
connectome: {name: synthetic_8, normalize: max}
coupling: {rule: Diffusive, from: x, k: 0.05}
noise: {x: 0.05, y: 0.02}
duration: 40 ms
sweep:
  over: {beta: [1, -400], seeds: [3, 18446744073709551615]}
  measure:
    mean: {signal: x, summary: mean}
    late: {signal: x, summary: first_passage, above: -5}
    whole: {record: y}
"""

SCRIPT = """
import sys
import brainmass_rs as bm

node = bm.HopfStep(8, a=-0.02, w=0.06, noise_x=0.02, init_x=0.1)
network = bm.Network(node, conn=bm.datasets.load_dataset("synthetic_8"), speed=10.0, coupled_var="x", k=0.02)
batch = bm.Simulator(network).sweep(400.0, {"k": [0.01, 0.02, 0.03]}, seeds=range(40), monitors=["x"], sample_every=100, journal="runs.journal")
batch.save("runs.npz")
batch.save("runs.csv", lambda run: {"top": run["x"].max()})
"""


def oscillators(**settings):
    """A simulation of two noisy oscillators, and a sweep of it with a journal."""
    simulator = bm.Simulator(bm.HopfStep(2, noise_x=0.1, **settings))
    return lambda journal, **others: simulator.sweep(5.0, {"a": [-0.1, 0.2]}, seeds=(1, 2, 3), monitors=["x"], journal=journal, **others)


def test_a_sweep_goes_on_from_its_journal_with_the_same_bits(tmp_path):
    journal, sweep = tmp_path / "a.journal", oscillators(init_x=0.3)
    whole = sweep(None)
    done = []
    # The listener is asked every 20 ms; whenever it stops the sweep, what is done is kept.
    stopped = sweep(journal, progress=lambda now, total: done.append(now) or False)
    assert len(stopped.points) == 6 and done
    for _ in range(2):
        again = sweep(journal)
        assert np.array_equal(again["x"], whole["x"]) and np.array_equal(again.ts, whole.ts)
        assert again.points == whole.points and again.failures == {} and again.provenance["seed"] == whole.provenance["seed"]


def test_a_killed_sweep_ends_as_an_unbroken_one(tmp_path):
    folders = [tmp_path / "whole", tmp_path / "killed"]
    for folder in folders:
        folder.mkdir()
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=folders[0], check=True)
    journal, before, kills = folders[1] / "runs.journal", 0, 0
    while kills < 3:
        process = subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=folders[1], stderr=subprocess.DEVNULL)
        # By what it has written, so that a slow machine sees the same as a fast one.
        while process.poll() is None and (journal.stat().st_size if journal.exists() else 0) < before + 20_000:
            time.sleep(0.002)
        process.kill()
        if process.wait() == 0:
            break
        before, kills = journal.stat().st_size, kills + 1
    assert kills == 3, "it was over too early"
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=folders[1], check=True)
    for name in ("runs.npz", "runs.csv"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
def test_an_interrupted_sweep_keeps_what_is_done(tmp_path):
    script = SCRIPT.replace("400.0", "1e6")
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "runs.journal").exists():
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate(timeout=60)[1]
    # Runs that were cut short are no results: the same sweep makes them anew.
    with pytest.raises(ValueError, match="`duration` is 400 ms and was 1000000 ms"):
        subprocess_sweep(tmp_path)


def subprocess_sweep(folder):
    """Runs the sweep of the script in this process, in a folder."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        exec(SCRIPT, {})
    finally:
        os.chdir(before)


def test_the_journal_of_another_sweep_is_refused(tmp_path):
    journal = tmp_path / "a.journal"
    oscillators(init_x=0.3)(journal)
    before = journal.read_bytes()
    for sweep, what in [
        (oscillators(init_x=0.4), "`init_x` is 0.4 and was 0.3"),
        (oscillators(init_x=0.3, w=0.7), "`w` is 0.7 rad/ms and was 0.2 rad/ms"),
    ]:
        with pytest.raises(ValueError, match="a.journal: the journal belongs to another sweep") as error:
            sweep(journal)
        assert what in str(error.value)
    simulator = bm.Simulator(bm.HopfStep(2, noise_x=0.1, init_x=0.3))
    with pytest.raises(ValueError, match="`points` is 4 runs and was 6 runs"):
        simulator.sweep(5.0, {"a": [-0.1, 0.2]}, seeds=(1, 2), monitors=["x"], journal=journal)
    with pytest.raises(ValueError, match="`records` is y and was x"):
        simulator.sweep(5.0, {"a": [-0.1, 0.2]}, seeds=(1, 2, 3), monitors=["y"], journal=journal)
    assert journal.read_bytes() == before
    (tmp_path / "thesis.txt").write_text("chapter one")
    with pytest.raises(OSError, match="is not a journal"):
        oscillators(init_x=0.3)(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "chapter one"
    with pytest.raises(OSError, match="its folder does not exist"):
        oscillators(init_x=0.3)(tmp_path / "lost" / "a.journal")


def test_inputs_and_expressions_go_through_a_journal(tmp_path):
    simulator = bm.Simulator(bm.HopfStep(2, init_x=0.1))
    keywords = {"monitors": {"sum": lambda m: m.x + m.y, "slow": bm.TemporalAverage(period=1.0).of("x")}, "inputs": {"y_inp": 0.1, "x_inp": 7.0}}
    points = {"x_inp": [0.0, 0.3], "a": [0.1, 0.2]}
    whole = simulator.sweep(10.0, points, **keywords)
    for _ in range(2):
        batch = simulator.sweep(10.0, points, journal=tmp_path / "a.journal", **keywords)
        assert list(batch) == list(whole)
        for name in whole.names:
            assert np.array_equal(batch[name], whole[name]) and np.array_equal(batch.times(name), whole.times(name))


def test_axes_keep_their_units_and_seeds_may_come_one_by_one():
    simulator = bm.Simulator(bm.HopfStep(1, noise_x=0.01))
    plain = simulator.sweep(2.0, {"w": [0.1, 0.2]}, seeds=[1, 2], monitors=["x"])
    given = simulator.sweep(2.0, {"w": np.array([100.0, 200.0]) * u.rad / u.s}, seeds=iter([1, 2]), monitors=["x"])
    assert len(given.points) == 4 and np.array_equal(plain["x"], given["x"])


def test_batches_are_saved_as_records_and_as_tables(tmp_path):
    simulator = bm.Simulator(bm.HopfStep(2, noise_x=0.05), dt=1.0, method="euler")
    points = [{"a": [0.1, 0.2], "w": 200 * u.rad / u.s}, {"a": 0.3, "init_x": 100.0}]
    batch = simulator.sweep(50.0, points, seeds=[2**64 - 1], monitors=["x"])
    assert list(batch.failures) == [1]
    batch.save(tmp_path / "b.npz")
    with np.load(tmp_path / "b.npz") as file:
        assert np.array_equal(file["x"], batch["x"], equal_nan=True) and np.array_equal(file["ts"], batch.ts)
        assert np.array_equal(file["sweep.a"], [[0.1, 0.2], [0.3, np.nan]], equal_nan=True)
        assert np.array_equal(file["sweep.w"], [0.2, np.nan], equal_nan=True)
        assert file["units"].tolist() == ["1"] and json.loads(file["provenance"][0])["model"] == "HopfStep"
    batch.save(tmp_path / "b.csv", lambda run: {"top": run["x"].max(), "end": run["ts"][-1] * u.ms})
    lines = (tmp_path / "b.csv").read_text().splitlines()
    assert lines[0] == "a[0],a[1],w,init_x,seed,top,end,error"
    assert lines[1].startswith("0.1,0.2,0.2,NaN,18446744073709551615,") and lines[1].endswith(",50,")
    assert lines[2].startswith("0.3,NaN,NaN,100,18446744073709551615,NaN,NaN,") and "diverged" in lines[2]
    units = {column["name"]: column.get("unit") for column in json.loads((tmp_path / "b.csv-metadata.json").read_text())["tableSchema"]["columns"]}
    assert units["w"] == "rad/ms" and units["end"] == "ms" and units["top"] == "1"
    with pytest.raises(ValueError, match=r"its ending must be \.npz, \.csv or \.parquet"):
        batch.save(tmp_path / "b.mat")


def test_sweeps_of_files_are_tables_and_go_on_with_the_journal_of_the_command(tmp_path):
    (tmp_path / "s.yaml").write_text(SWEEP)
    experiment = bm.Experiment.open(tmp_path / "s.yaml")
    results = experiment.sweep(journal=tmp_path / "s.journal")
    assert (results.axes, results.shape, results.resumed) == (["beta", "seed"], (2, 2), 0)
    assert results.grid("mean").shape == (2, 2) and np.isfinite(results["mean"][:2]).all() and np.isnan(results["mean"][2:]).all()
    assert results["seed"].dtype == np.uint64 and results.units["late"] == "ms"
    assert sorted(results.failures) == [2, 3] and "diverged" in results.failures[2]
    assert results.record("whole", 1).shape == (400, 8)
    with pytest.raises(KeyError, match="has no column `meen`; did you mean `mean`"):
        results["meen"]
    again = experiment.sweep(journal=tmp_path / "s.journal", threads=1)
    assert again.resumed == 4 and np.array_equal(again["mean"], results["mean"], equal_nan=True)
    command = [sys.executable, "-m", "brainmass_rs", "sweep", "s.yaml", "--out", "c.csv", "--journal", "s.journal"]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert "4 of 4 runs were in s.journal already" in told
    results.save(tmp_path / "c2.csv")
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "c2.csv").read_bytes()
    results.save(tmp_path / "s.npz")
    with np.load(tmp_path / "s.npz") as file:
        assert np.array_equal(file["mean"], results["mean"], equal_nan=True) and file["whole"].shape == (4, 400, 8)
    (tmp_path / "t.yaml").write_text(SWEEP.replace("0.05, y", "0.06, y"))
    with pytest.raises(ValueError, match="belongs to another sweep: `noise_x`"):
        bm.Experiment.open(tmp_path / "t.yaml").sweep(journal=tmp_path / "s.journal")
    with pytest.raises(ValueError, match="has no section `sweep`"):
        bm.Experiment.from_text("{model: HopfStep, duration: 1}").sweep()


def test_parquet_is_written_without_any_further_package(tmp_path):
    results = bm.Experiment.from_text(SWEEP).sweep()
    results.save(tmp_path / "s.parquet")
    batch = oscillators(init_x=0.3)(None)
    batch.save(tmp_path / "b.parquet", lambda run: {"top": run["x"].max() * u.mV})
    assert (tmp_path / "s.parquet").read_bytes()[:4] == b"PAR1"
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    assert table.column_names == ["beta", "seed", "mean", "late", "error"]
    for name in results:
        assert np.array_equal(table[name].to_numpy(), results[name], equal_nan=results[name].dtype == float), name
    assert table["error"].to_pylist() == [results.failures.get(run) for run in range(4)]
    notes = parquet.read_metadata(tmp_path / "s.parquet").metadata
    assert json.loads(notes[b"units"]) == results.units and json.loads(notes[b"provenance"]) == results.provenance
    table = parquet.read_table(tmp_path / "b.parquet")
    assert table["top"].to_pylist() == [float(batch["x"][run].max()) for run in range(6)]
    notes = parquet.read_metadata(tmp_path / "b.parquet").metadata
    assert json.loads(notes[b"units"])["top"] == "mV" and json.loads(notes[b"provenance"])["model"] == "HopfStep"
