"""Which task hears of which event, and on which queue. Event and task names only: nothing here knows the domain."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subscription:
    task: str
    queue: str


TOPICS: dict[str, Subscription] = {
    "request.opened": Subscription("generation.produce", "gpu"),
    "request.generated": Subscription("generation.screen", "cpu"),
    "request.screened": Subscription("generation.score", "gpu"),
    "item.settled": Subscription("reviews.open_later_visits", "cpu"),
    "rework.queued": Subscription("reviews.rework_slice", "cpu"),
    "request.scored": Subscription("reviews.enqueue_request", "cpu"),
    "mask.kept": Subscription("reviews.reopen_kept", "cpu"),
    "mask.asked": Subscription("generation.propose_mask", "cpu"),
    "training.queued": Subscription("generation.train", "gpu"),
    "import.queued": Subscription("generation.import_slice", "cpu"),
    "item.resolved": Subscription("reviews.tell_outcomes", "cpu"),
    "notice.told": Subscription("delivery.mail_notice", "cpu"),
    "webhook.queued": Subscription("delivery.send_webhook", "cpu"),
    "export.queued": Subscription("reviews.render_export", "cpu"),
}
