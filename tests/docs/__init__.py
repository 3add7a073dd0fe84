"""The documentation is held to the program: what exists is described, what is described exists."""
