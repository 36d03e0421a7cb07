"""Writes payloads made by Python's libraries, one JSON object per line: format, bytes and expected value."""

import codecs
import collections
import datetime
import decimal
import fractions
import importlib
import json
import pickle

import msgpack
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from arrow_samples import make_arrow, make_arrow_types
from samples import refused, sample

PLAIN = {
    "text": "grün 🌱 \u0000 'quoted'",
    "empty": "",
    "int": 42,
    "negative": -70000,
    "safe": 2**53 - 1,
    "float": -0.1,
    "yes": True,
    "none": None,
    "list": [1, [2, []], {"a": {}}],
    "__proto__": {"polluted": 1},
}
BIG = {"big": 2**63 - 1, "small": -(2**63)}
UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)


def make_json():
    sample("json", "plain", json.dumps(PLAIN).encode(), PLAIN)
    sample("json", "big integers", json.dumps({**BIG, "list": [2**53, 10**40]}).encode(), {**BIG, "list": [2**53, 10**40]})
    alike = {"9007199254740993": '9007199254740993, \\"-9007199254740993', "float": 1.2345678901234567e-5, "__proto__": [2**53 - 1]}
    sample("json", "what only looks like big integers", json.dumps(alike).encode(), alike)
    sample("json", "both", json.dumps([alike, 2**63]).encode(), [alike, 2**63])
    sample("json", "not ASCII", json.dumps(PLAIN, ensure_ascii=False).encode(), PLAIN)


def make_yaml():
    sample("yaml", "plain", yaml.safe_dump({**PLAIN, **BIG}, allow_unicode=True).encode(), dict(sorted({**PLAIN, **BIG}.items())))
    sample("yaml", "with a marker", yaml.safe_dump([1, "a"], explicit_start=True).encode(), [1, "a"])


def make_msgpack():
    value = {**PLAIN, **BIG, "bytes": b"\x00\xff", "unsigned": 2**64 - 1}
    value.pop("__proto__")
    sample("msgpack", "plain", msgpack.packb(value), value)
    sample("msgpack", "a list", msgpack.packb([1, 2**40, "a"]), [1, 2**40, "a"])
    sizes = [0, 15, 16, 31, 32, 255, 256, 65535, 65536]
    of_each_size = [[size * "a" for size in sizes], [size * b"b" for size in sizes], [size * [None] for size in sizes]]
    of_each_size += [{str(key): key for key in range(size)} for size in (15, 16, 65536)]
    numbers = [1.5, *[sign * 2**bits for bits in (4, 7, 8, 15, 16, 31, 32, 62) for sign in (1, -1)]]
    sample("msgpack", "all sizes", msgpack.packb([of_each_size, numbers]), [of_each_size, numbers])
    single = msgpack.packb([1.5], use_single_float=True)
    sample("msgpack", "a short float", single, [1.5])
    sample("msgpack", "keys that are numbers", msgpack.packb({1: "a"}), {"1": "a"})
    refused("msgpack", "an extension", msgpack.packb({"a": msgpack.ExtType(7, b"x")}), "extension type")
    refused("msgpack", "two values", msgpack.packb([1]) * 2, "not MessagePack")
    refused("msgpack", "__proto__", msgpack.packb({"__proto__": 1}), "__proto__")


class Anything:
    def __init__(self):
        self.a = 1


