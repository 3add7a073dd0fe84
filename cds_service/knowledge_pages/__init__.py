"""GET /knowledge: what the service knows, to read as a pharmacist does or to process.

One job: every item of the knowledge files with its dates, its references, who reviewed it, what
has changed, and where it is used. It is *not* the place for changing knowledge.
"""
