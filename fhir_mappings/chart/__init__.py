"""The chart as received: Bundles, entries, whose they are, which version counts.

One job: from raw JSON to typed resources of one patient. Not for what a resource means.
"""
