"""The composition root: settings, Flask, command line.

One job: join the hooks, the mapping and the pathway to a served application. It holds no clinical
rule and reads no FHIR element of its own.
"""
