"""A database that does not answer in time: the API says so and when to come back, and nothing was done."""

import uuid

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import make_cast
from reviews.models import Decision, Slot
from reviews.services import queue
from reviews.tests.factories import make_item


@pytest.mark.django_db(transaction=True)
def test_a_locked_row_answers_503_and_the_same_decision_can_be_sent_again() -> None:
    cast = make_cast()
    make_item(cast.operator, images=1)
    slot = queue.claim(cast.reviewer).slot
    assert slot is not None
    handle = slot.item.candidates.get().handle
    decision = {"idempotency_key": str(uuid.uuid4()), "verdicts": [{"candidate": str(handle), "approved": True}]}
    client = Client()
    client.force_login(cast.reviewer)
    url = f"/api/v1/review/leases/{slot.lease_token}/decide/"

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM reviews_slot WHERE id = %s FOR UPDATE", [slot.pk])
            busy = client.post(url, decision, content_type="application/json")
            cursor.execute("ROLLBACK")
    finally:
        other.close()

    assert busy.status_code == 503
    assert busy["Content-Type"] == "application/problem+json"
    assert busy["Retry-After"] == "5"
    assert Slot.objects.get(pk=slot.pk).state == "leased"
    assert client.post(url, decision, content_type="application/json").status_code == 200
    assert Decision.objects.count() == 1
