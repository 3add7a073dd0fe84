"""Outgoing calls: the only package that opens a connection to anything.

One job: to read, within one deadline, what a listed FHIR server has under an address that this
service made itself. It is not for deciding what a chart means (``fhir_mappings``), nor for who
may call (``cds_service``), and it keeps nothing of a patient or a token.
"""
