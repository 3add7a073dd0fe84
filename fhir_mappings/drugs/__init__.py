"""Medication resources as drug records: which drug, which days, which dose, why it ended.

One job: the four medication types and reactions to drugs. Not for counting days or
lines of therapy.
"""
