# Written by `generate_stubs.py` from the model files; changes here are lost.
from typing import Any

from .models import Model
from .signals import Signal

__all__: list[str] = ['HopfStep', 'VanDerPolStep', 'StuartLandauStep', 'FitzHughNagumoStep', 'ThresholdLinearStep', 'Generic2dOscillatorStep', 'LorenzStep', 'LinearStep', 'WilsonCowanStep', 'JansenRitStep', 'WongWangStep', 'WongWangExcInhStep', 'MontbrioPazoRoxinStep', 'CoombesByrneStep', 'LarterBreakspearStep', 'EpileptorStep', 'KuramotoNetwork', 'HORNStep', 'WilsonCowanLinearStep', 'WilsonCowanNoSaturationStep', 'WilsonCowanSymmetricStep', 'WilsonCowanSimplifiedStep', 'WilsonCowanDivisiveStep', 'WilsonCowanDivisiveInputStep', 'WilsonCowanDelayedStep', 'WilsonCowanAdaptiveStep', 'WilsonCowanThreePopulationStep', 'WongWangExcInhBoundedStep', 'MontbrioPazoRoxinBoundedStep', 'CoombesByrneBoundedStep', 'WilsonCowanBoundedStep', 'BalloonWindkessel']

class HopfStep(Model):
    """Hopf normal form."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 0.25,  # /ms: bifurcation parameter: rest below 0, limit cycle above
        w: Any = 0.2,  # rad/ms: angular frequency
        beta: Any = 1.0,  # /ms: nonlinear saturation
        init_x: Any = 0.1,  # 1: real part of the oscillation, the signal that is compared with data
        init_y: Any = 0.0,  # 1: imaginary part of the oscillation
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    w: Any
    beta: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def radius(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...
    @property
    def y_inp(self) -> Signal: ...

class VanDerPolStep(Model):
    """Van der Pol oscillator."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        mu: Any = 1.0,  # 1: strength of the nonlinear damping and separation of the time scales
        init_x: Any = 0.036441,  # 1: fast variable, the signal of the oscillator
        init_y: Any = 0.038284,  # 1: slow variable of Lienard's plane
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    mu: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...
    @property
    def y_inp(self) -> Signal: ...

class StuartLandauStep(Model):
    """Stuart-Landau oscillator."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 0.25,  # /ms: bifurcation parameter: rest below 0, limit cycle of radius sqrt(a) above
        w: Any = 0.2,  # rad/ms: angular frequency
        init_x: Any = 0.038083,  # 1: real part of the oscillation, the signal that is compared with data
        init_y: Any = 0.043473,  # 1: imaginary part of the oscillation
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    w: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def radius(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...
    @property
    def y_inp(self) -> Signal: ...

class FitzHughNagumoStep(Model):
    """FitzHugh-Nagumo model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        alpha: Any = 3.0,  # /ms: cubic coefficient
        beta: Any = 4.0,  # /ms: quadratic coefficient
        gamma: Any = -1.5,  # /ms: linear coefficient
        delta: Any = 0.0,  # 1: potential at which an idle recovery stands still
        epsilon: Any = 0.5,  # 1: decay of the recovery
        tau: Any = 20.0,  # ms: time constant of the recovery
        init_V: Any = 0.037305,  # 1: membrane potential of the population, scaled
        init_w: Any = 0.045635,  # 1: slow recovery
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_w: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    alpha: Any
    beta: Any
    gamma: Any
    delta: Any
    epsilon: Any
    tau: Any
    init_V: Any
    noise_V: Any
    init_w: Any
    noise_w: Any
    @property
    def V(self) -> Signal: ...
    @property
    def w(self) -> Signal: ...
    @property
    def V_inp(self) -> Signal: ...
    @property
    def w_inp(self) -> Signal: ...

