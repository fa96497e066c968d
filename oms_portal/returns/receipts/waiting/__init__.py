"""What waits for the desk, since when and until when, and who is at it."""
