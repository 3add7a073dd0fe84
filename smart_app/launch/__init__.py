"""SMART App Launch 2.x: prove through an EHR's authorization server who opens which chart.

One job: from the EHR's link to a session with a token, and tokens renewed while it lasts. It is
*not* for what the page shows (``page``), nor for keeping sessions (``sessions``).
"""
