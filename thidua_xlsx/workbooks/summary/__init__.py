"""Turns a run's result into ``tong-hop.xlsx``, the workbook on the council's table: one module a sheet."""

from __future__ import annotations

from functools import partial

from thidua_xlsx.model.results import RunResult
from thidua_xlsx.workbooks.summary.absent import write_changes, write_missing
from thidua_xlsx.workbooks.summary.dossiers import write_dossiers
from thidua_xlsx.workbooks.summary.heads import write_heads
from thidua_xlsx.workbooks.summary.intake import write_intake
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.overview import write_overview
from thidua_xlsx.workbooks.summary.parameters import write_parameters
from thidua_xlsx.workbooks.summary.people import write_people
from thidua_xlsx.workbooks.summary.proposals import write_proposals
from thidua_xlsx.workbooks.summary.ranking import write_ranking
from thidua_xlsx.workbooks.summary.reasons import write_reasons
from thidua_xlsx.workbooks.summary.scores import write_scores


def write_summary(result: RunResult, mark: str = "") -> bytes:
    """The workbook's bytes; the same result gives the same bytes. ``mark`` tells of which run it is."""
    book = LinkedBook(
        title=result.plan.head.title,
        subject=result.round.name,
        company=result.plan.head.authority,
        comments=result.program,
    )
    # The order of the sheets is contract (DESIGN §7); what only some plans ask for comes last.
    for write in (
        write_overview,
        write_ranking,
        partial(write_proposals, mark=mark),
        write_reasons,
        write_people,
        write_scores,
        write_dossiers,
        write_intake,
        write_missing,
        write_changes,
        write_parameters,
        write_heads,
    ):
        write(book, result)
    return book.close()
