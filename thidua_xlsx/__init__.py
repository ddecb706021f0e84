"""Turns the workbooks that units return into the ranked, reasoned summary of an emulation movement.

The verbs as a library: ``read_plan``, ``issue_forms``, ``run_batch``. They return values of ``model/``, print
nothing and write only where told.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thidua_xlsx.pipeline.issue import issue_forms
    from thidua_xlsx.pipeline.run import run_batch
    from thidua_xlsx.workbooks.plans import read_plan

__version__ = "0.1.0"

__all__ = ["issue_forms", "read_plan", "run_batch"]
VERBS = {"issue_forms": "pipeline.issue", "read_plan": "workbooks.plans", "run_batch": "pipeline.run"}


def __getattr__(name: str) -> Any:
    """The verbs are loaded when they are asked for: ``thidua --help`` must not wait for pandas."""
    if name in VERBS:
        from importlib import import_module

        return getattr(import_module(f"thidua_xlsx.{VERBS[name]}"), name)
    raise AttributeError(name)
