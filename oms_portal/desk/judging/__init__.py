"""Inspecting at the returns desk: what came goes in, verdicts come out; and what staff set for it."""
