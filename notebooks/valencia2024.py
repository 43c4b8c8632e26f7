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
# # A dark scalar made by vector-like quarks
#
# The plots of *New physics in B → K⁽*⁾ + invisible* (G. Valencia, Corfu 2024; arXiv:2403.12485) about scalar dark matter: the
# coefficients that b → s needs, the relic density, direct detection. `dineutrino reproduce valencia2024` writes them.

# %%
# %matplotlib inline
from dineutrino.models.vector_like_quark import eta, required_coefficient
from dineutrino.reproduce import figures
from dineutrino.reproduce.figure import draw

made = {number: make() for number, make in figures("valencia2024").items()}

# %%
draw(made[1])

# %% [markdown]
# ## Relic density
#
# The thermal average $\eta(x, z)$ is smooth through the threshold $z = m_P^2/m_\phi^2 = 1$.

# %%
for z in (0.0, 0.5, 0.95, 1.0, 1.05, 1.2):
    print(f"eta(20, {z}) = {float(eta(20.0, z)):.4f}")
for m in (0.55, 0.7, 1.0, 1.5, 2.0):
    print(f"m = {m} GeV: C_ss = {1e3 * float(required_coefficient(m, 20.0)):.3f}/TeV")

# %%
draw(made[2])

# %% [markdown]
# ## Direct detection
#
# A little isospin violation, $R_{d/s} \approx -0.04$, nearly cancels the amplitude on xenon.

# %%
draw(made[3])
