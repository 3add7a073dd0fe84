"""Mutated hook requests: damage stays where it was done, and nothing ends in a fault.

Every request is made from a number, its seed. Even seeds damage the chart and leave envelope and
patient valid: the answer is a 200 and differs only by what was touched. Odd seeds damage the
envelope: an independent judge says which answers are right. ``python -m tests.fuzz`` prints the
figures of a run.
"""
