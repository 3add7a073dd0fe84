"""The pathway as a graph of criteria that lead to options, with one patient's way through it.

One job: showing how the answer of ``select`` came about, from the same findings and the same
decision. Not for deciding (a test holds the options on the patient's path to those of the
decision) and not for drawing.
"""
