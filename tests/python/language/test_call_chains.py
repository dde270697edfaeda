"""test_call_chains – functions that call functions that are met for the first time while their callers are compiled."""

import metate


def test_long_chain():
    namespace = {}
    lines = ["def f0(x): return x + 1"]
    lines += [f"def f{i}(x): return f{i - 1}(x) + f{i // 2}(x)" for i in range(1, 60)]
    exec("\n".join(lines), namespace)
    chain = [1]
    for i in range(1, 60):
        chain.append(chain[i - 1] + chain[i // 2])
    assert metate.njit(namespace["f59"])(0) == chain[59]
