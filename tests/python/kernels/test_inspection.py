"""What a kernel has become, as text."""

import numpy as np
import pytest

import metate
from metate import get_global_id, kernel


@kernel
def double(x):
    x[get_global_id(0)] *= 2


@kernel
def double_item(item, x):
    x[item.get_id(0)] *= 2


def test_for_given_arguments():
    x = np.zeros(3, np.float32)
    assert "define spir_kernel void @metate_entry_double" in double.inspect_llvm(x)
    assert "fmul float" in double.inspect_llvm(x) and "fmul double" in double.inspect_llvm(np.zeros(3))
    assert "OpFMul %float" in double.inspect_spirv(x) and double.inspect_asm(x) == double.inspect_spirv(x)
    text = double_item.inspect_llvm(x, launch=metate.Range(3))
    assert "spir_kernel" in text and 'target triple = "spirv64' in text


def test_sums_of_an_index_stay_sums():
    """LLVM makes an `or` of the sum of 16 * a and b < 16, from which no reader of SPIR-V could tell that it is one."""
    @metate.kernel
    def place(x):
        i, j = metate.get_local_id(0), metate.get_local_id(1)
        tile = metate.local.array((16, 16), np.float32)
        tile[i, j] = x[i, j]
        metate.barrier()
        x[i, j] = tile[j, i]

    text = place.inspect_spirv(np.zeros((16, 16), np.float32))
    assert "OpBitwiseOr" not in text and "OpIAdd %ulong" in text


def test_stages_differ():
    x = np.ones(4)
    texts = [inspect(x, launch=metate.Range(4))
             for inspect in (double_item.inspect_ir, double_item.inspect_llvm, double_item.inspect_spirv)]
    assert "func @" in texts[0] and "OpEntryPoint Kernel" in texts[2] and len(set(texts)) == 3


def test_a_launch_that_is_none():
    with pytest.raises(TypeError, match="Range or NdRange, not int"):
        double_item.inspect_llvm(np.ones(4), launch=4)


def test_for_what_is_compiled():
    run = kernel(double.py_func)
    assert run.inspect_llvm() == run.inspect_ir() == {}
    run[3](np.zeros(3))
    run[3](np.zeros(3, np.int32))
    texts = run.inspect_spirv()
    assert list(texts) == run.specialisations and len(texts) == 2
    assert "OpIMul" in texts[run.specialisations[0]] or "OpShiftLeftLogical" in texts[run.specialisations[0]]
    assert "OpFMul %double" in texts[run.specialisations[1]] or "OpFAdd %double" in texts[run.specialisations[1]]
    run = kernel(double_item.py_func)
    metate.call_kernel(run, metate.Range(2, 3), np.zeros(3))
    ((types, text),) = run.inspect_llvm().items()
    assert "spir_kernel" in text and len(types) == 2
