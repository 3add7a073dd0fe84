"""Conformance to CDS Hooks 2.0.1, and what a card must show, checked from outside.

Every check looks at recorded traffic alone, so that it runs against any service that answers a
``Client``: the application itself, or the address in ``HCC_CDS_CONFORMANCE_URL``. The same checks
have to catch every seeded fault of ``faults.py``.
"""
