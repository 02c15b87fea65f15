"""Frames as ../WIRE.md describes them: written from the description alone, as a second implementer
would, so that description and reference prove each other."""

import struct
from dataclasses import dataclass

REQUEST, ACCEPT, REJECT, DATA, DISCONNECT, QOS = range(1, 7)
NAMES = {REQUEST: "REQUEST", ACCEPT: "ACCEPT", REJECT: "REJECT"}
NAMES |= {DATA: "DATA", DISCONNECT: "DISCONNECT", QOS: "QOS"}
END_OF_MESSAGE = 1
REFUSED, QUEUE_FULL, LISTENER_GONE = 1, 2, 3


@dataclass(frozen=True)
class Provider:
    number: int
    caller_data: int
    callee_data: int
    disconnect_data: int
    provider_specific: object  # None: no QOS
    messages: bool = True
    one_shot: bool = False


PROVIDERS = {
    "stream": Provider(1, 512, 512, 512, 1024, messages=False),
    "message": Provider(2, 512, 512, 512, 1024),
    "decnet": Provider(3, 16, 16, 16, None, one_shot=True),
    "tp4": Provider(4, 32, 32, 64, 0, one_shot=True),
}


class Violation(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Violation(what)


@dataclass(frozen=True)
class Frame:
    type: int
    data: bytes = b""  # user data, or disconnect data
    flags: int = 0
    reason: int = 0
    qos: object = None  # (sending, receiving, provider-specific)
    revision: int = 0


# ---- writing


def qos_value(qos):
    sending, receiving, specific = qos
    return struct.pack(">16I", *sending, *receiving) + specific


def item(number, value):
    return struct.pack(">BBH", number, 0, len(value)) + value


def body_of(frame, provider):
    if frame.type in (DATA, DISCONNECT):
        return frame.data
    if frame.type == QOS:
        return struct.pack(">I", frame.revision) + qos_value(frame.qos)
    body = b"WS2C" + bytes([1, provider.number])
    if frame.type == REJECT:
        return body + bytes([frame.reason])
    if frame.data:
        body += item(1, frame.data)
    if frame.qos is not None:
        body += item(2, qos_value(frame.qos))
    return body


def encode(frame, provider):
    body = body_of(frame, provider)
    return struct.pack(">BBHI", frame.type, frame.flags, 0, len(body)) + body


# ---- reading


def bounds(kind, flags, provider):
    """Shortest and longest body."""
    specific = provider.provider_specific
    qos_item = 0 if specific is None else 4 + 64 + specific
    return {
        REQUEST: (6, 6 + 4 + provider.caller_data + qos_item),
        ACCEPT: (6, 6 + 4 + provider.callee_data + qos_item),
        REJECT: (7, 7),
        DATA: (0 if flags & END_OF_MESSAGE else 1, 65536),
        DISCONNECT: (0, provider.disconnect_data),
        QOS: (68, 68 + (specific or 0)),
    }[kind]


def read_header(octets, provider):
    """Type, flags and length, judged before the body is there."""
    kind, flags, reserved, length = struct.unpack(">BBHI", octets)
    require(kind in NAMES, f"type {kind}")
    require(kind != QOS or provider.provider_specific is not None, "QOS")
    allowed = END_OF_MESSAGE if kind == DATA and provider.messages else 0
    require(flags & ~allowed == 0, f"flags {flags}")
    require(reserved == 0, "reserved")
    shortest, longest = bounds(kind, flags, provider)
    require(shortest <= length <= longest, f"{NAMES[kind]} of {length} octets")
    return kind, flags, length


def read_qos(value, provider):
    require(provider.provider_specific is not None, "QOS")
    require(64 <= len(value) <= 64 + provider.provider_specific, "size of a QOS")
    numbers = struct.unpack(">16I", value[:64])
    return numbers[:8], numbers[8:], value[64:]


def read_items(octets, limit, provider):
    data, qos, before = b"", None, 0
    while octets:
        require(len(octets) >= 4, "half an item")
        number, reserved, length = struct.unpack(">BBH", octets[:4])
        require(reserved == 0 and before < number, "item")
        require(4 + length <= len(octets), "an item beyond the body")
        value, octets, before = octets[4 : 4 + length], octets[4 + length :], number
        if number == 1:
            require(1 <= length <= limit, "size of user data")
            data = value
        else:
            require(number == 2, "unknown item")
            qos = read_qos(value, provider)
    return data, qos


def read_body(kind, flags, body, provider):
    if kind in (DATA, DISCONNECT):
        return Frame(kind, body, flags)
    if kind == QOS:
        revision = struct.unpack(">I", body[:4])[0]
        return Frame(kind, revision=revision, qos=read_qos(body[4:], provider))
    require(body[:4] == b"WS2C", "magic")
    require(body[4] == 1, "version")
    require(body[5] == provider.number, "provider")
    if kind == REJECT:
        require(body[6] in (REFUSED, QUEUE_FULL, LISTENER_GONE), "reason")
        return Frame(kind, reason=body[6])
    limit = provider.caller_data if kind == REQUEST else provider.callee_data
    data, qos = read_items(body[6:], limit, provider)
    return Frame(kind, data, qos=qos)


class Reader:
    """Takes octets however they are cut, and keeps the frames that are whole."""

    def __init__(self, provider):
        self.provider = provider
        self.frames = []
        self._octets = b""

    def feed(self, octets):
        self._octets += octets
        while len(self._octets) >= 8:
            kind, flags, length = read_header(self._octets[:8], self.provider)
            if len(self._octets) < 8 + length:
                return
            body = self._octets[8 : 8 + length]
            self._octets = self._octets[8 + length :]
            self.frames.append(read_body(kind, flags, body, self.provider))

    def is_between_frames(self):
        return not self._octets


def read_direction(octets, provider, is_caller):
    """All frames of one direction that ended gracefully, or with a REJECT; checks their order."""
    reader = Reader(provider)
    reader.feed(octets)
    require(reader.is_between_frames(), "ends inside a frame")
    frames = reader.frames
    kinds = [frame.type for frame in frames]
    if not is_caller and kinds == [REJECT]:
        return frames
    require(kinds and kinds[0] == (REQUEST if is_caller else ACCEPT), "first frame")
    if is_caller and len(kinds) == 1:
        return frames  # refused
    require(kinds[-1] == DISCONNECT, "no DISCONNECT at the end")
    require(all(kind in (DATA, QOS) for kind in kinds[1:-1]), "order of frames")
    messages(frames, provider)
    return frames


def messages(frames, provider):
    """The user data: of a stream in one piece, else message by message."""
    data = [frame for frame in frames if frame.type == DATA]
    if not provider.messages:
        return b"".join(frame.data for frame in data)
    whole, begun = [], b""
    for frame in data:
        begun += frame.data
        require(len(begun) <= 65536, "a message that is too long")
        if frame.flags & END_OF_MESSAGE:
            whole.append(begun)
            begun = b""
    require(not begun, "an unfinished message")
    return whole
