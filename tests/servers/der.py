# SPDX-License-Identifier: Apache-2.0
# DER by hand, as little as the authorities of tests/servers need.


def tlv(tag, *parts):
    body = b''.join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, 'big') + body


def seq(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, 'big'))


def octets(value):
    return tlv(4, value)


def bits(value):
    return tlv(3, b'\0' + value)


def oid(dotted):
    arcs = [int(x) for x in dotted.split('.')]
    arcs = [arcs[0] * 40 + arcs[1]] + arcs[2:]
    out = b''
    for arc in arcs:
        part = bytes([arc & 127])
        while arc > 127:
            arc >>= 7
            part = bytes([arc & 127 | 128]) + part
        out += part
    return tlv(6, out)


def null():
    return tlv(5)


def generalized(text):
    return tlv(0x18, text.encode())


def utf8(text):
    return tlv(0x0c, text.encode())


def read(data, at=0):
    """(tag, content, whole, where the next begins)"""
    tag, size, start = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7f
        size = int.from_bytes(data[start:start + count], 'big')
        start += count
    end = start + size
    if end > len(data):
        raise ValueError('cut short')
    return tag, data[start:end], data[at:end], end


def elements(data):
    """The elements inside: (tag, content, whole), ..."""
    out, at = [], 0
    while at < len(data):
        tag, content, whole, at = read(data, at)
        out.append((tag, content, whole))
    return out


def inside(data):
    return elements(read(data)[1])
