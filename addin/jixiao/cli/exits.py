"""How a run ends."""

DONE, FOUND, REFUSED = 0, 1, 2
"""Exit codes: done (check: no 错误); check or lint found 错误; bad usage or input."""


class BadInput(Exception):
    """Wrong usage or input; the message is Chinese and says what to do."""
