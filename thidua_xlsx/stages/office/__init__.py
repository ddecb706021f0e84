"""Turns what the standing body and the register say into values, and what it is asked into lines."""
