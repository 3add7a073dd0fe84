"""Migrations of what must survive a power cut."""
