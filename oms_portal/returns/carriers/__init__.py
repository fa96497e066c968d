"""Who brings the goods back: adapters that make, void and follow labels."""
