"""The application as Chalice finds it: every declared endpoint, and the handlers of queues and schedules. No logic.

Time limits, memory and the policies of each function are in `.chalice/config.json`; the queues in `infra/`.
"""

from chalicelib import chalice_deploy, cold_start

chalice_deploy.refuse()
cold_start.begins()

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from chalicelib import endpoints, jobs
from chalicelib.jobs import sweep as sweeping
from chalicelib.queues import queue
from chalicelib.settings import settings
from chalicelib.web import logs
from chalicelib.web.door import Door
from chalicelib.web.mounting import mount

logs.configure()
app = Chalice(app_name="kenoma", configure_logs=False)
endpoints.load()
jobs.load()
mount(app)
api_handler = Door(app)  # what Lambda calls for each request (docs/decisions/0019-one-route.md)


@app.on_sqs_message(queue=settings.queue_prefix + "timelines", batch_size=10, maximum_concurrency=5)
def on_timelines(event: SQSEvent) -> dict[str, Any]:
    """Work that takes a second or two: fan-out, home timelines."""
    return queue.run_batch("timelines", event.to_dict())


@app.on_sqs_message(queue=settings.queue_prefix + "imports", batch_size=5, maximum_concurrency=2)
def on_imports(event: SQSEvent) -> dict[str, Any]:
    """Chunks of imported lists."""
    return queue.run_batch("imports", event.to_dict())


@app.on_sqs_message(queue=settings.queue_prefix + "archives", batch_size=1, maximum_concurrency=2)
def on_archives(event: SQSEvent) -> dict[str, Any]:
    """Backups of accounts."""
    return queue.run_batch("archives", event.to_dict())


@app.on_sqs_message(queue=settings.queue_prefix + "deletions", batch_size=5, maximum_concurrency=2)
def on_deletions(event: SQSEvent) -> dict[str, Any]:
    """Cascades: removing what belonged to something deleted."""
    return queue.run_batch("deletions", event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    """Send jobs again that should have run by now."""
    return sweeping.sweep()


cold_start.ends()
