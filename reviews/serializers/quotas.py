"""Quotas, what of them is used, pauses and days off, for programs."""

from types import SimpleNamespace
from typing import Any

from rest_framework import serializers

from accounts.models import User
from reviews.models import Holiday, Pause, Quota
from reviews.models.quotas import QuotaPeriod, QuotaUnit
from reviews.services.quota_changes import MOST_CHANGES, Change, Line
from reviews.services.workloads import Workload

MOST = 1_000_000


class TermsSerializer(serializers.Serializer[Any]):
    """Without `cap` and `target` there is no quota."""

    cap = serializers.IntegerField(min_value=0, max_value=MOST, required=False, allow_null=True, default=None)
    target = serializers.IntegerField(min_value=0, max_value=MOST, required=False, allow_null=True, default=None)
    carries_over = serializers.BooleanField(required=False, default=False)


class ChangeSerializer(TermsSerializer):
    """One quota as it shall be: for a `reviewer` (username), the members of a `group`, or, with neither, everybody; of
    a `queue`, a `variant`, or, with neither, everything. All are names. Without cap and target it is removed."""

    reviewer = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")
    group = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    queue = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    variant = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    period = serializers.ChoiceField(choices=QuotaPeriod.choices, required=False, default=QuotaPeriod.DAY.value)
    unit = serializers.ChoiceField(choices=QuotaUnit.choices, required=False, default=QuotaUnit.IMAGES.value)
    is_shared = serializers.BooleanField(required=False, default=False)


class ChangesSerializer(serializers.Serializer[Any]):
    changes = ChangeSerializer(many=True, max_length=MOST_CHANGES, allow_empty=False)  # type: ignore[call-arg] # of the list

    def sent(self) -> list[Change]:
        return [Change(**change) for change in self.validated_data["changes"]]


class ConfirmedChangesSerializer(ChangesSerializer):
    """`seen` is what the preview of the same changes answered."""

    seen = serializers.CharField(max_length=64)


class QuotaSerializer(serializers.ModelSerializer[Quota]):
    """As a change that would set it so."""

    reviewer = serializers.CharField(source="reviewer.username", default="")
    group = serializers.CharField(source="group.name", default="")
    queue = serializers.CharField(source="queue.name", default="")

    class Meta:
        model = Quota
        fields = (
            "reviewer", "group", "queue", "variant", "period", "unit", "is_shared", "cap", "target", "carries_over",
        )  # fmt: skip


class LineSerializer(serializers.Serializer[Line]):
    change = ChangeSerializer()
    before = TermsSerializer()
    after = TermsSerializer()
    differs = serializers.BooleanField()


class EffectSerializer(serializers.Serializer[Any]):
    """What becomes of each quota, in the order in which they were sent. `seen` stands for exactly this effect."""

    seen = serializers.CharField()
    lines = LineSerializer(many=True)


class LimitUsedSerializer(serializers.Serializer[Any]):
    """A cap that counts for the person now. `allowed` is with what was `carried` over; `queue` and `variant` are empty
    for all of it."""

    period = serializers.ChoiceField(choices=QuotaPeriod.choices)
    unit = serializers.ChoiceField(choices=QuotaUnit.choices)
    is_shared = serializers.BooleanField()
    queue = serializers.CharField()
    variant = serializers.CharField()
    cap = serializers.IntegerField()
    carried = serializers.IntegerField()
    allowed = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()


class TargetDoneSerializer(serializers.Serializer[Any]):
    period = serializers.ChoiceField(choices=QuotaPeriod.choices)
    unit = serializers.ChoiceField(choices=QuotaUnit.choices)
    target = serializers.IntegerField()
    done = serializers.IntegerField()


class WorkloadSerializer(serializers.Serializer[Any]):
    """Today and this week are those of the person's own time zone. What is used counts open leases, too."""

    username = serializers.CharField()
    today = serializers.DateField(allow_null=True)
    is_paused = serializers.BooleanField()
    is_off = serializers.BooleanField()
    images_today = serializers.IntegerField()
    images_week = serializers.IntegerField()
    minutes_today = serializers.IntegerField()
    minutes_week = serializers.IntegerField()
    limits = LimitUsedSerializer(many=True)
    targets = TargetDoneSerializer(many=True)


class WorkloadsSerializer(serializers.Serializer[Any]):
    results = WorkloadSerializer(many=True)


def workload_answer(person: User, load: Workload) -> dict[str, Any]:
    return dict(WorkloadSerializer(SimpleNamespace(username=person.username, **vars(load))).data)


class PauseSerializer(serializers.ModelSerializer[Pause]):
    """Without a `reviewer` it is everybody's. It holds until it has ended."""

    reviewer = serializers.CharField(source="reviewer.username", default="")
    begun_by = serializers.CharField(source="begun_by.username")
    ended_by = serializers.CharField(source="ended_by.username", default="")

    class Meta:
        model = Pause
        fields = ("id", "reviewer", "reason", "begun_by", "begun_at", "ended_by", "ended_at")


class NewPauseSerializer(serializers.Serializer[Any]):
    """`reviewer` is a username; without one everybody of the team is paused. A queue is paused at `/queues/`."""

    reviewer = serializers.CharField(max_length=150, allow_blank=True, required=False, default="")
    reason = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")


class HolidaySerializer(serializers.ModelSerializer[Holiday]):
    """Without a `reviewer` the whole team has the day off."""

    reviewer = serializers.CharField(source="reviewer.username", default="")

    class Meta:
        model = Holiday
        fields = ("id", "day", "reviewer", "name")


class NewHolidaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    reviewer = serializers.CharField(max_length=150, allow_blank=True, required=False, default="")
    name = serializers.CharField(max_length=80, allow_blank=True, required=False, default="")
