"""What is scanned or counted by hand: a text is read, goods or a parcel found, an answer kept."""
