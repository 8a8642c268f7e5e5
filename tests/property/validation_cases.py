"""Hypothesis strategies: schemas and tables that are likely to be half right, and unlikely to be simple."""

from __future__ import annotations

import datetime as dt
import string
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

ODD_TEXT = st.sampled_from(
    [
        "",
        " ",
        "NA",
        "-",
        "null",
        "None",
        "nan",
        "a",
        "b",
        "ab",
        "aa\n",
        "a\n",
        "é",
        "é",
        "１２",
        "٣",
        "²",
        "1_0",
        "\u0130",
        "\u200b",
        "a b",
        "a\x1cb",
        "𝒳",
        "\x00",
        "ß",
        "true",
        "False",
        "1",
        "01",
        "-1",
        "+5",
        " 7 ",
        "1.0",
        "1e3",
        "1,5",
        "inf",
        "0",
        "9999",
        "2024",
        "2024-02-29",
        "2023-02-29",
        "2024-2-9",
        "0000-01-01",
        "2024-01-31",
        "9999-12-31",
        "2024-04-31",
        "2024-13",
        "2024-12",
        "24:00:00",
        "12:30:00",
        "12:30:00Z",
        "23:59:60",
        "12:30",
        "2024-01-01T00:00:00",
        "P1D",
        "PT1H",
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00+05:30",
        "2024-01-01 00:00:00",
        "2024-01-01T24:00:00",
        "[1, 2]",
        "[]",
        '["a", null]',
        "{}",
        '{"a": 1}',
        "1,2",
        "a,b",
        "12,95",
        "https://ledger.example.org/a?b=c",
        "https://exa mple.org",
        "desk@ledger.example.org",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "https://ledger.example.org",
        "x://",
        "aGk=",
    ]
)
TEXT = st.one_of(ODD_TEXT, st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.text("ab1-", max_size=6))
WHOLE = st.one_of(st.integers(-3, 12), st.sampled_from([2**53, 2**53 + 1, -(2**63), 2**63 - 1, 2024, 9999, 10000, -1]))
REAL = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 1.0, 0.1, 0.30000000000000004, 0.3, 1e300, 2.0**53, 3.0, 0.5]),
)
DAY = st.one_of(st.dates(), st.sampled_from([dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2024, 2, 29)]))
MOMENT = st.one_of(
    st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),
    st.sampled_from([dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 0, 0, 0, 1), dt.datetime(9999, 12, 31, 23)]),
)
MOMENT_PLAIN = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2100, 1, 1))


def items_of(kind):
    """Values of an Arrow type, null included."""
    if pa.types.is_list(kind):
        return st.one_of(st.none(), st.lists(items_of(kind.value_type), max_size=3))
    if pa.types.is_struct(kind):
        members = {member.name: items_of(member.type) for member in kind}
        return st.one_of(st.none(), st.fixed_dictionaries(members))
    if pa.types.is_dictionary(kind):
        return items_of(kind.value_type)
    plain = [
        (pa.types.is_string, TEXT),
        (pa.types.is_large_string, TEXT),
        (pa.types.is_int8, st.integers(-128, 127)),
        (pa.types.is_uint64, st.one_of(st.integers(0, 12), st.just(2**64 - 1))),
        (pa.types.is_int64, WHOLE),
        (pa.types.is_float64, REAL),
        (pa.types.is_float32, st.floats(width=32)),
        (pa.types.is_boolean, st.booleans()),
        (pa.types.is_date32, DAY),
        (pa.types.is_timestamp, MOMENT_PLAIN if getattr(kind, "tz", None) else MOMENT),
        (pa.types.is_time64, st.times()),
        (pa.types.is_duration, st.timedeltas(dt.timedelta(days=-400), dt.timedelta(days=400))),
        (pa.types.is_decimal, st.decimals(-99, 99, places=2).map(lambda value: value.quantize(Decimal("0.01")))),
        (pa.types.is_binary, st.binary(max_size=3)),
        (pa.types.is_null, st.none()),
    ]
    values = next(strategy for matches, strategy in plain if matches(kind))
    return st.one_of(st.none(), values, values, values)