class ThresholdLinearStep(Model):
    """Threshold-linear excitation and inhibition."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 0.02,  # s: excitatory time constant
        tau_I: Any = 0.01,  # s: inhibitory time constant
        beta_E: Any = 0.066,  # Hz/pA: slope of the excitatory f-I curve
        beta_I: Any = 0.351,  # Hz/pA: slope of the inhibitory f-I curve
        init_E: Any = 0.0,  # Hz: firing rate of the excitatory population
        init_I: Any = 0.0,  # Hz: firing rate of the inhibitory population
        noise_E: Any = None,  # Hz/sqrt(ms)
        noise_I: Any = None,  # Hz/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    tau_I: Any
    beta_E: Any
    beta_I: Any
    init_E: Any
    noise_E: Any
    init_I: Any
    noise_I: Any
    @property
    def E(self) -> Signal: ...
    @property
    def I(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...
    @property
    def I_inp(self) -> Signal: ...

class Generic2dOscillatorStep(Model):
    """Generic two-dimensional oscillator."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = -2.0,  # 1: vertical shift of the nullcline of W
        b: Any = -10.0,  # 1: linear slope of the nullcline of W
        c: Any = 0.0,  # 1: parabolic term of the nullcline of W
        d: Any = 0.02,  # 1: scale of time: the rate of both equations
        e: Any = 3.0,  # 1: quadratic term of the nullcline of V
        f: Any = 1.0,  # 1: cubic term of the nullcline of V
        g: Any = 0.0,  # 1: linear term of the nullcline of V
        alpha: Any = 1.0,  # 1: feedback of W to V
        beta: Any = 1.0,  # 1: decay of W
        gamma: Any = 1.0,  # 1: sign and scale of I and of the drive; -1 for currents that inhibit V
        I: Any = 0.0,  # 1: constant drive
        tau: Any = 1.0,  # 1: separation of time scales: V becomes faster and W slower
        init_V: Any = 0.0,  # 1: fast variable, a function of the membrane potential of the population
        init_W: Any = 0.0,  # 1: recovery
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_W: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    b: Any
    c: Any
    d: Any
    e: Any
    f: Any
    g: Any
    alpha: Any
    beta: Any
    gamma: Any
    I: Any
    tau: Any
    init_V: Any
    noise_V: Any
    init_W: Any
    noise_W: Any
    @property
    def V(self) -> Signal: ...
    @property
    def W(self) -> Signal: ...
    @property
    def V_inp(self) -> Signal: ...

