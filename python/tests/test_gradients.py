"""Gradients and fits."""

import numpy as np
import pytest

import brainmass_rs as bm
from brainmass_rs import objectives, u


def differences(loss, value, step):
    """The derivative of a function by central differences."""
    return (loss(value + step) - loss(value - step)) / (2 * step)


def test_gradients_are_those_of_differences(network):
    target = np.random.default_rng(0).standard_normal((200, 8)) * 0.1
    simulator = bm.Simulator(network, dt=0.5, seed=3)
    for objective in (objectives.timeseries_rmse(), objectives.fc_corr(as_loss=True), objectives.combine((2.0, objectives.timeseries_rmse()), (0.5, objectives.fc_rmse()))):
        gradient = simulator.value_and_grad(objective.against(target, of="x"), ["a", "k", "init_x"], 100.0, monitors=["x"])
        assert gradient.value == objective(gradient.run["x"], target)
        for name, at, step in (("a", -0.02, 1e-5), ("k", 0.02, 1e-5)):
            run = lambda value, name=name: objective(simulator.sweep(100.0, [{name: value}], monitors=["x"])["x"][0], target)  # noqa: E731
            assert np.sum(gradient[name]) == pytest.approx(differences(run, at, step), rel=1e-5), (objective, name)
        value, parts = gradient
        assert value == gradient.value and set(parts) == {"a", "k", "init_x"}


def test_losses_of_expressions_pass_their_derivatives_on():
    node = bm.JansenRitStep(2, init_M=0.1)
    simulator = bm.Simulator(node, dt=0.5)

    def loss(records):
        values = records["output"]
        return (values**2).mean(), {"output": 2 * values / values.size}

    traced = simulator.value_and_grad(loss, ["C"], 50.0, monitors=lambda m: m.E - m.I)
    observed = simulator.value_and_grad(loss, ["C"], 50.0, monitors=lambda m: m.eeg())
    assert traced.value == pytest.approx(observed.value, rel=1e-12) and np.allclose(traced["C"], observed["C"], rtol=1e-9)


def test_losses_through_an_instrument():
    node = bm.HopfStep(3, a=0.2, w=0.3, init_x=[0.1, 0.2, 0.3])
    simulator = bm.Simulator(node, dt=0.1)
    target = np.zeros((18, 3))
    objective = objectives.timeseries_rmse().against(target, of="x", skip=2, through=bm.TemporalAverage(1.0))
    gradient = simulator.value_and_grad(objective, ["w"], 20.0, monitors=["x"])
    run = lambda w: objective({**simulator.sweep(20.0, [{"w": w}], monitors=["x"]).run(0)})[0]  # noqa: E731
    assert np.sum(gradient["w"]) == pytest.approx(differences(run, 0.3, 1e-6), rel=1e-6)


@pytest.mark.parametrize("method", ["adam", "lbfgs", "nelder_mead", "cma_es"])
def test_fits_find_what_made_the_data(method):
    target = bm.Simulator(bm.HopfStep(1, a=0.1, w=0.25, init_x=0.3), dt=0.5).run(50.0)["output"]
    simulator = bm.Simulator(bm.HopfStep(1, a=0.05, w=0.2, init_x=0.3), dt=0.5)
    params = {"w": bm.Param(0.22, bounds=(0.1, 0.4))}
    settings = {"rate": 0.05} if method == "adam" else {}
    told = []
    fitter = bm.Fitter(simulator, {**params, "a": (0.0, 0.3)}, objectives.timeseries_rmse().against(target), 50.0, method=method, settings=settings, seed=1)
    result = fitter.fit(150, target=1e-4, progress=lambda done, total: told.append((done, total)))
    assert result.best_params["w"] == pytest.approx(0.25, abs=0.01) and result.best_loss < 0.02
    assert result.best_loss == pytest.approx(np.nanmin(result.history)) and result.n_steps == len(result.history) and told
    assert bm.viz.plot_fit is not None


def test_a_loss_without_derivatives_is_for_searches_that_need_none():
    simulator = bm.Simulator(bm.LinearStep(1, gamma=-0.1, init_x=1.0), dt=0.5)
    loss = lambda run: abs(run["output"][-1, 0] - 0.5)  # noqa: E731
    result = bm.Fitter(simulator, {"gamma": bm.Param(-0.1)}, loss, 10.0, method="nelder_mead").fit(60)
    assert result.best_params["gamma"] == pytest.approx(np.log(0.5) / 10.0, rel=0.02)


def test_methods_params_and_names_are_checked():
    simulator = bm.Simulator(bm.HopfStep(1))
    loss = objectives.timeseries_rmse().against(np.zeros((10, 1)))
    with pytest.raises(ValueError, match="`adm`.*`adam`"):
        bm.Fitter(simulator, {"a": bm.Param(0.1)}, loss, 1.0, method="adm")
    with pytest.raises(ValueError, match="`aa`"):
        bm.Fitter(simulator, {"aa": bm.Param(0.1)}, loss, 1.0)
    with pytest.raises(ValueError, match="sigmoid.*2 numbers"):
        bm.Param(0.1, transform=("sigmoid", 0.0))
    with pytest.raises(ValueError, match="bounds"):
        bm.Param(0.1, bounds=(1.0, 0.0))
    with pytest.raises(ValueError, match="rate"):
        bm.Fitter(simulator, {"a": bm.Param(0.1)}, loss, 1.0, method="cma_es", settings={"rate": 1.0}).fit(2)
    names = {entry["name"] for entry in bm.fitting.search_methods()}
    assert {"adam", "lbfgs", "cma_es", "nelder_mead"} <= names


