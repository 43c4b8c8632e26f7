"""What a document says, before anything in it is checked."""

from typing import TYPE_CHECKING, TypeAlias

from dineutrino.errors import DineutrinoError

if TYPE_CHECKING:
    Tree: TypeAlias = bool | int | float | str | list["Tree"] | dict[str, "Tree"] | None
    """Content of YAML or JSON: numbers, text, and lists and mappings of them."""
else:  # whoever reads an entry checks it; a check of the whole document at each call would be one too many
    Tree = object


def mapping(content: Tree, place: str) -> dict[str, Tree]:
    """A mapping from names.

    Raises:
        DineutrinoError: anything else, named by `place`.
    """
    if not isinstance(content, dict):
        raise DineutrinoError(f"{place} must be a mapping.")
    return content
