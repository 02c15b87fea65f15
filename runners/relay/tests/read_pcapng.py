"""Reads pcapng files and the TCP in them, from the specifications alone: draft-ietf-opsawg-pcapng, RFC 791,
RFC 8200 and RFC 9293. Strict: whatever is not as it must be is a ValueError."""

import dataclasses
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


@dataclasses.dataclass
class Interface:
    link_type: int
    name: str
    ticks_per_second: int


@dataclasses.dataclass
class Packet:
    interface: Interface
    time: float
    octets: bytes
    comments: list


@dataclasses.dataclass
class Segment:
    packet: Packet
    source: tuple
    destination: tuple
    sequence: int
    acknowledgement: int
    flags: int
    payload: bytes


def need(condition, what):
    if not condition:
        raise ValueError(what)


def blocks(data):
    """(type, body, byte order) of every block of the file."""
    at, order = 0, None
    while at < len(data):
        need(len(data) - at >= 12, "a block is cut short")
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            magic = data[at + 8 : at + 12]
            order = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}.get(magic)
            need(order, "no byte-order magic")
        need(order, "the file does not begin with a section header")
        kind, length = struct.unpack_from(order + "II", data, at)
        need(length % 4 == 0 and 12 <= length <= len(data) - at, "a block of a wrong length")
        (again,) = struct.unpack_from(order + "I", data, at + length - 4)
        need(again == length, "a block's two lengths differ")
        yield kind, data[at + 8 : at + length - 4], order
        at += length


def options(data, order):
    found, at = [], 0
    while at < len(data):
        need(len(data) - at >= 4, "an option is cut short")
        code, length = struct.unpack_from(order + "HH", data, at)
        at += 4
        if code == 0:
            need(length == 0 and at == len(data), "something follows the end of options")
            return found
        need(at + length <= len(data), "an option is longer than its block")
        found.append((code, data[at : at + length]))
        padded = -(-length // 4) * 4
        need(not any(data[at + length : at + padded]), "padding is not zero")
        at += padded
    need(not found, "options without an end")
    return found


def packets(path):
    with open(path, "rb") as file:
        data = file.read()
    interfaces = []
    for kind, body, order in blocks(data):
        if kind == 0x0A0D0D0A:
            major, minor = struct.unpack_from(order + "HH", body, 4)
            need((major, minor) == (1, 0), "an unknown version")
            options(body[16:], order)
            interfaces = []
        elif kind == 1:
            link_type, _, _ = struct.unpack_from(order + "HHI", body)
            its = dict(options(body[8:], order))
            resolution = its.get(9, b"\x06")[0]
            need(resolution < 0x80, "a resolution in powers of two")
            interfaces.append(Interface(link_type, its.get(2, b"").decode(), 10**resolution))
        elif kind == 6:
            number, high, low, captured, length = struct.unpack_from(order + "IIIII", body)
            need(number < len(interfaces), "a packet of no interface")
            need(captured <= length and 20 + captured <= len(body), "a packet of a wrong length")
            interface = interfaces[number]
            padded = -(-captured // 4) * 4
            comments = [text.decode() for code, text in options(body[20 + padded :], order) if code == 1]
            time = (high << 32 | low) / interface.ticks_per_second
            yield Packet(interface, time, body[20 : 20 + captured], comments)
        else:
            raise ValueError(f"a block of type {kind}")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def segment(packet):
    need(packet.interface.link_type == 101, "the link type is not raw IP")
    octets = packet.octets
    if octets[0] >> 4 == 4:
        need(octets[0] == 0x45 and octets[9] == 6, "no plain IPv4 header with TCP behind it")
        need(struct.unpack_from("!H", octets, 2)[0] == len(octets), "the IPv4 length is wrong")
        need(checksum(octets[:20]) == 0xFFFF, "the IPv4 checksum is wrong")
        ends, tcp = (octets[12:16], octets[16:20]), octets[20:]
        pseudo = octets[12:20] + struct.pack("!HH", 6, len(tcp))
    else:
        need(octets[0] >> 4 == 6 and octets[6] == 6, "no IPv6 header with TCP behind it")
        need(struct.unpack_from("!H", octets, 4)[0] == len(octets) - 40, "the IPv6 length is wrong")
        ends, tcp = (octets[8:24], octets[24:40]), octets[40:]
        pseudo = octets[8:40] + struct.pack("!II", len(tcp), 6)
    need(checksum(pseudo + tcp) == 0xFFFF, "the TCP checksum is wrong")
    source, destination, sequence, acknowledgement, offset_flags = struct.unpack_from("!HHIIH", tcp)
    header = (offset_flags >> 12) * 4
    return Segment(
        packet,
        (str(ipaddress.ip_address(ends[0])), source),
        (str(ipaddress.ip_address(ends[1])), destination),
        sequence,
        acknowledgement,
        offset_flags & 0x1FF,
        tcp[header:],
    )


class Connection:
    """One TCP connection, followed from its SYN: sequence numbers must be right all along."""

    def __init__(self, syn):
        need(syn.flags == SYN and not syn.payload, "a connection does not begin with a SYN")
        self.caller, self.callee = syn.source, syn.destination
        self.comments = syn.packet.comments
        self.interface = syn.packet.interface.name
        self.octets = {self.caller: b"", self.callee: b""}
        self.next = {self.caller: syn.sequence + 1, self.callee: None}
        self.ends = []  # (who, "FIN" or "RST"), in order

    def add(self, piece):
        who, other = piece.source, piece.destination
        if self.next[who] is None:
            need(piece.flags in (SYN | ACK, RST | ACK), "the answer to a SYN is neither SYN nor RST")
            self.next[who] = piece.sequence + (1 if piece.flags & SYN else 0)
        else:
            need(not piece.flags & SYN, "a second SYN")
            need(piece.sequence == self.next[who], "a wrong sequence number")
        need(piece.flags & ACK and piece.acknowledgement == self.next[other], "a wrong acknowledgement")
        need((who, "FIN") not in self.ends or not piece.payload, "octets after the FIN")
        need(all(end != "RST" for _, end in self.ends), "something after a reset")
        self.octets[who] += piece.payload
        self.next[who] += len(piece.payload)
        if piece.flags & FIN:
            self.next[who] += 1
            self.ends.append((who, "FIN"))
        if piece.flags & RST:
            self.ends.append((who, "RST"))


def connections(path):
    """The TCP connections of a file, in the order in which they began."""
    found, latest, time = [], {}, 0
    for packet in packets(path):
        need(packet.time >= time, "time goes backwards")
        time = packet.time
        piece = segment(packet)
        key = frozenset((piece.source, piece.destination))
        if piece.flags == SYN:
            latest[key] = Connection(piece)
            found.append(latest[key])
        else:
            need(key in latest, "a segment of no connection")
            latest[key].add(piece)
    return found
