"""I12: every candidate reaches an end state; nothing stays under way for ever."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from canvas_review.tests.pipeline_machine import PipelineMachine

MORE = int(os.environ.get("CANVAS_PROOF", "1"))


@pytest.mark.django_db
def test_every_candidate_reaches_an_end_whatever_dies_on_the_way() -> None:
    run_state_machine_as_test(
        PipelineMachine,
        settings=settings(
            max_examples=6 * MORE, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("fate", ["killed", "late", "breaks"])
@pytest.mark.parametrize("stage", range(3))
def test_whatever_happens_in_a_stage_it_is_ready_in_the_end(stage: int, fate: str) -> None:
    machine = PipelineMachine()
    try:
        machine.open()
        fates = ["well"] * 2 * stage + [fate] * 2  # of two requests
        for one in fates:
            machine.go_on([one], set())
    finally:
        machine.teardown()
    assert {request.state for request in machine.requests} == {"ready"}
