"""Names that the tests of the report share."""

CL, CR = "Re CL_bsnutaunutau", "Re CR_bsnutaunutau"
LEVELS = (0.6827, 0.9545, 0.9973)
