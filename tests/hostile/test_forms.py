"""The same parameters in forms and queries: odd texts, odd names, names that come twice, and files."""

from __future__ import annotations

from tests.hostile.world import World, by_turns, endpoints_where, parameter_names, takes_parameters

ODD_TEXTS = ["", "\0", "é😀\u202e" * 1_000]


@endpoints_where(takes_parameters)
def test_no_value_in_a_form_or_query_does_harm(world: World, declared):
    good = world.parameters(declared)
    for name in parameter_names(declared):
        for value in ODD_TEXTS:
            world.attempt(declared, (name, value), form=good | {name: value})
        for odd in (f"{name}[a][b][", f"{name}[]" * 30):
            world.attempt(declared, odd, params=good, form={odd: "x"})


@endpoints_where(takes_parameters)
def test_doubled_query_parameters_do_no_harm(world: World, declared):
    for name in parameter_names(declared):
        odd = [[(name, "1"), (name, "2")], [(name, "a"), (f"{name}[]", "b"), (f"{name}[c]", "\0")],
               [(f"{name}[]", "x")] * 300]
        for pairs in by_turns(declared, odd, 1):
            world.attempt(declared, pairs[:3], params=pairs)


@endpoints_where(takes_parameters)
def test_a_file_where_text_is_wanted_does_no_harm(world: World, declared):
    for name in parameter_names(declared):
        for file in (("a.png", b"\x89PNG\r\n\x1a\n\0\xff", "image/png"), ("../../x\0", b"", "text/plain")):
            world.attempt(declared, (name, file[0]), form=world.parameters(declared), files={name: file})
