"""How far compressed data reaches, found without ever holding more than a piece of it.

Knows the filters of PDF streams and the budgets they must keep; decides nothing about files but that they are too
complex.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from adapters.limits import refuse

STREAM_BUDGET = 64 << 20
MOST_FILTERS = 4
WHOLE_IMAGES = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"})
_MOST_LZW_BYTES = 2 << 20


def inflated_size(data: bytes, start: int, most: int) -> int:
    """How far the stream at `start` inflates, deflate within deflate included; at most `most` + 1 MB is counted."""
    if not _looks_deflated(data[start : start + 2]):
        return 0
    layers: list[zlib._Decompress] = [zlib.decompressobj()]
    size, position = 0, start
    try:
        while not layers[0].eof and position < len(data):
            piece = layers[0].decompress(data[position : position + 65_536], 1 << 20)
            while True:
                size += len(piece)
                if size > most:
                    return size
                size += _inner(layers, piece, most - size)
                if size > most:
                    return size
                if not layers[0].unconsumed_tail:
                    break
                piece = layers[0].decompress(layers[0].unconsumed_tail, 1 << 20)
            position += 65_536
    except zlib.error:
        return size
    return size


def _inner(layers: list[zlib._Decompress], piece: bytes, most: int) -> int:
    """Follow deflate inside deflate for as long as each layer's output is itself deflated."""
    size = 0
    for depth in range(1, MOST_FILTERS + 1):
        if len(layers) == depth:
            if not _looks_deflated(piece[:2]):
                return size
            layers.append(zlib.decompressobj())
        output = bytearray()
        try:
            rest = piece
            while rest and not layers[depth].eof:
                part = layers[depth].decompress(rest, 1 << 20)
                size += len(part)
                output += part[: max(0, (1 << 20) - len(output))]
                if size > most:
                    return size
                rest = layers[depth].unconsumed_tail
        except zlib.error:
            return size
        piece = bytes(output)
        if not piece:
            return size
    return size


def _looks_deflated(start: bytes) -> bool:
    return len(start) == 2 and start[0] & 0x0F == 8 and start[0] >> 4 <= 7 and int.from_bytes(start, "big") % 31 == 0


def decode_bounded(raw: bytes, names: list[str]) -> None:
    """Run a filter chain within the stream's budget; what cannot be decoded is left to the renderer's limits."""
    for name in names:
        if name in WHOLE_IMAGES:
            return
        try:
            if name == "/FlateDecode":
                raw = _inflate_bounded(raw)
            elif name == "/ASCIIHexDecode":
                digits = re.sub(rb"[^0-9A-Fa-f]", b"", raw.split(b">")[0])
                raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
            elif name == "/ASCII85Decode":
                raw = base64.a85decode(raw.split(b"~>")[0].strip())
            elif name == "/RunLengthDecode":
                raw = _unpack_runs(raw)
            elif name == "/LZWDecode":
                if len(raw) > _MOST_LZW_BYTES or _lzw_size(raw) > STREAM_BUDGET:
                    raise refuse("file-too-complex")
                return
            else:
                return
        except (zlib.error, ValueError, binascii.Error):
            return


def _inflate_bounded(raw: bytes) -> bytes:
    data = zlib.decompressobj().decompress(raw, STREAM_BUDGET + 1)
    if len(data) > STREAM_BUDGET:
        raise refuse("file-too-complex")
    return data


def _unpack_runs(raw: bytes) -> bytes:
    if len(raw) * 64 > STREAM_BUDGET * 4:
        raise refuse("file-too-complex")
    out, position = bytearray(), 0
    while position < len(raw) and raw[position] != 128:
        length = raw[position]
        if length < 128:
            out += raw[position + 1 : position + 2 + length]
            position += length + 2
        else:
            out += raw[position + 1 : position + 2] * (257 - length)
            position += 2
        if len(out) > STREAM_BUDGET:
            raise refuse("file-too-complex")
    return bytes(out)


def _lzw_size(raw: bytes) -> int:
    """The length LZW data unpacks to, following only the lengths of its table's entries."""
    lengths: list[int] = []
    bits, size, width, buffer, last = 0, 0, 9, 0, 0
    for byte in raw:
        buffer = (buffer << 8 | byte) & 0xFFFFFF
        bits += 8
        if bits < width:
            continue
        code = buffer >> (bits - width) & ((1 << width) - 1)
        bits -= width
        if code == 257:
            break
        if code == 256:
            lengths, width, last = [], 9, 0
            continue
        index = code - 258
        length = 1 if code < 256 else lengths[index] if index < len(lengths) else last + 1
        size += length
        if size > STREAM_BUDGET:
            break
        if last:
            lengths.append(last + 1)
        last = length
        filled = 258 + len(lengths) + 1
        width = 12 if filled >= 2048 else 11 if filled >= 1024 else 10 if filled >= 512 else 9
    return size
