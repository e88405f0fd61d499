"""The circuit breaker and the pace as a pure state machine: one probe, no crowd, slow growth, an end to every pause."""

from __future__ import annotations

import itertools
import random

from casework.circuit import Circuit, Limits, answered, ask_leave, failed, pace, standing
from hypothesis import given, settings
from hypothesis import strategies as st

LIMITS = Limits(calls_per_second=10, failures_to_open=3, first_pause_seconds=5, longest_pause_seconds=40)


def opened(at: float = 0.0) -> Circuit:
    state = Circuit()
    for number in range(LIMITS.failures_to_open):
        state = failed(state, f"c{number}", f"q{number}", at, LIMITS)
    return state


def test_calls_leave_one_after_another_and_who_would_wait_long_is_told_how_long():
    state, leaves = Circuit(), []
    for number in range(60):
        state, leave = ask_leave(state, f"c{number}", 100.0, LIMITS)
        leaves.append(leave)
    granted = [leave.at for leave in leaves if leave.granted]
    assert granted == sorted(granted)
    assert all(abs(later - earlier - 0.1) < 1e-9 for earlier, later in itertools.pairwise(granted))
    assert granted[-1] <= 100.0 + LIMITS.patience_seconds
    refused = [leave for leave in leaves if not leave.granted]
    assert refused
    assert min(leave.wait_seconds for leave in refused) > LIMITS.patience_seconds


def test_one_question_that_a_registry_chokes_on_stops_nobody_else():
    state = Circuit()
    for number in range(50):
        state = failed(state, f"c{number}", "the same question", float(number), LIMITS)
    assert not state.open


def test_different_questions_without_an_answer_between_them_open_it():
    state = failed(failed(Circuit(), "a", "q1", 0, LIMITS), "b", "q2", 0, LIMITS)
    assert not state.open
    assert not failed(answered(state, "c", 0, LIMITS), "d", "q3", 0, LIMITS).open
    assert failed(state, "d", "q3", 0, LIMITS).open


def test_after_the_pause_exactly_one_probes_and_its_success_closes_the_circuit():
    state = opened()
    assert ask_leave(state, "early", 4.9, LIMITS)[1].wait_seconds > 0
    state, first = ask_leave(state, "first", 5.0, LIMITS)
    state, second = ask_leave(state, "second", 5.0, LIMITS)
    assert (first.granted, first.probe, second.granted) == (True, True, False)
    assert answered(state, "straggler", 6.0, LIMITS) == state  # called before it fell
    closed = answered(state, "first", 6.0, LIMITS)
    assert not closed.open
    assert closed.failed == ()


def test_a_failed_probe_makes_the_pause_longer_up_to_its_limit():
    state, now, pauses = opened(), 0.0, []
    for number in range(6):
        pauses.append(state.open_until - now)
        now = state.open_until
        state, leave = ask_leave(state, f"p{number}", now, LIMITS)
        assert leave.probe
        state = failed(state, f"p{number}", "q", now, LIMITS)
    assert pauses == [5, 10, 20, 40, 40, 40]


def test_a_probe_that_dies_does_not_hold_the_door_for_ever():
    state, _ = ask_leave(opened(), "dies", 5.0, LIMITS)
    later = 5.0 + LIMITS.probe_seconds
    assert not ask_leave(state, "second", later - 1, LIMITS)[1].granted
    state, leave = ask_leave(state, "second", later, LIMITS)
    assert leave.probe
    assert failed(state, "dies", "q", later, LIMITS) == state  # its word comes too late
    assert not answered(state, "second", later, LIMITS).open


