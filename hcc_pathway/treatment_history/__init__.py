"""What was taken, when, at which dose, and how it ended: sorafenib by day, drugs as lines.

One job: drug records of a case as exposure, courses and lines of therapy (A6-A8, A19-A27). Not for
reading FHIR, and not for what follows from the history.
"""
