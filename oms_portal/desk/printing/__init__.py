"""Prints of the returns desk: wishes for labels and slips come in, files and their log go out."""
