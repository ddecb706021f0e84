"""Turns a plan into the layout of each unit's form."""
