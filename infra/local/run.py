"""`make run`: the whole of Kenoma on this machine, served at HOST:PORT until Ctrl-C or SIGTERM."""

import importlib
import os
import sys
import threading

from .environment import data_folder
from .http import bind, url_of
from .stage import CannotStart, end, local_stage, until_stopped


def main(application: str = "app") -> None:
    """Serve the Chalice app named `app` in the module `application`."""
    asked_to_stop = until_stopped()
    try:
        serve(application, asked_to_stop)
    except CannotStart as reason:
        sys.exit(str(reason))
    end()


def serve(application: str, asked_to_stop: threading.Event) -> None:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        listener = bind(host, int(port))
    except (OSError, ValueError, OverflowError) as error:
        raise CannotStart(f"Cannot serve at {host}:{port}: {getattr(error, 'strerror', None) or error}") from None
    with local_stage(data_folder(), url_of(listener)) as stage:
        from chalicelib.settings import settings

        from .files import Files
        from .pump import Pump
        from .seed import seed, upload_files
        from .server import UPLOAD_MARGIN, Server

        app = importlib.import_module(application).app
        upload_files(stage.s3, stage.bucket)
        seed()
        pump = Pump(app, stage.sqs) if os.environ.get("KENOMA_LOCAL_JOBS", "on").lower() != "off" else None
        server = Server(
            app,
            listener,
            upload_limit=settings.upload_limit + UPLOAD_MARGIN,
            files=Files(stage.s3, stage.bucket),
            mailbox=stage.mailbox,
        )
        if asked_to_stop.is_set():
            return
        if pump is not None:
            pump.start()
        server.start()
        print(stage.engine_line, flush=True)
        print(f"Kenoma answers at {url_of(listener)}", flush=True)
        asked_to_stop.wait()
        server.stop(within=2)
        if pump is not None:
            pump.stop(within=1)


if __name__ == "__main__":
    main()
