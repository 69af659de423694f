"""The demo source system: invented from end to end, with breaches and near-misses planted in it and accounted for."""

from pipelines.demo.generate import generate

__all__ = ["generate"]
