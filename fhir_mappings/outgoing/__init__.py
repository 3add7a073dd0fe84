"""The way back: draft orders for suggestions, and OperationOutcomes for errors.

One job: writing FHIR. Not for reading it.
"""
