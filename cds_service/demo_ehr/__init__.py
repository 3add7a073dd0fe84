"""The EHR of the demonstration: the sample patients as a FHIR server, with SMART launches.

Its one job: to let the workbench, the public CDS Hooks Sandbox and any SMART client work with
``make run`` alone. It reads nothing but the samples, writes nothing, and knows no person. It is
*not* for production, which refuses to start with it, and not a FHIR server to build on: it offers
the reads and searches that CDS and SMART clients make, and no others.
"""
