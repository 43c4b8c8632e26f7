"""The names of observables: flavio's where flavio has them, the same grammar where it has not."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.observables import annihilation_kernel, neutrino_kernel, polarisation
from dineutrino.observables.modes import MODES, Decay, Mode, decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel
from dineutrino.theory import NewPhysics, Theory, theory_of

ObservableRef = tuple[str | float, ...]
"""A name followed by its arguments: ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0)."""


@dataclass(frozen=True)
class Observable:
    """A number that an experiment measures, as a function of Wilson coefficients and inputs.

    Attributes:
        name: for example "dBR/dq2(B+->Knunu)".
        tex: LaTeX, without dollars.
        unit: "1" or "GeV^-2".
        description: one line.
        source: paper and equation.
        arguments: names of the arguments, all in GeV^2; those ending in "?" may be left out.
        mode: the decay.
        kernel: (decay, inputs, *arguments) -> everything that does not depend on the coefficients.
        contract: (kernel, theory) -> value.
        is_fraction: of the decays, and so nan where there are none.
    """

    name: str
    tex: str
    unit: str
    description: str
    source: str
    arguments: tuple[str, ...]
    mode: Mode
    kernel: Callable[..., Any]
    contract: Callable[[Any, Theory], Float[Array, ""]]
    is_fraction: bool = False

    def __call__(self, new: NewPhysics, inputs: Inputs, *arguments: Float[Array, ""] | float) -> Float[Array, ""]:
        """The value; a pure function, to be jitted, vmapped and differentiated."""
        kernel = self.kernel(decay(self.mode, inputs), inputs, *map(jnp.asarray, arguments))
        return self.contract(kernel, theory_of(new, inputs))

    def kernel_for(self, *arguments: float) -> Callable[..., Any]:
        """The kernel, with fewer nodes where the arguments allow."""
        is_bin = self.kernel is neutrino_kernel.integrated and len(arguments) == 2
        return neutrino_kernel.in_narrow_bin if is_bin and neutrino_kernel.is_narrow(*arguments) else self.kernel

    def check(self, inputs: Inputs, *arguments: float) -> None:
        """Refuse arguments that make no sense.

        Raises:
            DineutrinoError: wrong number, not finite, outside the kinematic range, or a bin that is empty or reversed.
        """
        required = sum(not name.endswith("?") for name in self.arguments)
        if not required <= len(arguments) <= len(self.arguments):
            listed = " ".join(name.rstrip("?") for name in self.arguments) or "none"
            raise DineutrinoError(f"{self.name} takes the arguments: {listed}; {len(arguments)} given.")
        end_point = self.mode.end_point(inputs)
        if end_point <= 0:
            masses = self.mode.masses(inputs)
            raise DineutrinoError(
                f"{self.name} is no decay with these inputs: it begins with {float(masses.B):g} GeV and ends with at "
                f"least {float(masses.M):g} GeV."
            )
        for argument, value in zip(self.arguments, arguments, strict=False):
            if not math.isfinite(value) or not 0 <= value <= end_point * (1 + 1e-12):
                raise DineutrinoError(
                    f"{argument.rstrip('?')} = {value:g} GeV^2 is outside the kinematic range of {self.name}, "
                    f"0 to {end_point:.6g} GeV^2."
                )
        if len(arguments) == 2 and arguments[0] >= arguments[1]:
            raise DineutrinoError(
                f"the q2 bin [{arguments[0]:g}, {arguments[1]:g}] GeV^2 of {self.name} is empty or reversed; "
                "give q2min < q2max."
            )


def _polarisation(decay: Decay, inputs: Inputs, *q2: Float[Array, ""]) -> polarisation.PolarisationKernel:
    return polarisation.differential(decay, inputs, *q2) if q2 else polarisation.integrated(decay, inputs)


_MESONS = "arXiv:2404.06533 eq. (A3); arXiv:1409.4557 sec. 2; further pairs: arXiv:2309.02940, arXiv:2309.12741"
_SOURCES = {0: _MESONS, 1: _MESONS, 1 / 2: "arXiv:1410.2115 sec. 3", None: "arXiv:2309.02940 eq. (24), twice that"}
_BIN = ("q2min", "q2max")
# prefix: (tex, unit, description, arguments, kernel, contract)
_RATES = {
    "BR": (r"\mathcal{B}", "1", "branching ratio", (), neutrino_kernel.integrated, NeutrinoKernel.rate),
    "<BR>": (r"\mathcal{B}_{\mathrm{bin}}", "1", "branching ratio in a q2 bin", _BIN, neutrino_kernel.integrated,
             NeutrinoKernel.rate),
    "dBR/dq2": (r"d\mathcal{B}/dq^2", "GeV^-2", "differential branching ratio", ("q2",), neutrino_kernel.differential,
                NeutrinoKernel.rate),
    "<dBR/dq2>": (r"\langle d\mathcal{B}/dq^2\rangle", "GeV^-2", "differential branching ratio averaged over a q2 bin",
                  _BIN, neutrino_kernel.averaged, NeutrinoKernel.rate),
    "R": (r"\mathcal{R}", "1", "short-distance branching ratio over its Standard Model value", (),
          neutrino_kernel.integrated, NeutrinoKernel.ratio),
    "<R>": (r"\mathcal{R}_{\mathrm{bin}}", "1",
            "short-distance branching ratio in a q2 bin over its Standard Model value", _BIN,
            neutrino_kernel.integrated, NeutrinoKernel.ratio),
}  # fmt: skip
_ANNIHILATION = {
    "BR": (r"\mathcal{B}", "1", "branching ratio", (), annihilation_kernel.integrated, NeutrinoKernel.rate),
}  # fmt: skip
_POLARISATIONS = {
    "FL": (r"F_L", "1", "fraction of pairs of helicity zero, at q2 or in all decays", ("q2?",),
           _polarisation, polarisation.PolarisationKernel.fraction),
    "<FL>": (r"\langle F_L\rangle", "1", "fraction of pairs of helicity zero in a q2 bin", _BIN,
             polarisation.integrated, polarisation.PolarisationKernel.fraction),
}  # fmt: skip


def _observables() -> dict[str, Observable]:
    found = {}
    for mode in MODES.values():
        quantities = _RATES if mode.spin == 0 else _ANNIHILATION if mode.spin is None else _RATES | _POLARISATIONS
        for prefix, (tex, unit, description, arguments, kernel, contract) in quantities.items():
            name = f"{prefix}({mode.name}nunu)"
            found[name] = Observable(
                name=name,
                tex=f"{tex}({mode.tex})",
                unit=unit,
                description=f"{description}, {mode.name} {'+ ' if mode.daughter else ''}invisible",
                source=_SOURCES[mode.spin],
                arguments=arguments,
                mode=mode,
                kernel=kernel,  # type: ignore[arg-type]
                contract=contract,
                is_fraction=prefix in _POLARISATIONS,
            )
    return found


_ALL = _observables()


def names() -> tuple[str, ...]:
    """All names."""
    return tuple(_ALL)


def get(name: str) -> Observable:
    """The observable with this name.

    Raises:
        DineutrinoError: unknown name, with the closest one.
    """
    if name not in _ALL:
        raise unknown("observable", name, _ALL)
    return _ALL[name]


def label(reference: ObservableRef) -> str:
    """A name with its arguments, for tables: "<dBR/dq2>(B+->Knunu)[4, 8]"."""
    name, *arguments = reference
    return f"{name}[{', '.join(f'{x:g}' for x in arguments)}]" if arguments else str(name)


def check(references: Iterable[ObservableRef], inputs: Inputs) -> None:
    """Refuse unknown names and impossible arguments; see `Observable.check`."""
    for name, *arguments in references:
        get(str(name)).check(inputs, *map(float, arguments))
