"""What the desk prints: made and proven while it is sent, and asked about afterwards."""
