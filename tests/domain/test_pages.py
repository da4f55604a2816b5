"""Pages that filters may empty, filled from the numbers 1 to 99: what is read, what is loaded, where it goes on."""

import pytest

from chalicelib.domain.pages import Loading, fill
from chalicelib.domain.paging import Window
from chalicelib.store.dynamo.stretches import Stretch, end_of

ROWS = [f"{number:02}" for number in range(1, 100)]
DOWN, UP = False, True


def window(*, limit=3, ascending=DOWN, above=None, below=None, empty=False):
    return Window(above, below, ascending, limit, empty)


class Feed:
    """Gives a number of rows in each stretch, and notes what was read and what was loaded."""

    def __init__(self, rows=ROWS, *, size=5):
        self.rows, self.size = rows, size
        self.read_from, self.loaded = [], []

    def read(self, left, turn):
        assert turn == len(self.read_from)
        self.read_from.append(left.above if left.ascending else left.below)
        between = [row for row in self.rows if (left.above or "") < row < (left.below or "~")]
        rows = sorted(between, reverse=not left.ascending)[:self.size]
        return Stretch(rows, end_of(rows, self.size, str))

    def showing(self, *visible):
        """Load rows, and show those of them that are visible: all, if none are named."""
        def show(rows):
            self.loaded.append(list(rows))
            return [row for row in rows if not visible or row in visible]

        return show


@pytest.mark.parametrize(("part", "visible", "shown", "continues", "read_from"), [
    # full at once
    (window(), (), ["99", "98", "97"], None, [None]),
    (window(below="50"), (), ["49", "48", "47"], None, ["50"]),
    # full with the second stretch, and with the last row of the fourth
    (window(), ("98", "93", "91"), ["98", "93", "91"], None, [None, "95"]),
    (window(), ("98", "81", "80"), ["98", "81", "80"], None, [None, "95", "90", "85"]),
    # short after four stretches: it goes on from the last row read, not from the last one shown
    (window(), ("98", "84"), ["98", "84"], "80", [None, "95", "90", "85"]),
    (window(), ("01",), [], "80", [None, "95", "90", "85"]),
    # short at the end
    (window(below="08"), ("05", "02"), ["05", "02"], None, ["08", "03"]),
    (window(above="90"), ("01",), [], None, [None, "95"]),
    # from the lower bound upwards, and turned round afterwards
    (window(ascending=UP, above="50"), (), ["53", "52", "51"], None, ["50"]),
    (window(ascending=UP, above="50"), ("52", "57"), ["57", "52"], "70", ["50", "55", "60", "65"]),
    (window(ascending=UP, above="90", below="98"), ("96",), ["96"], None, ["90", "95"]),
    # nothing can be in it
    (window(empty=True), (), [], None, []),
])
def test_a_page_is_read_while_it_is_short(part, visible, shown, continues, read_from):
    feed = Feed()

    page = fill(part, feed.read, feed.showing(*visible))

    assert (page.shown, page.continues, feed.read_from) == (shown, continues, read_from)


def test_a_stretch_is_loaded_at_once_and_an_empty_one_not_at_all():
    feed = Feed(["01", "02", "03", "04"], size=2)

    fill(window(limit=9), feed.read, feed.showing())

    assert feed.read_from == [None, "03", "01"]
    assert feed.loaded == [["04", "03"], ["02", "01"]]


def test_rows_that_were_left_out_still_count_as_read():
    feed = Feed()

    def read(left, turn):
        stretch = feed.read(left, turn)
        return Stretch([], stretch.end)

    page = fill(window(), read, feed.showing())

    assert (page.shown, page.continues) == ([], "80")
    assert feed.loaded == []


# Loading a part at a time.


def test_no_more_is_loaded_than_the_page_lacks():
    feed = Feed()

    page = fill(window(), feed.read, feed.showing("99", "95", "94"), Loading(lambda lacks: lacks))

    assert page.shown == ["99", "95", "94"]
    assert feed.loaded == [["99", "98", "97"], ["96", "95"], ["94"]]


def test_what_was_loaded_beyond_the_limit_is_not_shown():
    feed = Feed()

    page = fill(window(), feed.read, feed.showing(), Loading(lambda lacks: 4))

    assert (page.shown, page.continues) == (["99", "98", "97"], None)
    assert feed.loaded == [["99", "98", "97", "96"]]


@pytest.mark.parametrize(("loads", "place", "continues"), [
    (0, str, None),
    (1, str, "97"),
    (2, str, "95"),
    (3, str, "92"),
    (3, None, "95"),
])
def test_loading_has_an_end_from_which_the_next_page_goes_on(loads, place, continues):
    feed = Feed()
    sizes = iter([3] * loads)

    page = fill(window(), feed.read, feed.showing("01"), Loading(lambda lacks: next(sizes, 0), place))

    assert (page.shown, page.continues) == ([], continues)
    assert len(feed.loaded) == loads


def test_a_page_that_is_full_with_the_last_load_goes_on_as_any_other():
    feed = Feed()
    sizes = iter([3])

    page = fill(window(), feed.read, feed.showing(), Loading(lambda lacks: next(sizes, 0), str))

    assert (page.shown, page.continues) == (["99", "98", "97"], None)


def test_what_earlier_loads_made_unwanted_is_not_loaded():
    feed = Feed(size=10)
    gone: set[str] = set()

    def show(rows):
        gone.update(row[0] for row in rows)
        return feed.showing("99", "89")(rows)

    page = fill(window(limit=2, below="92"), feed.read, show,
                Loading(lambda lacks: 1, wanted=lambda row: row[0] not in gone))

    assert feed.loaded[:2] == [["91"], ["89"]]
    assert page.shown == ["89"]
