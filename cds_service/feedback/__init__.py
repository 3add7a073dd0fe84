"""What clinicians did with the cards: taken from the EHR, kept, counted and reported.

One job: feedback in, figures out, and of all that a caller writes only what is on a list of ours.
It is not for answering hooks, and not for judging advice: a report counts.
"""
