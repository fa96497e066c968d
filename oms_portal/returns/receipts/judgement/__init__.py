"""What becomes of goods that came: suggested, decided, seconded, sent back."""
