"""Sums up a batch of readings: {"values": [20.5, 21.0]}."""

from typing import Any


def values(mqtt_message: dict[str, Any]) -> list[float]:
    return [float(value) for value in mqtt_message["values"]]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def deviation(values: list[float], mean: float) -> float:
    return (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5


def summary(values: list[float], mean: float, deviation: float) -> dict[str, float]:
    return {"count": len(values), "mean": mean, "deviation": deviation, "highest": max(values)}
