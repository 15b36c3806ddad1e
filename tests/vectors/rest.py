"""Values at rest, as docs/protocol.md tells them."""

from dataclasses import dataclass

from primitives import TAG, derive, keyed, require, seal, unseal

BOUND = b"tandem at rest, 1, home\0"
NONCE = 24
ALIAS = 16
THREAD = 20


@dataclass
class Opened:
    """Everything that an opener comes to on its way."""

    root_id: bytes
    wrap_key: bytes
    owner_key: bytes
    thread: bytes
    value_key: bytes
    alias_key: bytes
    alias: bytes
    kind: int
    rest: bytes
    aad: bytes
    nonce: bytes
    value: bytes


def half(whole):
    return whole[:ALIAS]


def place_of(alias_key, alias, kind, rest):
    """Where the disk has a record."""
    return bytes([kind]) + alias + (half(keyed(alias_key, bytes([kind]), rest)) if rest else b"")


def seal_value(key, place, rest, value, nonce):
    return nonce + seal(key, nonce, BOUND + place, len(rest).to_bytes(2, "little") + rest + value)


def open_value(key, place, stored):
    """What stands in front of the value, and the value."""
    require(len(stored) >= NONCE + 2 + TAG, "shorter than anything sealed")
    plain = unseal(key, stored[:NONCE], BOUND + place, stored[NONCE:])
    length = int.from_bytes(plain[:2], "little")
    require(len(plain) >= 2 + length, "a length beyond the end")
    return plain[2 : 2 + length], plain[2 + length :]


def open_record(root, wrapped_place, wrapped, place, stored):
    """Opens a wrapped key with the root key, and a record with that."""
    root_id, wrap_key = derive("tandem/at-rest-root-id/1", root)[:8], derive("tandem/at-rest-wrap/1", root)
    require(wrapped_place[:9] == b"\0" + root_id, "not a key that this root key wrapped")
    nothing, plain = open_value(wrap_key, wrapped_place, wrapped)
    owner_key, thread = plain[:32], plain[32:]
    require(not nothing and len(owner_key) == 32, "not a wrapped key")
    require(len(thread) in (0, THREAD), "a thread's id of another length")
    value_key, alias_key = (derive(f"tandem/at-rest-{of}/1", owner_key) for of in ("value", "alias"))
    alias = half(keyed(alias_key, thread))
    require(wrapped_place[9:] == alias, "under another alias than the key's own")
    require(place[1 : 1 + ALIAS] == alias, "a record under another key")
    rest, value = open_value(value_key, place, stored)
    require(place[0] and place == place_of(alias_key, alias, place[0], rest), "in another place")
    return Opened(
        root_id, wrap_key, owner_key, thread, value_key, alias_key, alias, place[0], rest,
        BOUND + place, stored[:NONCE], value,
    )
