"""Programs for those who develop the service; none of them is part of what is installed."""
