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
    function.__doc__ = f"{meaning} in dimension `dim`, an int from 0 to 2. Inside kernels only."
    return only_in_kernels(function)


get_global_id = _work_item_query("get_global_id", "The number of the work-item in the whole launch,")
get_local_id = _work_item_query("get_local_id", "The number of the work-item in its work-group,")
get_group_id = _work_item_query("get_group_id", "The number of the work-group,")
get_global_size = _work_item_query("get_global_size", "How many work-items there are")
get_global_offset = _work_item_query("get_global_offset", "The first of the launch's global ids")
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


@only_in_kernels
def sub_group_barrier():
    """Wait until all work-items of the sub-group have come here, and see what they have written."""


# A sub-group is some work-items of a group (neighbours, dimension by dimension, the last one running fastest) that a
# device can let exchange values without memory. Its greatest size is the device's choice.

@only_in_kernels
def get_sub_group_id():
    """The number of the sub-group in the work-group. Inside kernels only."""


@only_in_kernels
def get_sub_group_local_id():
    """The number of the work-item in its sub-group. Inside kernels only."""


@only_in_kernels
def get_sub_group_size():
    """How many work-items the sub-group has. Inside kernels only."""


@only_in_kernels
def get_max_sub_group_size():
    """How many work-items a sub-group can have; the last of a group may have fewer. Inside kernels only."""


@only_in_kernels
def get_num_sub_groups():
    """How many sub-groups the work-group has. Inside kernels only."""


def _together(name, parameters, text):
    def function():
        pass

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{name}({parameters}) – {text}"
    return only_in_kernels(function)


_FORMS = {
    "reduce": "the {} of x over all work-items of the {}",
    "scan_inclusive": "the {} of x over the work-items of the {} up to this one",
    "scan_exclusive": "the {} of x over the work-items of the {} before this one",
}
_COMBINED = {"add": "sum", "mul": "product", "min": "minimum", "max": "maximum"}


def _group_functions():
    for group, words in ("work_group", "work-group"), ("sub_group", "sub-group"):
        for form, text in _FORMS.items():
            for how, result in _COMBINED.items():
                yield _together(f"{group}_{form}_{how}", "x", text.format(result, words) + "; all of them come here.")
        for which in "any", "all":
            yield _together(f"{group}_{which}", "predicate",
                            f"whether it is true for {which} of the work-items of the {words}; all of them come here.")
        yield _together(f"{group}_broadcast", "x, local_id",
                        f"x of the work-item with that number in the {words}, the same for all of them.")
    yield _together("sub_group_ballot", "predicate", "an int with bit i set where it is true for work-item number i.")
    yield _together("sub_group_shuffle", "x, local_id", "x of the work-item with that number in the sub-group.")
    yield _together("sub_group_shuffle_up", "x, delta", "x of the work-item `delta` below this one, or else its own.")
    yield _together("sub_group_shuffle_down", "x, delta", "x of the work-item `delta` above this one, or else its own.")
    yield _together("sub_group_shuffle_xor", "x, mask", "x of the work-item whose number is this one's ^ mask.")


#: OpenCL's functions by which work-items compute together, by name.
GROUP_FUNCTIONS = {function.__name__: function for function in _group_functions()}
globals().update(GROUP_FUNCTIONS)
