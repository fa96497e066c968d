"""Labels as pure functions of their data: no database, no clock, no network."""
