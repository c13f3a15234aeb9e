"""`python -m canvas_review.probe web|worker-gpu|worker-cpu|relay|beat`: is that process of this container well?

Ends with 0 if it is, else with 1 and a line that says what is wrong. For health checks of containers, where each
process has a machine name of its own (docker-compose.yml).
"""

import http.client
import socket
import sys
import time
from datetime import timedelta

import django
from django.conf import settings
from django.utils import timezone

from canvas_review.celery import app

WEB_PORT = 8000
RELAY_SECONDS = 60
# Beat writes its file every three minutes.
BEAT_SECONDS = 600


def web(port: int = WEB_PORT) -> str:
    """Asks like the proxy does, under a name that the pages are served under."""
    name = (settings.ALLOWED_HOSTS or ["localhost"])[0].lstrip(".").replace("*", "localhost")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"the web server does not answer: {error}"
    finally:
        connection.close()
    return "" if status == http.client.OK else f"the web server answers {status}"


def worker(label: str, seconds: float = 10.0) -> str:
    """The worker's main process answers over the broker, also while its task runs."""
    name = f"{label}@{socket.gethostname()}"
    return "" if app.control.inspect(destination=[name], timeout=seconds).ping() else f"{name} does not answer"


def relay() -> str:
    from delivery.models import OutboxMessage

    since = timezone.now() - timedelta(seconds=RELAY_SECONDS)
    late = OutboxMessage.objects.waiting().filter(due_at__lt=since).count()
    return f"{late} messages wait for more than {RELAY_SECONDS} s" if late else ""


def beat() -> str:
    written = [path.stat().st_mtime for path in (settings.DATA_DIR / "run").glob("celerybeat-schedule*")]
    age = time.time() - max(written, default=0)
    return f"beat has written nothing for {BEAT_SECONDS} s" if age > BEAT_SECONDS else ""


def main(label: str) -> int:
    if label.startswith("worker-"):
        trouble = worker(label)
    else:
        django.setup()
        trouble = {"web": web, "relay": relay, "beat": beat}[label]()
    if trouble:
        print(trouble, file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