class Call:
    """Pickled as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Evil:
    def __reduce__(self):
        import os

        return (os.system, ("touch /tmp/pwned",))


def make_pickle():
    shared = [1]
    value = {
        **PLAIN,
        **BIG,
        "huge": -(3**200),
        "bytes": b"\x00\xff",
        "array": bytearray(b"ab"),
        "tuple": (1, ("a",), (1, 2, 3, 4), ()),
        "moment": MOMENT,
        "aware": MOMENT.replace(tzinfo=UTC, microsecond=0),
        "shifted": MOMENT.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))),
        "oddly shifted": MOMENT.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1, minutes=-2, seconds=3), "odd")),
        "again": MOMENT.replace(fold=1),
        "date": MOMENT.date(),
        "time in UTC": MOMENT.time().replace(tzinfo=UTC, fold=1),
        "shifted time": MOMENT.time().replace(tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=45)), microsecond=0),
        "time": MOMENT.time(),
        "span": datetime.timedelta(days=-1, seconds=2, microseconds=500_000),
        "decimal": decimal.Decimal("1.10"),
        "fraction": fractions.Fraction(-3, 4),
        "whole": fractions.Fraction(2**70),
        "complex": 1 + 2j,
        "surrogates": "\ud800 ü \ufeff \udfff",
        "ordered": collections.OrderedDict(a=1),
        "counted": collections.defaultdict(int, {"b": 2}),
        "twice": [shared, shared],
        "many": list(range(3000)),
        1: "one",
        True: "yes",
    }
    expected = {
        **value,
        "array": b"ab",
        "moment": "2026-01-02T03:04:05.678901",
        "aware": "2026-01-02T03:04:05Z",
        "shifted": "2026-01-02T03:04:05.678901-03:30",
        "oddly shifted": "2026-01-02T03:04:05.678901+00:58:03",
        "again": "2026-01-02T03:04:05.678901",
        "date": "2026-01-02",
        "time in UTC": "03:04:05.678901Z",
        "shifted time": "03:04:05+05:45",
        "time": "03:04:05.678901",
        "span": -86397.5,
        "decimal": "1.10",
        "fraction": "-3/4",
        "whole": str(2**70),
        "complex": [1.0, 2.0],
    }
    expected["1"] = expected.pop(1)
    for protocol in range(6):
        sample("pickle", f"protocol {protocol}", pickle.dumps(value, protocol), expected)
        sample("pickle", f"a set, protocol {protocol}", pickle.dumps([{7}, frozenset([8])], protocol), [[7], [8]])
        refused("pickle", f"an object, protocol {protocol}", pickle.dumps(Anything(), protocol), "the class __main__.Anything is unsupported")
        refused("pickle", f"a command, protocol {protocol}", pickle.dumps(Evil(), protocol), "the class posix.system is unsupported")
    loop = []
    loop.append(loop)
    refused("pickle", "a list in itself", pickle.dumps(loop), "nested more than")
    bomb = [0] * 10
    for _ in range(9):
        bomb = [bomb] * 10
    refused("pickle", "a bomb", pickle.dumps(bomb), "more than 1000000 values")
    for name in ("decimal.Decimal", "fractions.Fraction", "datetime.timedelta", "builtins.complex", "builtins.bytearray"):
        module, function = name.split(".")
        call = Call(getattr(importlib.import_module(module), function), bomb)
        refused("pickle", f"{name} of a bomb", pickle.dumps(call), "not a supported pickle: [^:]* is invalid")
    named = pickle.PROTO + b"\x04" + pickle.dumps(bomb, 4)[11:-1] + b"N" + pickle.STACK_GLOBAL + pickle.STOP
    refused("pickle", "a class whose name is a bomb", named, "a name is not text")
    text = "a" * 100_000
    copies = [Call(codecs.encode, text, "latin1") for _ in range(3)]
    refused("pickle", "copies of one text as bytes", pickle.dumps(copies), "makes too many bytes")


PROTO = """syntax = "proto3";
package plant;
message Reading {
  string sensor = 1;
  double celsius = 2;
  int64 count = 3;
  bytes raw = 4;
  State state = 5;
  repeated uint64 history = 6;
  Place place = 7;
  Range range = 8;
}
message Range { int32 low = 1; int32 high = 2; bool unsigned = 3; }
message Place { string hall = 1; }
enum State { OK = 0; BROKEN = 1; }
"""


def make_protobuf():
    file = descriptor_pb2.FileDescriptorProto(name="plant.proto", package="plant", syntax="proto3")
    field = descriptor_pb2.FieldDescriptorProto
    state = file.enum_type.add(name="State")
    state.value.add(name="OK", number=0)
    state.value.add(name="BROKEN", number=1)
    place = file.message_type.add(name="Place")
    place.field.add(name="hall", number=1, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    span = file.message_type.add(name="Range")
    for number, (name, kind) in enumerate([("low", field.TYPE_INT32), ("high", field.TYPE_INT32), ("unsigned", field.TYPE_BOOL)], 1):
        span.field.add(name=name, number=number, type=kind, label=field.LABEL_OPTIONAL)
    reading = file.message_type.add(name="Reading")
    for number, (name, kind, label, kind_name) in enumerate(
        [
            ("sensor", field.TYPE_STRING, field.LABEL_OPTIONAL, None),
            ("celsius", field.TYPE_DOUBLE, field.LABEL_OPTIONAL, None),
            ("count", field.TYPE_INT64, field.LABEL_OPTIONAL, None),
            ("raw", field.TYPE_BYTES, field.LABEL_OPTIONAL, None),
            ("state", field.TYPE_ENUM, field.LABEL_OPTIONAL, ".plant.State"),
            ("history", field.TYPE_UINT64, field.LABEL_REPEATED, None),
            ("place", field.TYPE_MESSAGE, field.LABEL_OPTIONAL, ".plant.Place"),
            ("range", field.TYPE_MESSAGE, field.LABEL_OPTIONAL, ".plant.Range"),
        ],
        1,
    ):
        reading.field.add(name=name, number=number, type=kind, label=label, type_name=kind_name)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    Reading = message_factory.GetMessageClass(pool.FindMessageTypeByName("plant.Reading"))
    message = Reading(sensor="s1", celsius=21.5, count=-(2**62), raw=b"\x00\xff", state=1, history=[1, 2**64 - 1])
    message.place.hall = "A"
    message.range.low, message.range.high, message.range.unsigned = 1, 2, True
    expected = {
        "sensor": "s1",
        "celsius": 21.5,
        "count": -(2**62),
        "raw": b"\x00\xff",
        "state": "BROKEN",
        "history": [1, 2**64 - 1],
        "place": {"hall": "A"},
        "range": {"low": 1, "high": 2, "unsigned": True},
    }
    sample("protobuf", "a reading", message.SerializeToString(), expected, proto=PROTO)


if __name__ == "__main__":
    make_json()
    make_yaml()
    make_msgpack()
    make_pickle()
    make_arrow()
    make_arrow_types()
    make_protobuf()
