"""The ground: places, ties, segments and teams of one border, laid out from a region folder."""
