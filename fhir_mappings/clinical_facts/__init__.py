"""Conditions, observations and the person as facts of the case.

One job: one reader per kind of fact. Not for deciding which fact counts.
"""
