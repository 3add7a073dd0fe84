"""What order-select and order-sign share: from draft orders to one card or none.

One job: the card for the weightiest finding, and better drafts where there are any. It is not for
reading drafts (``fhir_mappings.incoming``) or judging them (``hcc_pathway.order_check``).
"""