SCALARS = [
    pa.string(),
    pa.string(),
    pa.string(),
    pa.large_string(),
    pa.int64(),
    pa.int8(),
    pa.uint64(),
    pa.float64(),
    pa.float32(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.timestamp("us", "UTC"),
    pa.timestamp("ms", "Asia/Kolkata"),
    pa.time64("us"),
    pa.duration("us"),
    pa.decimal128(6, 2),
    pa.binary(),
    pa.null(),
    pa.dictionary(pa.int32(), pa.string()),
]
NESTED = [
    pa.list_(pa.string()),
    pa.list_(pa.int64()),
    pa.list_(pa.list_(pa.string())),
    pa.struct([("a", pa.int64())]),
    pa.list_(pa.struct([("text", pa.string()), ("start", pa.int64())])),
    pa.struct([]),
    pa.list_(pa.date32()),
]
PATTERNS = st.sampled_from(
    [
        "a+",
        "[ab]*",
        "a|b",
        "(a|b)+",
        r"\d+",
        r"\w+",
        r"\W",
        r"\s*",
        r"[^\d]+",
        r"a\b.*",
        ".*",
        "",
        "a{2}",
        "a{1,2}?",
        "(?=a).*",
        r"(a)\1",
        "(?i:A)",
        "a$",
        "^a",
        r"\Aa\Z",
        "[é-ü]",
        "(a+)+",
        "(a*)*",
        "(?:a|aa)+",
        "[^a]",
        r"[\w-]+",
        "(a$|b)",
        "a?+",
        r"\.",
        "\\\\",
        "[]a]",
        "[a\\]]",
        "x*",
        "[\u0100-\uffff]+",
        r"(?P<n>a)b",
        "(?>a+)b",
        "(|a)+",
        r".\n?",
        r"\S+\s?\S*",
    ]
)
MISSING = st.sampled_from(
    [None, None, None, [""], [], ["", "NA"], ["-1", "0"], ["nan", "None"], ["[]", "{}"], ["True"]]
)
BOUND = {
    "integer": st.one_of(st.integers(-2, 9), st.sampled_from(["3", 2**53 + 1, 2**63])),
    "number": st.one_of(st.integers(-2, 9), st.sampled_from([0.1, "0.1", "0.30000000000000001", 1e300, "2.5", "-1"])),
    "year": st.sampled_from([1, 2024, "2000"]),
    "date": st.sampled_from(["2024-01-01", "0001-01-01", "2024-02-29"]),
    "datetime": st.sampled_from(["2024-01-01T00:00:00", "2024-01-01T00:00:00Z"]),
    "time": st.sampled_from(["12:00:00", "12:00:00Z"]),
    "yearmonth": st.sampled_from(["2024-01"]),
}
ENUM = {
    "string": st.lists(TEXT, min_size=1, max_size=4),
    "any": st.lists(st.one_of(TEXT, WHOLE, st.booleans()), min_size=1, max_size=4),
    "integer": st.lists(st.one_of(WHOLE, st.sampled_from(["1", "x"])), min_size=1, max_size=4),
    "number": st.lists(st.sampled_from([1, "1.0", 0.1, "x", "nan"]), min_size=1, max_size=4),
    "boolean": st.just([True, "false"]),
    "date": st.just(["2024-02-29", "9999-12-31"]),
    "array": st.just([[], ["a"]]),
    "object": st.just([{}, {"a": 1}]),
    "year": st.just([2024, "9999"]),
}
FORMATS = {
    "string": ["default", "default", "default", "uri", "email", "uuid", "binary"],
    "date": ["default", "default", "any", "%d/%m/%Y"],
    "datetime": ["default", "default", "any"],
    "time": ["default", "any"],
    "geopoint": ["default", "array"],
}
TYPES = [
    "any",
    "array",
    "boolean",
    "date",
    "datetime",
    "duration",
    "geojson",
    "geopoint",
    "integer",
    "list",
    "number",
    "object",
    "string",
    "string",
    "string",
    "time",
    "year",
    "yearmonth",
]


@st.composite
def constraints_of(draw, kind):
    constraints = {}
    if draw(st.integers(0, 3)) == 0:
        constraints["required"] = draw(st.booleans())
    if kind in BOUND:
        for name in draw(
            st.sets(st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), max_size=2)
        ):
            constraints[name] = draw(BOUND[kind])
    if kind in ("string", "array", "object", "list"):
        for name in draw(st.sets(st.sampled_from(["minLength", "maxLength"]), max_size=1)):
            constraints[name] = draw(st.integers(0, 4))
    if kind == "string" and draw(st.integers(0, 2)) == 0:
        constraints["pattern"] = draw(PATTERNS)
    if kind in ENUM and draw(st.integers(0, 4)) == 0:
        constraints["enum"] = draw(ENUM[kind])
    return constraints


