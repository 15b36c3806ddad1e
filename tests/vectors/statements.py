"""Receipts, requests for a seat, farewells and invitations, as docs/protocol.md tells them."""

from primitives import Reader, derive, from_base32, number, require, verify

ROLES = ("guardian", "teacher", "specialist", "lead", "archive", "student")
MAX_PACKAGE = 4 << 10


def item_hash(item):
    return derive("tandem/item/1", item)


def receipt_leaf(generation, thread, seq, item):
    return derive("tandem/receipt/1", generation, thread, number(seq), item)


def tree_root(leaf, index, size, siblings):
    """The root to which a leaf's siblings lead it."""
    require(index < size < 1 << 32, "a place outside the tree")
    sides = []
    while size > 1:
        left = 1 << (size - 1).bit_length() - 1
        sides.append(index >= left)
        index, size = (index - left, size - left) if sides[-1] else (index, left)
    require(len(sides) == len(siblings), "another number of siblings than its place asks for")
    for right, sibling in zip(reversed(sides), siblings):
        pair = (sibling, leaf) if right else (leaf, sibling)
        leaf = derive("tandem/tree/1", *pair)
    return leaf


def check_receipt(relay, generation, thread, seq, item, time, index, size, siblings, signature):
    """Checks a receipt and gives its leaf and the tree's root."""
    leaf = receipt_leaf(generation, thread, seq, item_hash(item))
    root = tree_root(leaf, index, size, siblings)
    said = generation + number(time) + size.to_bytes(4, "little") + root
    verify(relay, signature, "tandem/receipts/1", said)
    return leaf, root


def read_seat_request(thread, item):
    """Checks a request for a seat and gives its device, key package and signature."""
    read = Reader(item)
    require(read.take(2) == bytes([1, 17]), "not a request for a seat")
    device, package, signature = read.take(32), read.bytes(), read.take(64)
    read.end()
    require(len(package) <= MAX_PACKAGE, "a key package that is too long")
    verify(device, signature, "tandem/seat/1", thread, package)
    return device, package, signature


def check_farewell(thread, device, signature):
    verify(device, signature, "tandem/farewell/1", thread)


def read_farewell(thread, item):
    """Checks a farewell and gives its device and signature."""
    read = Reader(item)
    require(read.take(2) == bytes([1, 18]), "not a farewell")
    device, signature = read.take(32), read.take(64)
    read.end()
    check_farewell(thread, device, signature)
    return device, signature


def read_invitation(text):
    """The parts of an invitation, by name."""
    text = text.strip()
    require(text[:9].lower() == "tandem://", "another scheme")
    kind, *parts = text[9:].split("/")
    require(kind.lower() == "join" and len(parts) == 5, "not an invitation, or not whole")
    address, relay, thread, role, secret = parts
    host, colon, port = address.rpartition(":")
    require(colon and host and port.isdecimal() and 0 < int(port) < 1 << 16, "not an address")
    require(role.lower() in ROLES, "no such role")
    return {
        "address": address.lower(),
        "relay": from_base32(relay, 32),
        "thread": from_base32(thread, 20),
        "role": role.lower(),
        "secret": from_base32(secret, 16),
    }


def follows_from(secret, one_time):
    """What an invite's secret gives, and with it a newcomer's one-time key."""
    return {
        "invite_id": derive("tandem/invite-id/1", secret)[:16],
        "request_box": derive("tandem/request-box/1", secret)[:16],
        "request_key": derive("tandem/join-request/1", secret),
        "welcome_box": derive("tandem/welcome-box/1", secret, one_time)[:16],
    }
