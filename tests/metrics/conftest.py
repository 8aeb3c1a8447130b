"""Worked examples of metrics write typed rows; those that need the border ask for `built`."""

import pytest


@pytest.fixture
def program(typed):
    return typed
