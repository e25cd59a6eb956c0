"""The programme knowledge in `data/knowledge`: load, validate, index, keep current."""

from guidance.knowledge.live import current, follow, health, knowledge_folder
from guidance.knowledge.load import KnowledgeError, load
from guidance.knowledge.model import (
    AskedField,
    Cohort,
    Fact,
    Knowledge,
    Premise,
    Programme,
    Provider,
    Role,
    Source,
    Topic,
)
from guidance.knowledge.problems import Problem

__all__ = [
    "AskedField",
    "Cohort",
    "Fact",
    "Knowledge",
    "KnowledgeError",
    "Premise",
    "Problem",
    "Programme",
    "Provider",
    "Role",
    "Source",
    "Topic",
    "current",
    "follow",
    "health",
    "knowledge_folder",
    "load",
]
