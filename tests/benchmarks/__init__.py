"""What the batch costs beside its floor and beside the usual script: ``python -m tests.benchmarks``."""
