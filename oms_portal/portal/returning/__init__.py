"""Sending goods back, step by step: which items, why, how, then a last look; and the return's page.

In: forms, without any script. Out: a draft that grows with each step, and what was sent of it."""
