"""Turns the workbooks that units return into the ranked, reasoned summary of an emulation movement."""