def test_jax_programs_go_through_a_simulation():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    simulator = bm.Simulator(bm.HopfStep(2, a=0.2, w=0.3, init_x=[0.1, 0.2]), dt=0.1)
    simulate = bm.as_jax(simulator, ["a", "w"], 10 * u.ms, monitors=["x"])

    def loss(a, w):
        return (simulate(a, w)["x"] ** 2).mean() + a**2

    found = jax.jit(jax.grad(loss, argnums=(0, 1)))(0.2, 0.3)

    def own(records):
        return (records["x"] ** 2).mean(), {"x": 2 * records["x"] / records["x"].size}

    gradient = simulator.value_and_grad(own, ["a", "w"], 10.0, monitors=["x"])
    assert float(found[0]) == pytest.approx(np.sum(gradient["a"]) + 0.4, rel=1e-9)
    assert float(found[1]) == pytest.approx(np.sum(gradient["w"]), rel=1e-9)


def test_torch_programs_go_through_a_simulation():
    torch = pytest.importorskip("torch")
    simulator = bm.Simulator(bm.HopfStep(2, a=0.2, w=0.3, init_x=[0.1, 0.2]), dt=0.1)
    simulate = bm.as_torch(simulator, ["a", "w"], 10.0, monitors=["x"])
    a, w = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.2, 0.3))
    ((simulate(a, w)["x"] ** 2).mean() + a**2).backward()

    def own(records):
        return (records["x"] ** 2).mean(), {"x": 2 * records["x"] / records["x"].size}

    gradient = simulator.value_and_grad(own, ["a", "w"], 10.0, monitors=["x"])
    assert a.grad.item() == pytest.approx(np.sum(gradient["a"]) + 0.4, rel=1e-9)
    assert w.grad.item() == pytest.approx(np.sum(gradient["w"]), rel=1e-9)


def test_torch_checks_the_derivatives_itself():
    torch = pytest.importorskip("torch")
    node = bm.HopfStep(2, a=0.2, w=0.3, init_x=[0.1, 0.2])
    simulator = bm.Simulator(bm.Network(node, conn=np.ones((2, 2)), delays=1.0, coupled_var="x", k=0.1), dt=0.1)
    simulate = bm.as_torch(simulator, ["a", "k", "init_x"], 3.0, monitors={"x": "x", "power": lambda m: m.x**2 + m.y**2})
    given = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in ([0.2, 0.3], 0.1, [0.1, 0.2])]
    assert torch.autograd.gradcheck(lambda *values: tuple(simulate(*values).values()), given)
    # Numbers of single precision give records and derivatives of single precision.
    single = torch.tensor(0.1, dtype=torch.float32, requires_grad=True)
    x = bm.as_torch(simulator, ["k"], 3.0, monitors=["x"])(single)["x"]
    x.sum().backward()
    assert x.dtype == single.grad.dtype == torch.float32
    with pytest.raises(bm.DivergenceError):
        bm.as_torch(bm.Simulator(bm.HopfStep(1, method="euler", init_x=1.0), dt=1.0), ["init_x"], 100.0)(torch.tensor(100.0))


def test_torch_finds_a_parameter():
    torch = pytest.importorskip("torch")
    wanted = torch.from_numpy(bm.Simulator(bm.HopfStep(1, a=0.3, w=0.3, init_x=0.1), dt=0.1).run(20.0)["output"])
    simulate = bm.as_torch(bm.Simulator(bm.HopfStep(1, a=0.1, w=0.3, init_x=0.1), dt=0.1), ["a"], 20.0)
    a = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([a], lr=0.01)
    for _ in range(150):
        optimiser.zero_grad()
        ((simulate(a)["output"] - wanted) ** 2).mean().backward()
        optimiser.step()
    assert a.item() == pytest.approx(0.3, abs=2e-3)


def test_jax_maps_over_a_simulation():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    simulator = bm.Simulator(bm.HopfStep(2, w=0.3, init_x=[0.1, 0.2]), dt=0.1)
    simulate = bm.as_jax(simulator, ["a"], 5.0, monitors=["x"])
    strengths = jax.numpy.array([0.1, 0.2, 0.3])
    batch = simulator.sweep(5.0, {"a": [0.1, 0.2, 0.3]}, monitors=["x"])
    assert np.allclose(jax.vmap(lambda a: simulate(a)["x"])(strengths), batch["x"], rtol=1e-12)
    loss = lambda a: (simulate(a)["x"] ** 2).mean()  # noqa: E731
    step = 1e-6
    for a, slope in zip(strengths, jax.vmap(jax.grad(loss))(strengths)):
        assert float(slope) == pytest.approx(float(loss(a + step) - loss(a - step)) / (2 * step), rel=1e-5)
