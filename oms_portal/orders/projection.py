"""Order events become the read model."""
