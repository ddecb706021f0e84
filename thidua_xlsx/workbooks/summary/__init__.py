"""Turns a run's result into ``tong-hop.xlsx``, the workbook on the council's table: one module a sheet."""

from __future__ import annotations

from thidua_xlsx.model.results import RunResult
from thidua_xlsx.workbooks.sheets import open_workbook
from thidua_xlsx.workbooks.summary.absent import write_changes, write_missing
from thidua_xlsx.workbooks.summary.dossiers import write_dossiers
from thidua_xlsx.workbooks.summary.intake import write_intake
from thidua_xlsx.workbooks.summary.overview import write_overview
from thidua_xlsx.workbooks.summary.parameters import write_parameters
from thidua_xlsx.workbooks.summary.people import write_people
from thidua_xlsx.workbooks.summary.proposals import write_proposals
from thidua_xlsx.workbooks.summary.ranking import write_ranking
from thidua_xlsx.workbooks.summary.reasons import write_reasons
from thidua_xlsx.workbooks.summary.scores import write_scores

# The order of the sheets is contract (DESIGN §7).
SHEETS = (
    write_overview,
    write_ranking,
    write_proposals,
    write_reasons,
    write_people,
    write_scores,
    write_dossiers,
    write_intake,
    write_missing,
    write_changes,
    write_parameters,
)


def write_summary(result: RunResult) -> bytes:
    """The workbook's bytes; the same result gives the same bytes."""
    book = open_workbook(
        title=result.plan.head.title,
        subject=result.round.name,
        company=result.plan.head.authority,
        comments=result.program,
    )
    for write in SHEETS:
        write(book, result)
    return book.close()
