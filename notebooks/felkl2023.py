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
# # Sterile neutrinos behind B⁺ → K⁺ + invisible
#
# Figures 1 to 5 of *When Energy Goes Missing: New Physics in b → sνν with Sterile Neutrinos* (arXiv:2309.02940), from the
# same functions that a likelihood uses. `dineutrino reproduce felkl2023` writes them with their numbers.

# %%
# %matplotlib inline
import dineutrino as dn
from dineutrino.models import SterileNeutrino
from dineutrino.reproduce import figures
from dineutrino.reproduce.figure import draw

# %% [markdown]
# ## The spectrum
#
# A massive neutrino opens at its threshold; scalar currents prefer large $q^2$.

# %%
draw(figures("felkl2023", 1)[1]())

# %% [markdown]
# ## One operator at a time
#
# Tensors are excluded by $B\to K^*$, and so are vectors with a massless neutrino. Scalars survive at any mass.

# %%
draw(figures("felkl2023", 2)[2]())

# %%
draw(figures("felkl2023", 5)[5]())

# %% [markdown]
# ## Mass and coupling as parameters of a likelihood
#
# The mass is a parameter like any other, with a gradient up to the threshold.

# %%
inputs = dn.load_inputs()
model = SterileNeutrino.from_inputs(inputs)
parameters = [dn.Parameter("mass", 0.0, 4.5, 1.0), dn.Parameter("Re LNQd_3123", 0.0, 1.0, 0.02)]
prior = dn.load_prior().restrict(["B->K HPQCD2022", "B->K* GRvDV2023"])
likelihood = dn.Likelihood(parameters, dn.load_measurements("default"), prior, model)

# %%
point = likelihood.origin({"mass": 2.0, "Re LNQd_3123": 0.03})
value, gradient = likelihood.value_and_grad(point)
print(value, gradient["mass"], gradient["Re LNQd_3123"])
