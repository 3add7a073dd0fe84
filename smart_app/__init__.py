"""The clinician's page, opened from an EHR by a SMART launch: one patient's whole reasoning.

Its one job: prove who opens which chart (``launch``), and draw what the pathway says to it
(``page``). It reads through ``fhir_access`` and the same mapping and pathway as the cards, so that
page and card cannot disagree. It is *not* the place for rules, for reading FHIR resources, for
cards, or for settings; the service hands it what it needs.
"""
