"""Orders that are not signed yet, from the context of a hook to draft orders of the pathway.

One job: which systemic drug each draft is for, in which product and dose, however invalid the
draft. It is not for the medications of the chart (``fhir_mappings.drugs``), and judges nothing.
"""
