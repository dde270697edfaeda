"""What kernels can ask and do beside plain Python: which work-item they are, and how work-items meet."""

import functools


def only_in_kernels(function):
    """`function`, which compiled kernels know by its name, for plain Python: an error."""
    module = "metate" if function.__module__ in (__name__, "metate.kernel_api") else function.__module__
    name = f"{module}.{function.__name__}".removeprefix("metate.")

    @functools.wraps(function)
    def refuse(*_, **__):
        raise RuntimeError(f"{name}() has a meaning inside kernels only")

    refuse.__module__ = module
    return refuse


def _work_item_query(name, meaning):
    def function(dim, /):
        pass

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{meaning} in dimension `dim` (0, 1 or 2). Inside kernels only."
    return only_in_kernels(function)


get_global_id = _work_item_query("get_global_id", "The number of the work-item in the whole launch,")
get_local_id = _work_item_query("get_local_id", "The number of the work-item in its work-group,")
get_group_id = _work_item_query("get_group_id", "The number of the work-group,")
get_global_size = _work_item_query("get_global_size", "How many work-items there are")
get_local_size = _work_item_query("get_local_size", "How many work-items a work-group has")
get_num_groups = _work_item_query("get_num_groups", "How many work-groups there are")


@only_in_kernels
def get_work_dim():
    """Over how many dimensions (1 to 3) the kernel was launched. Inside kernels only."""


#: For `barrier` and `mem_fence`: which memory is put in order. OpenCL's older names are there too.
LOCAL_MEM_FENCE = CLK_LOCAL_MEM_FENCE = 1
GLOBAL_MEM_FENCE = CLK_GLOBAL_MEM_FENCE = 2


@only_in_kernels
def barrier(flags=None):
    """Wait until all work-items of the group have come here, and see what they have written.

    `flags` names the memory: `LOCAL_MEM_FENCE`, `GLOBAL_MEM_FENCE` or both (joined by ``|``); without it, all memory. All
    work-items of a group must come to the same barrier.
    """


@only_in_kernels
def mem_fence(flags=None):
    """Put the memory accesses of this work-item before and after it in order, without waiting. `flags` as for `barrier`."""
