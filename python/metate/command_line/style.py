"""style – bold and coloured words, on terminals that want them."""

import os


class Style:
    """Marks words for one stream. NO_COLOR in the environment (no-color.org) turns it off."""

    def __init__(self, stream):
        self._on = stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"

    def _with(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self._on else text

    def heading(self, text):
        return self._with("1", text)

    def code(self, text):
        return self._with("36", text)

    def rows(self, rows, indent=4):
        """Names and values in two columns."""
        width = max(map(len, rows)) + 2
        return "\n".join(f"{' ' * indent}{name:<{width}}{value}" for name, value in rows.items())
