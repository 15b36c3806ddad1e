"""Reads the known-answer vectors beside it as a program that is not Tandem.

Written from docs/protocol.md alone. Every vector must come out as it says, and every altered one must
be refused. `cargo xtask vectors` runs this with what requirements.txt names.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

import envelopes
import links
import rest
import statements
from primitives import Refused, base32, leb, public, require, sign

HERE = Path(__file__).resolve().parent


# What is text in a vector and no bytes.
WORDS = ("kind", "text", "address", "role", "says")


def unhex(value):
    """A vector's values, hexadecimal text as bytes."""
    if isinstance(value, dict):
        return {key: as_text(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unhex(inner) for inner in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


def as_text(key, value):
    return value if key in WORDS else unhex(value)


def flipped(data, step=1):
    """The bytes with each bit, or each so many, flipped in turn."""
    for bit in range(0, len(data) * 8, step):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def altered(inputs, fields):
    """The inputs with each bit of each of these fields flipped."""
    for field in fields:
        for value in flipped(inputs[field]):
            yield f"{field} with a bit flipped", inputs | {field: value}


# Envelopes


def open_envelope(inputs):
    secrets = {inputs["epoch"]: inputs["epoch_secret"]}
    return envelopes.open_item(secrets, inputs["thread"], inputs["roster"], inputs["item"])


def check_envelope(inputs, expected):
    opened = open_envelope(inputs)
    require(envelopes.KINDS[inputs["kind"]] == opened.kind, "another kind")
    for field in ("sealing_key", "nonce_key", "aad", "nonce", "sealed", "plain"):
        require(getattr(opened, field) == expected[field], f"another {field}")
    require(statements.item_hash(inputs["item"]) == expected["item_hash"], "another item hash")
    changes = [
        {"actor": one.actor, "seq": one.seq, "hash": one.hash, "chunk": one.chunk}
        for one in opened.changes
    ]
    require(changes == expected["changes"], "other changes")
    attested = [(one["device"], one["change"], one["signature"]) for one in expected["attestations"]]
    require(opened.attestations == attested, "other attestations")
    place = inputs["epoch_secret"], inputs["thread"], opened.kind, inputs["epoch"]
    require(envelopes.seal_item(*place, opened.plain) == inputs["item"], "sealed otherwise")


def altered_envelopes(inputs, expected):
    yield from altered(inputs, ("item", "thread", "epoch_secret"))
    item, thread, secret = inputs["item"], inputs["thread"], inputs["epoch_secret"]
    yield "a key of another epoch only", inputs | {"epoch": inputs["epoch"] + 1}
    # An epoch whose secret happens to be the same: the header is bound all the same.
    body = item[2 + len(leb(inputs["epoch"])) :]
    for epoch in (inputs["epoch"] + 1, inputs["epoch"] + 1000):
        moved = item[:2] + leb(epoch) + body
        yield "said to be of another epoch", inputs | {"epoch": epoch, "item": moved}
    other = bytes(byte ^ 0xFF for byte in thread)
    yield "another thread", inputs | {"thread": other}
    for end in range(len(item)):
        yield "cut short", inputs | {"item": item[:end]}
    yield "a byte behind it", inputs | {"item": item + b"\0"}
    kind, plain = envelopes.KINDS[inputs["kind"]], expected["plain"]
    place = secret, thread, kind, inputs["epoch"]
    for device in {signed["device"] for signed in expected["attestations"]}:
        roster = [one for one in inputs["roster"] if one != device]
        yield "by nobody in the roster", inputs | {"roster": roster}
    # What a member can do that has the epoch's secret, and must not.
    again = bytes(16)
    yield "a nonce of its own", inputs | {"item": envelopes.seal_item(*place, plain, nonce=again)}
    longer = envelopes.pad(plain) + bytes(16)
    yield "longer padding", inputs | {"item": envelopes.seal_item(*place, plain, padded=longer)}
    kind = envelopes.BATCH + envelopes.CARRIED - kind
    yield "as the other kind", inputs | {
        "item": envelopes.seal_item(secret, thread, kind, inputs["epoch"], plain)
    }
    foreign = sign(bytes([9]) * 32, "tandem/batch/1", thread)
    head = 1 if inputs["kind"] == "batch" else 2 + 64
    yield "signed by another", inputs | {
        "item": envelopes.seal_item(*place, plain[:head] + foreign + plain[head + 64 :])
    }


def check_resealed(inputs, expected):
    """A member that seals a changed batch anew never makes others' words differ."""
    place = inputs["epoch_secret"], inputs["thread"], envelopes.KINDS[inputs["kind"]], inputs["epoch"]
    same = refused = 0
    for plain in flipped(expected["plain"]):
        try:
            opened = open_envelope(inputs | {"item": envelopes.seal_item(*place, plain)})
        except Refused:
            refused += 1
            continue
        # The spare bits of the last deflated byte say nothing.
        hashes = [change.hash for change in opened.changes]
        require(hashes == [one["hash"] for one in expected["changes"]], "other words were believed")
        same += 1
    require(same < 8, "flipped bits that change nothing")
    return refused


# Log heads


def read_head(inputs):
    return envelopes.read_head(**inputs)


def check_head(inputs, expected):
    generation, seq, chain, batch = read_head(inputs)
    require(expected["generation"].startswith(generation), "another generation")
    require(seq == expected["seq"] and expected["chain"].startswith(chain), "another place")
    require(batch == expected["batch"], "another batch")


def altered_heads(inputs, expected):
    # Nothing in a head proves itself; the envelope around it does.
    for end in range(len(inputs["plain"]) - len(expected["batch"])):
        yield "cut short", inputs | {"plain": inputs["plain"][:end]}
    yield "a batch without a head", inputs | {"plain": expected["batch"]}


# Attestations


def read_attestation(inputs):
    envelopes.check_attestation(**inputs)


def check_attestation(inputs, expected):
    read_attestation(inputs)
    seed, chunk = expected["device_seed"], expected["chunk"]
    require(public(seed) == inputs["device"], "another device")
    require(sha256(chunk[8:]).digest() == inputs["change"], "another change hash")
    said = inputs["thread"], inputs["actor"], inputs["seq"].to_bytes(8, "little"), inputs["change"]
    require(sign(seed, "tandem/batch/1", *said) == inputs["signature"], "another signature")


def altered_attestations(inputs, _):
    yield from altered(inputs, ("thread", "device", "actor", "change", "signature"))
    yield "another number", inputs | {"seq": inputs["seq"] + 1}


# Receipts


def read_receipt(inputs):
    return statements.check_receipt(**inputs)


def check_receipt(inputs, expected):
    leaf, root = read_receipt(inputs)
    require(leaf == expected["leaf"] and root == expected["root"], "another leaf or root")
    require(statements.item_hash(inputs["item"]) == expected["item_hash"], "another item hash")
    require(public(expected["relay_seed"]) == inputs["relay"], "another relay")


def altered_receipts(inputs, _):
    yield from altered(inputs, ("relay", "generation", "thread", "item", "signature"))
    for field in ("seq", "time", "index", "size"):
        for by in (1, -1):
            if inputs[field] + by >= 0:
                yield f"another {field}", inputs | {field: inputs[field] + by}
    siblings = inputs["siblings"]
    for place, sibling in enumerate(siblings):
        for value in flipped(sibling):
            changed = siblings[:place] + [value] + siblings[place + 1 :]
            yield "a sibling with a bit flipped", inputs | {"siblings": changed}
    yield "a sibling more", inputs | {"siblings": siblings + [bytes(32)]}
    if siblings:
        yield "a sibling less", inputs | {"siblings": siblings[:-1]}
    if len(siblings) > 1:
        yield "siblings the other way round", inputs | {"siblings": siblings[::-1]}


# Requests for a seat


def read_seat(inputs):
    return statements.read_seat_request(**inputs)


def check_seat(inputs, expected):
    device, package, signature = read_seat(inputs)
    require(device == expected["device"] == public(expected["device_seed"]), "another device")
    require(package == expected["package"], "another key package")
    require(signature == expected["signature"], "another signature")
    require(statements.item_hash(inputs["item"]) == expected["item_hash"], "another item hash")


def altered_items(inputs, _):
    yield from altered(inputs, ("item", "thread"))
    for end in range(len(inputs["item"])):
        yield "cut short", inputs | {"item": inputs["item"][:end]}
    yield "a byte behind it", inputs | {"item": inputs["item"] + b"\0"}


# Farewells


def read_farewell(inputs):
    return statements.read_farewell(**inputs)


def check_farewell(inputs, expected):
    device, signature = read_farewell(inputs)
    require(device == expected["device"] == public(expected["device_seed"]), "another device")
    require(signature == expected["signature"], "another signature")
    require(statements.item_hash(inputs["item"]) == expected["item_hash"], "another item hash")


# Roster links


def read_links(inputs):
    return links.read_chain(**inputs)


def check_links(inputs, expected):
    chain = read_links(inputs)
    require(len(chain) == len(expected["links"]), "another number of links")
    for link, wanted in zip(chain, expected["links"]):
        for name, value in wanted.items():
            require(getattr(link, name) == value, f"another {name}")


def altered_links(inputs, _):
    items = inputs["items"]
    yield from altered(inputs, ("thread",))
    for place, item in enumerate(items):
        around = items[:place], items[place + 1 :]
        # A bit of nearly every byte; links are long.
        for value in flipped(item, 7):
            changed = inputs | {"items": around[0] + [value] + around[1]}
            yield f"link {place} with a bit flipped", changed
        for value in (item[:-1], item + b"\0", item[: len(item) // 2]):
            yield f"link {place} cut or longer", inputs | {"items": around[0] + [value] + around[1]}
        if around[1]:
            yield f"link {place} left out", inputs | {"items": around[0] + around[1]}
        yield f"link {place} twice", inputs | {"items": around[0] + [item, item] + around[1]}


# Invitations


def read_invite(inputs):
    return statements.read_invitation(inputs["text"])


def check_invite(inputs, expected):
    for text in (inputs["text"], f" {inputs['text'].upper()}\n"):
        parts = statements.read_invitation(text)
        parts |= statements.follows_from(parts["secret"], inputs["one_time"])
        require(parts == expected, "other parts")
    path = [parts["address"], base32(parts["relay"]), base32(parts["thread"]), parts["role"]]
    spelled = "/".join(["tandem://join", *path, base32(parts["secret"])])
    require(spelled == inputs["text"], "spelled otherwise")


def altered_invites(inputs, _):
    text = inputs["text"]
    for end in range(len(text)):
        yield "cut short", inputs | {"text": text[:end]}
    yield "a letter more", inputs | {"text": text + "a"}
    yield "spare bits", inputs | {"text": text[:-1] + "b"}
    yield "not base32", inputs | {"text": text[:-1] + "1"}
    for old, new in (("tandem", "random"), ("join", "dance"), (":", ""), ("/join/", "/join//")):
        yield f"{old!r} as {new!r}", inputs | {"text": text.replace(old, new, 1)}
    role = text.split("/")[-2]
    yield "no such role", inputs | {"text": text.replace(role, "boss")}
    port = text.split("/")[3].rpartition(":")[2]
    yield "no such port", inputs | {"text": text.replace(f":{port}/", ":65536/")}


# Values at rest


def read_rest(inputs):
    return rest.open_record(**inputs)


def check_rest(inputs, expected):
    opened = read_rest(inputs)
    for name, value in expected.items():
        require(getattr(opened, name) == value, f"another {name}")
    sealed = rest.seal_value(
        opened.value_key, inputs["place"], opened.rest, opened.value, opened.nonce
    )
    require(sealed == inputs["stored"], "sealed otherwise")
    nonce, plain = inputs["wrapped"][: rest.NONCE], opened.owner_key + opened.thread
    wrapped = rest.seal_value(opened.wrap_key, inputs["wrapped_place"], b"", plain, nonce)
    require(wrapped == inputs["wrapped"], "wrapped otherwise")


def altered_rest(inputs, expected):
    yield from altered(inputs, ("root", "wrapped_place", "wrapped", "place", "stored"))
    for field in ("wrapped_place", "wrapped", "place", "stored"):
        for end in range(len(inputs[field])):
            yield f"{field} cut short", inputs | {field: inputs[field][:end]}
        yield f"a byte behind {field}", inputs | {field: inputs[field] + b"\0"}
    # A value that was put where another one belongs, of the same thread or of another.
    key, alias, kind = expected["alias_key"], expected["alias"], expected["kind"]
    for of, behind in ((kind, b"another"), (kind + 1, expected["rest"]), (kind, b"")):
        place = rest.place_of(key, alias, of, behind)
        if place != inputs["place"]:
            yield "in another place", inputs | {"place": place}
    elsewhere = rest.place_of(key, bytes(rest.ALIAS), kind, expected["rest"])
    yield "under another alias", inputs | {"place": elsewhere}
    # What only somebody with the keys can do, and must not.
    nonce, value = expected["nonce"], expected["value"]
    bound = expected["value_key"], inputs["place"]
    named = rest.seal_value(*bound, b"what the place does not say", value, nonce)
    yield "sealed as another record", inputs | {"stored": named}
    other = rest.seal_value(expected["wrap_key"], inputs["place"], expected["rest"], value, nonce)
    yield "sealed under another key", inputs | {"stored": other}
    again = bytes(rest.NONCE)
    plain = expected["owner_key"] + bytes(byte ^ 1 for byte in expected["thread"] or bytes(20))
    theirs = rest.seal_value(expected["wrap_key"], inputs["wrapped_place"], b"", plain, again)
    yield "a key said to be another thread's", inputs | {"wrapped": theirs}


# (file, reads the inputs, compares with what is expected, altered inputs, another check)
FILES = [
    ("envelope.json", open_envelope, check_envelope, altered_envelopes, check_resealed),
    ("head.json", read_head, check_head, altered_heads, None),
    ("attestation.json", read_attestation, check_attestation, altered_attestations, None),
    ("receipt.json", read_receipt, check_receipt, altered_receipts, None),
    ("seat.json", read_seat, check_seat, altered_items, None),
    ("farewell.json", read_farewell, check_farewell, altered_items, None),
    ("link.json", read_links, check_links, altered_links, None),
    ("invite.json", read_invite, check_invite, altered_invites, None),
    ("rest.json", read_rest, check_rest, altered_rest, None),
]


def mistakes(vector, read, check, alter, more):
    """What is wrong with a vector, and how many altered ones were refused."""
    inputs, expected = unhex(vector["inputs"]), unhex(vector["expected"])
    refused, wrong = 0, []
    try:
        check(inputs, expected)
        if more:
            refused += more(inputs, expected)
    except Refused as why:
        return [str(why)], 0
    for name, changed in alter(inputs, expected):
        try:
            read(changed)
            wrong.append(f"{name}, and it was believed")
        except Refused:
            refused += 1
    return wrong, refused


def main():
    passed = failed = 0
    for file, *checks in FILES:
        vectors = json.loads((HERE / file).read_text())["vectors"]
        if not vectors:
            sys.exit(f"{file} has no vectors")
        total = 0
        for vector in vectors:
            wrong, refused = mistakes(vector, *checks)
            total += refused
            passed, failed = (passed, failed + 1) if wrong else (passed + 1, failed)
            for why in wrong[:5]:
                print(f"NOT OK  {file}, {vector['name']}: {why}")
        print(f"  {file}: {len(vectors)} read, {total} altered ones refused")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
