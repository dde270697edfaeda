"""Exceptions and warnings of Metate."""


class MetateError(Exception):
    """Base of what Metate itself raises."""


class TypingError(MetateError, TypeError):
    """A function cannot be compiled for these argument types; the message points at the line and says why."""


class KernelHasReturnValueError(TypingError):
    """A kernel returns a value, and has nobody to give it to."""


class DeviceCreationError(MetateError, ValueError):
    """There is no device of the kind that was asked for; the message names those there are."""


class SubDeviceCreationError(DeviceCreationError):
    """A device cannot be divided as was asked for."""


class ExecutionQueueInferenceError(MetateError, ValueError):
    """The arguments of a kernel are on different queues; the message names both."""


class USMAllocationError(MetateError, MemoryError):
    """A device has no memory of this size or kind left."""


class ProgramCompilationError(MetateError, ValueError):
    """SPIR-V cannot be built for a device; the message has what the device's compiler says."""


class KernelCheckError(MetateError, RuntimeError):
    """A checked kernel goes out of bounds, races, reads what nobody wrote, or parts at a barrier; see `metate.kernel`."""


class AheadOfTimeError(MetateError, ValueError):
    """Something cannot be compiled ahead of time, or not be written; the message says what and why."""


class MetateWarning(UserWarning):
    """Something in a compiled function looks wrong, though it can be compiled."""
