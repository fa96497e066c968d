"""What staff see of the portal inside the Wagtail admin: mirrors of what the ERP told, the inbox,
sources and their keys, the feed's health, and the words customers read."""
