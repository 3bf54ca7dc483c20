"""What is reported of a run: each measure with its definition, unit and direction."""
