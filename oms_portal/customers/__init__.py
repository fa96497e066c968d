"""Companies, their people and places, and the one answer to who may see and do what.

In: customer events, invitations. Out: an Actor, ``visible`` and ``can``.
"""
