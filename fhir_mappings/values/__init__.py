"""Codes, dates, units and quantities: the small parts that every reader of a resource shares.

One job: one FHIR value, read strictly or said to be unreadable. Not for whole resources.
"""
