"""Turns what the council resolved into the draft papers, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping

from thidua_xlsx.model.council import Resolved
from thidua_xlsx.model.findings import Finding
from thidua_xlsx.papers.certificates import CERTIFICATES, write_certificates
from thidua_xlsx.papers.fields import fields_of
from thidua_xlsx.papers.template import fill_template, read_template
from thidua_xlsx.workbooks.plans import shipped_plan_folder

TEMPLATES = "van-ban"
PAPERS = ("to-trinh.docx", "bien-ban.docx", "danh-sach-tap-the.docx", "danh-sach-ca-nhan.docx", "tien-thuong.docx")
# Lists the fields in braces: it lies beside the templates, and is none.
GUIDE = "huong-dan-truong.docx"
# Word keeps such a file beside each one that is open.
LOCK = "~$"


def shipped_templates() -> dict[str, bytes]:
    """The templates to start from, and the guide to their fields; by file name."""
    folder = shipped_plan_folder() / TEMPLATES
    return {name: (folder / name).read_bytes() for name in (*PAPERS, GUIDE)}


def write_papers(resolved: Resolved, templates: Mapping[str, bytes]) -> tuple[Mapping[str, bytes], tuple[Finding, ...]]:
    """Every paper by its file name, and the sheet for printing certificates; nothing if a template has a fault.

    A paper without a template in ``templates`` takes the shipped one; a further template makes a further paper.
    """
    wanted = shipped_templates()
    # A name typed in other letters is the same file to Windows, and must not become a second paper.
    wanted |= {name.casefold() if name.casefold() in wanted else name: data for name, data in templates.items()}
    names = sorted(name for name in wanted if name != GUIDE and not name.startswith(LOCK))
    read = {name: read_template(name, wanted[name]) for name in names}
    findings = tuple(fault for _, faults in read.values() for fault in faults)
    if findings:
        return {}, findings
    fields = fields_of(resolved)
    files = {name: fill_template(template, fields) for name, (template, _) in read.items() if template}
    return {**files, CERTIFICATES: write_certificates(resolved)}, ()
