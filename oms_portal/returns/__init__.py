"""Self-serve returns: what may come back, why, how; the ledger, the RMA and its labels."""
