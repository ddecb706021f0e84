"""Turns what lies in the drop folder into checked returns, one that counts for each unit."""
