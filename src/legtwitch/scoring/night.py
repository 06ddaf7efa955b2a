"""What scoring knows of the night apart from leg movements: stages, lights, breathing, arousals, artefacts, gaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from legtwitch.model import Event, Hours, Problem, Recording
from legtwitch.scoring import codes
from legtwitch.scoring.stops import STOPS, Stops, read_stops
from legtwitch.scoring.times import HOUR_MS, Stretch, Stretches, cover, subtract, to_ms

NREM = ("N1", "N2", "N3")
SLEEP = (*NREM, "R")
STAGES = ("W", *SLEEP)
BREATHING = ("apnea", "hypopnea", "rera")
CONTEXT = (
    *(f"stage_{stage}" for stage in (*STAGES, "unknown")),
    *BREATHING,
    *STOPS,
    "arousal",
    "lights_off",
    "lights_on",
    "sit_on",
    "sit_off",
)


def _stretch(event: Event) -> Stretch:
    return Stretch(to_ms(event.onset_s), to_ms(event.onset_s + event.duration_s), event.event)


@dataclass(frozen=True, slots=True)
class Night:
    """The night in milliseconds.

    stages: disjoint stretches named W, N1, N2, N3, R or unknown. windows: where movements count (lights off to on).
    stops: artefacts and gaps by leg. staged: at least one epoch has a stage.
    """

    end: int
    stages: tuple[Stretch, ...]
    stage_starts: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]
    stops: Stops
    breathing: Stretches
    arousals: Stretches
    staged: bool
    problems: tuple[Problem, ...]

    def stage_at(self, time: int) -> str:
        """Return the stage at a moment (ms); `unknown` where there is none."""
        index = bisect_right(self.stage_starts, time) - 1
        return self.stages[index].name if index >= 0 and time < self.stages[index].end else "unknown"

    def sleep_within(self, start: int, end: int) -> str | None:
        """Return the first stage of sleep that start..end (ms) touches, None where it touches none."""
        if self.stage_at(start) in SLEEP:
            return self.stage_at(start)
        first = max(bisect_right(self.stage_starts, start) - 1, 0)
        for one in self.stages[first:]:
            if one.start >= end:
                return None
            if one.end > start and one.name in SLEEP:
                return one.name
        return None

    def inside(self, time: int) -> bool:
        """Tell whether a moment (ms) lies where movements count."""
        return any(start <= time < end or time == end == self.end for start, end in self.windows)

    def time_by_stage(self, windows: Iterable[tuple[int, int]]) -> dict[str, int]:
        """Return the time (ms) of each stage inside windows (ms), without artefacts and gaps of all legs."""
        holes = cover(self.stops.whole)
        total = dict.fromkeys((*STAGES, "unknown"), 0)
        for window in windows:
            first = max(bisect_right(self.stage_starts, window[0]) - 1, 0)
            for one in self.stages[first : bisect_left(self.stage_starts, window[1])]:
                part = (max(one.start, window[0]), min(one.end, window[1]))
                if part[0] < part[1]:
                    left = subtract([part], holes) if holes else [part]
                    total[one.name] += sum(end - start for start, end in left)
        return total

    def hours(self) -> Hours:
        """Return the denominators: time inside the windows in which at least one leg that was recorded can be read."""
        total = self.time_by_stage(self.windows)
        recorded = sum(end - start for start, end in subtract(self.windows, cover(self.stops.whole))) / HOUR_MS
        if not self.staged:
            return Hours(recorded, None, None, None, None)
        sleep, nrem = (sum(total[stage] for stage in group) / HOUR_MS for group in (SLEEP, NREM))
        return Hours(recorded, sleep, total["W"] / HOUR_MS, nrem, total["R"] / HOUR_MS)


def _stages(epochs: Sequence[Stretch]) -> tuple[tuple[Stretch, ...], int]:
    """Return disjoint stretches with one stage each, and the time (ms) on which epochs contradict each other."""
    edges = sorted({time for one in epochs for time in (one.start, one.end)})
    by_start = sorted(epochs, key=lambda one: one.start)
    found: list[Stretch] = []
    unclear, taken = 0, 0
    running: list[Stretch] = []
    for start, end in pairwise(edges):
        while taken < len(by_start) and by_start[taken].start <= start:
            running.append(by_start[taken])
            taken += 1
        running = [one for one in running if one.end > start]
        names = {one.name for one in running}
        if not names:
            continue
        if len(names) > 1:
            unclear += end - start
        name = names.pop() if len(names) == 1 else "unknown"
        if found and found[-1].end == start and found[-1].name == name:
            found[-1] = Stretch(found[-1].start, end, name)
        else:
            found.append(Stretch(start, end, name))
    return tuple(found), unclear


def _windows(events: Iterable[Event], end: int) -> tuple[tuple[tuple[int, int], ...], tuple[Problem, ...]]:
    """Return lights off to lights on; the whole recording where neither is marked."""
    marks = sorted((to_ms(one.onset_s), one.event) for one in events if one.event in ("lights_off", "lights_on"))
    if not marks:
        said = Problem(
            codes.NO_LIGHTS,
            "Lights off and lights on are not marked.",
            "The whole recording counts, with all of its stages; movements before lights off could not be left out.",
        )
        return ((0, end),), (said,)
    if all(name == "lights_on" for _, name in marks):
        said = Problem(codes.LIGHTS_INCOMPLETE, "Lights off is not marked.", "Counted from the start of the recording.")
        return ((0, marks[0][0]),), (said,)
    windows: list[tuple[int, int]] = []
    dark_since: int | None = None
    swapped: tuple[Problem, ...] = ()
    if marks[0][1] == "lights_on":
        swapped = (
            Problem(
                codes.LIGHTS_INCOMPLETE,
                "Lights on is marked before lights off.",
                "Only what follows lights off counts. If the two marks were swapped, correct them and score again.",
            ),
        )
    for time, name in marks:
        if name == "lights_off" and dark_since is None:
            dark_since = time
        elif name == "lights_on" and dark_since is not None:
            windows.append((dark_since, time))
            dark_since = None
    if dark_since is None:
        return tuple(windows), ()
    windows.append((dark_since, max(end, dark_since)))
    said = Problem(codes.LIGHTS_INCOMPLETE, "Lights on is not marked.", "Counted to the end of the recording.")
    return tuple(windows), (*swapped, said)


def _stage_problems(epochs: Sequence[Stretch], unclear: int, staged: bool) -> list[Problem]:
    said = []
    if not staged:
        said.append(
            Problem(
                codes.NO_STAGES,
                "The recording has no sleep stages.",
                "Nothing is given per hour of sleep or wake, and series run over all movements: they could not be "
                "limited to sleep.",
            )
        )
    empty = sum(one.end <= one.start for one in epochs)
    if empty:
        said.append(
            Problem(
                codes.STAGES_UNCLEAR,
                f"{empty} stage marks have no duration.",
                "They tell no stretch of sleep and were left out.",
            )
        )
    if unclear:
        said.append(
            Problem(
                codes.STAGES_UNCLEAR,
                f"Stage epochs contradict each other on {unclear / 1000:.1f} s.",
                "The stage counts as unknown there: neither sleep nor wake.",
            )
        )
    return said


def read_night(
    recording: Recording, movements: Sequence[Event], *, restrict_to_lights: bool, own_leg: bool = True
) -> Night:
    """Return what the marks of a recording tell of the night.

    movements: as `score_leg_movements` takes them. restrict_to_lights: whether only lights off to lights on counts
    (clause `lights`). own_leg: whether an artefact of one leg stops that leg alone (clause `artifact_leg`).
    """
    events = recording.events
    end = to_ms(recording.duration_s)
    epochs = [_stretch(one) for one in events if one.event.startswith("stage_")]
    epochs = [Stretch(one.start, one.end, one.name.removeprefix("stage_")) for one in epochs]
    stages, unclear = _stages([one for one in epochs if one.end > one.start])
    staged = any(one.name in STAGES for one in stages)
    said = _stage_problems(epochs, unclear, staged)
    windows: tuple[tuple[int, int], ...] = ((0, end),)
    if restrict_to_lights:
        windows, lights_said = _windows(events, end)
        said += lights_said
    breathing = Stretches(_stretch(one) for one in events if one.event in BREATHING)
    if not breathing:
        said.append(
            Problem(
                codes.NO_BREATHING_EVENTS,
                "No apnoea, hypopnoea or RERA is marked.",
                "Either there was none or breathing was not scored; indices without respiratory movements leave "
                "nothing out, and whether a movement is tied to breathing is not known.",
            )
        )
    arousals = Stretches(_stretch(one) for one in events if one.event == "arousal")
    if not arousals:
        said.append(
            Problem(codes.NO_AROUSALS, "No arousal is marked.", "Movements with arousal are not known and not given.")
        )
    stops, stops_said = read_stops(recording, movements, windows, own_leg=own_leg)
    said += stops_said
    return Night(
        end, stages, tuple(one.start for one in stages), windows, stops, breathing, arousals, staged, tuple(said)
    )
