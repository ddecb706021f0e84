"""Turns checked returns into points, ranks, facts, gates, seats and one outcome for each nominee."""
