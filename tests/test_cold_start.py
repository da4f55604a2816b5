"""What makes a cold start quicker changes nothing else."""

import dataclasses
import gc
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

import app as application
from chalicelib import cold_start


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def made():
    """A few dataclasses, of all kinds that the application has."""

    @dataclass(frozen=True)
    class Point:
        x: int
        y: object = None

    @dataclass(frozen=True)
    class Deep(Point):
        z: int = 0

    @dataclass(frozen=True, slots=True)
    class Slotted:
        x: int

    @dataclass(frozen=True)
    class Nothing:
        pass

    @dataclass
    class Loose:
        x: int

    @dataclass(order=True)
    class Ordered:
        x: int

    class Open(Point):
        pass

    return Point, Deep, Slotted, Nothing, Loose, Ordered, Open


@pytest.fixture(params=["Python's own", "ours"])
def kinds(request):
    if request.param == "Python's own":
        return made()
    cold_start.begins()
    try:
        return made()
    finally:
        cold_start.ends()
        gc.unfreeze()


def test_importing_the_application_leaves_dataclasses_as_they_were():
    assert application.app is not None
    assert all(getattr(dataclasses, name).__module__ == "dataclasses" for name in cold_start.OURS)
    assert gc.isenabled()


def test_frozen_ones_cannot_be_changed(kinds):
    point, deep, slotted, nothing, loose, *_ = kinds
    for each in (point(1, 2), deep(1), slotted(1)):
        with pytest.raises(FrozenInstanceError, match=r"^cannot assign to field 'x'$"):
            each.x = 2
        with pytest.raises(FrozenInstanceError, match=r"^cannot delete field 'x'$"):
            del each.x
        assert each.x == 1
    with pytest.raises(FrozenInstanceError, match=r"^cannot assign to field 'new'$"):
        nothing().new = 1
    other = loose(1)
    other.x = 2
    assert other == loose(2)


def test_a_class_below_may_have_attributes_of_its_own(kinds):
    *_, below = kinds
    each = below(1)

    each.own = 5
    del each.own

    with pytest.raises(FrozenInstanceError):
        each.x = 2


def test_they_are_told_apart_and_written_the_same_way(kinds):
    point, deep, slotted, nothing, loose, ordered, _ = kinds
    cyclic = point(1, [])
    cyclic.y.append(cyclic)
    prefix = point.__qualname__.removesuffix("Point")

    assert repr(deep(1, "a")) == prefix + "Deep(x=1, y='a', z=0)"
    assert repr(nothing()) == prefix + "Nothing()"
    assert repr(loose(3)) == prefix + "Loose(x=3)"
    assert repr(cyclic) == prefix + "Point(x=1, y=[...])"
    assert {point(1, 2): "found"}[point(1, 2)] == "found"
    assert hash(slotted(1)) == hash((1,))
    assert hash(point(1, 2)) == hash((1, 2))
    assert hash(nothing()) == hash(())
    assert point(1, 2) == point(1, 2)
    assert point(1, 2) != point(2, 1)
    assert point(1, 2) != (1, 2)
    assert nothing() == nothing()
    not_equal_to_itself = float("nan")
    assert slotted(not_equal_to_itself) == slotted(not_equal_to_itself)
    assert ordered(1) < ordered(2)
    assert ordered(2) >= ordered(2)
    assert point(1, 2) != deep(1, 2)
    assert replace(deep(1), z=4) == deep(1, z=4)
    with pytest.raises(TypeError, match="unhashable"):
        hash(loose(1))
    with pytest.raises(TypeError, match="unhashable"):
        hash(point(1, []))
    assert point.__setattr__.__qualname__ == prefix + "Point.__setattr__"
