"""Everything that can go wrong with input, as one tree.

    LegtwitchError
    ├── InputError            what the user gave can't be used (exit code 2)
    │   ├── UsageError        E1xx  the command or call itself
    │   ├── FileError         E2xx  a file: missing, empty, not what its name says, not writable
    │   ├── RecordingError    E3xx  a recording that opens but can't be used for what was asked
    │   └── CaseError         E4xx  a case file: unknown key, id or unit, doubtful name, wrong value
    └── KnowledgeError        E9xx  our own knowledge files are inconsistent (exit code 1)

Every error says in one plain sentence what is wrong, and apart from it what was got, what is allowed and what to do.
A code is never reused; `docs/errors.md` lists them.
"""

from __future__ import annotations

from collections.abc import Sequence

CODES = {
    "E101": "The command line is not understood.",
    "E103": "A reading is not written CLAUSE=VALUE.",
    "E105": "There is no such kind of report.",
    "E106": "The suffix of an output tells no kind that this command writes.",
    "E107": "An output has the name of an input.",
    "E108": "Nothing in the knowledge has that id.",
    "E121": "A simulated night has no such option.",
    "E122": "A night can't be made with this length, rate or leg.",
    "E123": "A simulated night is too short for its boundary events.",
    "E140": "There is no such rule set.",
    "E141": "A rule set has no such clause.",
    "E142": "A clause is fixed and can't be chosen.",
    "E143": "A clause has no such reading.",
    "E205": "The folder of an output does not exist.",
    "E206": "An output could not be written.",
    "E207": "A case that is no file names recordings.",
    "E301": "A recording opens, but leg movements in it can't be scored.",
    "E340": "A leg movement has no usable time.",
    "E900": "Something went wrong inside legtwitch.",
    "E901": "The knowledge files contradict themselves or each other.",
    "E911": "A definition rests on itself, or is not defined.",
    "E912": "A condition compares values of different kinds.",
    "Q399": "The files hold marks of leg movements that were not used, because the signal was scored.",
}
"""Codes raised in more than one room or on the command line; the other rooms have a table of their own."""


class LegtwitchError(Exception):
    """Base of all errors that legtwitch raises on purpose.

    Parameters
    ----------
    code: letter and three digits, stable across versions.
    message: one plain sentence for the user.
    got: what was found in the input, as written there.
    allowed: what would be accepted; several values as a list.
    do: what the user can do about it, as a sentence.
    """

    exit_code = 1

    def __init__(
        self, code: str, message: str, *, got: str = "", allowed: str | Sequence[str] = "", do: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.got = got
        self.allowed: str | list[str] = allowed if isinstance(allowed, str) else list(allowed)
        self.do = do

    def as_dict(self) -> dict[str, object]:
        """Return the object that stands under `error` in JSON output."""
        return {"code": self.code, "message": self.message, "got": self.got, "allowed": self.allowed, "do": self.do}

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.message}"]
        if self.got:
            parts.append(f"Got: {self.got}.")
        if self.allowed:
            words = self.allowed if isinstance(self.allowed, str) else ", ".join(self.allowed)
            parts.append(f"Allowed: {words}.")
        if self.do:
            parts.append(self.do)
        return " ".join(parts)


class InputError(LegtwitchError):
    """What the user gave can't be used."""

    exit_code = 2


class UsageError(InputError):
    """The command or call itself is wrong (E1xx)."""


class FileError(InputError):
    """A file is missing, empty, not readable or not what its name says (E2xx)."""


class RecordingError(InputError):
    """A recording opens but can't be used for what was asked (E3xx)."""


class CaseError(InputError):
    """A case file holds something that can't be understood (E4xx)."""


class KnowledgeError(LegtwitchError):
    """The knowledge files contradict themselves or each other (E9xx)."""
