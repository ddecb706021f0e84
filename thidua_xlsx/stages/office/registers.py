"""Turns the registers of several years into the awards in force: each counted once, those taken back left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from thidua_xlsx.model.council import WITHDRAWN
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.office import INDIVIDUAL, AwardGiven, Register
from thidua_xlsx.model.text import fold

AwardKey = tuple[object, ...]


def is_withdrawal(award: AwardGiven) -> bool:
    """Whether the line takes back what another line gave."""
    return fold(award.award).startswith(fold(WITHDRAWN))


def award_key(award: AwardGiven) -> AwardKey:
    """What makes two lines one award, or one the withdrawal of the other."""
    form = fold(award.award).removeprefix(fold(WITHDRAWN)).strip()
    who = (fold(award.name), award.birth) if award.subject == INDIVIDUAL else ("", None)
    return award.year, fold(award.plan), fold(award.round), award.subject, award.unit, *who, form


@dataclass(slots=True)
class _Tally:
    """What one register says of one award: lines that give it, lines that take it back.

    ``elsewhere``: it takes back more than it had given by then, so another register must have given it.
    """

    given: list[AwardGiven] = field(default_factory=list)
    taken: list[AwardGiven] = field(default_factory=list)
    elsewhere: int = 0


def in_force(registers: Sequence[Register]) -> tuple[Register, tuple[Finding, ...]]:
    """One register of all. The same award in two of them counts once; a withdrawal of what nobody gave is a finding."""
    tallies = [_tally(register.awards) for register in registers]
    keys = dict.fromkeys(key for tally in tallies for key in tally)
    awards: list[AwardGiven] = []
    findings: list[Finding] = []
    for key in keys:
        told = [tally[key] for tally in tallies if key in tally]
        given = max(len(item.given) + item.elsewhere for item in told)
        taken = max(len(item.taken) for item in told)
        fullest = max(reversed(told), key=lambda item: len(item.given))
        orphan = max(item.elsewhere for item in told)
        if orphan and not any(len(item.given) >= orphan for item in told if not item.elsewhere):
            findings += _orphans(told)
        if given > taken:
            awards += fullest.given[-(given - taken) :]
    known = any(register.known for register in registers)
    order = {id(award): number for number, award in enumerate(_all(registers))}
    return Register(tuple(sorted(awards, key=lambda item: order[id(item)])), known), tuple(findings)


def _all(registers: Iterable[Register]) -> Iterator[AwardGiven]:
    return (award for register in registers for award in register.awards)


def _tally(awards: Iterable[AwardGiven]) -> dict[AwardKey, _Tally]:
    made: dict[AwardKey, _Tally] = defaultdict(_Tally)
    for award in awards:
        tally = made[award_key(award)]
        if not is_withdrawal(award):
            tally.given.append(award)
            continue
        tally.elsewhere += len(tally.taken) >= len(tally.given) + tally.elsewhere
        tally.taken.append(award)
    return made


def _orphans(told: Iterable[_Tally]) -> Iterator[Finding]:
    detail = "thu hồi hình thức khen thưởng mà không dòng nào trước đó ghi đã khen"
    for item in told:
        for award in item.taken[: item.elsewhere]:
            yield finding(Code.REGISTER_ROW_INVALID, award.place, value=award.award, detail=detail)


@dataclass(frozen=True, slots=True)
class Entries:
    """What a register is to say besides: awards taken back, awards given, lines that were without number or date."""

    taken: tuple[AwardGiven, ...] = ()
    given: tuple[AwardGiven, ...] = ()
    dated: tuple[AwardGiven, ...] = ()

    @property
    def added(self) -> tuple[AwardGiven, ...]:
        """The new lines."""
        return self.taken + self.given

    def __bool__(self) -> bool:
        return bool(self.taken or self.given or self.dated)


def entries_of(
    register: Register, wanted: Sequence[AwardGiven], whose: tuple[str, int, str], number: str, decided: date | None
) -> Entries:
    """The entries after which the register says of this round (plan, year, code) what is wanted.

    What stands is never edited out: an award no longer wanted is taken back by a line of its own, under the number and
    date of the decision that does so. A line that stood without a number or a date gets them.
    """
    plan, year, round_ = whose
    mine = (plan_of(item) == (fold(plan), year, fold(round_)) for item in register.awards)
    standing = {award_key(item): item for item, own in zip(register.awards, mine, strict=True) if own}
    asked = {award_key(item): item for item in wanted}
    taken = tuple(
        replace(item, award=f"{WITHDRAWN}{item.award}", number=number, decided=decided)
        for key, item in standing.items()
        if key not in asked
    )
    given = tuple(item for key, item in asked.items() if key not in standing)
    dated = tuple(
        replace(item, number=item.number or number, decided=item.decided or decided)
        for key, item in standing.items()
        if key in asked and ((number and not item.number) or (decided and not item.decided))
    )
    return Entries(taken, given, dated)


def plan_of(award: AwardGiven) -> tuple[str, int, str]:
    return fold(award.plan), award.year, fold(award.round)
