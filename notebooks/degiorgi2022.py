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
# # What R(D) and R(D*) say about B → K⁽*⁾ ττ and B → K⁽*⁾ νν̄
#
# A. de Giorgi and G. Piazza, *A lesson from $R_{\tau\tau}^{K^{(*)}}$ and $R_{\nu\nu}^{K^{(*)}}$ at Belle II* (2022):
# left-handed new physics with $C_{lq}^{(1)} = \kappa\, C_{lq}^{(3)}$. `dineutrino reproduce degiorgi2022` writes the figure
# with its numbers.

# %%
# %matplotlib inline
from dineutrino.reproduce import NUMBERS, figures
from dineutrino.reproduce.figure import draw

made = figures("degiorgi2022")[1]()

# %% [markdown]
# Above with the sign of $V_{tb}V_{ts}^*$ that the paper takes, below with that of nature.

# %%
draw(made)

# %% [markdown]
# ## Numbers: those of the paper, ours, and what makes the difference

# %%
for row in NUMBERS["degiorgi2022"](False).rows:
    print(f"{row.where}, {row.what}: {row.paper} | {row.cells[4]} {row.unit if row.unit != '1' else ''}")
    if row.difference:
        print(f"    {row.difference}")
