"""Turns a typed command into one verb, its words and its exit code. Heavy imports stay inside the commands."""

from thidua_xlsx.cli.main import main

__all__ = ["main"]
