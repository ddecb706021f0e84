"""Turns the answer cells of all returned forms into findings: one pandera schema a sheet type, run once over all units.

Every check is total (a check that raises would hide every other bad row) and named ``cell_…`` (a name like a
built-in check would be silently swapped for it). pandas and pandera take half a second to load, so they are
imported where a schema is made and run: nobody else waits for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.form import LONGEST_TEXT, Asks
from thidua_xlsx.model.submission import AnswerRow, Mark, Said
from thidua_xlsx.model.text import closest
from thidua_xlsx.model.wording import date_text, vietnamese

if TYPE_CHECKING:
    import pandera.pandas as pa


@dataclass(frozen=True, slots=True)
class CellRule:
    """One rule about one answer cell: True is right; ``asks`` are the kinds of answers it concerns.

    Without a code the rule is about reading, and the mark says itself what is wrong.
    """

    code: Code | None
    holds: Callable[[Said], bool]
    asks: frozenset[Asks]


def _kinds(*asks: Asks) -> frozenset[Asks]:
    return frozenset(asks)


EVERY = _kinds(*Asks) - {Asks.REMARK}
NUMBERS = _kinds(Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)


def cell_readable(mark: Said) -> bool:
    return mark.fault is None


def cell_answered(mark: Said) -> bool:
    return not (mark.answer.required and mark.blank)


def cell_not_above(mark: Said) -> bool:
    limit = mark.answer.maximum
    return limit is None or not isinstance(mark.value, Decimal) or mark.value <= limit


def cell_not_below(mark: Said) -> bool:
    limit = mark.answer.minimum
    return limit is None or not isinstance(mark.value, Decimal) or mark.value >= limit


def cell_in_steps(mark: Said) -> bool:
    step = mark.answer.step
    return not step or not isinstance(mark.value, Decimal) or mark.value % step == 0


def cell_in_dates(mark: Said) -> bool:
    low, high = mark.answer.low, mark.answer.high
    return not isinstance(mark.value, date) or (
        (low is None or mark.value >= low) and (high is None or mark.value <= high)
    )


def cell_short_enough(mark: Said) -> bool:
    return not isinstance(mark.value, str) or len(mark.value) <= LONGEST_TEXT


# Of several faults on one cell the catalogue's first is told, the others would only follow from it.
CELL_RULES = (
    CellRule(None, cell_readable, EVERY),
    CellRule(Code.MISSING_ANSWER, cell_answered, EVERY),
    CellRule(Code.DATE_OUT_OF_RANGE, cell_in_dates, _kinds(Asks.DATE)),
    CellRule(Code.BELOW_MINIMUM, cell_not_below, NUMBERS),
    CellRule(Code.ABOVE_MAXIMUM, cell_not_above, NUMBERS),
    CellRule(Code.NOT_IN_STEPS, cell_in_steps, NUMBERS),
    CellRule(Code.TOO_LONG, cell_short_enough, _kinds(Asks.TEXT)),
)


def schema_of(columns: dict[str, frozenset[Asks]]) -> pa.DataFrameSchema:
    """A schema for one sheet type: per answer column the rules that fit the answers the plan asks there."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            header: pa.Column(
                object,
                nullable=True,
                required=True,
                checks=[
                    pa.Check(
                        rule.holds,
                        element_wise=True,
                        name=rule.holds.__name__,
                        error=rule.code.name if rule.code else "",
                    )
                    for rule in CELL_RULES
                    if rule.asks & asks
                ],
            )
            for header, asks in columns.items()
        }
    )


def prepare() -> None:
    """Load now what rules need later: pandera loads its own checks only when it validates a first frame."""
    import pandas as pd

    schema_of({"": EVERY}).validate(pd.DataFrame({"": pd.Series([], dtype=object)}))


class Table:
    """Everything that stands under each header of a sheet type, over all units: what many units say stands once."""

    def __init__(self, rows: Iterable[AnswerRow]) -> None:
        self.columns: dict[str, dict[int, Said]] = defaultdict(dict)
        alike: dict[tuple[str, ...], list[tuple[Said, ...]]] = defaultdict(list)
        for row in rows:
            alike[row.headers].append(row.contents)
        for headers, contents in alike.items():
            for header, column in zip(headers, zip(*contents, strict=True), strict=True):
                unlike = dict(zip(map(id, column), column, strict=True))
                asked = {at: said for at, said in unlike.items() if said.answer.asks is not Asks.REMARK}
                if asked:
                    self.columns[header] |= asked

    def failures(self) -> dict[tuple[str, int], list[Code]]:
        """The rules that are broken, by header and the identity of what stands there."""
        import pandas as pd
        import pandera.pandas as pa

        found: dict[tuple[str, int], list[Code]] = defaultdict(list)
        cells = {header: list(column.values()) for header, column in self.columns.items()}
        frame = pd.DataFrame({header: pd.Series(column, dtype=object) for header, column in cells.items()})
        asks = {header: frozenset(said.answer.asks for said in column) for header, column in cells.items()}
        try:
            schema_of(asks).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            for case in errors.failure_cases.to_dict("records"):
                if case["index"] is None or pd.isna(case["index"]):
                    raise RuntimeError(f"a check is not total: {case}") from errors
                header = str(case["column"])
                said = cells[header][int(case["index"])]
                found[header, id(said)].append(Code[str(case["check"]) or str(said.fault)])
        return found


def cell_finding(code: Code, mark: Mark, unit: str, person_row: int | None) -> Finding:
    """The finding of one cell rule, worded from the cell's own question."""
    answer = mark.answer
    shown = "; ".join(answer.options) if len(answer.options) <= 12 else "; ".join(answer.options[:12]) + "; …"
    near = closest(mark.text, list(answer.options)) if answer.options else None
    limits = {
        name: vietnamese(Fraction(value), 6) if value is not None else ""
        for name, value in (("maximum", answer.maximum), ("minimum", answer.minimum), ("step", answer.step))
    }
    return finding(
        code,
        mark.place,
        unit=unit,
        value=date_text(mark.value) if isinstance(mark.value, date) else mark.text,
        person_row=person_row,
        label=answer.label,
        options=shown or "Có; Không",
        suggestion=f", có phải là «{near}»" if near else "",
        low=date_text(answer.low) if answer.low else "",
        high=date_text(answer.high) if answer.high else "",
        limit=LONGEST_TEXT,
        **limits,
    )
