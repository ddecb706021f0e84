"""Turns letters into messages and hands them to a server; turns returned messages into what was attached."""
