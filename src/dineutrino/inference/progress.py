"""A progress bar on the standard error stream, or none."""

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """Shows how much of `total` is done; silent where `shown` is false."""

    def __init__(self, title: str, total: float, shown: bool):
        self.bar: "Bar | None" = None
        if shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, TextColumn("{task.fields[note]}"), console=Console(stderr=True))
            self.task = self.bar.add_task(title, total=total, note="")

    def __enter__(self) -> "Progress":
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def update(self, done: float, note: str = "") -> None:
        """Set how much is done, and a note at the end of the line."""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, note=note)
