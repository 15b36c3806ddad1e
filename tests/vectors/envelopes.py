"""Envelopes, batches and attestations, as docs/protocol.md tells them."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from primitives import (
    NONCE, TAG, Reader, Refused, derive, inflate, keyed, leb, require, seal, signed_leb, unseal,
    verify,
)

DICTIONARY = Path(__file__).resolve().parents[2] / "core/engine/dict/v1.dict"
MAX_INFLATED = 4 << 20
BATCH, CARRIED = 1, 2
KINDS = {"batch": BATCH, "carried": CARRIED}


@dataclass
class Opened:
    """Everything that an opener comes to on its way."""

    kind: int
    aad: bytes
    sealing_key: bytes
    nonce_key: bytes
    nonce: bytes
    sealed: bytes
    plain: bytes
    changes: list
    attestations: list


@dataclass
class Change:
    """An Automerge change, as far as its place among others goes."""

    actor: bytes
    seq: int
    deps: list
    chunk: bytes
    hash: bytes


def keys(secret, thread):
    parts = (secret, thread)
    return derive("tandem/envelope-key/1", *parts), derive("tandem/envelope-nonce/1", *parts)


def padded_length(plain):
    length = max(plain + 1 + TAG, 64)
    exponent = length.bit_length() - 1
    step = 1 << exponent - exponent.bit_length()
    return -(-length // step) * step - TAG


def pad(plain):
    return (plain + b"\x80").ljust(padded_length(len(plain)), b"\0")


def unpad(padded):
    plain = padded.rstrip(b"\0")
    require(plain.endswith(b"\x80"), "no padding")
    plain = plain[:-1]
    require(pad(plain) == padded, "padding of another length")
    return plain


def seal_item(secret, thread, kind, epoch, plain, nonce=None, padded=None):
    """An envelope as a member makes it; or, with a nonce or padding of its own, as it must not."""
    head = bytes([1, kind]) + leb(epoch)
    aad = thread + head
    sealing, naming = keys(secret, thread)
    padded = padded or pad(plain)
    nonce = nonce or keyed(naming, aad, padded)[:NONCE]
    return head + nonce + seal(sealing, nonce, aad, padded)


def open_item(secrets, thread, roster, item):
    """Opens an envelope with the secrets of epochs, by number, and checks who made its batch."""
    read = Reader(item)
    version, kind = read.byte(), read.byte()
    require(version == 1 and kind in (BATCH, CARRIED), "not an envelope")
    epoch = read.leb()
    aad = thread + item[: len(item) - len(read.data)]
    nonce, sealed = read.take(NONCE), read.data
    require(len(sealed) >= TAG, "it ends before its tag")
    require(epoch in secrets, "an epoch without a key here")
    sealing, naming = keys(secrets[epoch], thread)
    padded = unseal(sealing, nonce, aad, sealed)
    require(keyed(naming, aad, padded)[:NONCE] == nonce, "another nonce than these words have")
    plain = unpad(padded)
    changes, attestations = read_batch(thread, roster, kind, plain)
    return Opened(kind, aad, sealing, naming, nonce, sealed, plain, changes, attestations)


def read_head(plain):
    """The log head before a batch (the beginning of a generation, a seq, the beginning of the chain
    there), and the batch."""
    read = Reader(plain)
    require(read.byte() == 2, "no log head")
    return read.take(4), read.leb(), read.take(16), read.data


def read_batch(thread, roster, kind, plain):
    read = Reader(plain)
    if kind == BATCH and plain[:1] == b"\x02":
        read = Reader(read_head(plain)[-1])
    require(read.byte() == 1, "another version of batch and dictionary")
    devices = {derive("tandem/actor/1", thread, device)[:16]: device for device in roster}
    if kind == BATCH:
        signature = read.take(64)
        changes = unpack(read)
        device = author(devices, changes[-1])
        attestations = [(device, changes[-1].hash, signature)]
    else:
        attestations = [tuple(read.take(n) for n in (32, 32, 64)) for _ in range(read.leb())]
        order = [signed[:2] for signed in attestations]
        require(all(a < b for a, b in zip(order, order[1:])), "attestations out of order")
        changes = unpack(read)
    for change in changes:
        author(devices, change)
    check_order(changes, one_author=kind == BATCH)
    check_attested(thread, roster, devices, changes, attestations)
    return changes, attestations


def author(devices, change):
    require(len(change.actor) == 20, "an actor of another length")
    require(change.actor[:16] in devices, "a change by nobody in the roster")
    return devices[change.actor[:16]]


def check_order(changes, one_author):
    places = {(change.actor, change.seq): change for change in changes}
    require(len(places) == len(changes), "two changes of one number")
    for change in changes:
        require(change.seq > 0, "a change before the first")
        before = places.get((change.actor, change.seq - 1))
        require(not before or before.hash in change.deps, "not after its author's previous one")
    if one_author:
        require(len({change.actor for change in changes}) == 1, "more than one author")
        steps = zip(changes, changes[1:])
        require(all(b.seq == a.seq + 1 for a, b in steps), "a number is left out")


def check_attestation(thread, device, actor, seq, change, signature):
    verify(device, signature, "tandem/batch/1", thread, actor, seq.to_bytes(8, "little"), change)


def check_attested(thread, roster, devices, changes, attestations):
    """Every change is attested, or an ancestor of one that the same device attested."""
    by_hash = {change.hash: change for change in changes}
    missing = set(by_hash)
    for device, attested, signature in attestations:
        require(device in roster, "attested by nobody in the roster")
        change = by_hash.get(attested)
        # An opener that holds the rest of the document looks there.
        require(change, "an attestation of a change that is not here")
        require(author(devices, change) == device, "attested by another than its author")
        check_attestation(thread, device, change.actor, change.seq, attested, signature)
        following, seen = [attested], set()
        while following:
            here = by_hash.get(following.pop())
            if here and here.hash not in seen:
                seen.add(here.hash)
                following += here.deps
                if devices[here.actor[:16]] == device:
                    missing.discard(here.hash)
    require(not missing, "a change that nobody attested")


def unpack(read):
    """The changes of a batch, from what stands apart and the deflated text."""
    apart = Reader(read.bytes())
    text = Reader(inflate(read.data, DICTIONARY.read_bytes(), MAX_INFLATED))
    changes, actors, last_seq = [], [bytes(20)], {}
    start_op = time = 0

    def actor():
        place = text.leb()
        if place == len(actors):
            actors.append(apart.take(text.leb()))
        require(place < len(actors), "an actor that is not in the table")
        return place, actors[place]

    while text.data:
        deps = []
        for _ in range(text.leb()):
            back = text.leb()
            require(back <= len(changes), "a dependency before the first change")
            deps.append(changes[-back].hash if back else apart.take(32))
        place, who = actor()
        seq = last_seq.get(place, 0) + 1 + text.leb()
        last_seq[place] = seq
        start_op += text.leb()
        passed = text.leb()
        time += passed >> 1 ^ -(passed & 1)
        require(seq < 1 << 64 and start_op < 1 << 64, "a number that is too large")
        require(-(1 << 63) <= time < 1 << 63, "a time that is too large")
        message = text.bytes()
        others = [actor()[1] for _ in range(text.leb())]
        operations = text.bytes()
        body = leb(len(deps)) + b"".join(deps) + leb(len(who)) + who
        body += leb(seq) + leb(start_op) + signed_leb(time) + leb(len(message)) + message
        body += leb(len(others)) + b"".join(leb(len(other)) + other for other in others)
        hashed = b"\x01" + leb(len(body) + len(operations)) + body + operations
        digest = sha256(hashed).digest()
        chunk = b"\x85\x6f\x4a\x83" + digest[:4] + hashed
        changes.append(Change(who, seq, deps, chunk, digest))
    apart.end()
    if not changes:
        raise Refused("a batch without changes")
    return changes
