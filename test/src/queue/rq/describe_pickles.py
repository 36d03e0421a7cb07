"""Reads base64 of one pickle a line and prints what each is, with its types, as one line of JSON."""

import base64
import json
import pickle
import struct
import sys


def described(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": struct.pack(">d", value).hex()}
    if isinstance(value, str):
        return {"str": value.encode("utf-16-le", "surrogatepass").hex()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if type(value) in (list, tuple):
        return {type(value).__name__: [described(item) for item in value]}
    if type(value) is dict:
        return {"dict": [[described(key), described(item)] for key, item in value.items()]}
    return {"unknown": repr(value)}


for line in sys.stdin:
    print(json.dumps(described(pickle.loads(base64.b64decode(line)))))
