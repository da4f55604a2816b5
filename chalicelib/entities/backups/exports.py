"""Exports as CSV (RFC 4180, with line feeds alone), which spreadsheets and other servers read."""

from __future__ import annotations

import csv
import io

from ...domain.backups.exports import Cell, ExportTable

_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HARMLESS = "'"
"""Put before a cell that a spreadsheet would take for a formula. The import takes it off."""


def render_export(table: ExportTable) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if table.header is not None:
        writer.writerow(table.header)
    writer.writerows(map(_written, row) for row in table.rows)
    return text.getvalue()


def _written(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return HARMLESS + cell if cell.startswith(_OPENS_A_FORMULA) else cell
