"""Which way things go: each lever, each setting and each mechanism moved from low to high, one at a time."""
