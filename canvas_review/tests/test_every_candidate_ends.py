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
            max_examples=12 * MORE, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
