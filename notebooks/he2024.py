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
# # Neutrinos and light dark matter behind B⁺ → K⁺ + invisible
#
# The figures of *Revisiting models that enhance B⁺ → K⁺ νν̄ in light of the new Belle II measurement* (arXiv:2309.12741):
# couplings of neutrinos, then pairs of scalars, fermions and vectors. `dineutrino reproduce he2024` writes them with their
# numbers.

# %%
# %matplotlib inline
from dineutrino.reproduce import NUMBERS, figures
from dineutrino.reproduce.figure import draw

made = {number: make() for number, make in figures("he2024").items()}

# %% [markdown]
# ## Couplings of neutrinos
#
# Where the paper scans coefficients at random, these regions are exact: $R_K$ and $R_{K^*}$ are quadratic forms.

# %%
draw(made[1])

# %%
draw(made[2])

# %%
draw(made[3])

# %% [markdown]
# Numbers of section II, those of the paper beside ours:

# %%
for row in NUMBERS["he2024"](False).rows:
    print(f"{row.what}: {row.paper} | {row.cells[4]} {row.difference and '| ' + row.difference}")

# %% [markdown]
# ## Scales that make the excess
#
# Below a line a scale is excluded by another mode. Tensor operators are excluded by $B^0\to K^{*0}$.

# %%
draw(made[4])

# %%
draw(made[5])

# %%
draw(made[6])

# %% [markdown]
# ## Spectra, before and after the selection of Belle II
#
# The excess is at 3 to 7 GeV²: a vector current with a scalar of 300 MeV or a fermion of 700 MeV comes closest.

# %%
draw(made[7])

# %%
draw(made[8])
