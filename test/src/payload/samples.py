"""Writes samples, one JSON object per line: format, bytes and expected value."""

import base64
import json


def tagged(value):
    """Encodes values that JSON lacks."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$bigint": str(value)}
    if isinstance(value, bytes):
        return {"$buffer": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {"$object": [[key, tagged(one)] for key, one in value.items()]}
    return [tagged(one) for one in value]


def sample(format, name, data, expected, **more):
    content = base64.b64encode(data).decode()
    print(json.dumps({"format": format, "name": name, "data": content, "expected": tagged(expected), **more}))


def refused(format, name, data, words):
    print(json.dumps({"format": format, "name": name, "data": base64.b64encode(data).decode(), "refused": words}))
