"""The numbers of the golden file, group by group: every group is a flat array, computed in a few compiled calls."""

import functools
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from belle2_files import belle2_folder
from jax.flatten_util import ravel_pytree

from dineutrino.analysis import load_analysis
from dineutrino.analysis.load import packaged_text, parse_analysis
from dineutrino.eft import NuNu
from dineutrino.eft.flavio.vectors import charged_current, delta_f2, semileptonic
from dineutrino.eft.smeft import smeft_from_mapping, smeft_parameters
from dineutrino.inputs import ckm_matrix, load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.matching.smeft_chain import neutrino_coefficients, smeft_to_low_scales
from dineutrino.measurements import load_measurements
from dineutrino.models import load_model
from dineutrino.observables import Predictor, names
from dineutrino.observables.predictor import contract
from dineutrino.running import alpha_s, quark_mass, scalar_factor, tensor_factor
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.vector_classes import CURRENTS
from dineutrino.theory import Flavours, Theory, Wet

ARGUMENTS = {"dBR/dq2": [(4.0,), (15.0,)], "FL": [(), (9.0,)]} | {
    binned: [(1.0, 6.0), (10.0, 10.4)] for binned in ("<BR>", "<R>", "<dBR/dq2>", "<FL>")
}
PAIRS = [
    ("BR(B+->Knunu)",),
    ("BR(B0->K*nunu)",),
    ("<BR>(B+->Knunu)", 10.0, 10.4),
    ("dBR/dq2(B0->K*nunu)", 4.0),
    ("FL(B0->K*nunu)",),
    ("BR(Lambdab->Lambdanunu)",),
    ("BR(Bs->nunu)",),
]
"""For pairs with masses of their own, whose integrals take long to compile."""
POINTS = 12
FAST = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
"""Compiled in a third of the time; the numbers agree to rounding."""

COEFFICIENTS = {"Re CL_bsnutaunutau": 3.0, "Im CL_bsnuenumu": 2.0, "Re CR_bsnumunumu": 4.0, "Im CR_bsnutaunutau": 2.0}
SMEFT = {"Re lq1_3323": 0.02, "Im ld_3323": 0.02, "Re lq1_3333": 0.3, "Re phiq1_23": 0.01}
NEUTRINO_OPERATORS = ("QN_2311", "dN_2311", "LNQd_2123", "LNQd_1132", "LNQdT_3123", "LNQdT_3132")
MODELS = {
    "massless": ("MasslessNeutrinos", {}, COEFFICIENTS),
    "WET": ("WET", {}, {"cVL": 9.0, "cVR": 3.0, "cSL": 2.0, "cSR": 1.0, "cTL": 2.0} | COEFFICIENTS),
    "sterile": (
        "SterileNeutrino",
        {},
        COEFFICIENTS | {"mass": 1.5} | {f"{part} {name}": 0.01 for part in ("Re", "Im") for name in NEUTRINO_OPERATORS},
    ),
    "two steriles": (
        "SterileNeutrino",
        {"steriles": 2, "scale": 3.0},
        {"mass_1": 0.5, "mass_2": 1.5, "Re QN_2312": 0.01, "Re QN_2321": 0.01, "Im LNQdT_3232": 0.01},
    ),
    "scalar": ("DarkScalar", {}, {"mass": 1.0, "Lambda S": 1e4, "Re P": 1e-5, "Im V": 1e-2, "Re A": 1e-2}),
    "real scalar": ("DarkScalar", {"real": True}, {"mass": 2.0, "Re S": 1e-5, "Re P": 1e-5}),
    "fermion": (
        "DarkFermion",
        {},
        {"mass": 1.0, "Re V1": 0.01, "Im A2": 0.01, "Re S1": 0.01, "Im P2": 0.01, "Re T1": 0.01} | COEFFICIENTS,
    ),
    "Majorana fermion": ("DarkFermion", {"majorana": True, "scale": 2.0}, {"mass": 0.7, "Re V2": 0.1, "Lambda S1": 5.0}),  # noqa: E501
    "vector": ("DarkVector", {}, {"mass": 0.8, "Re S": 0.01, "Re V3": 0.01, "Im V2": 0.01, "Re A5": 0.01, "Re T1": 0.01}),  # noqa: E501
    "real vector": ("DarkVector", {"real": True}, {"mass": 1.5, "Re P": 0.01, "Lambda S": 2.0}),
    "vector-like quark": (
        "VectorLikeQuarkDarkMatter",
        {},
        {"mass": 1.0, "m_Q": 2.0, "m_D": 3.0, "Re y_q2": 0.1, "Re y_q3": 0.1, "Im y_d2": 0.1, "Re y_d3": 0.1, "Re y_1": 0.1},  # noqa: E501
    ),
    "SMEFT": ("SMEFT", {}, SMEFT | COEFFICIENTS),
    "SMEFT, free scale": ("SMEFT", {"scale": "free"}, SMEFT | {"scale": 3.0}),
}  # fmt: skip
"""Name of the group -> model, its options, typical sizes of its parameters."""
ANALYSES = {
    "scalar": ("DarkScalar", {"real": True}, {"mass": 2.0, "Re S": 1e-5}, "B->K HPQCD2022"),
    "SMEFT": ("SMEFT", {}, {"Re lq1_3323": 0.02, "Re lq1_3333": 0.3}, "short distance"),
    "sterile": ("SterileNeutrino", {}, {"mass": 1.0, "Re LNQd_2123": 0.01}, "B->K HPQCD2022"),
}
"""Name of the group -> model, options, sizes, nuisances."""
WARSAW = 40
"""Coefficients that are not zero in the running of SMEFT."""


