"""The benchmark: this service beside floors that do less, paired in one run.

One job: ratios of CPU per request and of throughput, measured side by side, with their spread.
It is not a test: nothing here asserts a time.
"""
