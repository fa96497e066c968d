"""The queues of the returns desk: what waits, who is at it, and what is decided in one go."""
