"""Sample tables written by pyarrow."""

import datetime
import decimal
import io
import re

import numpy
import pyarrow as pa

from samples import refused, sample

MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)


def make_arrow():
    table = pa.table(
        {
            "big": pa.array([2**63 - 1, None], pa.int64()),
            "small": pa.array([1, 2], pa.int32()),
            "number": pa.array([1.5, float("inf")]),
            "text": pa.array(["grün", None]),
            "coded": pa.array(["a", "a"]).dictionary_encode(),
            "bytes": pa.array([b"\x00\xff", b""]),
            "yes": pa.array([True, None]),
            "micros": pa.array([1767323045678901, -1], pa.timestamp("us")),
            "nanos": pa.array([1767323045678901234, None], pa.timestamp("ns", "UTC")),
            "seconds": pa.array([0, 1], pa.timestamp("s", "Europe/Berlin")),
            "day": pa.array([MOMENT.date(), None]),
            "clock": pa.array([MOMENT.time(), None]),
            "money": pa.array([decimal.Decimal("-1.10"), decimal.Decimal("12345678901234567890.05")]),
            "list": pa.array([[2**60, 1], []], pa.list_(pa.int64())),
            "struct": pa.array([{"a": 1, "b": MOMENT}, None]),
        }
    )
    rows = [
        {
            "big": 2**63 - 1,
            "small": 1,
            "number": 1.5,
            "text": "grün",
            "coded": "a",
            "bytes": b"\x00\xff",
            "yes": True,
            "micros": "2026-01-02T03:04:05.678901",
            "nanos": "2026-01-02T03:04:05.678901234Z",
            "seconds": "1970-01-01T00:00:00Z",
            "day": "2026-01-02",
            "clock": "03:04:05.678901",
            "money": "-1.10",
            "list": [2**60, 1],
            "struct": {"a": 1, "b": "2026-01-02T03:04:05.678901"},
        },
        {
            "big": None,
            "small": 2,
            "number": "Infinity",
            "text": None,
            "coded": "a",
            "bytes": b"",
            "yes": None,
            "micros": "1969-12-31T23:59:59.999999",
            "nanos": None,
            "seconds": "1970-01-01T00:00:01Z",
            "day": None,
            "clock": None,
            "money": "12345678901234567890.05",
            "list": [],
            "struct": None,
        },
    ]
    for name, writer in (("a stream", pa.ipc.new_stream), ("a file", pa.ipc.new_file)):
        sink = io.BytesIO()
        with writer(sink, table.schema) as out:
            out.write_table(table, max_chunksize=1)
        sample("pyarrow", name, sink.getvalue(), rows, schema=[field.name for field in table.schema])


def stream(array):
    sink = io.BytesIO()
    table = pa.table({"c": array})
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    return sink.getvalue()


def far(seconds):
    """Formats ISO 8601 text, also for years that Python's dates do not support."""
    year, rest = re.fullmatch(r"(-?\d+)(-\d\d-\d\dT.*)", str(numpy.datetime64(seconds, "s"))).groups()
    return f"{int(year):+07}{rest}"


