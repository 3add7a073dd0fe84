"""A month of answers that nobody saw: what would have been shown, kept without identity.

One job: would-be answers in words of closed lists, counted, and the page that a committee reads
before go-live. It is not a log of patients: nothing here leads back to one, and no row is one
chart's.
"""
