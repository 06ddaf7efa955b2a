"""What is wrong with a leg channel, in words: what was seen is tallied, then told once a channel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.events import codes
from legtwitch.events.intervals import Interval, Signal
from legtwitch.events.parameters import Parameters
from legtwitch.model import Channel, Event, Problem, Segment
from legtwitch.signal import Level, Spikes, median, runs

Stretch = tuple[float, float]


@dataclass(slots=True)
class Tally:
    """What was seen of one channel over all its segments; stretches in true time (start_s, end_s)."""

    seconds: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    mains: set[float] = field(default_factory=set)
    too_short_pieces: list[Stretch] = field(default_factory=list)
    not_numbers: int = 0
    flat: list[Stretch] = field(default_factory=list)
    clipped_runs: int = 0
    clipped_s: float = 0.0
    tones: list[Stretch] = field(default_factory=list)
    beats: int = 0
    beat_uv: float = 0.0
    steps: list[float] = field(default_factory=list)
    high_rest: list[Stretch] = field(default_factory=list)
    widened: list[Stretch] = field(default_factory=list)
    unseen: list[Stretch] = field(default_factory=list)
    highest_rest: float = 0.0
    lowest_rest_s: float = 0.0
    onsets: list[float] = field(default_factory=list)
    inside_s: float = 0.0
    long: list[Stretch] = field(default_factory=list)
    cut: list[float] = field(default_factory=list)

    def add_segment(
        self,
        segment: Segment,
        signal: Signal,
        dead: NDArray[np.int64],
        clipped: NDArray[np.int64],
        heart: Spikes | None,
        parameters: Parameters,
    ) -> None:
        """Add what one segment shows. dead, clipped: stretches in samples (start, stop)."""
        rate, begin = signal.rate_hz, segment.start_s
        point_s = signal.step / rate
        self.seconds += signal.values.size / rate
        self.flat += [(begin + start / rate, begin + stop / rate) for start, stop in dead.tolist()]
        self.clipped_runs += len(clipped)
        self.clipped_s += float((clipped[:, 1] - clipped[:, 0]).sum()) / rate
        if heart is not None:
            self.beats += heart.samples.size
            self.beat_uv = max(self.beat_uv, heart.peak)
        self.steps += [begin + step * point_s for step in signal.baseline.steps]
        self.highest_rest = max(self.highest_rest, signal.baseline.rest.highest())

        def above(level: Level, limit: float) -> list[Stretch]:
            if level.highest() <= limit:
                return []
            over = runs(level[:] > limit).tolist()
            return [(begin + start * point_s, begin + stop * point_s) for start, stop in over]

        if signal.baseline.rest.lowest() < parameters.low_rest_uv:
            low = (signal.envelope > 0) & (signal.baseline.rest[:] < parameters.low_rest_uv)
            self.lowest_rest_s += float(np.count_nonzero(low)) * point_s
        self.high_rest += above(signal.baseline.rest, parameters.high_rest_uv)
        self.widened += above(signal.baseline.noise, 1.05 * parameters.offset_uv / parameters.offset_noise)
        block, points = signal.baseline.block, signal.envelope.size
        self.unseen += [
            (begin + start * block * point_s, begin + min(stop * block, points) * point_s)
            for start, stop in runs(~signal.baseline.known).tolist()
        ]

    def add_event(self, event: Event, interval: Interval, parameters: Parameters) -> None:
        """Add one movement."""
        self.onsets.append(event.onset_s)
        self.inside_s += event.duration_s
        if event.duration_s > parameters.long_movement_s:
            self.long.append((event.onset_s, event.onset_s + event.duration_s))
        if interval.cut:
            self.cut.append(event.onset_s)


def _seconds(stretches: list[Stretch]) -> float:
    return sum(stop - start for start, stop in stretches)


@dataclass(slots=True)
class _Told:
    """Problems of one channel as they are told."""

    channel: Channel
    problems: list[Problem] = field(default_factory=list)

    def say(
        self, code: str, message: str, effect: str = "", at: list[Stretch] | None = None, repaired: bool = False
    ) -> None:
        start, stop = (at[0][0], at[-1][1]) if at else (None, None)
        name = self.channel.name
        self.problems.append(Problem(code, f"{name}: {message}", effect, name, start, stop, repaired))


def channel_problems(channel: Channel, tally: Tally, parameters: Parameters) -> list[Problem]:
    """Return what has to be said about a channel after all its segments were searched."""
    told = _Told(channel)
    _say_channel(told, parameters)
    _say_signal(told, tally)
    _say_lost(told, tally, parameters)
    _say_rest(told, tally, parameters)
    _say_movements(told, tally, parameters)
    return told.problems


def _say_channel(told: _Told, parameters: Parameters) -> None:
    channel = told.channel
    if channel.role == "leg_both":
        told.say(codes.BOTH_LEGS_ON_ONE, "two legs share this channel.", "The side of its movements isn't known.")
    if channel.role == "leg_unknown":
        told.say(codes.SIDE_UNKNOWN, "it isn't known which leg this is.", "The side of its movements isn't known.")
    if channel.rate_hz < parameters.manual_rate_hz:
        told.say(
            codes.RATE_UNDER_MANUAL,
            f"{channel.rate_hz:g} samples a second are fewer than the least that the manual asks for, "
            f"{parameters.manual_rate_hz:g}.",
            "WARNING: part of the muscle signal is missing; counts are not comparable with a norm.",
        )
    high = min(parameters.high_hz, parameters.high_of_rate * channel.rate_hz)
    if high < parameters.high_hz:
        told.say(
            codes.NARROW_BAND,
            f"{channel.rate_hz:g} samples a second hold the band only up to {high:.0f} Hz.",
            "Amplitudes are lower than over 10 to 100 Hz, so that faint movements may be missed.",
        )
    if channel.resolution_uv is not None and channel.resolution_uv > parameters.coarse_uv:
        told.say(
            codes.COARSE,
            f"one digital step is {channel.resolution_uv:.3g} uV.",
            "The end of a movement, 2 uV above rest, is not exact.",
        )


def _say_signal(told: _Told, tally: Tally) -> None:
    if tally.too_short_pieces:
        told.say(
            codes.PIECE_TOO_SHORT,
            f"{len(tally.too_short_pieces)} stretches of recording are too short to find a resting level.",
            "They were not searched.",
            [(start, start + length) for start, length in tally.too_short_pieces],
        )
    if tally.not_numbers:
        told.say(codes.NOT_A_NUMBER, f"{tally.not_numbers} samples are no numbers.", "They were taken as 0.")
    if tally.flat:
        told.say(
            codes.FLAT,
            f"no signal in {len(tally.flat)} stretches, {_seconds(tally.flat):.0f} s together (a loose lead?).",
            "Movements in them can't be seen.",
            tally.flat,
        )
    if tally.clipped_runs:
        told.say(
            codes.SATURATED,
            f"the signal is clipped {tally.clipped_runs} times, {tally.clipped_s:.2f} s together.",
            "Amplitudes there are too low; movements that it touches are marked `saturated`.",
        )
    if tally.mains:
        lines = ", ".join(f"{line:g}" for line in sorted(tally.mains))
        told.say(codes.MAINS, f"a mains line at {lines} Hz was found and subtracted.", repaired=True)
    if tally.tones:
        told.say(
            codes.PURE_TONE,
            f"a pure tone comes and goes, as the hum of a poor electrode or a motor makes it: {len(tally.tones)} "
            f"stretches, {_seconds(tally.tones):.0f} s together; it was subtracted.",
            "A movement much weaker than the tone may be missed there.",
            tally.tones,
            repaired=True,
        )
    if tally.beats:
        told.say(
            codes.HEART,
            f"the heart is seen in this channel ({tally.beats} beats of up to {tally.beat_uv:.0f} uV); it was "
            "subtracted.",
            "Beats hidden by a movement may stay in it.",
            repaired=True,
        )


def _say_lost(told: _Told, tally: Tally, parameters: Parameters) -> None:
    """Say it loudly where much of a channel shows no muscle: flat and clipped stretches may overlap, so no sum."""
    share = max(_seconds(tally.flat), tally.clipped_s) / tally.seconds if tally.seconds else 0.0
    if share > parameters.lost_share:
        told.say(
            codes.MUCH_LOST,
            f"{100 * share:.0f} % of this channel is flat or clipped.",
            "WARNING: movements of this leg in that time are missing from every count, and hours still hold the time.",
            tally.flat,
        )


def _say_rest(told: _Told, tally: Tally, parameters: Parameters) -> None:
    if tally.high_rest:
        told.say(
            codes.HIGH_REST,
            f"the resting level is above {parameters.high_rest_uv:g} uV for {_seconds(tally.high_rest) / 60:.1f} min "
            f"(up to {tally.highest_rest:.0f} uV).",
            "The muscle was not relaxed or the electrode is poor; movements there are unsure.",
            tally.high_rest,
        )
    if tally.lowest_rest_s > 0.5 * (tally.seconds - _seconds(tally.flat)) > 0:
        told.say(
            codes.LOW_REST,
            f"the resting level is below {parameters.low_rest_uv:g} uV for {tally.lowest_rest_s / 60:.1f} min.",
            "WARNING: no electrode on a muscle is that quiet. The lead may be off, or the unit in the file wrong.",
        )
    if tally.steps:
        told.say(
            codes.TONE_STEPS,
            f"the resting level jumps {len(tally.steps)} times.",
            "The baseline follows each jump; the jump itself is not counted as a movement.",
            [(step, step) for step in tally.steps],
        )
    if _seconds(tally.widened) > 0.01 * tally.seconds:
        told.say(
            codes.THRESHOLD_RAISED,
            f"for {_seconds(tally.widened) / 60:.1f} min rest is so unsteady that {parameters.offset_uv:g} uV above it "
            "can't be told; a wider margin was taken.",
            "Movements there may end too early, and faint parts of them are missed.",
            tally.widened,
        )
    if _seconds(tally.unseen) > 0:
        told.say(
            codes.REST_NOT_SEEN,
            f"no rest was seen for {_seconds(tally.unseen) / 60:.1f} min; the level was carried over.",
            "Movements there are unsure.",
            tally.unseen,
        )


def _breathing(onsets: list[float], parameters: Parameters) -> tuple[int, float] | None:
    """How many movements follow each other as breaths do, and after how long (s); None where few do, or unevenly."""
    intervals = np.diff(np.array(onsets))
    near = intervals[(intervals >= parameters.breath_s[0]) & (intervals <= parameters.breath_s[1])]
    if near.size < max(parameters.breaths, parameters.breath_share * len(onsets)):
        return None
    usual = median(near)
    even = np.abs(near - usual) <= parameters.breath_even * usual
    return (int(near.size), usual) if 2 * np.count_nonzero(even) >= near.size else None


def _say_movements(told: _Told, tally: Tally, parameters: Parameters) -> None:
    if tally.long:
        told.say(
            codes.VERY_LONG_MOVEMENT,
            f"{len(tally.long)} movements last more than {parameters.long_movement_s:g} s, the longest "
            f"{max(stop - start for start, stop in tally.long):.0f} s.",
            "WARNING: the resting level was probably not found there; look at the signal before using any count.",
            tally.long,
        )
    longest = max((stop - start for start, stop in tally.long), default=0.0)
    if tally.seconds and longest >= parameters.one_share * tally.seconds:
        told.say(
            codes.MOSTLY_ONE_MOVEMENT,
            f"a single movement takes {100 * longest / tally.seconds:.0f} % of the time.",
            "WARNING: the resting level was not found. No count of this channel can be used.",
            tally.long,
        )
    breath = _breathing(tally.onsets, parameters)
    if breath is not None:
        told.say(
            codes.LIKE_BREATHING,
            f"{breath[0]} of {len(tally.onsets)} movements follow the one before after about {breath[1]:.1f} s, as "
            "breaths do.",
            "WARNING: muscle tone that swells with each breath, and snoring, look like that. Look at the signal before "
            "using any count of this channel.",
        )
    if tally.inside_s > parameters.share_inside * tally.seconds:
        told.say(
            codes.MUCH_TIME_INSIDE,
            f"{100 * tally.inside_s / tally.seconds:.0f} % of the time lies inside movements.",
            "That is usual where a leg moves very often. If the signal shows few movements, its resting level was not "
            "found and no count of this channel can be used.",
        )
    dropped = tally.dropped
    if dropped[codes.TOO_SHORT]:
        told.say(
            codes.TOO_SHORT,
            f"{dropped[codes.TOO_SHORT]} rises of {parameters.onset_uv:g} uV lasted less than "
            f"{parameters.shortest_s:g} s.",
            "They are no leg movements under any rule set.",
        )
    if dropped[codes.SINGLE_SPIKES]:
        told.say(
            codes.SINGLE_SPIKES,
            f"{dropped[codes.SINGLE_SPIKES]} single short spikes, as an electrode makes them, were left out.",
        )
    if dropped[codes.CABLE]:
        told.say(
            codes.CABLE,
            f"{dropped[codes.CABLE]} swings slower than muscle makes them, as of a pulled cable, were left out.",
            "A faint movement under one of them is not seen.",
        )
    if dropped[codes.SHORT_POTENTIALS]:
        told.say(
            codes.SHORT_POTENTIALS,
            f"{dropped[codes.SHORT_POTENTIALS]} groups of potentials of 0.16 s or shorter were left out.",
            "They may be fragmentary myoclonus; they are no leg movements.",
        )
    if dropped[codes.CROSS_TALK]:
        told.say(
            codes.CROSS_TALK,
            f"{dropped[codes.CROSS_TALK]} movements have the waveform of a much louder one of another channel; they "
            "were taken for cross-talk and left out.",
            "A faint movement of this leg at the same time may be missed.",
        )
    if dropped[codes.PART_OF_TRAIN]:
        told.say(
            codes.PART_OF_TRAIN,
            f"{dropped[codes.PART_OF_TRAIN]} movements are part of a train of bursts (alternating leg muscle "
            "activation, foot tremor, other trains of quick movements), which is given apart.",
            "They are not counted as leg movements.",
        )
    cut = len(tally.cut) + dropped[codes.CUT_BY_END]
    if cut:
        told.say(
            codes.CUT_BY_END,
            f"{cut} movements are cut by the start or the end of a stretch of recording.",
            "Their true duration isn't known; what is left of less than 0.5 s is not given.",
        )
