"""Each way to choose people is whole: words both ways, parameters that say what they want."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest
from django.utils.functional import Promise

from groundswell.events.models import Rsvp
from groundswell.kernel.roles import Right
from groundswell.people.segments import reading
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import Number
from tests.house import source
from tests.people import segmenting

HOW_TO = source.ROOT / "docs" / "how-to" / "add-a-criterion.md"
# The compiler opens these itself, or a test of its own tries them.
APART = {reading.EVERYONE, reading.NAMED}


def test_no_two_share_a_name() -> None:
    names = Counter(one.name for one in reading.offered())

    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) > 25


@pytest.mark.parametrize("one", reading.offered(), ids=lambda one: one.name)
def test_every_placeholder_is_a_parameter(one: Criterion) -> None:
    known = {parameter.name for parameter in one.parameters}
    told = [str(one.says), str(one.says_not)] if one.clause is None else []

    assert {name for words in told for name in re.findall(r"{(\w+)}", words)} <= known
    is_worded = one.clause is not None or (one.says and (one.says_not or not one.can_be_not))
    assert is_worded or one.name == reading.EVERYONE
    assert isinstance(one.title, Promise)
    assert isinstance(one.needs, Right)


def test_random_questions_ask_every_one_of_them() -> None:
    tried = set(re.findall(r'_row\(\s*"([\w.]+)"', Path(segmenting.__file__).read_text()))

    assert tried | APART == {one.name for one in reading.offered()}


def test_the_example_of_the_how_to_works(tmp_path: Path) -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    example = tmp_path / "example.py"
    example.write_text(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    known = (Criterion, Family, Number, Rows, Rsvp, Asking)
    named = {one.__name__: one for one in known} | {"Given": Given, "gettext_lazy": str}

    made = runpy.run_path(str(example), init_globals=named)["BRINGS_FRIENDS"]

    assert isinstance(made, Criterion)
    assert made.words({}, {"party": "3"}, is_not=False) == "signed up for 3 people or more"
