"""The only rooms that speak to the outside: in come our questions, out goes what an ERP answers."""
