"""Turns a plan and a folder into forms, runs, messages and papers: the verbs, one a module.

Each verb returns values of ``model/``, prints nothing and writes only where told.
"""
