"""A server of Bovine's with one person, fern: run by a Python that has Bovine, with a folder for its data and a port.

    POST /tests/send        an activity or object of fern's goes out; answers it with its ids
    POST /tests/find        a document, as fern is shown it
    POST /tests/named       the address of who has this name at a server
    GET  /tests/heard       the activities that came, whose signatures Bovine has checked
    GET  /tests/fern        fern, as fern sees fern
"""

from __future__ import annotations

import sys
from typing import Any

from bovine.clients import lookup_uri_with_webfinger
from bovine_herd import BovineHerd
from bovine_process import handle_outbox_item, process_inbox_item, process_outbox_item
from bovine_process.types import ProcessingItem
from bovine_store import BovineAdminStore
from quart import Quart, request

folder, port = sys.argv[1:]
origin = f"http://127.0.0.1:{port}"
heard: list[dict[str, Any]] = []
app = Quart("bovine")
own: dict[str, str] = {}


async def take(item: ProcessingItem, actor: Any) -> None:
    heard.append(dict(item.data))
    app.add_background_task(process_inbox_item, item, actor)


BovineHerd(app, start_background_task_inbox=take, db_url=f"sqlite://{folder}/bovine.sqlite3")


async def fern() -> Any:
    if "name" not in own:
        own["name"] = await BovineAdminStore(domain=origin).register("fern")
    actor = await app.config["bovine_store"].actor_for_name(own["name"])
    await actor.init(session=app.config["session"])
    return actor


@app.get("/tests/fern")
async def who() -> Any:
    return (await fern()).actor_object.build()


@app.post("/tests/send")
async def send() -> Any:
    actor = await fern()
    said = {"@context": "about:bovine", "actor": actor.actor_object.id, **await request.get_json()}
    item = ProcessingItem(actor.actor_object.id, said)
    item = await handle_outbox_item(item, actor)
    sent = dict(item.data)
    await process_outbox_item(item, actor)
    return sent


@app.post("/tests/find")
async def find() -> Any:
    return await (await fern()).get((await request.get_json())["address"])


@app.post("/tests/named")
async def named() -> Any:
    asked = await request.get_json()
    address, _ = await lookup_uri_with_webfinger(app.config["session"], asked["name"], asked["server"])
    return {"address": address}


@app.get("/tests/heard")
async def came() -> Any:
    return heard


app.run("127.0.0.1", int(port))
