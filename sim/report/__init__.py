"""One page that holds all of a result: figures, tables, assumptions, limits and how to repeat it."""
