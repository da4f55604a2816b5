"""The application as Chalice finds it: every declared endpoint, and the handlers of queues and schedules. No logic.

Time limits, memory and the policies of each function are in `.chalice/config.json`; the queues in `infra/`.
"""

from chalicelib import chalice_deploy, cold_start

chalice_deploy.refuse()
cold_start.begins()

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent, WebsocketEvent

from chalicelib import endpoints, jobs
from chalicelib.queues import running
from chalicelib.settings import settings
from chalicelib.web import logs
from chalicelib.web.door import Door
from chalicelib.web.mounting import Mounting

logs.configure()
app = Chalice(app_name="kenoma", configure_logs=False)
app.experimental_feature_flags.add("WEBSOCKETS")  # or Chalice packages none
jobs.load()
# What Lambda calls for each request (docs/decisions/0019-one-route.md).
api_handler = Door(app, Mounting(app, endpoints.load))


@app.on_sqs_message(queue=settings.queue_prefix + "timelines", batch_size=10)
def on_timelines(event: SQSEvent) -> dict[str, Any]:
    """All work of our own: fan-out, home timelines, deletions. It waits for nobody else's server."""
    return running.run_batch("timelines", event.to_dict(), seconds_left(event))


@app.on_sqs_message(queue=settings.queue_prefix + "outside", batch_size=10)
def on_outside(event: SQSEvent) -> dict[str, Any]:
    """What waits for others: previews of links, push, letters. Nobody there waits for anybody else."""
    return running.run_batch("outside", event.to_dict(), seconds_left(event), at_once=True)


@app.on_sqs_message(queue=settings.queue_prefix + "inbox", batch_size=5)
def on_inbox(event: SQSEvent) -> dict[str, Any]:
    """What other servers send. It may wait for them, but never holds up what we send or what is ours."""
    return running.run_batch("inbox", event.to_dict(), seconds_left(event), at_once=True)


@app.on_sqs_message(queue=settings.queue_prefix + "imports", batch_size=5)
def on_imports(event: SQSEvent) -> dict[str, Any]:
    """Chunks of imported lists."""
    return running.run_batch("imports", event.to_dict(), seconds_left(event))


@app.on_sqs_message(queue=settings.queue_prefix + "archives", batch_size=1)
def on_archives(event: SQSEvent) -> dict[str, Any]:
    """Backups of accounts."""
    return running.run_batch("archives", event.to_dict(), seconds_left(event))


@app.on_sqs_message(queue=settings.queue_prefix + "streams", batch_size=10)
def on_streams(event: SQSEvent) -> dict[str, Any]:
    """What those have to hear that listen by sockets. It is worth nothing a minute later."""
    return running.run_batch("streams", event.to_dict(), seconds_left(event))


@app.on_ws_connect()
def websocket_connect(event: WebsocketEvent) -> dict[str, Any]:
    """Somebody wants to open a socket."""
    from chalicelib.web import sockets

    return sockets.connect(event.to_dict())


@app.on_ws_message()
def websocket_message(event: WebsocketEvent) -> dict[str, Any]:
    """A client says what it wants to listen to."""
    from chalicelib.web import sockets

    return sockets.message(event.to_dict())


@app.on_ws_disconnect()
def websocket_disconnect(event: WebsocketEvent) -> dict[str, Any]:
    """A socket is closed."""
    from chalicelib.web import sockets

    return sockets.disconnect(event.to_dict())


def seconds_left(event: SQSEvent) -> Callable[[], float]:
    """Until Lambda ends the function that has this event."""
    context: Any = event.context
    return lambda: float(context.get_remaining_time_in_millis() / 1000)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    """Send jobs again that should have run by now."""
    from chalicelib.jobs import sweep as sweeping

    return sweeping.sweep()


logs.process_started(cold_start.ends())
