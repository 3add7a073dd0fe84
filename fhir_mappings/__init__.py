"""FHIR R4 to PatientCase, and the few resources that go back.

One job: to say what a chart contains in the pathway's own terms, each fact with its source, unit
and date as received. It is not for judging (freshness, ties, lines of therapy are the pathway's),
not for HTTP, and not for validating charts: what is readable is read, the rest is named.

``patient_case.read_case`` is the way in: ``chart`` finds one patient's readable resources,
``values`` reads single FHIR values, ``clinical_facts`` and ``drugs`` say what resources mean.
``outgoing`` writes FHIR.
"""
