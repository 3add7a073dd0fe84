"""Draft orders for systemic drugs, held against the recommendation for the patient.

One job: what speaks against signing an order, from drafts freed of FHIR. It is not for reading
orders (``fhir_mappings.incoming``), and not for cards or better drafts (``hooks.orders``).
"""
