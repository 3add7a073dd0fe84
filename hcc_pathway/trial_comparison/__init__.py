"""What the trials behind a drug found, whom they enrolled, and how a patient differs from them.

One job: the verified figures of the evidence files as numbers, and each enrolment criterion that a
file names, answered for one patient. Not for weighing trials against each other, nor for ranking.
"""
