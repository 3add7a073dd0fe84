"""Writing a clinician's answers to the EHR: confirmed, authored, once.

One job: of what the session's answers hold, create those standard resources that our own mapping
reads back, for the session's patient alone. It is *not* for asking (``page``), and nothing is
ever changed or deleted in a chart.
"""
