"""The figures of returns as a screen and as a file; each number leads to the returns behind it."""
