"""What a person says of channels goes before what their labels say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from legtwitch.errors import UsageError
from legtwitch.model import Recording, Role
from legtwitch.recording import codes


def with_roles(recording: Recording, roles: Mapping[str, Role]) -> Recording:
    """Return a recording whose channels are what is told, and what was said of legs before taken away.

    roles: channel name → role. Raises UsageError (E242) for a channel that the recording hasn't.
    """
    if not roles:
        return recording
    names = [one.name for one in recording.channels]
    missing = [name for name in roles if name not in names]
    if missing:
        raise UsageError(
            codes.NO_SUCH_CHANNEL,
            f"{recording.file} has no channel of this name.",
            got=", ".join(missing),
            allowed=", ".join(names),
            do="`legtwitch check` lists the channels.",
        )
    channels = tuple(
        replace(one, role=roles[one.name], certainty=1.0, why="as the person said") if one.name in roles else one
        for one in recording.channels
    )
    stale = {codes.NO_LEG, codes.ONE_LEG, codes.SIDE_UNKNOWN, codes.LEGS_TOGETHER}
    problems = tuple(one for one in recording.problems if one.code not in stale)
    return replace(recording, channels=channels, problems=problems)
