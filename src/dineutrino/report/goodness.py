"""How well a point describes the data."""

from dataclasses import dataclass

from dineutrino.inference import Optimum
from dineutrino.likelihood import Likelihood
from dineutrino.report.evaluation import Evaluation


@dataclass(frozen=True)
class Goodness:
    """Chi2 = -2 log L of the best fit and of the Standard Model.

    log L includes the Gaussian constraints of the nuisances, normalised such that a perfect description has chi2 = 0.
    Each nuisance comes with one constraint, so nuisances do not change the degrees of freedom: measured numbers (upper
    limits count as measurements) minus free parameters. Where the log-likelihood is flat at its maximum, the data see
    fewer combinations of the parameters than there are parameters, and only these count.

    Attributes:
        chi2: of the best fit.
        standard_model_chi2: of the Standard Model, with the nuisances that describe the data best; None if the Standard
            Model is not a point of the model.
        n_measured: measured numbers.
        n_parameters: combinations of the free parameters that the data see at the best fit.
    """

    chi2: float
    standard_model_chi2: float | None
    n_measured: int
    n_parameters: int

    @property
    def degrees_of_freedom(self) -> int:
        """Measured numbers minus the parameters that the data see; may be zero or negative."""
        return self.n_measured - self.n_parameters

    @property
    def p_value(self) -> float | None:
        """Probability of a chi2 at least as large as that of the best fit; None without degrees of freedom."""
        return survival(self.chi2, self.degrees_of_freedom)

    @property
    def standard_model_p_value(self) -> float | None:
        """The same for the Standard Model, which has no free parameters."""
        return None if self.standard_model_chi2 is None else survival(self.standard_model_chi2, self.n_measured)

    @property
    def delta_chi2(self) -> float | None:
        """Chi2 of the Standard Model minus that of the best fit."""
        return None if self.standard_model_chi2 is None else self.standard_model_chi2 - self.chi2

    @property
    def significance(self) -> float | None:
        """Standard deviations by which the best fit is preferred to the Standard Model (Wilks' theorem).

        Of a Gaussian, two-sided; the difference of chi2 follows chi2 with as many degrees of freedom as parameters.
        """
        if self.delta_chi2 is None or not self.n_parameters:
            return None
        from scipy.special import chdtrc, ndtri

        return float(-ndtri(chdtrc(self.n_parameters, max(self.delta_chi2, 0.0)) / 2))


def survival(chi2: float, degrees_of_freedom: int) -> float | None:
    """Probability of at least this chi2; None for no degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees_of_freedom, max(chi2, 0.0))) if degrees_of_freedom > 0 else None


def goodness(likelihood: Likelihood, best: Optimum, standard_model: Evaluation | None) -> Goodness:
    """Chi2 of the best fit and, where it is part of the model, of the Standard Model."""
    return Goodness(
        chi2=-2 * best.log_prob,
        standard_model_chi2=None if standard_model is None else -2 * standard_model.log_prob,
        n_measured=sum(len(measurement.labels) for measurement in likelihood.measurements),
        n_parameters=likelihood.n_parameters - best.n_flat,
    )
