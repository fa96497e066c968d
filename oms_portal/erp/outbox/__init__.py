"""Commands out. In: wishes that features queue in their own transaction. Out: each carried to its
ERP once, in the order of its order, and the answer told to the feature that queued it."""
