"""The read model of orders: events fold into rows, a roll-up, promises and a timeline.

In: order and tracking events. Out: what may be read, through ``queries``.
"""
