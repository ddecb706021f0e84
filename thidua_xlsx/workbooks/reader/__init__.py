"""Turns the bytes of a workbook into cells: strict reader, second reading, and the room of worker processes."""
