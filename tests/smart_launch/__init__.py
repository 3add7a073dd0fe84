"""The SMART app: launches, sessions, write-back, and what attackers and broken EHRs may try."""
