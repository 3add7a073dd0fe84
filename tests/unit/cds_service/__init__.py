"""Tests of single modules of the service."""
