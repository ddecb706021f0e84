"""Turns what a run found into the letters of the units."""
