"""What a clinician answers about a patient, and the case with these answers as records.

One job: turning answers into facts of a ``PatientCase`` that name themselves as answered, so that
the same ``select`` recomputes. Not for forms, not for storage, not for deciding anything.
"""