INPUTS = "pdg2024"
"""Defaults follow the Particle Data Group; these inputs stay."""


@functools.cache
def inputs():
    return load_inputs(INPUTS)


def references(down):
    """All observables of b -> s, or those with a down quark, with all kinds of arguments."""
    pairs = [name for name in names() if name.endswith("nunu)") and not name.startswith(("Gamma(", "BR(tau"))]
    pairs = [name for name in pairs if "Xs" not in name and ("(K" not in name or name.startswith("BR("))]
    chosen = [name for name in pairs if ("pinunu" in name or "rhonunu" in name) == down]
    return [(name, *given) for name in chosen for given in ARGUMENTS.get(name.partition("(")[0], [()])]


@functools.cache
def predictor(pairs):
    return Predictor(PAIRS if pairs else references(down=False), inputs())


def down_quarks():
    """Values of all observables with a down quark, at several points of the currents of b -> d and s -> d."""
    random, size = np.random.default_rng(5), 3e-9
    values = size * (random.normal(size=(2, 2, POINTS, 3, 3)) + 1j * random.normal(size=(2, 2, POINTS, 3, 3)))
    db, ds = (NuNu(*map(jnp.asarray, both)) for both in values)
    found = Predictor(references(down=True), inputs())
    value = jax.vmap(lambda wet: contract(found.references, found.kernels, Theory(inputs(), wet)))
    return compiled(value, Wet(Flavours(db=db, ds=ds), Flavours()))


@functools.cache
def rates(pairs):
    refs, kernels = predictor(pairs).references, predictor(pairs).kernels
    return jax.jit(jax.vmap(lambda wet: contract(refs, kernels, Theory(inputs(), wet))), compiler_options=FAST)


def random_points(sizes, seed):
    """Each parameter between its size and half of it; coefficients of either sign."""
    random = np.random.default_rng(seed)
    found = {}
    for name, size in sizes.items():
        signs = random.choice([-1, 1], POINTS) if name.startswith(("Re ", "Im ")) else 1
        found[name] = jnp.asarray(size * random.uniform(0.5, 1.0, POINTS) * signs)
    return found


def compiled(function, *arguments):
    """The value of a function, compiled quickly."""
    return jax.jit(function, compiler_options=FAST)(*arguments)


def observables(group):
    """Values of all observables at several points of a model, in one compiled call."""
    name, options, sizes = MODELS[group]
    model = load_model(name, inputs(), options)
    points = random_points(sizes, list(MODELS).index(group))
    wet = jax.vmap(lambda point: model(point, inputs()).wet)(points)
    return rates(bool(wet.dark.sb))(wet)


def densities_and_gradients(likelihood, vectors):
    """Log-densities at several points, then their gradients."""
    both = jax.value_and_grad(lambda v: likelihood.log_prob(likelihood.to_point(v)))
    values, gradients = compiled(jax.vmap(both), vectors)
    return {"log-densities": values, "gradients": gradients}


def likelihood_points(likelihood, sizes, seed, spread):
    random = np.random.default_rng(seed)
    n = len(likelihood.names) - likelihood.n_parameters
    free = np.stack([random_points(sizes, seed)[p.name] for p in likelihood.parameters], axis=1)
    return jnp.asarray(np.concatenate([free, spread * random.normal(size=(POINTS, n))], axis=1))