class LorenzStep(Model):
    """Lorenz system."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        sigma: Any = 10.0,  # 1: Prandtl number
        rho: Any = 28.0,  # 1: Rayleigh number relative to the onset of convection; rest below 1, steady convection stable up to 24.7368 (a subcritical Hopf bifurcation), chaos above
        beta: Any = 2.6666666666666665,  # 1: geometry of the convection cells, 8/3
        init_x: Any = 1.0,  # 1: strength of the convection
        init_y: Any = 1.0,  # 1: temperature difference of rising and falling currents
        init_z: Any = 1.0,  # 1: departure of the vertical temperature profile from a line
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    sigma: Any
    rho: Any
    beta: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    init_z: Any
    noise_z: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...

class LinearStep(Model):
    """Linear node."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        gamma: Any = -10.0,  # /ms: rate of growth; negative for decay with the time constant -1/gamma
        init_x: Any = 0.01,  # 1: activity, as deviation from rest
        noise_x: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    gamma: Any
    init_x: Any
    noise_x: Any
    @property
    def x(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...

class WilsonCowanStep(Model):
    """Wilson-Cowan model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 4.0,  # 1: weight of I on E
        wIE: Any = 13.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class JansenRitStep(Model):
    """Jansen-Rit cortical column."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        Ae: Any = 3.25,  # mV: maximal excitatory postsynaptic potential (A of the paper)
        Ai: Any = 22.0,  # mV: maximal inhibitory postsynaptic potential (B of the paper)
        be: Any = 100.0,  # Hz: rate constant of the excitatory synapses (a of the paper)
        bi: Any = 50.0,  # Hz: rate constant of the inhibitory synapses (b of the paper)
        C: Any = 135.0,  # 1: mean number of synapses between two populations
        a1: Any = 1.0,  # 1: synapses of the pyramidal cells on the excitatory interneurons relative to C
        a2: Any = 0.8,  # 1: synapses of the excitatory interneurons on the pyramidal cells relative to C
        a3: Any = 0.25,  # 1: synapses of the pyramidal cells on the inhibitory interneurons relative to C
        a4: Any = 0.25,  # 1: synapses of the inhibitory interneurons on the pyramidal cells relative to C
        s_max: Any = 5.0,  # Hz: maximal firing rate (2 e0 of the paper)
        v0: Any = 6.0,  # mV: potential at which half the maximal rate is reached
        r: Any = 0.56,  # /mV: steepness of the sigmoid
        init_M: Any = 0.0,  # mV: potential of the interneurons that the pyramidal cells cause
        init_E: Any = 0.0,  # mV: excitatory postsynaptic potential of the pyramidal cells
        init_I: Any = 0.0,  # mV: inhibitory postsynaptic potential of the pyramidal cells
        init_Mv: Any = 0.0,  # mV/s: rate of change of M
        init_Ev: Any = 0.0,  # mV/s: rate of change of E
        init_Iv: Any = 0.0,  # mV/s: rate of change of I
        noise_M: Any = None,  # mV/sqrt(ms)
        noise_E: Any = None,  # mV/sqrt(ms)
        noise_I: Any = None,  # mV/sqrt(ms)
        noise_Mv: Any = None,  # mV/s/sqrt(ms)
        noise_Ev: Any = None,  # mV/s/sqrt(ms)
        noise_Iv: Any = None,  # mV/s/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    Ae: Any
    Ai: Any
    be: Any
    bi: Any
    C: Any
    a1: Any
    a2: Any
    a3: Any
    a4: Any
    s_max: Any
    v0: Any
    r: Any
    init_M: Any
    noise_M: Any
    init_E: Any
    noise_E: Any
    init_I: Any
    noise_I: Any
    init_Mv: Any
    noise_Mv: Any
    init_Ev: Any
    noise_Ev: Any
    init_Iv: Any
    noise_Iv: Any
    @property
    def M(self) -> Signal: ...
    @property
    def E(self) -> Signal: ...
    @property
    def I(self) -> Signal: ...
    @property
    def Mv(self) -> Signal: ...
    @property
    def Ev(self) -> Signal: ...
    @property
    def Iv(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def M_inp(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...
    @property
    def I_inp(self) -> Signal: ...

class WongWangStep(Model):
    """Wong-Wang decision model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_S: Any = 0.1,  # s: NMDA time constant
        gamma: Any = 0.641,  # 1: growth of the gating with each spike
        a: Any = 270.0,  # Hz/nA: gain of the f-I curve
        b: Any = 108.0,  # Hz: offset of the f-I curve
        d: Any = 0.154,  # s: noise factor that rounds the threshold of the f-I curve
        J_N11: Any = 0.2609,  # nA: coupling of population 1 to itself
        J_N22: Any = 0.2609,  # nA: coupling of population 2 to itself
        J_N12: Any = 0.0497,  # nA: inhibition of population 1 by population 2
        J_N21: Any = 0.0497,  # nA: inhibition of population 2 by population 1
        J_A_ext: Any = 0.0002243,  # nA/Hz: AMPA coupling of the stimulus
        mu_0: Any = 30.0,  # Hz: strength of the stimulus
        I_0: Any = 0.3255,  # nA: effective background current
        init_S1: Any = 0.0,  # 1: open fraction of the NMDA channels that the first population drives
        init_S2: Any = 0.0,  # 1: open fraction of the NMDA channels that the second population drives
        noise_S1: Any = None,  # 1/sqrt(ms)
        noise_S2: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_S: Any
    gamma: Any
    a: Any
    b: Any
    d: Any
    J_N11: Any
    J_N22: Any
    J_N12: Any
    J_N21: Any
    J_A_ext: Any
    mu_0: Any
    I_0: Any
    init_S1: Any
    noise_S1: Any
    init_S2: Any
    noise_S2: Any
    @property
    def S1(self) -> Signal: ...
    @property
    def S2(self) -> Signal: ...
    @property
    def r1(self) -> Signal: ...
    @property
    def r2(self) -> Signal: ...
    @property
    def coherence(self) -> Signal: ...

class WongWangExcInhStep(Model):
    """Reduced Wong-Wang model with excitation and inhibition."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a_e: Any = 310.0,  # Hz/nA: gain of the excitatory f-I curve
        b_e: Any = 125.0,  # Hz: offset of the excitatory f-I curve
        d_e: Any = 0.16,  # s: rounding of the excitatory threshold
        gamma_e: Any = 0.000641,  # s/ms: growth of the excitatory gating with each spike, 0.641 as a pure number
        tau_e: Any = 100.0,  # ms: NMDA time constant
        w_p: Any = 1.4,  # 1: weight of the local excitatory recurrence
        W_e: Any = 1.0,  # 1: share of the background current that reaches the excitatory population
        a_i: Any = 615.0,  # Hz/nA: gain of the inhibitory f-I curve
        b_i: Any = 177.0,  # Hz: offset of the inhibitory f-I curve
        d_i: Any = 0.087,  # s: rounding of the inhibitory threshold
        gamma_i: Any = 0.001,  # s/ms: growth of the inhibitory gating with each spike, 1 as a pure number
        tau_i: Any = 10.0,  # ms: GABA time constant
        W_i: Any = 0.7,  # 1: share of the background current that reaches the inhibitory population
        J_N: Any = 0.15,  # nA: excitatory synaptic coupling
        J_i: Any = 1.0,  # nA: local feedback inhibition, tuned for each region so that H_e is 3 Hz in a network
        I_o: Any = 0.382,  # nA: background current
        I_ext: Any = 0.0,  # nA: stimulation of the excitatory population
        G: Any = 2.0,  # 1: global coupling
        lamda: Any = 0.0,  # 1: long-range feedforward inhibition: share of the coupling that reaches the inhibitory population
        init_S_e: Any = 0.001,  # 1: excitatory (NMDA) gating
        init_S_i: Any = 0.001,  # 1: inhibitory (GABA) gating
        noise_S_e: Any = None,  # 1/sqrt(ms)
        noise_S_i: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a_e: Any
    b_e: Any
    d_e: Any
    gamma_e: Any
    tau_e: Any
    w_p: Any
    W_e: Any
    a_i: Any
    b_i: Any
    d_i: Any
    gamma_i: Any
    tau_i: Any
    W_i: Any
    J_N: Any
    J_i: Any
    I_o: Any
    I_ext: Any
    G: Any
    lamda: Any
    init_S_e: Any
    noise_S_e: Any
    init_S_i: Any
    noise_S_i: Any
    @property
    def S_e(self) -> Signal: ...
    @property
    def S_i(self) -> Signal: ...
    @property
    def H_e(self) -> Signal: ...
    @property
    def H_i(self) -> Signal: ...
    @property
    def H_e_uncoupled(self) -> Signal: ...
    @property
    def H_i_uncoupled(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...

class MontbrioPazoRoxinStep(Model):
    """Montbrió-Pazó-Roxin model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        delta: Any = 1.0,  # Hz: half-width of the distribution of excitabilities divided by tau; the width of the paper is Delta = delta tau
        J: Any = 15.0,  # 1: synaptic weight
        init_r: Any = 0.037647,  # Hz: firing rate of the population
        init_v: Any = 0.014608,  # 1: mean membrane potential
        noise_r: Any = None,  # Hz/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    eta: Any
    delta: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class CoombesByrneStep(Model):
    """Coombes-Byrne next-generation model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = 2.0,  # 1: centre of the distribution of excitabilities
        k: Any = 1.0,  # 1: strength of the synapses; without them the rate model of Montbrió et al. with J = 0 remains
        v_syn: Any = -4.0,  # 1: reversal potential of the synapses; negative for inhibition
        init_r: Any = 0.1,  # 1: firing rate of the population
        init_v: Any = 0.0,  # 1: mean membrane potential
        noise_r: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    Delta: Any
    eta: Any
    k: Any
    v_syn: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def synchrony(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class LarterBreakspearStep(Model):
    """Larter-Breakspear model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        gCa: Any = 1.1,  # 1: calcium conductance; 1 in the papers, where the node is chaotic
        gK: Any = 2.0,  # 1: potassium conductance
        gL: Any = 0.5,  # 1: leak conductance
        gNa: Any = 6.7,  # 1: sodium conductance
        TCa: Any = -0.01,  # 1: threshold of the calcium channels
        TK: Any = 0.0,  # 1: threshold of the potassium channels
        TNa: Any = 0.3,  # 1: threshold of the sodium channels
        d_Ca: Any = 0.15,  # 1: width of the calcium threshold
        d_K: Any = 0.3,  # 1: width of the potassium threshold
        d_Na: Any = 0.15,  # 1: width of the sodium threshold
        VCa: Any = 1.0,  # 1: calcium Nernst potential
        VK: Any = -0.7,  # 1: potassium Nernst potential
        VL: Any = -0.5,  # 1: leak Nernst potential
        VNa: Any = 0.53,  # 1: sodium Nernst potential
        phi: Any = 0.7,  # 1: temperature factor of the potassium channels
        tau_K: Any = 1.0,  # 1: relaxation time of the potassium channels
        aee: Any = 0.4,  # 1: synaptic strength of excitatory on excitatory cells
        aei: Any = 2.0,  # 1: synaptic strength of excitatory on inhibitory cells
        aie: Any = 2.0,  # 1: synaptic strength of inhibitory on excitatory cells
        ane: Any = 1.0,  # 1: synaptic strength of the subcortical input on excitatory cells
        ani: Any = 0.4,  # 1: synaptic strength of the subcortical input on inhibitory cells
        b: Any = 0.1,  # 1: rate of the inhibitory cells
        C: Any = 0.1,  # 1: share of the excitation that comes from other regions
        Iext: Any = 0.3,  # 1: subcortical input
        rNMDA: Any = 0.25,  # 1: ratio of NMDA to AMPA receptors
        VT: Any = 0.0,  # 1: firing threshold of the pyramidal cells
        d_V: Any = 0.65,  # 1: width of the firing threshold of the pyramidal cells
        ZT: Any = 0.0,  # 1: firing threshold of the inhibitory cells
        d_Z: Any = 0.7,  # 1: width of the firing threshold of the inhibitory cells
        QV_max: Any = 1.0,  # 1: maximal firing rate of the pyramidal cells
        QZ_max: Any = 1.0,  # 1: maximal firing rate of the inhibitory cells
        t_scale: Any = 1.0,  # 1: scale of time: the rate of all three equations
        init_V: Any = 0.0,  # 1: mean membrane potential of the pyramidal cells
        init_W: Any = 0.0,  # 1: open fraction of the potassium channels
        init_Z: Any = 0.0,  # 1: mean membrane potential of the inhibitory cells
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_W: Any = None,  # 1/sqrt(ms)
        noise_Z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    gCa: Any
    gK: Any
    gL: Any
    gNa: Any
    TCa: Any
    TK: Any
    TNa: Any
    d_Ca: Any
    d_K: Any
    d_Na: Any
    VCa: Any
    VK: Any
    VL: Any
    VNa: Any
    phi: Any
    tau_K: Any
    aee: Any
    aei: Any
    aie: Any
    ane: Any
    ani: Any
    b: Any
    C: Any
    Iext: Any
    rNMDA: Any
    VT: Any
    d_V: Any
    ZT: Any
    d_Z: Any
    QV_max: Any
    QZ_max: Any
    t_scale: Any
    init_V: Any
    noise_V: Any
    init_W: Any
    noise_W: Any
    init_Z: Any
    noise_Z: Any
    @property
    def V(self) -> Signal: ...
    @property
    def W(self) -> Signal: ...
    @property
    def Z(self) -> Signal: ...
    @property
    def firing_rate(self) -> Signal: ...
    @property
    def V_inp(self) -> Signal: ...

class EpileptorStep(Model):
    """Epileptor."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 1.0,  # 1: cubic coefficient of x1
        b: Any = 3.0,  # 1: quadratic coefficient of x1
        c: Any = 1.0,  # 1: offset of y1
        d: Any = 5.0,  # 1: quadratic coefficient of y1
        r: Any = 0.00035,  # 1: rate of the permittivity (1/tau0 of the paper)
        x0: Any = -1.6,  # 1: epileptogenicity: a region seizes by itself above -2.0605
        Iext: Any = 3.1,  # 1: input of the first subsystem
        slope: Any = 0.0,  # 1: linear coefficient of x1 during the discharges
        Iext2: Any = 0.45,  # 1: input of the second subsystem
        tau: Any = 10.0,  # 1: time constant of y2
        aa: Any = 6.0,  # 1: linear coefficient of y2
        bb: Any = 2.0,  # 1: strength of the filter g on x2
        Kvf: Any = 0.0,  # 1: strength of the coupling on the fast discharges
        Kf: Any = 0.0,  # 1: strength of the coupling on the spike-and-wave events
        Ks: Any = 0.0,  # 1: strength of the coupling on the permittivity
        tt: Any = 1.0,  # 1: scale of time: the rate of all equations
        modification: Any = 0.0,  # 1: 0 for the linear target of the permittivity (Jirsa et al. 2014), 1 for the sigmoid one (Proix et al. 2014)
        init_x1: Any = -1.5,  # 1: fast discharges
        init_y1: Any = -10.0,  # 1: recovery of the fast discharges
        init_z: Any = 3.5,  # 1: slow permittivity
        init_x2: Any = -1.0,  # 1: spike-and-wave events
        init_y2: Any = 0.0,  # 1: recovery of the spike-and-wave events
        init_g: Any = 0.0,  # 1: low-pass filter of x1
        noise_x1: Any = None,  # 1/sqrt(ms)
        noise_y1: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        noise_x2: Any = None,  # 1/sqrt(ms)
        noise_y2: Any = None,  # 1/sqrt(ms)
        noise_g: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    b: Any
    c: Any
    d: Any
    r: Any
    x0: Any
    Iext: Any
    slope: Any
    Iext2: Any
    tau: Any
    aa: Any
    bb: Any
    Kvf: Any
    Kf: Any
    Ks: Any
    tt: Any
    modification: Any
    init_x1: Any
    noise_x1: Any
    init_y1: Any
    noise_y1: Any
    init_z: Any
    noise_z: Any
    init_x2: Any
    noise_x2: Any
    init_y2: Any
    noise_y2: Any
    init_g: Any
    noise_g: Any
    @property
    def x1(self) -> Signal: ...
    @property
    def y1(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
    @property
    def x2(self) -> Signal: ...
    @property
    def y2(self) -> Signal: ...
    @property
    def g(self) -> Signal: ...
    @property
    def lfp(self) -> Signal: ...
    @property
    def x1_inp(self) -> Signal: ...
    @property
    def x2_inp(self) -> Signal: ...

class KuramotoNetwork(Model):
    """Kuramoto network."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        omega: Any = 0.0,  # rad/ms: natural angular frequency
        K: Any = 0.0,  # rad/ms: coupling strength; 0, the reference's default, leaves the oscillators alone
        alpha: Any = 0.0,  # rad: phase lag of the receiving oscillator
        init_theta: Any = 0.0,  # rad: phase
        noise_theta: Any = None,  # rad/sqrt(ms)
        conn: Any = None,
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    omega: Any
    K: Any
    alpha: Any
    init_theta: Any
    noise_theta: Any
    @property
    def theta(self) -> Signal: ...
    @property
    def wave(self) -> Signal: ...
    @property
    def theta_inp(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...

class HORNStep(Model):
    """Harmonic oscillator of a HORN."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        alpha: Any = 0.04,  # /ms^2: strength of the drive
        omega: Any = 0.2243994752564138,  # rad/ms: natural angular frequency, one turn in 28 ms
        gamma: Any = 0.01,  # /ms: damping
        v: Any = 0.0,  # 1: feedback of the position to the drive
        init_x: Any = 0.0,  # 1: position
        init_y: Any = 0.0,  # /ms: velocity
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # /ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    alpha: Any
    omega: Any
    gamma: Any
    v: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def inputs(self) -> Signal: ...

class WilsonCowanLinearStep(Model):
    """Wilson-Cowan model with threshold-linear response."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        wEE: Any = 0.8,  # 1: weight of E on E
        wEI: Any = 0.3,  # 1: weight of I on E
        wIE: Any = 1.0,  # 1: weight of E on I
        wII: Any = 0.85,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    tau_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanNoSaturationStep(Model):
    """Wilson-Cowan model without refractory saturation."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 4.0,  # 1: weight of I on E
        wIE: Any = 13.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanSymmetricStep(Model):
    """Wilson-Cowan model with equal populations."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 4.0,  # 1: weight of I on E
        wIE: Any = 13.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        tau: Any = 1.0,  # ms: time constant of both populations
        a: Any = 1.1,  # 1: slope of the response of both populations
        theta: Any = 3.4,  # 1: threshold of the response of both populations
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    tau: Any
    a: Any
    theta: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanSimplifiedStep(Model):
    """Wilson-Cowan model with two weights."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        w_exc: Any = 8.0,  # 1: weight of E on both populations
        w_inh: Any = 12.0,  # 1: weight of I on both populations
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    r: Any
    w_exc: Any
    w_inh: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanDivisiveStep(Model):
    """Wilson-Cowan model with divisive normalisation of the response."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 6.0,  # 1: weight of E on E
        wEI: Any = 6.5,  # 1: divisive weight of I on E
        wIE: Any = 2.0,  # 1: weight of E on I
        wII: Any = 5.5,  # 1: divisive weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        sigma_E: Any = 1.0,  # 1: semi-saturation of the excitatory population
        sigma_I: Any = 1.0,  # 1: semi-saturation of the inhibitory population
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    sigma_E: Any
    sigma_I: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanDivisiveInputStep(Model):
    """Wilson-Cowan model with divisive normalisation of the input."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 6.0,  # 1: weight of E on E
        wEI: Any = 6.5,  # 1: divisive weight of I on E
        wIE: Any = 2.0,  # 1: weight of E on I
        wII: Any = 5.5,  # 1: divisive weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        sigma_E: Any = 1.0,  # 1: semi-saturation of the excitatory population
        sigma_I: Any = 1.0,  # 1: semi-saturation of the inhibitory population
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    sigma_E: Any
    sigma_I: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanDelayedStep(Model):
    """Wilson-Cowan model with local delays."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 13.0,  # 1: weight of I on E
        wIE: Any = 4.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        delay_EE: Any = 2.0,  # ms: delay of E on E
        delay_IE: Any = 2.0,  # ms: delay of E on I
        delay_EI: Any = 1.5,  # ms: delay of I on E
        delay_II: Any = 1.5,  # ms: delay of I on I
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    delay_EE: Any
    delay_IE: Any
    delay_EI: Any
    delay_II: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanAdaptiveStep(Model):
    """Wilson-Cowan model with adaptation."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 13.0,  # 1: weight of I on E
        wIE: Any = 4.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        tau_aE: Any = 100.0,  # ms: time constant of the excitatory adaptation
        tau_aI: Any = 80.0,  # ms: time constant of the inhibitory adaptation
        b_E: Any = 0.1,  # 1: strength of the excitatory adaptation
        b_I: Any = 0.08,  # 1: strength of the inhibitory adaptation
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        init_aE: Any = 0.0,  # 1: adaptation of the excitatory population
        init_aI: Any = 0.0,  # 1: adaptation of the inhibitory population
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        noise_aE: Any = None,  # 1/sqrt(ms)
        noise_aI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    tau_aE: Any
    tau_aI: Any
    b_E: Any
    b_I: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    init_aE: Any
    noise_aE: Any
    init_aI: Any
    noise_aI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def aE(self) -> Signal: ...
    @property
    def aI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class WilsonCowanThreePopulationStep(Model):
    """Wilson-Cowan model with a third population."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 13.0,  # 1: weight of I on E
        wIE: Any = 4.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        tau_M: Any = 2.0,  # ms: modulatory time constant
        a_M: Any = 1.0,  # 1: slope of the modulatory response
        theta_M: Any = 3.5,  # 1: threshold of the modulatory response
        wME: Any = 8.0,  # 1: weight of E on M
        wMI: Any = 6.0,  # 1: weight of I on M
        wEM: Any = 4.0,  # 1: weight of M on E
        wIM: Any = 2.0,  # 1: weight of M on I
        wMM: Any = 2.0,  # 1: weight of M on M
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        init_rM: Any = 0.0,  # 1: fraction of the modulatory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        noise_rM: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    tau_M: Any
    a_M: Any
    theta_M: Any
    wME: Any
    wMI: Any
    wEM: Any
    wIM: Any
    wMM: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    init_rM: Any
    noise_rM: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rM(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...
    @property
    def rM_inp(self) -> Signal: ...

class WongWangExcInhBoundedStep(Model):
    """Reduced Wong-Wang model with bounded gating."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a_e: Any = 310.0,  # Hz/nA: gain of the excitatory f-I curve
        b_e: Any = 125.0,  # Hz: offset of the excitatory f-I curve
        d_e: Any = 0.16,  # s: rounding of the excitatory threshold
        gamma_e: Any = 0.000641,  # s/ms: growth of the excitatory gating with each spike, 0.641 as a pure number
        tau_e: Any = 100.0,  # ms: NMDA time constant
        w_p: Any = 1.4,  # 1: weight of the local excitatory recurrence
        W_e: Any = 1.0,  # 1: share of the background current that reaches the excitatory population
        a_i: Any = 615.0,  # Hz/nA: gain of the inhibitory f-I curve
        b_i: Any = 177.0,  # Hz: offset of the inhibitory f-I curve
        d_i: Any = 0.087,  # s: rounding of the inhibitory threshold
        gamma_i: Any = 0.001,  # s/ms: growth of the inhibitory gating with each spike, 1 as a pure number
        tau_i: Any = 10.0,  # ms: GABA time constant
        W_i: Any = 0.7,  # 1: share of the background current that reaches the inhibitory population
        J_N: Any = 0.15,  # nA: excitatory synaptic coupling
        J_i: Any = 1.0,  # nA: local feedback inhibition, tuned for each region so that H_e is 3 Hz in a network
        I_o: Any = 0.382,  # nA: background current
        I_ext: Any = 0.0,  # nA: stimulation of the excitatory population
        G: Any = 2.0,  # 1: global coupling
        lamda: Any = 0.0,  # 1: long-range feedforward inhibition: share of the coupling that reaches the inhibitory population
        init_S_e: Any = 0.001,  # 1: excitatory (NMDA) gating
        init_S_i: Any = 0.001,  # 1: inhibitory (GABA) gating
        noise_S_e: Any = None,  # 1/sqrt(ms)
        noise_S_i: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a_e: Any
    b_e: Any
    d_e: Any
    gamma_e: Any
    tau_e: Any
    w_p: Any
    W_e: Any
    a_i: Any
    b_i: Any
    d_i: Any
    gamma_i: Any
    tau_i: Any
    W_i: Any
    J_N: Any
    J_i: Any
    I_o: Any
    I_ext: Any
    G: Any
    lamda: Any
    init_S_e: Any
    noise_S_e: Any
    init_S_i: Any
    noise_S_i: Any
    @property
    def S_e(self) -> Signal: ...
    @property
    def S_i(self) -> Signal: ...
    @property
    def H_e(self) -> Signal: ...
    @property
    def H_i(self) -> Signal: ...
    @property
    def H_e_uncoupled(self) -> Signal: ...
    @property
    def H_i_uncoupled(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...

class MontbrioPazoRoxinBoundedStep(Model):
    """Montbrió-Pazó-Roxin model with a rate that is not negative."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        delta: Any = 1.0,  # Hz: half-width of the distribution of excitabilities divided by tau; the width of the paper is Delta = delta tau
        J: Any = 15.0,  # 1: synaptic weight
        init_r: Any = 0.037647,  # Hz: firing rate of the population
        init_v: Any = 0.014608,  # 1: mean membrane potential
        noise_r: Any = None,  # Hz/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    eta: Any
    delta: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class CoombesByrneBoundedStep(Model):
    """Coombes-Byrne model with a rate that is not negative."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = 2.0,  # 1: centre of the distribution of excitabilities
        k: Any = 1.0,  # 1: strength of the synapses; without them the rate model of Montbrió et al. with J = 0 remains
        v_syn: Any = -4.0,  # 1: reversal potential of the synapses; negative for inhibition
        init_r: Any = 0.1,  # 1: firing rate of the population
        init_v: Any = 0.0,  # 1: mean membrane potential
        noise_r: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    Delta: Any
    eta: Any
    k: Any
    v_syn: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def synchrony(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class WilsonCowanBoundedStep(Model):
    """Wilson-Cowan model with bounded rates."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 1.0,  # ms: excitatory time constant
        a_E: Any = 1.2,  # 1: slope of the excitatory response
        theta_E: Any = 2.8,  # 1: threshold of the excitatory response
        tau_I: Any = 1.0,  # ms: inhibitory time constant
        a_I: Any = 1.0,  # 1: slope of the inhibitory response
        theta_I: Any = 4.0,  # 1: threshold of the inhibitory response
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 4.0,  # 1: weight of I on E
        wIE: Any = 13.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        r: Any = 1.0,  # 1: length of the refractory period relative to the time constant
        init_rE: Any = 0.0,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.0,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    a_E: Any
    theta_E: Any
    tau_I: Any
    a_I: Any
    theta_I: Any
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    r: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class BalloonWindkessel(Model):
    """Balloon-Windkessel model of the BOLD signal."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        gamma: Any = 0.41,  # /s: flow-dependent elimination of the vasodilatory signal
        k: Any = 0.65,  # /s: decay of the vasodilatory signal
        alpha: Any = 0.32,  # 1: Grubb's exponent of volume against flow
        tau: Any = 0.98,  # s: time that blood takes through the balloon at rest
        rho: Any = 0.34,  # 1: share of oxygen extracted at rest (E0 of the papers)
        V0: Any = 0.02,  # 1: share of venous blood in the volume at rest
        revised: Any = 0.0,  # 1: 0 for the coefficients of Friston et al. (2003), 1 for the revised ones, which depend on the four parameters below
        TE: Any = 40.0,  # ms: echo time
        theta_0: Any = 40.3,  # Hz: frequency offset at the surface of a vessel with fully deoxygenated blood; 40.3 Hz at 1.5 T, in proportion to the field
        r_0: Any = 25.0,  # Hz: increase of the relaxation rate of blood with its deoxygenation; 25 Hz at 1.5 T
        epsilon: Any = 1.0,  # 1: ratio of intravascular to extravascular signal at rest
        init_x: Any = 0.0,  # 1: vasodilatory signal
        init_f: Any = 1.0,  # 1: blood flow into the balloon relative to rest
        init_v: Any = 1.0,  # 1: venous blood volume relative to rest
        init_q: Any = 1.0,  # 1: deoxyhaemoglobin content relative to rest
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_f: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_q: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    gamma: Any
    k: Any
    alpha: Any
    tau: Any
    rho: Any
    V0: Any
    revised: Any
    TE: Any
    theta_0: Any
    r_0: Any
    epsilon: Any
    init_x: Any
    noise_x: Any
    init_f: Any
    noise_f: Any
    init_v: Any
    noise_v: Any
    init_q: Any
    noise_q: Any
    @property
    def x(self) -> Signal: ...
    @property
    def f(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def q(self) -> Signal: ...
    @property
    def bold(self) -> Signal: ...
    @property
    def bold_linear(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
