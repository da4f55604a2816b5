"""The engine: escaping, what is missing, the files that pages load, and what a package has of it."""

from __future__ import annotations

import re

import pytest
from jinja2 import ModuleLoader, UndefinedError

from chalicelib.pages import engine, fragment, rendered, visit_of
from chalicelib.pages.visits import Visit

BEFORE_A_PAGE = """
import app, sys
print([name for name in ("jinja2", "markupsafe") if name in sys.modules])
"""


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_texts_are_escaped():
    html = rendered("notice.html", title="<b>", text="a & b", more=None)

    assert "<h1>&lt;b&gt;</h1>" in html
    assert "a &amp; b" in html


def test_a_value_that_is_missing_is_a_fault():
    with pytest.raises(UndefinedError, match="'title' is undefined"):
        rendered("notice.html", text="a")


def test_the_header_leads_to_signing_in_and_back():
    html = rendered("notice.html", visit=visit_of(None, "/tag/a b?max_id=1&x"), title="a", text="b", more=None)

    assert 'href="/account/sign-in?next=/tag/a%20b%3Fmax_id%3D1%26x"' in html


def test_a_page_without_a_visit_offers_no_signing_in():
    assert "/account" not in rendered("notice.html", title="a", text="b", more=None)


def test_the_header_shows_who_is_signed_in():
    account = {"avatar": "/media/moth.png", "username": "alice"}

    html = rendered("notice.html", visit=Visit("/", account), title="a", text="b", more=None)  # type: ignore[arg-type]

    assert 'src="/media/moth.png"' in html
    assert "sign-in" not in html


def test_templates_compiled_to_modules_give_the_same_pages(tmp_path):
    engine.compile_into(tmp_path)
    packed = engine.made(ModuleLoader(tmp_path))

    assert len(list(tmp_path.glob("*.py"))) == len(list(engine.TEMPLATES.rglob("*.html")))
    assert packed.get_template("instance/terms.html").render() == fragment("instance/terms.html")


def test_every_template_compiles_and_writes_no_event_handler_style_or_script():
    wrong = re.compile(r"""\son\w+=|\sstyle=|<script(?![^>]*\ssrc="{{ asset)|<style|javascript:""")

    for file in engine.TEMPLATES.rglob("*.html"):
        engine.environment().get_template(file.relative_to(engine.TEMPLATES).as_posix())
        assert not wrong.search(file.read_text()), file.name


def test_only_html_of_the_domain_is_said_to_be_safe():
    """Whoever adds a word here says why the domain has made it safe. `document`: ours, or cleaned as a status is."""
    marked = {found for file in engine.TEMPLATES.rglob("*.html")
              for found in re.findall(r"([\w.]+) \| safe_html", file.read_text())}

    assert not [file.name for file in engine.TEMPLATES.rglob("*.html") if re.search(r"\|\s*safe\b", file.read_text())]
    assert marked <= {"account.note", "status.content", "description", "document"}


def test_the_stylesheet_is_small_and_loads_nothing():
    text = engine.load("style.css").text

    assert len(text.encode()) <= 20_000
    assert "url(" not in text
    assert "@import" not in text


def test_the_address_of_a_file_has_the_hash_of_its_content():
    address = engine.asset("style.css")

    assert re.fullmatch(r"/static/style\.[0-9a-f]{12}\.css", address)
    assert engine.find_asset(address.removeprefix("/static/")) == (engine.load("style.css"), True)
    assert engine.find_asset("style.000000000000.css") == (engine.load("style.css"), False)
    assert engine.find_asset("../engine.py") is None
    assert engine.find_asset("style.css") is None
