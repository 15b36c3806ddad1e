"""What docs/protocol.md takes as given: hashes with a domain, signatures, sealing, numbers."""

import zlib

from blake3 import blake3
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open,
    crypto_aead_xchacha20poly1305_ietf_encrypt as aead_seal,
)
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

NONCE = 16
TAG = 16


class Refused(Exception):
    """These bytes are not what they should be. Any other exception is a mistake of this program."""


def require(holds, why):
    if not holds:
        raise Refused(why)


def number(value):
    """A number among the parts of a hash."""
    return value.to_bytes(8, "little")


def framed(parts):
    return b"".join(number(len(part)) + part for part in parts)


def derive(domain, *parts):
    """The hash of parts in a domain."""
    return blake3(framed(parts), derive_key_context=domain).digest()


def keyed(key, *parts):
    return blake3(framed(parts), key=key).digest()


def sign(seed, domain, *parts):
    return SigningKey(seed).sign(derive(domain, *parts)).signature


def verify(key, signature, domain, *parts):
    """Strictly: libsodium refuses keys of small order and second spellings of keys and numbers."""
    try:
        VerifyKey(key).verify(derive(domain, *parts), signature)
    except (CryptoError, ValueError) as why:
        raise Refused(f"a signature in {domain}") from why


def public(seed):
    return bytes(SigningKey(seed).verify_key)


def whole(nonce):
    """A nonce as XChaCha20-Poly1305 takes it: one of 16 bytes followed by zeros."""
    return nonce.ljust(24, b"\0")


def seal(key, nonce, aad, padded):
    return aead_seal(padded, aad, whole(nonce), key)


def unseal(key, nonce, aad, sealed):
    try:
        return aead_open(sealed, aad, whole(nonce), key)
    except CryptoError as why:
        raise Refused("not sealed under this key, or for this place") from why


def inflate(squeezed, dictionary, limit):
    stream = zlib.decompressobj(wbits=-15, zdict=dictionary)
    try:
        text = stream.decompress(squeezed, limit + 1)
    except zlib.error as why:
        raise Refused("not deflated") from why
    require(len(text) <= limit, "it inflates to more than may be")
    require(stream.eof and not stream.unused_data, "a deflated stream that is cut or goes on")
    return text


def leb(value):
    """An unsigned LEB128 number in its shortest form."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def signed_leb(value):
    """A signed one."""
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value & 0x7F]))


class Reader:
    """Bytes that are read from the front."""

    def __init__(self, data):
        self.data = data

    def take(self, count):
        require(count <= len(self.data), "it ends too early")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def byte(self):
        return self.take(1)[0]

    def leb(self, bits=64):
        value = 0
        for at in range((bits + 6) // 7):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * at)
            if byte < 0x80:
                require(at == 0 or byte, "a number that is not in its shortest form")
                require(value < 1 << bits, "a number that is too large")
                return value
        raise Refused("a number that is too long")

    def bytes(self):
        """A byte string with its length in front."""
        return self.take(self.leb())

    def end(self):
        require(not self.data, "something stands behind the end")


def base32(data):
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    count = -(-len(data) * 8 // 5)
    value = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return "".join(alphabet[value >> 5 * place & 31] for place in reversed(range(count)))


def from_base32(text, length):
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    value = 0
    for letter in text.lower():
        require(letter in alphabet, "a letter that base32 has not")
        value = value << 5 | alphabet.index(letter)
    spare = len(text) * 5 - length * 8
    require(0 <= spare < 5, "an id of another length")
    require(value & (1 << spare) - 1 == 0, "spare bits that are not zero")
    return (value >> spare).to_bytes(length, "big")