def test_what_the_registry_asks_for_is_heard():
    state = opened()
    state, _ = ask_leave(state, "p", 5.0, LIMITS)
    assert failed(state, "p", "q", 5.0, LIMITS, retry_after=3600).open_until == 3605.0
    slow_down = failed(Circuit(), "c", "q", 10.0, LIMITS, retry_after=30, too_many=True)
    assert not slow_down.open
    assert ask_leave(slow_down, "d", 10.0, LIMITS)[1].wait_seconds == 30
    assert ask_leave(slow_down, "d", 40.0, LIMITS)[1].granted
    another_wait = failed(Circuit(), "c", "q", 10.0, LIMITS, retry_after=3600)
    assert ask_leave(another_wait, "d", 10.0, LIMITS)[1].granted  # said to one question, not to all


def test_the_pace_grows_back_slowly_after_an_outage():
    state, _ = ask_leave(opened(), "p", 5.0, LIMITS)
    state = answered(state, "p", 5.0, LIMITS)
    assert pace(state, 5.0, LIMITS) == LIMITS.calls_per_second * LIMITS.recovery_share
    half = pace(state, 5.0 + LIMITS.recovery_seconds / 2, LIMITS)
    assert pace(state, 5.0, LIMITS) < half < LIMITS.calls_per_second
    assert pace(state, 5.0 + LIMITS.recovery_seconds, LIMITS) == LIMITS.calls_per_second


def test_people_are_told_how_it_fares_and_when_it_answered_last():
    heard = answered(Circuit(), "a", 1000.0, LIMITS)
    assert answered(heard, "b", 1030.0, LIMITS) == heard  # a minute's figure: not worth a write
    assert answered(heard, "b", 1061.0, LIMITS).answered_at == 1061.0
    assert standing(heard, 1000.0, LIMITS).state == "closed"
    failing = failed(heard, "c", "q1", 1001.0, LIMITS)
    assert (standing(failing, 1001.0, LIMITS).state, standing(failing, 1001.0, LIMITS).failed) == ("failing", 1)
    fallen = failed(failed(failing, "d", "q2", 1001.0, LIMITS), "e", "q3", 1001.0, LIMITS)
    seen = standing(fallen, 1001.0, LIMITS)
    assert (seen.state, seen.until, seen.calls_per_second, seen.answered_at) == ("open", 1006.0, 0.0, 1000.0)
    probed, _ = ask_leave(fallen, "f", 1006.0, LIMITS)
    assert standing(probed, 1006.0, LIMITS).state == "probing"
    closed = answered(probed, "f", 1007.0, LIMITS)
    seen = standing(closed, 1007.0, LIMITS)
    assert (seen.state, seen.calls_per_second, seen.answered_at) == ("recovering", 2.5, 1007.0)
    assert standing(closed, 1100.0, LIMITS).state == "closed"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), up_at=st.integers(5, 60))
def test_whatever_happens_nobody_crowds_the_registry_and_all_get_through(seed: int, up_at: int) -> None:
    """Callers come at random; the registry is down until `up_at`; each call takes a while."""
    rng, state, now = random.Random(seed), Circuit(), 0.0
    waiting, flying, sent, through = list(range(80)), [], [], 0
    while through < 80:
        now += rng.uniform(0, 0.5)
        assert now < up_at + 400
        for call in [call for call in flying if call[0] <= now]:
            flying.remove(call)
            ends, caller, number, _ = call
            if ends >= up_at:
                state, through = answered(state, caller, now, LIMITS), through + 1
            else:
                state = failed(state, caller, f"q{number}", now, LIMITS)
                waiting.append(number)
        for number in rng.sample(waiting, min(len(waiting), 5)):
            caller = f"{number}@{now}"
            state, leave = ask_leave(state, caller, now, LIMITS)
            if leave.granted:
                waiting.remove(number)
                sent.append(leave.at)
                flying.append((leave.at + rng.uniform(0.01, 3), caller, number, leave.probe))
        assert sum(probe for _, _, _, probe in flying) <= 1
    sent.sort()
    for place, first in enumerate(sent):
        within = [at for at in sent[place:] if at < first + 1 - 1e-9]
        assert len(within) <= LIMITS.calls_per_second + 1  # the probe is one more
