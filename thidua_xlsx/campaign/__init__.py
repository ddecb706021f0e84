"""Turns a campaign folder on disk into values, and values into files: the only rooms that know its names."""