@st.composite
def field_of(draw, name, *, nested=True):
    kind = draw(st.sampled_from(TYPES))
    field = {"name": name, "type": kind, "format": draw(st.sampled_from(FORMATS.get(kind, ["default"])))}
    constraints = draw(constraints_of(kind))
    if nested and kind not in ("array", "object", "list", "geojson") and draw(st.integers(0, 5)) == 0:
        constraints["unique"] = True
    if constraints:
        field["constraints"] = constraints
    missing = draw(MISSING)
    if missing is not None and draw(st.integers(0, 3)) == 0:
        field["missingValues"] = missing
    if kind in ("integer", "number") and draw(st.integers(0, 4)) == 0:
        field["bareNumber"] = draw(st.booleans())
    if kind == "number" and draw(st.integers(0, 3)) == 0:
        field.update(draw(st.sampled_from([{"floatNumber": True}, {"groupChar": ","}, {"decimalChar": ","}])))
    if kind == "list":
        field["itemType"] = draw(st.sampled_from(["string", "integer", "boolean", "date"]))
    if kind == "boolean" and draw(st.integers(0, 3)) == 0:
        field["trueValues"] = ["a", "ja"]
    if nested and kind == "array" and draw(st.booleans()):
        item = draw(field_of(name, nested=False))
        item.pop("name")
        field["arrayItem"] = item
    return field


#: Arrow types that the field type is likely to accept, so that good cells are common.
FRIENDLY = {
    "integer": [pa.int64(), pa.int8(), pa.uint64(), pa.float64(), pa.string()],
    "number": [pa.float64(), pa.float32(), pa.int64(), pa.decimal128(6, 2), pa.string()],
    "date": [pa.date32(), pa.timestamp("us"), pa.string()],
    "datetime": [pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.timestamp("ms", "Asia/Kolkata"), pa.string()],
    "time": [pa.time64("us"), pa.string()],
    "duration": [pa.duration("us"), pa.string()],
    "boolean": [pa.bool_(), pa.string()],
    "array": [*NESTED, pa.string()],
    "object": [NESTED[3], NESTED[5], pa.string()],
    "list": [pa.list_(pa.string()), pa.list_(pa.int64()), pa.string()],
    "year": [pa.int64(), pa.int8(), pa.string(), pa.bool_()],
}


@st.composite
def cases(draw):
    """A schema, an Arrow table and how it is cut."""
    width = draw(st.integers(1, 4))
    names = list(string.ascii_lowercase[:width])
    fields = [draw(field_of(name)) for name in names]
    schema = {"fields": fields}
    if (missing := draw(MISSING)) is not None:
        schema["missingValues"] = missing
    if draw(st.integers(0, 3)) == 0:
        plain = [field["name"] for field in fields if field["type"] not in ("array", "object", "list", "geojson")]
        if plain:
            schema["primaryKey"] = draw(st.lists(st.sampled_from(plain), min_size=1, max_size=2, unique=True))
    labels = list(names)
    if draw(st.integers(0, 4)) == 0:
        schema["fieldsMatch"] = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
        labels = draw(st.permutations([*names, "z"]))[: draw(st.integers(1, width + 1))]
    count = draw(st.integers(0, 12))
    by_name = {field["name"]: field for field in fields}
    arrays = []
    for index, label in enumerate(labels):
        field = by_name.get(label) if "fieldsMatch" in schema else (fields[index] if index < width else None)
        friendly = FRIENDLY.get(field["type"] if field else "any", [pa.string()])
        kind = draw(st.sampled_from(friendly + (SCALARS + NESTED if draw(st.integers(0, 3)) == 0 else [])))
        values = draw(st.lists(items_of(kind), min_size=count, max_size=count))
        if draw(st.integers(0, 2)) == 0 and values:
            # Repeated values, so that keys collide and enums are met.
            values = [values[draw(st.integers(0, min(2, count - 1)))] for _ in values]
        arrays.append(pa.array(values, kind))
    return pa.table(arrays, names=labels), schema, draw(st.integers(1, 5))
