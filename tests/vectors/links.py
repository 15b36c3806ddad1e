"""Roster links, as docs/protocol.md tells them: signatures, and who may stand behind whom."""

from dataclasses import dataclass, field

from primitives import Reader, derive, require, verify
from statements import MAX_PACKAGE, ROLES, check_farewell, item_hash

KINDS = ("joint", "household", "staff", "desk")
STATEMENTS = ("genesis", "admit", "reseat", "refound", "readmit", "remove", "renew")
REASONS = ("decided", "left", "removed")
STAFF = ("teacher", "specialist", "lead")
MAX_COMMIT, MAX_WELCOME = 64 << 10, 128 << 10
MAX_LEAVERS, MAX_INCARNATIONS = 8, 1024


@dataclass
class Leaver:
    """A device that is taken out, and why."""

    device: bytes
    because: str
    proof: tuple
    words: list


@dataclass
class Link:
    """A link whose signature holds; its place in a chain is another matter."""

    hash: bytes
    previous: bytes
    at: int
    says: str
    author: bytes
    commit: bytes
    welcome: bytes
    card: dict = field(default_factory=dict)
    invite: bytes = b""
    asked: tuple = ()
    leavers: list = field(default_factory=list)
    transport: bytes = b""
    proof: bytes = b""

    @property
    def out(self):
        return [leaver.device for leaver in self.leavers]


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


def several(read, limit, one):
    count = read.leb()
    require(count <= limit, "more than may be")
    return [one(read) for _ in range(count)]


def leaver(read):
    device, because = read.take(32), one_of(read, REASONS)
    proof = ()
    if because == "left":
        proof = read.take(32), read.take(64)
    elif because == "removed":
        proof = (read.take(32),)
    words = several(read, MAX_INCARNATIONS, lambda read: (read.take(4), read.leb()))
    return Leaver(device, because, proof, words)


def read_link(item):
    read = Reader(item)
    require(read.take(2) == bytes([1, 16]), "not a roster link")
    previous, rest = read.take(32), read.data
    at, says = read.leb(), one_of(read, STATEMENTS)
    more = {}
    if says == "genesis":
        one_of(read, KINDS)
        read.take(16)
        more["card"] = card(read)
    if says in ("admit", "readmit"):
        more = {"card": card(read), "invite": read.take(16)}
    if says == "reseat":
        more["asked"] = read.take(32), short(read, MAX_PACKAGE), read.take(64)
    if says in ("refound", "readmit", "remove"):
        more["leavers"] = several(read, MAX_LEAVERS, leaver)
    if says == "renew":
        more["transport"], more["proof"] = read.take(32), read.take(64)
    said = rest[: len(rest) - len(read.data)]
    author = read.take(32)
    commit, welcome = short(read, MAX_COMMIT), short(read, MAX_WELCOME)
    signature = read.take(64)
    read.end()
    verify(author, signature, "tandem/roster/1", previous, said, commit, welcome)
    return Link(item_hash(item), previous, at, says, author, commit, welcome, **more)


def read_chain(thread, items):
    """The links of a chain, each where it may stand."""
    require(items and thread_of(items[0]) == thread, "the genesis of another thread")
    links = [read_link(item) for item in items]
    first, *later = links
    founded = first.says == "genesis" and first.previous == bytes(32)
    require(founded and not first.commit + first.welcome, "not a genesis")
    require(first.card["device"] == first.author, "founded by another than its author")
    chain = Chain(thread, first.card)
    for before, link in zip(links, later):
        require(link.previous == before.hash, "not behind the link before")
        chain.take(link)
    return links


class Chain:
    """Who is in, and what may come next."""

    def __init__(self, thread, founder):
        self.thread, self.founder = thread, founder["person"]
        self.members = {founder["device"]: founder}
        self.ever, self.answered = [founder], set()
        self.lines = [(founder["device"], founder["transport"])]

    def take(self, link):
        require(link.author in self.members, "by nobody who is in")
        by = self.members[link.author]
        if link.says == "reseat":
            self.reseat(link)
        elif link.says in ("admit", "readmit"):
            self.let_in(by, link)
        elif link.says == "renew":
            require(link.transport != by["transport"], "the key that they have")
            verify(link.transport, link.proof, "tandem/renewal/1", self.thread, link.author)
            self.is_free(link.author, link.transport)
            self.lines.append((link.author, link.transport))
            self.members[link.author] = {**by, "transport": link.transport}
        elif link.says == "refound":
            require(not link.commit + link.welcome, "a new group has no commit")
        else:
            require(link.says == "remove" and link.leavers, "nobody is taken out")
        self.let_out(by, link)
        if link.card:
            self.members[link.card["device"]] = link.card
            self.ever.append(link.card)
            self.lines.append((link.card["device"], link.card["transport"]))

    def is_free(self, device, transport):
        taken = [who for who, line in self.lines if line == transport and who in self.members]
        require(all(who == device for who in taken), "a line that another member has or had")

    def reseat(self, link):
        device, package, signature = link.asked
        require(device in self.members and device != link.author, "not theirs to ask or answer")
        require(link.asked not in self.answered, "answered before")
        verify(device, signature, "tandem/seat/1", self.thread, package)
        self.answered.add(link.asked)

    def let_in(self, by, link):
        """A guardian lets in guardians; who speaks for the school, or founded the thread, all."""
        new, role = link.card, link.card["role"]
        require(all(card["device"] != new["device"] for card in self.ever), "in already, or was")
        self.is_free(new["device"], new["transport"])
        known = [card for card in self.ever if card["person"] == new["person"]]
        require(not known or known[-1]["role"] == role, "the same person in another role")
        if known and link.says == "admit":
            require(by["person"] == new["person"], "only they bring in their second device")
            return
        staff = by["role"] in STAFF or by["person"] == self.founder
        require(role not in ("archive", "student"), "a role that nobody is let in as")
        require(staff or by["role"] == role == "guardian", "not theirs to let in")
        if link.says == "readmit":
            theirs = {d for d, card in self.members.items() if card["person"] == new["person"]}
            require(known and theirs == set(link.out), "not with every device that they had")

    def let_out(self, by, link):
        require(len(set(link.out)) == len(link.out), "taken out twice")
        # Who is in when the link is made, for each of those that it takes out.
        members = dict(self.members)
        for leaver in link.leavers:
            require(leaver.device in members, "nobody who is in")
            require(leaver.device != link.author, "nobody takes out themselves")
            whom = members[leaver.device]
            if leaver.because == "left":
                device, signature = leaver.proof
                require(members.get(device, {}).get("person") == whom["person"], "not their word")
                check_farewell(self.thread, device, signature)
            else:
                # What another chain says is not in these vectors.
                decided = leaver.because == "decided" and self.may_decide(by, whom, link)
                require(decided, "not theirs to take out")
            del self.members[leaver.device]

    def may_decide(self, by, whom, link):
        if by["person"] == whom["person"] or link.says == "readmit":
            return True
        guardians = by["role"], whom["role"]
        if whom["role"] == "guardian":
            return guardians == ("guardian", "guardian")
        if link.says == "refound":
            return True
        return by["role"] == "lead" or by["person"] == self.founder
