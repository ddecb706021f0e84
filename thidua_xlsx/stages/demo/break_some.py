"""Turns a faultless invented campaign into one with the faults of a real drop folder, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from random import Random

from thidua_xlsx.model.demo import DemoCampaign, DemoReturn, Odd, OddFile, Part, SeededFault
from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.form import FIRST_ROW, INFORMATION, PEOPLE, YES
from thidua_xlsx.model.office import Given
from thidua_xlsx.model.place import NOWHERE, address
from thidua_xlsx.stages.demo.form_at_hand import FormAtHand, cell_of
from thidua_xlsx.stages.demo.replies import bad
from thidua_xlsx.stages.demo.slips_of_hand import SLIPS
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.deadlines import last_day

ERRORS = tuple(code for code in SLIPS if code.severity is Severity.ERROR)
WARNINGS = (Code.LOCKED_CELL_CHANGED, Code.TOTAL_CHANGED)
# Of all returns: broken, late, noted by nobody, with claims a little off.
BROKEN, LATE, UNNOTED, CLAIMS_OFF = 0.2, 0.07, 0.03, 0.35
MOST_BROKEN = 60
CHECKED = "Kiểm tra hồ sơ thấy chưa có"


def break_some(campaign: DemoCampaign, shared: tuple[tuple[str, int], ...], seed: int) -> DemoCampaign:
    """``shared``: (unit, order) of the person whom two units put forward; nobody has chosen between them."""
    breaking = Breaking(campaign, frozenset(unit for unit, _ in shared), seed)
    campaign = breaking.all()
    twice = []
    if not breaking.broken & {unit for unit, _ in shared}:
        paths = {item.unit.code: item.path for item in campaign.returns}
        told = Code.NOMINATED_BY_TWO_UNITS.name
        twice = [SeededFault(paths[unit], PEOPLE, (address(FIRST_ROW + order - 1, 1),), told) for unit, order in shared]
    faults = sorted((*campaign.faults, *twice), key=lambda item: (item.file, item.sheet, item.code, item.cells))
    return replace(campaign, faults=tuple(faults))


class Breaking:
    """The campaign while hands are on it; forms are laid out only when somebody touches them."""

    def __init__(self, campaign: DemoCampaign, spared: frozenset[str], seed: int) -> None:
        self.campaign, self.seed = campaign, seed
        self.chance = Random(f"{seed}/faults")
        self.returns = {item.unit.code: item for item in campaign.returns}
        self.broken: frozenset[str] = frozenset()
        self.faults: list[SeededFault] = []
        self.forms: dict[str, FormAtHand] = {}
        self.answers = dict(campaign.office.answers)
        winning = {role.unit.code for role in campaign.roles if role.part is Part.CONTENDER or role.people_pass}
        order = self.chance.sample(sorted(self.returns), len(self.returns))
        # Whoever shall win is broken last, so that somebody is still proposed; before them whatever shows an outcome.
        telling = spared | {role.unit.code for role in campaign.roles if role.part is Part.UNPROVEN}
        self.order = sorted(order, key=lambda code: (code in winning, code in telling))
        self.winning = winning

    def all(self) -> DemoCampaign:
        broken = self.order[: min(ceil(len(self.order) * BROKEN), MOST_BROKEN)]
        self.broken = frozenset(broken)
        sound = [code for code in self.order if code not in self.broken]
        self.break_forms(broken)
        self.warn(sound)
        self.contradict(sound)
        self.receive_late()
        odd = self.odd_files(sound)
        for form in self.forms.values():
            self.faults += form.faults
        returns = tuple(self._changed(item) for item in self.returns.values())
        office = replace(self.campaign.office, answers=self.answers)
        return replace(self.campaign, returns=returns, office=office, odd=odd, faults=tuple(self.faults))

    def _changed(self, item: DemoReturn) -> DemoReturn:
        form = self.forms.get(item.unit.code)
        return replace(item, answers=form.answers, retyped=tuple(form.retyped)) if form else item

    def form(self, code: str) -> FormAtHand:
        if code not in self.forms:
            item = self.returns[code]
            layout = lay_out(self.campaign.plan, self.campaign.round, item.unit)
            self.forms[code] = FormAtHand(item.path, layout, item.answers, Random(f"{self.seed}/slips/{code}"))
        return self.forms[code]

    def break_forms(self, units: Sequence[str]) -> None:
        """Every kind of error once, where some form has a place for it; then more, two a form."""
        more = [self.chance.choice(ERRORS) for _ in range(2 * len(units) - len(ERRORS))]
        for turn, code in enumerate((*ERRORS, *more)):
            first = turn % len(units)
            any(SLIPS[code](self.form(unit)) for unit in (*units[first:], *units[:first]))

    def warn(self, units: Sequence[str]) -> None:
        """Printed cells and sums typed over here and there; claims a little off in a third of the forms."""
        for code in WARNINGS:
            for unit in self.chance.sample(list(units), min(len(units), 1 + len(units) // 40)):
                SLIPS[code](self.form(unit))
        paired = [role for role in self.campaign.roles if role.twin]
        twins = {code for role in paired for code in (role.unit.code, role.twin)}
        for unit in units:
            if self.chance.random() < CLAIMS_OFF or unit in twins:
                for _ in range(self.chance.randint(1, 3)):
                    SLIPS[Code.CLAIM_DIFFERS](self.form(unit))

    def contradict(self, units: Sequence[str]) -> None:
        """The office finds otherwise in one answer of a unit that wins nothing and waits for nothing."""
        plan, round_ = self.campaign.plan, self.campaign.round
        waiting = {role.unit.code for role in self.campaign.roles if role.part is Part.UNPROVEN}
        for code in (code for code in units if code not in waiting):
            item = self.returns[code]
            for question in plan.questions_of(round_, item.unit, "collective") if code not in self.winning else ():
                key = (INFORMATION, question.code, "Trả lời")
                value = bad(plan, round_, question)
                if question.who_answers == "both" and item.answers.get(key) == YES and isinstance(value, str):
                    self.answers[code, "", question.code] = Given(value, CHECKED, NOWHERE)
                    sheet = self.form(code).layout.sheet(INFORMATION)
                    assert sheet is not None
                    row = next(row for row in sheet.rows if row.code == question.code)
                    cell = cell_of(sheet, row, "Trả lời")
                    self.faults.append(SeededFault(item.path, INFORMATION, (cell,), Code.OFFICE_CONTRADICTS.name))
                    return

    def receive_late(self) -> None:
        """Some returns after the last day, and some that nobody noted: only where the round has a last day."""
        round_ = self.campaign.round
        last = last_day(round_)
        if last is None or round_.late == "ignore":
            return
        late = ceil(len(self.order) * LATE)
        losing = [code for code in self.order if code not in self.winning] or self.order[-1:]
        chosen = self.chance.sample(losing, min(len(losing), late + ceil(len(self.order) * UNNOTED)))
        for place, unit in enumerate(chosen):
            code = Code.RECEIPT_UNPROVEN
            received = None
            if place < late:
                received = last + timedelta(days=self.chance.randint(1, 6))
                code = Code.LATE_REJECTED if round_.late == "reject" else Code.LATE
            self.returns[unit] = replace(self.returns[unit], received=received)
            self.faults.append(SeededFault(self.returns[unit].path, "", (), code.name))

    def odd_files(self, sound: Sequence[str]) -> tuple[OddFile, ...]:
        """What is no return: an Excel lock, a half-copied file, last year's form, a copy, somebody's own list."""
        units = sound or self.order
        year = self.campaign.plan.head.year - 1
        some = [self.chance.choice(list(units)) for _ in range(4)]
        stem = self.returns[some[3]].path.removesuffix(".xlsx")
        inbox = stem.rpartition("/")[0]
        found = (
            (OddFile(f"{inbox}/~${some[0]}.xlsx", Odd.LOCK, some[0]), Code.IGNORED),
            (OddFile(f"{inbox}/{some[1]} (chép dở).xlsx", Odd.CUT, some[1]), Code.NOT_A_WORKBOOK),
            (OddFile(f"{inbox}/{some[2]}_{year}.xlsx", Odd.LAST_YEAR, some[2]), Code.WRONG_PLAN),
            # Sorts after the file it copies: of equal bytes the first counts.
            (OddFile(f"{stem}_gửi lại.xlsx", Odd.COPY, some[3]), Code.DUPLICATE),
            (OddFile(f"{inbox}/Danh sách dự họp.xlsx", Odd.STRANGER, ""), Code.NO_STAMP),
        )
        self.faults += [SeededFault(item.path, "", (), code.name) for item, code in found]
        return tuple(item for item, _ in found)
