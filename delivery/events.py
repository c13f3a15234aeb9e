"""What other programs can be told: the types of events an endpoint may ask for. Names only; nothing of the domain."""

from django.utils.translation import gettext_noop

TEST_EVENT = "webhook.test"
EVENTS: dict[str, str] = {
    "candidate.approved": gettext_noop("A candidate was approved"),
    "candidate.rejected": gettext_noop("A candidate was rejected"),
    "candidate.completed": gettext_noop("A candidate has an outcome, whichever it is"),
    "snapshot.ready": gettext_noop("A dataset was frozen"),
    "version.activated": gettext_noop("A model version was put to use"),
}

# Seconds from one failed try to the next, as the Standard Webhooks specification suggests: three days in all.
RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)

WHY_NOT: dict[str, str] = {
    "address": gettext_noop("The address is not a public one."),
    "name": gettext_noop("The host name leads nowhere."),
    "connection": gettext_noop("No connection could be made, or it broke."),
    "certificate": gettext_noop("The certificate was not accepted."),
    "timeout": gettext_noop("There was no full answer within 10 seconds."),
    "protocol": gettext_noop("The answer was not HTTP."),
    "redirect": gettext_noop("It answered with a redirect, and redirects are not followed."),
}
"""Why a try had no answer that counts."""
