"""From a patient case to the few discrete findings that decide, each with what explains it.

One job: judging what was recorded (latest, fresh, decidable). Not for choosing options.
"""
