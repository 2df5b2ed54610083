"""Neural mass models for whole-brain modelling.

    import brainmass_rs as bm
    from brainmass_rs import u

    node = bm.JansenRitStep(in_size=8)
    run = bm.Simulator(node, dt=0.1 * u.ms).run(400 * u.ms, monitors=lambda m: m.eeg(), transient=100 * u.ms)
    bm.viz.plot_timeseries(run["output"], ts=run["ts"])

A class of each model of the catalogue is an attribute of the package; `list_models()` lists them, `Model.open("my.yaml")` makes one of a file. Plain numbers are in
the units that models declare, times in ms; `5 * u.mV` carries its own. Names and habits are those of the Python package brainmass; the page `docs/python.md` of the
repository lists what means something different here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core, analysis, bifurcations, coupling, datasets, errors, experiments, fitting, gradients, init, noise, objectives, observation, sequences, units
from . import units as u
from . import viz
from .bifurcations import BifurcationChart, BifurcationDiagram
from .catalogue import ModelInfo, list_models
from .coupling import (
    Coupling,
    additive_coupling,
    diffusive_coupling,
    hyperbolic_tangent_coupling,
    laplacian_connectivity,
    sigmoidal_coupling,
    sigmoidal_jansen_rit_coupling,
)
from .datasets import Connectome
from .errors import Diagnostic, DivergenceError, FileMistakes, RunInterrupted, RunStopped
from .experiments import Experiment
from .fitting import Fitter, FitResult, Param
from .gradients import Gradient, as_jax, as_torch, value_and_grad
from .models import MODELS as _MODELS
from .models import Model
from .networks import Network
from .noise import BlueNoise, BrownianNoise, ColoredNoise, GaussianNoise, Noise, OUProcess, PinkNoise, Stimulus, VioletNoise, WhiteNoise
from .observation import (
    BOLDSignal,
    DoubleExponentialHRFKernel,
    EEGLeadFieldModel,
    FirstOrderVolterraHRFKernel,
    FunctionalConnectivity,
    GammaHRFKernel,
    GlobalAverage,
    HRFBold,
    HRFKernel,
    LeadFieldModel,
    LeadfieldReadout,
    MEGLeadFieldModel,
    MixtureOfGammasHRFKernel,
    Subsample,
    TemporalAverage,
)
from .results import Batch, Run
from .sequences import HORNSeqLayer, HORNSeqNetwork
from .signals import Signal
from .simulator import Session, Simulator
from .sweeps import SweepResults
from .units import Quantity, Unit

__version__: str = _core.__version__
__version_info__: tuple[int, ...] = tuple(int(part) for part in __version__.split("-")[0].split("."))

__all__: list[str] = [
    "BOLDSignal",
    "Batch",
    "BifurcationChart",
    "BifurcationDiagram",
    "BlueNoise",
    "BrownianNoise",
    "ColoredNoise",
    "Connectome",
    "Coupling",
    "Diagnostic",
    "DivergenceError",
    "DoubleExponentialHRFKernel",
    "EEGLeadFieldModel",
    "Experiment",
    "FileMistakes",
    "FirstOrderVolterraHRFKernel",
    "FitResult",
    "Fitter",
    "FunctionalConnectivity",
    "GammaHRFKernel",
    "GaussianNoise",
    "GlobalAverage",
    "Gradient",
    "HORNSeqLayer",
    "HORNSeqNetwork",
    "HRFBold",
    "HRFKernel",
    "LeadFieldModel",
    "LeadfieldReadout",
    "MEGLeadFieldModel",
    "MixtureOfGammasHRFKernel",
    "Model",
    "ModelInfo",
    "Network",
    "Noise",
    "OUProcess",
    "Param",
    "PinkNoise",
    "Quantity",
    "Run",
    "RunInterrupted",
    "RunStopped",
    "Session",
    "Signal",
    "Simulator",
    "SweepResults",
    "Stimulus",
    "Subsample",
    "TemporalAverage",
    "Unit",
    "VioletNoise",
    "WhiteNoise",
    "additive_coupling",
    "analysis",
    "bifurcations",
    "as_jax",
    "as_torch",
    "coupling",
    "datasets",
    "diffusive_coupling",
    "errors",
    "experiments",
    "fitting",
    "gradients",
    "hyperbolic_tangent_coupling",
    "init",
    "laplacian_connectivity",
    "list_models",
    "noise",
    "objectives",
    "observation",
    "sequences",
    "sigmoidal_coupling",
    "sigmoidal_jansen_rit_coupling",
    "u",
    "units",
    "value_and_grad",
    "viz",
]

if TYPE_CHECKING:
    from . import _classes
    from ._classes import *

    __all__ += _classes.__all__
else:
    # The classes of the library's models; type checkers read them in `_classes.pyi`.
    globals().update(_MODELS.made)
    __all__ += list(_MODELS)

    def __getattr__(name: str) -> Any:
        """Makes the class of a model that is kept as its text; of another name says that there is none, and which may have been meant."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _MODELS:
            return _MODELS[name]
        raise AttributeError(errors.unknown_name("attribute", name, "brainmass_rs", __all__))

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
