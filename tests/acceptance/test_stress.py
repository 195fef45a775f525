"""Stress of an additive, independent model: bands, factors and addends are exact by convolution with the law under stress."""

import json
from functools import partial

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from simcost.cli.root import root

from .gao_uav import FILE, STEP, TRIANGLES, total_of

N = 300_000
SIGMAS = 4.5
Z_95 = stats.norm.ppf(0.975)
BAND = (0.7, 0.95)


def cdf(each, x, *, band=(0.0, 1.0), factor=1.0, addend=0.0):
    """Distribution function of an input under stress."""
    low, mode, high = each
    plain = stats.triang((mode - low) / (high - low), low, high - low).cdf((x - addend) / factor)
    return np.clip((plain - band[0]) / (band[1] - band[0]), 0.0, 1.0)


def exact(**stressed):
    """Return mean and P95 of the total, kUSD, with some inputs under stress."""
    values, mass = total_of(marginal(each, **stressed.get(name, {})) for name, each in TRIANGLES.items())
    return np.sum(mass * values), np.interp(0.95, np.cumsum(mass), values + STEP / 2)


def marginal(each, **how):
    """Distribution function of an input under stress, and its ends."""
    low, high = (how.get("factor", 1.0) * end + how.get("addend", 0.0) for end in (each[0], each[2]))
    return partial(cdf, each, **how), low, high


def answer(path, *words):
    command = ["stress", str(path), "--json", "-q", "-n", str(N), "--backend", "reference", *words]
    done = CliRunner().invoke(root, command, prog_name="simcost")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def assert_exact(change, under, base):
    for name, stressed, plain in zip(("mean", "p95"), under, base, strict=True):
        figure = change[name]
        error = max((figure["high"] - figure["low"]) / 2 / Z_95, 1e-9 * abs(figure["value"]))
        assert abs(figure["value"] - (stressed - plain) * 1000) < SIGMAS * error, name


@pytest.mark.parametrize("name", ["software", "propulsion"])
def test_a_band_gives_the_law_of_that_band(name):
    document = answer(FILE, "--band", f"{name}=P70 to P95")
    (only,) = document["stresses"]
    assert only["name"] == f"{name} in P70 to P95"
    assert_exact(only["change"], exact(**{name: {"band": BAND}}), exact())
    with pytest.raises(AssertionError):  # the control: another band is told apart
        assert_exact(only["change"], exact(**{name: {"band": (0.6, 0.95)}}), exact())


def test_factors_and_addends_singly_and_together(tmp_path):
    text = (FILE).read_text(encoding="utf-8")
    stress = (
        '[stress.late]\nscale = { software = 1.3 }\nshift = { airframe = "500_000 USD" }\nband = { propulsion = "P70 to P95" }\n'
    )
    path = tmp_path / "late.toml"
    path.write_text(text + stress, encoding="utf-8")
    whole, band, factor, addend = (each["change"] for each in answer(path)["stresses"])
    parts = {"software": {"factor": 1.3}, "airframe": {"addend": 500.0}, "propulsion": {"band": BAND}}
    base = exact()
    assert_exact(whole, exact(**parts), base)
    assert_exact(band, exact(propulsion=parts["propulsion"]), base)
    assert_exact(factor, exact(software=parts["software"]), base)
    assert addend["mean"]["value"] == pytest.approx(500_000, rel=1e-9)
    assert addend["p95"]["value"] == pytest.approx(500_000, rel=1e-6)
