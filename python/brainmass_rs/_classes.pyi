# Written by `generate_stubs.py` from the model files; changes here are lost.
from typing import Any

from .models import Model
from .signals import Signal

__all__: list[str] = ['HopfStep', 'VanDerPolStep', 'StuartLandauStep', 'FitzHughNagumoStep', 'ThresholdLinearStep', 'Generic2dOscillatorStep', 'LorenzStep', 'LinearStep', 'WilsonCowanStep', 'JansenRitStep', 'WongWangStep', 'WongWangExcInhStep', 'MontbrioPazoRoxinStep', 'CoombesByrneStep', 'LarterBreakspearStep', 'EpileptorStep', 'KuramotoNetwork', 'HORNStep', 'BalloonWindkessel', 'UpDownStep', 'AlnStep', 'ZerlautFirstOrderStep', 'ZerlautSecondOrderStep', 'HopfieldStep', 'WongWangExcInhBoundedStep', 'MontbrioPazoRoxinBoundedStep', 'CoombesByrneBoundedStep', 'WilsonCowanBoundedStep', 'ZetterbergJansenStep', 'LileySteynRossStep', 'DavidFristonStep', 'JansenRitPlasticStep', 'DavidHarrisonFristonStep', 'DcmBilinearStep', 'EpileptorCodim3SlowModStep', 'EpileptorCodim3Step', 'Epileptor2DStep', 'WendlingStep', 'EpileptorEarlyStep', 'EpileptorRestingStateStep', 'HindmarshRoseStep', 'MorrisLecarStep', 'LarterStep', 'ReducedFitzHughNagumoStep', 'ReducedHindmarshRoseStep', 'CoombesByrneSynapseStep', 'DumontGutkinStep', 'QifAdaptationStep', 'QifDepressionStep', 'QifGapJunctionStep', 'QifConductanceStep', 'QifTsodyksStep', 'ThetaPopulationStep', 'IzhikevichStep', 'IzhikevichThresholdsStep', 'IzhikevichScaledStep', 'PotassiumExchangeStep', 'GastDepressionStep', 'VanDerPolVelocityStep', 'AlphaSwitchingStep', 'SubcriticalHopfStep', 'ForcedVanDerPolStep', 'KuramotoMeanFieldStep', 'PhaseOscillatorStep', 'TsodyksMarkramStep', 'WilsonCowanHomeostasisStep', 'ThalamusStep', 'CorticothalamicStep', 'WilsonCowanLinearStep', 'WilsonCowanNoSaturationStep', 'WilsonCowanSymmetricStep', 'WilsonCowanSimplifiedStep', 'WilsonCowanDivisiveStep', 'WilsonCowanDivisiveInputStep', 'WilsonCowanDelayedStep', 'WilsonCowanAdaptiveStep', 'WilsonCowanThreePopulationStep', 'WilsonCowanSigmoidStep', 'WilsonCowanGeneralStep', 'WongWangReducedStep', 'WongWangGainStep', 'WongWangSerotoninStep', 'WongWangDrivenStep', 'BrunelWangStep', 'WongWangNeurotransmitterStep']

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
        gCa: Any = 1.1,  # 1: calcium conductance; 1.1 as in Breakspear et al. 2003, 1 in Alstott et al. 2009, with which the node is chaotic
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

class UpDownStep(Model):
    """Up and down states of an inhibition-stabilised network."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 10.0,  # ms: excitatory time constant
        tau_I: Any = 2.0,  # ms: inhibitory time constant
        tau_a: Any = 500.0,  # ms: time constant of the adaptation
        J_EE: Any = 5.0,  # s: weight of E on E
        J_EI: Any = 1.0,  # s: weight of I on E
        J_IE: Any = 10.0,  # s: weight of E on I
        J_II: Any = 0.5,  # s: weight of I on I
        g_E: Any = 1.0,  # Hz: gain of the excitatory response
        g_I: Any = 4.0,  # Hz: gain of the inhibitory response
        theta_E: Any = 4.8,  # 1: threshold of the excitatory response
        theta_I: Any = 25.0,  # 1: threshold of the inhibitory response
        beta: Any = 0.5,  # s: strength of the adaptation
        init_rE: Any = 0.0,  # Hz: rate of the excitatory population
        init_rI: Any = 0.0,  # Hz: rate of the inhibitory population
        init_a: Any = 0.0,  # 1: adaptation of the excitatory cells
        noise_rE: Any = None,  # Hz/sqrt(ms)
        noise_rI: Any = None,  # Hz/sqrt(ms)
        noise_a: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    tau_I: Any
    tau_a: Any
    J_EE: Any
    J_EI: Any
    J_IE: Any
    J_II: Any
    g_E: Any
    g_I: Any
    theta_E: Any
    theta_I: Any
    beta: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    init_a: Any
    noise_a: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def a(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...
    @property
    def I_inp(self) -> Signal: ...

class AlnStep(Model):
    """Adaptive linear-nonlinear cascade of spiking neurons."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        mue_ext_mean: Any = 0.4,  # mV/ms: mean external input of the excitatory cells
        mui_ext_mean: Any = 0.3,  # mV/ms: mean external input of the inhibitory cells
        sigmae_ext: Any = 1.5,  # mV/sqrt(ms): intensity of the external noise of the excitatory cells
        sigmai_ext: Any = 1.5,  # mV/sqrt(ms): intensity of the external noise of the inhibitory cells
        tau_ou: Any = 5.0,  # ms: correlation time of external inputs to whose states noise is added
        Ke: Any = 800.0,  # 1: excitatory connections on a cell
        Ki: Any = 200.0,  # 1: inhibitory connections on a cell
        Ke_gl: Any = 250.0,  # 1: connections on an excitatory cell from each other region
        c_gl: Any = 0.3,  # mV/ms: current of a spike of another region
        cee: Any = 0.3,  # mV/ms: current of an excitatory spike on an excitatory cell
        cie: Any = 0.3,  # mV/ms: current of an excitatory spike on an inhibitory cell
        cei: Any = 0.5,  # mV/ms: current of an inhibitory spike on an excitatory cell
        cii: Any = 0.5,  # mV/ms: current of an inhibitory spike on an inhibitory cell
        Jee_max: Any = 2.43,  # mV/ms: input of an excitatory cell when all its excitatory synapses are active
        Jei_max: Any = -3.3,  # mV/ms: input of an excitatory cell when all its inhibitory synapses are active
        Jie_max: Any = 2.6,  # mV/ms: input of an inhibitory cell when all its excitatory synapses are active
        Jii_max: Any = -1.64,  # mV/ms: input of an inhibitory cell when all its inhibitory synapses are active
        tau_se: Any = 2.0,  # ms: decay of excitatory synapses
        tau_si: Any = 5.0,  # ms: decay of inhibitory synapses
        de: Any = 4.0,  # ms: delay of excitatory spikes
        di: Any = 2.0,  # ms: delay of inhibitory spikes
        a: Any = 0.0,  # nS: subthreshold adaptation
        b: Any = 0.0,  # pA: spike-triggered adaptation
        EA: Any = -80.0,  # mV: reversal potential of the adaptation current
        tauA: Any = 200.0,  # ms: time constant of the adaptation
        C: Any = 200.0,  # pF: membrane capacitance, which the tables belong to
        gL: Any = 10.0,  # nS: leak conductance, which the tables belong to
        init_mufe: Any = 0.4,  # mV/ms: filtered mean input of the excitatory cells
        init_mufi: Any = 0.3,  # mV/ms: filtered mean input of the inhibitory cells
        init_IA: Any = 0.0,  # pA: adaptation current of the excitatory cells
        init_seem: Any = 0.0,  # 1: share of active synapses from excitatory to excitatory cells, mean
        init_seim: Any = 0.0,  # 1: share of active synapses from inhibitory to excitatory cells, mean
        init_siem: Any = 0.0,  # 1: share of active synapses from excitatory to inhibitory cells, mean
        init_siim: Any = 0.0,  # 1: share of active synapses from inhibitory to inhibitory cells, mean
        init_seev: Any = 0.0,  # 1: variance that belongs to seem
        init_seiv: Any = 0.0,  # 1: variance that belongs to seim
        init_siev: Any = 0.0,  # 1: variance that belongs to siem
        init_siiv: Any = 0.0,  # 1: variance that belongs to siim
        init_mue_ou: Any = 0.4,  # mV/ms: external input of the excitatory cells
        init_mui_ou: Any = 0.3,  # mV/ms: external input of the inhibitory cells
        noise_mufe: Any = None,  # mV/ms/sqrt(ms)
        noise_mufi: Any = None,  # mV/ms/sqrt(ms)
        noise_IA: Any = None,  # pA/sqrt(ms)
        noise_seem: Any = None,  # 1/sqrt(ms)
        noise_seim: Any = None,  # 1/sqrt(ms)
        noise_siem: Any = None,  # 1/sqrt(ms)
        noise_siim: Any = None,  # 1/sqrt(ms)
        noise_seev: Any = None,  # 1/sqrt(ms)
        noise_seiv: Any = None,  # 1/sqrt(ms)
        noise_siev: Any = None,  # 1/sqrt(ms)
        noise_siiv: Any = None,  # 1/sqrt(ms)
        noise_mue_ou: Any = None,  # mV/ms/sqrt(ms)
        noise_mui_ou: Any = None,  # mV/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    mue_ext_mean: Any
    mui_ext_mean: Any
    sigmae_ext: Any
    sigmai_ext: Any
    tau_ou: Any
    Ke: Any
    Ki: Any
    Ke_gl: Any
    c_gl: Any
    cee: Any
    cie: Any
    cei: Any
    cii: Any
    Jee_max: Any
    Jei_max: Any
    Jie_max: Any
    Jii_max: Any
    tau_se: Any
    tau_si: Any
    de: Any
    di: Any
    a: Any
    b: Any
    EA: Any
    tauA: Any
    C: Any
    gL: Any
    init_mufe: Any
    noise_mufe: Any
    init_mufi: Any
    noise_mufi: Any
    init_IA: Any
    noise_IA: Any
    init_seem: Any
    noise_seem: Any
    init_seim: Any
    noise_seim: Any
    init_siem: Any
    noise_siem: Any
    init_siim: Any
    noise_siim: Any
    init_seev: Any
    noise_seev: Any
    init_seiv: Any
    noise_seiv: Any
    init_siev: Any
    noise_siev: Any
    init_siiv: Any
    noise_siiv: Any
    init_mue_ou: Any
    noise_mue_ou: Any
    init_mui_ou: Any
    noise_mui_ou: Any
    @property
    def mufe(self) -> Signal: ...
    @property
    def mufi(self) -> Signal: ...
    @property
    def IA(self) -> Signal: ...
    @property
    def seem(self) -> Signal: ...
    @property
    def seim(self) -> Signal: ...
    @property
    def siem(self) -> Signal: ...
    @property
    def siim(self) -> Signal: ...
    @property
    def seev(self) -> Signal: ...
    @property
    def seiv(self) -> Signal: ...
    @property
    def siev(self) -> Signal: ...
    @property
    def siiv(self) -> Signal: ...
    @property
    def mue_ou(self) -> Signal: ...
    @property
    def mui_ou(self) -> Signal: ...
    @property
    def rate_exc(self) -> Signal: ...
    @property
    def rate_inh(self) -> Signal: ...
    @property
    def V_mean_exc(self) -> Signal: ...
    @property
    def mu_e(self) -> Signal: ...
    @property
    def sigma_e(self) -> Signal: ...
    @property
    def sigma_i(self) -> Signal: ...
    @property
    def tau_exc(self) -> Signal: ...
    @property
    def tau_inh(self) -> Signal: ...
    @property
    def ext_exc_current(self) -> Signal: ...
    @property
    def ext_inh_current(self) -> Signal: ...
    @property
    def ext_exc_rate(self) -> Signal: ...
    @property
    def ext_inh_rate(self) -> Signal: ...
    @property
    def rate_inp(self) -> Signal: ...
    @property
    def rate_sq_inp(self) -> Signal: ...

