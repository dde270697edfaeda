"""Tests of other packages together with compiled functions: `./dev test --full` installs them, else the tests skip themselves."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("/conftest.py")):
            item.add_marker(pytest.mark.full)