def make_arrow_types():
    nanos = pa.array([1767323045678901234, 2], pa.timestamp("ns", "UTC"))
    moments = ["2026-01-02T03:04:05.678901234Z", "1970-01-01T00:00:00.000000002Z"]
    code = pa.DictionaryArray.from_arrays
    codes = pa.array([1, 0, None], pa.int8())
    places = [2**53, -(2**53), 253402300800, -62167219201, 2**63 - 1, 1 - 2**63]
    money = pa.array([decimal.Decimal("1.10"), decimal.Decimal("-0.05")])
    first_last = pa.array([0, 1, 0], pa.int8())
    texts = pa.array(["x", "y", "z"])
    for name, array, expected in [
        ("coded timestamps", code(codes, nanos), [moments[1], moments[0], None]),
        ("coded decimals", code(codes, money), ["-0.05", "1.10", None]),
        ("coded lists", code(codes, pa.array([[1], [2**60]], pa.list_(pa.int64()))), [[2**60], [1], None]),
        ("64-bit codes", code(codes.cast(pa.int64()), texts), ["y", "x", None]),
        ("unsigned codes", code(codes.cast(pa.uint16()), texts), ["y", "x", None]),
        ("lists of codes", pa.ListArray.from_arrays([0, 2, 3], code(codes, nanos)), [[moments[1], moments[0]], [None]]),
        ("structs of codes", pa.StructArray.from_arrays([code(codes, nanos)], ["a"]), [{"a": moments[1]}, {"a": moments[0]}, {"a": None}]),
        ("a dense union", pa.UnionArray.from_dense(first_last, pa.array([1, 2, 0], pa.int32()), [nanos, texts]), [moments[1], "z", moments[0]]),
        ("a sparse union", pa.UnionArray.from_sparse(first_last, [pa.array([1, None, None], pa.int64()), texts]), [1, "y", None]),
        ("a union with its own codes", pa.UnionArray.from_sparse(pa.array([5, 7], pa.int8()), [money, nanos], ["a", "b"], [5, 7]), ["1.10", moments[1]]),
        ("large lists", pa.array([[1, 2**60], [], None], pa.large_list(pa.int64())), [[1, 2**60], [], None]),
        ("lists of one size", pa.array([[1, 2**60], [3, None], None], pa.list_(pa.int64(), 2)), [[1, 2**60], [3, None], None]),
        ("maps", pa.array([[("a", 1), ("__proto__", 2**60)], [], None], pa.map_(pa.string(), pa.int64())), [{"a": 1, "__proto__": 2**60}, {}, None]),
        ("maps of numbers", pa.array([[(1, [MOMENT])]], pa.map_(pa.int64(), pa.list_(pa.timestamp("us")))), [{"1": ["2026-01-02T03:04:05.678901"]}]),
        ("thousands", pa.array([decimal.Decimal("12E+3"), decimal.Decimal("-5E+3")], pa.decimal128(5, -3)), ["12000", "-5000"]),
        ("hundredths", money.cast(pa.decimal128(5, 2)), ["1.10", "-0.05"]),
        ("whole decimals", pa.array([decimal.Decimal("-7")], pa.decimal128(5, 0)), ["-7"]),
        ("wide decimals", pa.array([decimal.Decimal("-1.10")], pa.decimal256(50, 2)), ["-1.10"]),
        ("narrow decimals", pa.array([decimal.Decimal("-1.10")], pa.decimal32(5, 2)), ["-1.10"]),
        ("far moments", pa.array(places, pa.timestamp("s")), [far(place) for place in places]),
        ("old moments", pa.array([-1, -62135596800001], pa.timestamp("ms")), ["1969-12-31T23:59:59.999", "0000-12-31T23:59:59.999"]),
        ("far days", pa.array([2**31 - 1, -(2**31)], pa.date32()), [far(day * 86400)[:-9] for day in (2**31 - 1, -(2**31))]),
        ("days in milliseconds", pa.array([86400000, -86400000], pa.date64()), ["1970-01-02", "1969-12-31"]),
        ("clocks", pa.array([86399, None], pa.time32("s")), ["23:59:59", None]),
        ("exact clocks", pa.array([1], pa.time64("ns")), ["00:00:00.000000001"]),
        ("durations", pa.array([1, 2**60], pa.duration("ns")), [1, 2**60]),
        ("intervals", pa.array([(1, 15, -30), (0, 0, 2**60)], pa.month_day_nano_interval()), [[1, 15, -30], [0, 0, 2**60]]),
        ("nothing", pa.nulls(2), [None, None]),
        ("large text", pa.array(["a", None], pa.large_string()), ["a", None]),
        ("text views", pa.array(["a", "longer than twelve bytes"], pa.string_view()), ["a", "longer than twelve bytes"]),
        ("byte views", pa.array([b"a", b"longer than twelve bytes"], pa.binary_view()), [b"a", b"longer than twelve bytes"]),
        ("bytes of one size", pa.array([b"ab", None], pa.binary(2)), [b"ab", None]),
        ("short floats", pa.array([1.5, None], pa.float16()), [1.5, None]),
        ("unsigned", pa.array([2**64 - 1, 1], pa.uint64()), [2**64 - 1, 1]),
        ("identifiers", pa.array([b"0123456789abcdef"], pa.uuid()), [b"0123456789abcdef"]),
    ]:
        sample("pyarrow", name, stream(array), [{"c": value} for value in expected])
    refused("pyarrow", "list views", stream(pa.array([[1]], pa.list_view(pa.int64()))), "ListView")
    refused("pyarrow", "run lengths", stream(pa.RunEndEncodedArray.from_arrays(pa.array([1]), pa.array(["a"]))), "RunEndEncoded")
    refused("pyarrow", "maps of lists", stream(pa.array([[([1], 1)]], pa.map_(pa.list_(pa.int8()), pa.int8()))), "a key of a map")
