"""Pictures for the clinician's page: the course on one time axis, the trials' hazard ratios.

One job: from a timeline and trials to fragments of a page. A fragment is a table that everybody
can read, and beside it the numbers that our ES modules draw with D3 where JavaScript runs. Not
for judging anything: every word and number comes from ``hcc_pathway``.
"""
