"""Turns one run or year into the next: what changed, how it stands, what is carried over."""
