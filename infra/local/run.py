"""`make run`: the whole of Kenoma on this machine, served at HOST:PORT until Ctrl-C or SIGTERM."""

import importlib
import os

from .ending import CannotStart, Ending, run_to_the_end
from .environment import data_folder
from .http import bind, url_of
from .stage import local_stage


def main(application: str = "app", *, outlives_kills: bool = True) -> None:
    """Serve the Chalice app named `app` in the module `application`."""
    run_to_the_end(lambda ending: serve(application, ending, outlives_kills=outlives_kills))


def serve(application: str, ending: Ending, *, outlives_kills: bool = True) -> None:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        listener = bind(host, int(port))
    except (OSError, ValueError, OverflowError) as error:
        raise CannotStart(f"Cannot serve at {host}:{port}: {getattr(error, 'strerror', None) or error}") from None
    with local_stage(data_folder(), url_of(listener), outlives_kills=outlives_kills) as stage:
        stage.watch(ending)
        from chalicelib.settings import settings

        from .files import Files
        from .pump import Pump
        from .seed import seed, upload_files
        from .server import UPLOAD_MARGIN, Beside, Server
        from .sockets.starting import gateway_of

        app = importlib.import_module(application).app
        gateway = gateway_of(app)
        upload_files(stage.s3, stage.bucket)
        seed()
        runs_jobs = os.environ.get("KENOMA_LOCAL_JOBS", "on").lower() != "off"
        pump = Pump(app, stage.sqs, stage.queues.close) if runs_jobs else None
        server = Server(
            app,
            listener,
            upload_limit=settings.upload_limit + UPLOAD_MARGIN,
            beside=Beside(Files(stage.s3, stage.bucket), stage.mailbox, gateway),
        )
        if ending.is_asked:
            return
        if pump is not None:
            pump.start()
        if gateway is not None:
            gateway.start()
        server.start()
        print(stage.engine_line, flush=True)
        if gateway is not None:
            print(f"Streaming: {gateway.address(url_of(listener))}", flush=True)
        print(f"Kenoma answers at {url_of(listener)}", flush=True)
        ending.wait()
        server.stop(within=1.5)
        if gateway is not None:
            gateway.stop(within=0.7)
        if pump is not None:
            pump.stop(within=1)


if __name__ == "__main__":
    main()
