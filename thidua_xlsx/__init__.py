"""Turns the workbooks that units return into the ranked, reasoned summary of an emulation movement.

The verbs as a library: ``read_plan``, ``issue_forms``, ``run_batch``. They return values of ``model/``, print
nothing and write only where told.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thidua_xlsx.pipeline import issue_forms, read_plan, run_batch

__all__ = ["issue_forms", "read_plan", "run_batch"]


def __getattr__(name: str) -> Any:
    """The verbs are loaded when they are asked for: ``thidua --help`` must not wait for pandas."""
    if name in __all__:
        from thidua_xlsx import pipeline

        return getattr(pipeline, name)
    raise AttributeError(name)
