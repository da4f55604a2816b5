"""`make aws`: the local AWS alone, as HTTP endpoints, for `chalice local --stage local` and for looking around.

The endpoints are those of the local stage in `.chalice/config.json`. Queues and schedules run in this process.
"""

import importlib
import os

from . import sqs_clients
from .ending import CannotStart, Ending, run_to_the_end
from .environment import data_folder
from .http import bind
from .stage import Stage, local_stage

PORT = 4566
DYNAMODB_PORT = 4567


def main(application: str = "app") -> None:
    """Run it until Ctrl-C or SIGTERM, with the queue handlers of the app in the module `application`."""
    run_to_the_end(lambda ending: serve(application, ending))


def serve(application: str, ending: Ending) -> None:
    base_url = os.environ.get("KENOMA_BASE_URL", "http://127.0.0.1:8000")
    with local_stage(data_folder(), base_url, dynamodb_port=DYNAMODB_PORT) as stage:
        stage.watch(ending)
        from .pump import Pump
        from .seed import seed, upload_files

        app = importlib.import_module(application).app
        upload_files(stage.s3, stage.bucket)
        seed()
        _serve_endpoints(stage)
        pump = Pump(app, stage.sqs, stage.queues.close).start()
        print(stage.engine_line, flush=True)
        print(f"AWS at http://127.0.0.1:{PORT}, DynamoDB at http://127.0.0.1:{DYNAMODB_PORT}", flush=True)
        ending.wait()
        pump.stop(within=1)


def _serve_endpoints(stage: Stage) -> None:
    """Run moto's server in threads of this process. It has the same buckets, queues and tables as clients in here."""
    from moto.server import ThreadedMotoServer

    sqs_clients.answer_servers()
    for port in (PORT,) if stage.engine else (PORT, DYNAMODB_PORT):
        try:
            bind("127.0.0.1", port).close()
        except OSError as error:
            raise CannotStart(f"Cannot serve at 127.0.0.1:{port}: {error.strerror}") from None
        ThreadedMotoServer("127.0.0.1", port, verbose=False).start()


if __name__ == "__main__":
    main()
