"""Converts values from and to JSON. An object whose only key is a tag represents a value that JSON does not have."""

import base64
import datetime
import decimal
import math

MOST_ROWS = 100_000
DEEPEST = 50


def decode(value):
    """Decodes the output of src/values/encode-value.ts, outer objects first: keys in an escaped object may look like tags."""
    if isinstance(value, list):
        return [decode(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(tag, content)] = value.items()
        if tag in READERS:
            return READERS[tag](content)
    return {key: decode(one) for key, one in value.items()}


def decode_pairs(pairs):
    return {decode(key): decode(value) for key, value in pairs}


def decode_date(text):
    return text and datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


READERS = {
    "$bigint": int,
    "$buffer": base64.b64decode,
    "$date": decode_date,
    "$map": decode_pairs,
    "$number": float,
    "$object": decode_pairs,
    "$set": lambda items: {decode(one) for one in items},
    "$string": lambda text: base64.b64decode(text).decode("utf-16-le", "surrogatepass"),
    "$undefined": lambda _: None,
}


def plain(value, path, notes, depth=0):
    """Converts a value to JSON for src/values/value-tags.ts, and appends a sentence to `notes` for everything that is lost."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$buffer": base64.b64encode(bytes(value)).decode()}
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if depth > DEEPEST:
        return describe(value, path, notes)

    def inner(key, one):
        return plain(one, f"{path}.{key}", notes, depth + 1)

    if isinstance(value, dict):
        items = {str(key): inner(key, one) for key, one in value.items()}
        return {"$object": list(items.items())} if len(items) == 1 and next(iter(items)).startswith("$") else items
    if isinstance(value, (list, tuple, set, frozenset)):
        return [inner(index, one) for index, one in enumerate(value)]
    rows = rows_of(value, path, notes)
    return describe(value, path, notes) if rows is None else inner("rows", rows)


def rows_of(value, path, notes):
    """Converts DataFrames, Series, Arrow and Polars tables, and NumPy values to plain Python; None for other types."""
    if is_labelled(value) and hasattr(value, "to_frame"):
        value = value.to_frame()
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return frame_rows(value, path, notes)
    value = in_microseconds(value)
    for method in ("to_pylist", "as_py", "tolist", "to_list", "item"):
        if callable(getattr(value, method, None)):
            try:
                return getattr(value, method)()
            except Exception:
                continue
    return None


def frame_rows(frame, path, notes):
    """Returns the first rows of a pandas or Polars DataFrame. An index other than the row number becomes a column."""
    if len(frame) > MOST_ROWS:
        notes.append(f"{path} has {len(frame)} rows: truncated to the first {MOST_ROWS}")
    first = frame.head(MOST_ROWS)
    if hasattr(first, "to_dicts"):
        return first.to_dicts()
    return (first.reset_index() if is_labelled(first) else first).to_dict(orient="records")


def is_labelled(value):
    """Tells whether a pandas object has an index other than the row number."""
    return hasattr(value, "reset_index") and type(value.index).__name__ != "RangeIndex"


def in_microseconds(value):
    """Rounds nanoseconds to microseconds: NumPy would convert nanoseconds to integers instead of datetimes."""
    name = str(getattr(value, "dtype", ""))
    is_finer = name in ("datetime64[ns]", "timedelta64[ns]") and hasattr(value, "astype")
    return value.astype(name.replace("[ns]", "[us]")) if is_finer else value


def describe(value, path, notes):
    notes.append(f"{path} is not plain data: replaced by a description")
    return repr(value)[:1000]
