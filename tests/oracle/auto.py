"""Special points of six models of the library by AUTO, which `tests/dynamics/auto.rs` compares with those of the library.

AUTO comes with XPPAUT 8.0 in the package xpplab: `pip install xpplab==0.1.2`, then `python auto.py > auto.json`. It is no part of the tests. The equations
were written down anew, in the units of the papers; `time` is the unit of time in ms.
"""

import json
import tempfile
from pathlib import Path

import xpplab

# Each model: its equations for XPPAUT, what varies, the range that is compared, the first equilibrium, what is set beside the defaults of the model file.
MODELS = [
    dict(
        model="MorrisLecarStep",
        ode="""
v' = (i - gl*(v - vl) - gca*minf(v)*(v - vca) - gk*n*(v - vk))/c
n' = lam*cosh((v - v3)/(2*v4))*(ninf(v) - n)
minf(v) = 0.5*(1 + tanh((v - v1)/v2))
ninf(v) = 0.5*(1 + tanh((v - v3)/v4))
par i=0, gca=4, gk=8, gl=2, c=20, lam=0.06666667, v1=10, v2=15, v3=-1, v4=14.5, vca=100, vk=-70, vl=-50
init v=-50, n=0.001
""",
        names=dict(i="I"), over="i", time=1, range=(0, 600), step=1, largest=2,
    ),
    dict(
        model="HindmarshRoseStep",
        ode="""
x' = y - a*x^3 + b*x^2 - z + i
y' = c - d*x^2 - y
z' = r*(s*(x - x1) - z)
par i=-2, a=1, b=3, c=1, d=5, r=0.001, s=4, x1=-1.6
init x=-1.9, y=-17, z=-1.2
""",
        names=dict(i="I"), over="i", time=1, range=(-2, 8), step=0.01, largest=0.05,
    ),
    dict(
        model="QifGapJunctionStep",
        ode="""
r' = (delta/(pi*tau) + r*(2*v - g))/tau
v' = (v^2 + eta + j*tau*r - (pi*tau*r)^2)/tau
par eta=-10, tau=1, delta=1, j=15, g=0.5
init r=0.05, v=-3
""",
        names=dict(eta="eta"), over="eta", set=dict(g=0.5), time=1, range=(-10, 10), step=0.01, largest=0.05,
    ),
    dict(
        model="TsodyksMarkramStep",
        ode="""
e' = (-e + alpha*ln(1 + exp((j*u*x*e + e0)/alpha)))/tau
x' = (1 - x)/taud - u*x*e
u' = (u0 - u)/tauf + u0*(1 - u)*e
par e0=-4, j=3.07, alpha=1.5, tau=0.013, taud=0.2, tauf=1.5, u0=0.3
init e=0.1, x=0.99, u=0.3
""",
        names=dict(e0="E0"), over="e0", time=1000, range=(-4, -0.5), step=0.005, largest=0.02,
    ),
    dict(
        model="QifAdaptationStep",
        ode="""
r' = (delta/(pi*tau) + 2*r*v)/tau
v' = (v^2 + eta - a + j*tau*r - (pi*tau*r)^2)/tau
a' = x/taua
x' = alpha*r - (2*x + a)/taua
par eta=-10, tau=1, delta=1, j=15, alpha=0.5, taua=10
init r=0.05, v=-3, a=0.1, x=0
""",
        names=dict(eta="eta"), over="eta", time=1, range=(-10, 0), step=0.01, largest=0.05, longest=4,
    ),
    dict(
        model="WilsonCowanThreePopulationStep",
        ode="""
f(u,a,th) = 1/(1 + exp(-a*(u - th))) - 1/(1 + exp(a*th))
re' = (-re + (1 - re)*f(12*re - 13*ri + 4*rm + p, 1.2, 2.8))/1
ri' = (-ri + (1 - ri)*f(4*re - 11*ri + 2*rm, 1, 4))/1
rm' = (-rm + (1 - rm)*f(8*re - 6*ri + 2*rm, 1, 3.5))/2
par p=-2
init re=0, ri=0, rm=0
""",
        names=dict(p="rE_inp"), over="p", time=1, range=(-2, 5), step=0.005, largest=0.02,
    ),
]


def settings(case):
    low, high = case["range"]
    return dict(
        ds=case["step"], dsmax=0.25 * case["largest"], dsmin=1e-7 * case["largest"], nmax=20000, parmin=low, parmax=high, ntst=100, ncol=4,
        epsl=1e-7, epsu=1e-7, epss=1e-5, normmax=1e6, npr=100000,
    )


def special(case):
    """Gathers folds and Hopf points of the branch of equilibria, and folds of cycles and period doublings of the cycles at its Hopf points."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.ode"
        path.write_text(case["ode"].strip() + "\ndone\n")
        model = xpplab.load(path)
        auto = model.auto
        branch = auto.equilibria(case["over"], **settings(case))
        low, high = case["range"]
        inside = lambda point: low < point.value < high
        equilibria = [point for point in branch.special() if point.type in ("LP", "HB") and inside(point)]
        cycles = []
        for hopf in [point for point in equilibria if point.type == "HB"]:
            try:
                found = auto.continue_from(hopf, "periodic", nmax=400, dsmax=10 * case["largest"])
            except xpplab.EngineError:
                continue
            for point in found.special():
                # Longer ones lie near homoclinic orbits, where special cycles crowd.
                is_short = 0 < point.period < case.get("longest", 1.5) * hopf.period
                # AUTO finds the same one anew from other Hopf points, and marks Hopf points at which branches end.
                values = [other.value for other in cycles + equilibria]
                is_new = all(abs(point.value - other) > 1e-6 * abs(other) for other in values)
                if point.type in ("LP", "PD") and inside(point) and is_short and is_new:
                    cycles.append(point)
    result = dict(
        model=case["model"], set=case.get("set", {}), over=case["names"][case["over"]], **{"from": low, "to": high},
        equilibria=[dict(kind=point.type, value=point.value) for point in equilibria],
        cycles=[
            dict(kind={"LP": "LPC"}.get(point.type, point.type), value=point.value, period=point.period * case["time"])
            for point in cycles
        ],
    )
    return result


if __name__ == "__main__":
    print(json.dumps([special(case) for case in MODELS], indent=1))
