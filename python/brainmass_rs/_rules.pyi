# Written by `generate_stubs.py` from the model files; changes here are lost.
from typing import Any

from .coupling import Coupling

__all__: list[str] = ['Diffusive', 'Additive', 'AdditiveSquared', 'Sigmoidal', 'HyperbolicTangent', 'PreHyperbolicTangent', 'PreSigmoidal', 'SigmoidalJansenRit', 'Laplacian', 'KuramotoPhaseDifference']

class Diffusive(Coupling):
    """Diffusive coupling."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port per unit of the signal
    ) -> None: ...

class Additive(Coupling):
    """Additive coupling."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port per unit of the signal
        b: Any = 0.0,  # 1: offset, in the unit of the port
    ) -> None: ...

class AdditiveSquared(Coupling):
    """Additive coupling by squared weights."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port per unit of the signal
    ) -> None: ...

class Sigmoidal(Coupling):
    """Sigmoidal coupling."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: largest coupling, in the unit of the port
        a: Any = 1.0,  # 1: scaling of the sum
        b: Any = 0.0,  # 1: offset of the sum
        slope: Any = 1.0,  # 1: steepness of the logistic function
        midpoint: Any = 0.0,  # 1: scaled sum at which half the largest coupling is reached
    ) -> None: ...

class HyperbolicTangent(Coupling):
    """Hyperbolic tangent coupling."""

    def __init__(
        self,
        *,
        k: Any = 0.5,  # 1: largest coupling, in the unit of the port
        scale: Any = 2.0,  # 1: scaling of the sum
    ) -> None: ...

class PreHyperbolicTangent(Coupling):
    """Hyperbolic tangent coupling of the senders."""

    def __init__(
        self,
        *,
        a: Any = 1.0,  # 1: half of the largest value that a sender sends, in the unit of the port per unit of weight
        b: Any = 1.0,  # 1: scaling of the signal
        midpoint: Any = 0.0,  # 1: scaled signal at which half of the largest value is sent
        sigma: Any = 1.0,  # 1: width of the tangent
    ) -> None: ...

class PreSigmoidal(Coupling):
    """Sigmoidal coupling of the senders with a threshold."""

    def __init__(
        self,
        *,
        H: Any = 0.5,  # 1: half of the range that a sender sends, in the unit of the port per unit of weight
        Q: Any = 1.0,  # 1: offset: a sender sends H (Q - 1) to H (Q + 1)
        G: Any = 60.0,  # 1: steepness
        P: Any = 1.0,  # 1: scaling of the signal
        theta: Any = 0.5,  # 1: scaled signal at which half of the range is sent
    ) -> None: ...

class SigmoidalJansenRit(Coupling):
    """Sigmoidal coupling of Jansen-Rit columns."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port per unit of cmax
        cmin: Any = 0.0,  # 1: smallest rate that a sender sends
        cmax: Any = 0.005,  # 1: largest rate that a sender sends (2 e0 of the paper, per ms)
        midpoint: Any = 6.0,  # 1: potential at which half the range is reached
        r: Any = 0.56,  # 1: steepness of the sigmoid
    ) -> None: ...

class Laplacian(Coupling):
    """Laplacian coupling."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port per unit of the signal
    ) -> None: ...

class KuramotoPhaseDifference(Coupling):
    """Kuramoto coupling."""

    def __init__(
        self,
        *,
        k: Any = 1.0,  # 1: global coupling strength, in the unit of the port
        alpha: Any = 0.0,  # 1: phase lag of the receiver, rad
    ) -> None: ...
