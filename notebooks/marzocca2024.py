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
# # The effective couplings behind the Belle II excess
#
# Table 1 and the lower row of Fig. 1 of *Implications of B → K ν ν̄ under Rank-One Flavor Violation hypothesis*
# (arXiv:2404.06533): new physics in one coupling $L_{L,R}^{sb}$, either the same for all neutrinos or for $\nu_\tau$ alone,
# from $R_{K^+} = 2.93 \pm 0.90$ and $R_{K^*} = 1.0 \pm 1.1$.

# %%
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt

import dineutrino as dn
from dineutrino.eft import to_lagrangian
from dineutrino.inference import maximum, profile
from dineutrino.inputs import c_l_sm

prior = dn.load_prior("marzocca2024").restrict([])  # the paper fixes its inputs
inputs = prior.central
measurements = dn.load_measurements("marzocca2024")

# %% [markdown]
# ## Table 1
#
# A model is any function from named parameters to Wilson coefficients. Here it is one number $x = L/L_{\rm SM}$.

# %%
TAU, ALL = jnp.diag(jnp.array([0, 0, 1.0 + 0j])), jnp.eye(3, dtype=complex)


def one_coupling(flavours, left, right):
    """x times the Standard Model coupling, for left- and/or right-handed quarks."""

    def model(values):
        coupling = values["x"] * c_l_sm(inputs) * flavours
        return dn.NeutrinoCoefficients(left * coupling, right * coupling)

    return dn.Likelihood([dn.Parameter("x", -1, 20, scale=2.0)], measurements, prior, coefficients=model)


def scale_in_tev(likelihood, x):
    """|L|^(-1/2) in TeV; the paper's L_V is L_L + L_R."""
    L_L, L_R = to_lagrangian(likelihood.coefficients({"x": jnp.asarray(x)}), inputs)
    return float(abs(L_L + L_R)[2, 2] ** -0.5) / 1000


PAPER = {
    ("all", "R"): 11.5,
    ("all", "L"): 14.2,
    ("all", "V"): 11.6,
    ("tau", "R"): 7.7,
    ("tau", "L"): 9.2,
    ("tau", "V"): 7.7,
}
print("neutrinos  quarks      x    chi2   scale [TeV]   paper")
for (flavours, quarks), printed in PAPER.items():
    likelihood = one_coupling(ALL if flavours == "all" else TAU, left=float(quarks != "R"), right=float(quarks != "L"))
    best = maximum(likelihood, jax.random.key(0)).best
    x = float(best.vector[0])
    print(
        f"{flavours:9s}  {quarks:6s} {x:6.4f}  {-2 * best.log_prob:6.3f}   {scale_in_tev(likelihood, x):8.2f}    {printed:8.1f}"
    )

# %% [markdown]
# ## Fig. 1, lower row
#
# Both couplings free: the profile likelihood in the plane. The regions are symmetric under the change of sign of the whole
# amplitude, $C_{\rm SM} + C_L \to -(C_{\rm SM} + C_L)$, $C_R \to -C_R$, and the likelihood has one maximum in each of the
# disconnected regions.

# %%
UNIT = float(abs(to_lagrangian(dn.NeutrinoCoefficients(ALL, ALL), inputs)[0][2, 2]))  # GeV^-2 per unit of C


def plane(flavours):
    def model(values):
        return dn.NeutrinoCoefficients(values["C_L"] * flavours, values["C_R"] * flavours)

    parameters = [dn.Parameter(name, -45, 45, tex=name) for name in ("C_L", "C_R")]
    return dn.Likelihood(parameters, measurements, prior, coefficients=model)


figure, axes = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
for axis, flavours, title in ((axes[0], ALL, "all neutrinos"), (axes[1], TAU, r"$\nu_\tau$ only")):
    likelihood = plane(flavours)
    maxima = maximum(likelihood, jax.random.key(1))
    region = profile(likelihood, ("C_L", "C_R"), maxima, confidence_levels=(0.6827, 0.9545, 0.9973), points=61)
    to_tev = -UNIT * 1e6  # L = N C with N < 0, in TeV^-2
    for contour, style in zip(region.contours, ("-", "--", ":"), strict=True):
        for line in contour.lines:
            axis.plot(to_tev * line[:, 0], to_tev * line[:, 1], style, color="0.25")
    for optimum in maxima.optima:
        axis.plot(*(to_tev * optimum.vector), "x", color="tab:red")
    axis.plot(0, 0, "o", color="m")
    axis.set(xlabel=r"$L_L^{sb}$ [TeV$^{-2}$]", ylabel=r"$L_R^{sb}$ [TeV$^{-2}$]", title=title)
    print(
        title, [tuple(round(float(v), 2) for v in o.vector) for o in maxima.optima], "chi2", -2 * maxima.best.log_prob
    )
plt.show()
