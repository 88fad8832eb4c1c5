"""Values between the scenarios and Python: what is bound, and what is read as JSON."""

import datetime
import decimal


def text(value):
    """The value as JSON: text for scalars, lists and objects for what is nested."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {key: text(item) for key, item in value.items()}
    if hasattr(value, "tolist") and not isinstance(value, (int, float, str)):
        value = value.tolist()
    if isinstance(value, tuple):
        return [text(item) for item in value]
    if isinstance(value, list):
        if value and all(isinstance(item, tuple) and len(item) == 2 for item in value):
            return {str(key): text(item) for key, item in value}
        return [text(item) for item in value]
    return str(value)


BIND = {
    "int": int,
    "bigint": int,
    "double": float,
    "boolean": lambda value: value == "true",
    "string": str,
    "decimal": decimal.Decimal,
    "date": datetime.date.fromisoformat,
    "timestamp": datetime.datetime.fromisoformat,
}
