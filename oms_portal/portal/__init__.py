"""The customer's own pages: the home of every widget, also without JavaScript."""
