"""Returns as people see them."""