class ZerlautFirstOrderStep(Model):
    """Mean field of adaptive exponential neurons, first order."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        g_L: Any = 10.0,  # nS: leak conductance
        E_L_e: Any = -64.0,  # mV: leak reversal potential of the excitatory cells
        E_L_i: Any = -65.0,  # mV: leak reversal potential of the inhibitory cells
        C_m: Any = 200.0,  # pF: membrane capacitance
        b_e: Any = 5.0,  # pA: spike-triggered adaptation of the excitatory cells: 60 pA in sleep-like states, near 0 in the awake brain
        a_e: Any = 0.0,  # nS: subthreshold adaptation of the excitatory cells
        b_i: Any = 0.0,  # pA: spike-triggered adaptation of the inhibitory cells
        a_i: Any = 0.0,  # nS: subthreshold adaptation of the inhibitory cells
        tau_w_e: Any = 500.0,  # ms: time constant of the excitatory adaptation
        tau_w_i: Any = 1.0,  # ms: time constant of the inhibitory adaptation
        E_e: Any = 0.0,  # mV: excitatory reversal potential
        E_i: Any = -80.0,  # mV: inhibitory reversal potential
        Q_e: Any = 1.5,  # nS: conductance that an excitatory spike opens
        Q_i: Any = 5.0,  # nS: conductance that an inhibitory spike opens
        tau_e: Any = 5.0,  # ms: decay of the excitatory conductance
        tau_i: Any = 5.0,  # ms: decay of the inhibitory conductance
        N_tot: Any = 10000.0,  # 1: number of cells
        p_connect_e: Any = 0.05,  # 1: probability of a connection from an excitatory cell
        p_connect_i: Any = 0.05,  # 1: probability of a connection from an inhibitory cell
        g: Any = 0.2,  # 1: share of the inhibitory cells
        K_ext_e: Any = 400.0,  # 1: number of excitatory connections from outside on each cell
        K_ext_i: Any = 0.0,  # 1: number of inhibitory connections from outside on each cell
        T: Any = 20.0,  # ms: time over which the rates are averaged: the fastest that the mean field describes
        external_input_ex_ex: Any = 0.0025,  # kHz: rate of excitatory drive of the excitatory cells
        external_input_ex_in: Any = 0.0,  # kHz: rate of inhibitory drive of the excitatory cells
        external_input_in_ex: Any = 0.0025,  # kHz: rate of excitatory drive of the inhibitory cells
        external_input_in_in: Any = 0.0,  # kHz: rate of inhibitory drive of the inhibitory cells
        tau_OU: Any = 5.0,  # ms: correlation time of the noise
        weight_noise: Any = 10.5,  # 1: weight of the noise in the drive
        P_e0: Any = -0.04983106,  # V: threshold of the excitatory cells, offset
        P_e1: Any = 0.005063550882777035,  # V: threshold of the excitatory cells, mean
        P_e2: Any = -0.023470121807314552,  # V: threshold of the excitatory cells, standard deviation
        P_e3: Any = 0.0022951513725067503,  # V: threshold of the excitatory cells, correlation time
        P_e4: Any = -0.0004105302652029825,  # V: threshold of the excitatory cells, mean, squared
        P_e5: Any = 0.010547051343547399,  # V: threshold of the excitatory cells, standard deviation, squared
        P_e6: Any = -0.03659252821136933,  # V: threshold of the excitatory cells, correlation time, squared
        P_e7: Any = 0.007437487505797858,  # V: threshold of the excitatory cells, mean times standard deviation
        P_e8: Any = 0.001265064721846073,  # V: threshold of the excitatory cells, mean times correlation time
        P_e9: Any = -0.04072161294490446,  # V: threshold of the excitatory cells, standard deviation times correlation time
        P_i0: Any = -0.05149122024209484,  # V: threshold of the inhibitory cells, offset
        P_i1: Any = 0.004003689190271077,  # V: threshold of the inhibitory cells, mean
        P_i2: Any = -0.008352013668528155,  # V: threshold of the inhibitory cells, standard deviation
        P_i3: Any = 0.0002414237992765705,  # V: threshold of the inhibitory cells, correlation time
        P_i4: Any = -0.0005070645080016026,  # V: threshold of the inhibitory cells, mean, squared
        P_i5: Any = 0.0014345394104282397,  # V: threshold of the inhibitory cells, standard deviation, squared
        P_i6: Any = -0.014686689498949967,  # V: threshold of the inhibitory cells, correlation time, squared
        P_i7: Any = 0.004502706285435741,  # V: threshold of the inhibitory cells, mean times standard deviation
        P_i8: Any = 0.0028472190352532454,  # V: threshold of the inhibitory cells, mean times correlation time
        P_i9: Any = -0.015357804594594548,  # V: threshold of the inhibitory cells, standard deviation times correlation time
        init_E: Any = 0.005,  # kHz: rate of the excitatory cells
        init_I: Any = 0.0168,  # kHz: rate of the inhibitory cells
        init_W_e: Any = 12.6,  # pA: adaptation current of the excitatory cells
        init_W_i: Any = 0.0,  # pA: adaptation current of the inhibitory cells
        init_ou_drift: Any = 0.0,  # kHz: noise of the drive
        noise_E: Any = None,  # kHz/sqrt(ms)
        noise_I: Any = None,  # kHz/sqrt(ms)
        noise_W_e: Any = None,  # pA/sqrt(ms)
        noise_W_i: Any = None,  # pA/sqrt(ms)
        noise_ou_drift: Any = None,  # kHz/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    g_L: Any
    E_L_e: Any
    E_L_i: Any
    C_m: Any
    b_e: Any
    a_e: Any
    b_i: Any
    a_i: Any
    tau_w_e: Any
    tau_w_i: Any
    E_e: Any
    E_i: Any
    Q_e: Any
    Q_i: Any
    tau_e: Any
    tau_i: Any
    N_tot: Any
    p_connect_e: Any
    p_connect_i: Any
    g: Any
    K_ext_e: Any
    K_ext_i: Any
    T: Any
    external_input_ex_ex: Any
    external_input_ex_in: Any
    external_input_in_ex: Any
    external_input_in_in: Any
    tau_OU: Any
    weight_noise: Any
    P_e0: Any
    P_e1: Any
    P_e2: Any
    P_e3: Any
    P_e4: Any
    P_e5: Any
    P_e6: Any
    P_e7: Any
    P_e8: Any
    P_e9: Any
    P_i0: Any
    P_i1: Any
    P_i2: Any
    P_i3: Any
    P_i4: Any
    P_i5: Any
    P_i6: Any
    P_i7: Any
    P_i8: Any
    P_i9: Any
    init_E: Any
    noise_E: Any
    init_I: Any
    noise_I: Any
    init_W_e: Any
    noise_W_e: Any
    init_W_i: Any
    noise_W_i: Any
    init_ou_drift: Any
    noise_ou_drift: Any
    @property
    def E(self) -> Signal: ...
    @property
    def I(self) -> Signal: ...
    @property
    def W_e(self) -> Signal: ...
    @property
    def W_i(self) -> Signal: ...
    @property
    def ou_drift(self) -> Signal: ...
    @property
    def V_e(self) -> Signal: ...
    @property
    def V_i(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class ZerlautSecondOrderStep(Model):
    """Mean field of adaptive exponential neurons, second order."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        g_L: Any = 10.0,  # nS: leak conductance
        E_L_e: Any = -64.0,  # mV: leak reversal potential of the excitatory cells
        E_L_i: Any = -65.0,  # mV: leak reversal potential of the inhibitory cells
        C_m: Any = 200.0,  # pF: membrane capacitance
        b_e: Any = 5.0,  # pA: spike-triggered adaptation of the excitatory cells: 60 pA in sleep-like states, near 0 in the awake brain
        a_e: Any = 0.0,  # nS: subthreshold adaptation of the excitatory cells
        b_i: Any = 0.0,  # pA: spike-triggered adaptation of the inhibitory cells
        a_i: Any = 0.0,  # nS: subthreshold adaptation of the inhibitory cells
        tau_w_e: Any = 500.0,  # ms: time constant of the excitatory adaptation
        tau_w_i: Any = 1.0,  # ms: time constant of the inhibitory adaptation
        E_e: Any = 0.0,  # mV: excitatory reversal potential
        E_i: Any = -80.0,  # mV: inhibitory reversal potential
        Q_e: Any = 1.5,  # nS: conductance that an excitatory spike opens
        Q_i: Any = 5.0,  # nS: conductance that an inhibitory spike opens
        tau_e: Any = 5.0,  # ms: decay of the excitatory conductance
        tau_i: Any = 5.0,  # ms: decay of the inhibitory conductance
        N_tot: Any = 10000.0,  # 1: number of cells
        p_connect_e: Any = 0.05,  # 1: probability of a connection from an excitatory cell
        p_connect_i: Any = 0.05,  # 1: probability of a connection from an inhibitory cell
        g: Any = 0.2,  # 1: share of the inhibitory cells
        K_ext_e: Any = 400.0,  # 1: number of excitatory connections from outside on each cell
        K_ext_i: Any = 0.0,  # 1: number of inhibitory connections from outside on each cell
        T: Any = 20.0,  # ms: time over which the rates are averaged: the fastest that the mean field describes
        external_input_ex_ex: Any = 0.0025,  # kHz: rate of excitatory drive of the excitatory cells
        external_input_ex_in: Any = 0.0,  # kHz: rate of inhibitory drive of the excitatory cells
        external_input_in_ex: Any = 0.0025,  # kHz: rate of excitatory drive of the inhibitory cells
        external_input_in_in: Any = 0.0,  # kHz: rate of inhibitory drive of the inhibitory cells
        tau_OU: Any = 5.0,  # ms: correlation time of the noise
        weight_noise: Any = 10.5,  # 1: weight of the noise in the drive
        P_e0: Any = -0.04983106,  # V: threshold of the excitatory cells, offset
        P_e1: Any = 0.005063550882777035,  # V: threshold of the excitatory cells, mean
        P_e2: Any = -0.023470121807314552,  # V: threshold of the excitatory cells, standard deviation
        P_e3: Any = 0.0022951513725067503,  # V: threshold of the excitatory cells, correlation time
        P_e4: Any = -0.0004105302652029825,  # V: threshold of the excitatory cells, mean, squared
        P_e5: Any = 0.010547051343547399,  # V: threshold of the excitatory cells, standard deviation, squared
        P_e6: Any = -0.03659252821136933,  # V: threshold of the excitatory cells, correlation time, squared
        P_e7: Any = 0.007437487505797858,  # V: threshold of the excitatory cells, mean times standard deviation
        P_e8: Any = 0.001265064721846073,  # V: threshold of the excitatory cells, mean times correlation time
        P_e9: Any = -0.04072161294490446,  # V: threshold of the excitatory cells, standard deviation times correlation time
        P_i0: Any = -0.05149122024209484,  # V: threshold of the inhibitory cells, offset
        P_i1: Any = 0.004003689190271077,  # V: threshold of the inhibitory cells, mean
        P_i2: Any = -0.008352013668528155,  # V: threshold of the inhibitory cells, standard deviation
        P_i3: Any = 0.0002414237992765705,  # V: threshold of the inhibitory cells, correlation time
        P_i4: Any = -0.0005070645080016026,  # V: threshold of the inhibitory cells, mean, squared
        P_i5: Any = 0.0014345394104282397,  # V: threshold of the inhibitory cells, standard deviation, squared
        P_i6: Any = -0.014686689498949967,  # V: threshold of the inhibitory cells, correlation time, squared
        P_i7: Any = 0.004502706285435741,  # V: threshold of the inhibitory cells, mean times standard deviation
        P_i8: Any = 0.0028472190352532454,  # V: threshold of the inhibitory cells, mean times correlation time
        P_i9: Any = -0.015357804594594548,  # V: threshold of the inhibitory cells, standard deviation times correlation time
        S_i: Any = 1.0,  # 1: factor on the coupling where it reaches the inhibitory cells
        init_E: Any = 0.005,  # kHz: rate of the excitatory cells
        init_I: Any = 0.0168,  # kHz: rate of the inhibitory cells
        init_W_e: Any = 12.6,  # pA: adaptation current of the excitatory cells
        init_W_i: Any = 0.0,  # pA: adaptation current of the inhibitory cells
        init_ou_drift: Any = 0.0,  # kHz: noise of the drive
        init_C_ee: Any = 0.0,  # kHz^2: variance of the excitatory rate
        init_C_ei: Any = 0.0,  # kHz^2: covariance of the two rates
        init_C_ii: Any = 0.0,  # kHz^2: variance of the inhibitory rate
        noise_E: Any = None,  # kHz/sqrt(ms)
        noise_I: Any = None,  # kHz/sqrt(ms)
        noise_W_e: Any = None,  # pA/sqrt(ms)
        noise_W_i: Any = None,  # pA/sqrt(ms)
        noise_ou_drift: Any = None,  # kHz/sqrt(ms)
        noise_C_ee: Any = None,  # kHz^2/sqrt(ms)
        noise_C_ei: Any = None,  # kHz^2/sqrt(ms)
        noise_C_ii: Any = None,  # kHz^2/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    g_L: Any
    E_L_e: Any
    E_L_i: Any
    C_m: Any
    b_e: Any
    a_e: Any
    b_i: Any
    a_i: Any
    tau_w_e: Any
    tau_w_i: Any
    E_e: Any
    E_i: Any
    Q_e: Any
    Q_i: Any
    tau_e: Any
    tau_i: Any
    N_tot: Any
    p_connect_e: Any
    p_connect_i: Any
    g: Any
    K_ext_e: Any
    K_ext_i: Any
    T: Any
    external_input_ex_ex: Any
    external_input_ex_in: Any
    external_input_in_ex: Any
    external_input_in_in: Any
    tau_OU: Any
    weight_noise: Any
    P_e0: Any
    P_e1: Any
    P_e2: Any
    P_e3: Any
    P_e4: Any
    P_e5: Any
    P_e6: Any
    P_e7: Any
    P_e8: Any
    P_e9: Any
    P_i0: Any
    P_i1: Any
    P_i2: Any
    P_i3: Any
    P_i4: Any
    P_i5: Any
    P_i6: Any
    P_i7: Any
    P_i8: Any
    P_i9: Any
    S_i: Any
    init_E: Any
    noise_E: Any
    init_I: Any
    noise_I: Any
    init_W_e: Any
    noise_W_e: Any
    init_W_i: Any
    noise_W_i: Any
    init_ou_drift: Any
    noise_ou_drift: Any
    init_C_ee: Any
    noise_C_ee: Any
    init_C_ei: Any
    noise_C_ei: Any
    init_C_ii: Any
    noise_C_ii: Any
    @property
    def E(self) -> Signal: ...
    @property
    def I(self) -> Signal: ...
    @property
    def W_e(self) -> Signal: ...
    @property
    def W_i(self) -> Signal: ...
    @property
    def ou_drift(self) -> Signal: ...
    @property
    def C_ee(self) -> Signal: ...
    @property
    def C_ei(self) -> Signal: ...
    @property
    def C_ii(self) -> Signal: ...
    @property
    def V_e(self) -> Signal: ...
    @property
    def V_i(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class HopfieldStep(Model):
    """Graded-response Hopfield unit."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        taux: Any = 1.0,  # 1: time constant of the potential
        tauT: Any = 5.0,  # 1: time constant of the threshold
        dynamic: Any = 0.0,  # 1: 0 for a fixed threshold, 1 for one that follows
        K: Any = 1.0,  # 1: strength of the unit's own activity on its threshold
        H: Any = 0.5,  # 1: half of the range of the activity
        Q: Any = 1.0,  # 1: offset of the activity: it lies between H (Q - 1) and H (Q + 1)
        G: Any = 60.0,  # 1: steepness of the activity
        P: Any = 1.0,  # 1: strength of the potential against the threshold
        init_x: Any = 0.5,  # 1: potential
        init_theta: Any = 0.5,  # 1: threshold
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_theta: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    taux: Any
    tauT: Any
    dynamic: Any
    K: Any
    H: Any
    Q: Any
    G: Any
    P: Any
    init_x: Any
    noise_x: Any
    init_theta: Any
    noise_theta: Any
    @property
    def x(self) -> Signal: ...
    @property
    def theta(self) -> Signal: ...
    @property
    def activity(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...
    @property
    def theta_inp(self) -> Signal: ...

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

class ZetterbergJansenStep(Model):
    """Zetterberg-Jansen cortical column."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        He: Any = 3.25,  # mV: maximal excitatory postsynaptic potential
        Hi: Any = 22.0,  # mV: maximal inhibitory postsynaptic potential
        ke: Any = 0.1,  # /ms: rate constant of the excitatory synapses
        ki: Any = 0.05,  # /ms: rate constant of the inhibitory synapses
        e0: Any = 0.0025,  # /ms: half of the maximal firing rate
        rho_2: Any = 6.0,  # mV: potential at which half of the maximal rate is reached
        rho_1: Any = 0.56,  # /mV: steepness of the sigmoid
        gamma_1: Any = 135.0,  # 1: synapses of pyramidal cells on excitatory interneurons
        gamma_2: Any = 108.0,  # 1: synapses of excitatory interneurons on pyramidal cells
        gamma_3: Any = 33.75,  # 1: synapses of pyramidal cells on inhibitory interneurons
        gamma_4: Any = 33.75,  # 1: synapses of inhibitory interneurons on pyramidal cells
        gamma_5: Any = 15.0,  # 1: synapses of inhibitory interneurons on each other
        gamma_1T: Any = 1.0,  # 1: weight of what excitatory interneurons receive from outside
        gamma_2T: Any = 1.0,  # 1: weight of what pyramidal cells receive from outside
        gamma_3T: Any = 1.0,  # 1: weight of what inhibitory interneurons receive from outside
        P: Any = 0.12,  # /ms: firing rate that reaches the pyramidal cells
        U: Any = 0.12,  # /ms: firing rate that reaches the excitatory interneurons
        Q: Any = 0.12,  # /ms: firing rate that reaches the inhibitory interneurons
        init_v1: Any = 0.0,  # mV: potential of the excitatory interneurons
        init_y1: Any = 0.0,  # mV/ms: rate of change of v1
        init_v2: Any = 0.0,  # mV: excitatory potential of the pyramidal cells
        init_y2: Any = 0.0,  # mV/ms: rate of change of v2
        init_v3: Any = 0.0,  # mV: inhibitory potential of the pyramidal cells
        init_y3: Any = 0.0,  # mV/ms: rate of change of v3
        init_v4: Any = 0.0,  # mV: excitatory potential of the inhibitory interneurons
        init_y4: Any = 0.0,  # mV/ms: rate of change of v4
        init_v5: Any = 0.0,  # mV: inhibitory potential of the inhibitory interneurons
        init_y5: Any = 0.0,  # mV/ms: rate of change of v5
        noise_v1: Any = None,  # mV/sqrt(ms)
        noise_y1: Any = None,  # mV/ms/sqrt(ms)
        noise_v2: Any = None,  # mV/sqrt(ms)
        noise_y2: Any = None,  # mV/ms/sqrt(ms)
        noise_v3: Any = None,  # mV/sqrt(ms)
        noise_y3: Any = None,  # mV/ms/sqrt(ms)
        noise_v4: Any = None,  # mV/sqrt(ms)
        noise_y4: Any = None,  # mV/ms/sqrt(ms)
        noise_v5: Any = None,  # mV/sqrt(ms)
        noise_y5: Any = None,  # mV/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    He: Any
    Hi: Any
    ke: Any
    ki: Any
    e0: Any
    rho_2: Any
    rho_1: Any
    gamma_1: Any
    gamma_2: Any
    gamma_3: Any
    gamma_4: Any
    gamma_5: Any
    gamma_1T: Any
    gamma_2T: Any
    gamma_3T: Any
    P: Any
    U: Any
    Q: Any
    init_v1: Any
    noise_v1: Any
    init_y1: Any
    noise_y1: Any
    init_v2: Any
    noise_v2: Any
    init_y2: Any
    noise_y2: Any
    init_v3: Any
    noise_v3: Any
    init_y3: Any
    noise_y3: Any
    init_v4: Any
    noise_v4: Any
    init_y4: Any
    noise_y4: Any
    init_v5: Any
    noise_v5: Any
    init_y5: Any
    noise_y5: Any
    @property
    def v1(self) -> Signal: ...
    @property
    def y1(self) -> Signal: ...
    @property
    def v2(self) -> Signal: ...
    @property
    def y2(self) -> Signal: ...
    @property
    def v3(self) -> Signal: ...
    @property
    def y3(self) -> Signal: ...
    @property
    def v4(self) -> Signal: ...
    @property
    def y4(self) -> Signal: ...
    @property
    def v5(self) -> Signal: ...
    @property
    def y5(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def inhibitory(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class LileySteynRossStep(Model):
    """Liley model with fast synapses."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_e: Any = 40.0,  # ms: membrane time constant of the excitatory cells
        tau_i: Any = 40.0,  # ms: membrane time constant of the inhibitory cells
        h_e_rest: Any = -70.0,  # mV: resting potential of the excitatory cells
        h_i_rest: Any = -70.0,  # mV: resting potential of the inhibitory cells
        h_e_rev: Any = 45.0,  # mV: reversal potential of the excitatory synapses
        h_i_rev: Any = -90.0,  # mV: reversal potential of the inhibitory synapses
        p_ee: Any = 1.1,  # /ms: subcortical excitatory spikes on excitatory cells
        p_ie: Any = 1.6,  # /ms: subcortical inhibitory spikes on excitatory cells
        p_ei: Any = 1.6,  # /ms: subcortical excitatory spikes on inhibitory cells
        p_ii: Any = 1.1,  # /ms: subcortical inhibitory spikes on inhibitory cells
        gamma_e: Any = 0.3,  # /ms: rate constant of the excitatory synapses
        gamma_i: Any = 0.065,  # /ms: rate constant of the inhibitory synapses
        G_e: Any = 0.18,  # mV: amplitude of an excitatory postsynaptic potential
        G_i: Any = 0.37,  # mV: amplitude of an inhibitory postsynaptic potential
        kappa: Any = 1.0,  # 1: area of a postsynaptic potential in units of G/gamma: 1, or e for an alpha function of peak G
        N_b_ee: Any = 3034.0,  # 1: local synapses of excitatory on excitatory cells
        N_b_ei: Any = 3034.0,  # 1: local synapses of excitatory on inhibitory cells
        N_b_ie: Any = 536.0,  # 1: local synapses of inhibitory on excitatory cells
        N_b_ii: Any = 536.0,  # 1: local synapses of inhibitory on inhibitory cells
        N_a_ee: Any = 4000.0,  # 1: synapses of distant excitatory cells on excitatory cells
        N_a_ei: Any = 2000.0,  # 1: synapses of distant excitatory cells on inhibitory cells
        theta_e: Any = -60.0,  # mV: potential at which the excitatory cells fire at half their maximal rate
        theta_i: Any = -60.0,  # mV: potential at which the inhibitory cells fire at half their maximal rate
        g_e: Any = 0.28,  # /mV: steepness of the excitatory sigmoid
        g_i: Any = 0.14,  # /mV: steepness of the inhibitory sigmoid
        S_max: Any = 1.0,  # /ms: maximal firing rate
        lamda: Any = 1.0,  # 1: effect of the anaesthetic on the inhibitory synapses: 1 without it, more with it
        init_he: Any = -70.0,  # mV: mean soma potential of the excitatory cells
        init_hi: Any = -70.0,  # mV: mean soma potential of the inhibitory cells
        noise_he: Any = None,  # mV/sqrt(ms)
        noise_hi: Any = None,  # mV/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_e: Any
    tau_i: Any
    h_e_rest: Any
    h_i_rest: Any
    h_e_rev: Any
    h_i_rev: Any
    p_ee: Any
    p_ie: Any
    p_ei: Any
    p_ii: Any
    gamma_e: Any
    gamma_i: Any
    G_e: Any
    G_i: Any
    kappa: Any
    N_b_ee: Any
    N_b_ei: Any
    N_b_ie: Any
    N_b_ii: Any
    N_a_ee: Any
    N_a_ei: Any
    theta_e: Any
    theta_i: Any
    g_e: Any
    g_i: Any
    S_max: Any
    lamda: Any
    init_he: Any
    noise_he: Any
    init_hi: Any
    noise_hi: Any
    @property
    def he(self) -> Signal: ...
    @property
    def hi(self) -> Signal: ...
    @property
    def rate_e(self) -> Signal: ...
    @property
    def rate_i(self) -> Signal: ...
    @property
    def h_inp(self) -> Signal: ...

class DavidFristonStep(Model):
    """David-Friston column of two subpopulations."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        w: Any = 0.8,  # 1: share of the first kind
        te_1: Any = 10.8,  # ms: excitatory time constant of the first kind
        ti_1: Any = 22.0,  # ms: inhibitory time constant of the first kind
        te_2: Any = 4.6,  # ms: excitatory time constant of the second kind
        ti_2: Any = 2.9,  # ms: inhibitory time constant of the second kind
        H_e: Any = 32.5,  # mV*ms: area of an excitatory postsynaptic potential
        H_i: Any = 440.0,  # mV*ms: area of an inhibitory postsynaptic potential
        C: Any = 135.0,  # 1: mean number of synapses between two populations
        a1: Any = 1.0,  # 1: synapses of pyramidal cells on excitatory interneurons relative to C
        a2: Any = 0.8,  # 1: synapses of excitatory interneurons on pyramidal cells relative to C
        a3: Any = 0.25,  # 1: synapses of pyramidal cells on inhibitory interneurons relative to C
        a4: Any = 0.25,  # 1: synapses of inhibitory interneurons on pyramidal cells relative to C
        s_max: Any = 0.005,  # /ms: maximal firing rate
        v0: Any = 6.0,  # mV: potential at which half the maximal rate is reached
        r: Any = 0.56,  # /mV: steepness of the sigmoid
        p: Any = 0.22,  # /ms: constant firing rate that reaches the pyramidal cells
        init_x0_1: Any = 0.0,  # mV: potential of interneurons that pyramidal cells cause, first kind
        init_x1_1: Any = 0.0,  # mV: excitatory potential of pyramidal cells, first kind
        init_x2_1: Any = 0.0,  # mV: inhibitory potential of pyramidal cells, first kind
        init_y0_1: Any = 0.0,  # mV/ms: rate of change of x0_1
        init_y1_1: Any = 0.0,  # mV/ms: rate of change of x1_1
        init_y2_1: Any = 0.0,  # mV/ms: rate of change of x2_1
        init_x0_2: Any = 0.0,  # mV: potential of interneurons that pyramidal cells cause, second kind
        init_x1_2: Any = 0.0,  # mV: excitatory potential of pyramidal cells, second kind
        init_x2_2: Any = 0.0,  # mV: inhibitory potential of pyramidal cells, second kind
        init_y0_2: Any = 0.0,  # mV/ms: rate of change of x0_2
        init_y1_2: Any = 0.0,  # mV/ms: rate of change of x1_2
        init_y2_2: Any = 0.0,  # mV/ms: rate of change of x2_2
        noise_x0_1: Any = None,  # mV/sqrt(ms)
        noise_x1_1: Any = None,  # mV/sqrt(ms)
        noise_x2_1: Any = None,  # mV/sqrt(ms)
        noise_y0_1: Any = None,  # mV/ms/sqrt(ms)
        noise_y1_1: Any = None,  # mV/ms/sqrt(ms)
        noise_y2_1: Any = None,  # mV/ms/sqrt(ms)
        noise_x0_2: Any = None,  # mV/sqrt(ms)
        noise_x1_2: Any = None,  # mV/sqrt(ms)
        noise_x2_2: Any = None,  # mV/sqrt(ms)
        noise_y0_2: Any = None,  # mV/ms/sqrt(ms)
        noise_y1_2: Any = None,  # mV/ms/sqrt(ms)
        noise_y2_2: Any = None,  # mV/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    w: Any
    te_1: Any
    ti_1: Any
    te_2: Any
    ti_2: Any
    H_e: Any
    H_i: Any
    C: Any
    a1: Any
    a2: Any
    a3: Any
    a4: Any
    s_max: Any
    v0: Any
    r: Any
    p: Any
    init_x0_1: Any
    noise_x0_1: Any
    init_x1_1: Any
    noise_x1_1: Any
    init_x2_1: Any
    noise_x2_1: Any
    init_y0_1: Any
    noise_y0_1: Any
    init_y1_1: Any
    noise_y1_1: Any
    init_y2_1: Any
    noise_y2_1: Any
    init_x0_2: Any
    noise_x0_2: Any
    init_x1_2: Any
    noise_x1_2: Any
    init_x2_2: Any
    noise_x2_2: Any
    init_y0_2: Any
    noise_y0_2: Any
    init_y1_2: Any
    noise_y1_2: Any
    init_y2_2: Any
    noise_y2_2: Any
    @property
    def x0_1(self) -> Signal: ...
    @property
    def x1_1(self) -> Signal: ...
    @property
    def x2_1(self) -> Signal: ...
    @property
    def y0_1(self) -> Signal: ...
    @property
    def y1_1(self) -> Signal: ...
    @property
    def y2_1(self) -> Signal: ...
    @property
    def x0_2(self) -> Signal: ...
    @property
    def x1_2(self) -> Signal: ...
    @property
    def x2_2(self) -> Signal: ...
    @property
    def y0_2(self) -> Signal: ...
    @property
    def y1_2(self) -> Signal: ...
    @property
    def y2_2(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class JansenRitPlasticStep(Model):
    """Jansen-Rit column with inhibitory plasticity."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        w: Any = 1.0,  # 1: share of the alpha cells
        te_1: Any = 8.333333333333334,  # ms: excitatory time constant of the alpha cells
        ti_1: Any = 16.666666666666668,  # ms: inhibitory time constant of the alpha cells
        te_2: Any = 1.5151515151515151,  # ms: excitatory time constant of the gamma cells
        ti_2: Any = 3.0303030303030303,  # ms: inhibitory time constant of the gamma cells
        H_e: Any = 32.5,  # mV*ms: area of an excitatory postsynaptic potential
        H_i: Any = 440.0,  # mV*ms: area of an inhibitory postsynaptic potential
        C: Any = 135.0,  # 1: mean number of synapses between two populations
        a1: Any = 1.0,  # 1: synapses of pyramidal cells on excitatory interneurons relative to C
        a2: Any = 0.8,  # 1: synapses of excitatory interneurons on pyramidal cells relative to C
        a3: Any = 0.25,  # 1: synapses of pyramidal cells on inhibitory interneurons relative to C
        s_max: Any = 0.005,  # /ms: maximal firing rate
        v0: Any = 6.0,  # mV: potential at which half the maximal rate is reached
        r: Any = 0.56,  # /mV: steepness of the sigmoid
        p: Any = 0.22,  # /ms: constant firing rate that reaches the pyramidal cells
        target: Any = 0.0025,  # /ms: target rate of the pyramidal cells
        tau_C4: Any = 2.0,  # s: time constant of the plasticity at a rate of one spike per second
        init_x0_1: Any = 0.0,  # mV: potential of interneurons that pyramidal cells cause, first kind
        init_x1_1: Any = 0.0,  # mV: excitatory potential of pyramidal cells, first kind
        init_x2_1: Any = 0.0,  # mV: inhibitory potential of pyramidal cells, first kind
        init_y0_1: Any = 0.0,  # mV/ms: rate of change of x0_1
        init_y1_1: Any = 0.0,  # mV/ms: rate of change of x1_1
        init_y2_1: Any = 0.0,  # mV/ms: rate of change of x2_1
        init_x0_2: Any = 0.0,  # mV: potential of interneurons that pyramidal cells cause, second kind
        init_x1_2: Any = 0.0,  # mV: excitatory potential of pyramidal cells, second kind
        init_x2_2: Any = 0.0,  # mV: inhibitory potential of pyramidal cells, second kind
        init_y0_2: Any = 0.0,  # mV/ms: rate of change of x0_2
        init_y1_2: Any = 0.0,  # mV/ms: rate of change of x1_2
        init_y2_2: Any = 0.0,  # mV/ms: rate of change of x2_2
        init_C4: Any = 33.75,  # 1: synapses of inhibitory interneurons on pyramidal cells, which learn
        noise_x0_1: Any = None,  # mV/sqrt(ms)
        noise_x1_1: Any = None,  # mV/sqrt(ms)
        noise_x2_1: Any = None,  # mV/sqrt(ms)
        noise_y0_1: Any = None,  # mV/ms/sqrt(ms)
        noise_y1_1: Any = None,  # mV/ms/sqrt(ms)
        noise_y2_1: Any = None,  # mV/ms/sqrt(ms)
        noise_x0_2: Any = None,  # mV/sqrt(ms)
        noise_x1_2: Any = None,  # mV/sqrt(ms)
        noise_x2_2: Any = None,  # mV/sqrt(ms)
        noise_y0_2: Any = None,  # mV/ms/sqrt(ms)
        noise_y1_2: Any = None,  # mV/ms/sqrt(ms)
        noise_y2_2: Any = None,  # mV/ms/sqrt(ms)
        noise_C4: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    w: Any
    te_1: Any
    ti_1: Any
    te_2: Any
    ti_2: Any
    H_e: Any
    H_i: Any
    C: Any
    a1: Any
    a2: Any
    a3: Any
    s_max: Any
    v0: Any
    r: Any
    p: Any
    target: Any
    tau_C4: Any
    init_x0_1: Any
    noise_x0_1: Any
    init_x1_1: Any
    noise_x1_1: Any
    init_x2_1: Any
    noise_x2_1: Any
    init_y0_1: Any
    noise_y0_1: Any
    init_y1_1: Any
    noise_y1_1: Any
    init_y2_1: Any
    noise_y2_1: Any
    init_x0_2: Any
    noise_x0_2: Any
    init_x1_2: Any
    noise_x1_2: Any
    init_x2_2: Any
    noise_x2_2: Any
    init_y0_2: Any
    noise_y0_2: Any
    init_y1_2: Any
    noise_y1_2: Any
    init_y2_2: Any
    noise_y2_2: Any
    init_C4: Any
    noise_C4: Any
    @property
    def x0_1(self) -> Signal: ...
    @property
    def x1_1(self) -> Signal: ...
    @property
    def x2_1(self) -> Signal: ...
    @property
    def y0_1(self) -> Signal: ...
    @property
    def y1_1(self) -> Signal: ...
    @property
    def y2_1(self) -> Signal: ...
    @property
    def x0_2(self) -> Signal: ...
    @property
    def x1_2(self) -> Signal: ...
    @property
    def x2_2(self) -> Signal: ...
    @property
    def y0_2(self) -> Signal: ...
    @property
    def y1_2(self) -> Signal: ...
    @property
    def y2_2(self) -> Signal: ...
    @property
    def C4(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class DavidHarrisonFristonStep(Model):
    """Three-layer cortical source."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        He: Any = 3.25,  # mV: maximal excitatory postsynaptic potential
        Hi: Any = 29.3,  # mV: maximal inhibitory postsynaptic potential
        tau_e: Any = 10.0,  # ms: excitatory time constant
        tau_i: Any = 15.0,  # ms: inhibitory time constant
        eo: Any = 0.0025,  # /ms: half of the maximal firing rate
        r: Any = 0.56,  # /mV: steepness of the sigmoid
        gamma_1: Any = 50.0,  # 1: synapses of pyramidal on stellate cells
        gamma_2: Any = 40.0,  # 1: synapses of stellate on pyramidal cells
        gamma_3: Any = 12.0,  # 1: synapses of pyramidal cells on interneurons
        gamma_4: Any = 12.0,  # 1: synapses of interneurons on pyramidal cells
        C_g: Any = 0.15,  # 1: strength of the connections from other areas on stellate cells
        C_p: Any = 0.25,  # 1: strength of the connections from other areas on pyramidal cells
        C_i: Any = 0.25,  # 1: strength of the connections from other areas on interneurons
        init_x0: Any = 0.0,  # mV: potential of the stellate cells
        init_x1: Any = 0.0,  # mV: excitatory potential of the pyramidal cells
        init_x2: Any = 0.0,  # mV: inhibitory potential of the pyramidal cells
        init_x3: Any = 0.0,  # mV/ms: rate of change of x0
        init_x4: Any = 0.0,  # mV/ms: rate of change of x1
        init_x5: Any = 0.0,  # mV/ms: rate of change of x2
        init_x6: Any = 0.0,  # mV: potential of the interneurons
        init_x7: Any = 0.0,  # mV/ms: rate of change of x6
        noise_x0: Any = None,  # mV/sqrt(ms)
        noise_x1: Any = None,  # mV/sqrt(ms)
        noise_x2: Any = None,  # mV/sqrt(ms)
        noise_x3: Any = None,  # mV/ms/sqrt(ms)
        noise_x4: Any = None,  # mV/ms/sqrt(ms)
        noise_x5: Any = None,  # mV/ms/sqrt(ms)
        noise_x6: Any = None,  # mV/sqrt(ms)
        noise_x7: Any = None,  # mV/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    He: Any
    Hi: Any
    tau_e: Any
    tau_i: Any
    eo: Any
    r: Any
    gamma_1: Any
    gamma_2: Any
    gamma_3: Any
    gamma_4: Any
    C_g: Any
    C_p: Any
    C_i: Any
    init_x0: Any
    noise_x0: Any
    init_x1: Any
    noise_x1: Any
    init_x2: Any
    noise_x2: Any
    init_x3: Any
    noise_x3: Any
    init_x4: Any
    noise_x4: Any
    init_x5: Any
    noise_x5: Any
    init_x6: Any
    noise_x6: Any
    init_x7: Any
    noise_x7: Any
    @property
    def x0(self) -> Signal: ...
    @property
    def x1(self) -> Signal: ...
    @property
    def x2(self) -> Signal: ...
    @property
    def x3(self) -> Signal: ...
    @property
    def x4(self) -> Signal: ...
    @property
    def x5(self) -> Signal: ...
    @property
    def x6(self) -> Signal: ...
    @property
    def x7(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def distal(self) -> Signal: ...
    @property
    def stimulus(self) -> Signal: ...

class DcmBilinearStep(Model):
    """Bilinear dynamic causal model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 0.5,  # Hz: rate of decay of the region
        b: Any = 0.0,  # Hz: change of the decay by one unit of the modulatory input
        c: Any = 1.0,  # Hz: drive of the region by one unit of the stimulus
        init_z: Any = 0.0,  # 1: neuronal activity of the region
        noise_z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    b: Any
    c: Any
    init_z: Any
    noise_z: Any
    @property
    def z(self) -> Signal: ...
    @property
    def z_inp(self) -> Signal: ...
    @property
    def modulated(self) -> Signal: ...
    @property
    def modulator(self) -> Signal: ...
    @property
    def stimulus(self) -> Signal: ...

class EpileptorCodim3SlowModStep(Model):
    """Bursters whose class changes slowly."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        b: Any = 1.0,  # 1: kind of the unfolding: 1 is the focus type
        R: Any = 0.4,  # 1: radius of the sphere of parameters
        c: Any = 0.002,  # 1: speed of the permittivity
        dstar: Any = 0.3,  # 1: distance from rest at which the permittivity turns
        Ks: Any = 0.0,  # 1: strength of the coupling on the permittivity
        N: Any = 1.0,  # 1: which root of the cubic is rest: 1 the largest, 2 the smallest, 3 the middle one
        modification: Any = 1.0,  # 1: 1 holds the permittivity near 1/2 for a negative dstar, 0 leaves it alone
        continued: Any = 1.0,  # 1: where the resting branch has ended in a fold: 1 goes on with the real part of the pair of complex roots that comes of it, 0 with the root that is left
        mu1_Ain: Any = 0.05494,  # 1: mu_1 at the first point of offset
        mu2_Ain: Any = 0.2731,  # 1: mu_2 at the first point of offset
        nu_Ain: Any = 0.287,  # 1: nu at the first point of offset
        mu1_Bin: Any = -0.0461,  # 1: mu_1 at the first point of onset
        mu2_Bin: Any = 0.243,  # 1: mu_2 at the first point of onset
        nu_Bin: Any = 0.3144,  # 1: nu at the first point of onset
        mu1_Aend: Any = 0.06485,  # 1: mu_1 at the last point of offset
        mu2_Aend: Any = 0.07337,  # 1: mu_2 at the last point of offset
        nu_Aend: Any = -0.3878,  # 1: nu at the last point of offset
        mu1_Bend: Any = 0.03676,  # 1: mu_1 at the last point of onset
        mu2_Bend: Any = -0.02792,  # 1: mu_2 at the last point of onset
        nu_Bend: Any = -0.3973,  # 1: nu at the last point of onset
        cA: Any = 0.0001,  # 1: speed of the point of offset
        cB: Any = 0.00012,  # 1: speed of the point of onset
        init_x: Any = 0.5,  # 1: fast oscillation
        init_y: Any = 0.0,  # 1: fast oscillation
        init_z: Any = 0.1,  # 1: slow permittivity
        init_uA: Any = 0.0,  # 1: angle of the point of offset
        init_uB: Any = 0.0,  # 1: angle of the point of onset
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        noise_uA: Any = None,  # 1/sqrt(ms)
        noise_uB: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    b: Any
    R: Any
    c: Any
    dstar: Any
    Ks: Any
    N: Any
    modification: Any
    continued: Any
    mu1_Ain: Any
    mu2_Ain: Any
    nu_Ain: Any
    mu1_Bin: Any
    mu2_Bin: Any
    nu_Bin: Any
    mu1_Aend: Any
    mu2_Aend: Any
    nu_Aend: Any
    mu1_Bend: Any
    mu2_Bend: Any
    nu_Bend: Any
    cA: Any
    cB: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    init_z: Any
    noise_z: Any
    init_uA: Any
    noise_uA: Any
    init_uB: Any
    noise_uB: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
    @property
    def uA(self) -> Signal: ...
    @property
    def uB(self) -> Signal: ...
    @property
    def rest(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...

class EpileptorCodim3Step(Model):
    """Bursters in the unfolding of a degenerate Takens-Bogdanov point."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        mu1_start: Any = -0.02285,  # 1: mu_1 at the point of offset
        mu2_start: Any = 0.3448,  # 1: mu_2 at the point of offset
        nu_start: Any = 0.2014,  # 1: nu at the point of offset
        mu1_stop: Any = -0.07465,  # 1: mu_1 at the point of onset
        mu2_stop: Any = 0.3351,  # 1: mu_2 at the point of onset
        nu_stop: Any = 0.2053,  # 1: nu at the point of onset
        b: Any = 1.0,  # 1: kind of the unfolding: 1 is the focus type
        R: Any = 0.4,  # 1: radius of the sphere of parameters
        c: Any = 0.001,  # 1: speed of the permittivity
        dstar: Any = 0.3,  # 1: distance from rest at which the permittivity turns
        Ks: Any = 0.0,  # 1: strength of the coupling on the permittivity
        N: Any = 1.0,  # 1: which root of the cubic is rest: 1 the largest, 2 the smallest, 3 the middle one
        modification: Any = 1.0,  # 1: 1 holds the permittivity near 1/2 for a negative dstar, 0 leaves it alone
        continued: Any = 1.0,  # 1: where the resting branch has ended in a fold: 1 goes on with the real part of the pair of complex roots that comes of it, 0 with the root that is left
        init_x: Any = 0.5,  # 1: fast oscillation
        init_y: Any = 0.0,  # 1: fast oscillation
        init_z: Any = 0.1,  # 1: slow permittivity
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    mu1_start: Any
    mu2_start: Any
    nu_start: Any
    mu1_stop: Any
    mu2_stop: Any
    nu_stop: Any
    b: Any
    R: Any
    c: Any
    dstar: Any
    Ks: Any
    N: Any
    modification: Any
    continued: Any
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
    def rest(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...

class Epileptor2DStep(Model):
    """Two-dimensional Epileptor."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 1.0,  # 1: cubic coefficient of x1
        b: Any = 3.0,  # 1: quadratic coefficient of x1
        c: Any = 1.0,  # 1: offset of the recovery
        d: Any = 5.0,  # 1: quadratic coefficient of the recovery
        r: Any = 0.00035,  # 1: rate of the permittivity (1/tau0 of the paper)
        x0: Any = -1.6,  # 1: epileptogenicity: a region seizes by itself above about -2.06
        Iext: Any = 3.1,  # 1: constant input
        slope: Any = 0.0,  # 1: linear coefficient of x1 during the discharges
        Kvf: Any = 0.0,  # 1: strength of the coupling on the fast discharges
        Ks: Any = 0.0,  # 1: strength of the coupling on the permittivity
        tt: Any = 1.0,  # 1: scale of time: the rate of both equations
        modification: Any = 0.0,  # 1: 0 for the linear target of the permittivity (Jirsa et al. 2014), 1 for the sigmoid one (Proix et al. 2014)
        init_x1: Any = -1.5,  # 1: fast discharges
        init_z: Any = 3.5,  # 1: slow permittivity
        noise_x1: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
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
    Kvf: Any
    Ks: Any
    tt: Any
    modification: Any
    init_x1: Any
    noise_x1: Any
    init_z: Any
    noise_z: Any
    @property
    def x1(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
    @property
    def x1_inp(self) -> Signal: ...

class WendlingStep(Model):
    """Wendling model of the hippocampus."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        A: Any = 3.25,  # mV: gain of the excitatory synapses
        B: Any = 22.0,  # mV: gain of the slow inhibitory synapses
        G: Any = 10.0,  # mV: gain of the fast inhibitory synapses
        a: Any = 100.0,  # Hz: rate constant of the excitatory synapses
        b: Any = 50.0,  # Hz: rate constant of the slow inhibitory synapses
        g: Any = 500.0,  # Hz: rate constant of the fast inhibitory synapses
        C: Any = 135.0,  # 1: mean number of synapses between two populations
        s_max: Any = 5.0,  # Hz: maximal firing rate (2 e0 of the paper)
        v0: Any = 6.0,  # mV: potential at which half the maximal rate is reached
        r: Any = 0.56,  # /mV: steepness of the sigmoid
        p: Any = 90.0,  # Hz: mean firing rate that reaches the pyramidal cells
        init_y0: Any = 0.0,  # mV: potential of the interneurons that the pyramidal cells cause
        init_y1: Any = 0.0,  # mV: excitatory potential of the pyramidal cells
        init_y2: Any = 0.0,  # mV: slow inhibitory potential of the pyramidal cells
        init_y3: Any = 0.0,  # mV: fast inhibitory potential of the pyramidal cells
        init_y4: Any = 0.0,  # mV: slow inhibitory potential of the fast interneurons
        init_y5: Any = 0.0,  # mV/s: rate of change of y0
        init_y6: Any = 0.0,  # mV/s: rate of change of y1
        init_y7: Any = 0.0,  # mV/s: rate of change of y2
        init_y8: Any = 0.0,  # mV/s: rate of change of y3
        init_y9: Any = 0.0,  # mV/s: rate of change of y4
        noise_y0: Any = None,  # mV/sqrt(ms)
        noise_y1: Any = None,  # mV/sqrt(ms)
        noise_y2: Any = None,  # mV/sqrt(ms)
        noise_y3: Any = None,  # mV/sqrt(ms)
        noise_y4: Any = None,  # mV/sqrt(ms)
        noise_y5: Any = None,  # mV/s/sqrt(ms)
        noise_y6: Any = None,  # mV/s/sqrt(ms)
        noise_y7: Any = None,  # mV/s/sqrt(ms)
        noise_y8: Any = None,  # mV/s/sqrt(ms)
        noise_y9: Any = None,  # mV/s/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    A: Any
    B: Any
    G: Any
    a: Any
    b: Any
    g: Any
    C: Any
    s_max: Any
    v0: Any
    r: Any
    p: Any
    init_y0: Any
    noise_y0: Any
    init_y1: Any
    noise_y1: Any
    init_y2: Any
    noise_y2: Any
    init_y3: Any
    noise_y3: Any
    init_y4: Any
    noise_y4: Any
    init_y5: Any
    noise_y5: Any
    init_y6: Any
    noise_y6: Any
    init_y7: Any
    noise_y7: Any
    init_y8: Any
    noise_y8: Any
    init_y9: Any
    noise_y9: Any
    @property
    def y0(self) -> Signal: ...
    @property
    def y1(self) -> Signal: ...
    @property
    def y2(self) -> Signal: ...
    @property
    def y3(self) -> Signal: ...
    @property
    def y4(self) -> Signal: ...
    @property
    def y5(self) -> Signal: ...
    @property
    def y6(self) -> Signal: ...
    @property
    def y7(self) -> Signal: ...
    @property
    def y8(self) -> Signal: ...
    @property
    def y9(self) -> Signal: ...
    @property
    def eeg(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class EpileptorEarlyStep(Model):
    """Epileptor with differences inside."""

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
        s: Any = 4.0,  # 1: slope of the target of the permittivity
        Kpop1: Any = 0.5,  # 1: strength of the coupling on the permittivity
        Kpop2: Any = 0.2,  # 1: strength of the coupling on the spike-and-wave events
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
    s: Any
    Kpop1: Any
    Kpop2: Any
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

class EpileptorRestingStateStep(Model):
    """Epileptor with resting-state rhythm."""

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
        tau_rs: Any = 1.0,  # 1: separation of the time scales of x_rs and y_rs
        I_rs: Any = 0.0,  # 1: constant input of the resting-state population
        a_rs: Any = -2.0,  # 1: vertical shift of the nullcline of y_rs
        b_rs: Any = -10.0,  # 1: linear coefficient of x_rs in y_rs
        d_rs: Any = 0.02,  # 1: rate of the resting-state population
        e_rs: Any = 3.0,  # 1: quadratic coefficient of x_rs
        f_rs: Any = 1.0,  # 1: cubic coefficient of x_rs
        alpha_rs: Any = 1.0,  # 1: strength of y_rs on x_rs
        beta_rs: Any = 1.0,  # 1: decay of y_rs
        gamma_rs: Any = 1.0,  # 1: strength of inputs on x_rs
        K_rs: Any = 1.0,  # 1: strength of the coupling of the resting-state populations
        p: Any = 0.0,  # 1: share of the epileptogenic population in the signal
        init_x1: Any = -1.5,  # 1: fast discharges
        init_y1: Any = -10.0,  # 1: recovery of the fast discharges
        init_z: Any = 3.5,  # 1: slow permittivity
        init_x2: Any = -1.0,  # 1: spike-and-wave events
        init_y2: Any = 0.0,  # 1: recovery of the spike-and-wave events
        init_g: Any = 0.0,  # 1: low-pass filter of x1
        init_x_rs: Any = 0.0,  # 1: potential of the resting-state population
        init_y_rs: Any = 0.0,  # 1: recovery of the resting-state population
        noise_x1: Any = None,  # 1/sqrt(ms)
        noise_y1: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        noise_x2: Any = None,  # 1/sqrt(ms)
        noise_y2: Any = None,  # 1/sqrt(ms)
        noise_g: Any = None,  # 1/sqrt(ms)
        noise_x_rs: Any = None,  # 1/sqrt(ms)
        noise_y_rs: Any = None,  # 1/sqrt(ms)
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
    tau_rs: Any
    I_rs: Any
    a_rs: Any
    b_rs: Any
    d_rs: Any
    e_rs: Any
    f_rs: Any
    alpha_rs: Any
    beta_rs: Any
    gamma_rs: Any
    K_rs: Any
    p: Any
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
    init_x_rs: Any
    noise_x_rs: Any
    init_y_rs: Any
    noise_y_rs: Any
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
    def x_rs(self) -> Signal: ...
    @property
    def y_rs(self) -> Signal: ...
    @property
    def lfp(self) -> Signal: ...
    @property
    def x1_inp(self) -> Signal: ...
    @property
    def x2_inp(self) -> Signal: ...
    @property
    def x_rs_inp(self) -> Signal: ...

class HindmarshRoseStep(Model):
    """Hindmarsh-Rose model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 1.0,  # 1: cubic coefficient of x
        b: Any = 3.0,  # 1: quadratic coefficient of x
        c: Any = 1.0,  # 1: offset of the recovery
        d: Any = 5.0,  # 1: quadratic coefficient of the recovery
        r: Any = 0.001,  # 1: rate of the slow current
        s: Any = 4.0,  # 1: how far the slow current follows the potential
        x_1: Any = -1.6,  # 1: potential at which the slow current vanishes
        I: Any = 2.0,  # 1: constant drive
        init_x: Any = -1.6,  # 1: membrane potential
        init_y: Any = -11.8,  # 1: fast recovery
        init_z: Any = 0.0,  # 1: slow current
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    b: Any
    c: Any
    d: Any
    r: Any
    s: Any
    x_1: Any
    I: Any
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

class MorrisLecarStep(Model):
    """Morris-Lecar model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        gCa: Any = 4.0,  # mS: calcium conductance per cm^2
        gK: Any = 8.0,  # mS: potassium conductance per cm^2
        gL: Any = 2.0,  # mS: leak conductance per cm^2
        C: Any = 20.0,  # uF: membrane capacitance per cm^2
        lambda_Nbar: Any = 0.06666667,  # /ms: largest rate of the potassium channels
        V1: Any = 10.0,  # mV: potential at which half of the calcium channels are open
        V2: Any = 15.0,  # mV: width of the calcium threshold
        V3: Any = -1.0,  # mV: potential at which half of the potassium channels are open
        V4: Any = 14.5,  # mV: width of the potassium threshold
        VCa: Any = 100.0,  # mV: calcium Nernst potential
        VK: Any = -70.0,  # mV: potassium Nernst potential
        VL: Any = -50.0,  # mV: leak Nernst potential
        I: Any = 0.0,  # uA: constant current per cm^2
        init_V: Any = -40.0,  # mV: membrane potential
        init_N: Any = 0.0,  # 1: open fraction of the potassium channels
        noise_V: Any = None,  # mV/sqrt(ms)
        noise_N: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    gCa: Any
    gK: Any
    gL: Any
    C: Any
    lambda_Nbar: Any
    V1: Any
    V2: Any
    V3: Any
    V4: Any
    VCa: Any
    VK: Any
    VL: Any
    I: Any
    init_V: Any
    noise_V: Any
    init_N: Any
    noise_N: Any
    @property
    def V(self) -> Signal: ...
    @property
    def N(self) -> Signal: ...
    @property
    def V_inp(self) -> Signal: ...

class LarterStep(Model):
    """Larter model of an epileptic network of hippocampus."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        gCa: Any = 1.1,  # 1: calcium conductance
        gK: Any = 2.0,  # 1: potassium conductance
        gL: Any = 0.5,  # 1: leak conductance
        phi: Any = 0.7,  # 1: temperature factor of the potassium channels
        V1: Any = -0.01,  # 1: threshold of the calcium channels
        V2: Any = 0.15,  # 1: width of the calcium threshold
        V3: Any = 0.0,  # 1: threshold of the potassium channels
        V4: Any = 0.3,  # 1: width of the potassium threshold
        V5: Any = 0.0,  # 1: threshold of the excitation of the interneuron
        V6: Any = 0.6,  # 1: width of the synaptic thresholds
        V7: Any = 0.0,  # 1: threshold of the inhibition of the pyramidal cell
        VK: Any = -0.7,  # 1: potassium Nernst potential
        VL: Any = -0.5,  # 1: leak Nernst potential
        a_exc: Any = 1.0,  # 1: strength of the excitation of the interneuron
        a_inh: Any = 1.0,  # 1: strength of the inhibition of the pyramidal cell
        b: Any = 0.1,  # 1: rate of the interneuron
        c: Any = 0.165,  # 1: share of the input that reaches the interneuron
        Iext: Any = 0.3,  # 1: constant input
        init_V: Any = -0.1,  # 1: membrane potential of the pyramidal cell
        init_W: Any = 0.3,  # 1: open fraction of its potassium channels
        init_Z: Any = 0.05,  # 1: membrane potential of the interneuron
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_W: Any = None,  # 1/sqrt(ms)
        noise_Z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    gCa: Any
    gK: Any
    gL: Any
    phi: Any
    V1: Any
    V2: Any
    V3: Any
    V4: Any
    V5: Any
    V6: Any
    V7: Any
    VK: Any
    VL: Any
    a_exc: Any
    a_inh: Any
    b: Any
    c: Any
    Iext: Any
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
    def VK_inp(self) -> Signal: ...

class ReducedFitzHughNagumoStep(Model):
    """Modes of FitzHugh-Nagumo populations."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 3.0,  # 1: separation of the time scales of potential and recovery
        a: Any = 0.45,  # 1: offset of the recovery
        b: Any = 0.9,  # 1: decay of the recovery
        K11: Any = 0.5,  # 1: coupling of the excitatory neurons with each other
        K12: Any = 0.15,  # 1: inhibition of the excitatory neurons
        K21: Any = 0.15,  # 1: excitation of the inhibitory neurons
        sigma: Any = 0.35,  # 1: standard deviation of the excitabilities
        mu: Any = 0.0,  # 1: mean of the excitabilities
        I0_1: Any = 1.6668762461300364,  # 1: integral of the mode over a standard normal excitability, component 1
        I0_2: Any = 0.9278169186250886,  # 1: integral of the mode over a standard normal excitability, component 2
        I0_3: Any = 1.6668762461300455,  # 1: integral of the mode over a standard normal excitability, component 3
        J_1: Any = 0.19966484128123962,  # 1: integral of the mode times the standard normal density, component 1
        J_2: Any = 0.3590271291844713,  # 1: integral of the mode times the standard normal density, component 2
        J_3: Any = 0.19966484128123854,  # 1: integral of the mode times the standard normal density, component 3
        I1_1: Any = -3.033148827134953,  # 1: integral of the mode times the excitability, component 1
        I1_2: Any = 0.0,  # 1: integral of the mode times the excitability, component 2
        I1_3: Any = 3.0331488271349967,  # 1: integral of the mode times the excitability, component 3
        I3_1: Any = 0.3599094787464383,  # 1: integral of the fourth power of the mode, component 1
        I3_2: Any = 1.1616503426964107,  # 1: integral of the fourth power of the mode, component 2
        I3_3: Any = 0.3599094787464345,  # 1: integral of the fourth power of the mode, component 3
        init_xi_1: Any = 0.0,  # 1: potential of the excitatory neurons, component 1
        init_xi_2: Any = 0.05,  # 1: potential of the excitatory neurons, component 2
        init_xi_3: Any = 0.1,  # 1: potential of the excitatory neurons, component 3
        init_eta_1: Any = 0.0,  # 1: recovery of the excitatory neurons, component 1
        init_eta_2: Any = 0.0,  # 1: recovery of the excitatory neurons, component 2
        init_eta_3: Any = 0.0,  # 1: recovery of the excitatory neurons, component 3
        init_alpha_1: Any = 0.0,  # 1: potential of the inhibitory neurons, component 1
        init_alpha_2: Any = 0.05,  # 1: potential of the inhibitory neurons, component 2
        init_alpha_3: Any = 0.1,  # 1: potential of the inhibitory neurons, component 3
        init_beta_1: Any = 0.0,  # 1: recovery of the inhibitory neurons, component 1
        init_beta_2: Any = 0.0,  # 1: recovery of the inhibitory neurons, component 2
        init_beta_3: Any = 0.0,  # 1: recovery of the inhibitory neurons, component 3
        noise_xi_1: Any = None,  # 1/sqrt(ms)
        noise_xi_2: Any = None,  # 1/sqrt(ms)
        noise_xi_3: Any = None,  # 1/sqrt(ms)
        noise_eta_1: Any = None,  # 1/sqrt(ms)
        noise_eta_2: Any = None,  # 1/sqrt(ms)
        noise_eta_3: Any = None,  # 1/sqrt(ms)
        noise_alpha_1: Any = None,  # 1/sqrt(ms)
        noise_alpha_2: Any = None,  # 1/sqrt(ms)
        noise_alpha_3: Any = None,  # 1/sqrt(ms)
        noise_beta_1: Any = None,  # 1/sqrt(ms)
        noise_beta_2: Any = None,  # 1/sqrt(ms)
        noise_beta_3: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    a: Any
    b: Any
    K11: Any
    K12: Any
    K21: Any
    sigma: Any
    mu: Any
    I0_1: Any
    I0_2: Any
    I0_3: Any
    J_1: Any
    J_2: Any
    J_3: Any
    I1_1: Any
    I1_2: Any
    I1_3: Any
    I3_1: Any
    I3_2: Any
    I3_3: Any
    init_xi_1: Any
    noise_xi_1: Any
    init_xi_2: Any
    noise_xi_2: Any
    init_xi_3: Any
    noise_xi_3: Any
    init_eta_1: Any
    noise_eta_1: Any
    init_eta_2: Any
    noise_eta_2: Any
    init_eta_3: Any
    noise_eta_3: Any
    init_alpha_1: Any
    noise_alpha_1: Any
    init_alpha_2: Any
    noise_alpha_2: Any
    init_alpha_3: Any
    noise_alpha_3: Any
    init_beta_1: Any
    noise_beta_1: Any
    init_beta_2: Any
    noise_beta_2: Any
    init_beta_3: Any
    noise_beta_3: Any
    @property
    def xi_1(self) -> Signal: ...
    @property
    def xi_2(self) -> Signal: ...
    @property
    def xi_3(self) -> Signal: ...
    @property
    def eta_1(self) -> Signal: ...
    @property
    def eta_2(self) -> Signal: ...
    @property
    def eta_3(self) -> Signal: ...
    @property
    def alpha_1(self) -> Signal: ...
    @property
    def alpha_2(self) -> Signal: ...
    @property
    def alpha_3(self) -> Signal: ...
    @property
    def beta_1(self) -> Signal: ...
    @property
    def beta_2(self) -> Signal: ...
    @property
    def beta_3(self) -> Signal: ...
    @property
    def activity(self) -> Signal: ...
    @property
    def xi_inp(self) -> Signal: ...

class ReducedHindmarshRoseStep(Model):
    """Modes of Hindmarsh-Rose populations."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        r: Any = 0.006,  # 1: rate of the slow current
        a: Any = 1.0,  # 1: cubic coefficient of the potential
        b: Any = 3.0,  # 1: quadratic coefficient of the potential
        c: Any = 1.0,  # 1: offset of the fast recovery
        d: Any = 5.0,  # 1: quadratic coefficient of the fast recovery
        s: Any = 4.0,  # 1: how far the slow current follows the potential
        xo: Any = -1.6,  # 1: potential at which the slow current vanishes
        K11: Any = 0.5,  # 1: coupling of the excitatory neurons with each other
        K12: Any = 0.1,  # 1: inhibition of the excitatory neurons
        K21: Any = 0.15,  # 1: excitation of the inhibitory neurons
        sigma: Any = 0.3,  # 1: standard deviation of the drives
        mu: Any = 1.1,  # 1: mean of the drives
        I0_1: Any = 1.6668762461300364,  # 1: integral of the mode over a standard normal drive, component 1
        I0_2: Any = 0.9278169186250886,  # 1: integral of the mode over a standard normal drive, component 2
        I0_3: Any = 1.6668762461300455,  # 1: integral of the mode over a standard normal drive, component 3
        J_1: Any = 0.19966484128123962,  # 1: integral of the mode times the standard normal density, component 1
        J_2: Any = 0.3590271291844713,  # 1: integral of the mode times the standard normal density, component 2
        J_3: Any = 0.19966484128123854,  # 1: integral of the mode times the standard normal density, component 3
        I1_1: Any = -3.033148827134953,  # 1: integral of the mode times the drive, component 1
        I1_2: Any = 0.0,  # 1: integral of the mode times the drive, component 2
        I1_3: Any = 3.0331488271349967,  # 1: integral of the mode times the drive, component 3
        I2_1: Any = 0.5999245608794812,  # 1: integral of the third power of the mode, component 1
        I2_2: Any = 1.077798841480362,  # 1: integral of the third power of the mode, component 2
        I2_3: Any = 0.5999245608794779,  # 1: integral of the third power of the mode, component 3
        I3_1: Any = 0.3599094787464383,  # 1: integral of the fourth power of the mode, component 1
        I3_2: Any = 1.1616503426964107,  # 1: integral of the fourth power of the mode, component 2
        I3_3: Any = 0.3599094787464345,  # 1: integral of the fourth power of the mode, component 3
        init_xi_1: Any = -1.0,  # 1: potential of the excitatory neurons, component 1
        init_xi_2: Any = -1.0,  # 1: potential of the excitatory neurons, component 2
        init_xi_3: Any = -1.0,  # 1: potential of the excitatory neurons, component 3
        init_eta_1: Any = -5.0,  # 1: fast recovery of the excitatory neurons, component 1
        init_eta_2: Any = -5.0,  # 1: fast recovery of the excitatory neurons, component 2
        init_eta_3: Any = -5.0,  # 1: fast recovery of the excitatory neurons, component 3
        init_tau_1: Any = 3.0,  # 1: slow current of the excitatory neurons, component 1
        init_tau_2: Any = 3.0,  # 1: slow current of the excitatory neurons, component 2
        init_tau_3: Any = 3.0,  # 1: slow current of the excitatory neurons, component 3
        init_alpha_1: Any = -1.0,  # 1: potential of the inhibitory neurons, component 1
        init_alpha_2: Any = -1.0,  # 1: potential of the inhibitory neurons, component 2
        init_alpha_3: Any = -1.0,  # 1: potential of the inhibitory neurons, component 3
        init_beta_1: Any = -5.0,  # 1: fast recovery of the inhibitory neurons, component 1
        init_beta_2: Any = -5.0,  # 1: fast recovery of the inhibitory neurons, component 2
        init_beta_3: Any = -5.0,  # 1: fast recovery of the inhibitory neurons, component 3
        init_gamma_1: Any = 3.0,  # 1: slow current of the inhibitory neurons, component 1
        init_gamma_2: Any = 3.0,  # 1: slow current of the inhibitory neurons, component 2
        init_gamma_3: Any = 3.0,  # 1: slow current of the inhibitory neurons, component 3
        noise_xi_1: Any = None,  # 1/sqrt(ms)
        noise_xi_2: Any = None,  # 1/sqrt(ms)
        noise_xi_3: Any = None,  # 1/sqrt(ms)
        noise_eta_1: Any = None,  # 1/sqrt(ms)
        noise_eta_2: Any = None,  # 1/sqrt(ms)
        noise_eta_3: Any = None,  # 1/sqrt(ms)
        noise_tau_1: Any = None,  # 1/sqrt(ms)
        noise_tau_2: Any = None,  # 1/sqrt(ms)
        noise_tau_3: Any = None,  # 1/sqrt(ms)
        noise_alpha_1: Any = None,  # 1/sqrt(ms)
        noise_alpha_2: Any = None,  # 1/sqrt(ms)
        noise_alpha_3: Any = None,  # 1/sqrt(ms)
        noise_beta_1: Any = None,  # 1/sqrt(ms)
        noise_beta_2: Any = None,  # 1/sqrt(ms)
        noise_beta_3: Any = None,  # 1/sqrt(ms)
        noise_gamma_1: Any = None,  # 1/sqrt(ms)
        noise_gamma_2: Any = None,  # 1/sqrt(ms)
        noise_gamma_3: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    r: Any
    a: Any
    b: Any
    c: Any
    d: Any
    s: Any
    xo: Any
    K11: Any
    K12: Any
    K21: Any
    sigma: Any
    mu: Any
    I0_1: Any
    I0_2: Any
    I0_3: Any
    J_1: Any
    J_2: Any
    J_3: Any
    I1_1: Any
    I1_2: Any
    I1_3: Any
    I2_1: Any
    I2_2: Any
    I2_3: Any
    I3_1: Any
    I3_2: Any
    I3_3: Any
    init_xi_1: Any
    noise_xi_1: Any
    init_xi_2: Any
    noise_xi_2: Any
    init_xi_3: Any
    noise_xi_3: Any
    init_eta_1: Any
    noise_eta_1: Any
    init_eta_2: Any
    noise_eta_2: Any
    init_eta_3: Any
    noise_eta_3: Any
    init_tau_1: Any
    noise_tau_1: Any
    init_tau_2: Any
    noise_tau_2: Any
    init_tau_3: Any
    noise_tau_3: Any
    init_alpha_1: Any
    noise_alpha_1: Any
    init_alpha_2: Any
    noise_alpha_2: Any
    init_alpha_3: Any
    noise_alpha_3: Any
    init_beta_1: Any
    noise_beta_1: Any
    init_beta_2: Any
    noise_beta_2: Any
    init_beta_3: Any
    noise_beta_3: Any
    init_gamma_1: Any
    noise_gamma_1: Any
    init_gamma_2: Any
    noise_gamma_2: Any
    init_gamma_3: Any
    noise_gamma_3: Any
    @property
    def xi_1(self) -> Signal: ...
    @property
    def xi_2(self) -> Signal: ...
    @property
    def xi_3(self) -> Signal: ...
    @property
    def eta_1(self) -> Signal: ...
    @property
    def eta_2(self) -> Signal: ...
    @property
    def eta_3(self) -> Signal: ...
    @property
    def tau_1(self) -> Signal: ...
    @property
    def tau_2(self) -> Signal: ...
    @property
    def tau_3(self) -> Signal: ...
    @property
    def alpha_1(self) -> Signal: ...
    @property
    def alpha_2(self) -> Signal: ...
    @property
    def alpha_3(self) -> Signal: ...
    @property
    def beta_1(self) -> Signal: ...
    @property
    def beta_2(self) -> Signal: ...
    @property
    def beta_3(self) -> Signal: ...
    @property
    def gamma_1(self) -> Signal: ...
    @property
    def gamma_2(self) -> Signal: ...
    @property
    def gamma_3(self) -> Signal: ...
    @property
    def activity(self) -> Signal: ...
    @property
    def xi_inp(self) -> Signal: ...

class CoombesByrneSynapseStep(Model):
    """Coombes-Byrne model with synapses of finite speed."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = 20.0,  # 1: centre of the distribution of excitabilities
        k: Any = 1.0,  # 1: strength of the synapses; without them the rate model of Montbrió et al. with J = 0 remains
        v_syn: Any = -10.0,  # 1: reversal potential of the synapses; negative for inhibition
        alpha: Any = 0.95,  # 1: rate of the synapses; they act at once as it goes to infinity
        init_r: Any = 0.1,  # 1: firing rate of the population
        init_v: Any = 0.0,  # 1: mean membrane potential
        init_g: Any = 0.0,  # 1: synaptic conductance
        init_q: Any = 0.0,  # 1: rate of change of the conductance divided by alpha
        noise_r: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_g: Any = None,  # 1/sqrt(ms)
        noise_q: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    Delta: Any
    eta: Any
    k: Any
    v_syn: Any
    alpha: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_g: Any
    noise_g: Any
    init_q: Any
    noise_q: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def g(self) -> Signal: ...
    @property
    def q(self) -> Signal: ...
    @property
    def synchrony(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class DumontGutkinStep(Model):
    """Dumont-Gutkin model of an excitatory and an inhibitory population."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        I_e: Any = 0.0,  # 1: constant current into the excitatory population
        Delta_e: Any = 1.0,  # 1: half-width of the excitatory distribution of excitabilities
        eta_e: Any = -5.0,  # 1: centre of the excitatory distribution of excitabilities
        tau_e: Any = 10.0,  # ms: membrane time constant of the excitatory cells
        I_i: Any = 0.0,  # 1: constant current into the inhibitory population
        Delta_i: Any = 1.0,  # 1: half-width of the inhibitory distribution of excitabilities
        eta_i: Any = -5.0,  # 1: centre of the inhibitory distribution of excitabilities
        tau_i: Any = 10.0,  # ms: membrane time constant of the inhibitory cells
        tau_s: Any = 1.0,  # ms: time constant of the synapses
        J_ee: Any = 0.0,  # 1: weight of E on E
        J_ei: Any = 10.0,  # 1: weight of I on E
        J_ie: Any = 0.0,  # 1: weight of E on I
        J_ii: Any = 15.0,  # 1: weight of I on I
        Gamma: Any = 5.0,  # 1: weight of the coupling on the inhibitory population, relative to that on the excitatory one
        init_r_e: Any = 0.01,  # /ms: firing rate of the excitatory population
        init_V_e: Any = -2.0,  # 1: mean potential of the excitatory population
        init_s_ee: Any = 0.0,  # /ms: synaptic activation of the excitatory population by itself and by other regions
        init_s_ei: Any = 0.0,  # /ms: synaptic activation of the excitatory population by the inhibitory one
        init_r_i: Any = 0.01,  # /ms: firing rate of the inhibitory population
        init_V_i: Any = -2.0,  # 1: mean potential of the inhibitory population
        init_s_ie: Any = 0.0,  # /ms: synaptic activation of the inhibitory population by the excitatory one and by other regions
        init_s_ii: Any = 0.0,  # /ms: synaptic activation of the inhibitory population by itself
        noise_r_e: Any = None,  # /ms/sqrt(ms)
        noise_V_e: Any = None,  # 1/sqrt(ms)
        noise_s_ee: Any = None,  # /ms/sqrt(ms)
        noise_s_ei: Any = None,  # /ms/sqrt(ms)
        noise_r_i: Any = None,  # /ms/sqrt(ms)
        noise_V_i: Any = None,  # 1/sqrt(ms)
        noise_s_ie: Any = None,  # /ms/sqrt(ms)
        noise_s_ii: Any = None,  # /ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    I_e: Any
    Delta_e: Any
    eta_e: Any
    tau_e: Any
    I_i: Any
    Delta_i: Any
    eta_i: Any
    tau_i: Any
    tau_s: Any
    J_ee: Any
    J_ei: Any
    J_ie: Any
    J_ii: Any
    Gamma: Any
    init_r_e: Any
    noise_r_e: Any
    init_V_e: Any
    noise_V_e: Any
    init_s_ee: Any
    noise_s_ee: Any
    init_s_ei: Any
    noise_s_ei: Any
    init_r_i: Any
    noise_r_i: Any
    init_V_i: Any
    noise_V_i: Any
    init_s_ie: Any
    noise_s_ie: Any
    init_s_ii: Any
    noise_s_ii: Any
    @property
    def r_e(self) -> Signal: ...
    @property
    def V_e(self) -> Signal: ...
    @property
    def s_ee(self) -> Signal: ...
    @property
    def s_ei(self) -> Signal: ...
    @property
    def r_i(self) -> Signal: ...
    @property
    def V_i(self) -> Signal: ...
    @property
    def s_ie(self) -> Signal: ...
    @property
    def s_ii(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...

class QifAdaptationStep(Model):
    """QIF population with spike-frequency adaptation."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        J: Any = 15.0,  # 1: synaptic weight
        alpha: Any = 0.5,  # 1: strength of the adaptation: how much of it each spike of a neuron adds
        tau_a: Any = 10.0,  # ms: time constant of the adaptation
        init_r: Any = 0.01,  # /ms: firing rate of the population
        init_v: Any = -2.0,  # 1: mean membrane potential
        init_a: Any = 0.0,  # 1: adaptation
        init_x: Any = 0.0,  # 1: rate of change of the adaptation times tau_a
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_a: Any = None,  # 1/sqrt(ms)
        noise_x: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    J: Any
    alpha: Any
    tau_a: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_a: Any
    noise_a: Any
    init_x: Any
    noise_x: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def a(self) -> Signal: ...
    @property
    def x(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class QifDepressionStep(Model):
    """QIF population with synaptic depression and distributed delays."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        J: Any = 15.0,  # 1: weight of a synapse with all its resources
        tau_x: Any = 100.0,  # ms: time constant of the recovery of the resources
        k: Any = 1.0,  # 1: share of the resources that a spike uses up
        delay_rate: Any = 8.0,  # /ms: rate of each of the six stages of the delay
        init_r: Any = 0.01,  # /ms: firing rate of the population
        init_v: Any = -2.0,  # 1: mean membrane potential
        init_x: Any = 1.0,  # 1: share of the synaptic resources that is left
        init_d1: Any = 0.0,  # /ms: what has passed the first stage of the delay
        init_d2: Any = 0.0,  # /ms: what has passed the second stage of the delay
        init_d3: Any = 0.0,  # /ms: what has passed the third stage of the delay
        init_d4: Any = 0.0,  # /ms: what has passed the fourth stage of the delay
        init_d5: Any = 0.0,  # /ms: what has passed the fifth stage of the delay
        init_d6: Any = 0.0,  # /ms: what arrives, after the whole delay
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_d1: Any = None,  # /ms/sqrt(ms)
        noise_d2: Any = None,  # /ms/sqrt(ms)
        noise_d3: Any = None,  # /ms/sqrt(ms)
        noise_d4: Any = None,  # /ms/sqrt(ms)
        noise_d5: Any = None,  # /ms/sqrt(ms)
        noise_d6: Any = None,  # /ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    J: Any
    tau_x: Any
    k: Any
    delay_rate: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_x: Any
    noise_x: Any
    init_d1: Any
    noise_d1: Any
    init_d2: Any
    noise_d2: Any
    init_d3: Any
    noise_d3: Any
    init_d4: Any
    noise_d4: Any
    init_d5: Any
    noise_d5: Any
    init_d6: Any
    noise_d6: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def x(self) -> Signal: ...
    @property
    def d1(self) -> Signal: ...
    @property
    def d2(self) -> Signal: ...
    @property
    def d3(self) -> Signal: ...
    @property
    def d4(self) -> Signal: ...
    @property
    def d5(self) -> Signal: ...
    @property
    def d6(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class QifGapJunctionStep(Model):
    """QIF population with chemical and electrical synapses."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        J: Any = 15.0,  # 1: weight of the chemical synapses
        g: Any = 0.0,  # 1: strength of the gap junctions
        init_r: Any = 0.01,  # /ms: firing rate of the population
        init_v: Any = -2.0,  # 1: mean membrane potential
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    J: Any
    g: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class QifConductanceStep(Model):
    """QIF population with conductance-based synapses."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        g: Any = 5.0,  # /ms: conductance of the open synapses per membrane capacitance
        e_r: Any = 1.0,  # 1: reversal potential: above the potentials for excitation, below for inhibition
        tau_s: Any = 2.0,  # ms: time constant of the synapses
        J: Any = 1.0,  # 1: weight of the recurrent connections
        init_r: Any = 0.01,  # /ms: firing rate of the population
        init_v: Any = -2.0,  # 1: mean membrane potential
        init_s: Any = 0.0,  # 1: synaptic activation
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_s: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    g: Any
    e_r: Any
    tau_s: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_s: Any
    noise_s: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def s(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...
    @property
    def s_inp(self) -> Signal: ...

class QifTsodyksStep(Model):
    """QIF population with short-term plasticity."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        J: Any = 15.0,  # 1: weight of a synapse that releases all its resources
        tau_x: Any = 100.0,  # ms: time constant of the recovery from depression
        k: Any = 0.1,  # 1: factor on the use of resources; 1 in the published equations
        U0: Any = 0.6,  # 1: probability of release at rest
        tau_u: Any = 200.0,  # ms: time constant of the facilitation
        init_r: Any = 0.01,  # /ms: firing rate of the population
        init_v: Any = -2.0,  # 1: mean membrane potential
        init_x: Any = 1.0,  # 1: share of the synaptic resources that is left
        init_u: Any = 0.6,  # 1: probability of release
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_u: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    J: Any
    tau_x: Any
    k: Any
    U0: Any
    tau_u: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_x: Any
    noise_x: Any
    init_u: Any
    noise_u: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def x(self) -> Signal: ...
    @property
    def u(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class ThetaPopulationStep(Model):
    """Theta neurons in terms of their order parameter."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # ms: membrane time constant
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        eta: Any = -5.0,  # 1: centre of the distribution of excitabilities
        J: Any = 15.0,  # 1: synaptic weight
        init_x: Any = -0.6,  # 1: real part of the order parameter
        init_y: Any = -0.8,  # 1: imaginary part of the order parameter
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Delta: Any
    eta: Any
    J: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def potential(self) -> Signal: ...
    @property
    def synchrony(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class IzhikevichStep(Model):
    """Izhikevich neurons with distributed currents."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        C: Any = 100.0,  # pF: membrane capacitance
        k: Any = 1.0,  # nS/mV: how steeply the membrane current grows with the potential
        v_r: Any = -70.0,  # mV: resting potential
        v_theta: Any = -40.0,  # mV: threshold potential
        eta: Any = 0.0,  # pA: centre of the distribution of background currents
        Delta: Any = 0.02,  # mV^2: half-width of the distribution of background currents divided by k
        g: Any = 0.5,  # nS: conductance of the open synapses
        E_r: Any = 0.0,  # mV: reversal potential of the synapses
        tau_s: Any = 5.0,  # ms: time constant of the synapses
        a: Any = 0.008,  # /ms: rate of the recovery
        b: Any = -0.01,  # nS: how the recovery follows the potential
        d: Any = 10.0,  # pA: what a spike of every neuron adds to the recovery
        J: Any = 1.0,  # 1: weight of the recurrent connections
        init_r: Any = 0.0,  # /ms: firing rate of the population
        init_v: Any = -60.0,  # mV: mean membrane potential
        init_u: Any = 0.0,  # pA: recovery current
        init_s: Any = 0.0,  # 1: synaptic activation
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # mV/sqrt(ms)
        noise_u: Any = None,  # pA/sqrt(ms)
        noise_s: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    C: Any
    k: Any
    v_r: Any
    v_theta: Any
    eta: Any
    Delta: Any
    g: Any
    E_r: Any
    tau_s: Any
    a: Any
    b: Any
    d: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_u: Any
    noise_u: Any
    init_s: Any
    noise_s: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def u(self) -> Signal: ...
    @property
    def s(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...
    @property
    def s_inp(self) -> Signal: ...

class IzhikevichThresholdsStep(Model):
    """Izhikevich neurons with distributed thresholds."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        C: Any = 100.0,  # pF: membrane capacitance
        k: Any = 1.0,  # nS/mV: how steeply the membrane current grows with the potential
        v_r: Any = -70.0,  # mV: resting potential
        v_theta: Any = -40.0,  # mV: threshold potential
        Delta: Any = 0.02,  # mV: half-width of the distribution of thresholds
        g: Any = 0.5,  # nS: conductance of the open synapses
        E_r: Any = 0.0,  # mV: reversal potential of the synapses
        tau_s: Any = 5.0,  # ms: time constant of the synapses
        a: Any = 0.008,  # /ms: rate of the recovery
        b: Any = -0.01,  # nS: how the recovery follows the potential
        d: Any = 10.0,  # pA: what a spike of every neuron adds to the recovery
        J: Any = 1.0,  # 1: weight of the recurrent connections
        init_r: Any = 0.0,  # /ms: firing rate of the population
        init_v: Any = -60.0,  # mV: mean membrane potential
        init_u: Any = 0.0,  # pA: recovery current
        init_s: Any = 0.0,  # 1: synaptic activation
        noise_r: Any = None,  # /ms/sqrt(ms)
        noise_v: Any = None,  # mV/sqrt(ms)
        noise_u: Any = None,  # pA/sqrt(ms)
        noise_s: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    C: Any
    k: Any
    v_r: Any
    v_theta: Any
    Delta: Any
    g: Any
    E_r: Any
    tau_s: Any
    a: Any
    b: Any
    d: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_u: Any
    noise_u: Any
    init_s: Any
    noise_s: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def u(self) -> Signal: ...
    @property
    def s(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...
    @property
    def s_inp(self) -> Signal: ...

class IzhikevichScaledStep(Model):
    """Izhikevich neurons in scaled variables."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # 1: membrane time constant
        alpha: Any = 0.6,  # 1: threshold potential
        eta: Any = 0.0,  # 1: centre of the distribution of background currents
        Delta: Any = 0.02,  # 1: half-width of the distribution of background currents
        g: Any = 0.5,  # 1: conductance of the open synapses
        E_r: Any = 1.0,  # 1: reversal potential of the synapses
        tau_s: Any = 2.6,  # 1: time constant of the synapses
        a: Any = 0.008,  # 1: rate of the recovery
        b: Any = -0.01,  # 1: how the recovery follows the potential
        d: Any = 0.02,  # 1: what a spike of every neuron adds to the recovery
        J: Any = 1.0,  # 1: weight of the recurrent connections
        init_r: Any = 0.0,  # 1: firing rate of the population
        init_v: Any = 0.0,  # 1: mean membrane potential above rest
        init_u: Any = 0.0,  # 1: recovery
        init_s: Any = 0.0,  # 1: synaptic activation
        noise_r: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_u: Any = None,  # 1/sqrt(ms)
        noise_s: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    alpha: Any
    eta: Any
    Delta: Any
    g: Any
    E_r: Any
    tau_s: Any
    a: Any
    b: Any
    d: Any
    J: Any
    init_r: Any
    noise_r: Any
    init_v: Any
    noise_v: Any
    init_u: Any
    noise_u: Any
    init_s: Any
    noise_s: Any
    @property
    def r(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def u(self) -> Signal: ...
    @property
    def s(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...
    @property
    def s_inp(self) -> Signal: ...

class PotassiumExchangeStep(Model):
    """Mean field of neurons that exchange potassium with a bath."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        E: Any = 0.0,  # 1: reversal potential of the synapses, mV
        K_bath: Any = 5.5,  # 1: potassium in the bath, mM
        J: Any = 0.1,  # 1: synaptic weight within the population
        eta: Any = 0.0,  # 1: mean excitability
        Delta: Any = 1.0,  # 1: half-width of the distribution of excitabilities
        c_minus: Any = -40.0,  # 1: vertex of the left parabola, mV
        R_minus: Any = 0.5,  # 1: curvature of the left parabola
        c_plus: Any = -20.0,  # 1: vertex of the right parabola, mV
        R_plus: Any = -0.5,  # 1: curvature of the right parabola
        Vstar: Any = -31.0,  # 1: potential at which the parabolas meet, mV
        Cm: Any = 1.0,  # 1: membrane capacitance
        tau_n: Any = 4.0,  # 1: time constant of the gate, ms
        gamma: Any = 0.04,  # 1: change of concentration and volume with a current
        epsilon: Any = 0.001,  # 1: rate of exchange with the bath, per ms
        init_x: Any = 0.1,  # 1: activity of the population; the firing rate is R_minus x/pi
        init_V: Any = -70.0,  # 1: mean membrane potential, mV
        init_n: Any = 0.1,  # 1: gate of the potassium channels
        init_DKi: Any = -5.0,  # 1: change of the intracellular potassium, mM
        init_Kg: Any = -10.0,  # 1: extracellular potassium that the bath supplies, mM
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_n: Any = None,  # 1/sqrt(ms)
        noise_DKi: Any = None,  # 1/sqrt(ms)
        noise_Kg: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    E: Any
    K_bath: Any
    J: Any
    eta: Any
    Delta: Any
    c_minus: Any
    R_minus: Any
    c_plus: Any
    R_plus: Any
    Vstar: Any
    Cm: Any
    tau_n: Any
    gamma: Any
    epsilon: Any
    init_x: Any
    noise_x: Any
    init_V: Any
    noise_V: Any
    init_n: Any
    noise_n: Any
    init_DKi: Any
    noise_DKi: Any
    init_Kg: Any
    noise_Kg: Any
    @property
    def x(self) -> Signal: ...
    @property
    def V(self) -> Signal: ...
    @property
    def n(self) -> Signal: ...
    @property
    def DKi(self) -> Signal: ...
    @property
    def Kg(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def K_out(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...

class GastDepressionStep(Model):
    """Spiking neurons with synaptic depression."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 1.0,  # 1: membrane time constant
        tau_A: Any = 10.0,  # 1: time constant of the adaptation
        alpha: Any = 0.5,  # 1: strength of the adaptation
        I: Any = 0.0,  # 1: current into every neuron
        Delta: Any = 2.0,  # 1: half-width of the distribution of excitabilities
        J: Any = 21.2132,  # 1: weight of the recurrent synapses
        eta: Any = -6.0,  # 1: centre of the distribution of excitabilities
        cr: Any = 1.0,  # 1: share of the coupling by rates
        cv: Any = 0.0,  # 1: share of the coupling by potentials
        init_r: Any = 0.05,  # 1: firing rate
        init_V: Any = -2.0,  # 1: mean membrane potential
        init_A: Any = 0.0,  # 1: depression
        init_B: Any = 0.0,  # 1: rate of the depression
        noise_r: Any = None,  # 1/sqrt(ms)
        noise_V: Any = None,  # 1/sqrt(ms)
        noise_A: Any = None,  # 1/sqrt(ms)
        noise_B: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    tau_A: Any
    alpha: Any
    I: Any
    Delta: Any
    J: Any
    eta: Any
    cr: Any
    cv: Any
    init_r: Any
    noise_r: Any
    init_V: Any
    noise_V: Any
    init_A: Any
    noise_A: Any
    init_B: Any
    noise_B: Any
    @property
    def r(self) -> Signal: ...
    @property
    def V(self) -> Signal: ...
    @property
    def A(self) -> Signal: ...
    @property
    def B(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...
    @property
    def V_inp(self) -> Signal: ...

class VanDerPolVelocityStep(Model):
    """Van der Pol oscillator with its velocity."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        mu: Any = 1.0,  # 1: strength of the nonlinear damping
        init_x: Any = 0.0,  # 1: position
        init_z: Any = 1.0,  # 1: velocity
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_z: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    mu: Any
    init_x: Any
    noise_x: Any
    init_z: Any
    noise_z: Any
    @property
    def x(self) -> Signal: ...
    @property
    def z(self) -> Signal: ...
    @property
    def z_inp(self) -> Signal: ...

class AlphaSwitchingStep(Model):
    """Alpha rhythm that noise switches."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        lambda_shape: Any = 4.0,  # 1: shape of the bifurcation: subcritical above 0, supercritical below
        beta: Any = -2.8,  # 1: bifurcation parameter
        w: Any = 0.06283185307179587,  # rad/ms: angular frequency
        k: Any = 0.01,  # /ms: rate at which the amplitude changes
        rho: Any = 1.0,  # 1: strength of the multiplicative noise
        init_x: Any = 0.1,  # 1: real part of the oscillation, the signal that is compared with data
        init_y: Any = 0.0,  # 1: imaginary part of the oscillation
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    lambda_shape: Any
    beta: Any
    w: Any
    k: Any
    rho: Any
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
    @property
    def xi(self) -> Signal: ...

class SubcriticalHopfStep(Model):
    """Bistable oscillator of the alpha rhythm."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        lambda_shape: Any = 4.0,  # 1: shape of the bifurcation: subcritical above 0, supercritical below
        beta: Any = -2.0,  # 1: bifurcation parameter
        w: Any = 0.06283185307179587,  # rad/ms: angular frequency
        k: Any = 0.01,  # /ms: rate at which the amplitude changes
        init_x: Any = 0.1,  # 1: real part of the oscillation, the signal that is compared with data
        init_y: Any = 0.0,  # 1: imaginary part of the oscillation
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    lambda_shape: Any
    beta: Any
    w: Any
    k: Any
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

class ForcedVanDerPolStep(Model):
    """Van der Pol oscillator under a periodic force."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        mu: Any = 1.0,  # 1: strength of the nonlinear damping
        A: Any = 1.2,  # 1: strength of the force
        omega: Any = 1.1,  # 1: angular frequency of the force
        init_x: Any = 1.0,  # 1: signal of the oscillator
        init_v: Any = 0.0,  # 1: rate of the signal
        init_t: Any = 0.0,  # 1: time since the start of the run
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_v: Any = None,  # 1/sqrt(ms)
        noise_t: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    mu: Any
    A: Any
    omega: Any
    init_x: Any
    noise_x: Any
    init_v: Any
    noise_v: Any
    init_t: Any
    noise_t: Any
    @property
    def x(self) -> Signal: ...
    @property
    def v(self) -> Signal: ...
    @property
    def t(self) -> Signal: ...
    @property
    def drive(self) -> Signal: ...
    @property
    def v_inp(self) -> Signal: ...

class KuramotoMeanFieldStep(Model):
    """Mean field of Kuramoto oscillators."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        omega: Any = 10.0,  # 1: centre of the distribution of frequencies
        Delta: Any = 1.0,  # 1: half-width of the distribution of frequencies
        K: Any = 4.0,  # 1: coupling of the oscillators to each other
        init_x: Any = 0.5,  # 1: real part of the order parameter
        init_y: Any = 0.1,  # 1: imaginary part of the order parameter
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_y: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    omega: Any
    Delta: Any
    K: Any
    init_x: Any
    noise_x: Any
    init_y: Any
    noise_y: Any
    @property
    def x(self) -> Signal: ...
    @property
    def y(self) -> Signal: ...
    @property
    def synchrony(self) -> Signal: ...
    @property
    def x_inp(self) -> Signal: ...
    @property
    def y_inp(self) -> Signal: ...

class PhaseOscillatorStep(Model):
    """Phase oscillator on the circle."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        omega: Any = 3.141592653589793,  # rad/ms: natural angular frequency
        theta_ext: Any = 0.0,  # rad/ms: constant drive
        tau_ou: Any = 5.0,  # ms: correlation time of the noise
        init_theta: Any = 1.0,  # rad: phase
        init_theta_ou: Any = 0.0,  # rad/ms: noise of the frequency
        noise_theta: Any = None,  # rad/sqrt(ms)
        noise_theta_ou: Any = None,  # rad/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    omega: Any
    theta_ext: Any
    tau_ou: Any
    init_theta: Any
    noise_theta: Any
    init_theta_ou: Any
    noise_theta_ou: Any
    @property
    def theta(self) -> Signal: ...
    @property
    def theta_ou(self) -> Signal: ...
    @property
    def wave(self) -> Signal: ...
    @property
    def theta_inp(self) -> Signal: ...

class TsodyksMarkramStep(Model):
    """Tsodyks-Markram population."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        J: Any = 3.07,  # 1/Hz: synaptic weight
        alpha: Any = 1.5,  # 1: width of the threshold
        E0: Any = -2.0,  # 1: background input
        tau: Any = 13.0,  # ms: time constant of the rate
        tauD: Any = 200.0,  # ms: time constant of the recovery from depression
        tauF: Any = 1500.0,  # ms: time constant of the facilitation
        U0: Any = 0.3,  # 1: probability of release at rest
        init_E: Any = 0.3,  # Hz: firing rate of the population
        init_x: Any = 0.98,  # 1: share of the synaptic resources that is left
        init_u: Any = 0.38,  # 1: probability of release
        noise_E: Any = None,  # Hz/sqrt(ms)
        noise_x: Any = None,  # 1/sqrt(ms)
        noise_u: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    J: Any
    alpha: Any
    E0: Any
    tau: Any
    tauD: Any
    tauF: Any
    U0: Any
    init_E: Any
    noise_E: Any
    init_x: Any
    noise_x: Any
    init_u: Any
    noise_u: Any
    @property
    def E(self) -> Signal: ...
    @property
    def x(self) -> Signal: ...
    @property
    def u(self) -> Signal: ...
    @property
    def E_inp(self) -> Signal: ...

class WilsonCowanHomeostasisStep(Model):
    """Wilson-Cowan model with inhibitory plasticity."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 10.0,  # ms: excitatory time constant
        tau_I: Any = 20.0,  # ms: inhibitory time constant
        wEE: Any = 3.5,  # 1: weight of E on E
        wIE: Any = 3.75,  # 1: weight of E on I
        wII: Any = 0.0,  # 1: weight of I on I
        mu: Any = 1.0,  # 1: threshold of the response
        sigma: Any = 0.25,  # 1: width of the threshold
        r: Any = 0.5,  # 1: length of the refractory period relative to the time constant
        P: Any = 0.4,  # 1: constant drive of the excitatory population
        Q: Any = 0.0,  # 1: constant drive of the inhibitory population
        rhoE: Any = 0.14,  # 1: target of the excitatory rate
        tau_ip: Any = 2.0,  # s: time constant of the plasticity
        init_rE: Any = 0.1,  # 1: rate of the excitatory population
        init_rI: Any = 0.1,  # 1: rate of the inhibitory population
        init_wEI: Any = 2.5,  # 1: weight of I on E, which learns
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        noise_wEI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_E: Any
    tau_I: Any
    wEE: Any
    wIE: Any
    wII: Any
    mu: Any
    sigma: Any
    r: Any
    P: Any
    Q: Any
    rhoE: Any
    tau_ip: Any
    init_rE: Any
    noise_rE: Any
    init_rI: Any
    noise_rI: Any
    init_wEI: Any
    noise_wEI: Any
    @property
    def rE(self) -> Signal: ...
    @property
    def rI(self) -> Signal: ...
    @property
    def wEI(self) -> Signal: ...
    @property
    def rE_inp(self) -> Signal: ...
    @property
    def rI_inp(self) -> Signal: ...

class ThalamusStep(Model):
    """Thalamic relay and reticular cells."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau: Any = 20.0,  # ms: membrane time constant
        Q_max: Any = 0.4,  # /ms: maximal firing rate
        C1: Any = 1.8137993642,  # 1: steepness of the sigmoid of the rates, pi/sqrt(3)
        theta: Any = -58.5,  # mV: potential at which half of the maximal rate is reached
        sigma: Any = 6.0,  # mV: spread of the thresholds
        g_L: Any = 1.0,  # 1: leak conductance relative to the membrane
        E_L: Any = -70.0,  # mV: reversal potential of the leak
        g_AMPA: Any = 1.0,  # ms: strength of the excitatory synapses
        g_GABA: Any = 1.0,  # ms: strength of the inhibitory synapses
        E_AMPA: Any = 0.0,  # mV: reversal potential of the excitatory synapses
        E_GABA: Any = -70.0,  # mV: reversal potential of the inhibitory synapses
        g_LK: Any = 0.018,  # mS: potassium leak conductance per cm^2
        E_K: Any = -100.0,  # mV: Nernst potential of potassium
        g_T_t: Any = 3.0,  # mS: calcium conductance of the relay cells per cm^2
        g_T_r: Any = 2.3,  # mS: calcium conductance of the reticular cells per cm^2
        E_Ca: Any = 120.0,  # mV: Nernst potential of calcium
        g_h: Any = 0.062,  # mS: conductance of the h channels per cm^2
        g_inc: Any = 2.0,  # 1: conductance of h channels that calcium keeps open relative to the others
        E_h: Any = -40.0,  # mV: reversal potential of the h channels
        C_m: Any = 1.0,  # uF: membrane capacitance per cm^2
        alpha_Ca: Any = -5.18e-05,  # 1/(ms*uA): calcium that enters with the calcium current
        Ca_0: Any = 0.00024,  # 1: calcium at rest, mM
        tau_Ca: Any = 10.0,  # ms: time constant of the removal of calcium
        k1: Any = 25000000.0,  # 1: binding of calcium to the protein that keeps h channels open
        k2: Any = 0.0004,  # 1: unbinding of calcium
        k3: Any = 0.1,  # /ms: rate at which the protein binds to open h channels
        k4: Any = 0.001,  # /ms: rate at which the protein leaves h channels
        n_P: Any = 4.0,  # 1: calcium ions that bind to the protein
        gamma_e: Any = 0.07,  # /ms: rate constant of the excitatory synapses
        gamma_r: Any = 0.1,  # /ms: rate constant of the inhibitory synapses
        N_rt: Any = 3.0,  # 1: connections of relay cells to reticular cells
        N_tr: Any = 5.0,  # 1: connections of reticular cells to relay cells
        N_rr: Any = 25.0,  # 1: connections of reticular cells to each other
        ext_current_t: Any = 0.0,  # mV: constant current out of the relay cells, as the potential that it causes
        ext_current_r: Any = 0.0,  # mV: constant current out of the reticular cells, as the potential that it causes
        init_V_t: Any = -68.0,  # mV: potential of the relay cells
        init_V_r: Any = -68.0,  # mV: potential of the reticular cells
        init_Ca: Any = 0.00024,  # 1: calcium in the relay cells, mM
        init_h_T_t: Any = 0.0,  # 1: inactivation of the calcium current of the relay cells
        init_h_T_r: Any = 0.0,  # 1: inactivation of the calcium current of the reticular cells
        init_m_h1: Any = 0.0,  # 1: open share of the h channels
        init_m_h2: Any = 0.0,  # 1: share of the h channels that calcium keeps open
        init_s_et: Any = 0.0,  # /ms: excitatory synaptic activation of the relay cells
        init_s_gt: Any = 0.0,  # /ms: inhibitory synaptic activation of the relay cells
        init_s_er: Any = 0.0,  # /ms: excitatory synaptic activation of the reticular cells
        init_s_gr: Any = 0.0,  # /ms: inhibitory synaptic activation of the reticular cells
        init_ds_et: Any = 0.0,  # /ms^2: rate of change of s_et
        init_ds_gt: Any = 0.0,  # /ms^2: rate of change of s_gt
        init_ds_er: Any = 0.0,  # /ms^2: rate of change of s_er
        init_ds_gr: Any = 0.0,  # /ms^2: rate of change of s_gr
        noise_V_t: Any = None,  # mV/sqrt(ms)
        noise_V_r: Any = None,  # mV/sqrt(ms)
        noise_Ca: Any = None,  # 1/sqrt(ms)
        noise_h_T_t: Any = None,  # 1/sqrt(ms)
        noise_h_T_r: Any = None,  # 1/sqrt(ms)
        noise_m_h1: Any = None,  # 1/sqrt(ms)
        noise_m_h2: Any = None,  # 1/sqrt(ms)
        noise_s_et: Any = None,  # /ms/sqrt(ms)
        noise_s_gt: Any = None,  # /ms/sqrt(ms)
        noise_s_er: Any = None,  # /ms/sqrt(ms)
        noise_s_gr: Any = None,  # /ms/sqrt(ms)
        noise_ds_et: Any = None,  # /ms^2/sqrt(ms)
        noise_ds_gt: Any = None,  # /ms^2/sqrt(ms)
        noise_ds_er: Any = None,  # /ms^2/sqrt(ms)
        noise_ds_gr: Any = None,  # /ms^2/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau: Any
    Q_max: Any
    C1: Any
    theta: Any
    sigma: Any
    g_L: Any
    E_L: Any
    g_AMPA: Any
    g_GABA: Any
    E_AMPA: Any
    E_GABA: Any
    g_LK: Any
    E_K: Any
    g_T_t: Any
    g_T_r: Any
    E_Ca: Any
    g_h: Any
    g_inc: Any
    E_h: Any
    C_m: Any
    alpha_Ca: Any
    Ca_0: Any
    tau_Ca: Any
    k1: Any
    k2: Any
    k3: Any
    k4: Any
    n_P: Any
    gamma_e: Any
    gamma_r: Any
    N_rt: Any
    N_tr: Any
    N_rr: Any
    ext_current_t: Any
    ext_current_r: Any
    init_V_t: Any
    noise_V_t: Any
    init_V_r: Any
    noise_V_r: Any
    init_Ca: Any
    noise_Ca: Any
    init_h_T_t: Any
    noise_h_T_t: Any
    init_h_T_r: Any
    noise_h_T_r: Any
    init_m_h1: Any
    noise_m_h1: Any
    init_m_h2: Any
    noise_m_h2: Any
    init_s_et: Any
    noise_s_et: Any
    init_s_gt: Any
    noise_s_gt: Any
    init_s_er: Any
    noise_s_er: Any
    init_s_gr: Any
    noise_s_gr: Any
    init_ds_et: Any
    noise_ds_et: Any
    init_ds_gt: Any
    noise_ds_gt: Any
    init_ds_er: Any
    noise_ds_er: Any
    init_ds_gr: Any
    noise_ds_gr: Any
    @property
    def V_t(self) -> Signal: ...
    @property
    def V_r(self) -> Signal: ...
    @property
    def Ca(self) -> Signal: ...
    @property
    def h_T_t(self) -> Signal: ...
    @property
    def h_T_r(self) -> Signal: ...
    @property
    def m_h1(self) -> Signal: ...
    @property
    def m_h2(self) -> Signal: ...
    @property
    def s_et(self) -> Signal: ...
    @property
    def s_gt(self) -> Signal: ...
    @property
    def s_er(self) -> Signal: ...
    @property
    def s_gr(self) -> Signal: ...
    @property
    def ds_et(self) -> Signal: ...
    @property
    def ds_gt(self) -> Signal: ...
    @property
    def ds_er(self) -> Signal: ...
    @property
    def ds_gr(self) -> Signal: ...
    @property
    def Q_t(self) -> Signal: ...
    @property
    def Q_r(self) -> Signal: ...
    @property
    def t_inp(self) -> Signal: ...
    @property
    def r_inp(self) -> Signal: ...

class CorticothalamicStep(Model):
    """Robinson corticothalamic model."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        Q_max: Any = 0.25,  # /ms: maximal firing rate
        theta: Any = 15.0,  # mV: mean firing threshold
        sigma: Any = 6.0,  # mV: standard deviation of the firing thresholds
        gamma_e: Any = 0.125,  # /ms: rate at which activity spreads over the cortex
        alpha: Any = 0.06,  # /ms: decay rate of the potentials
        beta: Any = 0.24,  # /ms: rise rate of the potentials
        half_loop: Any = 40.0,  # ms: delay between cortex and thalamus in one direction
        nu_ee: Any = 1.7,  # mV*s: strength of cortex on cortex
        nu_ei: Any = 1.8,  # mV*s: strength of cortical inhibition
        nu_es: Any = 1.2,  # mV*s: strength of relay nuclei on cortex
        nu_se: Any = 1.0,  # mV*s: strength of cortex on relay nuclei
        nu_sr: Any = 1.0,  # mV*s: inhibition of the relay nuclei by the reticular nucleus
        nu_re: Any = 0.4,  # mV*s: strength of cortex on the reticular nucleus
        nu_rs: Any = 0.2,  # mV*s: strength of relay nuclei on the reticular nucleus
        P: Any = 1.0,  # mV: mean potential that ascending input causes in the relay cells
        init_phi_e: Any = 0.005,  # /ms: cortical field of activity
        init_dphi_e: Any = 0.0,  # /ms^2: rate of change of phi_e
        init_V_e: Any = 0.0,  # mV: mean potential of the cortical cells
        init_dV_e: Any = 0.0,  # mV/ms: rate of change of V_e
        init_V_s: Any = 0.0,  # mV: mean potential of the relay cells
        init_dV_s: Any = 0.0,  # mV/ms: rate of change of V_s
        init_V_r: Any = 0.0,  # mV: mean potential of the reticular cells
        init_dV_r: Any = 0.0,  # mV/ms: rate of change of V_r
        noise_phi_e: Any = None,  # /ms/sqrt(ms)
        noise_dphi_e: Any = None,  # /ms^2/sqrt(ms)
        noise_V_e: Any = None,  # mV/sqrt(ms)
        noise_dV_e: Any = None,  # mV/ms/sqrt(ms)
        noise_V_s: Any = None,  # mV/sqrt(ms)
        noise_dV_s: Any = None,  # mV/ms/sqrt(ms)
        noise_V_r: Any = None,  # mV/sqrt(ms)
        noise_dV_r: Any = None,  # mV/ms/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    Q_max: Any
    theta: Any
    sigma: Any
    gamma_e: Any
    alpha: Any
    beta: Any
    half_loop: Any
    nu_ee: Any
    nu_ei: Any
    nu_es: Any
    nu_se: Any
    nu_sr: Any
    nu_re: Any
    nu_rs: Any
    P: Any
    init_phi_e: Any
    noise_phi_e: Any
    init_dphi_e: Any
    noise_dphi_e: Any
    init_V_e: Any
    noise_V_e: Any
    init_dV_e: Any
    noise_dV_e: Any
    init_V_s: Any
    noise_V_s: Any
    init_dV_s: Any
    noise_dV_s: Any
    init_V_r: Any
    noise_V_r: Any
    init_dV_r: Any
    noise_dV_r: Any
    @property
    def phi_e(self) -> Signal: ...
    @property
    def dphi_e(self) -> Signal: ...
    @property
    def V_e(self) -> Signal: ...
    @property
    def dV_e(self) -> Signal: ...
    @property
    def V_s(self) -> Signal: ...
    @property
    def dV_s(self) -> Signal: ...
    @property
    def V_r(self) -> Signal: ...
    @property
    def dV_r(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def s_inp(self) -> Signal: ...
    @property
    def e_inp(self) -> Signal: ...

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

class WilsonCowanSigmoidStep(Model):
    """Wilson-Cowan model with spontaneous activity."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_E: Any = 2.5,  # ms: excitatory time constant
        a_E: Any = 1.5,  # 1: slope of the excitatory response
        theta_E: Any = 3.0,  # 1: threshold of the excitatory response
        tau_I: Any = 3.75,  # ms: inhibitory time constant
        a_I: Any = 1.5,  # 1: slope of the inhibitory response
        theta_I: Any = 3.0,  # 1: threshold of the inhibitory response
        wEE: Any = 16.0,  # 1: weight of E on E
        wEI: Any = 12.0,  # 1: weight of I on E
        wIE: Any = 15.0,  # 1: weight of E on I
        wII: Any = 3.0,  # 1: weight of I on I
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
    @property
    def rE_noise(self) -> Signal: ...
    @property
    def rI_noise(self) -> Signal: ...

class WilsonCowanGeneralStep(Model):
    """Wilson-Cowan model with all its constants."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        wEE: Any = 12.0,  # 1: weight of E on E
        wEI: Any = 4.0,  # 1: weight of I on E
        wIE: Any = 13.0,  # 1: weight of E on I
        wII: Any = 11.0,  # 1: weight of I on I
        tau_e: Any = 10.0,  # ms: excitatory time constant
        tau_i: Any = 10.0,  # ms: inhibitory time constant
        a_e: Any = 1.2,  # 1: slope of the excitatory response
        b_e: Any = 2.8,  # 1: position of the excitatory response
        c_e: Any = 1.0,  # 1: maximum of the excitatory response
        theta_e: Any = 0.0,  # 1: threshold of the excitatory input
        a_i: Any = 1.0,  # 1: slope of the inhibitory response
        b_i: Any = 4.0,  # 1: position of the inhibitory response
        c_i: Any = 1.0,  # 1: maximum of the inhibitory response
        theta_i: Any = 0.0,  # 1: threshold of the inhibitory input
        r_e: Any = 1.0,  # 1: refractory period of the excitatory cells
        r_i: Any = 1.0,  # 1: refractory period of the inhibitory cells
        k_e: Any = 1.0,  # 1: share of the excitatory cells that can fire
        k_i: Any = 1.0,  # 1: share of the inhibitory cells that can fire
        P: Any = 0.0,  # 1: constant drive of the excitatory cells
        Q: Any = 0.0,  # 1: constant drive of the inhibitory cells
        alpha_e: Any = 1.0,  # 1: scale of the excitatory input
        alpha_i: Any = 1.0,  # 1: scale of the inhibitory input
        shifted: Any = 1.0,  # 1: 1 subtracts the response at x = 0, 0 does not
        init_rE: Any = 0.1,  # 1: fraction of the excitatory cells that fire
        init_rI: Any = 0.05,  # 1: fraction of the inhibitory cells that fire
        noise_rE: Any = None,  # 1/sqrt(ms)
        noise_rI: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    wEE: Any
    wEI: Any
    wIE: Any
    wII: Any
    tau_e: Any
    tau_i: Any
    a_e: Any
    b_e: Any
    c_e: Any
    theta_e: Any
    a_i: Any
    b_i: Any
    c_i: Any
    theta_i: Any
    r_e: Any
    r_i: Any
    k_e: Any
    k_i: Any
    P: Any
    Q: Any
    alpha_e: Any
    alpha_i: Any
    shifted: Any
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

class WongWangReducedStep(Model):
    """Reduced Wong-Wang model of one population."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        a: Any = 0.27,  # kHz/nA: gain of the f-I curve
        b: Any = 0.108,  # kHz: offset of the f-I curve
        d: Any = 154.0,  # ms: rounding of the threshold of the f-I curve
        gamma: Any = 0.641,  # 1: growth of the gating with each spike
        tau_s: Any = 100.0,  # ms: NMDA time constant
        w: Any = 0.9,  # 1: weight of the local recurrence
        J_N: Any = 0.2609,  # nA: synaptic coupling
        I_o: Any = 0.3,  # nA: background current
        init_S: Any = 0.1,  # 1: open fraction of the NMDA channels
        noise_S: Any = None,  # 1/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    a: Any
    b: Any
    d: Any
    gamma: Any
    tau_s: Any
    w: Any
    J_N: Any
    I_o: Any
    init_S: Any
    noise_S: Any
    @property
    def S(self) -> Signal: ...
    @property
    def rate(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...

class WongWangGainStep(Model):
    """Reduced Wong-Wang model with a regional gain."""

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
        M: Any = 1.0,  # 1: effective gain of the region
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
    M: Any
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

class WongWangSerotoninStep(Model):
    """Reduced Wong-Wang model under serotonin."""

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
        s_E: Any = 0.2,  # 1: effect of the drug on the gain of the excitatory cells: 0 without it
        R: Any = 0.5,  # 1: density of the receptors of the region relative to the largest
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
    s_E: Any
    R: Any
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

class WongWangDrivenStep(Model):
    """Reduced Wong-Wang model with drives of the gating."""

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
    @property
    def S_e_inp(self) -> Signal: ...
    @property
    def S_i_inp(self) -> Signal: ...

class BrunelWangStep(Model):
    """Brunel-Wang mean field of spiking neurons."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        tau_V: Any = 1.0,  # ms: time within which the mean potentials follow the rates
        n_pools: Any = 148.0,  # 1: number of pools of the network, among which the excitatory connections are shared: two for each of 74 regions
        w_plus: Any = 1.5,  # 1: weight of connections within the excitatory pool
        w_minus: Any = 1.0,  # 1: weight of connections to and from the inhibitory pool
        nmda_saturates: Any = 1.0,  # 1: 1: NMDA synapses of inhibitory cells saturate like all others; 0: their share is the rate in kHz, as in The Virtual Brain
        nu_ext: Any = 3.0,  # Hz: rate of each connection from outside
        C_ext: Any = 800.0,  # 1: connections from outside on a cell
        C_E: Any = 200.0,  # 1: excitatory connections on a cell
        C_I: Any = 200.0,  # 1: inhibitory connections on a cell
        g_ext_e: Any = 2.496,  # nS: conductance of an AMPA synapse from outside on an excitatory cell
        g_ext_i: Any = 1.944,  # nS: conductance of an AMPA synapse from outside on an inhibitory cell
        g_AMPA_e: Any = 0.104,  # nS: conductance of a recurrent AMPA synapse on an excitatory cell
        g_AMPA_i: Any = 0.081,  # nS: conductance of a recurrent AMPA synapse on an inhibitory cell
        g_NMDA_e: Any = 0.327,  # nS: conductance of an NMDA synapse on an excitatory cell
        g_NMDA_i: Any = 0.258,  # nS: conductance of an NMDA synapse on an inhibitory cell
        g_GABA_e: Any = 4.375,  # nS: conductance of a GABA synapse on an excitatory cell
        g_GABA_i: Any = 3.4055,  # nS: conductance of a GABA synapse on an inhibitory cell
        tau_AMPA: Any = 2.0,  # ms: decay of AMPA synapses
        tau_GABA: Any = 10.0,  # ms: decay of GABA synapses
        a: Any = 0.80823563,  # 1: share of NMDA synapses that are open at high rates
        b: Any = 67.06177975,  # ms: growth of that share with the rate at low rates, per share
        c_beta: Any = 0.062,  # /mV: steepness of the block of NMDA synapses by magnesium
        c_gamma: Any = 0.2801120448,  # 1: strength of that block at 0 mV
        V_E: Any = 0.0,  # mV: reversal potential of excitatory synapses
        V_I: Any = -70.0,  # mV: reversal potential of GABA synapses
        V_L: Any = -70.0,  # mV: resting potential
        V_thr: Any = -50.0,  # mV: threshold
        V_reset: Any = -55.0,  # mV: potential after a spike
        g_m_e: Any = 25.0,  # nS: leak conductance of an excitatory cell
        g_m_i: Any = 20.0,  # nS: leak conductance of an inhibitory cell
        C_m_e: Any = 500.0,  # pF: capacitance of an excitatory cell
        C_m_i: Any = 200.0,  # pF: capacitance of an inhibitory cell
        tau_m_e: Any = 20.0,  # ms: membrane time constant of an excitatory cell in the noise, C_m_e/g_m_e
        tau_m_i: Any = 10.0,  # ms: membrane time constant of an inhibitory cell in the noise, C_m_i/g_m_i
        tau_rp_e: Any = 2.0,  # ms: refractory period of an excitatory cell
        tau_rp_i: Any = 1.0,  # ms: refractory period of an inhibitory cell
        u_max: Any = 20.0,  # 1: distance of the threshold in standard deviations beyond which it counts as being there; that of the reset potential is cut at 19
        init_r_E: Any = 5.5,  # Hz: rate of the excitatory cells
        init_r_I: Any = 5.5,  # Hz: rate of the inhibitory cells
        init_U_e: Any = -52.5,  # mV: mean potential of the excitatory cells
        init_U_i: Any = -52.5,  # mV: mean potential of the inhibitory cells
        noise_r_E: Any = None,  # Hz/sqrt(ms)
        noise_r_I: Any = None,  # Hz/sqrt(ms)
        noise_U_e: Any = None,  # mV/sqrt(ms)
        noise_U_i: Any = None,  # mV/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    tau_V: Any
    n_pools: Any
    w_plus: Any
    w_minus: Any
    nmda_saturates: Any
    nu_ext: Any
    C_ext: Any
    C_E: Any
    C_I: Any
    g_ext_e: Any
    g_ext_i: Any
    g_AMPA_e: Any
    g_AMPA_i: Any
    g_NMDA_e: Any
    g_NMDA_i: Any
    g_GABA_e: Any
    g_GABA_i: Any
    tau_AMPA: Any
    tau_GABA: Any
    a: Any
    b: Any
    c_beta: Any
    c_gamma: Any
    V_E: Any
    V_I: Any
    V_L: Any
    V_thr: Any
    V_reset: Any
    g_m_e: Any
    g_m_i: Any
    C_m_e: Any
    C_m_i: Any
    tau_m_e: Any
    tau_m_i: Any
    tau_rp_e: Any
    tau_rp_i: Any
    u_max: Any
    init_r_E: Any
    noise_r_E: Any
    init_r_I: Any
    noise_r_I: Any
    init_U_e: Any
    noise_U_e: Any
    init_U_i: Any
    noise_U_i: Any
    @property
    def r_E(self) -> Signal: ...
    @property
    def r_I(self) -> Signal: ...
    @property
    def U_e(self) -> Signal: ...
    @property
    def U_i(self) -> Signal: ...
    @property
    def s_NMDA(self) -> Signal: ...
    @property
    def phi_e(self) -> Signal: ...
    @property
    def phi_i(self) -> Signal: ...
    @property
    def tau_e(self) -> Signal: ...
    @property
    def tau_i(self) -> Signal: ...
    @property
    def ampa_inp(self) -> Signal: ...
    @property
    def nmda_inp(self) -> Signal: ...

class WongWangNeurotransmitterStep(Model):
    """Reduced Wong-Wang model with neurotransmitter kinetics."""

    def __init__(
        self,
        in_size: int | tuple[int],
        *,
        T_glu: Any = 7.46,  # 1: concentration of glutamate, mM
        T_gaba: Any = 1.82,  # 1: concentration of GABA, mM
        alpha_e: Any = 0.072,  # 1: forward rate of the excitatory receptors, per mM and spike
        alpha_i: Any = 0.53,  # 1: forward rate of the inhibitory receptors, per mM and spike
        beta_e: Any = 0.0066,  # /ms: backward rate of the excitatory receptors
        beta_i: Any = 0.18,  # /ms: backward rate of the inhibitory receptors
        W_e: Any = 1.0,  # 1: share of the background current that reaches the excitatory cells
        W_i: Any = 0.7,  # 1: share of the background current that reaches the inhibitory cells
        I_0: Any = 0.382,  # nA: background current
        w: Any = 1.4,  # 1: weight of the local excitatory recurrence
        J_N: Any = 0.15,  # nA: excitatory synaptic coupling
        a_e: Any = 310.0,  # Hz/nA: gain of the excitatory f-I curve
        b_e: Any = 125.0,  # Hz: offset of the excitatory f-I curve
        d_e: Any = 0.16,  # s: rounding of the excitatory threshold
        a_i: Any = 615.0,  # Hz/nA: gain of the inhibitory f-I curve
        b_i: Any = 177.0,  # Hz: offset of the inhibitory f-I curve
        d_i: Any = 0.087,  # s: rounding of the inhibitory threshold
        rho: Any = 3.0,  # Hz: target of the excitatory rate
        gamma: Any = 1.0,  # nA: rate of learning: change of J for each inhibitory spike and excitatory spike above the target
        init_S_e: Any = 0.001,  # 1: share of open excitatory (NMDA) channels
        init_S_i: Any = 0.001,  # 1: share of open inhibitory (GABA) channels
        init_J: Any = 1.0,  # nA: local feedback inhibition, which learns
        noise_S_e: Any = None,  # 1/sqrt(ms)
        noise_S_i: Any = None,  # 1/sqrt(ms)
        noise_J: Any = None,  # nA/sqrt(ms)
        method: str | None = None,
        preset: str | None = None,
    ) -> None: ...
    T_glu: Any
    T_gaba: Any
    alpha_e: Any
    alpha_i: Any
    beta_e: Any
    beta_i: Any
    W_e: Any
    W_i: Any
    I_0: Any
    w: Any
    J_N: Any
    a_e: Any
    b_e: Any
    d_e: Any
    a_i: Any
    b_i: Any
    d_i: Any
    rho: Any
    gamma: Any
    init_S_e: Any
    noise_S_e: Any
    init_S_i: Any
    noise_S_i: Any
    init_J: Any
    noise_J: Any
    @property
    def S_e(self) -> Signal: ...
    @property
    def S_i(self) -> Signal: ...
    @property
    def J(self) -> Signal: ...
    @property
    def rate_e(self) -> Signal: ...
    @property
    def rate_i(self) -> Signal: ...
    @property
    def coupling(self) -> Signal: ...
