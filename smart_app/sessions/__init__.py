"""What the service knows of one browser between its requests, sealed and shared by replicas.

One job: to keep a launch under way, and then one opened chart with its tokens, so that only the
cookie of that browser opens them. It is *not* for talking to authorization servers (``launch``),
and no chart is kept: each request reads it anew.
"""
