"""Parcels on their way: carriers' scans in any order, on an axis apart from the seller's status.

In: tracking events. Out: which scans belong to which parcel, what they say, where to follow it.
"""
