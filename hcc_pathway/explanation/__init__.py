"""A decision in sentences: reasons, questions, the inputs used, warnings.

One job: filling the sentences of the text files with values, days and sources. Not for deciding.
"""
