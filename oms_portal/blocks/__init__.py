"""What marketers place. Every name here is public for ever: host migrations hold it."""
