"""Test data as people write it: a Markdown table in, one dict of texts a line out."""

from __future__ import annotations


def lines_of(table: str) -> list[dict[str, str]]:
    """Header → cell for every line below the rule; blank cells are ''."""
    header, _, *lines = [
        [cell.strip() for cell in line.strip()[1:-1].split("|")] for line in table.strip().splitlines()
    ]
    return [dict(zip(header, line, strict=True)) for line in lines]
