"""State in columns, the order of a day, and the compiled loops that call the rules."""
