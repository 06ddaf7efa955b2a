from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from legtwitch.knowledge import yaml12


@pytest.fixture(params=["libyaml", "python"])
def load(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`yaml12.load` on the C parser, and on the Python parser that stands in for it."""
    if request.param == "python":
        monkeypatch.setattr(yaml12, "Parser", yaml.SafeLoader)
    return lambda text: yaml12.load(text, "a.yaml")


@pytest.mark.parametrize(
    "word",
    ["NO", "no", "yes", "Yes", "on", "Off", "y", "N", "22:30:00", "1:30", "190:20:30", "2026-11-22",
     "2026-11-22 10:00:00", "1_000", "0b11", "-0x1F", "0o9", "+0o7", "1e",
     "e5", ".", "1.2.3", "nan", "inf", "nULL", "tRUE", "=", "<<", "0x",
     "１２"],
)  # fmt: skip
def test_what_only_yaml_1_1_takes_for_something_else_is_text(load: Any, word: str) -> None:
    assert load(f"[{word}]") == [word]
    assert load(f"a: {word}\n") == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("FALSE", False),
        ("null", None), ("Null", None), ("~", None), ("0", 0), ("-19", -19), ("+7", 7), ("012", 12), ("0o14", 12),
        ("0xFF", 255), ("1.", 1.0), (".5", 0.5), ("-1e3", -1000.0), ("1.5E-2", 0.015), ("0.1", 0.1),
        (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf),
    ],
)  # fmt: skip
def test_core_schema_scalars(load: Any, word: str, value: object) -> None:
    found = load(f"[{word}]")[0]
    assert found == value
    assert type(found) is type(value)
    assert load(f"['{word}', \"{word}\"]") == [word, word]


def test_not_a_number_is_a_float(load: Any) -> None:
    assert math.isnan(load(".nan"))


def test_an_empty_value_is_null_and_an_empty_text_is_none(load: Any) -> None:
    assert load("a:\nb: ''") == {"a": None, "b": ""}
    assert load("") is None
    assert load("# nothing\n") is None


def test_keys_are_text_as_written(load: Any) -> None:
    assert load("NO: 1\n1: 2\ntrue: 3\n~: 4\n2026-01-01: 5") == {"NO": 1, "1": 2, "true": 3, "~": 4, "2026-01-01": 5}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "`a` stands twice in one map (first in line 1)"),
        ("x:\n  - {k: 1, l: 2,\n     k: 3}\n", 3, "`k` stands twice"),
        ("1: a\n'1': b\n", 2, "`1` stands twice"),
        ('{"a": 1,\n "a": 1}', 2, "`a` stands twice"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: !!str 1\n", 1, "tag"),
        ("a: !!python/object/apply:os.system [x]\n", 1, "tag"),
        ("a: !mine\n  b: 1\n", 1, "tag"),
        ("? [a, b]\n: 1\n", 1, "can't be a key"),
        ("? {a: 1}\n: 1\n", 1, "can't be a key"),
        ("a: &x [1, *x]\n", 1, "*x"),
        ("a: &x 1\nb: &x [*x]\n", 2, "*x"),
        ("a: *nowhere\n", 1, "*nowhere"),
        ("a: 1\nb: 1e999\n", 2, "too large"),
        ("a: " + "9" * 5000, 1, "too large"),
        ("a: [1, 2\nb: 3", 2, "not YAML"),
        ("a: 'open", 1, "not YAML"),
        ("a: b: c", 1, "not YAML"),
        ("\ta: 1", 1, "not YAML"),
    ],
)
def test_what_is_refused_is_named_with_its_line(load: Any, text: str, line: int, words: str) -> None:
    with pytest.raises(yaml12.YamlError) as error:
        load(text)
    assert words in error.value.message or words == "*nowhere"
    assert error.value.line in (line, line + 1) if words == "not YAML" else error.value.line == line
    assert str(error.value).startswith("a.yaml, line ")


@pytest.mark.parametrize("text", ["a: \x00", "a: \x07b", "\ud800"])
def test_characters_that_no_text_file_holds_are_refused(load: Any, text: str) -> None:
    with pytest.raises(yaml12.YamlError):
        load(text)


def test_anchors_stand_for_what_they_name(load: Any) -> None:
    assert load("a: &x {k: [1, 2]}\nb: *x\nc: &x 3\nd: *x") == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": 3, "d": 3}


def test_aliases_that_grow_without_bound_are_refused_early(load: Any) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    with pytest.raises(yaml12.YamlError, match="more than") as error:
        load("\n".join(levels))
    assert error.value.line < 8


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
def test_nesting_without_bound_is_refused(load: Any, sign: str) -> None:
    with pytest.raises(yaml12.YamlError):
        load(sign * 3000)
    depth = yaml12.MAX_DEPTH
    assert load("[" * depth + "]" * depth)
    with pytest.raises(yaml12.YamlError, match="deep"):
        load("[" * (depth + 1) + "]" * (depth + 1))


def test_a_byte_order_mark_is_passed_over(load: Any) -> None:
    assert load("\ufeffa: 1") == {"a": 1}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_json_is_read_as_json(value: Any, ascii_only: bool, indent: Any) -> None:
    text = json.dumps(value, ensure_ascii=True, indent=indent) if ascii_only else json.dumps(value, indent=indent)
    if isinstance(value, (dict, list)):
        assert yaml12.load(text, "a.json") == json.loads(text)


def test_the_same_as_pyyaml_where_both_versions_agree() -> None:
    path = Path(__file__).parents[2] / "src/legtwitch/knowledge/data/labs.yaml"
    text = path.read_text(encoding="utf-8")
    assert yaml12.load(text, "labs.yaml") == yaml.load(text, Loader=yaml.CSafeLoader)
