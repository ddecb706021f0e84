"""Turns a plan as typed into a plan without faults."""
