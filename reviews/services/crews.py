"""Groups of reviewers, and what they are good at. Queues and quotas name them, so they change with care."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.services.people import in_the_name_of
from reviews.models import GroupMember, Queue, Quota, ReviewerGroup, ReviewerSkill, Skill

Named = TypeVar("Named", ReviewerGroup, Skill)


def create_group(team: Team, by: User, name: str) -> ReviewerGroup:
    """Raises ValidationError for a name that is taken or none."""
    return _save(ReviewerGroup(team=team), by, name)


def create_skill(team: Team, by: User, name: str) -> Skill:
    """Raises ValidationError for a name that is taken or none."""
    return _save(Skill(team=team), by, name)


def rename(found: Named, by: User, name: str) -> None:
    """Raises ValidationError for a name that is taken or none."""
    _save(found, by, name)


def _save(found: Named, by: User, name: str) -> Named:
    found.name = name.strip()
    found.clean_fields(exclude=["team"])
    with in_the_name_of(by):
        # One admin at a time names things: the check below is then as good as the constraint behind it.
        Team.objects.select_for_update(no_key=True).get(pk=found.team_id)
        if type(found)._default_manager.filter(team=found.team_id, name=found.name).exclude(pk=found.pk).exists():
            raise ValidationError({"name": _("This name is taken.")})
        found.save()
    return found


def set_members(group: ReviewerGroup, by: User, people: Collection[User]) -> None:
    """Let the group consist of exactly these people. Rows that stay are not touched."""
    wanted = {person.pk for person in people}
    with in_the_name_of(by):
        _lock(group)
        there = set(group.memberships.values_list("reviewer_id", flat=True))
        group.memberships.exclude(reviewer_id__in=wanted).delete()
        GroupMember.objects.bulk_create(GroupMember(group=group, reviewer_id=pk) for pk in sorted(wanted - there))


def set_groups_of(person: User, by: User, groups: Collection[ReviewerGroup]) -> None:
    """Let the person be in exactly these groups."""
    wanted = {group.pk for group in groups}
    with in_the_name_of(by):
        _lock_person(person)
        mine = GroupMember.objects.filter(reviewer=person)
        there = set(mine.values_list("group_id", flat=True))
        mine.exclude(group_id__in=wanted).delete()
        GroupMember.objects.bulk_create(GroupMember(group_id=pk, reviewer=person) for pk in sorted(wanted - there))


def set_skills_of(person: User, by: User, levels: Mapping[int, int]) -> None:
    """Let the person have these levels, by the skill's primary key, and no other skill."""
    with in_the_name_of(by):
        _lock_person(person)
        mine = ReviewerSkill.objects.filter(reviewer=person)
        there = dict(mine.values_list("skill_id", "level"))
        mine.exclude(skill_id__in=levels).delete()
        for skill, level in sorted(levels.items()):
            if there.get(skill) != level:
                ReviewerSkill.objects.update_or_create(reviewer=person, skill_id=skill, defaults={"level": level})


def delete_group(group: ReviewerGroup, by: User) -> None:
    """Raises ValidationError where something is said of the group: without it a queue would be open to everybody."""
    with in_the_name_of(by):
        _lock(group)
        _refuse_if_named(Q(audience__group=group), Quota.objects.filter(group=group).exists())
        group.delete()


def delete_skill(skill: Skill, by: User) -> None:
    """Raises ValidationError where a queue asks for the skill: without it the queue would be open to everybody."""
    with in_the_name_of(by):
        _lock(skill)
        _refuse_if_named(Q(audience__skill=skill), False)
        skill.delete()


def _refuse_if_named(audience: Q, has_quotas: bool) -> None:
    named = Queue.objects.filter(audience).order_by("name").values_list("name", flat=True).distinct()[:3]
    if queues := ", ".join(named):
        told = _("%(queues)s is judged by them. Change who judges it first.") % {"queues": queues}
        raise ValidationError(told)
    if has_quotas:
        raise ValidationError(_("There is a quota for this group. Remove it first."))


def _lock(found: "ReviewerGroup | Skill") -> None:
    type(found)._default_manager.select_for_update().filter(pk=found.pk).first()


def _lock_person(person: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
