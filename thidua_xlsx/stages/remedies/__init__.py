"""Turns an outcome into its proof and the smallest change that would have changed it."""
