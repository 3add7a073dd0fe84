"""The published treatment pathway as pure functions over reviewed knowledge.

One job: from what is known of one patient on one day to a recommendation. It is not for reading
FHIR, not for HTTP, not for clocks, environment or storage: time is an argument, and the only
files it reads are its own knowledge and texts, once.

``selection.select`` is the way in, and walks through the rooms in order: ``treatment_history``
and ``liver_function`` say what the records amount to, ``findings`` judges it, ``decision`` is the
clinical table, ``explanation`` puts it into sentences. ``knowledge_base`` reads ``knowledge/``.
"""
