"""A copy of the shipped knowledge that a test may break."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from hcc_pathway.knowledge_base.files import PACKAGE_ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def knowledge_copy(tmp_path: Path) -> Path:
    root = tmp_path / "knowledge"
    shutil.copytree(PACKAGE_ROOT, root)
    return root
