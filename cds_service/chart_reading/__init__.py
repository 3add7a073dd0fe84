"""Where the chart of a call comes from: prefetch, and the FHIR server of the calling EHR.

One job: to join settings, site file and one call to a chart source, and to count what was asked
of FHIR servers. It is not for opening connections (``fhir_access``) nor for reading charts.
"""
