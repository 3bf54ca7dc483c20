"""The command line: what was typed, what is on the shelf, what is told in plain words."""
