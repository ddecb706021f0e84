"""Turns what a run found, and where it was published, into what its caller gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.results import RunResult, Verdict
from thidua_xlsx.pipeline.glance import Glance, glance_of


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a run found and where it was published; ``exit_code`` is the contract's.

    ``remarks``: what became of the office's own workbooks. ``register``: whether the awards asked about are known.
    ``same_as``: the run before, where this one says the very same.
    """

    result: RunResult
    target: Path
    json: bytes
    remarks: tuple[str, ...] = ()
    register: bool = True
    same_as: str = ""

    @property
    def trial(self) -> tuple[str, ...]:
        return self.result.trial

    @property
    def glance(self) -> Glance:
        feedback = (self.target / names.FEEDBACK).is_dir()
        return glance_of(self.result, self.exit_code, self.register, feedback)

    @property
    def exit_code(self) -> int:
        """1 when some finding is an error or some file is held or rejected; outputs are written all the same."""
        errors = any(item.severity is Severity.ERROR for item in self.result.findings)
        return int(errors or any(item.verdict in (Verdict.HELD, Verdict.REJECTED) for item in self.result.files))
