"""Customer events become companies and address books."""
