"""The page at ``/`` of the demonstration: try the service as an EHR would use it, without one.

Its one job: to show for a sample patient what goes to and fro and what the clinician sees, and to
send what the visitor answers. Every call takes the same road as an EHR's. It is *not* part of
production, holds no clinical rule, and keeps nothing of a chart that is pasted into it.
"""