def default_analysis():
    text = packaged_text().replace("inputs: default", f"inputs: {INPUTS}")
    likelihood = parse_analysis(text, "golden", Path()).likelihood()
    sizes = {parameter.name: parameter.scale for parameter in likelihood.parameters}
    return densities_and_gradients(likelihood, likelihood_points(likelihood, sizes, seed=1, spread=0.5))


def analysis(group):
    """Likelihoods of models, at central inputs where these enter the running."""
    name, options, sizes, nuisances = ANALYSES[group]
    parameters = [Parameter(name, -2 * size, 2 * size, size) for name, size in sizes.items()]
    measurement = load_measurements("belle2_2023_BpKnunu_combination")
    prior = load_prior(INPUTS).restrict([nuisances])
    likelihood = Likelihood(parameters, measurement, prior, load_model(name, inputs(), options))
    spread = 0.0 if name == "SMEFT" else 0.5
    return densities_and_gradients(likelihood, likelihood_points(likelihood, sizes, seed=2, spread=spread))


def belle2_bins():
    """The published likelihood: predictions in the bins of generated q2, expected events, densities, gradients."""
    likelihood = load_analysis("belle2_2025", data=belle2_folder()).likelihood()
    vectors = likelihood_points(likelihood, {"cVL": 9.0, "cSL": 2.0, "cTL": 2.0}, seed=3, spread=0.1)
    point = likelihood.to_point(vectors[0])
    events = compiled(likelihood.histograms, point)
    return {"events": ravel_pytree(events)[0]} | densities_and_gradients(likelihood, vectors)


def couplings_and_masses():
    scales = jnp.asarray([2.0, 4.2, 10.0, 91.1876, 300.0, 1000.0])

    def found(inputs):
        factors = [factor(1000.0, inputs["mu_b"], inputs) for factor in (scalar_factor, tensor_factor)]
        masses = [quark_mass(name, mu, inputs) for name in ("m_b", "m_t") for mu in (10.0, 300.0)]
        return jnp.concatenate([alpha_s(scales, inputs), jnp.stack([*factors, *masses])])

    couplings = ravel_pytree(compiled(couplings_at_m_z, inputs()))[0]
    return jnp.concatenate([compiled(found, inputs()), couplings.real, couplings.imag])


def low_energy(low, inputs):
    """b -> s nu nubar, b -> s l l, b -> c l nu, B_s mixing; couplings of Z and W that conserve flavour."""
    V, at_m_z = ckm_matrix(inputs), low.smeft
    currents = jnp.stack([jnp.diagonal(getattr(at_m_z, name)).real for name in CURRENTS])
    return {
        "neutrinos": neutrino_coefficients(low.left, inputs),
        "charged leptons": semileptonic(low.left, V, inputs["G_F"], inputs["alpha_em"]),
        "charged current": charged_current(low.left, V, inputs["G_F"])[1, 2],
        "mixing": delta_f2(low.left),
        "Z and W": (currents, at_m_z.HD.real, at_m_z.HWB.real, 2 * at_m_z.ll[0, 1, 1, 0].real),
    }


def smeft_running():
    """Random coefficients at 1 TeV: all that observables need of them at the low scales."""
    random = np.random.default_rng(4)
    chosen = random.choice(sorted(smeft_parameters()), WARSAW, replace=False)
    given = {}
    for name in chosen:
        part, _, coefficient = name.partition(" ")
        given[coefficient] = given.get(coefficient, 0) + 1e-8 * random.normal() * (1 if part == "Re" else 1j)
    low = compiled(lambda c, i: low_energy(smeft_to_low_scales(c, 1000.0, i), i), smeft_from_mapping(given), inputs())
    return {sector: in_a_row(numbers) for sector, numbers in low.items()}


def in_a_row(numbers):
    """Real, then imaginary parts of all of them."""
    flat = ravel_pytree(numbers)[0]
    return jnp.concatenate([flat.real, flat.imag])


GROUPS = {
    **{f"observables/{group}": functools.partial(observables, group) for group in MODELS},
    "observables/down quarks": down_quarks,
    **{f"analysis/{group}": functools.partial(analysis, group) for group in ANALYSES},
    "analysis/default": default_analysis,
    "Belle II": belle2_bins,
    "couplings and masses": couplings_and_masses,
    "SMEFT running": smeft_running,
}
"""Name of the group -> what computes it: an array, or arrays by name."""


def arrays(group):
    """The arrays of a group by name, each with one scale of its own."""
    found = GROUPS[group]()
    return {key: np.asarray(value) for key, value in (found if isinstance(found, dict) else {"values": found}).items()}
