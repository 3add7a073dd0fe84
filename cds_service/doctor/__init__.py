"""hcc-cds doctor: whether the pathway can work with one FHIR server, and what to do if not.

One job: to ask a server what a hook call would ask, slowly and one by one, and to lay out what
came of it for the person who integrates. It is not for serving, and it changes nothing.
"""
