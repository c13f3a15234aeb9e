"""The promises I1 to I8 of the desk, under any order of what people can do to it, and of what happens around it."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from reviews.tests.desk_promises import Desk
from reviews.tests.floor_machine import FloorMachine

MORE = int(os.environ.get("CANVAS_PROOF", "1"))
"""How many times as many examples as every change must pass: CANVAS_PROOF=50 is an hour's search."""


def _hold(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples * MORE,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_desk_keeps_its_promises_in_any_order() -> None:
    _hold(Desk, examples=20, steps=25)


@pytest.mark.django_db
def test_the_floor_keeps_its_promises_in_any_order() -> None:
    _hold(FloorMachine, examples=20, steps=40)
