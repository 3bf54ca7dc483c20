"""Levers, mechanisms made of them, and the institution tables they compile to."""
