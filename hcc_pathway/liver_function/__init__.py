"""Child-Pugh and ALBI, as intervals where components are unknown (A17, A31, A34).

One job: scores from readings and signs. Not for what a class means to an option.
"""
