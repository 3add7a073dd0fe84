"""A copy of the shipped knowledge that a test may break."""

from tests.knowledge.conftest import knowledge_copy

__all__ = ["knowledge_copy"]
