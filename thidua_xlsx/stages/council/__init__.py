"""Turns what the council wrote into resolutions."""
