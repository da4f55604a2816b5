"""Pages: the HTML that people see, made from the entities that clients get. Nothing here reads or decides anything.

    rendered("timelines/tag.html", visit=visit, tag="moths", statuses=[…])    a whole page, as a text
    fragment("instance/panel.html", …)                                        a part without head and body
    visit_of(viewer, "/tag/moths")                                            who looks, for the page's header
    asset("style.css")                                                        the address of a file in `static/`

An endpoint asks the domain, lets `entities/` render, calls the page's function here, and hands the text to one of the
replies in `web/pages.py`, which know the headers of each kind of page. None of it needs JavaScript.

**A new page**: put `templates/SUBJECT/NAME.html` there, which begins with `{% extends "layout.html" %}` and fills the
blocks `title` and `main` (and `head`, if it may be indexed or has something to say to previewers). The one `h1` is in
`main`. What it needs is passed by name; a name that is missing fails. Texts are escaped by themselves. HTML that
the domain has made safe is marked by the filter `safe_html`, and nothing else is. If the values need work, that is a
function in a module beside this file. Forms are built from `forms.html`, whose macros have labels, errors and what
screen readers need; `parts.html` has notices, paging, names and pictures.
"""

from __future__ import annotations

from .engine import asset, fragment, rendered
from .visits import Visit, visit_of

__all__ = ["Visit", "asset", "fragment", "rendered", "visit_of"]
