"""Rows whose way in is not the matter are typed; tests that need the border ask for `built`."""

import pytest


@pytest.fixture
def program(typed):
    return typed
