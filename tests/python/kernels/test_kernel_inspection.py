"""What kernels show of themselves: Metate's IR, LLVM's, SPIR-V."""

import metate
import numpy as np
import pytest


@metate.kernel
def scale(item, x, factor):
    i = item.get_id(0)
    x[i] = x[i] * factor


def test_llvm_ir():
    text = scale.inspect_llvm(np.ones(4, np.float32), np.float32(2), launch=metate.Range(4))
    assert "spir_kernel" in text and "fmul" in text and 'target triple = "spirv64' in text
    assert scale.inspect_llvm(np.ones(4), 2.0, launch=metate.Range(4)) != text


def test_stages_differ():
    arguments = np.ones(4), 2.0
    texts = [inspect(*arguments, launch=metate.Range(4)) for inspect in (scale.inspect_ir, scale.inspect_llvm, scale.inspect_spirv)]
    assert "OpEntryPoint Kernel" in texts[2] and "func @" in texts[0] and len(set(texts)) == 3


def test_a_launch_that_is_none():
    with pytest.raises(TypeError, match="Range or NdRange, not int"):
        scale.inspect_llvm(np.ones(4), 2.0, launch=4)
