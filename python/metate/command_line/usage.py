"""usage – what a command says of a call that makes no sense."""


class UsageError(Exception):
    """What was asked for cannot be done; the text says why. The exit status is 2."""
