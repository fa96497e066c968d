"""A sandbox ERP: a process of its own with its own small database, which signs and sends events.

It knows nothing of the portal but the wire: HTTP, Standard Webhooks signatures, CloudEvents.
In: a pressed button. Out: events, late, twice or out of order where somebody asked for that.
"""
