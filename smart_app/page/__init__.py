"""The clinician's page: one patient's whole reasoning, and the questions that decide.

One job: drawing what ``select`` says to the chart that a launch opened, with the clinician's
answers. It works without JavaScript but for plots and what-if. Not for launching, sessions or
writing to the EHR, and not for deciding anything: every judgement comes from ``hcc_pathway``.
"""
