"""The page `docs/python.md`, stubs and docstrings say what is so."""

import contextlib
import inspect
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import brainmass_rs as bm

from conftest import ROOT

PAGE = ROOT / "docs" / "python.md"

# The classes and functions of brainmass 0.1.1, as `dir(brainmass)` gives them without its modules.
REFERENCE = """
AdditiveCoupling Array BOLDSignal BlueNoise BrownianNoise ColoredNoise CoombesByrneStep DiffusiveCoupling DoubleExponentialHRFKernel EEGLeadFieldModel EpileptorStep
FirstOrderVolterraHRFKernel FitResult Fitter FitzHughNagumoStep GammaHRFKernel GaussianNoise Generic2dOscillatorStep HORNSeqLayer HORNSeqNetwork HORNStep HRFBold
HRFKernel HopfStep HyperbolicTangentCoupling Initializer JansenRitStep JansenRitTR KuramotoNetwork LaplacianConnParam LarterBreakspearStep LeadFieldModel LeadfieldReadout
LinearStep LorenzStep MEGLeadFieldModel MixtureOfGammasHRFKernel ModelInfo MontbrioPazoRoxinStep Network Noise OUProcess Parameter PinkNoise SigmoidalCoupling
SigmoidalJansenRitCoupling Simulator StuartLandauStep TemporalAverage ThresholdLinearStep VanDerPolStep VioletNoise WhiteNoise WilsonCowanAdaptiveStep WilsonCowanDelayedStep
WilsonCowanDivisiveInputStep WilsonCowanDivisiveStep WilsonCowanLinearStep WilsonCowanNoSaturationStep WilsonCowanSimplifiedStep WilsonCowanStep WilsonCowanSymmetricStep
WilsonCowanThreePopBase WilsonCowanThreePopulationStep WongWangExcInhStep WongWangStep XY_Oscillator additive_coupling bounded_input datasets delay_index diffusive_coupling
hyperbolic_tangent_coupling laplacian_connectivity list_models objectives process_sequence sigmoid sigmoidal_coupling sigmoidal_jansen_rit_coupling sys2nd viz
""".split()


def tables():
    """The names in the first column of the two tables: those that differ, and those that there are not."""
    text = PAGE.read_text().partition("## What means something different here")[2]
    differ, missing = text.split("These names have no counterpart")
    return [[name for row in re.findall(r"^\| (`.*?) \|", part, re.M) for name in re.findall(r"`([^`]+)`", row)] for part in (differ, missing)]


def test_every_name_of_the_reference_is_here_or_said_not_to_be():
    _, missing = tables()
    for name in REFERENCE:
        assert hasattr(bm, name) != (name in missing), name
    assert set(missing) <= set(REFERENCE)


def test_names_that_differ_are_here():
    differ, _ = tables()
    assert len(differ) >= 20
    for name in differ:
        first, _, rest = name.partition(".")
        thing = getattr(bm, first)
        if rest == "init_states":
            assert "init_states" in inspect.signature(bm.Simulator.run).parameters
        elif rest and inspect.isclass(thing):
            assert hasattr(thing, rest) or rest in inspect.signature(thing).parameters, name
        elif rest:
            assert hasattr(thing, rest), name


def test_what_the_table_says_is_so():
    assert bm.Simulator(bm.HopfStep(1)).run(1.0)["output"].dtype == float
    assert bm.HopfStep.info["scheme"] == "heun"
    second, third = (bm.Simulator(bm.HopfStep(1), dt=1.0, method=method).run(5.0)["output"] for method in ("heun", "heun3"))
    assert (second != third).any()


@pytest.mark.parametrize("path", [PAGE, ROOT / "README.md", *sorted((ROOT / "python").glob("README.md"))], ids=lambda path: path.parent.name)
def test_the_code_of_the_pages_runs_and_prints_what_they_show(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    names = {}
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", path.read_text(), re.M | re.S)
    shown = None
    experiments = {}
    for kind, text in blocks:
        # A block whose first line is a comment with the name of a file is that file.
        if kind in ("yaml", "csv") and (name := re.match(r"# (\S+\.(?:yaml|csv))", text)):
            Path(name[1]).write_text(text)
            if output := re.search(r"^output: (\S+)$", text, re.M):
                experiments[output[1]] = name[1]
        elif kind == "python":
            # What the block reads is made by the experiment that the page shows before.
            for output in [output for output in experiments if f'"{output}"' in text]:
                subprocess.run([sys.executable, "-m", "brainmass_rs", "run", experiments.pop(output), "--quiet"], check=True)
            assert shown is None or not shown.strip(), f"nothing on the page shows what is printed:\n{shown}"
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(text, str(path), "exec"), names)
            shown = printed.getvalue()
            # A comment behind a call of `print` says what it prints.
            if comments := re.findall(r"^print\(.*\)  # (.*)$", text, re.M):
                assert shown.splitlines() == comments
                shown = None
        elif kind == "text" and shown is not None:
            assert shown == text
            shown = None
    plt.close("all")


