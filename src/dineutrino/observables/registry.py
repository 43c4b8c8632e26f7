"""The names of observables: flavio's where flavio has them, the same grammar where it has not."""

from collections.abc import Iterable

from dineutrino.errors import unknown
from dineutrino.inputs import Inputs
from dineutrino.observables.catalogue import CATALOGUE
from dineutrino.observables.observable import SomeObservable

ObservableRef = tuple[str | float, ...]
"""A name followed by its arguments: ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0)."""
_ALL = {observable.name: observable for observable in CATALOGUE}


def names() -> tuple[str, ...]:
    """All names."""
    return tuple(_ALL)


def get(name: str) -> SomeObservable:
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
