"""One patient's course on one time axis: doses by day, readings, lines and events.

One job: the facts of a case with their days, judged by the same modules that ``select`` uses, so
that a picture of them cannot say something else than the document. Not for drawing, and not for
deciding anything.
"""
