"""The Z and W pole of flavio, as tests/validation/freeze_z_pole.py writes it, and ours at its inputs."""

import json
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.inputs import load_inputs
from dineutrino.inputs.electroweak import effective_angles, w_mass, w_widths, z_widths
from dineutrino.measurements import load_measurements
from dineutrino.observables.z_pole import PoleCoefficients, at_the_pole
from dineutrino.running.warsaw_classes import Warsaw

PEER = json.loads((Path(__file__).parent / "validation/frozen/flavio_z_pole.json").read_text(encoding="utf-8"))
PAIRS = {"nunu": "nu", "ll": "e", "uu": "u", "dd": "d", "bb": "b"}


def matched(peer):
    """Inputs with the widths, angles and masses of the peer's Standard Model, and a CKM matrix that is 1."""
    theirs = dict(zip(peer["observables"], peer["standard model"], strict=True))
    found = load_inputs().replace(peer["scalars"] | {"ckm_lambda": 0.0})
    widths, angles = z_widths(found), effective_angles(found)
    of_pair = {pair: theirs[f"Gamma(Z->{'ee' if pair == 'll' else pair})"] for pair in PAIRS}
    found = found.replace(
        {f"delta_Gamma(Z->{pair})": of_pair[pair] / widths[name] - 1 for pair, name in PAIRS.items()}
        | {"delta_s2_eff": peer["s2_eff"] - angles["l"], "s2_eff_u-s2_eff_l": 0.0, "s2_eff_d-s2_eff_l": 0.0}
        | {"delta_m_W": peer["m_W of the widths"] / w_mass(found) - 1}
    )
    w = w_widths(found, w_mass(found))
    rho = {"l": peer["GammaW_lep"] / 3, "q": peer["GammaW_had"] / 2}
    return found.replace({f"rho_W_{kind}": found[f"rho_W_{kind}"] * rho[kind] / w[kind] for kind in "lq"})


def seen(coefficients):
    """Coefficients by WCxf name, GeV^-2, as the pole sees them."""
    whole = eqx.tree_at(lambda c: c.vectors, Warsaw.zero(), smeft_from_mapping(coefficients))
    return at_the_pole(whole, load_inputs())


def changes(peer, evaluate, pole):
    """Triples of a name and its ratio to the Standard Model, ours and the peer's, at all points.

    flavio leaves the mass of the W out of the phase space of its width, and divides the width of decays that violate
    lepton flavour by the measured total one: these are compared without, and in units of the width.
    """
    ours, found = evaluate(pole, PoleCoefficients.zero()), []
    for point in peer["points"]:
        values = evaluate(pole, seen({name: complex(*c) for name, c in point["coefficients"].items()}))
        values["GammaW"] /= values["m_W"] / ours["m_W"]
        for name, theirs, none in zip(peer["observables"], point["values"], peer["standard model"], strict=True):
            if none == 0:
                found.append((name, float(values[name] * values["GammaZ"]), theirs / peer["tau_Z"]))
            else:
                found.append((name, float(values[name] / ours[name]), theirs / none))
    return found


def tau_slopes(evaluate, pole):
    """By name: derivatives by (C_Hl1, C_Hl3)_33, per TeV^-2."""
    directions = [seen({name: 1e-6}) for name in ("phil1_33", "phil3_33")]

    def along(x):
        return evaluate(pole, jax.tree.map(lambda a, b: x[0] * a + x[1] * b, *directions))

    return jax.jacfwd(along)(jnp.zeros(2))


def tau_couplings(standard_model, slopes):
    """Centre and covariance of (C_Hl1, C_Hl3)_33, TeV^-2, that the measurements of `z_tau` give."""
    data = load_measurements("z_tau")

    def chi2(x):
        found = {name: standard_model[name] + slopes[name] @ x for name in standard_model}
        total = 0.0
        for measurement in data:
            predicted = jnp.stack([found[name] for (name,) in measurement.observables])
            total = total - 2 * measurement.term.log_prob(predicted, predicted)
        return total

    hessian, gradient = jax.jit(lambda x: (jax.hessian(chi2)(x), jax.grad(chi2)(x)))(jnp.zeros(2))
    return -np.linalg.solve(hessian, gradient), np.linalg.inv(hessian / 2)
