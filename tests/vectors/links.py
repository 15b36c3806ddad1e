"""Roster links, as docs/protocol.md tells them: signatures, and who may stand behind whom."""

from dataclasses import dataclass, field

from primitives import Reader, derive, require, verify
from statements import MAX_PACKAGE, ROLES, item_hash

KINDS = ("joint", "household", "staff", "desk")
MAX_COMMIT, MAX_WELCOME = 64 << 10, 128 << 10


@dataclass
class Link:
    """A link whose signature holds; its place in a chain is another matter."""

    hash: bytes
    previous: bytes
    says: str
    author: bytes
    commit: bytes
    welcome: bytes
    card: dict = field(default_factory=dict)
    invite: bytes = b""
    asked: tuple = ()


def thread_of(genesis):
    return derive("tandem/thread/1", genesis)[:20]


def one_of(read, names):
    place = read.leb(32)
    require(place < len(names), "a word that this version does not know")
    return names[place]


def card(read):
    person, role = read.take(16), one_of(read, ROLES)
    return {"person": person, "role": role, "device": read.take(32), "transport": read.take(32)}


def short(read, limit):
    data = read.bytes()
    require(len(data) <= limit, "a byte string over its limit")
    return data


def read_link(item):
    read = Reader(item)
    require(read.take(2) == bytes([1, 16]), "not a roster link")
    previous, rest = read.take(32), read.data
    says = one_of(read, ("genesis", "admit", "reseat", "refound"))
    more = {}
    if says == "genesis":
        one_of(read, KINDS)
        read.take(16)
        more["card"] = card(read)
    elif says == "admit":
        more = {"card": card(read), "invite": read.take(16)}
    elif says == "reseat":
        more["asked"] = read.take(32), short(read, MAX_PACKAGE), read.take(64)
    said = rest[: len(rest) - len(read.data)]
    author = read.take(32)
    commit, welcome = short(read, MAX_COMMIT), short(read, MAX_WELCOME)
    signature = read.take(64)
    read.end()
    verify(author, signature, "tandem/roster/1", previous, said, commit, welcome)
    return Link(item_hash(item), previous, says, author, commit, welcome, **more)


def read_chain(thread, items):
    """The links of a chain, each where it may stand."""
    require(items and thread_of(items[0]) == thread, "the genesis of another thread")
    links = [read_link(item) for item in items]
    first, *later = links
    founded = first.says == "genesis" and first.previous == bytes(32)
    require(founded and not first.commit + first.welcome, "not a genesis")
    require(first.card["device"] == first.author, "founded by another than its author")
    members = {first.author: first.card}
    for before, link in zip(links, later):
        require(link.previous == before.hash, "not behind the link before")
        require(link.author in members, "by nobody who is in")
        if link.says == "reseat":
            device, package, signature = link.asked
            require(device in members and device != link.author, "not theirs to ask or answer")
            verify(device, signature, "tandem/seat/1", thread, package)
        else:
            # The vectors have no chain on which a group was founded anew.
            require(link.says == "admit" and link.card["device"] not in members, "in already")
            may_admit(members, first.card["person"], link)
            members[link.card["device"]] = link.card
    return links


def may_admit(members, founder, link):
    """A guardian lets in guardians; who speaks for the school, or founded the thread, all others."""
    by, role = members[link.author], link.card["role"]
    require(role not in ("archive", "student"), "a role that nobody is let in as")
    staff = by["role"] in ("teacher", "specialist", "lead") or by["person"] == founder
    require(staff or by["role"] == role == "guardian", "not theirs to let in")
