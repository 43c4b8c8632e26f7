# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The published likelihood of B⁺ → K⁺ + invisible
#
# Belle II published the likelihood of its measurement together with joint number densities of reconstructed and generated
# $q^2$ (arXiv:2507.12393). So the spectrum of any model can be compared with the data, bin by bin, instead of one branching
# ratio that assumes the spectrum of the Standard Model. `dineutrino data fetch belle2_2025` gets the files;
# `DINEUTRINO_DATA` names the folder.

# %%
# %matplotlib inline
import time
import warnings

import jax

import dineutrino as dn
from dineutrino.inference import Caution, maximum, profile
from dineutrino.models import WET
from dineutrino.reproduce import figures
from dineutrino.reproduce.figure import draw

warnings.simplefilter("ignore", Caution)  # the scalar coefficient ends at its bound, zero

# %% [markdown]
# ## Weak effective theory
#
# Vector, scalar and tensor coefficients in the normalisation of EOS, eight form-factor coefficients, and the 228 nuisance
# parameters of the measurement that are left when the prediction replaces its signal.

# %%
prior = dn.load_prior("belle2_2025").restrict(lambda label: label.startswith("B->K f_"))
parameters = [dn.Parameter(name, 0.0, 20.0, 5.0) for name in ("cVL", "cSL", "cTL")]
measurements = dn.load_measurements("belle2_2025_BpKnunu")
likelihood = dn.Likelihood(parameters, measurements, prior, WET.from_inputs(prior.central))
maxima = maximum(likelihood, jax.random.key(0), starts=1)
start = time.perf_counter()
maxima = maximum(likelihood, jax.random.key(0), starts=1)
print(f"fit of {len(likelihood.names)} parameters: {time.perf_counter() - start:.2f} s after compilation")
for name in ("cVL", "cSL", "cTL"):
    print(name, round(maxima.best[name], 3), "+-", round(maxima.best.error(name), 3))
print("chi2 =", round(-2 * maxima.best.log_prob, 2), "for 30 bins")

# %% [markdown]
# The gradient reaches from the coefficients and form factors to the bins of the detector:

# %%
point = likelihood.origin({"cVL": 10.0, "cSL": 1.0, "cTL": 5.0})
value, gradient = likelihood.value_and_grad(point)
print(value, {name: float(gradient[name]) for name in ("cVL", "cSL", "cTL")})

# %%
[[interval]] = profile(likelihood, "cVL", maxima, points=15, confidence_levels=(0.954499736103642,)).intervals
print(f"cVL at 95%: [{interval.lower:.2f}, {interval.upper:.2f}]")

# %% [markdown]
# ## Which pair of invisible particles?
#
# The χ² of the Standard Model and a pair of new particles, minus that of the Standard Model, with the coupling and all
# nuisances at their best. Vector currents of particles of about 0.6 GeV describe the data best: the excess sits at low $q^2$.

# %%
draw(figures("belle2_2025", 1)[1]())

# %% [markdown]
# ## What one branching ratio hides
#
# For pairs of 0.7 GeV: dashed the likelihood of the branching ratio alone, which is the same for all operators; solid that of
# the spectrum. Some operators that the branching ratio welcomes are of no use for the data, others are preferred at larger
# rates than the branching ratio allows.

# %%
draw(figures("belle2_2025", 2)[2]())
