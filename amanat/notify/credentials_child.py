"""The confined process that opens one picture or film from anywhere and says what its C2PA manifest says.

Started by `content_credentials`; the file is its standard input. It can open no path, reach no network and start nothing.
"""

import contextlib
import io
import json
import os
import sys

from amanat.lib import confine

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
TEXT_MAX = 200


def main() -> None:
    """`python -m amanat.notify.credentials_child TYPE SIZE_MAX`, with the certificates in the first line that the parent sends."""
    kind, size_max = sys.argv[1], int(sys.argv[2])
    try:
        import c2pa
    except ImportError:
        _answer({"state": "no_reader"})
        return
    n_certificates = int(sys.stdin.buffer.readline())
    certificates = sys.stdin.buffer.read(n_certificates).decode()
    content = sys.stdin.buffer.read(size_max + 1)
    if len(content) > size_max:
        _answer({"state": "too_large"})
        return
    # What is given as trusted is trusted alone; nothing is asked over the net, and no list of the library's is used.
    trust = {"trust_anchors": certificates, "allowed_list": certificates} if certificates else {}
    asks = {"verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}, "trust": trust}
    context = c2pa.Context(c2pa.Settings.from_json(json.dumps(asks)))
    with contextlib.suppress(c2pa.C2paError):
        c2pa.Reader(
            "image/jpeg", io.BytesIO(b"\xff\xd8\xff\xd9"), context=context
        )  # everything that is made at the first use is made before the belts
    confine.limits(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    belts = confine.belts()
    try:
        with c2pa.Reader(kind, io.BytesIO(content), context=context) as reader:
            _answer(_said(reader) | {"belts": belts})
    except c2pa.C2paError as error:
        is_without = "ManifestNotFound" in str(error) or "no JUMBF" in str(error)
        _answer({"state": "none" if is_without else "unreadable", "belts": belts})


def _said(reader: object) -> dict[str, object]:
    store = json.loads(reader.json())  # type: ignore[attr-defined]
    active = store.get("manifests", {}).get(store.get("active_manifest"), {})
    signature = active.get("signature_info", {})
    failures = sorted({str(one.get("code", ""))[:TEXT_MAX] for one in store.get("validation_status", [])})
    passed = {str(one.get("code", "")) for one in (store.get("validation_results") or {}).get("activeManifest", {}).get("success", [])}
    return {
        "is_trusted": {"signingCredential.trusted", "claimSignature.validated"} <= passed,
        "state": {"Trusted": "trusted", "Valid": "valid"}.get(str(store.get("validation_state")), "broken"),
        "signer": str(signature.get("common_name") or signature.get("issuer") or "")[:TEXT_MAX],
        "serial": str(signature.get("cert_serial_number") or "")[:TEXT_MAX],
        "at": str(signature.get("time") or "")[:TEXT_MAX],
        "failures": failures[:20],
    }


def _answer(said: dict[str, object]) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main()
