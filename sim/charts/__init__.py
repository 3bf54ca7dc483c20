"""Figures from results: one style, two languages."""
