"""Migrations of the memory of used tokens."""
