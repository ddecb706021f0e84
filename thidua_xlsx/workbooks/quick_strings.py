"""Writes the list of a workbook's texts: those that need no escape as they are, all others by XlsxWriter."""

from __future__ import annotations

import re

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

# No sign that XML or Excel escapes, and no blank at either end, which would have to be kept.
AS_IT_IS = re.compile(r'(?!\s)[^\x00-\x1f"&<>_\ufffe\uffff]*(?<!\s)')


class QuickStrings(SharedStrings):  # type: ignore[misc]
    """The library asks five times of each text whether it must be escaped."""

    def _write_si(self, string: str) -> None:
        if AS_IT_IS.fullmatch(string):
            self.fh.write(f"<si><t>{string}</t></si>")
        else:
            super()._write_si(string)


class QuickPackager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = QuickStrings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class QuickWorkbook(Workbook):  # type: ignore[misc]
    def _get_packager(self) -> QuickPackager:
        return QuickPackager()
