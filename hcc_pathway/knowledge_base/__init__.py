"""Reading, checking and asking the reviewed knowledge.

One job: the YAML below ``hcc_pathway/knowledge`` as typed facts that held on a day. Not for values
themselves (they stand in the files) and not for deciding anything with them.
"""
