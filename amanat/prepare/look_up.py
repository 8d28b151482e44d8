"""The real DNS, real TLS and amanat's own files, as `World` wants them. Whatever does not answer is `failed`, with the reason."""

import socket
import ssl
from datetime import datetime, timezone
from pathlib import Path

from amanat.prepare.world import Answer, Handshake, Own

_SECONDS = 4.0


class SystemDns:
    """Asks the resolvers of this machine."""

    def __init__(self) -> None:
        import dns.resolver

        self._why = ""
        try:
            self._resolver = dns.resolver.Resolver()
            self._resolver.lifetime = _SECONDS
        except (dns.resolver.NoResolverConfiguration, OSError):
            self._why = "this machine has no resolver"

    def txt(self, name: str) -> Answer:
        return self._ask(name, "TXT")

    def exists(self, name: str) -> Answer:
        return self._ask(name, "SOA")

    def _ask(self, name: str, kind: str) -> Answer:
        import dns.exception
        import dns.resolver

        if self._why:
            return Answer("failed", why=self._why)
        try:
            found = self._resolver.resolve(name, kind)
        except dns.resolver.NXDOMAIN:
            return Answer("no such name")
        except dns.resolver.NoAnswer:
            return Answer("empty")
        except dns.exception.Timeout:
            self._why = "timed out"  # without a network every further question would wait as long
            return Answer("failed", why="timed out")
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            return Answer("failed", why=type(error).__name__)
        return Answer("found", tuple(_text(record) for record in found))


def _text(record: object) -> str:
    pieces = getattr(record, "strings", None)
    return b"".join(pieces).decode("utf-8", "replace") if pieces is not None else str(record)


def handshake(host: str, *, port: int = 443) -> Handshake:
    """A TLS connection as a browser makes it: the certificate's chain, name and dates are checked, nothing older than TLS 1.2 is spoken."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as raw, context.wrap_socket(raw, server_hostname=host) as connection:
            certificate = connection.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Handshake("refused", why=error.verify_message or "the certificate does not hold")
    except ssl.SSLError as error:
        return Handshake("refused", why=(error.reason or "no common version of TLS").replace("_", " ").lower())
    except TimeoutError:
        return Handshake("failed", why="timed out")
    except OSError as error:
        return Handshake("failed", why=error.strerror or type(error).__name__)
    until = str(certificate.get("notAfter", ""))
    return Handshake("ok", datetime.fromtimestamp(ssl.cert_time_to_seconds(until), timezone.utc) if until else None)


def own_files(*, key_file: Path, backup_folder: Path | None, n_staff: int | None = None, n_without_second_factor: int | None = None) -> Own:
    """amanat's key file and the newest copy of its data; who has a second factor is known to the web only."""
    newest, has_folder = None, None
    if backup_folder is not None:
        files = [path for path in backup_folder.rglob("*") if path.is_file() and path.stat().st_size] if backup_folder.is_dir() else []
        has_folder = bool(files)
        if files:
            newest = datetime.fromtimestamp(max(path.stat().st_mtime for path in files), timezone.utc)
    return Own(
        n_staff=n_staff,
        n_without_second_factor=n_without_second_factor,
        has_key_file=key_file.is_file(),
        key_file_mode=key_file.stat().st_mode & 0o777 if key_file.is_file() else None,
        newest_backup_at=newest,
        has_backup_folder=has_folder,
    )
