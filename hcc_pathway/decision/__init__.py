"""The pathway itself, over findings alone: class, line, options, what would change.

One job: the clinical table as pure, total functions. Not for dates, values, sources or sentences.
"""
