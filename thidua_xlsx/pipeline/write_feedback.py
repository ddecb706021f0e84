"""Turns the feedback of a run into proved forms, in processes of their own while this one writes something else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from threading import Event

from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Standing
from thidua_xlsx.stages.forms.lay_out import Forms, forms_of
from thidua_xlsx.stages.intake.feedback import Feedback
from thidua_xlsx.workbooks.form_proof import prove_feedback
from thidua_xlsx.workbooks.form_workbook import FormPress
from thidua_xlsx.workbooks.reader.early import MOST_WORKERS, processors
from thidua_xlsx.workbooks.reader.reading_room import parcels

# For fewer forms a process, which must first start, costs more than it saves.
MANY = 40


class FeedbackWriter:
    """What writes one form in a process of its own, which has the plan and the round from the start."""

    def __init__(self, plan: Plan, round_: Round, units: Sequence[str]) -> None:
        """``units`` are those that get feedback: a kind of form of which there are many is printed once."""
        self._given = plan, round_, units
        self._forms = Forms(plan, round_)

    def __reduce__(self) -> tuple[type[FeedbackWriter], tuple[Plan, Round, Sequence[str]]]:
        return FeedbackWriter, self._given

    def __call__(self, told: bytes) -> bytes:
        """One proved form."""
        unit, answers, corrections, standing = pickle.loads(told)
        layout = self._forms.get(unit)
        assert layout is not None
        return _proved(self._press, Feedback(layout, answers, corrections), standing)

    @cached_property
    def _press(self) -> FormPress:
        """Made where it is used: whoever sends the writer away prints nothing."""
        return FormPress(layout for unit in self._given[2] if (layout := self._forms.get(unit)))


def _proved(press: FormPress, item: Feedback, standing: Standing | None) -> bytes:
    """The form, read again as it will be when it comes back."""
    form = press.write(item.layout, item.answers, item.corrections, standing)
    prove_feedback(item.unit, form, str(item.layout.stamp))
    return form


@contextmanager
def writing_apart(
    items: Sequence[Feedback], plan: Plan, round_: Round, standings: Mapping[str, Standing]
) -> Iterator[Future[list[bytes | None]]]:
    """What ``write_apart`` will have made, begun now; whoever is interrupted, whenever, does not wait for it."""
    given_up = Event()
    with ThreadPoolExecutor(1, "thidua-feedback") as aside:
        try:
            apart = aside.submit(write_apart, items, plan, round_, standings, given_up)
            yield apart
            wait([apart])
        except BaseException:
            given_up.set()
            raise


def write_apart(
    items: Sequence[Feedback], plan: Plan, round_: Round, standings: Mapping[str, Standing], given_up: Event
) -> list[bytes | None]:
    """Each form as another process wrote it; None where none did: a single processor, few forms, a failure there.

    Nothing more is written once it is ``given_up``.
    """
    spare = processors() - 1
    if not spare or len(items) < MANY:
        return [None] * len(items)
    forms = forms_of(plan, round_)
    told = (
        (item, told_of(item, standings.get(item.unit)) if item.layout == forms.get(item.unit) else None)
        for item in items
    )
    writer = FeedbackWriter(plan, round_, [item.unit for item in items])
    made: list[bytes | None] = []
    # Where no process can be started there is still this one.
    with (
        suppress(OSError, RuntimeError),
        closing(parcels(told, writer, min(spare, MOST_WORKERS, len(items) // MANY))) as answers,
    ):
        for _, answer in answers:
            if given_up.is_set():
                break
            made.append(answer if isinstance(answer, bytes) else None)
    return made + [None] * (len(items) - len(made))


def told_of(item: Feedback, standing: Standing | None) -> bytes:
    """What a ``FeedbackWriter``, which has the forms, must be told of one."""
    return pickle.dumps((item.unit, dict(item.answers), item.corrections, standing))


def write_feedback(
    items: Sequence[Feedback], standings: Mapping[str, Standing], apart: Sequence[bytes | None]
) -> Iterator[tuple[Feedback, bytes]]:
    """Each with its form, written here where ``write_apart`` has none."""
    press = FormPress(item.layout for item in items)
    for item, form in zip(items, apart, strict=True):
        yield item, form or _proved(press, item, standings.get(item.unit))
