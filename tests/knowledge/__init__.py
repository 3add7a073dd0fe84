"""Tests of the knowledge files and of the loader that refuses the wrong ones."""
