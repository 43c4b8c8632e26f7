"""Places of the flavours in everything that is counted by charged leptons or their neutrinos."""

E, MU, TAU = range(3)
