"""One decision or law per function: numbers in, a number out; no state, no loops over agents."""
