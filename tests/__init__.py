"""Tests. A package, so that no other package that calls its own tests by this name hides them."""
