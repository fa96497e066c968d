"""The programs that measure, each started by a benchmark in a process of its own."""
