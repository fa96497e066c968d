"""Live push: one hub per process, one consumer per socket.

In: sockets, and hints that topics changed. Out: each fragment's newest text, rendered and encoded
once, to everybody who may still see it.
"""
