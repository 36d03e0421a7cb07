"""Checks a sensor's reading: {"sensor": "s1", "fahrenheit": 70.7} becomes degrees Celsius, with an alarm if it is hot."""

from typing import Any

ALARM = 60.0


def fahrenheit(mqtt_message: dict[str, Any]) -> float:
    value = float(mqtt_message["fahrenheit"])
    if not -100 <= value <= 500:
        raise ValueError(f"{value} degrees Fahrenheit cannot be right")
    return value


def celsius(fahrenheit: float) -> float:
    return round((fahrenheit - 32) / 1.8, 2)


def cleaned(mqtt_message: dict[str, Any], mqtt_topic: str, celsius: float) -> dict[str, Any]:
    return {
        "sensor": mqtt_message["sensor"],
        "topic": mqtt_topic,
        "celsius": celsius,
        "alarm": celsius > ALARM,
    }
