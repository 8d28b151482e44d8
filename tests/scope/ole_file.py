"""A small OLE container from its streams, as older Office and Outlook write it ([MS-CFB]); sectors of 512 bytes, small streams in the mini stream."""

import struct

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """The container; names with slashes lie in storages."""
    entries: list[tuple[str, int, int, bytes]] = [("Root Entry", 5, -1, b"")]  # name, type, parent, content
    at: dict[str, int] = {"": 0}
    for path, content in streams.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in at:
                at[folder] = len(entries)
                entries.append((parts[depth - 1], 1, at["/".join(parts[: depth - 1])], b""))
        entries.append((parts[-1], 2, at["/".join(parts[:-1])], content))
    sectors: list[bytes] = []
    chains: list[int] = []

    def place(content: bytes) -> int:
        if not content:
            return _END
        begin = len(sectors)
        for offset in range(0, len(content), 512):
            sectors.append(content[offset : offset + 512].ljust(512, b"\0"))
            chains.append(len(sectors))
        chains[-1] = _END
        return begin

    mini, mini_fat, starts = b"", [], []
    for *_, content in entries:
        if 0 < len(content) < 4096:
            begin = len(mini_fat)
            n = -(-len(content) // 64)
            mini += content.ljust(64 * n, b"\0")
            mini_fat += [*range(begin + 1, begin + n), _END]
            starts.append(begin)
        else:
            starts.append(place(content))
    starts[0] = place(mini)
    mini_fat += [_FREE] * (-len(mini_fat) % 128)
    mini_fat_at = place(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    directory = b""
    for number, (name, kind, _, content) in enumerate(entries):
        below = [i for i, entry in enumerate(entries) if entry[2] == number]
        siblings = [i for i, entry in enumerate(entries) if entry[2] == entries[number][2] and i > number]
        # Siblings hang on one another's right side: a tree that is a list is a tree too.
        right = siblings[0] if siblings and number else _FREE
        wide = name.encode("utf-16-le")
        directory += wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide) + 2, kind, 1, _FREE, right, below[0] if below else _FREE)
        directory += bytes(36) + struct.pack("<IQ", starts[number] if kind != 1 else 0, len(content) if number else len(mini))
    directory_at = place(directory)
    n_fat = 1
    while n_fat * 128 < len(sectors) + n_fat:
        n_fat += 1
    fat_at = len(sectors)
    fat = [*chains, *[_FAT] * n_fat]
    fat += [_FREE] * (n_fat * 128 - len(fat))
    sectors += [struct.pack("<128I", *fat[i * 128 : i * 128 + 128]) for i in range(n_fat)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, n_fat, directory_at, 0, 4096, mini_fat_at, len(mini_fat) // 128, _END, 0)
    head += struct.pack("<109I", *range(fat_at, fat_at + n_fat), *[_FREE] * (109 - n_fat))
    return head.ljust(512, b"\0") + b"".join(sectors)


def msg(properties: dict[int, str | bytes], *, recipients: list[dict[int, str | int]] = (), attachments: list[dict[int, str | bytes]] = ()) -> bytes:  # type: ignore[assignment]
    """An Outlook message ([MS-OXMSG]) from its properties."""
    streams: dict[str, bytes] = {"__nameid_version1.0/__substg1.0_00020102": b"", "__properties_version1.0": bytes(32)}

    def add(where: str, found: dict[int, object], n_header: int) -> None:
        fixed = bytes(n_header)
        for tag, value in found.items():
            if isinstance(value, str):
                streams[f"{where}__substg1.0_{tag:04X}001F"] = value.encode("utf-16-le")
            elif isinstance(value, bytes):
                streams[f"{where}__substg1.0_{tag:04X}0102"] = value
            else:
                fixed += struct.pack("<HHIq", 3, tag, 6, value)
        streams[f"{where}__properties_version1.0"] = fixed

    add("", dict(properties), 32)
    for number, one in enumerate(recipients):
        add(f"__recip_version1.0_#{number:08X}/", dict(one), 8)
    for number, one in enumerate(attachments):
        add(f"__attach_version1.0_#{number:08X}/", dict(one), 8)
    return ole(streams)


def doc(text: str) -> bytes:
    """A document of Word 97 ([MS-DOC]): its first half in narrow letters, its second in wide ones."""
    half = len(text) // 2
    narrow, wide = text[:half].encode("cp1252"), text[half:].encode("utf-16-le")
    main = bytearray(1024)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 10, 0x0200)
    at_narrow, at_wide = 1024, 1024 + len(narrow) + len(narrow) % 2
    pieces = struct.pack("<III", 0, half, len(text))
    pieces += struct.pack("<HIH", 0, at_narrow * 2 | 0x40000000, 0) + struct.pack("<HIH", 0, at_wide, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", main, 0x01A2, 16, len(table))
    return ole({"WordDocument": bytes(main) + narrow.ljust(at_wide - at_narrow, b"\0") + wide, "1Table": bytes(16) + table})


def ppt(*slides: list[str]) -> bytes:
    """A presentation of PowerPoint 97 ([MS-PPT]): a slide for each list of texts."""
    stream = b""
    for texts in slides:
        atoms = b""
        for text in texts:
            is_narrow = text.isascii()
            data = text.encode("latin-1" if is_narrow else "utf-16-le")
            atoms += struct.pack("<HHI", 0, 0x0FA8 if is_narrow else 0x0FA0, len(data)) + data
        stream += struct.pack("<HHI", 0xF, 0x03EE, len(atoms)) + atoms
    return ole({"PowerPoint Document": stream, "Current User": bytes(40)})
