"""What the returns desk finds: scans come in; counts, verdicts and commands to the ERP go out.

The ERP's ``return.updated.v1`` stays the truth of what was received and accepted
(``returns.projection``). What is counted and decided here is ours, and goes there as commands
``return_receipt`` and ``return_decision``, complete each time.
"""
