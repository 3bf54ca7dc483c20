"""Studies: arms under the same shocks, their paired differences, and the store of results."""
