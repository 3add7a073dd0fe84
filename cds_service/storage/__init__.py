"""What the service keeps on disk: tables, connections, migrations, and the memory of used tokens.

One job: rows in, rows out, each write whole and durable as its kind needs; a database that cannot
be had is one error, ``StorageUnavailable``. It is not for reading requests, for deciding what may
be kept (that is ``cds_service.feedback`` and ``cds_service.silent_mode``), or for serving.
"""
