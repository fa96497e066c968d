"""Whole ways through the house, with every process there is."""
