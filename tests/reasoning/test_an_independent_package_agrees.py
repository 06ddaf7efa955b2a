"""The differential agrees with pyAgrum, an independent package for Bayesian networks, on the same small networks."""

from __future__ import annotations

import importlib.util
import warnings
from itertools import product
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _exact() -> ModuleType:
    path = Path(__file__).with_name("test_the_differential_is_exact.py")
    spec = importlib.util.spec_from_file_location("small_worlds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WORLDS = _exact()


@pytest.fixture(scope="module")
def gum() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its compiled part warns on import, and an error there ends the process
        return pytest.importorskip("pyagrum", reason="pyAgrum is not installed; `make dev` installs it")


def posterior(gum: Any, answers: dict[str, str], figures: dict[str, Any]) -> dict[str, float]:
    """Return the probability of each cause by pyAgrum: noisy-OR tables written out, solved by message passing."""
    net = gum.BayesNet("small")
    for cause, prior in figures["prior"].items():
        net.add(gum.LabelizedVariable(cause, cause, 2))
        net.cpt(cause).fillWith([1 - prior, prior])
    for node in ("a", "b", "c", "d", *figures["group"]):
        parents = [cause for cause, links in figures["link"].items() if node in links]
        net.add(gum.LabelizedVariable(node, node, 2))
        for cause in parents:
            net.addArc(cause, node)
        for state in product((0, 1), repeat=len(parents)):
            on = [1 - figures["link"][cause][node] for cause, held in zip(parents, state, strict=True) if held]
            fails = (1 - figures["leak"][node]) * prod(on)
            net.cpt(node)[dict(zip(parents, state, strict=True))] = [fails, 1 - fails]
    for construct, group in figures["group"].items():
        for finding in group:
            given, otherwise = figures["shown"][finding]
            net.add(gum.LabelizedVariable(finding, finding, 2))
            net.addArc(construct, finding)
            net.cpt(finding)[{construct: 1}] = [1 - given, given]
            net.cpt(finding)[{construct: 0}] = [1 - otherwise, otherwise]
    inference = gum.LazyPropagation(net)
    inference.setEvidence({id: int(told == "present") for id, told in answers.items() if told != "unknown"})
    inference.makeInference()
    return {cause: float(inference.posterior(cause)[1]) for cause in figures["prior"]}


@pytest.mark.parametrize("seed", range(100, 112))
def test_small_networks_agree_with_an_independent_package(seed: int, tiny: Any, gum: Any) -> None:
    known, answers, figures = WORLDS.world(seed, 3 + seed % 6, tiny)
    found, _ = WORLDS.beliefs(known, tiny, answers)
    assert found == {name: pytest.approx(value, rel=1e-7) for name, value in posterior(gum, answers, figures).items()}
