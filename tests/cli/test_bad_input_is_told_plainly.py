"""Whatever is wrong with the input: exit code 2, one plain sentence with a code, no traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def case(tmp_path: Path, text: str, name: str = "case.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


BAD_CASES = {
    "wrong unit": "findings: {symptom_duration: {value: 4, unit: kg}}\n",
    "unknown unit": "findings: {symptom_duration: {value: 4, unit: moons}}\n",
    "no unit": "findings: {symptom_duration: 4}\n",
    "unknown key": "findingz: {}\n",
    "unknown finding": "findings: {felt_weaknes: present}\n",
    "unknown value": "findings: {felt_weakness: maybe}\n",
    "duplicate key": "findings:\n  felt_weakness: absent\n  felt_weakness: present\n",
    "empty file": "",
    "not a mapping": "- a\n- b\n",
    "not YAML": "findings: {felt_weakness: [\n",
    "calcium alone": "date: 2026-01-01\nlabs: {calcium: {value: 2.3, unit: mmol/L}}\n",
    "path outside the folder": "recordings: [{file: ../night.edf}]\n",
    "misspelled medicine": "medications: [ciprofloxacine]\n",
    "no such country": "person: {country: XX}\n",
}


@pytest.mark.parametrize("what", BAD_CASES)
def test_a_case_that_is_not_understood(run: Callable, tmp_path: Path, what: str) -> None:
    path = case(tmp_path, BAD_CASES[what])
    ran = run("assess", path, "--json")
    assert ran.code == 2
    error = ran.json["error"]
    assert set(error) == {"code", "message", "got", "allowed", "do"}
    assert error["code"][0] == "E"
    assert error["message"].strip()
    plain = run("assess", path)
    assert plain.code == 2
    assert plain.out == ""
    assert plain.err.startswith(error["code"])


def test_the_nearest_known_name_is_offered(run: Callable, tmp_path: Path) -> None:
    error = run("assess", case(tmp_path, BAD_CASES["unknown finding"]), "--json").json["error"]
    assert "felt_weakness" in f"{error['message']} {error['allowed']} {error['do']}"
    error = run("assess", case(tmp_path, BAD_CASES["misspelled medicine"]), "--json").json["error"]
    assert "ciprofloxacin" in f"{error['message']} {error['allowed']} {error['do']}".lower()


def test_what_is_urgent_is_said_before_what_is_wrong(run: Callable, tmp_path: Path) -> None:
    text = "person: {country: GB}\nfindings: {face_droop: present, felt_weaknes: present}\n"
    error = run("assess", case(tmp_path, text), "--json").json["error"]
    assert "999" in error["message"]
    assert error["message"].index("999") < error["message"].index("felt_weaknes")


def test_no_is_norway(run: Callable, tmp_path: Path) -> None:
    ran = run("assess", case(tmp_path, "person: {country: NO}\nfindings: {face_droop: present}\n"), "--json")
    assert ran.code == 0
    assert [one["value"] for one in ran.json["findings"] if one["id"] == "country"] == ["NO"] or "NO" in ran.out
    assert ran.json["urgency"]["level"] == "emergency"


def test_an_unknown_country_gets_no_guessed_number(run: Callable, tmp_path: Path) -> None:
    ran = run("assess", case(tmp_path, "findings: {face_droop: present}\n"), "--json")
    advice = ran.json["urgency"]["headline"] + ran.json["urgency"]["advice"]
    assert "local emergency number" in advice
    assert not any(number in advice for number in ("999", "911", "112"))


@pytest.mark.parametrize("command", ["score", "check", "assess"])
def test_a_missing_file(run: Callable, tmp_path: Path, command: str) -> None:
    ran = run(command, tmp_path / "nothing.edf", "--json")
    assert ran.code == 2
    assert "nothing.edf" in str(ran.json["error"])


@pytest.mark.parametrize("command", ["score", "check"])
@pytest.mark.parametrize("content", [b"", b"this is a text, not a recording\n" * 40, bytes(300)])
def test_a_file_that_is_no_recording(run: Callable, tmp_path: Path, command: str, content: bytes) -> None:
    path = tmp_path / "night.edf"
    path.write_bytes(content)
    ran = run(command, path, "--json")
    assert ran.code in ((0, 2) if command == "check" else (2,))
    if ran.code == 2:
        assert ran.json["error"]["code"].startswith("E")
    assert path.read_bytes() == content


def test_a_recording_that_is_missing_stops_no_assessment(run: Callable, tmp_path: Path) -> None:
    path = case(tmp_path, "findings: {face_droop: present}\nrecordings: [{file: gone.edf}]\n")
    ran = run("assess", path, "--json")
    assert ran.code == 0
    assert ran.json["urgency"]["level"] == "emergency"
    assert ran.json["recordings"][0]["could_not_score"]


@pytest.mark.parametrize(
    "args",
    [
        ("frobnicate",),
        ("score",),
        ("score", "x.tsv", "--rules", "aasm-v9"),
        ("score", "x.tsv", "--reading", "aasm_short"),
        ("score", "x.tsv", "--reading", "aasm_short=sometimes"),
        ("score", "x.tsv", "-o", "x.docx"),
        ("simulate", "night", "out.edf", "--seed", "1", "--with", "earthquake"),
        ("knowledge", "restless_leg_syndrome"),
    ],
)
def test_bad_usage(run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.tsv").write_text("onset\tduration\tevent\tside\n1.0\t2.0\tleg_movement\tleft\n", encoding="utf-8")
    ran = run(*args, *(["--json"] if args[0] != "simulate" else []))
    assert ran.code == 2
    assert not Path("out.edf").exists()


def test_help_does_not_import_numpy_or_read_knowledge() -> None:
    code = (
        "import sys; sys.argv=['legtwitch','--help']\n"
        "from legtwitch.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "bad=[m for m in ('numpy','yaml','pydantic','rich','jinja2') if m in sys.modules]\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_a_question_of_the_safety_screen_does_not_import_numpy() -> None:
    code = "import sys, legtwitch as lt\nassert lt.next_question({}).mandatory\nassert 'numpy' not in sys.modules\n"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize(
    ("country", "words"), [("GB", "Call your GP today"), ("US", "primary care office"), ("DE", "Call your doctor")]
)
def test_whom_to_call_is_told_in_the_words_of_the_country(
    run: Callable, tmp_path: Path, country: str, words: str
) -> None:
    findings = "findings: {heel_walk_failed: present, symptom_duration: {value: 3, unit: month}}\n"
    text = f"person: {{country: {country}}}\n{findings}"
    ran = run("assess", case(tmp_path, text), "--json")
    assert ran.json["urgency"]["level"] == "two_weeks"
    assert words in ran.json["urgency"]["advice"]
    assert "{number}" not in ran.json["urgency"]["advice"]


def test_a_recording_or_marks_of_the_case_are_never_written_over(run: Callable, tmp_path: Path) -> None:
    path = case(tmp_path, "recordings: [{file: phone.json, events: [marks.txt]}]\n")
    for name in ("phone.json", "marks.txt"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
        ran = run("assess", path, "-o", tmp_path / name)
        assert (ran.code, ran.err[:4]) == (2, "E107")
        assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_the_name_of_the_program_alone_helps(run: Callable) -> None:
    for args in ((), ("simulate",)):
        ran = run(*args)
        assert (ran.code, ran.out[:6], ran.err) == (0, "Usage:", "")


def test_bad_usage_says_what_was_typed(run: Callable) -> None:
    assert "got: legtwitch nope" in run("nope").err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("args", [("knowledge", "--json"), ("knowledge",), ("check", "missing.edf", "--json")])
def test_a_full_disk_behind_stdout_is_told_without_a_traceback(args: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        code = [sys.executable, "-c", "from legtwitch.cli import main; main()", *args]
        ran = subprocess.run(code, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr[:1] == "E"
    assert "Traceback" not in ran.stderr


def test_a_list_of_mistakes_is_not_endless(run: Callable, tmp_path: Path) -> None:
    path = case(tmp_path, "findings: {" + ", ".join(f"nope_{n}: present" for n in range(500)) + "}\n")
    message = run("assess", path, "--json").json["error"]["message"]
    assert len(message) < 1000
    assert "and 494 more" in message


def test_every_error_of_a_case_says_what_to_do(run: Callable, tmp_path: Path) -> None:
    for text in ("date: 22.11.2026\n", "person: {country: Germany}\n", "findings: {felt_weakness: perhaps}\n", "- a\n"):
        assert run("assess", case(tmp_path, text), "--json").json["error"]["do"]
