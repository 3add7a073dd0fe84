"""What a clinician or an evaluator sees and does, in a headless Chromium.

Every page that these tests open is watched: an error in its console, a violation of its policy and
a request to any other host each fail the test. ``install.sh`` brings the rules of accessibility.
"""
