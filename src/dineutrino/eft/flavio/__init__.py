"""The normalisations and names of flavio's basis of coefficients below m_W."""
