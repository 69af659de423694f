"""Probes: what the product asks of the watched system from outside, by itself, and writes down dated in the home."""