def test_notebooks_and_their_pages_are_those_of_the_scripts(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "python")
    from notebooks import notebook, page

    scripts = sorted((ROOT / "python" / "examples").glob("*.py"))
    assert scripts
    for script in scripts:
        made, kept = notebook(script.read_text()), json.loads(script.with_suffix(".ipynb").read_text())
        for cell, before in zip(made["cells"], kept["cells"], strict=True):
            assert cell["source"] == before["source"], "run `python notebooks.py`"
            printed = [[output for output in each.get("outputs", []) if output["output_type"] == "stream"] for each in (cell, before)]
            assert printed[0] == printed[1]
        text, pictures = page(made, script.stem)
        assert (ROOT / "docs" / "tutorials" / f"python-{script.stem.replace('_', '-')}.md").read_text() == text
        assert all((ROOT / "docs" / "images" / name).exists() for name in pictures)


@pytest.mark.parametrize("name", sorted(bm.models.MODELS))
def test_notebooks_show_equations_that_browsers_typeset(name):
    from xml.etree import ElementTree

    cls = getattr(bm, name)
    page = ElementTree.fromstring(cls(2)._repr_html_())
    found = [element for element in page.iter("{http://www.w3.org/1998/Math/MathML}math")]
    assert len(found) == len(cls.info["equations"]) + len(cls.info["parameters"]) + len(cls.info["states"])
    for element in found:
        assert len(element) and "\\" not in "".join(element.itertext()) and "{}" not in "".join(element.itertext())


def test_equations_are_read_as_they_are_meant():
    from brainmass_rs.mathml import mathml

    text = mathml(r"f_1 = \begin{cases}-a \, x_1^{2} & \text{if } x_1 < 0\\ \frac{m}{\tau_{\mathrm{e}}} & \text{otherwise}\end{cases}")
    for part in (
        "<msub><mi>f</mi><mn>1</mn></msub>",
        "<msubsup><mi>x</mi><mn>1</mn><mrow><mn>2</mn></mrow></msubsup>",
        "<mtext>&#160;if&#160;</mtext>",
        "<mo>&lt;</mo>",
        "<mfrac><mrow><mi>m</mi></mrow><mrow><msub><mi>τ</mi><mrow><mi mathvariant='normal'>e</mi></mrow></msub></mrow></mfrac>",
    ):
        assert part in text, part
    assert text.count("<mtr>") == 2 and text.count("<mtd") == 4


def test_stubs_are_those_of_the_models(monkeypatch):
    # Only here: processes that later tests start would import the package from this folder, which has no compiled part.
    monkeypatch.syspath_prepend(ROOT / "python")
    from generate_stubs import stubs

    installed = Path(bm.__file__).parent
    for name, text in stubs().items():
        assert (installed / name).read_text() == text, f"run `python generate_stubs.py` in {ROOT / 'python'}"
    assert (installed / "py.typed").exists()


def test_stubs_of_the_compiled_part_are_right():
    pytest.importorskip("mypy")
    ran = subprocess.run([sys.executable, "-m", "mypy.stubtest", "brainmass_rs._core"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_types():
    pytest.importorskip("mypy")
    ran = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT / "python", capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def public():
    """All public functions and classes of the package, and their methods."""
    for name in bm.__all__:
        thing = getattr(bm, name)
        members = vars(thing) if inspect.ismodule(thing) else {name: thing}
        for key, member in members.items():
            if key.startswith("_") or not getattr(member, "__module__", "").startswith("brainmass_rs"):
                continue
            if inspect.isclass(member):
                yield f"{name}.{key}", member
                for method, function in vars(member).items():
                    if not method.startswith("_") and (inspect.isfunction(function) or isinstance(function, (classmethod, property))):
                        yield f"{name}.{key}.{method}", function
            elif inspect.isfunction(member):
                yield f"{name}.{key}", member


def test_every_public_thing_has_a_docstring_that_is_a_sentence():
    for name, thing in public():
        text = inspect.getdoc(thing)
        assert text, name
        if not (inspect.isclass(thing) and issubclass(thing, (bm.Model, bm.Coupling))):
            assert text[0].isupper() or text[0] in "`|", name
            assert text.split("\n\n")[0].rstrip().endswith((".", ":")), (name, text.split("\n\n")[0])


def test_the_import_is_quick():
    """Beside numpy, which has to be imported anyway; in time of the processor, so that other programs do not matter."""
    script = "import numpy, time; begun = time.process_time(); import brainmass_rs; print(time.process_time() - begun)"
    seconds = min(float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout) for _ in range(5))
    # The compiled part of tests may not be optimised: it takes 0.03 s where it is.
    assert seconds < 0.5
