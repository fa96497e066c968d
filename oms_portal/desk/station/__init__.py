"""A station of the returns desk: scans come in as keystrokes, answers and screens go out."""
