"""Tests of the rules as a whole: caveats on cards, and that each rule is held by a test."""
