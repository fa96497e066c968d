"""Live push: one hub per process, one consumer per socket."""
