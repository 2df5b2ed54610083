# %% [markdown]
# # First steps
#
# A model, a run, a figure. `pip install ./python` in a clone of the repository installs the package; matplotlib draws.
# %%
import matplotlib.pyplot as plt
import numpy as np

import brainmass_rs as bm
from brainmass_rs import u

# %% [markdown]
# ## A model
#
# Every model of the catalogue is a class. An object is a number of nodes; a notebook shows its equations and what its parameters are.
# %%
column = bm.JansenRitStep(1)
column
# %% [markdown]
# ## A run
#
# Driven at 200 Hz, the column oscillates in the alpha band. `monitors` says what is kept: here an observable of the model.
# %%
simulator = bm.Simulator(column)
run = simulator.run(2 * u.s, inputs={"E_inp": 200 * u.Hz}, monitors=lambda m: m.eeg(), transient=1 * u.s)
figure, axes = plt.subplots(1, 2, figsize=(9, 2.5))
bm.viz.plot_timeseries(run["output"], ts=run["ts"], ax=axes[0])
frequencies, power = bm.analysis.power_spectrum(run["output"], dt=run.provenance["dt"] * u.ms)
axes[1].plot(frequencies[1:40], power[1:40, 0])
axes[1].set_xlabel("frequency (Hz)")
print(f"{frequencies[1 + np.argmax(power[1:, 0])]:.1f} Hz")
# %% [markdown]
# ## A sweep
#
# The strength of the drive decides whether there is a rhythm. All runs go side by side.
# %%
batch = simulator.sweep(2 * u.s, {"E_inp": np.linspace(0, 400, 21).tolist()}, monitors=["eeg"], transient=1 * u.s, sample_every=10)
drives = [point["E_inp"] for point in batch.points]
figure, ax = plt.subplots(figsize=(5, 2.5))
ax.fill_between(drives, batch["eeg"].min(axis=(1, 2)), batch["eeg"].max(axis=(1, 2)), alpha=0.4)
ax.set_xlabel("drive (Hz)")
ax.set_ylabel("EEG (mV)");
# %% [markdown]
# ## A network
#
# Ninety oscillators of frequencies of their own, coupled along tracts that conduct at 10 mm/ms, and what correlates with what.
# %%
connectome = bm.datasets.load_dataset("synthetic_90").normalized("row_sum")
frequencies = np.random.default_rng(1).uniform(0.05, 0.075, 90)
node = bm.HopfStep(90, a=0.02, w=frequencies, noise_x=0.004, noise_y=0.004)
network = bm.Network(node, conn=connectome, coupled_var="x", k=0.04, speed=10 * u.mm / u.ms)
run = bm.Simulator(network, dt=0.5 * u.ms, seed=1).run(2 * u.s, transient=1 * u.s, monitors=["x"])
figure, axes = plt.subplots(1, 2, figsize=(9, 3))
bm.viz.plot_timeseries(run["x"][:1000, :4], ts=run["ts"][:1000], ax=axes[0])
bm.viz.plot_functional_connectivity(run["x"], ax=axes[1]);
# %% [markdown]
# ## A model of one's own
#
# A text is enough. Units that do not add up and names that are not there are errors with their line and column.
# %%
Rose = bm.Model.from_text("""
name: HindmarshRoseStep
title: Hindmarsh-Rose neuron
category: phenomenological
time_unit: 1 ms
states: {x: {init: -1.6}, y: {init: -12}, z: {init: 2}}
parameters: {I: {default: 2, doc: injected current}, r: {default: 0.005, doc: rate of the adaptation}}
derivatives:
  x: y - x^3 + 3*x^2 - z + I
  y: 1 - 5*x^2 - y
  z: r*(4*(x + 1.6) - z)
output: x
integration: {scheme: heun, dt: 0.05 ms}
""")
run = bm.Simulator(Rose(2, I=[2.0, 3.25])).run(1000 * u.ms)
figure, ax = plt.subplots(figsize=(9, 2.5))
bm.viz.plot_timeseries(run["output"], ts=run["ts"], labels=["I = 2", "I = 3.25"], ax=ax);
