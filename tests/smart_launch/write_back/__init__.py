"""Answers written to the chart: what is confirmed, what is written, and what an EHR may break."""
