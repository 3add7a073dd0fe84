"""Who is calling: the client token of a CDS call, from its signature to the EHR's block.

One job: prove which EHR of the site file sent a request, or refuse it. It is not for what that EHR
may read (`fhir_access`), for the SMART app, or for keeping anything: replay memory is a storage of
its own, given in.
"""
