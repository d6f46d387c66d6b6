"""A progress bar on a terminal, and silence anywhere else."""

from django.core.management.base import OutputWrapper

_WIDTH = 32


class ProgressBar:
    """Draws how much of how much is done, on one line of ``stream`` that it overwrites.

    Nothing is written unless ``stream`` is a terminal, so that logs and pipes stay clean.
    """

    def __init__(self, stream: OutputWrapper, label: str) -> None:
        self.stream = stream
        self.label = label
        self.is_shown = stream.isatty()
        self.percent = -1

    def __call__(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``; the line is finished when all is done."""
        percent = 100 * done // total if total else 100
        if not self.is_shown or percent == self.percent:
            return
        self.percent = percent
        filled = _WIDTH * percent // 100
        bar = "█" * filled + "·" * (_WIDTH - filled)
        end = "\n" if percent >= 100 else ""
        self.stream.write(f"\r{self.label} {bar} {percent:3d} %", style_func=str, ending=end)
        self.stream.flush()
