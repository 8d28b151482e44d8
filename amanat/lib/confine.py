"""Confinement of a process on Linux: what it may still do after it has taken a hostile file in hand.

Each belt is tried on its own and answers whether it holds, because kernels differ: old ones know no landlock, some
containers refuse namespaces. Nothing here is specific to breaches. On other systems only the limits hold.
"""

import contextlib
import ctypes
import json
import os
import platform
import resource
import signal
import struct
from functools import cache

_NEWUSER, _NEWNET, _NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_NOBODY = 65534

# What a reader needs once everything is imported: memory, threads of its libraries, and descriptors that are already open.
# Numbers for x86_64 and aarch64, from the kernel's syscall tables.
_ALLOWED = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "dup": (32, 23), "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "fcntl": (72, 25),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "sigaltstack": (131, 132),
    "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123), "restart_syscall": (219, 128), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94), "tgkill": (234, 131), "newfstatat": (262, 79),
    "set_robust_list": (273, 99), "getrandom": (318, 278), "membarrier": (324, 283), "rseq": (334, 293), "ioctl": (16, 29),
    "poll": (7, None), "ppoll": (271, 73), "prlimit64": (302, 261), "getcwd": (79, 17), "set_tid_address": (218, 96),
}  # fmt: skip
_CLONE = (56, 220)
_CLONE3 = 435
_THREAD = 0x00010000  # CLONE_THREAD


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


# An environment with nothing of ours (database, keys) in it, and one thread for each library.
CLEAN_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "MALLOC_ARENA_MAX": "2",
}


def belts() -> dict[str, bool]:
    """Gives up privileges, files and most system calls for good; which of the three hold."""
    return {"no privileges": no_privileges(), "no files": no_files(), "few system calls": few_calls()}


def belts_that_hold() -> dict[str, bool]:
    """Which limits and belts hold on this kernel, found out in a child that does nothing else."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(into, json.dumps({"limits": limits(memory_bytes=1 << 30, cpu_seconds=10), **belts()}).encode())
        os._exit(0)
    os.close(into)
    told = os.read(out, 4096)
    os.close(out)
    os.waitpid(child, 0)
    return dict(json.loads(told)) if told else {}


def how_ended(status: int) -> str:
    """What `waitpid` says of a child, in a word: "exit 0", "signal 9"."""
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"


_NOT_TEXT = {"aliases", "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "undefined", "idna", "punycode"}


def import_codecs() -> None:
    """Every encoding of Python, used once: behind the belts none could be opened any more."""
    import encodings
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in {"mbcs", "oem", "cp65001"}:
            with contextlib.suppress(ImportError):
                importlib.import_module(f"encodings.{module.name}")
                "".encode(module.name) if module.name not in _NOT_TEXT else None


def no_network() -> bool:
    """Leaves every network behind; call it while the process has one thread. True if it holds."""
    if platform.system() != "Linux":
        return False
    libc = _libc()
    return libc.unshare(_NEWNET | _NEWIPC) == 0 or libc.unshare(_NEWUSER | _NEWNET | _NEWIPC) == 0


def limits(*, memory_bytes: int, cpu_seconds: int, more_cpu_seconds: int = 2) -> bool:
    """Caps on memory beyond what is mapped now, on CPU time, and on files (none may be written, few be open, no core dump).

    `more_cpu_seconds` is how far the process may raise its own limit of CPU time.
    """
    with contextlib.suppress(OSError), open("/proc/self/statm", encoding="ascii") as statm:
        memory_bytes += int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu_seconds = int(cpu_seconds + sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + max(more_cpu_seconds, 2)))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    return True


def no_privileges() -> bool:
    """Root becomes nobody; nobody can gain privileges again, and the process dies with its parent."""
    libc = _libc()
    parent = os.getppid()
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        except OSError:
            return False  # inside a user namespace that maps only us
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user id would have cleared it
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # the parent died before the line above took effect
    return bool(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def no_files() -> bool:
    """Landlock without a single rule: no path can be opened, made, run or removed. True if it holds."""
    if platform.system() != "Linux":
        return False
    libc = _libc()
    version = libc.syscall(444, None, 0, 1)
    if version < 1:
        return False
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network = 0b11 if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0
    handled = struct.pack("QQQ", files, network, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(444, handled, len(handled), 0)
    if rules < 0:
        return False
    held = libc.syscall(446, rules, 0) == 0
    os.close(rules)
    return bool(held)


def few_calls() -> bool:
    """Seccomp: only the system calls in the list above; all others fail with "not permitted". True if it holds."""
    column = {"x86_64": 0, "aarch64": 1}.get(platform.machine())
    if platform.system() != "Linux" or column is None:
        return False
    # CPython's own start-up calls are over; prctl is not in the list, so the filter cannot be changed again.
    program = _program(column)
    code = ctypes.create_string_buffer(program, len(program))

    class _Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    whole = _Filter(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    return bool(_libc().prctl(_PR_SET_SECCOMP, 2, ctypes.byref(whole), 0, 0) == 0)


@cache
def _program(column: int) -> bytes:
    """The filter in classic BPF: wrong architecture dies, listed calls pass, threads pass, the rest is refused."""
    architecture = (0xC000003E, 0xC00000B7)[column]
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    allow, die, refuse, unknown = 0x7FFF0000, 0x80000000, 0x00050000 | 1, 0x00050000 | 38
    lines: list[tuple[int, int, int, int]] = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, die), (load, 0, 0, 0)]
    for number in (pair[column] for pair in _ALLOWED.values()):
        if number is not None:
            lines += [(equal, 0, 1, number), (answer, 0, 0, allow)]
    # glibc makes threads by clone when clone3 is "unknown"; clone itself passes only for threads, never for processes.
    lines += [(equal, 0, 1, _CLONE3), (answer, 0, 0, unknown), (equal, 0, 3, _CLONE[column]), (load, 0, 0, 16)]
    lines += [(any_bit, 0, 1, _THREAD), (answer, 0, 0, allow), (answer, 0, 0, refuse)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
