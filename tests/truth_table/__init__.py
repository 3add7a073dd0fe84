"""The pathway as tables written from the clinical reference, and the charts they stand for."""
