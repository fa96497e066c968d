"""What comes back to Brannfeld: reasons, articles, places and policies, as its returns desk set them."""
