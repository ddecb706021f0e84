"""Turns what the council resolved into draft papers, by templates that staff edit in Word."""

from thidua_xlsx.papers.write import GUIDE, PAPERS, shipped_templates, write_papers

__all__ = ["GUIDE", "PAPERS", "shipped_templates", "write_papers"]
