#!/usr/bin/python3
"""usage: protobuf_peer.py FOLDER_OF_SYNC_PROTO FOLDER SEED

Google's implementation as the other end of sync's Protobuf. Reads FOLDER/ours (a line: the hex of an envelope, a tab, the
JSON it was made of), checks that Google's reader sees the same, and writes FOLDER/theirs: envelopes of Google's writer,
and damaged ones, each with what Google's reader makes of it (JSON, or "refused").
"""
import json
import random
import subprocess
import sys
import warnings

from google.protobuf import json_format
from google.protobuf.message import DecodeError, EncodeError

source, folder, seed = sys.argv[1:]
subprocess.run(["protoc", f"--proto_path={source}", f"--python_out={folder}", "sync.proto"], check=True)
sys.path.insert(0, folder)
import sync_pb2  # noqa: E402  (made by the line above)

TEXTS = ["session_id", "user_id", "device_id", "correlation_id"]
NUMBERS = ["timestamp", "seq"]
chance = random.Random(int(seed))
# "Unexpected end-group tag: Not all data was converted": every other implementation refuses such a message.
warnings.simplefilter("error", RuntimeWarning)


def seen(data):
    """What Google's reader makes of some bytes; None where it refuses them, or JSON cannot express them."""
    envelope = sync_pb2.Envelope()
    try:
        envelope.ParseFromString(data)
        fields = {"type": envelope.type}
        for name in TEXTS + NUMBERS:
            if getattr(envelope, name):
                fields[name] = getattr(envelope, name)
        if envelope.HasField("payload"):
            fields["payload"] = json_format.MessageToDict(envelope.payload)
        json.dumps(fields, allow_nan=False)
        return fields
    except (DecodeError, json_format.Error, ValueError, UnicodeError, RuntimeWarning):
        return None


def written(fields):
    """The envelope that Google's writer makes of the JSON of a message."""
    envelope = sync_pb2.Envelope(type=fields["type"])
    for name in TEXTS + NUMBERS:
        if fields.get(name):
            setattr(envelope, name, fields[name])
    if "payload" in fields:
        json_format.ParseDict(fields["payload"], envelope.payload)
        envelope.payload.SetInParent()
    return envelope.SerializeToString()


def floats(value):
    """The same with every number as a double, which is all that a Struct has."""
    if isinstance(value, dict):
        return {key: floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [floats(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def damaged(data, others):
    """A few changes, among them those that merge messages and repeat fields."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and place < len(data):
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1 and place < len(data):
            del data[place]
        elif kind == 2:
            data[place:place] = chance.choice([b"\x00", b"\xff", b"\x0b\x0c", b"\x5b\x08\x01\x5c", b"\x38\x81\x00"])
        elif kind == 3:
            del data[place:]
        elif kind == 4:
            data += chance.choice(others)
        else:
            start = chance.randrange(place + 1)
            data[place:place] = data[start:place]
    return bytes(data)


def main():
    ours = [line.rstrip("\n").split("\t") for line in open(f"{folder}/ours", encoding="utf-8")]
    envelopes = [bytes.fromhex(text) for text, _ in ours]
    for data, (_, text) in zip(envelopes, ours):
        fields = json.loads(text)
        wanted = {key: value for key, value in fields.items() if key == "type" or value not in ("", None, 0)}
        wanted["payload"] = floats(wanted["payload"])
        found = seen(data)
        if found != wanted:
            sys.exit(f"Google's reader sees {found}\nwhere we wrote   {wanted}")
    cases = [written(json.loads(text)) for _, text in ours]
    cases += [damaged(data, envelopes) for data in envelopes for _ in range(4)]
    with open(f"{folder}/theirs", "w", encoding="utf-8") as file:
        for data in cases:
            fields = seen(data)
            if fields is not None and depth(fields) > 32:
                continue
            file.write(f"{data.hex()}\t{'refused' if fields is None else json.dumps(fields)}\n")


main()
