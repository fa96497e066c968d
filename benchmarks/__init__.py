"""What the portal costs, each time beside something known, measured in the same run.

``python -m benchmarks.run`` prints one line per figure; ``make bench`` calls it.
"""
